"""What the chapter on random Fourier features must keep true."""

# %% hiding pixels: as many as asked for, whole pixels, and the same for the same seed
for missing, count in ((0.5, 32768), (900, 900), (0.8, 52429)):
    given = hide(image, missing)
    gone = given.isnan()
    assert gone.any(-1).sum() == gone.all(-1).sum() == count
    assert torch.equal(given[~gone], image[~gone])
assert torch.equal(hide(image, 0.5).isnan(), holed.isnan())
assert not torch.equal(hide(image, 0.5, seed=1).isnan(), holed.isnan())

# %% places and colours of oblong pictures with one channel, three or two
for shape in ((5, 8, 1), (8, 5, 3), (1, 6, 2)):
    picture = torch.arange(float(np.prod(shape))).reshape(shape).clone()
    picture[-1, 2] = torch.nan
    at_places, at_colours = extract_observed(picture)
    assert at_places.shape == (shape[0] * shape[1] - 1, 2)
    for place, colour in zip(at_places.long(), at_colours, strict=True):
        assert torch.equal(picture[tuple(place)], colour)
    everywhere = create_coordinate_map(*shape[:2])
    assert everywhere.tolist() == [[i, j] for i in range(shape[0]) for j in range(shape[1])]
assert torch.equal(colours, holed[~holed.isnan().any(-1)])

# %% what has no known pixel, or no channels, is refused
import pytest

for bad in (torch.full((4, 4, 3), torch.nan), torch.zeros(4, 4)):
    with pytest.raises(ValueError, match=r"holed must be \(H, W, C\), with at least one known"):
        extract_observed(bad)

# %% the waves are cosines of the drawn frequencies and phases, which are normal and even
made = draw_waves(20_000, 3.0, seeded(5), dim=3)
omega_, phase_ = made.keywords["omega"], made.keywords["phase"]
assert omega_.shape == (3, 20_000)
assert abs(3 * omega_.std() - 1) < 0.02
assert abs(omega_.mean()) < 0.01
assert 0 <= phase_.min() < 0.01
assert 6.27 < phase_.max() <= 2 * np.pi
where = torch.randn(4, 3, generator=seeded(6), dtype=torch.float64)
expected = np.sqrt(2 / 20_000) * np.cos(where.numpy() @ omega_.numpy() + phase_.numpy())
np.testing.assert_allclose(made(where), expected, atol=1e-12)
np.testing.assert_allclose(made(where, weight=3.0), 3 * expected, atol=1e-12)
assert made(where.float()).dtype == torch.float32
assert torch.equal(
    draw_waves(9, 1.0, seeded(2))(where[:, :2]), draw_waves(9, 1.0, seeded(2))(where[:, :2])
)
gauss = np.exp(-(where[:, None] - where).square().sum(-1).numpy() / 18)
np.testing.assert_allclose(made(where) @ made(where).T, gauss, atol=0.05)

# %% squared errors are those of the mean of products, pair by pair
few = squared_errors(lambda g: draw_waves(8, 1.0, g), seeds=2)
assert few.shape == (2, 4950)
phi_ = draw_waves(8, 1.0, seeded(1))(points)
i, j = np.triu_indices(100, 1)
spots = points.numpy()
truth_ = np.exp(-np.square(spots[i] - spots[j]).sum(1) / 2)
np.testing.assert_allclose(k, truth_, rtol=1e-12)
np.testing.assert_allclose(few[1], ((phi_[i] * phi_[j]).sum(1) - truth_) ** 2, atol=1e-12)
np.testing.assert_allclose(variance, np.mean(1 + truth_**4 / 2 - truth_**2), rtol=1e-12)
assert list(squared) == [64, 256, 1024, 4096]
np.testing.assert_allclose(
    deviations, [abs(r.mean() - 1) / (r.std(ddof=1) / np.sqrt(20)) for r in ratios], rtol=1e-12
)
np.testing.assert_allclose(ratios[0], 64 * squared[64].mean(1) / variance, rtol=1e-12)

# %% the ridge solution is scikit-learn's, and its freedom the trace
from sklearn.linear_model import Ridge as PeerRidge

draw = torch.randn(300, 7, generator=seeded(1), dtype=torch.float64)
aim = torch.randn(300, 2, generator=seeded(2), dtype=torch.float64)
gram_, right_ = normal_equations(draw, aim, lambda x: x, chunk=64)
np.testing.assert_allclose(gram_, draw.T @ draw, rtol=1e-12)
np.testing.assert_allclose(right_, draw.T @ aim, atol=1e-10)
for ridge in (0.03, 5.0):
    W_, free = solve_ridge(gram_, right_, ridge)
    np.testing.assert_allclose(
        W_.T, PeerRidge(ridge, fit_intercept=False).fit(draw, aim).coef_, rtol=1e-8
    )
    mu_ = np.linalg.eigvalsh(draw.T @ draw)
    np.testing.assert_allclose(free, (mu_ / (mu_ + ridge)).sum(), rtol=1e-10)
assert normal_equations(draw.float(), aim, lambda x: x)[0].dtype == torch.float64
np.testing.assert_allclose(solve_ridge(gram_, right_)[0], solve_ridge(gram_, right_, 0.03)[0])

# %% a painted picture is the mean and the fit, for oblong grey and colour pictures
from sklearn.linear_model import Ridge as PeerRidge

for shape in ((9, 14, 1), (14, 9, 3)):
    target = torch.rand(shape, generator=seeded(3))
    given = hide(target, 0.3)
    waves_ = draw_waves(30, 3.0, seeded(4))
    done, free = paint(given, waves_)
    p_, c_ = extract_observed(given)
    model_ = PeerRidge(0.03, fit_intercept=False).fit(
        waves_(p_).double(), (c_ - c_.mean(0)).double()
    )
    expected = (
        model_.predict(waves_(create_coordinate_map(*shape[:2])).double()).reshape(shape)
        + c_.mean(0).numpy()
    )
    np.testing.assert_allclose(done, expected, atol=1e-3)
    assert done.dtype == given.dtype
    assert 0 < free < 30

# %% the PSNR looks at missing pixels alone
half_wrong = torch.where(holed.isnan(), image + 0.1, 5.0)
np.testing.assert_allclose(miss_psnr(half_wrong, holed), 20, atol=1e-3)
np.testing.assert_allclose(miss_psnr(by_waves, holed), scores["500 waves"]["50%"], atol=1e-6)

# %% conjugate gradients solve each channel, also zero and constant ones
import pytest

A_ = torch.randn(40, 40, generator=seeded(1), dtype=torch.float64)
A_ = A_ @ A_.T / 40 + torch.eye(40)
b_ = torch.randn(3, 40, 1, generator=seeded(2), dtype=torch.float64)
b_[1] = 0
found = conjugate_gradients(lambda v: A_ @ v, b_, 1e-12)
np.testing.assert_allclose(found, torch.linalg.solve(A_, b_), atol=1e-9)
assert not found[1].any()
rough = conjugate_gradients(lambda v: A_ @ v, b_, 1e-2)
left_over = (A_ @ rough - b_).flatten(1).norm(dim=1)
assert (left_over <= 1e-2 * b_.flatten(1).norm(dim=1)).all()
assert left_over.max() > 1e-9, "it stops when it may"
with pytest.raises(RuntimeError, match="no solution after 2 steps"):
    conjugate_gradients(lambda v: A_ @ v, b_, 1e-12, limit=2)
np.testing.assert_allclose(dot(b_, b_ + 1).flatten(), (b_ * (b_ + 1)).sum((1, 2)))

# %% kernels by distance, on points and on the grid
one, two = (
    torch.rand(5, 2, generator=seeded(1)).double(),
    torch.rand(3, 2, generator=seeded(2)).double(),
)
expected = np.exp(-(one[:, None] - two).square().sum(-1).numpy() / (2 * 0.7**2))
np.testing.assert_allclose(kernel_at(one, two, 0.7), expected, rtol=1e-6)
assert kernel_at(torch.zeros(1, 1), torch.full((1, 1), 9.6), 1.0).item() == 0
assert kernel_at(torch.zeros(1, 1), torch.full((1, 1), 9.5), 1.0).item() > 0
K_r, K_c = on_grid((4, 6), 2.0)
assert K_r.shape == (4, 4)
assert K_c.shape == (6, 6)
assert K_r.dtype == torch.float64
cells = create_coordinate_map(4, 6).double()
np.testing.assert_allclose(torch.kron(K_r, K_c), kernel_at(cells, cells, 2.0), atol=1e-6)

# %% kernel ridge regression against the dense system, oblong, grey and colour, and one constant channel
for shape in ((9, 12, 1), (12, 7, 3)):
    target = torch.rand(shape, generator=seeded(3)).double()
    target[..., 0] = 0.25  # constant
    given = hide(target, 0.4)
    seen = ~given.isnan().any(-1)
    found = kernel_ridge(given, on_grid(shape[:2], 1.5), tolerance=1e-10)
    K_ = torch.kron(*on_grid(shape[:2], 1.5))
    rows_ = seen.flatten()
    flat_ = given.flatten(0, 1)[rows_]
    alpha_ = torch.linalg.solve(
        K_[rows_][:, rows_] + RIDGE * torch.eye(int(rows_.sum())), flat_ - flat_.mean(0)
    )
    np.testing.assert_allclose(
        found.flatten(0, 1), K_[:, rows_] @ alpha_ + flat_.mean(0), atol=1e-6
    )
    np.testing.assert_allclose(found[..., 0], 0.25, atol=1e-6)
V_ = torch.rand(2, 9, 12, generator=seeded(4)).double()
seen = torch.rand(9, 12, generator=seeded(5)) < 0.5
K_ = torch.kron(*on_grid((9, 12), 1.5))
expected = (seen * (K_ @ V_.flatten(1).T).T.reshape(2, 9, 12)) + RIDGE * V_
np.testing.assert_allclose(with_ridge(seen, on_grid((9, 12), 1.5), V_), expected, atol=1e-9)
assert exact_kernel(holed).shape == image.shape
expected = kernel_ridge(holed, on_grid((256, 256), 0.5**-0.5))
np.testing.assert_allclose(exact_kernel(holed), expected, atol=1e-6)

# %% the estimate of the trace against the dense one, with few and many probes
seen = torch.rand(12, 15, generator=seeded(7)) < 0.6
for width in (1.5, 4.0):
    K_ = torch.kron(*on_grid((12, 15), width))[seen.flatten()][:, seen.flatten()]
    mu_ = np.linalg.eigvalsh(K_).clip(0)
    found, error = kernel_freedom(seen, on_grid((12, 15), width), probes=100, tolerance=1e-6)
    assert abs(found - (mu_ / (mu_ + RIDGE)).sum()) < 6 * error
    assert 0 < error < 0.05 * found
assert list(freedom) == [2, 4, 8, 16, 32]
assert (np.diff(list(freedom.values())) < 0).all()

# %% the table of widths holds what was painted
assert table.shape == (5, 4)
for i, s_ in enumerate(sigmas):
    assert [round(free) <= D for (_, free), D in zip(swept[s_], numbers, strict=True)] == [True] * 3
    np.testing.assert_allclose(table[i, 2], miss_psnr(swept[s_][2][0], holed), atol=1e-6)
    np.testing.assert_allclose(table[i, 3], miss_psnr(by_width[s_], holed), atol=1e-6)
np.testing.assert_allclose(
    swept[8.0][1][0], paint(holed, draw_waves(100, 8.0, seeded()))[0], atol=1e-3
)
assert [int(i) for i in best] == [int(i) for i in table.argmax(0)]
assert sigmas[best[3]] == 2
assert table[0, 3] > table[:, :3].max() + 3, "no few waves paint as the kernel does"

# %% landmarks: products are the kernel at the landmarks, by Nyström's formula elsewhere
marks = draw_landmarks(40, 16.0, seeded(3))
chosen = places[torch.randperm(len(places), generator=seeded(3))[:40]]
K_m = kernel_at(chosen.double(), chosen.double(), 16.0) + 1e-6 * torch.eye(40)
phi_ = marks(chosen)
assert phi_.shape == (40, 40)
np.testing.assert_allclose(phi_ @ phi_.T, K_m, atol=2e-3)
away = places[::5000]
k_ = kernel_at(chosen, away, 16.0).double()
np.testing.assert_allclose(
    marks(away) @ marks(away).T, k_.T @ torch.linalg.solve(K_m, k_), atol=2e-2
)
assert list(KINDS) == ["Bochner's waves", "landmarks"]

# %% the gaps: as many features as the share says, and the PSNR of the exact kernel less theirs
assert shares == (0.25, 0.5, 0.75, 1, 1.25)
for (kind, s_), gap_ in gaps.items():
    exact_db = miss_psnr(by_width[s_], holed)
    for (picture, free), share, one_gap in zip(fits[kind, s_], shares, gap_, strict=True):
        np.testing.assert_allclose(one_gap, exact_db - miss_psnr(picture, holed), atol=1e-6)
        assert 0 < free <= round(share * freedom[s_]) + 1e-6
again, _ = paint(holed, draw_landmarks(round(0.5 * freedom[32.0]), 32.0, seeded(1)))
np.testing.assert_allclose(fits["landmarks", 32.0][1][0], again, atol=2e-2)
assert len(frames) == 5
assert torch.equal(rows[2]["landmarks"], fits["landmarks", 16.0][2][0].cpu())
assert at_last["landmarks"] == [gaps["landmarks", s_][-1] for s_ in (32.0, 16.0)]

# %% the low-rank rival recovers a matrix of low rank, oblong and in one channel
factor = torch.randn(20, 2, generator=seeded(1)) @ torch.randn(2, 30, generator=seeded(2))
target = (0.5 + 0.1 * factor)[..., None]
found = low_rank(hide(target, 0.3), 3, ridge=1e-4, sweeps=40)
assert found.shape == (20, 30, 1)
np.testing.assert_allclose(found, target, atol=0.02)
centred_ = low_rank(holed, 10) - holed[~holed.isnan().any(-1)].mean(0)
assert np.linalg.matrix_rank(centred_[..., 0], tol=1e-3) == 10

# %% the comparison: the methods on the masks, and in the order that was printed
assert {name: list(row) for name, row in scores.items()} == {name: list(masks) for name in methods}
assert [int(m.isnan().any(-1).sum()) for m in masks.values()] == [900, 32768, 52429]
for name, row in completed.items():
    for m, picture in row.items():
        np.testing.assert_allclose(scores[name][m], miss_psnr(picture, masks[m]), atol=1e-9)
for m, given in masks.items():
    kept_ = ~given.isnan()
    plate = completed["thin plate"][m]
    np.testing.assert_allclose(plate[kept_.cpu()], given[kept_].cpu(), atol=1e-5)
    np.testing.assert_allclose(
        scores["rank 40"][m], miss_psnr(low_rank(given, 40), given), atol=0.2
    )
assert scores["500 waves"]["50%"] < scores["rank 40"]["50%"] < scores["exact kernel"]["50%"]
assert least == min(
    scores["exact kernel"][m] - max(scores["rank 10"][m], scores["rank 40"][m]) for m in masks
)

# %% waves drawn anew are noise, waves kept are a picture
again = create_rff_features(places[:5], 12, 4.0, seeded(8))
assert torch.equal(again, draw_waves(12, 4.0, seeded(8))(places[:5]))
assert create_rff_features(torch.zeros(3, 5), 4, 1.0, seeded()).shape == (3, 4)
assert miss_psnr(kept, holed) > miss_psnr(anew, holed) + 6
np.testing.assert_allclose(kept, paint(holed, draw_waves(250, 16.0, seeded()))[0], atol=1e-3)

# %% the library's pictures fill every pixel, from an oblong picture of one's own
assert {name: tuple(p.shape) for name, p in my_pictures.items()} == dict.fromkeys(
    my_pictures, (96, 144, 3)
)
sampler_ = RBFSampler(gamma=0.02, n_components=40, random_state=1)
known_ = ~my_holed.isnan().any(-1)
model_ = make_pipeline(RBFSampler(gamma=0.02, n_components=40, random_state=1), Ridge(0.03))
model_.fit(known_.nonzero(), my_holed[known_])
expected = model_.predict(torch.ones(96, 144).nonzero()).reshape(96, 144, 3)
np.testing.assert_allclose(by_library(my_holed, sampler_), expected, atol=1e-4)

# %% Adam's loss is the mean squared error, and it stops where it hardly falls
phi_ = draw_waves(500, 8.0, seeded())(places[:2000])
Y_ = Y[:2000]
two_products = normal_equations(places[:2000], Y_, draw_waves(500, 8.0, seeded()))
W_ = torch.randn(500, 3, generator=seeded(1), dtype=torch.float64)
expected = (phi_.double() @ W_ - Y_.double()).square().mean()
np.testing.assert_allclose(mean_squared_error(W_, *two_products, Y_), expected, rtol=1e-3)
assert len(losses) < 1000
assert abs(losses[-1] - losses[-2]) < 1e-6 <= abs(losses[-2] - losses[-3])
assert losses[0] > losses[-1] > solved
w_ = torch.nn.Parameter(torch.tensor([3.0]))
short = train(lambda w: w.square().sum(), w_, learning_rate=0.1, epochs=5)
assert len(short) == 5
assert short[0] == 9
np.testing.assert_allclose(short[1], 2.9**2, rtol=1e-5)
w_ = torch.nn.Parameter(torch.tensor([3.0]))
np.testing.assert_allclose(train(lambda w: w.square().sum(), w_, epochs=2)[1], 2.99**2, rtol=1e-5)

# %% the asker's loops: right on a square, off the edge on others, sideways with inv
import pytest

square_ = holed.movedim(-1, 0)[:, :20, :20]
loop_places, loop_colours = observed_by_loops(square_)
for (x_, y_), colour in zip(loop_places.tolist(), loop_colours, strict=True):
    assert torch.equal(square_[:, x_, y_], colour)
assert len(loop_places) == int((~square_[0].isnan()).sum())
with pytest.raises(IndexError):
    observed_by_loops(holed.movedim(-1, 0)[:, :5, :9])
assert torch.equal(laid_out, image.cpu().transpose(0, 1))

# %% even waves lie evenly in their disc, and still average to the kernel
even = draw_even_waves(200_000, 4.0, seeded(2))
R_ = np.sqrt(2 * np.log(2 * np.pi * 16 * 0.5 / RIDGE))
phases = even.keywords["phase"]
assert 0 <= phases.min() < 0.01 < 6.27 < phases.max() <= 2 * np.pi
turned = torch.atan2(*even.keywords["omega"])
np.testing.assert_allclose(torch.cos(2 * turned).mean(), 0, atol=0.01)
radius = 4 * even.keywords["omega"].norm(dim=0).numpy()
assert radius.max() <= R_ + 1e-9
np.testing.assert_allclose(np.mean(radius < R_ / 2), 0.25, atol=0.01)
spots = torch.tensor([[0.0, 0.0], [3.0, 1.0], [-5.0, 4.0]], dtype=torch.float64)
np.testing.assert_allclose(even(spots) @ even(spots).T, kernel_at(spots, spots, 4.0), atol=0.05)
for s_, gap_ in even_gaps.items():
    assert gap_ == gaps_of(draw_even_waves, s_)[1]
    assert gap_[-1] < 1, "a little later than landmarks"

# %% the bound on the freedom is no less than a mean over masks
small_bound = freedom_bound((10, 14), 1.5, 0.5)
K_ = torch.kron(*on_grid((10, 14), 1.5))
sizes_ = []
for seed in range(30):
    rows_ = torch.rand(140, generator=seeded(seed)) < 0.5
    mu_ = np.linalg.eigvalsh(K_[rows_][:, rows_]).clip(0)
    sizes_.append((mu_ / (mu_ + RIDGE)).sum())
assert np.mean(sizes_) - 3 * np.std(sizes_) / np.sqrt(30) < small_bound < 2 * np.mean(sizes_)
whole_mu = np.linalg.eigvalsh(K_).clip(0)
np.testing.assert_allclose(
    freedom_bound((10, 14), 1.5, 1), (whole_mu / (whole_mu + RIDGE)).sum(), rtol=1e-6
)

# %% patches: the middle, its spread, its mean and its four fine pixels
x_, mean_, fine_ = patches("camera")
low_, high_ = (torch.tensor(load_image("camera", n, gray=True)) for n in (128, 256))
assert x_.shape == (16384, 26)
assert fine_.shape == (16384, 4)
at = 50 * 128 + 70
window = low_[48:53, 68:73].flatten()
np.testing.assert_allclose(mean_[at], window.mean(), rtol=1e-5)
spread_ = np.sqrt(((window - window.mean()) ** 2).mean() + 1e-4)
np.testing.assert_allclose(x_[at, 25], spread_, rtol=1e-4)
np.testing.assert_allclose(x_[at, :25], (window - window.mean()) / spread_, atol=1e-4)
np.testing.assert_allclose(fine_[at], high_[100:102, 140:142].flatten())
np.testing.assert_allclose(filter_only(x_)[at], window - window.mean(), atol=1e-5)
both_ = filter_and_waves(x_[:3])
assert both_.shape == (3, 1025)
np.testing.assert_allclose(both_[:, 25:], x_[:3, 25:] * patch_waves(x_[:3, :25]))
assert len(inputs) == 4 * 16384
np.testing.assert_allclose(outputs[at], fine_[at] - mean_[at], atol=1e-6)
for name in ("astronaut", "coffee"):
    assert enlarged["filter_and_waves", name] > enlarged["filter_only", name]


# %% wrong, exercise 1: as many frequencies as numbers
def variance_of_pairs(k, D):
    return (1 - k**2) ** 2 / 2 / D


# %% wrong, exercise 1: with phases after all
def variance_of_pairs(k, D):
    return (1 + k**4 / 2 - k**2) / D


# %% wrong, exercise 1: a power too few
def variance_of_pairs(k, D):
    return (1 - k**2) / D


# %% right, exercise 1: from the variance of one cosine
def variance_of_pairs(k, D):
    return (0.5 + k**4 / 2 - k**2) / (D / 2)


# %% wrong, exercise 2: the same cosine again and again
def low_frequencies(count):
    return lambda x: torch.cos(x[:, :1] * torch.linspace(0, 1, count))


# %% wrong, exercise 2: random waves of another width
def low_frequencies(count):
    return draw_waves(count, 4.0, seeded())


# %% wrong, exercise 2: random waves, even over a disc
def low_frequencies(count):
    draw = torch.rand(2, count, generator=seeded(4), dtype=torch.float64)
    angle, size = 2 * torch.pi * draw[0], 0.38 * draw[1].sqrt()
    omega = size * torch.stack([angle.cos(), angle.sin()])
    phase = 2 * torch.pi * torch.rand(count, generator=seeded(5), dtype=torch.float64)
    return lambda x: waves_at(x, omega, phase)


# %% wrong, exercise 2: one direction only
def low_frequencies(count):
    u = torch.arange(count) * torch.pi / 256
    return lambda x: 2 / count**0.5 * torch.cos((x[:, :1] + 0.5) * u)


# %% right, exercise 2: a square of low frequencies
def low_frequencies(count):
    side = int(np.ceil(count**0.5))
    u, v = torch.cartesian_prod(*[torch.arange(float(side))] * 2)[:count].T * torch.pi / 256

    def features(x):
        return torch.cos((x[:, :1] + 0.5) * u) * torch.cos((x[:, 1:] + 0.5) * v) / 11

    return features


# %% wrong, exercise 3: always the narrowest
def choose_sigma(holed, sigmas):
    return min(sigmas)


# %% wrong, exercise 3: always the widest
def choose_sigma(holed, sigmas):
    return max(sigmas)


# %% wrong, exercise 3: by the error on the pixels that were fitted
def choose_sigma(holed, sigmas):
    known = ~holed.isnan().any(-1)
    return min(
        sigmas,
        key=lambda s: (
            (kernel_ridge(holed, on_grid(known.shape, s))[known] - holed[known])
            .square()
            .mean()
            .item()
        ),
    )


# %% right, exercise 3: by another tenth
def choose_sigma(holed, sigmas):
    known = ~holed.isnan().any(-1)
    drop = torch.rand(known.shape, generator=seeded(11)) < 0.15
    fewer = holed.masked_fill(drop[..., None], torch.nan)
    tested = known & drop
    errors = [
        (kernel_ridge(fewer, on_grid(known.shape, s))[tested] - holed[tested]).square().sum()
        for s in sigmas
    ]
    return sigmas[int(torch.stack(errors).argmin())]


# %% wrong, exercise 4: without the root of three
def matern(shape, length):
    def one(n):
        i = torch.arange(n, dtype=torch.float64)
        r = (i[:, None] - i).abs() / length
        return (1 + r) * torch.exp(-r)

    return [one(n) for n in shape]


# %% wrong, exercise 4: an exponential
def matern(shape, length):
    def one(n):
        i = torch.arange(n, dtype=torch.float64)
        return torch.exp(-(3**0.5) * (i[:, None] - i).abs() / length)

    return [one(n) for n in shape]


# %% right, exercise 4: by scikit-learn
def matern(shape, length):
    from sklearn.gaussian_process.kernels import Matern

    lines = [np.arange(n, dtype=float)[:, None] for n in shape]
    return [torch.tensor(Matern(length, nu=1.5)(line)) for line in lines]
