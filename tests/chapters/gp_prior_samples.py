"""What the chapter on samples from a Gaussian-process prior must keep true."""

# equivalent, waves: abs(variance[doubtful]).sum() > 1e-06 * k[0] → abs(variance[doubtful]).sum() >= 1e-06 * k[0]: no sum is just the limit
# elsewhere, figure-opening: alpha=0.2 → alpha=0.5: a narrower mixture of lengths
# elsewhere, count: 8000 → 2000: fewer curves
# elsewhere, level: 0.7 * kernels.RBF(length * np.sqrt(0.7)) + kernels.ConstantKernel(0.3) → 0.5 * kernels.RBF(length * np.sqrt(0.5)) + kernels.ConstantKernel(0.5): half of the variance becomes a level

# %% concludes: D has as many zeros as A, but more than twice its peaks
many = {
    name: [expect(kernel(x)) for expect, _ in COUNT.values()] for name, kernel in puzzle.items()
}
assert abs(many["D"][0] / many["A"][0] - 1) < 0.02
assert many["D"][1] > 2 * many["A"][1]

# here only, D has as many zeros as A, but more than twice its peaks: by Rice the factor is √(1 + 1/α), and D has α = 0.2

# %% concludes: D has more of both ends: slow waves that carry a whole curve, and fast ones that ripple it
fast, rms_d = frequency > 4 * rms_a, rms(waves_d)
assert waves_d[slow].sum() > 2 * waves_a[slow].sum()
assert waves_d[fast].sum() > 10 * waves_a[fast].sum()
# the dropped waves hold 1e-6 of the variance at most, each at the grid's highest frequency
np.testing.assert_allclose(rms_d / rms_a, 1, rtol=1e-6 * (frequency[-1] / rms_a) ** 2)

# %% concludes: In the root-mean-square they cancel: slow waves dilute it, and fast ones raise it
assert rms(waves_d * ~slow) > 1.1 * rms_d
assert rms(waves_d * (frequency <= 1)) < 0.9 * rms_d
assert set(parts) == {"A", "D", "D without slow waves", "D without f > 1"}
np.testing.assert_array_equal(parts["D without slow waves"], np.where(slow, 0, waves_d))
np.testing.assert_array_equal(parts["D without f > 1"], np.where(frequency > 1, 0, waves_d))


# %% concludes: Slow waves make curves with hardly a zero (at most three): D loses most of these without its slow waves, fewer without its fast ones
def differ(many, some, n=8000):
    return many - some > 5 * np.sqrt((many + some) / n)


assert few["D, no slow"] < few["D"] / 2
assert differ(few["D"], few["D, no slow"])
assert differ(few["D, no fast"], few["D, no slow"])
assert differ(few["D"], few["A"])
np.testing.assert_array_equal(changed["D, no fast"], np.where(frequency > 1, 0, waves_d))
window = 10 * rms_a / rms(changed["D, no slow"])
assert not changed["D, no slow"][frequency < 1 / window].any()
assert abs(zeros_of["D, no slow"].mean() / zeros_of["A"].mean() - 1) < 0.03

# %% concludes: A gains many by the constant
assert few["A, lifted"] > 5 * few["A"]
assert few["A, lifted"] - few["A"] > 5 * np.sqrt((few["A, lifted"] + few["A"]) / 8000)
assert abs(zeros_of["A, lifted"].mean() / zeros_of["A"].mean() - 1) < 0.03

# %% concludes: A strong band at 0.13, of waves a little shorter than the window, makes more of them than D
more, less = few["bands, 0.13"], few["D"]
assert more - less > 5 * np.sqrt((more + less) / 8000)
assert changed["bands, 0.13"][slow].sum() < 0.01
np.testing.assert_allclose(rms(changed["bands, 0.13"]), rms_a, rtol=0.01)

# %% concludes: part of D's spread stays, and the bands at 0.3 spread more widely than A with hardly one such curve
spread = {name: zeros.std() for name, zeros in zeros_of.items()}
chance = 1 + 5 / np.sqrt(2 * 8000)  # 5 of a deviation's standard errors, about 1/√2n each
assert spread["D"] > spread["D, no slow"] * chance
assert spread["D, no slow"] > spread["A"] * chance
assert changed["bands, 0.3"][slow].sum() < 1e-6
assert spread["bands, 0.3"] > 1.25 * spread["A"]
assert few["bands, 0.3"] < 0.001
np.testing.assert_allclose(rms(changed["bands, 0.3"]), rms_a, rtol=0.01)

# %% concludes: In several dimensions, of which the forum's answer speaks too, both formulas hold along any straight line: there a stationary process is one-dimensional, with the kernel at that line's lags
# a length for each direction; along (3, 4)/5 they act as one
lengths, way = np.array([0.3, 0.6]), np.array([0.6, 0.8])
along = kernels.RBF(lengths)(np.linspace(-5, 5, 3000)[:, None] * way)
one = 1 / np.linalg.norm(way / lengths)
rice = 10 / np.pi / one, 5 / np.pi * np.sqrt(3) / one
np.testing.assert_allclose([expect(along) for expect, _ in COUNT.values()], rice, rtol=2e-3)
plane = np.linspace(-5, 5, 300)[:, None] * way + np.array([20.0, -7.0])
f = draw(puzzle["D"](plane), 4000, np.random.default_rng(5))
for expected, count in zip(on_grid(puzzle["D"], 300), (count_zeros, count_peaks), strict=True):
    assert compare(expected, count(f))[2] < 5

# %% concludes: From the first frame to the last the peaks come down by a larger factor than the zeros
zeros, peaks = np.array([means for _, means in by_smoothness.values()]).T
assert (np.diff(zeros) < 0).all()
assert peaks[0] / peaks[-1] > 1.5 * zeros[0] / zeros[-1]

# %% concludes: The peaks move up, and the zeros spread about a mean that stays
zeros, peaks = np.array([means for _, means in by_mixture.values()]).T
np.testing.assert_allclose(zeros, zeros[0], rtol=0.02)
assert (np.diff(peaks) > 0).all()
spread = [
    count_zeros(draw(kernels.RationalQuadratic(length, a)(x), 2000, np.random.default_rng(7))).std()
    for a in (10, 0.2)
]
assert spread[1] > spread[0] * (1 + 5 / np.sqrt(2000))

# %% concludes: One summit to the eye, several to the count
assert peak.size > 1
smooth = draw(kernel_a(fine), 20, np.random.default_rng(4), jitter=1e-12)
tops = smooth[:, 100:-100].argmax(axis=1) + 100
assert all(count_peaks(f[top - 25 : top + 26]) <= 2 for f, top in zip(smooth, tops, strict=True))

# %% concludes: For A it is nearly met: hardly any curve goes out twice
most, counted = leaving["A"]
assert counted > 0.85 * most
assert (abs(curves).max(axis=1) > 3).mean() > 0.85 * most
outside = abs(curves) > 3
exits = outside[:, 0] + np.count_nonzero(np.diff(outside.astype(int), axis=1) > 0, axis=1)
assert (exits > 1).sum() < 0.15 * (exits > 0).sum()


# %% concludes: In a narrow band (here at f = 1) a curve that leaves does so again at the next wave
def exits_of(name):
    outside = abs(draw(limits[name], 4000, np.random.default_rng(2))) > 3
    exits = outside[:, 0] + np.count_nonzero(np.diff(outside.astype(int), axis=1) > 0, axis=1)
    return exits[exits > 0]


assert leaving["one band"][1] < 0.3 * leaving["one band"][0]
assert exits_of("one band").mean() > 5

# %% concludes: A rough curve of C often crosses the level again at once, on a finer grid ever more often, and there its bound is one
assert leaving["C"][1] < 0.8 * leaving["C"][0]
outside = abs(drawn["C"]) > 3
exits = outside[:, 0] + np.count_nonzero(np.diff(outside.astype(int), axis=1) > 0, axis=1)
assert (exits > 1).sum() > 0.2 * (exits > 0).sum()
assert on_grid(puzzle["C"], 30_000)[0] > 3 * on_grid(puzzle["C"], 3000)[0]
assert leaves_at_most(3, on_grid(puzzle["C"], 30_000)[0]) == 1

# %% concludes: D lies between A and these two
assert leaving["one band"][1] / leaving["one band"][0] < leaving["D"][1] / leaving["D"][0]
assert leaving["C"][1] / leaving["C"][0] < leaving["D"][1] / leaving["D"][0]
assert leaving["D"][1] / leaving["D"][0] < leaving["A"][1] / leaving["A"][0]

# %% concludes: Both wrong samplers pass
assert max(errors for errors, _, _ in blind.values()) < 5
assert blind["halved"][0] == blind["right"][0]

# %% concludes: The mean square, which should be k(0), refuses the first, and Sheppard's formula for one far pair the second
for name, refused in (("right", ()), ("halved", ("size",)), ("short circle", ("pair",))):
    _, square, unlike = blind[name]
    n = len(samplers[name])  # the mean square of one curve has the variance 2 at most
    assert (abs(square - 1) > 5 * np.sqrt(2 / n)) == ("size" in refused)
    half = np.arccos(kernel_a(x[:1], x[-1:]).item()) / np.pi
    assert (abs(unlike - half) > 5 * np.sqrt(0.25 / n)) == ("pair" in refused)
    np.testing.assert_allclose(square, (samplers[name] ** 2).mean())

# %% concludes: ten times the points need a jitter ten thousand times smaller
mixed = kernels.RationalQuadratic(length, alpha=0.2)
for kernel, fourth in ((kernel_a, 3 / length**4), (mixed, 3 * (1 + 1 / 0.2) / length**4)):
    for s in (1e-10, 1e-7):
        n = int(10 / (2 * s / fourth) ** 0.25)
        noisy = kernel + kernels.WhiteKernel(s)
        np.testing.assert_allclose(on_grid(noisy, n)[1] / on_grid(kernel, n)[1], 2, rtol=0.02)
    more = kernel + kernels.WhiteKernel(s / 1e4)
    np.testing.assert_allclose(on_grid(more, 10 * n)[1], on_grid(noisy, n)[1], rtol=0.02)

# %% concludes: A hundred curves cannot tell the two samplers by their zeros; by their peaks they do
rice = 10 / np.pi / length, 5 / np.pi * np.sqrt(3) / length
assert compare(rice[0], million["raw"][0])[2] < 5
assert million["raw"][1].mean() > 10 * rice[1]
for wanted, counted in zip(rice, million["waves"], strict=True):
    assert compare(wanted, counted)[2] < 5

# %% concludes: The peaks of the raw sampler are those that its waves predict, and over a hundred times those of kernel A
rice = 10 / np.pi / length, 5 / np.pi * np.sqrt(3) / length
predicted = expected_by_waves(np.maximum(raw, 0), 10**6)
assert compare(predicted[1], million["raw"][1])[2] < 5
assert predicted[1] > 100 * rice[1]
np.testing.assert_allclose(expected_by_waves(fine_waves, 10**6), rice, rtol=1e-5)

# %% the means by waves are those by neighbours
for kernel in (kernel_a, kernel_a + kernels.WhiteKernel(0.01), kernels.Matern(0.4, nu=2.5)):
    np.testing.assert_allclose(
        expected_by_waves(waves(kernel, 10 / 299)[1], 300), on_grid(kernel, 300), rtol=1e-6
    )

# %% concludes: In double precision, by differences, 10^{-6} is far more than needed here
assert smallest_jitter(kernel_a(x)) <= -9
assert smallest_jitter(kernel_a(x + 1000)) <= -9

# %% kernel A is the forum's, whose gamma is a squared length
np.testing.assert_allclose(forum_kernel(x, x, gamma=length**2), kernel_a(x), rtol=0, atol=1e-12)
two, three = np.arange(6.0).reshape(3, 2), np.arange(8.0).reshape(4, 2) / 3
np.testing.assert_allclose(
    forum_kernel(two, three, gamma=0.49), kernels.RBF(0.7)(two, three), rtol=0, atol=1e-12
)
assert forum_kernel(two[:1], two[1:2]) == np.exp(-8 / 0.2)


# %% the sampler's covariance is K and its jitter
class Identity:
    def standard_normal(self, shape):
        assert shape == (40, 40)
        return np.eye(40)


K = kernels.Matern(0.5, nu=1.5)(x[:40])
for jitter, f in ((1e-10, draw(K, 40, Identity())), (0.5, draw(K, 40, Identity(), 0.5))):
    np.testing.assert_allclose(f.T @ f, K + jitter * np.eye(40), rtol=0, atol=1e-13)
    np.testing.assert_allclose(np.diag(f.T @ f), 1 + jitter, rtol=0, atol=2e-14)
f = draw(7 * K, 40, Identity(), 0.5)  # jitter is relative
np.testing.assert_allclose(f.T @ f, 7 * (K + 0.5 * np.eye(40)), rtol=0, atol=1e-12)
assert np.isfinite(draw(1e6 * kernel_a(x), 2, np.random.default_rng(0))).all()
assert draw(np.eye(3), 5, np.random.default_rng(0)).shape == (5, 3)
assert draw(np.eye(1), 2, np.random.default_rng(0)).shape == (2, 1)

# %% how often signs differ, by the bivariate normal distribution
from scipy.stats import multivariate_normal

for rho in (-0.9, 0, 0.3, 0.95):
    same = 2 * multivariate_normal.cdf([0, 0], cov=[[1, rho], [rho, 1]], rng=0)
    K = np.array([[4, 2 * rho * 3], [2 * rho * 3, 9]])  # deviations 2 and 3
    np.testing.assert_allclose(expected_zeros(K), 1 - same, atol=1e-5)
np.testing.assert_allclose(expected_zeros(np.eye(3)), 1)
assert expected_zeros(np.ones((3, 3)) + 1e-17) == 0

# %% peaks by the trivariate normal distribution, and in a matrix that is not stationary
K = kernels.DotProduct(0.3)(x[:3]) * kernels.RBF(0.5)(x[:3]) + np.diag([0.1, 0.02, 0.4])
step = np.array([[-1, 1, 0], [0, 1, -1]])  # the middle above both
from scipy.stats import multivariate_normal

inside = multivariate_normal.cdf([0, 0], cov=step @ K @ step.T, rng=0)
np.testing.assert_allclose(expected_peaks(K), inside, atol=1e-5)

# %% independent values: half of the pairs, a third of the triples; a line: one zero at most, no peak
np.testing.assert_allclose(
    (expected_zeros(np.eye(301)), expected_peaks(np.eye(301))), (150, 299 / 3)
)
line = kernels.DotProduct(1.0)(x)
ends = line[0, -1] / np.sqrt(line[0, 0] * line[-1, -1])
np.testing.assert_allclose(expected_zeros(line), np.arccos(ends) / np.pi, rtol=1e-6)
assert expected_peaks(line) < 1e-3

# %% a stationary kernel's counts on a grid are those of its matrix
for kernel in (*puzzle.values(), lifted, kernel_a + kernels.WhiteKernel(1e-6)):
    for n in (3, 60, 300):
        points = np.linspace(-5, 5, n)[:, None]
        zeros, peaks = on_grid(kernel, n)
        np.testing.assert_allclose(zeros, expected_zeros(kernel(points)), rtol=1e-6)
        np.testing.assert_allclose(peaks, expected_peaks(kernel(points)), rtol=1e-5)
    half, whole = on_grid(kernel, 60, 5)[0], on_grid(kernel, 119)[0]
    np.testing.assert_allclose(half / 59, whole / 118, rtol=1e-9)
import pytest

# rounding hides the peaks of A at a million points and not at thirty thousand
zeros, peaks = on_grid(kernel_a, 10**6)
assert np.isnan(peaks)
np.testing.assert_allclose(zeros, 10 / np.pi / length, rtol=1e-3)
np.testing.assert_allclose(on_grid(kernel_a, 30_000)[1], on_grid(kernel_a, 3000)[1], rtol=1e-3)
with pytest.raises(ValueError, match="must be true"):
    on_grid(kernels.DotProduct(0.1) * kernel_a, 300)

# %% waves: their variances add to the kernel's, their cosines are the kernel
for kernel, size in (
    (kernel_a, 2**10),
    (kernels.Matern(0.4, nu=2.5), 2**11),
    (2 * kernel_a + kernels.ConstantKernel(0.3), 2**10),
):
    f, variance = waves(kernel, 0.1, size)
    assert len(f) == len(variance) == size // 2 + 1
    for h in (0, 0.1, 0.7, 5.0):
        cosines = (variance * np.cos(2 * np.pi * f * h)).sum()
        np.testing.assert_allclose(cosines, kernel([[0.0]], [[h]]).item(), atol=1e-12)
f, variance = waves(kernel_a, 10 / 299)
inner = slice(1, 400)  # the closed form of the squared exponential's density
density = 2 * length * np.sqrt(2 * np.pi) * np.exp(-2 * (np.pi * length * f) ** 2)
large = density[inner] > 1e-7
np.testing.assert_allclose((variance / f[1])[inner][large], density[inner][large], rtol=1e-6)

# %% waves: white noise is kept, what rounding left is not, and what is no kernel is refused
import pytest

_, variance = waves(kernel_a + kernels.WhiteKernel(0.5), 10 / 299)
np.testing.assert_allclose(variance.sum(), 1.5)
np.testing.assert_allclose(variance[4000:4100], 2 * 0.5 / 2**14, rtol=1e-6)
for scale in (1e-6, 1, 1e6):  # the waves that are dropped depend on no unit
    f, variance = waves(scale * kernel_a, 10 / 299)
    assert (variance >= 0).all()
    assert not variance[f > 6].any()
    assert variance[f < 2].all()
for kernel, size in ((kernels.RBF(5), 1024), (kernels.ExpSineSquared(1.0, 2.5), 2**14)):
    for scale in (1e-3, 1e3):
        with pytest.raises(ValueError, match="size must exceed"):
            waves(scale * kernel, 10 / 299, size)
_, variance = waves(kernels.ExpSineSquared(1.0, 2.5), 2.5 / 64)  # whole periods
assert 0 < (variance > 0).sum() < 33
with pytest.raises(ValueError, match="must be stationary"):
    waves(kernels.DotProduct(1.0), 10 / 299)
with pytest.raises(ValueError, match=r"size even: .*, 101"):
    waves(kernels.Matern(length, nu=0.5), 0.5, 101)
lags = 10 / 299 * np.minimum(np.arange(2**14), 2**14 - np.arange(2**14))[:, None]
raw = fft.rfft(kernels.RationalQuadratic(length, alpha=0.2)(lags, lags[:1])[:, 0]).real / 2**14
assert -1e-6 < 2 * raw[raw < 0].sum() < -1e-9  # beyond rounding, as the page says of D
rng = np.random.default_rng(0)  # a circle that is hardly large enough
for kernel in (kernels.RBF(3), kernels.RBF(1)):
    _, variance = waves(kernel, 10 / 299, 1024)
    f = np.array([draw_waves(variance, 300, rng) for _ in range(4000)])
    assert compare(expected_zeros(kernel(x)), count_zeros(f))[2] < 6
    assert compare(expected_peaks(kernel(x)), count_peaks(f))[2] < 6


# %% curves of waves have the kernel's covariance
class Basis:
    def __init__(self, column):
        self.column = column

    def standard_normal(self, shape):
        return np.eye(shape[0] * shape[1])[self.column].reshape(shape)


_, variance = waves(kernel_a, 0.1, 128)
rows = np.stack([draw_waves(variance, 30, Basis(i)) for i in range(2 * 65)])
np.testing.assert_allclose(
    rows.T @ rows, kernel_a(x[:1] + 0.1 * np.arange(30)[:, None]), atol=1e-12
)
assert draw_waves(variance, 7, np.random.default_rng(0)).shape == (7,)

# %% Rice's formulas: by moments, by closed forms, by neighbours on a fine grid
for kernel, k2, k4 in (
    (kernels.RBF(0.4), 1, 3),
    (kernels.RationalQuadratic(0.4, alpha=3), 1, 4),
    (kernels.RationalQuadratic(0.4, alpha=0.5), 1, 9),
):
    rice = 10 / np.pi * np.sqrt(k2) / 0.4, 5 / np.pi * np.sqrt(k4 / k2) / 0.4
    f, variance = waves(kernel, 10 / 999, 2**17)
    m0, m2, m4 = ((variance * f**p).sum() for p in (0, 2, 4))
    np.testing.assert_allclose(20 * np.sqrt(m2 / m0), rice[0], rtol=1e-4)
    np.testing.assert_allclose(10 * np.sqrt(m4 / m2), rice[1], rtol=1e-4)
    np.testing.assert_allclose(on_grid(kernel, 3000), rice, rtol=2e-3)
np.testing.assert_allclose(20 * rms_a, 10 / np.pi / length, rtol=1e-6)
# a moment settles on finer grids, or it does not
for name, settled in (("A", (1, 1)), ("B", (1, 0)), ("C", (0, 0)), ("D", (1, 1))):
    moments = []
    for n in (300, 3000):
        f, variance = waves(puzzle[name], 10 / (n - 1), 2**18)
        m0, m2, m4 = ((variance * f**p).sum() for p in (0, 2, 4))
        moments.append((m2 / m0, m4 / m2))
    assert (np.divide(*moments[::-1]) < 1.1).tolist() == list(map(bool, settled)), name

# %% the table: how counts grow with the points
for nu in (0.25, 0.5, 0.75, 1.25, 1.5, 1.75, 2.5):
    p, kernel = 2 * nu, kernels.Matern(length, nu=nu)
    (z1, p1), (z2, p2) = on_grid(kernel, 10_000), on_grid(kernel, 30_000)
    if p < 2:
        np.testing.assert_allclose(np.log(z2 / z1) / np.log(3), 1 - p / 2, atol=0.05)
        np.testing.assert_allclose(p2, 30_000 / 2 / np.pi * np.arccos(2 ** (p - 1) - 1), rtol=0.03)
    elif p < 4:
        np.testing.assert_allclose(z2, z1, rtol=0.02)
        np.testing.assert_allclose(np.log(p2 / p1) / np.log(3), 2 - p / 2, atol=0.05)
    else:
        np.testing.assert_allclose((z2, p2), (z1, p1), rtol=0.01)
for nu, which in ((1, 0), (2, 1)):  # squares grow by the same at each factor of ten
    squares = [on_grid(kernels.Matern(length, nu=nu), n)[which] ** 2 for n in (300, 3000, 30_000)]
    first, second = np.diff(squares)
    np.testing.assert_allclose(second / first, 1, atol=0.1)
    assert second > squares[0] / 2
# p = 2: n/peaks squared grows by (2π)² log(10)/(4 log 2) at each factor of ten
ns = np.array([3000, 30_000, 300_000])
peaks = np.array([on_grid(kernels.Matern(length, nu=1), n)[1] for n in ns])
np.testing.assert_allclose(np.diff((ns / peaks) ** 2), np.pi**2 * np.log(10) / np.log(2), rtol=0.02)
white = kernel_a + kernels.WhiteKernel(0.01)
(z1, p1), (z2, p2) = on_grid(white, 10_000), on_grid(white, 30_000)
np.testing.assert_allclose(z2 / z1, 3, rtol=0.01)
np.testing.assert_allclose(p2, 10_000, rtol=0.01)
assert z2 < 15_000
for nu in (0.75, 1.5):  # the density falls as f^(−2ν − 1)
    f, variance = waves(kernels.Matern(length, nu=nu), 1e-3, 2**15)
    at = np.searchsorted(f, (5, 10))
    slope = np.diff(np.log(variance[at])) / np.diff(np.log(f[at]))
    np.testing.assert_allclose(slope, -2 * nu - 1, atol=0.1)

# %% counts of small vectors
f = np.array([[1, -1, 2, 3, -1], [1, 2, 3, 4, 5], [-1, 0, -2, 1, 0.5]])
assert count_zeros(f).tolist() == [3, 0, 1]
assert count_peaks(f).tolist() == [1, 0, 2]
assert count_zeros(f[0]) == 3
assert count_peaks(np.array([[2, 2, 1, 0], [1, 2, 2, 1], [3, 3, 3, 3]])).tolist() == [0, 1, 0]
assert count_peaks(f.T[None]).shape == (1, 5)
assert count_zeros(np.zeros((2, 1))).tolist() == [0, 0]

# %% mean, standard error and distance
mean, error, score = compare(5.0, np.array([1, 2, 3, 6]))
np.testing.assert_allclose((mean, error), (3, np.sqrt(14 / 3) / 2))
np.testing.assert_allclose(score, 2 / error)
assert compare(1.0, np.array([1, 2, 3, 6]))[2] == score

# %% the bound on leaving ±u
from scipy.stats import norm

np.testing.assert_allclose(leaves_at_most(3, 10.0), 2 * norm.sf(3) + 10 * np.exp(-4.5))
np.testing.assert_allclose(leaves_at_most(2.5, 0.0), 2 * norm.sf(2.5))
assert leaves_at_most(0, 0) == 1
assert leaves_at_most(1, 10) == 1
for name, f in drawn.items():
    kernel = puzzle[name]
    for u in (2, 3, 3.5):
        most = leaves_at_most(u, expected_zeros(kernel(x)))
        counted = (abs(f).max(axis=1) > u).mean()
        assert counted < most + 5 * np.sqrt(most * (1 - most) / len(f)), u

# %% crossings of u on a grid, by the integral: fewer than zeros by the factor e^(−u²/2) at least
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm


def crossing(r, u):
    return np.exp(-(u**2) / (1 + r)) / 2 / np.pi / np.sqrt(1 - r**2)


for rho in (0.3, 0.9, 0.999):
    for u in (0.5, 2, 3):
        up = quad(crossing, rho, 1, args=(u,))[0]
        K = np.array([[1, rho], [rho, 1]])
        both = multivariate_normal.cdf([u, u], cov=K, rng=0)
        np.testing.assert_allclose(up, norm.cdf(u) - both, atol=2e-5)
        assert up <= expected_zeros(K) / 2 * np.exp(-(u**2) / 2)

# %% the curves of kernel A: their number, mean, variance and covariance
assert curves.shape == (20_000, len(x))
np.testing.assert_allclose(curves.mean(axis=0), 0, atol=6 / np.sqrt(20_000))
np.testing.assert_allclose((curves**2).mean(axis=0), 1, atol=6 * np.sqrt(2 / 20_000))
empirical = curves.T @ curves / len(curves)
np.testing.assert_allclose(empirical, kernel_a(x), rtol=0, atol=6 * np.sqrt(2 / 20_000))
assert len(off) == 8
assert max(off) < 5

# %% the opening figure: four kernels near lag zero, four curves in the order said
left, right = opening.axes
for line, (name, kernel) in zip(left.lines, puzzle.items(), strict=True):
    np.testing.assert_allclose(line.get_xdata().ravel(), np.linspace(0, 1, 101))
    np.testing.assert_allclose(np.ravel(line.get_ydata()), kernel([[0.0]], lag)[0])
    assert line.get_label() == name
assert "".join(order) == "BDAC"
assert right.get_yticks().tolist() == [0, -5, -10, -15]
assert [label.get_text() for label in right.get_yticklabels()] == ["1", "2", "3", "4"]
for line, (name, kernel) in zip(right.lines, puzzle.items(), strict=True):
    f = line.get_ydata()
    assert round(np.mean(f) / -5) == order.index(name)
    f = f - -5 * order.index(name)
    L = np.linalg.cholesky(kernel(x) + 1e-6 * np.eye(len(x)))
    np.testing.assert_allclose(np.linalg.solve(L, f), noise, rtol=0, atol=1e-6)
assert noise.shape == (len(x),)
assert line.get_color() == "black"

# %% ten curves: what the answer's code drew
axis = ten_curves.axes[0]
assert ten.shape == (10, len(x))
assert len(axis.lines) == 10
for line, f in zip(axis.lines, ten, strict=True):
    assert (line.get_ydata() == f).all()
assert axis.get_ylim() == (-3, 3)
assert axis.get_xlim() == (-5, 5)
K = forum_kernel(x, x)
same = draw(K, 10, np.random.default_rng(0), jitter=1e-6)
np.testing.assert_allclose(ten, same, rtol=0, atol=1e-7)

# %% the figure of pairs
from matplotlib.colors import to_rgba

for axis, steps in zip(pairs.axes, (4, 12), strict=True):
    f, g = curves[:, 150], curves[:, 150 + steps]
    dots = axis.collections[0]
    np.testing.assert_array_equal(dots.get_offsets(), np.stack([f, g], axis=1)[:2000])
    orange = (dots.get_facecolor() == to_rgba("C1")).all(axis=1)
    np.testing.assert_array_equal(orange, (f[:2000] > 0) != (g[:2000] > 0))
    share = ((f > 0) != (g > 0)).mean()
    apart = x[150 + steps, 0] - x[150, 0]
    expected_share = np.arccos(np.exp(-(apart**2) / 2 / length**2)) / np.pi
    assert axis.get_title() == f"signs differ: {share:.1%}\nexpected: {expected_share:.1%}"
    assert abs(share - expected_share) < 5 * np.sqrt(expected_share / 20_000)
    assert axis.get_xlabel() == "f(x)"
    assert axis.get_ylabel() == f"f(x + {apart:.2f})"

# %% the figure of waves: both densities, their common frequency, and slow parts
top_axis, *below = spectrum_figure.axes
for line, variance in zip(top_axis.lines, (waves_a, waves_d), strict=False):
    np.testing.assert_array_equal(line.get_ydata(), (frequency * variance)[1:] / frequency[1])
    assert line.get_ydata().max() < top_axis.get_ylim()[1]
    np.testing.assert_array_equal(line.get_xdata(), frequency[1:])
assert top_axis.lines[2].get_xdata()[0] == rms_a
assert (slow == (frequency < 0.1)).all()
for axis, name, variance in zip(below, "AD", (waves_a, waves_d), strict=True):
    curve, part = (line.get_ydata() for line in axis.lines)
    same = draw_waves(variance, len(curve), np.random.default_rng(108))
    np.testing.assert_allclose(curve, same, atol=1e-12)
    assert axis.get_title() == f"{name}: {np.count_nonzero(np.diff(curve > 0))} zeros"
    # what is left without the slow part has only fast waves
    left_over = draw_waves(variance * ~slow, len(curve), np.random.default_rng(108))
    np.testing.assert_allclose(curve - part, left_over, atol=1e-12)
    # as the caption says: small, and a curve that crosses all the same; above one throughout
    assert (abs(part).max() < 0.5 and count_zeros(curve) > 8) if name == "A" else part.min() > 1
assert count_zeros(curve) <= 3

# %% the figure of spreads: shares of all curves, and means that lie together
axis = spread_figure.axes[0]
for i, name in enumerate(("A", "D")):
    at, share = axis.lines[2 * i].get_data()
    zeros = count_zeros(drawn[name])
    np.testing.assert_allclose(share, [(zeros == k).mean() for k in at])
    assert share.sum() > 0.999
    assert axis.lines[2 * i + 1].get_xdata()[0] == zeros.mean()

# %% few zeros, and the kernels they are counted for
for name, share in few.items():
    assert share == np.mean([z <= 3 for z in zeros_of[name]])
K = linalg.toeplitz(np.cos(2 * np.pi * np.outer(x[:, 0] - x[0, 0], frequency)) @ waves_a)
np.testing.assert_allclose(K, kernel_a(x), atol=1e-12)
np.testing.assert_allclose(changed["A, lifted"].sum(), 1)
lags = 10 / 299 * np.arange(300)[:, None]
for name, kernel in {"A, lifted": lifted, "D": kernel_d}.items():
    cosines = np.cos(2 * np.pi * lags * frequency) @ changed[name]
    np.testing.assert_allclose(cosines, kernel(lags, lags[:1])[:, 0], atol=1e-6)
for name, zeros in zeros_of.items():
    assert compare(10 / np.pi / length, zeros)[1] < 0.1, name
    assert abs(zeros.mean() / zeros_of["A"].mean() - 1) < 0.03, name

# %% the deviation of the zeros: one wave, independent pieces, and the rule of the rectangle
assert len(deviation_off) == len(changed) == 7
assert max(deviation_off) < 5
for variance in changed.values():
    window = 10 * rms_a / rms(variance)
    coarse, more = (deviation(variance, window, n) for n in (600, 2000))
    np.testing.assert_allclose(coarse, more, rtol=2e-3)
    np.testing.assert_allclose(deviation(7 * variance, window), coarse, rtol=1e-9)
# far-off zeros of A are independent, so that the variance grows with the window
short, long, longer = (deviation(waves_a, T, 4000) ** 2 for T in (10, 20, 30))
np.testing.assert_allclose(longer - long, long - short, rtol=1e-3)
# on a window that holds hardly ever two zeros there is one or none: mean − mean²
mean = 0.02 / np.pi / length
np.testing.assert_allclose(deviation(waves_a, 0.02) ** 2, mean - mean**2, rtol=1e-3)

# %% every frame of the sliders
expected_frames = {
    **{f"α = {a}": kernels.RationalQuadratic(length, a) for a in (10, 3, 1, 0.5, 0.2)},
    "ν = 1/2": kernels.Matern(length, nu=0.5),
    "ν = 3/4": kernels.Matern(length, nu=0.75),
    "ν = 3/2": kernels.Matern(length, nu=1.5),
    "ν = 5/2": kernels.Matern(length, nu=2.5),
    "ν = ∞": kernel_a,
}
made = by_mixture | by_smoothness
assert list(made) == list(expected_frames)
for label, (figure, means) in made.items():
    kernel = expected_frames[label]
    left_axis, middle, right_axis = figure.axes
    at, variance = waves(kernel, 10 / 299)
    np.testing.assert_array_equal(left_axis.lines[0].get_xdata(), at[1:])
    np.testing.assert_allclose(left_axis.lines[0].get_ydata(), (variance * 2**14 * 10 / 299)[1:])
    f = draw(kernel(x), 2000, np.random.default_rng(7))
    for line, curve in zip(middle.lines, f[:3], strict=True):
        np.testing.assert_array_equal(line.get_ydata(), curve)
    zeros, peaks = means
    np.testing.assert_allclose(
        means, (expected_zeros(kernel(x)), expected_peaks(kernel(x))), rtol=1e-6
    )
    assert [line.get_xdata()[0] for line in right_axis.lines] == means
    assert compare(zeros, count_zeros(f))[2] < 6, label
    assert compare(peaks, count_peaks(f))[2] < 6, label
    patches = right_axis.patches
    bars = len(patches) // 2
    for i, counted in enumerate((count_zeros(f), count_peaks(f))):
        heights = [bar.get_height() for bar in patches[i * bars : (i + 1) * bars]]
        np.testing.assert_array_equal(
            heights[:-1], np.bincount(counted, minlength=bars)[: bars - 1]
        )
        assert sum(heights) > 1980

# %% a frame of a periodic kernel, and of one to which the sampler's jitter adds peaks
import pytest

_, means = frame(kernels.ExpSineSquared(1.0, 2.5), size=299 * 64)
np.testing.assert_allclose(means, on_grid(kernels.ExpSineSquared(1.0, 2.5), 300), rtol=1e-6)
with pytest.raises(ValueError, match="size must exceed 16384"):
    frame(kernels.ExpSineSquared(1.0, 2.5))
frame(kernels.RBF(3.0))
for slower in (10.0, 20.0):
    K = kernels.RBF(slower)(x)
    counted = compare(expected_peaks(K), count_peaks(draw(K, 8000, np.random.default_rng(0))))
    assert counted[2] > 4  # what is refused would be seen in a count
    with pytest.raises(ValueError, match="must bend more"):
        frame(kernels.RBF(slower))

# %% a slider says what its frames show, and begins where it is told
import re

page = knob("mixture", by_mixture, start=2).data
labels = re.findall(r'alt="([^"]*)"', page)
assert len(labels) == 5
assert 'value="2"' in page
for label, (name, (_, (zeros, peaks))) in zip(labels, by_mixture.items(), strict=True):
    assert label == f"{name}: zeros {zeros:.1f}, peaks {peaks:.1f}"
assert 'value="0"' in knob("mixture", dict(list(by_mixture.items())[:2])).data

# %% the library's draws
assert len(theirs) == 8
assert max(theirs) < 5

# %% the forum's fine curves, one summit of the first and the count on the right
assert forum_fine.shape == (400, 3000)
assert np.array_equal(fine[:, 0], np.linspace(-5, 5, 3000))
left, right = jitter_figure.axes
at, f = left.lines[0].get_data()
middle = np.argmin(abs(fine[:, 0] - at[25]))
assert len(at) == 51
assert 100 <= middle < 2900
assert forum_fine[0, middle] == forum_fine[0, 100:-100].max()
np.testing.assert_array_equal(f, forum_fine[0, middle - 25 : middle + 26])
marked = set(left.lines[1].get_xdata())
assert marked == {at[i] for i in range(1, 50) if f[i] > f[i - 1] and f[i] > f[i + 1]}
assert left.get_title() == f"one summit, {count_peaks(f)} peaks"
for line, s in zip(right.lines, (1e-6, 1e-8, 1e-10, 0), strict=False):
    for n, peaks in zip(*line.get_data(), strict=True):
        h = 10 / (n - 1) * np.arange(3)[:, None]
        K = kernel_a(h) + s * np.eye(3)
        np.testing.assert_allclose(peaks, (n - 2) * expected_peaks(K), rtol=1e-6)
    assert line.get_label() == f"jitter {s:g}"
level_line = right.lines[3].get_ydata()
np.testing.assert_allclose(level_line, on_grid(kernel_a, 3000)[1], rtol=0.05)
for above, below in zip(right.lines[:3], right.lines[1:4], strict=True):
    assert (above.get_ydata() >= below.get_ydata() * 0.999).all()
rule = right.lines[4]
np.testing.assert_allclose(rule.get_ydata(), 2 * on_grid(kernel_a, 3000)[1])
for line, n in zip(right.lines[:3], rule.get_xdata(), strict=True):
    at_rule = np.interp(n, *line.get_data())
    np.testing.assert_allclose(at_rule, rule.get_ydata()[0], rtol=0.02)
dot = right.lines[5]
assert dot.get_xdata()[0] == 3000
assert dot.get_ydata()[0] == count_peaks(forum_fine).mean()
K = forum_kernel(fine, fine) + 1e-6 * np.eye(3000)
assert compare(expected_peaks(K), count_peaks(forum_fine))[2] < 5
assert right.get_xscale() == right.get_yscale() == "log"

# %% the shape of a prior: the same sums, and what it refuses
import pytest

for kernel in (*puzzle.values(), *zoo.values()):
    K = kernel(x)
    expected = expected_zeros(K), expected_peaks(K)
    np.testing.assert_allclose(prior_shape(kernel, x), expected, rtol=1e-9)
uneven = np.sort(np.random.default_rng(0).uniform(-5, 5, 100))[:, None]
f = GaussianProcessRegressor(kernel_d).sample_y(uneven, 4000, random_state=1).T
zeros, peaks = prior_shape(kernel_d, uneven.tolist())
assert compare(zeros, count_zeros(f))[2] < 6
assert compare(peaks, count_peaks(f))[2] < 6
own = kernels.PairwiseKernel(metric=lambda a, b, gamma: np.exp(-5 * (a - b)[0] ** 2))
np.testing.assert_allclose(prior_shape(own, x), prior_shape(kernel_a, x), rtol=1e-6)
plain = kernels.PairwiseKernel(metric="rbf", gamma=1 / 2 / length**2)
np.testing.assert_allclose(prior_shape(plain, x), prior_shape(kernel_a, x), rtol=1e-6)
# a trend far from the origin and a large constant: the bends show, and the sums are right
years = np.linspace(1900, 2020, 600)[:, None]
trend = kernels.DotProduct(1.0) + kernels.RBF(1.0)
np.testing.assert_allclose(
    prior_shape(trend, years)[1], prior_shape(trend, years - 1960)[1], rtol=1e-3
)
lifted_far = kernels.ConstantKernel(1e6) + kernel_a
np.testing.assert_allclose(prior_shape(lifted_far, x)[1], prior_shape(kernel_a, x)[1], rtol=1e-3)
for kernel, points, words in (
    (lambda a, b: a @ b.T, x, "must be scikit-learn's"),
    (kernels.RBF, x, "must be scikit-learn's"),
    (kernel_a, x[:, 0], r"x must be \(n, 1\)"),
    (kernel_a, x[:2], "n ≥ 3"),
    (kernel_a, x[::-1], "increase"),
    (kernel_a, np.repeat(x, 2, axis=0), "increase"),
    (kernel_a, np.where(x > 0, np.nan, x), "must not contain infs"),
    (kernels.DotProduct(0.0), np.linspace(-5, 5, 301)[:, None], "positive variance"),
    (kernel_a, [[0.0], [1.0], [np.inf]], "must not contain infs"),
    (kernels.PairwiseKernel(metric="sigmoid", gamma=0.5), x, "must be a covariance"),
    (
        kernels.PairwiseKernel(metric=lambda a, b, gamma: 1 - min(1, (a - b)[0] ** 2)),
        x,
        "must be a covariance",
    ),
    (kernels.ConstantKernel(1.0), x, "must lose a constant"),
    (kernels.DotProduct(1.0), x, "a line"),
    (kernels.ExpSineSquared(1.0, 1.0), np.arange(6.0)[:, None], "whole periods"),
    (kernels.ConstantKernel(1e12) + kernel_a, x, "must lose a constant"),
    (kernels.RBF(200.0), x, "x must be coarser"),
    (kernel_a, np.linspace(0, 1e-4, 300)[:, None], "x must be coarser"),
):
    with pytest.raises(ValueError, match=words):
        prior_shape(kernel, points)

# %% the figure of six kernels
for axis, (name, kernel) in zip(zoo_figure.axes, zoo.items(), strict=True):
    f = GaussianProcessRegressor(kernel).sample_y(x, 2000, random_state=0).T
    lines = axis.get_title().split("\n")
    assert lines[0] == name
    for line, what, expected in zip(lines[1:], COUNT, prior_shape(kernel, x), strict=True):
        mean, error, score = compare(expected, COUNT[what][1](f))
        assert line == f"{what} {expected:.2f}, counted {mean:.2f} ± {error:.2f}"
        assert abs(mean - expected) < 6 * error + 1e-3
    for line, curve in zip(axis.lines, f, strict=False):
        np.testing.assert_array_equal(line.get_ydata(), curve)

# %% the figure of eigenvalues
import pytest

for axis, K in zip(eigenvalues.axes, matrices.values(), strict=True):
    values = np.linalg.eigvalsh(K)[::-1]
    for line, sign, told in zip(axis.lines, (1, -1), ("positive", "negative"), strict=False):
        at, sizes = line.get_data()
        assert (sign * values[at] > 0).all()
        np.testing.assert_array_equal(sizes, abs(values[at]))
        assert line.get_label() == f"{(sign * values > 0).sum()} {told}"
    assert (values < 0).sum() > 60  # of some 210 that are rounding errors, about half
    assert axis.lines[2].get_ydata()[0] == 1e-6
    np.testing.assert_allclose(
        K, forum_kernel(x, x) if K is matrices["a² + b² − 2ab"] else kernel_a(x)
    )
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.cholesky(K)

# %% the smallest jitter
import pytest

assert smallest_jitter(np.eye(3)) == -17
assert smallest_jitter(np.diag([1, -0.5])) == 0
assert smallest_jitter(np.diag([1, -5e-4]).astype(np.float32)) == -3
assert smallest_jitter(np.diag([1, -50.0])) == 2
lost = kernel_a(x)
lost[0, 5] = lost[5, 0] = np.nan  # NumPy lets a NaN pass, SciPy and we refuse it
assert np.linalg.cholesky(lost + np.eye(len(x))).shape == lost.shape
for refuses in (linalg.cholesky, smallest_jitter):
    with pytest.raises(ValueError, match="must not contain infs or NaNs"):
        refuses(lost + np.eye(len(x)))
with pytest.raises(ValueError, match="no eigenvalue far below zero"):
    smallest_jitter(np.diag([1, -500.0]))
assert -16 <= smallest_jitter(kernel_a(x)) <= -11
assert abs(smallest_jitter(1e18 * kernel_a(x)) - smallest_jitter(kernel_a(x))) <= 1
assert -14 <= smallest_jitter(forum_kernel(x, x)) <= -9
single = x.astype(np.float32)
assert smallest_jitter([[1, 0.5], [0.5, 1]]) == -17
with pytest.raises(ValueError, match="must be symmetric"):
    smallest_jitter(np.array([[1, 0.9], [0, 1]]))
assert smallest_jitter(forum_kernel(single, single)) >= -5
assert smallest_jitter(forum_kernel(single + 1000, single + 1000)) >= -1
assert smallest_jitter(forum_kernel(x + 1000, x + 1000)) >= -10

# %% the table of jitters ends with single precision far from the origin
assert (dtype, shift) == (np.float32, 1000)
assert moved.dtype == np.float32
np.testing.assert_allclose(moved, x + 1000, rtol=0, atol=1e-4)
assert usual == smallest_jitter(forum_kernel(moved, moved))
apart = np.subtract.outer(moved[:, 0], moved[:, 0])
assert apart.dtype == np.float32  # in single precision throughout
assert better == smallest_jitter(np.exp(apart * apart / np.float32(-0.2)))
assert -8 <= better <= -5
np.testing.assert_allclose(np.exp(-((x - x.T) ** 2) / 0.2), kernel_a(x), rtol=0, atol=1e-14)

# %% the threads: GPflow's points need hardly a jitter, equal inputs are of rank one
T = np.linspace(0, 4 * np.pi, 100)[:, None]
assert smallest_jitter(3.19 * kernels.RBF(1.47)(T)) <= -12
step = 3.19 * kernels.RBF(1.47)(T[:2])
assert 2 * (step[0, 0] - step[0, 1]) < 0.02 * 2 * 1  # a step's variance, and that of its noise
same = 0.001 * kernels.RBF(0.07)(np.ones((4, 1)))
noisy_same = (kernels.RBF(0.07) + kernels.WhiteKernel(0.1))(np.ones((4, 1)))
assert np.linalg.matrix_rank(noisy_same) == 4  # the exception that is told
values = np.linalg.eigvalsh(same)
assert (abs(values[:3]) < 1e-16).all()
np.testing.assert_allclose(values[3], 0.004)
f = GaussianProcessRegressor(kernels.RBF(0.07)).sample_y(np.ones((4, 1)), 3, random_state=0)
np.testing.assert_allclose(f, np.broadcast_to(f[:1], f.shape), atol=1e-6)

# %% a million points have the zeros of Rice
assert [counts.shape for counts in million.values()] == [(2, 100), (2, 100)]
assert 0 < (fine_waves > 0).sum() < 200
np.testing.assert_allclose(fine_waves.sum(), 1, rtol=1e-9)
assert len(fine_waves) == 2**20 + 1


# %% wrong, exercise 1: the squared exponential's length
def length_for(zeros, nu):
    return 10 / (np.pi * zeros)


# %% wrong, exercise 1: the factor upside down
def length_for(zeros, nu):
    return 10 / (np.pi * zeros) * np.sqrt((nu - 1) / nu)


# %% wrong, exercise 1: peaks have 2π, zeros have π
def length_for(zeros, nu):
    return 10 / (2 * np.pi * zeros) * np.sqrt(nu / (nu - 1))


# %% right, exercise 1: by bisection on the zeros of the grid
def length_for(zeros, nu):
    def excess(log_length):
        return on_grid(kernels.Matern(np.exp(log_length), nu=nu), 300)[0] - zeros

    return np.exp(optimize.brentq(excess, -6, 6))


# %% wrong, exercise 2: where a curve is at one point
def plot_limit(zeros, share):
    return -special.ndtri(share / 2)


# %% wrong, exercise 2: exits without those that start outside
def plot_limit(zeros, share):
    return np.sqrt(2 * np.log(zeros / share))


# %% wrong, exercise 2: so wide that it always holds
def plot_limit(zeros, share):
    return 10.0


# %% right, exercise 2: the first of many levels
def plot_limit(zeros, share):
    levels = np.arange(0, 12, 1e-3)
    return levels[leaves_at_most(levels, zeros) <= share][0]


# %% right, exercise 2: halving
def plot_limit(zeros, share):
    low, high = 0.0, 40.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if leaves_at_most(middle, zeros) > share else (low, middle)
    return high


# %% the solution of exercise 3 has twenty zeros to the last digits
h = 1e-3 * np.arange(3)
K = designed(abs(h[:, None] - h))
np.testing.assert_allclose(expected_zeros(K[:2, :2]) * 1e4, 20, rtol=1e-4)
assert 10 < expected_peaks(K) * 1e4 < 11
np.testing.assert_allclose(designed(3.0), np.exp(-0.5) * np.cos(np.sqrt(36 * np.pi**2 - 1)), 1e-12)


# %% wrong, exercise 3: twenty zeros, seventeen peaks
def designed(h):
    return kernels.RBF(10 / (20 * np.pi))([[0.0]], np.reshape(h, (-1, 1))).reshape(np.shape(h))


# %% wrong, exercise 3: the right curvature, and no kernel
def designed(h):
    return 1 - np.minimum(2 * np.pi**2 * h**2, 1)


# %% wrong, exercise 3: twice the variance
def designed(h):
    omega = np.sqrt((2 * np.pi) ** 2 - 1 / 9)
    return 2 * np.cos(omega * h) * np.exp(-(h**2) / 18)


# %% wrong, exercise 3: a wave of half the frequency
def designed(h):
    return np.cos(np.pi * h)


# %% wrong, exercise 3: a rough envelope
def designed(h):
    return np.cos(2 * np.pi * h) * np.exp(-abs(h) / 30)


# %% wrong, exercise 3: for one number alone
def designed(h):
    import math

    return math.cos(2 * math.pi * h)


# %% right, exercise 3: a wave, alone
def designed(h):
    return np.cos(2 * np.pi * h)


# %% right, exercise 3: a band of three waves
def designed(h):
    return sum(np.cos(2 * np.pi * f * h) for f in (0.9, 1, 1.09)) / 3


# other data for the checks, where an assignment is marked
# hidden, exercise 1: (4, 30) → (7, 22)
# hidden, exercise 2: (10, 0.1), (10, 0.001), (0.5, 0.05), (400, 0.01) → (30, 0.2), (3, 0.004), (0.3, 0.1), (90, 0.02)
# hidden, exercise 3: default_rng(20) → default_rng(120)
# hidden, exercise 3: (300, 3000) → (400, 2000)
