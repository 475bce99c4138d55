"""What the chapter on matrix factorisation must keep true."""

# %% holes: exactly as many as asked, in every channel, and the picture itself is left alone
for shape in ((3, 7, 9), (1, 8, 5)):
    img = torch.rand(shape, generator=torch.Generator().manual_seed(0))
    before_ = img.clone()
    hidden, mask = mask_image(img, 0.25, np.random.default_rng(0))
    assert mask.sum() == round(0.25 * mask.numel())
    assert torch.equal(hidden.isnan(), mask.expand(shape))
    assert torch.equal(hidden[:, ~mask], img[:, ~mask])
    hidden, mask = random_mask_image(img, np.random.default_rng(0), count=3)
    assert mask.sum() == 3
    assert torch.equal(hidden.isnan(), mask.expand(shape))
    assert torch.equal(img, before_)
assert few.sum() == 900
assert half.sum() == 128 * 256
assert block.nonzero().min(0)[0].tolist() == [113, 113]
assert block.sum() == 900
assert row.nonzero()[:, 0].unique().tolist() == [128]
assert row.sum() == 256
assert torch.equal(masked[0].isnan(), half_known.isnan())

# %% pictures for the eye: magenta where missing, grey in three channels, cut to [0, 1]
img = torch.tensor([[[0.5, torch.nan], [1.5, -1.0]]])
np.testing.assert_array_equal(picture(img)[0], [[0.5, 0.5, 0.5], [1, 0, 1]])
np.testing.assert_array_equal(picture(img)[1], [[1, 1, 1], [0, 0, 0]])
colours = torch.rand(3, 4, 5)
np.testing.assert_array_equal(picture(colours), colours.movedim(0, 2))

# %% prepare: zeros in the holes, the mean of what is known; a matrix without entries is refused
import pytest

A_ = torch.tensor([[[1.0, torch.nan], [3.0, 5.0]], [[2.0, 2.0], [torch.nan, 5.0]]])
B_, M_, mean_ = prepare(A_)
assert mean_.flatten().tolist() == [3, 3]
assert M_.tolist() == [[[1, 0], [1, 1]], [[1, 1], [0, 1]]]
assert B_.tolist() == [[[-2, 0], [0, 2]], [[-1, -1], [0, 2]]]
A_[1] = torch.nan
with pytest.raises(ValueError, match="no known entry"):
    prepare(A_)

# %% a half-sweep is a regression for each row, for tall, wide and batched tables
for m, n, k, ridge in ((9, 6, 2, 0.3), (5, 11, 3, 2.0), (4, 4, 1, 0.01)):
    draw_ = torch.Generator().manual_seed(m)
    B_, H_ = (torch.randn(2, r, n, generator=draw_, dtype=torch.float64) for r in (m, k))
    M_ = (torch.rand(2, m, n, generator=draw_) < 0.6).double()
    W_ = solve_rows(B_ * M_, M_, H_, ridge)
    for c in range(2):
        for i in range(m):
            known = M_[c, i] > 0
            X_ = np.vstack([H_[c][:, known].T, np.sqrt(ridge) * np.eye(k)])
            y_ = np.concatenate([B_[c, i, known], np.zeros(k)])
            np.testing.assert_allclose(W_[c, i], np.linalg.lstsq(X_, y_)[0], atol=1e-12)
    f_ = objective(B_, M_, W_, H_, ridge)
    misfit = ((M_ * (B_ - W_ @ H_)) ** 2).sum((1, 2))
    np.testing.assert_allclose(f_, misfit + ridge * ((W_**2).sum((1, 2)) + (H_**2).sum((1, 2))))

# %% starts are normal, of the scale asked for, and repeatable
W_, H_ = random_start(torch.zeros(2, 300, 200), 7, 0.1, seed=3)
assert (W_.shape, H_.shape) == ((2, 300, 7), (2, 7, 200))
assert abs(W_.std() / 0.1 - 1) < 0.1
assert abs(H_.std() / 0.1 - 1) < 0.1
assert torch.equal(W_, random_start(torch.zeros(2, 300, 200), 7, 0.1, seed=3)[0])
assert not torch.equal(W_, random_start(torch.zeros(2, 300, 200), 7, 0.1, seed=4)[0])
assert random_start(torch.zeros(2, 3).double(), 1, 0.1, 0)[0].dtype == torch.float64

# %% the sweeps never raise f, end where W and H say, and complete a table of low rank
import pytest

draw_ = torch.Generator().manual_seed(1)
left_, right_ = (torch.randn(n, 2, generator=draw_, dtype=torch.float64) for n in (40, 30))
exact_ = 2 + left_ @ right_.T
A_ = exact_.masked_fill(torch.rand(40, 30, generator=draw_) < 0.3, torch.nan)
fit_ = factorize_als(A_, 3, ridge=1e-3, sweeps=60)
assert fit_.values.shape == (60,)
assert (fit_.values.diff() <= 1e-9 * fit_.values[:-1]).all()
np.testing.assert_allclose(fit_.completed, A_.nanmean() + fit_.W @ fit_.H)
assert torch.dist(fit_.completed, exact_) < 0.01 * torch.linalg.norm(exact_)
B_, M_, _ = prepare(A_)
np.testing.assert_allclose(fit_.values[-1], objective(B_, M_, fit_.W, fit_.H, 1e-3))
for k in (0, 31, 2.5):
    with pytest.raises(ValueError, match=f"k is {k}; it must be 1 to 30"):
        factorize_als(A_, k)
alone = factorize_als(half_known[1], 5)
np.testing.assert_allclose(
    alone.completed,
    factorize_als(half_known[1:2], 5).completed[0],
    atol=1e-4,
)
assert (factorize_als(half_known, 20, sweeps=60).values.sum(-1)[-1] / least - 1).abs() < 1e-5

# %% scores: RMSE and PSNR of the masked pixels only
truth_, found_ = torch.zeros(3, 4, 4), torch.zeros(3, 4, 4)
mask = torch.zeros(4, 4, dtype=torch.bool)
mask[1, 2] = True
found_[:, 1, 2], found_[:, 0, 0] = 0.1, 5
np.testing.assert_allclose(metrics(truth_, found_, mask), (0.1, 20), rtol=1e-5)

# %% hold-out: hides a tenth, judges by what was known there and hidden for the fit
seen = []


def complete_(A, setting):
    seen.append(A)
    return torch.full_like(A, setting)


A_ = torch.ones(2, 60, 50)
A_[:, :20] = torch.nan
errors_ = hold_out(A_, complete_, [0.5, 1.0], np.random.default_rng(0))
np.testing.assert_allclose(errors_, [0.5, 0])
gone_ = seen[0].isnan() & ~A_.isnan()
assert 0.05 < gone_[0].float().mean() / (2 / 3) < 0.15
assert torch.equal(gone_[0], gone_[1])
assert torch.equal(seen[0].isnan(), seen[1].isnan())
assert torch.equal(A_[:, :20].isnan().all(), torch.tensor(True))
np.testing.assert_array_equal(
    by_rank(half_known, (5, 0.2)).cpu(), factorize_als(half_known, 5, 0.2).completed.cpu()
)

# %% the ridge that is kept is the best of those tried, held out and in the holes
for k in (20, 50):
    assert ridges[int(np.argmin(held_error[k]))] == 0.4
    assert ridges[int(np.argmin(hole_error[k]))] == 0.4
shown_ = by_rank(half_known[1:2], (20, ridges[1]))
np.testing.assert_allclose(hole_error[20][1], metrics(image[1:2], shown_, half)[0], rtol=1e-3)
found_ = hold_out(half_known[1:2], by_rank, [(20, 0.2)], np.random.default_rng(0))
np.testing.assert_allclose(held_error[20][1], found_[0], rtol=1e-3)

# %% the grid: scores by rank and proportion, and a grey picture works as well
from unittest import mock

assert rmses.shape == psnrs.shape == (3, 5)
np.testing.assert_allclose(psnrs, -20 * np.log10(rmses), atol=1e-3)
assert (np.diff(psnrs[2]) < 0).all()
assert psnrs[2, 0] > psnrs[1, 0] > psnrs[0, 0]
with mock.patch("matplotlib.pyplot.show"):
    for channels in (1, 3):
        found_ = plot_image_completion(image[:channels, :40, :50], (0.2, 0.6), (2, 4, 8), device)
        assert found_[0].shape == found_[1].shape == (3, 2)
        assert [a.get_title() for a in plt.gcf().axes][:2] == ["20% missing", "60% missing"]
        assert plt.gcf().axes[2].get_title() == f"rank 2: {found_[1][0, 0]:.1f} dB"
        plt.close()
draw_ = np.random.default_rng(0)
pairs_ = [mask_image(image, p, draw_) for p in proportions]
again_ = metrics(image, factorize_als(pairs_[3][0], 20).completed, pairs_[3][1])
np.testing.assert_allclose((rmses[1, 3], psnrs[1, 3]), again_, rtol=1e-3)

# %% rivals: each keeps what is known, fills every hole, in grey and colour
for A_ in (half_known[:, :40, :50], half_known[:1, :40, :50]):
    known = ~A_.isnan()
    for fill in (linear, telea, biharmonic):
        filled_ = fill(A_)
        assert filled_.shape == A_.shape
        assert filled_.isfinite().all()
        assert (filled_ - A_)[known].abs().max() <= (0.5 / 255 + 1e-6 if fill is telea else 1e-6)
ramp = torch.arange(30.0).expand(1, 20, 30) / 30
ramp_mask = torch.zeros(20, 30, dtype=torch.bool)
ramp_mask[5:9, 8:15] = True
ramp_mask[0, 0] = True
filled_ = linear(hide(ramp, ramp_mask))
np.testing.assert_allclose(filled_[0, 5:9, 8:15], ramp[0, 5:9, 8:15], atol=1e-6)
np.testing.assert_allclose(filled_[0, 0, 0], hide(ramp, ramp_mask).nanmean(), atol=1e-6)
assert torch.equal(mean_colour(masked[2])[:, 3, 4], masked[2].nanmean((1, 2)))

# %% the table shows what it says
import contextlib
import io

with contextlib.redirect_stdout(io.StringIO()) as out_:
    filled_ = fill_holes("again", mean_colour)
numbers = [float(x) for x in out_.getvalue().split()[1:]]
for x, number, mask in zip(filled_, numbers, holes.values(), strict=True):
    assert abs(metrics(image, x, mask)[1] - number) <= 0.05 + 1e-9
assert torch.equal(filled_, by_mean)
score_ = {
    name: [metrics(image, x, mask)[1] for x, mask in zip(filled, holes.values(), strict=True)]
    for name, filled in (
        ("20", by_rank_20),
        ("50", by_rank_50),
        ("lines", by_lines),
        ("telea", by_telea),
        ("sheet", by_sheet),
        ("patches", patched),
        ("joint 20", shared_20),
        ("joint 50", shared_50),
    )
}
assert score_["sheet"][0] > score_["lines"][0] > score_["50"][0] > score_["20"][0]
assert score_["telea"][2] == max(s[2] for s in score_.values())
assert 0 < score_["20"][0] - score_["joint 20"][0] < 1
assert 0 < score_["50"][0] - score_["joint 50"][0] < 1
assert score_["patches"][3] > score_["50"][3] + 5
with contextlib.redirect_stdout(io.StringIO()) as out_:
    case_scores("sweeps", factorize_als)
found_ = factorize_als(green, 20).completed
wanted_ = [metrics(image[1], *p)[1] for p in zip(found_, (half, tenth, row), strict=True)]
np.testing.assert_allclose([float(x) for x in out_.getvalue().split()[1:]], wanted_, atol=0.051)
assert abs(tenth.float().mean() - 0.9) < 1e-4

# %% shuffled and back is the same fit; the straight lines are lost
assert sorted(order.tolist()) == sorted(place.tolist()) == list(range(256))
assert not torch.equal(order, place)
unmixed = shuffled[:, order.argsort()][:, :, place.argsort()]
assert torch.equal(unmixed.nan_to_num(7), half_double.nan_to_num(7))
assert metrics(image_double, back[1], half)[1] < 12

# %% patches: rows of C·size² numbers, put back by their mean; the stride may leave a rim
X_ = torch.rand(3, 10, 13)
rows_ = lift(X_, 4, 3)
assert rows_.shape == (3 * 4, 48)
np.testing.assert_array_equal(rows_[5].reshape(3, 4, 4), X_[:, 3:7, 3:7])
np.testing.assert_allclose(lower(rows_, X_.shape, 4, 3), X_, atol=1e-6)
assert lift(X_).shape == (2 * 3, 192)
odd = torch.rand(1, 11, 11)
assert lower(lift(odd), odd.shape).isnan().any()
filled_ = by_patches(hide(half_known[:, :41, :51], half[:41, :51]))
assert filled_.isfinite().all()
with_ridge = by_patches(half_known[:, :64, :64], 0.3)
assert not torch.allclose(with_ridge, by_patches(half_known[:, :64, :64]))
assert int(np.argmin(for_patches)) == 1

# %% the slider: input, three ways and the picture side by side, doubled
made_ = frame(0.7)
assert made_.shape == (2 * 96, 2 * 5 * 96, 3)
A_, _ = mask_image(image, 0.7, np.random.default_rng(0))
for i, x in ((0, A_), (1, factorize_als(A_, 20).completed), (2, linear(A_)), (4, image)):
    np.testing.assert_allclose(made_[::2, 192 * i : 192 * (i + 1) : 2], picture(x[face]), atol=1e-4)

# %% the block, enlarged: the square of sixty pixels around it, filled in every way
assert list(close) == ["rank 50", "straight lines", "patches", "Telea", "the block", "the picture"]
around_ = np.s_[:, 98:158, 98:158]
for name, x in (("rank 50", by_rank_50[2]), ("Telea", by_telea[2]), ("the picture", image)):
    np.testing.assert_allclose(close[name], picture(x[around_]))

# %% the lead in standard errors, by its formula
draw_ = torch.Generator().manual_seed(5)
truth_, near_, far_ = (torch.randn(2, 30, 8, generator=draw_) for _ in range(3))
mask = torch.rand(30, 8, generator=draw_) < 0.5
by_row_ = (((far_ - truth_) ** 2 - (near_ - truth_) ** 2) * mask).sum((0, 2)).numpy()
wanted_ = by_row_.mean() / (by_row_.std(ddof=1) / np.sqrt(30))
np.testing.assert_allclose(lead(truth_, near_, far_, mask), wanted_, rtol=1e-4)
np.testing.assert_allclose(lead(truth_, far_, near_, mask), -wanted_, rtol=1e-4)

# %% Adam: the recipe's objective is the norm, repairs change what they name, and it is repeatable
A_ = half_known[1:2, :30, :40]
plain_ = factorize(A_, 4, steps=1)
W_, H_ = random_start(A_, 4, 1, seed=0)
np.testing.assert_allclose(abs(plain_.W - W_).max(), 0.01, rtol=1e-3)
f_ = (((W_ @ H_ - A_).nan_to_num(0)) ** 2).sum()
np.testing.assert_allclose(plain_.values[0], f_, rtol=1e-4)
fixed_ = factorize(A_, 4, steps=1500, lr=0.03, **repairs)
swept_ = factorize_als(A_, 4, sweeps=200)
np.testing.assert_allclose(fixed_.values[-1].sum(), swept_.values[-1].sum(), rtol=0.02)
assert torch.equal(factorize(A_, 4, steps=7).W, factorize(A_, 4, steps=7).W)
W_, H_ = random_start(A_, 4, 0.1, seed=0)
B_, M_, _ = prepare(A_)
begun = factorize(A_, 4, steps=1, **repairs)
np.testing.assert_allclose(begun.values[0], objective(B_, M_, W_, H_, 0.4), rtol=1e-5)
np.testing.assert_allclose(begun.completed, A_.nanmean() + begun.W @ begun.H, atol=1e-6)
norm_, square_ = (factorize(A_, 4, steps=40, square=s).values[-1] for s in (False, True))
assert not torch.equal(norm_, square_)
assert repairs == {"square": True, "scale": 0.1, "centred": True, "ridge": 0.4}

# %% distances: rank four, one in five heard, every method fills the table
exact_ = ((phones[:, None] - beacons) ** 2).sum(-1)
np.testing.assert_allclose(exact, exact_, atol=1e-12)
assert np.linalg.matrix_rank(exact_) == 4
assert abs(noise.std() / 0.02 - 1) < 0.1
assert unheard.sum() == 8000
assert torch.equal(heard.isnan(), unheard)
assert list(imputed) == list(imputers)
for x in imputed.values():
    assert x.shape == (100, 100)
    assert x.isfinite().all()
error_ = {name: rmse(x[unheard], exact[unheard]) for name, x in imputed.items()}
assert error_["factorisation"] < error_["regression"] < error_["nearest rows"]
assert error_["20 rounds of it"] < error_["regression"]

# %% joint: the channels side by side share the weights of a row
wide = torch.cat(list(half_known - half_known.nanmean((1, 2), keepdim=True)), dim=1)
wanted_ = factorize_als(wide, 20, 0.4).completed
found_ = joint(half_known, 20) - half_known.nanmean((1, 2), keepdim=True)
np.testing.assert_allclose(torch.cat(list(found_), dim=1).cpu(), wanted_.cpu(), atol=1e-4)

# %% the race: how far f is above its least, and the steps to within a hundredth
above_, seconds_ = excess(lambda: factorize_als(half_known, 20, sweeps=3))
wanted_ = factorize_als(half_known, 20, sweeps=3).values.sum(-1) / least - 1
np.testing.assert_allclose(above_, wanted_.cpu(), rtol=1e-3)
assert seconds_ > 0
for name, (above, _) in runs.items():
    count_ = steps[name]
    assert above[count_ - 1] <= 0.01 < above[count_ - 2]
assert adam(0.1, 5).values.shape == (5, 3)
assert [len(above) for above, _ in runs.values()] == [250, 250, 250, 20]

# %% recovery: nothing from as many entries as free numbers, everything from many more
assert recovered(20, 2, 1, 8, np.random.default_rng(0)) == 0
assert recovered(20, 2, 4, 8, np.random.default_rng(0)) == 1
assert [len(s) for s in shares.values()] == [6, 6]
assert shares[30][0] == shares[60][0] == 0
counts_ = []
real_ = random_mask


def random_mask(shape, missing, rng):
    counts_.append((shape, missing))
    return real_(shape, missing, rng)


recovered(20, 2, 3, 2, np.random.default_rng(0))
assert counts_ == [((20, 20), 400 - 3 * 2 * 38)] * 2

# %% the lower bound: below f for any weights, and met by the lowered SVD where all is known
draw_ = torch.Generator().manual_seed(8)
A_ = torch.randn(12, 9, generator=draw_, dtype=torch.float64)
B_ = A_ - A_.mean()
U_, s_, Vh_ = torch.linalg.svd(B_, full_matrices=False)
root_ = (s_ - 0.5).clamp(0).sqrt()
from types import SimpleNamespace

best_ = SimpleNamespace(W=U_ * root_, H=root_[:, None] * Vh_)
f_ = objective(B_, torch.ones_like(B_), best_.W, best_.H, 0.5)
np.testing.assert_allclose(lower_bound(A_, best_, 0.5), f_)
for k in (1, 4):
    worse_ = factorize_als(A_, k, 0.5, sweeps=4)
    assert lower_bound(A_, worse_, 0.5) < f_ * (1 + 1e-12) <= worse_.values[-1] * (1 + 1e-12)
assert over_bound[5] > over_bound[10] > over_bound[20] > 1 - 1e-9

# %% the reader's own picture: exactly four fifths are lost, and come back
assert lost.sum() == round(0.8 * lost.size)
assert psnr(restored, mine) > psnr(np.where(lost[..., None], mine.mean((0, 1)), mine), mine) + 5


# %% wrong, exercise 1: the constant that a mean gives
def fold_in(a, H, mean, ridge):
    return torch.full_like(a, 0.3)


# %% wrong, exercise 1: no ridge
def fold_in(a, H, mean, ridge):
    known = ~a.isnan()
    return mean + torch.linalg.lstsq(H[:, known].T, a[known] - mean).solution @ H


# %% wrong, exercise 1: known entries put back
def fold_in(a, H, mean, ridge):
    known = ~a.isnan()
    h = H[:, known]
    w = torch.linalg.solve(h @ h.T + ridge * torch.eye(len(H)).to(H), h @ (a[known] - mean))
    return torch.where(known, a, mean + w @ H)


# %% right, exercise 1: by NumPy, with a ridge as more equations
def fold_in(a, H, mean, ridge):
    known = ~a.isnan()
    X = np.vstack([H[:, known].T, np.sqrt(ridge) * np.eye(len(H))])
    y = np.concatenate([a[known] - mean, np.zeros(len(H))])
    return mean + torch.from_numpy(np.linalg.lstsq(X, y)[0]) @ H


# %% right, exercise 1: by the chapter's own half-sweep
def fold_in(a, H, mean, ridge):
    known = (~a.isnan()).double()
    w = solve_rows((a - mean).nan_to_num(0)[None], known[None], H, ridge)
    return (mean + w @ H)[0]


# %% wrong, exercise 2: no care for the rim
def complete_by_patches(A, size, k, ridge):
    means = A.nanmean((-2, -1), keepdim=True)
    rows = factorize_als(lift(A - means, size, size), k, ridge).completed
    return torch.where(A.isnan(), means + lower(rows, A.shape, size, size), A)


# %% wrong, exercise 2: known pixels change
def complete_by_patches(A, size, k, ridge):
    means = A.nanmean((-2, -1), keepdim=True)
    rows = factorize_als(lift(A - means, size, 1), k, ridge).completed
    return means + lower(rows, A.shape, size, 1)


# %% right, exercise 2: one mean for all channels, and double precision
def complete_by_patches(A, size, k, ridge):
    rows = factorize_als(lift(A.double(), size, 1), k, ridge, sweeps=6).completed
    return torch.where(A.isnan(), lower(rows, A.shape, size, 1).to(A), A)


# %% wrong, exercise 3: always the first
def choose_method(A, mask, methods, rng):
    return next(iter(methods))


# %% wrong, exercise 3: always the same
def choose_method(A, mask, methods, rng):
    return "nearby"


# %% right, exercise 3: the holes mirrored, and again upside down
def choose_method(A, mask, methods, rng):
    total = dict.fromkeys(methods, 0.0)
    for flip in ((0,), (1,), (0, 1)):
        held = mask.flip(flip).roll((1, 1), (0, 1)) & ~mask
        for name, complete in methods.items():
            total[name] += (complete(hide(A, held)) - A)[:, held].square().sum().item()
    return min(total, key=total.get)
