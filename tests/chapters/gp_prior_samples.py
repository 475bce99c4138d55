"""What the chapter on samples from a Gaussian-process prior must keep true."""

# equivalent, figure-pairs: f * g < 0 → f * g <= 0: no value is zero
# equivalent, figure-pairs: f * g → f / g: a quotient has the sign of the product
# equivalent, count: f > 0 → f <= 0: the same pairs differ
# equivalent, range-counted: abs(curves).max(axis=1) > u → abs(curves).max(axis=1) >= u: no value is u
# equivalent, slider-length: start=2 → start=3: which frame a reader sees first
# equivalent, slider-length: :2 → :3: the text takes the first two
# equivalent, answer-table: drop, h=0.003 → drop, h=0.006: any small lag shows the same powers
# equivalent, figure-jitter: f[1:-1] > f[2:] → f[1:-1] >= f[2:]: no two values are the same
# equivalent, figure-jitter: f[1:-1] > f[:-2] → f[1:-1] >= f[:-2]: no two values are the same
# equivalent, matrix: drop < rounding → drop <= rounding: either side of the limit is rounding
# equivalent, matrix: 16 * np.finfo(K.dtype).eps → 17 * np.finfo(K.dtype).eps: some roundings
# equivalent, libraries: expected_peaks(noisy, n) < 2 * expected_peaks(kernel_a, n) → expected_peaks(noisy, n) <= 2 * expected_peaks(kernel_a, n): the two are never the same
# equivalent, circle: values > 1e-15 * values.max() → values >= 1e-15 * values.max(): rounding
# equivalent, circle: 1e-15 * values.max() → 2e-15 * values.max(): what is dropped is rounding
# equivalent, circle: values.min() < -1e-12 * values.max() → values.min() <= -1e-12 * values.max(): rounding

# %% the kernels are scikit-learn's, in one and in three dimensions
a, b = np.random.default_rng(0).normal(size=(2, 30, 3))
for mine, theirs in (
    (squared_exponential(0.7), kernels.RBF(0.7)),
    (matern(0.5, 0.7), kernels.Matern(0.7, nu=0.5)),
    (matern(1.5, 0.7), kernels.Matern(0.7, nu=1.5)),
    (matern(2.5, 0.7), kernels.Matern(0.7, nu=2.5)),
    (matern(3.5, 0.7), kernels.Matern(0.7, nu=3.5)),
    (rational_quadratic(0.3, 0.7), kernels.RationalQuadratic(0.7, alpha=0.3)),
    (rational_quadratic(2, 0.7), kernels.RationalQuadratic(0.7, alpha=2)),
):
    for points, others in ((a, b[:20]), (a[:, :1], b[:20, :1]), (a[:1], a[:1])):
        K = covariance(mine, points, others)
        assert K.shape == (len(points), len(others))
        np.testing.assert_allclose(K, theirs(points, others), rtol=0, atol=1e-12)

# %% a drop keeps its digits at the smallest lags
from decimal import Decimal, localcontext

with localcontext() as context:
    context.prec = 60
    for h in (1e-2, 1e-4, 1e-6):
        r, alpha = Decimal(h) / 2, Decimal(1) / 4
        exact = {
            squared_exponential(2.0): 1 - (-r * r / 2).exp(),
            rational_quadratic(0.25, 2.0): 1 - ((1 + r * r / (2 * alpha)).ln() * -alpha).exp(),
            matern(0.5, 2.0): 1 - (-r).exp(),
        }
        for drop, value in exact.items():
            assert abs(Decimal(float(drop(h))) / value - 1) < Decimal("1e-14"), h
        for p in (1, 2, 3):
            q = r * Decimal(2 * p + 1).sqrt()
            tail = {1: q, 2: q + q**2 / 3, 3: q + q**2 * 2 / 5 + q**3 / 15}[p]
            value = 1 - (1 + tail) * (-q).exp()
            error = abs(Decimal(float(matern(p + 0.5, 2.0)(h))) - value)
            assert error < Decimal("4e-16") * q, (p, h)  # a rounding of r, not of 1

# %% a smoothness that is not there is refused in words
import pytest

for nu in (0.7, 2, 4.5):
    with pytest.raises(ValueError, match=f"nu is {nu}; it may be 0.5, 1.5, 2.5, 3.5"):
        matern(nu, 1.0)

# %% kernel A is the forum's, whose gamma is a squared length
np.testing.assert_allclose(forum_kernel(x, x), covariance(kernel_a, x, x), rtol=0, atol=1e-12)
two, three = np.arange(6.0).reshape(3, 2), np.arange(8.0).reshape(4, 2) / 3
np.testing.assert_allclose(
    forum_kernel(two, three, gamma=0.49), kernels.RBF(0.7)(two, three), rtol=0, atol=1e-12
)


# %% the sampler's covariance is K and its jitter
class Identity:
    def standard_normal(self, shape):
        assert shape == (40, 40)
        return np.eye(40)


K = covariance(matern(1.5, 0.5), x[:40], x[:40])
for jitter, f in ((1e-10, draw(K, 40, Identity())), (0.5, draw(K, 40, Identity(), 0.5))):
    np.testing.assert_allclose(f.T @ f, K + jitter * np.eye(40), rtol=0, atol=1e-13)
    np.testing.assert_allclose(np.diag(f.T @ f), 1 + jitter, rtol=0, atol=2e-14)
assert draw(np.eye(3), 5, np.random.default_rng(0)).shape == (5, 3)
assert draw(np.eye(1), 2, np.random.default_rng(0)).shape == (2, 1)

# %% how often signs differ, by the bivariate normal distribution
from scipy.stats import multivariate_normal

for rho in (-0.9, 0, 0.3, 0.95):
    same = 2 * multivariate_normal.cdf([0, 0], cov=[[1, rho], [rho, 1]], rng=0)
    np.testing.assert_allclose(sign_change(1 - rho), 1 - same, atol=1e-5)
    np.testing.assert_allclose(sign_change(1 - rho), np.arccos(rho) / np.pi, rtol=1e-12)
assert sign_change(0) == 0
np.testing.assert_allclose(sign_change(np.array([1, 2])), [0.5, 1])
np.testing.assert_allclose(sign_change(np.array([-1e-17, 2 + 1e-15])), [0, 1])
np.testing.assert_allclose(sign_change(2e-20), 2e-10 / np.pi, rtol=1e-12)

# %% expected numbers from the drop are those from the covariance matrix
for drop in (*shapes.values(), matern(3.5, 1.0), lambda h: 2 * np.sin(2 * h) ** 2):
    for n, window in ((2, 1), (3, 1), (4, 7), (60, 5), (300, 10)):
        points = np.linspace(0, window, n)[:, None]
        zeros, peaks = zeros_and_peaks(covariance(drop, points, points))
        np.testing.assert_allclose(expected_zeros(drop, n, window), zeros, rtol=1e-9)
        np.testing.assert_allclose(expected_peaks(drop, n, window), peaks, rtol=1e-7, atol=1e-12)
        if window == 10:
            assert expected_zeros(drop, n) == expected_zeros(drop, n, window)
            assert expected_peaks(drop, n) == expected_peaks(drop, n, window)

# %% a constant has no zeros and no peaks, a straight line no peaks
constant = kernels.ConstantKernel(0.3)(x)
assert zeros_and_peaks(constant) == (0, 0)
assert zeros_and_peaks(np.zeros((5, 5))) == (0, 0)


def nothing(h):
    return 0.0 * h


assert expected_zeros(nothing, 300) == expected_peaks(nothing, 300) == 0
line = kernels.DotProduct(1.0)(x)
zeros, peaks = zeros_and_peaks(line)
ends = line[0, -1] / np.sqrt(line[0, 0] * line[-1, -1])
np.testing.assert_allclose(zeros, np.arccos(ends) / np.pi, rtol=1e-6)  # at most one, at the ends
assert peaks == 0
zeros, peaks = zeros_and_peaks(kernels.DotProduct(0.0)(x + 6))  # never zero but at the origin
np.testing.assert_allclose((zeros, peaks), 0, atol=1e-6)

# %% independent values: half of the pairs, a third of the triples
zeros, peaks = zeros_and_peaks(np.eye(301))
np.testing.assert_allclose((zeros, peaks), (150, 299 / 3))
zeros, peaks = zeros_and_peaks(np.diag(np.arange(1.0, 8)))  # of unequal variances
np.testing.assert_allclose(zeros, 3)
np.testing.assert_allclose(zeros_and_peaks(np.eye(2)), (0.5, 0))
zeros, peaks = zeros_and_peaks(np.eye(301, dtype=np.float32))
np.testing.assert_allclose((zeros, peaks), (150, 299 / 3), rtol=1e-5)

# %% a kernel that is not stationary: unequal variances change no zero
K = covariance(kernel_a, x, x)
swell = np.exp(x[:, 0])
np.testing.assert_allclose(zeros_and_peaks(K * np.outer(swell, swell))[0], zeros_and_peaks(K)[0])
f = draw(K, 4000, np.random.default_rng(4)) * swell
zeros, peaks = zeros_and_peaks(K * np.outer(swell, swell))
assert compare(zeros, count_zeros(f))[2] < 6
assert compare(peaks, count_peaks(f))[2] < 6

# %% 300,000 points: Rice's formulas, where four differences of the kernel would be lost
for drop, k2, k4, within in (
    (squared_exponential(0.4), 1, 3, 1e-5),
    (rational_quadratic(0.5, 0.4), 1, 9, 1e-5),
    (rational_quadratic(3, 0.4), 1, 4, 1e-5),
    (matern(3.5, 0.4), 7 / 5, 49 / 5, 2e-3),
    (matern(2.5, 0.4), 5 / 3, 25, 2e-3),
):
    zeros, peaks = expected_zeros(drop, 300_000), expected_peaks(drop, 300_000)
    np.testing.assert_allclose(zeros, 10 / np.pi * np.sqrt(k2) / 0.4, rtol=1e-6)
    np.testing.assert_allclose(peaks, 5 / np.pi * np.sqrt(k4 / k2) / 0.4, rtol=within)
assert abs(expected_peaks(kernel_a, 300_000) - 8.717) < 5e-4
np.testing.assert_allclose(
    expected_zeros(matern(1.5, 0.4), 300_000), 10 * 3**0.5 / 0.4 / np.pi, 1e-3
)

# %% the first column of the table: how zeros and peaks grow with the points
corner, once = shapes["C Matérn 1/2"], shapes["B Matérn 3/2"]
jump = with_jitter(kernel_a, 1e-2)
for n in (30_000, 300_000):
    np.testing.assert_allclose(
        expected_zeros(corner, 100 * n), 10 * expected_zeros(corner, n), 1e-2
    )
    np.testing.assert_allclose(expected_peaks(corner, n), n / 4, rtol=1e-3)
    np.testing.assert_allclose(expected_peaks(once, 4 * n), 2 * expected_peaks(once, n), 2e-2)
    np.testing.assert_allclose(expected_peaks(jump, n), n / 3, rtol=1e-3)
    np.testing.assert_allclose(expected_zeros(jump, 4 * n), 4 * expected_zeros(jump, n), 1e-3)


def rough(h):
    return -np.expm1(-(np.abs(h) ** 0.75))  # between the rows: n^(1 − p/2)


np.testing.assert_allclose(
    expected_zeros(rough, 10**8), 10**0.625 * expected_zeros(rough, 10**7), 2e-2
)

# %% powers of the drop: the derivatives that a curve has
assert powers(matern(0.5, 1.0)) == [1, 1, 1]
assert powers(matern(1.5, 1.0)) == [2, 3, 3]
assert powers(matern(2.5, 1.0), h=1e-2) == [2, 4, 5]
assert powers(matern(3.5, 1.0), h=1e-2) == [2, 4, 6]
assert powers(squared_exponential(1.0), h=1e-2) == [2, 4, 6]
assert powers(rational_quadratic(1.0, 1.0), h=1e-2) == [2, 4, 6]
assert powers(with_jitter(squared_exponential(1.0), 0.1))[0] == 0
assert [powers(drop)[0] for drop in shapes.values()] == [2, 2, 1, 2, 2]

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
for drop in shapes.values():
    f = draw(covariance(drop, x, x), 4000, np.random.default_rng(30))
    for u in (2, 3, 3.5):
        most = leaves_at_most(u, expected_zeros(drop, 300))
        counted = (abs(f).max(axis=1) > u).mean()
        assert counted < most + 5 * np.sqrt(most * (1 - most) / 4000), u

# %% exits are nearly all of the bound where they are rare
most = leaves_at_most(3.5, expected_zeros(kernel_a, 300))
counted = (abs(curves).max(axis=1) > 3.5).mean()
assert abs(counted - most) < 0.1 * most + 5 * np.sqrt(most / len(curves))

# %% the curves of kernel A: their number, mean, variance and covariance
assert curves.shape == (20_000, 300)
np.testing.assert_allclose(curves.mean(axis=0), 0, atol=6 / np.sqrt(20_000))
np.testing.assert_allclose((curves**2).mean(axis=0), 1, atol=6 * np.sqrt(2 / 20_000))
empirical = curves.T @ curves / len(curves)
np.testing.assert_allclose(
    empirical, covariance(kernel_a, x, x), rtol=0, atol=6 * np.sqrt(2 / 20_000)
)
assert len(off) == 2
assert max(off) < 5

# %% the opening figure: four kernels near lag zero, four curves in the order said
left, right = opening.axes
for line, (name, kernel) in zip(left.lines, puzzle.items(), strict=True):
    np.testing.assert_allclose(line.get_xdata().ravel(), np.linspace(0, 0.5, 101))
    np.testing.assert_allclose(np.ravel(line.get_ydata()), kernel([[0.0]], lag)[0])
    assert line.get_label() == name
assert "".join(order) == "BDAC"
assert right.get_yticks().tolist() == [0, -5, -10, -15]
assert [label.get_text() for label in right.get_yticklabels()] == ["1", "2", "3", "4"]
for line, (name, kernel) in zip(right.lines, puzzle.items(), strict=True):
    f = line.get_ydata()
    assert round(np.mean(f) / -5) == order.index(name)
    f = f - -5 * order.index(name)
    L = np.linalg.cholesky(kernel(x) + 1e-6 * np.eye(300))
    np.testing.assert_allclose(np.linalg.solve(L, f), noise, rtol=0, atol=1e-6)
assert noise.shape == (300,)
assert line.get_color() == "black"

# %% the puzzle's kernels and those told by their drops are the same four
for kernel, (name, drop) in zip(puzzle.values(), shapes.items(), strict=False):
    np.testing.assert_allclose(covariance(drop, x, x), kernel(x), rtol=0, atol=1e-13, err_msg=name)
np.testing.assert_allclose(
    covariance(shapes["E Matérn 5/2"], x, x), kernels.Matern(length, nu=2.5)(x), atol=1e-13
)
assert length**2 == np.float64(0.1) or abs(length**2 - 0.1) < 1e-16
assert len(shapes) == 5
assert kernel_a is shapes["A squared exponential"]

# %% ten curves: what the answer's code drew
axis = ten_curves.axes[0]
assert ten.shape == (10, 300)
assert len(axis.lines) == 10
for line, f in zip(axis.lines, ten, strict=True):
    assert (line.get_ydata() == f).all()
assert axis.get_ylim() == (-3, 3)
assert axis.get_xlim() == (-5, 5)
K = forum_kernel(x, x)
same = draw(K, 10, np.random.default_rng(0), jitter=1e-6)
np.testing.assert_allclose(ten, same, rtol=0, atol=1e-7)

# %% the figure of drops
for line, (name, drop) in zip(drops.axes[0].lines, shapes.items(), strict=True):
    h = line.get_xdata()
    np.testing.assert_allclose(
        line.get_ydata(), 1 - covariance(drop, h[:, None], np.zeros((1, 1)))[:, 0], atol=1e-15
    )
    slopes = np.diff(np.log(line.get_ydata())) / np.diff(np.log(h))
    assert abs(slopes[0] - (1 if name == "C Matérn 1/2" else 2)) < 0.02, name
    assert line.get_linestyle() == ("--" if name == "D rational quadratic" else "-")
    assert line.get_label() == name
assert drops.axes[0].get_xscale() == drops.axes[0].get_yscale() == "log"
assert h[0] == 1e-3
assert h[-1] == 1

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
    expected = np.arccos(np.exp(-(apart**2) / 0.2)) / np.pi
    assert axis.get_title() == f"signs differ: {share:.1%}\nexpected: {expected:.1%}"
    assert abs(share - expected) < 5 * np.sqrt(expected / 20_000)
    assert axis.get_xlabel() == "f(x)"
    assert axis.get_ylabel() == f"f(x + {apart:.2f})"

# %% every frame of the sliders
expected_frames = {
    **{f"ℓ = {length * k:.2f}": squared_exponential(length * k) for k in (0.25, 0.5, 1, 2, 4)},
    **{f"ν = {nu}": matern(nu, length) for nu in (0.5, 1.5, 2.5, 3.5)},
    "ν = ∞": kernel_a,
    **{f"α = {alpha}": rational_quadratic(alpha, length) for alpha in (10, 3, 1, 0.5, 0.2)},
}
made = by_length | by_smoothness | by_mixture
assert list(made) == list(expected_frames)
for label, (figure, counts) in made.items():
    drop = expected_frames[label]
    left, middle, right = figure.axes
    np.testing.assert_allclose(left.lines[0].get_xdata().ravel(), np.linspace(0, 0.5, 101))
    np.testing.assert_allclose(
        np.ravel(left.lines[0].get_ydata()), 1 - drop(np.linspace(0, 0.5, 101))
    )
    f = draw(covariance(drop, x, x), 2000, np.random.default_rng(7))
    assert len(middle.lines) == 3
    assert counts["zeros"][0] == expected_zeros(drop, 300)
    assert counts["peaks"][0] == expected_peaks(drop, 300)
    np.testing.assert_allclose(
        counts["zeros"][1:], compare(counts["zeros"][0], count_zeros(f)), 1e-9
    )
    np.testing.assert_allclose(
        counts["peaks"][1:], compare(counts["peaks"][0], count_peaks(f)), 1e-2
    )
    assert all(counts[name][3] < 5 for name in counts), label
    marks = [(line.get_xdata()[0], line.get_ydata()[0], line.get_marker()) for line in right.lines]
    assert marks == [
        (counts["zeros"][0], 0, "|"),
        (counts["zeros"][1], 0, "o"),
        (counts["peaks"][0], 1, "|"),
        (counts["peaks"][1], 1, "o"),
    ]
    assert [tick.get_text() for tick in right.get_yticklabels()] == ["zeros", "peaks"]
    assert (
        right.get_xlim()[0]
        < min(m[0] for m in marks)
        < max(m[0] for m in marks)
        < right.get_xlim()[1]
    )
    for line in middle.lines:
        assert abs(line.get_ydata()).max() < 4
assert [name for name, *_ in COUNTS] == ["zeros", "peaks"]

# %% the same random numbers in every frame
first = [
    np.stack([line.get_ydata() for line in figure.axes[1].lines])
    for figure, _ in by_length.values()
]
for curves_of in first[1:]:
    np.testing.assert_allclose(curves_of[:, 0], first[0][:, 0])  # the first value is z itself

# %% a slider says what its frames show, and begins where it is told
import re

page = knob("length scale", by_length, start=2).data
labels = re.findall(r'alt="([^"]*)"', page)
assert len(labels) == 5
assert 'value="2"' in page
assert "length scale" in page
for label, (name, (_, counts)) in zip(labels, by_length.items(), strict=True):
    zeros = counts["zeros"]
    assert label == f"{name}: zeros {zeros[0]:.1f}, counted {zeros[1]:.1f}"
assert 'value="0"' in knob("mixture", dict(list(by_mixture.items())[:2])).data

# %% length only stretches; mixing moves peaks and no zero
zeros = [counts["zeros"][0] for _, counts in by_length.values()]
np.testing.assert_allclose(zeros, 10 / np.pi / (length * np.array([0.25, 0.5, 1, 2, 4])), rtol=0.02)
for alpha in (10, 1, 0.2):
    mixture = rational_quadratic(alpha, length)
    np.testing.assert_allclose(expected_zeros(mixture, 300_000), 10 / np.pi / length, rtol=1e-6)
    np.testing.assert_allclose(
        expected_peaks(mixture, 300_000),
        expected_peaks(kernel_a, 300_000) * np.sqrt(1 + 1 / alpha),
        1e-5,
    )
np.testing.assert_allclose(mixed, 10 / np.pi / length, rtol=1e-6)

# %% scikit-learn's other kernels, sums and products: expected and counted by its own sampler
ripple = 0.5 * kernels.RBF(2.0) + 0.2 * kernels.ExpSineSquared(0.8, 2.0) * kernels.RBF(3.0)
for seed, kernel in enumerate(
    (
        ripple,
        kernels.ExpSineSquared(0.8, 2.0),
        2 * kernels.DotProduct(1.0) + kernels.WhiteKernel(0.01),
    )
):
    f = GaussianProcessRegressor(kernel).sample_y(x, 1000, random_state=seed).T
    zeros, peaks = zeros_and_peaks(kernel(x))
    assert compare(zeros, count_zeros(f))[2] < 6, kernel
    assert compare(peaks, count_peaks(f))[2] < 6, kernel
assert len(library_off) == 8
assert max(library_off) < 5

# %% jitter: variance one, a jump of s, and the forum's matrix scaled
drop = with_jitter(kernel_a, 0.25)
assert drop(0.0) == 0
np.testing.assert_allclose(drop(1e-9), 0.2)
K = covariance(kernel_a, x[:50], x[:50]) + 0.25 * np.eye(50)
np.testing.assert_allclose(covariance(drop, x[:50], x[:50]), K / 1.25, atol=1e-15)
np.testing.assert_allclose(with_jitter(kernel_a, 0)(lag), kernel_a(lag))
zeros, peaks = zeros_and_peaks(forum_kernel(x, x) + 1e-6 * np.eye(300))
np.testing.assert_allclose(expected_zeros(jittered, 300), zeros, rtol=1e-6)
np.testing.assert_allclose(expected_peaks(jittered, 300), peaks, rtol=1e-6)
h = 10 / 299_999
np.testing.assert_allclose(
    expected_zeros(jittered, 300_000), 299_999 / np.pi * np.sqrt(h**2 / 0.1 + 2e-6), rtol=1e-5
)

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
        K = covariance(kernel_a, h, h) + s * np.eye(3)
        expected = (n - 2) * zeros_and_peaks(K)[1]
        if n < 3000:  # finer, the matrix has lost the digits
            np.testing.assert_allclose(peaks, expected, rtol=1e-5)
        assert peaks > 8
        assert line.get_label() == f"jitter {s:g}"
assert (np.diff(right.lines[3].get_ydata()) > -1e-6).all()
assert right.lines[3].get_ydata()[-1] < 8.72
dot = right.lines[4]
assert dot.get_xdata()[0] == 3000
assert dot.get_ydata()[0] == count_peaks(forum_fine).mean()
assert compare(expected_peaks(jittered, 3000), count_peaks(forum_fine))[2] < 5
assert right.get_xscale() == right.get_yscale() == "log"

# %% one's own kernel
apart = 0.6 + 0.3 * np.exp(-2)  # 0.2 (1 + xy) + 0.3 exp(−2 (x − y)²)
np.testing.assert_allclose(
    my_kernel(np.array([[1.0], [2.0]])), [[0.7, apart], [apart, 1.3]], rtol=1e-12
)
zeros, peaks = zeros_and_peaks(my_kernel(x))
assert compare(zeros, count_zeros(mine))[2] < 6
assert compare(peaks, count_peaks(mine))[2] < 6
assert mine.shape == (2000, 300)
assert len(your_figure.axes[0].lines) == 5
assert (your_figure.axes[0].lines[4].get_ydata() == mine[4]).all()

# %% the figure of eigenvalues
import pytest

for line, K in zip(eigenvalues.axes[0].lines, matrices.values(), strict=False):
    values = np.sort(np.linalg.eigvalsh(K))[::-1]
    np.testing.assert_allclose(line.get_ydata()[:50], values[:50], rtol=1e-6)
    assert (line.get_ydata() >= 0).all()
    assert len(line.get_ydata()) == 300
    negative = int(line.get_label().split(": ")[1].split()[0])
    assert 60 < negative < 150  # of some 210 that are rounding errors, about half
assert eigenvalues.axes[0].lines[2].get_ydata()[0] == 1e-6
for K in matrices.values():
    np.testing.assert_allclose(K, kernels.RBF(length)(x), atol=1e-12)
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.cholesky(K)

# %% the smallest jitter
import pytest

assert smallest_jitter(np.eye(3)) == -17
assert smallest_jitter(np.diag([1, -0.5])) == 0
assert smallest_jitter(np.diag([1, -5e-4]).astype(np.float32)) == -3
assert smallest_jitter(np.diag([1, -50.0])) == 2
with pytest.raises(ValueError, match="no covariance"):
    smallest_jitter(np.diag([1, -500.0]))
assert -16 <= smallest_jitter(covariance(kernel_a, x, x)) <= -11
assert -14 <= smallest_jitter(forum_kernel(x, x)) <= -9
single = x.astype(np.float32)
assert smallest_jitter(forum_kernel(single, single)) >= -5
assert smallest_jitter(forum_kernel(single + 1000, single + 1000)) >= -1
assert smallest_jitter(forum_kernel(x + 1000, x + 1000)) >= -10

# %% the table of jitters ends with single precision far from the origin
assert (dtype, shift) == (np.float32, 1000)
assert moved.dtype == np.float32
np.testing.assert_allclose(moved, x + 1000, rtol=0, atol=1e-4)
assert usual == smallest_jitter(forum_kernel(moved, moved))
assert better == smallest_jitter(covariance(kernel_a, moved, moved).astype(np.float32))

# %% the circle: the exact covariance, for other kernels, sizes and dtypes of noise
for drop, n, spacing, size in (
    (matern(1.5, 0.3), 50, 0.1, None),
    (kernel_a, 300, 10 / 299, 700),
    (rational_quadratic(2, 0.2), 7, 1.0, 12),
    (rational_quadratic(2, 0.2), 7, 1.0, None),
    (kernel_a, 2, 1.0, 2),
):
    root, made = circle_root(drop, n, spacing, size)
    assert made == (size or fft.next_fast_len(2 * (n - 1), real=True))
    assert made >= 2 * (n - 1)
    A = on_circle(np.eye(made), root, n)
    grid = spacing * np.arange(n)[:, None]
    assert A.shape == (made, n)
    assert root.dtype == np.float64
    assert root.shape == (made // 2 + 1,)
    np.testing.assert_allclose(A.T @ A, covariance(drop, grid, grid), rtol=0, atol=1e-12)
np.testing.assert_allclose(on_circle(np.eye(made)[0], root, n), A[0])

# %% the circle filters its noise: linear, and the same wherever it starts
root, size = circle_root(kernel_a, 300, 10 / 299, 700)
noise_of = np.random.default_rng(9).standard_normal((3, 700))
response = np.fft.irfft(root, 700)
by_sum = np.stack(
    [[(z * response[(i - np.arange(700)) % 700]).sum() for i in range(300)] for z in noise_of]
)
np.testing.assert_allclose(on_circle(noise_of, root, 300), by_sum, rtol=0, atol=1e-12)

# %% the circle refuses what it cannot hold
import pytest

for size, words in (
    (None, "the circle is too small for this kernel"),
    (10, "300 points need at least 598"),
    (597, "300 points need at least 598"),
):
    with pytest.raises(ValueError, match=words):
        circle_root(squared_exponential(5), 300, 10 / 299, size)
root, size = circle_root(squared_exponential(5), 300, 10 / 299, 2400)  # a larger one holds it
A = on_circle(np.eye(size), root, 300)
np.testing.assert_allclose(A.T @ A, covariance(squared_exponential(5), x, x), rtol=0, atol=1e-10)

# %% a million points, and not one peak too many
assert len(peak_counts) == 40
first, million = circle_root(kernel_a, 10**6, 10 / (10**6 - 1))
assert size == million == fft.next_fast_len(1_999_998, real=True)
np.testing.assert_allclose(root, first, rtol=0, atol=1e-9 * first[0])
whole = np.sqrt(2 * np.pi) * length * 999_999 / 10  # the kernel's integral, in steps
np.testing.assert_allclose(root[0] ** 2, whole, rtol=1e-9)
assert compare(expected_peaks(kernel_a, 10**6), np.array(peak_counts))[2] < 6
np.testing.assert_allclose(
    expected_peaks(kernel_a, 10**6), 5 / np.pi * np.sqrt(3) / length, rtol=1e-5
)

# %% zeros a unit are twice the root-mean-square frequency
root, size = circle_root(kernel_a, 5000, 10 / 299)
frequency = np.fft.rfftfreq(size, 10 / 299)
both = np.where(frequency > 0, 2, 1) * root**2
rms = np.sqrt((both * frequency**2).sum() / both.sum())
np.testing.assert_allclose(20 * rms, 10 / np.pi / length, rtol=1e-9)


# %% pictures: the covariance is a Kronecker product, and rows and columns are curves
class Identity:
    def standard_normal(self, shape):
        assert shape == (12, 3, 4)
        return np.eye(12).reshape(12, 3, 4)


K_y, K_x = (
    covariance(kernel_a, x[:30:10], x[:30:10]),
    covariance(corner_ := matern(0.5, 1), x[:40:10], x[:40:10]),
)
f = draw_picture(K_y, K_x, 12, Identity(), jitter=0).reshape(12, 12)
np.testing.assert_allclose(f.T @ f, np.kron(K_y, K_x), atol=1e-14)
f = draw_picture(0 * K_y, 0 * K_x, 12, Identity(), jitter=0.25).reshape(12, 12)
np.testing.assert_allclose(f.T @ f, np.eye(12) / 16)
plain = draw_picture(K_y, K_x, 12, Identity()).reshape(12, 12)
noisy = [K + 1e-10 * np.eye(len(K)) for K in (K_y, K_x)]
np.testing.assert_allclose(plain.T @ plain, np.kron(*noisy), rtol=0, atol=1e-13)
plane = grid_coordinates((3, 4), 0, 1)
rows, columns = np.linspace(0, 1, 3)[:, None], np.linspace(0, 1, 4)[:, None]
np.testing.assert_allclose(
    np.kron(covariance(kernel_a, rows, rows), covariance(kernel_a, columns, columns)),
    covariance(kernel_a, plane, plane),
    atol=1e-15,
)

# %% the three pictures and their titles
assert [f.shape for f in pictures] == [(300, 100, 100)] * 3
for axis, f, title in zip(
    planes.axes, pictures, ("one length", "longer along x", "Matérn 1/2 twice"), strict=False
):
    np.testing.assert_array_equal(axis.images[0].get_array(), f[0])
    assert axis.get_title() == title
    assert axis.images[0].get_clim() == (-3, 3)
for f, (along_y, along_x) in zip(
    pictures,
    ((0.7, 0.7), (0.7, 2.0), (None, None)),
    strict=True,
):
    drop_y, drop_x = (
        matern(0.5, 2.0) if size is None else squared_exponential(size)
        for size in (along_y, along_x)
    )
    assert compare(expected_zeros(drop_x, 100), count_zeros(f).mean(axis=1))[2] < 6
    assert (
        compare(expected_zeros(drop_y, 100), count_zeros(f.transpose(0, 2, 1)).mean(axis=1))[2] < 6
    )

# %% the periodic kernel of distances in the plane is none, that of coordinates is one
import pytest

plane, line = grid_coordinates((20, 20), 0, 10), np.linspace(0, 10, 20)[:, None]
rhythm = kernels.ExpSineSquared(0.8, 2.0)
assert np.linalg.eigvalsh(rhythm(plane))[0] < -10
assert np.linalg.eigvalsh(np.kron(rhythm(line), rhythm(line)))[0] > -1e-9
with pytest.raises(np.linalg.LinAlgError):
    draw(rhythm(plane), 1, np.random.default_rng(0))


# %% wrong, exercise 1: the squared exponential's length
def length_for(zeros, nu):
    return 10 / (np.pi * zeros)


# %% wrong, exercise 1: the factor upside down
def length_for(zeros, nu):
    return 10 / (np.pi * zeros) * np.sqrt((nu - 1) / nu)


# %% wrong, exercise 1: peaks have 2π, zeros have π
def length_for(zeros, nu):
    return 10 / (2 * np.pi * zeros) * np.sqrt(nu / (nu - 1))


# %% right, exercise 1: by bisection on the expected number
def length_for(zeros, nu):
    def excess(log_length):
        return expected_zeros(matern(nu, np.exp(log_length)), 30_000) - zeros

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


# %% the solution of exercise 3 has twenty zeros to the last digits, and is a wave under an envelope
np.testing.assert_allclose(expected_zeros(designed, 300_000), 20, rtol=1e-6)
np.testing.assert_allclose(
    designed(3.0), 1 - np.exp(-0.5) * np.cos(np.sqrt(36 * np.pi**2 - 1)), 1e-12
)
assert 10 < expected_peaks(designed, 300_000) < 11


# %% wrong, exercise 3: twenty zeros, seventeen peaks
def designed(h):
    return squared_exponential(10 / (20 * np.pi))(h)


# %% wrong, exercise 3: the right curvature, and no kernel
def designed(h):
    return np.minimum(2 * np.pi**2 * h**2, 1)


# %% wrong, exercise 3: twice the variance
def designed(h):
    omega = np.sqrt((2 * np.pi) ** 2 - 1 / 9)
    return 2 * (1 - np.cos(omega * h) * np.exp(-(h**2) / 18)) - 1


# %% wrong, exercise 3: a wave of half the frequency
def designed(h):
    return 2 * np.sin(np.pi * h / 2) ** 2


# %% wrong, exercise 3: a rough envelope
def designed(h):
    rough, wave = matern(0.5, 30.0)(h), 2 * np.sin(np.pi * h) ** 2
    return wave + rough - wave * rough


# %% right, exercise 3: a wave, alone
def designed(h):
    return 2 * np.sin(np.pi * h) ** 2


# %% right, exercise 3: a band of three waves
def designed(h):
    return sum(2 * np.sin(np.pi * f * h) ** 2 for f in (0.9, 1, 1.09)) / 3
