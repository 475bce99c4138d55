"""What the chapter on the pseudo-inverse of a convolution must keep true."""

# equivalent, deblur: frame, path, noise, most=200 → frame, path, noise, most=201: the noise stops it far earlier
# elsewhere, question: SHARE = 1e-3 → SHARE = 2e-3: more noise
# elsewhere, question: SHARE = 1e-3 → SHARE = 5e-4: less noise
# elsewhere, pairs: N, FAR, NEAR = 64, 2 / 3, 0.9 → N, FAR, NEAR = 56, 2 / 3, 0.92: a shorter row, and a root nearer to the circle
# elsewhere, many: seed=50 + number → seed=200 + number: other kernels for the inverse and damping
# elsewhere, asker: range(0, 1000, 100) → range(50, 1050, 100): other kernels of eight channels

# %% concludes: No error exceeds $\kappa$ times the error of `y`; most are far below.
assert (inverted <= bound).all()
assert (inverted < bound / 10).mean() > 0.5

# %% concludes: Where undone random errors foretell less than a tenth, no error of the inverse is more than five times as large.
small_ = foretold < 0.1
assert small_.sum() > 5
assert (inverted <= 5 * foretold)[small_].all()

# %% concludes: Where they foretell more than a half, damping errs less than the inverse each time, and never by as much as a half; between, in most cases.
large_ = foretold > 0.5
between_ = (foretold >= 0.1) & ~large_
assert min(large_.sum(), between_.sum()) > 0
assert (damped < inverted)[between_].mean() > 0.5
assert (damped < inverted)[large_].all()
assert damped[large_].max() < 0.5

# %% concludes: From single precision the inverse keeps some three digits. $\kappa$ does not promise that, but undone random errors foretell it: so invert.
off_, bound_, foretold_, error_ = stored_exact["single"]
assert 10**-3.5 < error_ < 10**-2.5
assert bound_ > 1
assert 1 / 3 < error_ / foretold_ < 3

# %% concludes: From TF32 or with noise the inverse is worse than $\hat x = 0$, whose error is 1; so damp.
assert min(stored_exact["TF32"][-1], stored_exact["noise"][-1]) > 1
assert min(stored_exact["TF32"][2], stored_exact["noise"][2]) > 0.1

# %% concludes: With noise LSQR comes to a few hundredths in a thousand steps, and without noise not much further: here the steps are the limit, and this preconditioner does not save any.
assert stored_steps[-1] == 1000
plain_, other_ = stored_lsqr["noise, damped"], stored_lsqr["preconditioned"]
assert 0.01 < plain_[-1] < 0.05
assert stored_lsqr["no noise"][-1] > 0.5 * plain_[-1]
assert np.all(np.diff(plain_) < 0)
assert all(a > b for a, b in zip(other_, plain_, strict=False))

# %% concludes: A blur keeps what neighbours share, so $\tau$ from $y$ comes out too large, and too little is damped.
assert taus["τ from y"] > 1.5 * taus["true τ"]
assert curves["τ from y"][-1] > curves["true τ"][-1]

# %% concludes: Even the true $\tau$ damps too little: a photograph has less of the fine detail that the blur hides.
u_, s_, vt_ = np.linalg.svd(A_photo)
truth_ = photo.ravel().cpu().numpy()
of_y_ = u_.T @ y_photo.ravel().cpu().numpy()
off_ = [
    np.linalg.norm(vt_.T @ (s_ * of_y_ / (s_**2 + (sigma / t_) ** 2)) - truth_)
    for t_ in (taus["true τ"], taus["true τ"] / 3)
]
assert off_[1] < off_[0]
assert size_of(torch.tensor((vt_ @ truth_)[s_ < 0.1 * s_[0]])) < taus["true τ"] / 2

# %% concludes: Run on, it finds the rest, and the noise with it: the error falls, and then rises.
errors_ = curves["no guard"]
assert errors_[0] > min(errors_)
assert errors_[-1] > 2 * min(errors_)

# %% concludes: Of the guards the stop errs least here. In the own case it was early.
assert stopped_error < min(errors[-1] for errors in curves.values())
assert stored_lsqr["noise, damped"][-1] < own_error

# %% concludes: Without a bad wave $\kappa$ stays below 100, and from 8 to 24 pixels it grows less than for any kernel with one.
assert min(sum(safe), sum(~safe)) > 2
assert last[safe].max() < 100
assert (last / first)[safe].max() < (last / first)[~safe].min()

# %% concludes: In the runs of one channel no kernel without a bad wave was dangerous
assert len(safe) == len(last) == 42
assert last[safe].max() < 100
heavy_ = [2 * k_[0, 0, 1, 1].abs() > k_.abs().sum() for k_ in single + moved]
assert np.mean([bool(h_) for h_, s_ in zip(heavy_, safe, strict=True) if s_]) < 0.5  # wider

# %% concludes: How fast it grows with a bad wave, the roots tell only roughly.
off_ = abs(by_roots / growth - 1)[~safe]
assert np.quantile(off_, 0.75) > 0.1
assert (growth[~safe] > 0).all()

# %% concludes: From single precision or with noise the error of the exact inverse differs more than tenfold between them, by their draw alone.
most_, least_ = np.max(asked, axis=0), np.min(asked, axis=0)
assert (most_ > 10 * least_)[[2, 3, 4]].all()

# %% concludes: For zero padding the recipe is wrong without any noise, and worse than $\hat x = 0$.
assert recipe_error["zeros"] > 1

# %% concludes: Of these four, the exact inverse fails where the roots lie on one side, the recipe where they are near the circle, and neither failure brings the other.
for place_ in ("far", "near"):
    both_, one_ = f"{place_}, both sides", f"{place_}, one side"
    assert kappas[one_][-1] > 3 * kappas[both_][-1]
    assert 0.5 < recipe_mse[one_] / recipe_mse[both_] < 2
for side_ in ("both sides", "one side"):
    assert recipe_mse[f"near, {side_}"] > 10 * recipe_mse[f"far, {side_}"]
assert kappas["near, both sides"][-1] < kappas["far, one side"][-1]

# %% concludes: With four channels it grows more slowly than with one
growths_ = {c_: values_[3] / values_[1] for c_, values_ in median.items()}
assert growths_[4] < growths_[1]

# %% concludes: Over these kernels the recipe's error goes with $\kappa$ of $C$, and not with $\kappa$ of $A$.
assert by_C > 0.7
assert by_A < 0.5

# %% concludes: From a `y` in double precision $\hat x$ is right to many digits for each of these kernels.
assert np.max(asked, axis=0)[1] < 1e-7

# %% a convolution is SciPy's correlation, summed over the input channels
from scipy.signal import correlate2d

for shape, size in (((2, 3, 3, 3), (6, 5)), ((1, 2, 4, 2), (7, 8)), ((3, 1, 2, 5), (5, 9))):
    k, x = normal(*shape, seed=30), normal(2, shape[1], *size, seed=31)
    for padding, where in (
        ("valid", ("valid", "fill")),
        ("zeros", ("full", "fill")),
        ("circular", ("full", "wrap")),
    ):
        y = convolve(x, k, padding).cpu().numpy()
        for b, o in np.ndindex(2, shape[0]):
            full = sum(
                correlate2d(x[b, c].cpu(), k[o, c].cpu(), where[0], where[1])
                for c in range(shape[1])
            )
            if padding != "valid":
                top, left = shape[2] // 2, shape[3] // 2
                full = full[top : top + size[0], left : left + size[1]]
            np.testing.assert_allclose(y[b, o], full, atol=1e-12)
    if shape[2] % 2 and shape[3] % 2:  # PyTorch warns of even ones
        assert relative(convolve(x, k, "zeros"), F.conv2d(x, k, padding="same")) < 1e-14
import pytest

for wrong in ("reflect", "zero", None):
    with pytest.raises(KeyError, match=str(wrong)):
        convolve(x, k, wrong)

# %% a dense matrix, column by column
a = dense_matrix(normal(2, 3, 3, 2, seed=3).float(), (4, 5), "valid")
assert a.shape == (2 * 2 * 4, 3 * 4 * 5)
assert a.dtype == torch.float64
x = normal(1, 3, 4, 5, seed=4)
y = convolve(x, normal(2, 3, 3, 2, seed=3).float().double(), "valid").ravel()
assert relative(a @ x.ravel(), y) < 1e-14

# %% noise of a share of y's standard deviation
y = normal(2, 3, 50, 60, seed=10)
rough, size = add_noise(5 * y, 0.02)
assert abs(size / 0.1 - 1) < 0.02
assert abs((rough - 5 * y).std().item() / size - 1) < 0.02
assert abs(((rough - 5 * y) * y).mean()) < 1e-2
assert torch.equal(add_noise(y, 0.1)[0], add_noise(y, 0.1)[0])
assert not torch.equal(add_noise(y, 0.1, seed=3)[0], add_noise(y, 0.1)[0])

# %% the question's y: exact for a kernel and an x in single precision, and as conv2d gives it
k, v, ys = question(3, 7, seed=4)
assert list(ys) == ["exact", "single", "noise"]
assert torch.equal(k, normal(3, 3, 3, 3, seed=4).float().double())
assert torch.equal(v, v.float().double())
assert v.shape == (1, 3, 7, 7)
a = dense_matrix(k, (7, 7), "zeros")
assert relative(ys["exact"].ravel(), a @ v.ravel()) < 1e-14
assert torch.equal(ys["single"], F.conv2d(v.float(), k.float(), padding=1).double())
assert 1e-9 < relative(ys["single"], ys["exact"]) < 1e-6
assert abs(size_of(ys["noise"] - ys["exact"]) / ys["exact"].std().item() / SHARE - 1) < 0.15

# %% TF32: eleven binary digits, to the nearest
values = torch.tensor([1.0, 1 + 2**-10, 1 + 2**-12, -3 - 2**-8, 0.0, 1e-30]).double()
assert torch.equal(
    rounded(values, 11)[:5], torch.tensor([1, 1 + 2**-10, 1, -3 - 2**-8, 0]).double()
)
assert abs(rounded(values, 11)[5] / 1e-30 - 1) < 2**-11
v = normal(5000, seed=3)
assert abs(rounded(v, 11) / v - 1).max() <= 2**-11

# %% what a trial foretells: the mean error of many draws of noise
a = dense_matrix(normal(1, 1, 3, 3, seed=8), (6, 6), "zeros")
solve, kappa = by_svd(a)
assert abs(kappa / torch.linalg.cond(a).item() - 1) < 1e-9
v = normal(1, 1, 6, 6, seed=1)
y = (a @ v.ravel()).reshape(v.shape)
assert relative(solve(y), v) < 1e-12 * kappa
wanted = torch.linalg.solve(a.T @ a + 0.04 * torch.eye(36, dtype=a.dtype), a.T @ y.ravel())
assert relative(solve(y, 0.2).ravel(), wanted) < 1e-9
rough = y + 1e-4 * normal(*y.shape, seed=2)
off, most, told_, error = trial(solve, kappa, rough, y, v)
assert abs(off - relative(rough, y)) < 1e-15
assert abs(most / (kappa * off) - 1) < 1e-12
assert abs(error - relative(solve(rough), v)) < 1e-12
size = size_of(rough - y)
wanted = size * torch.linalg.inv(a).norm().item() / solve(rough).norm().item()
assert 0.5 < told_ / wanted < 2  # ten draws
assert abs(size_of(torch.tensor([3.0, 4.0])) - math.sqrt(12.5)) < 1e-6
# and no promise along the smallest singular vector
v_last_ = torch.linalg.svd(a)[0][:, -1].reshape(y.shape)
rough = y + 1e-4 * math.sqrt(36) * v_last_
off, most, told_, error = trial(solve, kappa, rough, y, v)
assert error > 3 * told_
s_ = torch.linalg.svdvals(a)
assert abs(error * v.norm().item() / (1e-4 * 6 / s_[-1].item()) - 1) < 1e-6

# %% the size of white x from y
for c_ in (1, 4):
    k, v = normal(c_, c_, 3, 3, seed=60), 0.7 * normal(1, c_, 96, 96, seed=61)
    y, sigma = add_noise(convolve(v, k, "zeros"), 0.5)
    assert abs(size_of_x(y, k, sigma) / 0.7 - 1) < 0.05
assert 0 < size_of_x(0 * y, k, sigma) < 1e-100

# %% the twenty kernels: what the figure shows, by NumPy
assert [len(rows) for rows in found.values()] == [20, 20]
assert len(inverted) == 40
k, v, ys = question(4, 12, seed=53)
a = dense_matrix(k, (12, 12), "zeros").cpu().numpy()
sigma = size_of(ys["noise"] - ys["exact"])
damp = sigma / size_of_x(ys["noise"], k, sigma)
target, truth = ys["noise"].ravel().cpu().numpy(), v.ravel().cpu().numpy()
ridge = np.linalg.solve(a.T @ a + damp**2 * np.eye(len(a)), a.T @ target)
wanted = [
    np.linalg.cond(a) * relative(ys["noise"], ys["exact"]),
    np.linalg.norm(np.linalg.solve(a, target) - truth) / np.linalg.norm(truth),
    np.linalg.norm(ridge - truth) / np.linalg.norm(truth),
]
row = np.array(found["noise"][3])[[1, 3, 4]]
np.testing.assert_allclose(row, wanted, rtol=1e-6)
np.testing.assert_allclose(inverted[20:], np.array(found["noise"])[:, 3])

# %% random numbers: by their seed alone
assert torch.equal(normal(2, 3, seed=7), normal(2, 3, seed=7))
assert not torch.equal(normal(2, 3, seed=7), normal(2, 3, seed=8))
assert normal(2, seed=0).dtype == torch.float64
assert abs(normal(10_000, seed=1).mean()) < 0.05
assert abs(relative(torch.tensor([3.0, 6.0]), torch.tensor([0.0, 2.0])) - 2.5) < 1e-6

# %% the operator: a linear function and its transpose, in either precision
for dtype, bound in ((torch.float32, 1e-5), (torch.float64, 1e-13)):
    k = normal(3, 2, 3, 2, seed=5)
    for function, shape in (
        (lambda x, k=k: convolve(x, k.to(x.dtype), "zeros"), (1, 2, 6, 5)),
        (lambda x, k=k: F.conv2d(x, k.to(x.dtype), stride=2), (3, 2, 7, 6)),
    ):
        A = operator_of(function, shape, dtype)
        units = torch.eye(math.prod(shape), dtype=torch.float64).reshape(-1, *shape)
        a = torch.stack([function(unit).ravel() for unit in units], dim=1).cpu().numpy()
        assert A.shape == a.shape
        v, w = normal(a.shape[1], seed=6).cpu().numpy(), normal(len(a), seed=7).cpu().numpy()
        np.testing.assert_allclose(A @ v, a @ v, atol=bound * 10)
        np.testing.assert_allclose(A.T @ w, a.T @ w, atol=bound * 10)
assert operator_of(lambda x: 2 * x, (1, 1, 2, 2)).matvec(np.ones(4)).dtype == np.float32

# %% LSQR stops where the residual is as large as the noise, and not a step before
k, x = normal(2, 2, 3, 3, seed=8), normal(1, 2, 9, 8, seed=9)
y, size = add_noise(convolve(x, k, "zeros"), 1e-2)
a = dense_matrix(k, (9, 8), "zeros").cpu().numpy()
found, steps = by_lsqr(a, y, size)
target = y.ravel().cpu().numpy()
misses = [
    np.sqrt(np.mean((a @ by_lsqr(a, y, 0.0, most=n)[0].numpy() - target) ** 2))
    for n in (steps - 1, steps)
]
assert misses[1] <= size * (1 + 1e-6) < misses[0]
np.testing.assert_allclose(a @ found.numpy(), a @ by_lsqr(a, y, 0.0, most=steps)[0].numpy())
assert by_lsqr(a, y, 0.0, most=7)[1] == 7
assert by_lsqr(a, 0 * y, size)[0].abs().max() == 0
import pytest

with pytest.warns(UserWarning, match="after 7 steps"):
    by_lsqr(a, y, size, most=7)
damped = by_lsqr(a, y, 0.0, 0.3)[0].numpy()
ridge = np.linalg.solve(a.T @ a + 0.09 * np.eye(len(a)), a.T @ target)
np.testing.assert_allclose(damped, ridge, atol=1e-9)

# %% undo: what it says is the error of its own x̂, by dense algebra
for padding in ("zeros", "circular", "valid"):
    k, x = normal(2, 2, 3, 3, seed=11), normal(1, 2, 8, 8, seed=12)
    y, size = add_noise(convolve(x, k, padding), SHARE)
    a = dense_matrix(k, (8, 8), padding).cpu().numpy()
    single = operator_of(lambda v, k=k, p=padding: convolve(v, k.float(), p), x.shape)
    x_hat, steps = by_lsqr(single, y, size)
    assert undo(k, x, padding, SHARE) == (relative(x_hat.to(x), x.ravel()), steps)
    ridge = np.linalg.solve(a.T @ a + size**2 * np.eye(len(a.T)), a.T @ y.ravel().cpu().numpy())
    wanted = np.linalg.norm(ridge - x.ravel().cpu().numpy()) / x.norm().item()
    assert abs(undo(k, x, padding, SHARE, stop=0.0, damp=1.0)[0] - wanted) < 1e-3 + SHARE
    clean = torch.linalg.pinv(torch.tensor(a)).numpy() @ a @ x.ravel().cpu().numpy()
    wanted = np.linalg.norm(clean - x.ravel().cpu().numpy()) / x.norm().item()
    assert abs(undo(k, x, padding, 0.0)[0] - wanted) < 1e-3  # single precision, times κ
    assert undo(k, x, padding, 0.0, most=9)[1] == 9
batch = normal(3, 2, 8, 8, seed=12)  # of the question's shape (b, c, h, w)
assert undo(k, batch, "zeros", SHARE)[0] < 0.5
assert own_error < 1
if SHARE == 1e-3:
    assert stored_lsqr["no noise"][2] < own_error < stored_lsqr["no noise"][0]
    assert 50 < own_steps < 300
assert list(stored_lsqr) == ["no noise", "noise, damped", "preconditioned"]
assert {len(errors) for errors in list(stored_lsqr.values())[:2]} == {len(stored_steps)}
M = prepare_circular(k, (8, 8), 0.1)  # a preconditioner does not change where LSQR ends
assert abs(undo(k, x, "zeros", 0.0, M=M)[0] - undo(k, x, "zeros", 0.0)[0]) < 1e-2

# %% the symbol's singular values are those of the matrix
for shape, size in (((2, 2, 3, 3), (6, 5)), ((2, 3, 4, 2), (5, 6)), ((1, 1, 5, 3), (5, 3))):
    k = normal(*shape, seed=33)
    blocks = symbol(k, size)
    assert blocks.shape == (*size, *shape[:2])
    all_values = torch.linalg.svdvals(blocks).flatten().sort(descending=True).values
    dense_values = torch.linalg.svdvals(dense_matrix(k, size, "circular"))
    assert relative(all_values, dense_values) < 1e-13
    x = normal(1, shape[1], *size, seed=34)  # and it multiplies each wave
    spectrum = torch.einsum("kloi,bikl->bokl", blocks, torch.fft.fft2(x))
    assert relative(torch.fft.ifft2(spectrum).real, convolve(x, k, "circular")) < 1e-13

# %% what y may be: real floats of the right shape
import pytest

k = normal(2, 3, 3, 3, seed=13)
square = normal(3, 3, 3, 3, seed=13)
for solve, channels in ((prepare_circular(k, (8, 9)), 2), (prepare_zeros(square, (8, 9))[0], 3)):
    good = normal(2, channels, 8, 9, seed=14)
    assert solve(good).shape == (2, 3, 8, 9)
    for wrong in (
        good.int(),
        good.byte(),
        good.bool(),
        good + 1j,
        good[..., :8],
        good[:, :1],
        good[0],
        good.mT,
        good[..., None],
        good * math.nan,
        None,
    ):
        with pytest.raises(ValueError, match="must be a finite float tensor"):
            solve(wrong)
for prepare in (prepare_circular, prepare_zeros):
    for wrong in (
        square + 1j,
        square.int(),
        square.cpu().numpy(),
        square[0, 0],
        square / 0,
        square.tolist(),
    ):
        with pytest.raises(ValueError, match=r"kernel is .*must be a finite float tensor"):
            prepare(wrong, (8, 9))
square_picture = normal(1, 3, 8, 8, seed=14)
for prepare in (prepare_circular, lambda *given: prepare_zeros(*given)[0]):
    both_ = [prepare(square, size)(square_picture) for size in (8, (8, 8))]
    assert torch.equal(*both_)
    with pytest.raises(ValueError, match=r"y is .*\(b, 3, 8, 8\)"):
        prepare(square, 8)(square_picture[..., :7])
with pytest.raises(ValueError, match="3 channels in and 2 out; both must be equal"):
    prepare_zeros(k, (8, 9))
for wrong in (-1.0, math.inf, math.nan):
    with pytest.raises(ValueError, match=r"ridge is .*must be 0 or more"):
        prepare_circular(k, (8, 9), wrong)

# %% circular: against the dense pseudo-inverse and the ridge, for every size and shape
for channels in ((1, 1), (2, 2), (3, 2), (2, 3)):
    for sizes, size in (((3, 3), (9, 7)), ((4, 3), (9, 8)), ((2, 2), (5, 6)), ((1, 1), (1, 4))):
        for ridge in (0.0, 0.01, 3.0):
            k = normal(*channels, *sizes, seed=15)
            a = dense_matrix(k, size, "circular")
            y = normal(2, channels[0], *size, seed=16)
            inverse = torch.linalg.pinv(a)
            if ridge:
                inverse = torch.linalg.solve(a.T @ a + ridge * torch.eye(len(a.T)).double(), a.T)
            got = prepare_circular(k, size, ridge)(y)
            assert got.shape == (2, channels[1], *size)
            assert relative(got.flatten(1), y.flatten(1) @ inverse.T) < 1e-11
box = separable(1, 1, 1)  # singular on a torus of nine
wanted = normal(2, 81, seed=17) @ torch.linalg.pinv(dense_matrix(box, (9, 9), "circular")).T
got = prepare_circular(box, (9, 9))(normal(2, 81, seed=17).reshape(2, 1, 9, 9))
assert relative(got.flatten(1), wanted) < 1e-12
got = prepare_circular(1e6 * box, (9, 9))(normal(2, 81, seed=17).reshape(2, 1, 9, 9))
assert relative(1e6 * got.flatten(1), wanted) < 1e-12
zero = prepare_circular(0 * box, (9, 9))(normal(2, 1, 9, 9, seed=18))
assert zero.abs().max() == 0

# %% the recipe on both paddings: its errors, by NumPy's FFT
inverse_f = np.linalg.inv(symbol(asker_kernel, (128, 128)).cpu().numpy())
for padding, share in (("circular", SHARE), ("zeros", 0.0)):
    y = add_noise(convolve(asker_x, asker_kernel, padding), share)[0].cpu().numpy()[0]
    spectrum = np.einsum("klio,okl->ikl", inverse_f, np.fft.fft2(y))
    off = np.fft.ifft2(spectrum).real - asker_x[0].cpu().numpy()
    assert abs(np.linalg.norm(off) / asker_x.norm().item() / recipe_error[padding] - 1) < 1e-6
    drawn_map = maps[f"{padding}, noise {share:g}: error {recipe_error[padding]:.2g}"]
    np.testing.assert_allclose(drawn_map, np.log10((off**2).mean(0)), atol=1e-5)

# %% one row: taps of given roots, κ, and the recipe's error
for roots in ((2 / 3, 1 / 2), (2 / 3, 2), (0.3, -4, 2)):
    back = np.sort(np.roots(taps(*roots)[0, 0, 0].tolist()[::-1]))
    np.testing.assert_allclose(back, np.sort(roots))
    assert taps(*roots).shape == (1, 1, 1, len(roots) + 1)
assert np.allclose(taps(2 / 3, 1 / 2)[0, 0, 0].cpu(), [1 / 3, -7 / 6, 1])
assert np.allclose(taps(0.9, 1 / 0.85)[0, 0, 0].cpu(), [18 / 17, -353 / 170, 1])
for name, roots in PAIRS.items():
    k0, k1, k2 = taps(*roots)[0, 0, 0].tolist()
    for n, kappa in zip(lengths, kappas[name], strict=True):
        a = np.diag(np.full(n, k1))
        a += np.diag(np.full(n - 1, k0), -1) + np.diag(np.full(n - 1, k2), 1)
        s = np.linalg.svd(a, compute_uv=False)
        assert abs(kappa / (s[0] / s[-1]) - 1) < 1e-3
    c = a.copy()
    c[0, -1], c[-1, 0] = k0, k2
    x = normal(N, 2000, seed=19).cpu().numpy()
    off = np.linalg.solve(c, a @ x) - x
    np.testing.assert_allclose((off**2).mean(), recipe_mse[name], rtol=0.2)
    np.testing.assert_allclose((off**2).mean(1), spreads[name], rtol=0.3)
    some = spreads[name].sqrt() * math.sqrt(N)
    assert some.max() < 1e3
assert lengths[-1] == N
sides_of = {name: [abs(r) < 1 for r in roots] for name, roots in PAIRS.items()}
for name, inside in sides_of.items():
    assert sum(inside) == (2 if "one side" in name else 1)
distance = {name: min(abs(np.log(np.abs(roots)))) for name, roots in PAIRS.items()}
assert max(distance[name] for name in PAIRS if "near" in name) < 0.2
assert min(distance[name] for name in PAIRS if "far" in name) > 0.3
assert abs(condition(taps(0.5, 0.4), (3, 4), "circular") - 1.5 * 1.4 / (0.5 * 0.6)) < 1e-9

# %% one singular value decays, and A erases the difference of both sequences
s, vt = torch.linalg.svd(dense_matrix(taps(2 / 3, 1 / 2), (1, 40), "zeros"))[1:]
j = torch.arange(1, 41, dtype=torch.float64)
assert abs(F.cosine_similarity(vt[-1], (2 / 3) ** j - (1 / 2) ** j, dim=0)) > 1 - 1e-12
assert s[-1] < 1e-6
others = torch.linalg.svdvals(dense_matrix(taps(2 / 3, 1 / 2), (1, N), "zeros"))[:-1]
assert abs(singular[-2] - others[-1]) < 1e-12

# %% each wave along the rows is a row problem of its own, with the roots that are drawn
n, k = 9, normal(1, 1, 3, 3, seed=8)
units = torch.eye(n * n, dtype=torch.float64).reshape(-1, 1, n, n)
a = F.conv2d(F.pad(F.pad(units, (1, 1, 0, 0), mode="circular"), (0, 0, 1, 1)), k).flatten(1).T
by_wave = []
for w in 2 * np.pi * np.arange(n) / n:
    t = k[0, 0].cpu().numpy() @ np.exp(1j * w * np.array([-1, 0, 1]))
    row_problem = np.diag(np.full(n, t[1])) + np.diag(np.full(n - 1, t[2]), 1)
    by_wave += list(np.linalg.svd(row_problem + np.diag(np.full(n - 1, t[0]), -1))[1])
dense_values = np.linalg.svd(a.cpu().numpy(), compute_uv=False)
np.testing.assert_allclose(np.sort(by_wave), np.sort(dense_values), atol=1e-12)
for k in (normal(1, 1, 3, 3, seed=8), centred):
    got = root_sizes(k, omega)
    assert got.shape == (65, 2)
    for w, pair in zip(omega[::16], got[::16], strict=True):
        t = k[0, 0].cpu().numpy() @ np.exp(1j * w * np.array([-1, 0, 1]))
        disc = np.sqrt(t[1] ** 2 - 4 * t[0] * t[2] + 0j)
        wanted = sorted(abs((-t[1] + d) / (2 * t[2])) for d in (disc, -disc))
        np.testing.assert_allclose(pair, wanted, rtol=1e-9)
assert omega[0] == 0
assert abs(omega[-1] - np.pi) < 1e-15
apart = root_sizes(centred, omega)
assert apart[:, 0].max() < 1 < apart[:, 1].min()

# %% of two channels that do not mix one may lose what the other keeps: counts do not tell
apart_ = wavy(2 / 3, 1 / 2, 0.1), wavy(2, 2.5, 0.1)
inside_ = sum((root_sizes(k_, np.array([0.0])) < 1).sum() for k_ in apart_)
assert inside_ == 2  # of four
s_ = torch.cat([torch.linalg.svdvals(cylinder(k_, 24, 6)) for k_ in apart_])  # of the pair
assert (s_ < 1e-3 * s_.max()).sum() == 12

# %% growing pictures: what the figure shows, by SVD
assert sides == (4, 8, 12, 16, 20, 24)
assert [spread[c].shape for c in (1, 2, 4)] == [(21, 6), (11, 5), (7, 4)]
for c, number, place in ((1, 0, 2), (1, 20, 3), (2, 10, 1), (4, 6, 1)):
    a = dense_matrix(normal(c, c, 3, 3, seed=number), 2 * (sides[place],), "zeros")
    s = np.linalg.svd(a.cpu().numpy(), compute_uv=False)
    assert abs(spread[c][number, place] / (s[0] / s[-1]) - 1) < 1e-3
for c in (1, 2, 4):
    np.testing.assert_allclose(median[c], np.sort(spread[c], axis=0)[len(spread[c]) // 2])
for n, kappa in zip(sides, heavy, strict=True):
    s = torch.linalg.svdvals(dense_matrix(centred, (n, n), "zeros"))
    assert abs(kappa / (s[0] / s[-1]).item() - 1) < 1e-6
assert centred[0, 0, 1, 1] > centred.abs().sum() - centred[0, 0, 1, 1]
others_stay = torch.tensor([[[[True] * 3, [True, False, True], [True] * 3]]])
assert torch.equal((centred == normal(1, 1, 3, 3, seed=8)).cpu(), others_stay)

# %% a heavy centre of several channels: κ at most that of the centre, times (1 + q) / (1 − q)
k, centre = normal(3, 3, 3, 3, seed=27), normal(3, 3, seed=28)
for q in (0.5, 0.9):
    k[..., 1, 1] = 0
    total = torch.linalg.matrix_norm(k.permute(2, 3, 0, 1), 2).sum()
    m = centre * total / q * torch.linalg.matrix_norm(torch.linalg.inv(centre), 2)
    k[..., 1, 1] = m
    bound = torch.linalg.cond(m).item() * (1 + q) / (1 - q)
    for n in (3, 6, 9):
        assert condition(k, (n, n)) <= bound * (1 + 1e-9)
k[..., 1, 1] = 1.2 * k.abs().sum() * torch.tensor([[0.0, 1, 0], [0, 0, 1], [0, 0, 1]])
assert condition(k, (12, 12)) > 1e3  # heavy entries alone do not do it


# %% the twisted torus: its inverse undoes the convolution that changes sign at a seam
def twisted_convolve(u, kernel):
    tile = torch.cat([torch.cat([u, -u], dim=-1), torch.cat([-u, u], dim=-1)], dim=-2)
    return convolve(tile, kernel, "circular")[..., : u.shape[-2], : u.shape[-1]]


for shape, size in (((2, 2, 3, 3), (6, 5)), ((3, 3, 2, 4), (4, 7))):
    k, u = normal(*shape, seed=35), normal(2, shape[1], *size, seed=36)
    inverse, norm = torus_inverse(k, size)
    assert relative(inverse(twisted_convolve(u, k)), u) < 1e-10
    units = torch.eye(u[0].numel()).double().reshape(-1, *u.shape[1:])
    c = twisted_convolve(units, k).flatten(1).T
    blocks = np.linalg.inv(symbol(k, size, twist=0.5).cpu().numpy())
    assert abs(np.sqrt((abs(blocks) ** 2).sum((2, 3)).max()) / norm - 1) < 1e-9
    assert abs(torch.linalg.svdvals(c)[-1].item() * norm) > 1 - 1e-9
assert torus_inverse(torch.zeros(1, 1, 3, 3).double(), (4, 4))[1] == math.inf

# %% the exact inverse for zero padding, against dense algebra
edge = torch.tensor([[[[1.0, 0, -1], [2, 0, -2], [1, 0, -1]]]]).double()
for k, size in (
    (separable(1, 2, 1), (8, 8)),
    (separable(1, 2, 1), (16, 16)),
    (separable(1, 4, 6, 4, 1), (12, 12)),
    (edge, (8, 8)),
    (separable(1, 1), (8, 8)),
    (normal(2, 2, 3, 3, seed=42), (9, 7)),
    (normal(4, 4, 4, 3, seed=42), (9, 8)),
    (normal(2, 2, 2, 2, seed=42), (5, 6)),
    (normal(2, 2, 5, 2, seed=42), (7, 6)),
    (normal(1, 1, 1, 3, seed=42), (4, 7)),
    (normal(2, 2, 1, 1, seed=43), (5, 6)),
    (normal(1, 1, 3, 3, seed=11), (16, 16)),
    (1e6 * separable(1, 2, 1), (8, 8)),
    (1e-6 * separable(1, 2, 1), (8, 8)),
    (taps(*np.exp([0.3j * np.pi, -0.3j * np.pi])), (8, 8)),
    (taps(*np.exp([3j * np.pi / 18, -3j * np.pi / 18])), (16, 16)),
):
    a = dense_matrix(k, size, "zeros")
    y = normal(2, len(k), *size, seed=41)
    wanted = torch.linalg.solve(a, y.flatten(1).T).T
    assert 0.5 < prepare_zeros(k, size)[1] / torch.linalg.cond(a).item() < 1.1
    got = prepare_zeros(k, size)[0](y)
    assert relative(got.flatten(1), wanted) < 1e-13 * torch.linalg.cond(a), (k.shape, size)
    assert prepare_zeros(k, list(size))[0](y[:1].float()).dtype == torch.float32
    assert relative(prepare_zeros(k.float(), size)[0](y), got) < 1e-2

# %% large pictures: the binomial and Sobel, there and back
for k, size, kappa in (
    (separable(0.25, 0.5, 0.25), 128, (1 / np.tan(np.pi / 258)) ** 4),
    (torch.tensor([[[[1.0, 0, -1], [2, 0, -2], [1, 0, -1]]]]).double(), 64, 1e5),
):
    x = normal(1, 1, size, size, seed=45)
    x_back = prepare_zeros(k, (size, size))[0](convolve(x, k, "zeros"))
    assert relative(x_back, x) < 1e-13 * kappa, size

# %% no inverse in double precision: refused
import pytest

for k, size in (
    (normal(1, 1, 3, 3, seed=5), (64, 64)),
    (separable(1, 1, 1), (8, 8)),
    (0 * separable(1, 1, 1), (8, 8)),
):
    if torch.linalg.cond(dense_matrix(k, size, "zeros")) > 1e15:
        with pytest.raises(ValueError, match="this method fails for the kernel"):
            prepare_zeros(k, size)

# %% the shaken frame is the true convolution with the path
from scipy.signal import convolve2d

wanted = convolve2d(sharp, path / path.sum(), "valid")
assert wanted.shape == frame.shape == (128, 128)
rough = frame - wanted
assert abs(rough.std() / 0.01 - 1) < 0.05
assert abs(rough.mean()) < 5e-4
assert not np.array_equal(path, path[::-1, ::-1])

# %% deblur: its answer explains the frame as well as the noise allows; the path is not turned
from scipy.signal import convolve2d

deblurred = shown["LSQR, stopped"]
assert deblurred.shape == (128, 128)
inner = sharp[3:-3, 3:-3]
gain = np.linalg.norm(frame - inner) / np.linalg.norm(deblurred - inner)
assert gain > 1.2
turned = deblur(frame, path[::-1, ::-1], 0.01)
assert np.linalg.norm(turned - inner) > np.linalg.norm(deblurred - inner)
dot = np.zeros((3, 5))
dot[1, 2] = 7.0
np.testing.assert_allclose(deblur(frame, dot, 0.001), frame, atol=0.01)
moved = np.zeros((3, 5))
moved[0, 2] = 1.0  # a point goes up by one
still = deblur(frame, moved, 0.001)
np.testing.assert_allclose(still[1:], frame[:-1], atol=0.01)
for shape in ((5, 5), (9, 9), (7, 5), (1, 3)):
    p = np.ones(shape)
    y = convolve2d(sharp, p / p.sum(), "valid")
    h, w = shape
    truth = sharp[h // 2 : len(sharp) - h // 2, w // 2 : len(sharp) - w // 2]
    got = deblur(y, p, 1e-3)
    assert got.shape == y.shape == truth.shape
    assert np.linalg.norm(got - truth) < np.linalg.norm(y - truth)

# %% deblur: what it refuses
import pytest

for wrong in (
    np.ones((2, 3)),
    np.ones(3),
    np.ones((1, 3, 3)),
    np.ones((4, 4)),
):
    with pytest.raises(ValueError, match=r"path has shape .*must be"):
        deblur(frame, wrong, 0.01)
for wrong in (
    np.zeros((3, 3)),
    np.full((3, 3), np.nan),
    np.full((1, 1), np.inf),
    np.array([[-1.0, 3, -1]]),
):
    with pytest.raises(ValueError, match=r"path sums to .*no entry may be below 0"):
        deblur(frame, wrong, 0.01)
for wrong in (0.0, 1e-5, -0.01, math.nan, math.inf, 2.55, frame.std(), None, "0.01"):
    with pytest.raises(ValueError, match=r"noise is .*it must be .* to .*in frame's units"):
        deblur(frame, path, wrong)
with pytest.warns(UserWarning, match="above the noise after 3 steps"):
    deblur(frame, path, 0.01, most=3)
with pytest.raises(ValueError, match="noise is"):
    deblur(255 * frame, path, 0.01)  # in other units
for wrong in (np.ones((8, 8, 3)), np.full((8, 8), np.inf), np.full((20, 20), 0.5)):
    with pytest.raises(ValueError, match=r"frame (is|has shape) .*must be"):
        deblur(wrong, path, 0.01)


# %% the figure of the stop: its curves are of LSQR on the blurred photograph
import scipy.sparse.linalg

target = y_photo.ravel().cpu().numpy()
assert photo.shape == (1, 1, 24, 24)
clean = A_photo @ photo.ravel().cpu().numpy()
spread_ = (target - clean).std()
assert abs(spread_ / clean.std(ddof=1) / (10 * SHARE) - 1) < 0.15
level = np.sqrt(np.mean((A_photo @ stopped.numpy() - target) ** 2))
assert 0.5 < level / spread_ < 1.2
assert (counts[0], counts[-1]) == (3, 1000)
truth = photo.ravel().cpu().numpy()
for name, tau in taus.items():
    got = scipy.sparse.linalg.lsqr(
        A_photo,
        target,
        10 * SHARE * clean.std(ddof=1) / tau,
        atol=0,
        btol=0,
        conlim=0,
        iter_lim=counts[4],
    )[0]
    error = np.linalg.norm(got - truth) / np.linalg.norm(truth)
    assert abs(curves[name][4] / error - 1) < 1e-6
    assert len(curves[name]) == len(counts)
assert abs(taus["true τ"] - np.sqrt(np.mean(truth**2))) < 1e-12
assert abs(blur.sum().item() - 1) < 1e-12
assert abs(stopped_error - np.linalg.norm(stopped.numpy() - truth) / np.linalg.norm(truth)) < 1e-12

# %% LSQR that runs on finds the pseudo-inverse, of other convolutions too
k = normal(4, 4, 3, 3, seed=1)
for function in (
    lambda x: F.conv2d(x, k, stride=2),
    lambda x: F.conv2d(x, k[:, :2], groups=2, padding=1),
    lambda x: F.conv2d(x, k[:2], dilation=2),
):
    A = operator_of(function, (1, 4, 10, 9), torch.float64)
    a, v = torch.tensor(A @ np.eye(A.shape[1])), normal(A.shape[0], seed=22)
    x_hat, _ = by_lsqr(A, v, 0.0, most=20000)
    assert relative(x_hat, torch.linalg.pinv(a) @ v.cpu()) < 1e-8

# %% the correlations are of ranks
from scipy.stats import rankdata

for other, told_ in ((kappa_C, by_C), (spread[1][:, 3], by_A)):
    assert abs(np.corrcoef(rankdata(recipe_all), rankdata(other))[0, 1] - told_) < 1e-9
k = normal(1, 1, 3, 3, seed=4)
a, c = (dense_matrix(k, (16, 16), p).cpu().numpy() for p in ("zeros", "circular"))
assert abs(np.linalg.norm(np.linalg.inv(c) @ a - np.eye(256)) / recipe_all[4] - 1) < 1e-6
assert abs(kappa_C[4] / np.linalg.cond(c) - 1) < 1e-6
assert abs(growth[4] * 16 - np.log(spread[1][4, 5] / spread[1][4, 1])) < 1e-9

# %% the asker's errors, by dense algebra at a small size
a = dense_matrix(question(2, 8, 0)[0], (8, 8), "zeros")
kappa, errors = asker_errors(2, 8)
assert list(errors) == ["exact", "single", "noise", "TF32"]
assert 0.5 < kappa / torch.linalg.cond(a).item() < 1.001
k, v, ys = question(2, 8, 0)
ys["TF32"] = convolve(rounded(v, 11), rounded(k, 11), "zeros")
for name, y in ys.items():
    wanted = relative(torch.linalg.solve(a, y.ravel()), v.ravel())
    assert abs(errors[name][-1] / wanted - 1) < 1e-4 or wanted < 1e-13 * kappa
assert 1e-4 < errors["TF32"][0] < 1e-3
assert len(asked) == 10
assert {"exact", *stored_exact} == set(errors)

# %% the answers: the rows of the predictions
assert [c for c in median if c in (1, 4)] == [1, 4]
assert (sides[1], sides[3]) == (8, 16)

# %% the growth: from the roots on the wrong side
k, few = normal(1, 1, 3, 3, seed=23), omega[::8]
logs = np.log(root_sizes(k, few))
assert growth_rate(k, few) == max(0.0, max(max(row[0], -row[1]) for row in logs))
assert growth_rate(centred, omega) == 0.0
assert growth_rate(F.pad(taps(2 / 3, 1 / 2).mT, (1, 1)), few) > math.log(1.5) - 1e-9
assert abs(growth_rate(F.pad(taps(3, 2).mT, (1, 1)), few) - math.log(2)) < 1e-9
for n_, k_ in ((7, single[7]), (28, moved[7])):
    assert by_roots[n_] == max(growth_rate(k_, omega), growth_rate(k_.mT, omega))
    s_ = np.linalg.svd(dense_matrix(k_, (8, 8), "zeros").cpu().numpy(), compute_uv=False)
    assert abs(first[n_] / (s_[0] / s_[-1]) - 1) < 1e-3
centre_ = torch.zeros(3, 3, dtype=torch.float64)
centre_[1, 1] = 2.5
for k_, m_ in zip(single, moved, strict=True):
    assert torch.equal((m_ - k_).abs()[0, 0].round(decimals=9).cpu(), centre_.cpu())
    assert m_[0, 0, 1, 1].abs() > 2.5

# %% asked elsewhere: the transpose undoes nothing, and zeros on one side want roots on one side
k, x = normal(1, 1, 2, 2, seed=25), normal(1, 1, 5, 5, seed=26)
assert relative(F.conv_transpose2d(F.conv2d(x, k), k), x) > 0.1
assert padded_condition(np.array([-0.5, 1.0]), 1, 0, 60) < 4
assert padded_condition(np.array([-2.0, 1.0]), 1, 0, 60) > 1e12


# %% wrong, exercise 1: half on each side
def row_padding(row):
    return (len(row) - 1) // 2, len(row) // 2


# %% wrong, exercise 1: the sides changed
def row_padding(row):
    inside = int((abs(np.roots(row[::-1])) < 1).sum())
    return len(row) - 1 - inside, inside


# %% wrong, exercise 1: roots of the taps in the other order
def row_padding(row):
    inside = int((abs(np.roots(row)) < 1).sum())
    return inside, len(row) - 1 - inside


# %% wrong, exercise 1: all on the left
def row_padding(row):
    return len(row) - 1, 0


# %% wrong, exercise 1: the real roots alone
def row_padding(row):
    roots = np.roots(row[::-1])
    inside = int((abs(roots[abs(roots.imag) < 1e-9]) < 1).sum())
    return inside, len(row) - 1 - inside


# %% right, exercise 1: the smallest condition number of all ways
def row_padding(row):
    m = len(row) - 1
    return min(
        ((left, m - left) for left in range(m + 1)),
        key=lambda pair: padded_condition(row, *pair, 80),
    )


# %% right, exercise 1: by how often the symbol winds round zero
def row_padding(row):
    z = np.exp(2j * np.pi * np.arange(4097) / 4096)
    turns = np.unwrap(np.angle(np.polyval(row[::-1], z)))
    inside = round((turns[-1] - turns[0]) / (2 * np.pi))
    return inside, len(row) - 1 - inside


# %% wrong, exercise 2: all roots inside
def lost_directions(kernel, width):
    omega = 2 * np.pi * np.arange(width) / width
    return int((root_sizes(kernel, omega) < 1).sum())


# %% wrong, exercise 2: half of the waves
def lost_directions(kernel, width):
    omega = 2 * np.pi * np.arange(width // 2 + 1) / width
    return int(abs((root_sizes(kernel, omega) < 1).sum(axis=1) - 1).sum())


# %% wrong, exercise 2: too many inside alone
def lost_directions(kernel, width):
    omega = 2 * np.pi * np.arange(width) / width
    inside = (root_sizes(kernel, omega) < 1).sum(axis=1)
    return int(np.maximum(inside - 1, 0).sum())


# %% wrong, exercise 2: waves of both signs cancel
def lost_directions(kernel, width):
    omega = 2 * np.pi * np.arange(width) / width
    inside = (root_sizes(kernel, omega) < 1).sum(axis=1)
    return int(abs((inside - 1).sum()))


# %% right, exercise 2: by how often each symbol winds round zero
def lost_directions(kernel, width):
    z = np.exp(2j * np.pi * np.arange(2049) / 2048)
    total = 0
    for w in 2 * np.pi * np.arange(width) / width:
        t = kernel[0, 0].cpu().numpy() @ np.exp(1j * w * np.array([-1, 0, 1]))
        turns = np.unwrap(np.angle(t @ np.array([1 / z, z**0, z])))
        total += abs(round((turns[-1] - turns[0]) / (2 * np.pi)))
    return total


# %% right, exercise 2: counted in a higher picture
def lost_directions(kernel, width):
    s = torch.linalg.svdvals(cylinder(kernel, 30, width))
    return int((s < 1e-4 * s[0]).sum())


# %% wrong, exercise 3: the variance of the noise
def discrepancy_ridge(y, kernel, sigma):
    return sigma**2


# %% wrong, exercise 3: the mean square instead of its root
def discrepancy_ridge(y, kernel, sigma):
    low, high = 1e-10, 1e6
    for _ in range(40):
        middle = math.sqrt(low * high)
        x_hat = prepare_circular(kernel, y.shape[2:], middle)(y)
        residual = (convolve(x_hat, kernel, "circular") - y).square().mean()
        low, high = (middle, high) if residual < sigma else (low, middle)
    return middle


# %% wrong, exercise 3: the interval halved the wrong way
def discrepancy_ridge(y, kernel, sigma):
    low, high = 1e-10, 1e6
    for _ in range(40):
        middle = math.sqrt(low * high)
        x_hat = prepare_circular(kernel, y.shape[2:], middle)(y)
        residual = (convolve(x_hat, kernel, "circular") - y).square().mean().sqrt()
        low, high = (low, middle) if residual < sigma else (middle, high)
    return middle


# %% right, exercise 3: by Brent's method
def discrepancy_ridge(y, kernel, sigma):
    from scipy.optimize import brentq

    def excess(logarithm):
        x_hat = prepare_circular(kernel, y.shape[2:], math.exp(logarithm))(y)
        return math.log((convolve(x_hat, kernel, "circular") - y).square().mean().sqrt() / sigma)

    return math.exp(brentq(excess, -15, 10))


# entry: deblur(picture, path, 0.01)

# other data for the checks, where an assignment is marked
# hidden, exercise 1: ((2 / 3, 1 / 2), (2, 0.6), (3, 2), → ((0.4, -1.6), (1.7, 1.4, 2.5), (0.3, 3),
# hidden, exercise 1: (0.5 + 0.4j, 0.5 - 0.4j, 3) → (1.5 + 0.4j, 1.5 - 0.4j, 0.6, 2)
# hidden, exercise 2: wavy(2 / 3, 1 / 2, 1.2) → wavy(2.2, 2.4, 0.3)
# hidden, exercise 2: wavy(2, 2.5, 0.4) → wavy(2 / 3, 1 / 2, 1.1)
# hidden, exercise 2: (one, 6), (one, 9), (two, 5) → (one, 7), (two, 8), (two, 5)
# hidden, exercise 3: (1.0, 0.01, (16, 20)) → (0.8, 0.02, (15, 18))
# hidden, exercise 3: (0.5, 0.1, (12, 9)) → (0.6, 0.2, (10, 11))
# hidden, exercise 3: seed=23 → seed=33
# hidden, exercise 3: seed=24 → seed=34
