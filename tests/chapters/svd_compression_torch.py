"""What the chapter on truncated SVD in PyTorch must keep true."""

# %% pictures become channels and whole 255ths again, grey and colour, oblong
draw = np.random.default_rng(0)
for shape in ((5, 8), (8, 5, 3), (1, 1, 3)):
    picture = np.float32(draw.integers(0, 256, shape) / 255)
    made = to_channels(picture)
    assert made.dtype == torch.float64
    np.testing.assert_array_equal(made, np.moveaxis(np.float64(np.atleast_3d(picture)), 2, 0))
    np.testing.assert_allclose(to_image(made), picture, atol=1e-6)
assert to_image(torch.full((1, 2, 2), 1.7))[0, 0] == 1
assert to_image(torch.full((3, 2, 2), -0.3))[0, 0, 0] == 0
np.testing.assert_allclose(to_image(torch.full((1, 1, 1), 0.502))[0, 0], 128 / 255)

# %% a JPEG is one, at full colour, and better with higher quality
data_ = jpeg(photo, quality=90)
opened_ = Image.open(io.BytesIO(data_))
assert opened_.format == "JPEG"
assert opened_.size == (512, 512)
from PIL.JpegImagePlugin import get_sampling

assert get_sampling(opened_) == 0
assert opened_.info.get("progressive") == 1
np.testing.assert_allclose(open_jpeg(data_), np.asarray(opened_) / 255)
assert psnr(open_jpeg(data_), photo) > psnr(open_jpeg(jpeg(photo, quality=30)), photo) > 25
assert [len(f) for f in jpegs] == sorted(len(f) for f in jpegs)

# %% the opening: five vectors, and the largest JPEG that is no larger
five_jpeg = largest(jpegs, five_bytes)
assert five_bytes == 4 * 3 * 5 * (512 + 512 + 1)
assert len(five_jpeg) <= five_bytes
assert min(len(f) for f in jpegs if len(f) > len(five_jpeg)) > five_bytes
u_, s_, vt_ = np.linalg.svd(np.moveaxis(np.float64(photo), 2, 0), full_matrices=False)
best_ = (u_[..., :5] * s_[:, None, :5]) @ vt_[:, :5]
np.testing.assert_allclose(five, best_, atol=1e-9)

# %% a picture beside a JPEG: the same part of both, with bytes and decibels
from unittest import mock

with mock.patch("matplotlib.pyplot.show"):
    part_ = np.s_[3:60, 40:90]
    beside_jpeg(photo / 2, 30_000, photo, jpegs, part_)
    left_, right_ = plt.gcf().axes[:2]
    file_ = largest(jpegs, 30_000)
    np.testing.assert_allclose(left_.images[0].get_array(), photo[part_] / 2, atol=1e-6)
    np.testing.assert_allclose(right_.images[0].get_array(), open_jpeg(file_)[part_], atol=1e-6)
    assert left_.get_title() == f"SVD, 30,000 bytes: {psnr(photo / 2, photo):.1f} dB"
    assert (
        right_.get_title() == f"JPEG, {len(file_):,} bytes: {psnr(open_jpeg(file_), photo):.1f} dB"
    )
    plt.close()

# %% A_r against NumPy, for tall, wide and batched matrices
draw = np.random.default_rng(0)
import pytest

for shape in ((7, 5), (5, 7), (2, 6, 4), (1, 3)):
    M = torch.from_numpy(draw.standard_normal(shape))
    u_, s_, vt_ = np.linalg.svd(M.numpy(), full_matrices=False)
    factors_ = torch.linalg.svd(M, full_matrices=False)
    for r in {1, s_.shape[-1]}:
        expected = (u_[..., :r] * s_[..., None, :r]) @ vt_[..., :r, :]
        np.testing.assert_allclose(low_rank(*factors_, r), expected, atol=1e-12)
    for r in (0, s_.shape[-1] + 1):
        with pytest.raises(ValueError, match=f"r is {r}; it must lie in "):
            low_rank(*factors_, r)
M = torch.from_numpy(draw.standard_normal((6, 9)))
np.testing.assert_allclose(
    least_error(torch.linalg.svdvals(M), 2),
    torch.linalg.norm(M - low_rank(*torch.linalg.svd(M, full_matrices=False), 2)),
)
np.testing.assert_allclose(
    sigma.cpu(), np.linalg.svd(np.float64(photo[..., 1]), compute_uv=False), atol=1e-9
)

# %% the randomised SVD: exact on low rank, orthonormal, repeatable, batched, for every shape
import pytest

draw = np.random.default_rng(0)
for shape in ((40, 30), (30, 40), (2, 25, 35)):
    for dtype, tolerance in ((torch.float64, 1e-9), (torch.float32, 1e-3)):
        left_ = torch.from_numpy(draw.standard_normal((*shape[:-1], 6))).to(dtype)
        M = left_ @ torch.from_numpy(draw.standard_normal((*shape[:-2], 6, shape[-1]))).to(dtype)
        for q in (0, 1, 3):
            found = randomized_svd(M, 6, q, 4, torch.Generator().manual_seed(q))
            again = randomized_svd(M, 6, q, 4, torch.Generator().manual_seed(q))
            assert all(torch.equal(a, b) for a, b in zip(found, again, strict=True))
            np.testing.assert_allclose(low_rank(*found, 6), M, atol=50 * tolerance)
            np.testing.assert_allclose(
                found[1], np.linalg.svd(M.numpy(), compute_uv=False)[..., :6], rtol=10 * tolerance
            )
            eye_ = torch.eye(6).to(dtype).expand(*shape[:-2], 6, 6)
            np.testing.assert_allclose(found[0].mT @ found[0], eye_, atol=10 * tolerance)
            np.testing.assert_allclose(found[2] @ found[2].mT, eye_, atol=10 * tolerance)
for r, extra in ((0, 3), (25, 10), (31, 0), (3, -1)):
    with pytest.raises(ValueError, match=f"r is {r} of {r + extra} columns"):
        randomized_svd(torch.zeros(40, 30), r, 1, extra)

# %% mixtures: the excess by definition, and less with every power iteration
found = mixed(3, 1)
assert [tuple(f.shape) for f in found] == [(512, 50), (50,), (50, 512)]
expected = np.linalg.norm(A.numpy() - (found[0] * found[1]).numpy() @ found[2].numpy()) / np.sqrt(
    (sigma[50:] ** 2).sum()
)
np.testing.assert_allclose(over_least(found, A, sigma), expected)
found = [f[..., :50] for f in torch.linalg.svd(A, full_matrices=False)[:2]]
found.append(torch.linalg.svd(A, full_matrices=False)[2][:50])
np.testing.assert_allclose(over_least(found, A, sigma), 1, rtol=1e-9)
assert list(fifty) == ["q = 0", "q = 1", "q = 2"]
assert list(draws) == [0, 10, 30]
for extra, drawn in draws.items():
    assert drawn.shape == (10, 6)
    assert (np.diff(drawn.mean(0)) < 0).all()
    np.testing.assert_allclose(drawn[4, 1], over_least(mixed(4, 1, extra), A, sigma) - 1, rtol=1e-6)
slope_ = (sigma[80] / sigma[49]).item() ** 4  # of the last line that was drawn
np.testing.assert_allclose(rate, slope_)
np.testing.assert_allclose(last, draws[30][:, 5].mean())
assert (draws[30].mean(0) < draws[10].mean(0)).all()
assert (draws[10].mean(0) < draws[0].mean(0)).all()

# %% the theorem's bound, by its formula
values_ = sigma.cpu().numpy()
for r, extra, q in ((50, 10, 0), (20, 5, 2)):
    tail = (values_[r:] ** 2).sum()
    leak = (values_[r:] ** (4 * q + 2)).sum() * (values_[:r] ** (-4.0 * q)).sum() / (extra - 1)
    np.testing.assert_allclose(
        mean_bound(sigma, r, extra, q), np.sqrt(1 + leak / tail) - 1, rtol=1e-6
    )
np.testing.assert_allclose(mean_bound(sigma, 50, 11, 0), np.sqrt(1 + 50 / 10) - 1)

# %% the solvers give what they are asked for
for solver_, most_ in ((torch_lowrank, 0.05), (scipy_svds, 1e-5)):
    U_, S_, Vh_ = solver_(A32, 50)
    assert (U_.shape, S_.shape, Vh_.shape) == ((512, 50), (50,), (50, 512))
    assert (S_[:-1] >= S_[1:]).all()
    assert -1e-6 < over_least((U_, S_, Vh_), A, sigma) - 1 < most_
assert [f.shape[-1] for f in torch_lowrank(A32, 7)[:2]] == [7, 7]
np.testing.assert_allclose(scipy_svds(A32, 5)[1], sigma[:5].cpu(), rtol=1e-4)
assert [f.shape[-1] for f in torch_lowrank(A32[:20, :30], 15)[:2]] == [15, 15]

# %% the crossing lies on a line over logarithms, and the ratios are full SVD over solver
from types import SimpleNamespace
from unittest import mock

asked = []


def paired_ratio(slow, fast, repeats):
    slow(), fast(), asked.append(repeats)
    return SimpleNamespace(median=[4.0, 2.0, 0.5][len(asked) - 1], slow_seconds=len(asked))


calls_ = []
found = race(torch.eye(40), np.array([10, 20, 40]), lambda M, r: calls_.append(r))
assert calls_ == [10, 20, 40]
assert asked == [3, 3, 3]
np.testing.assert_allclose(found[0], [4, 2, 0.5])
np.testing.assert_allclose(found[1], 20 * 2**0.5 / 40)
assert found[2] == 1
assert len(faster) == len(ranks)

# %% files give back what was written
import pytest

for arrays in ((np.arange(5),), (np.ones((2, 3), np.uint8), np.float64(2.5))):
    for a, b in zip(read_file(write_file(*arrays)), arrays, strict=True):
        np.testing.assert_array_equal(a, b)
whole = torch.tensor([[0, -1, 1, -2, 2], [300, -300, 32767, -32768, 7]])
planes_ = to_planes(whole)
assert planes_.dtype == np.uint8
assert planes_[:, 0].tolist() == [[0, 1, 2, 3, 4], [0] * 5]
np.testing.assert_array_equal(from_planes(planes_), whole)
with pytest.raises(ValueError, match="more than two bytes; use a larger step"):
    to_planes(torch.tensor([32768]))

# %% encode and decode: within the step, for every shape; black channels stay black
draw = np.random.default_rng(0)
for shape in ((3, 12, 9), (1, 9, 12), (2, 4, 4)):
    M = torch.from_numpy(draw.standard_normal(shape))
    M[0] = 0  # a black channel
    factors_ = torch.linalg.svd(M, full_matrices=False)
    for step in (1e-3, 0.05):
        found = decode(encode(factors_, step))
        assert found.shape == M.shape
        assert found.isfinite().all()
        assert not found[0].any()
        root = np.sqrt(shape[1] * shape[2] + shape[2] * shape[2])
        assert torch.linalg.norm(found - M, dim=(1, 2)).max() < 2 * step * root
    found = decode(encode(factors_))
    assert found.isfinite().all()
    assert not found[0].any()
    if M.any():
        assert torch.linalg.norm(found - M) <= 0.05 * torch.linalg.norm(M)
file_left, file_right, scale_ = read_file(encode(factors_))
assert abs(from_planes(file_left)).max(-1).max() == 127
assert abs(from_planes(file_right)).max(-1).max() == 127
U_, S_, Vh_ = factors_
tops = [(X.abs().amax(-1) / 127) for X in ((U_ * S_[:, None]).mT, Vh_ * S_[..., None])]
np.testing.assert_allclose(scale_[1, :, 0], (tops[0] * tops[1] / S_)[1], rtol=1e-6)
coarse = read_file(encode(by_channel, 0.5, r=3))
U_, S_, Vh_ = (f.cpu() for f in by_channel)
expected = torch.round((U_ * S_[:, None]).mT[:, :3] / 0.5)
np.testing.assert_array_equal(from_planes(coarse[0]), expected)
np.testing.assert_array_equal(
    from_planes(coarse[1]), torch.round((Vh_ * S_[..., None])[:, :3] / 0.5)
)
np.testing.assert_allclose(coarse[2], (0.25 / S_[:, :3, None]).float(), rtol=1e-6)

# %% curves: bytes and decibels of each file, and a line over the log of the size
two_rows = curve(byte_files[:2])
np.testing.assert_allclose(
    two_rows[1], [len(byte_files[1]), psnr(to_image(decode(byte_files[1])), photo)]
)
np.testing.assert_allclose(at(np.array([[1e4, 20.0], [1e6, 40.0]]), 1e5), 30)
np.testing.assert_allclose(at(np.array([[60_000, 20.0], [240_000, 40.0]])), 30)
np.testing.assert_allclose(curves["JPEG"][3], [len(jpegs[3]), psnr(open_jpeg(jpegs[3]), photo)])
kinds_ = "channels, a byte each", "channels, one step", "blocks, one step", "blocks, a byte each"
for name in (*kinds_, "own, known", "cosines, known", "JPEG, flat table"):
    grown = curves[name][curves[name][:, 0].argsort()]
    assert (np.diff(grown, axis=0) > 0).all(), "more bytes, more decibels"
for name, rows in curves.items():
    assert rows[0, 0] < 120_000 < rows[-1, 0], f"{name}: 120 kB lies between two files"
    assert (np.diff(rows[:, 0]) > 0).all(), f"{name}: the smallest first"


def read_blocks(file):
    return from_blocks(decode(file))


np.testing.assert_allclose(curves["blocks, one step"][2], curve(block_files[2:3], read_blocks)[0])
np.testing.assert_allclose(
    curves["blocks, a byte each"][1], curve(block_bytes[1:2], read_blocks)[0]
)
np.testing.assert_allclose(curves["channels, one step"][1], curve(step_files[1:2])[0])
known_ = [encode_in(cosines, blocks, step) for step in (0.1, 0.05, 0.035)]
assert curves["cosines, known"][:, 0].tolist() == [len(f) for f in known_]
found = curve(known_[:1], lambda f: from_blocks(decode_in(cosines, f)))[0]
np.testing.assert_allclose(curves["cosines, known"][0], found)
assert byte_50 is byte_files[2]
assert [from_planes(read_file(f)[0]).shape[1] for f in byte_files] == [15, 30, 50, 75]

# %% levels are printed at 120 kB
import contextlib

with contextlib.redirect_stdout(io.StringIO()) as out_:
    show_levels("JPEG", "own, known")
lines_ = out_.getvalue().splitlines()
assert lines_[1] == f"own, known             {at(curves['own, known'], 120_000):.1f} dB at 120 kB"
assert len(lines_) == 2

# %% the entropy of each column, in bits
columns_ = from_planes(read_file(step_files[2])[0])[1]
counts = np.unique(columns_[0], return_counts=True)[1] / 512
np.testing.assert_allclose(bits(step_files[2])[0], -(counts * np.log2(counts)).sum(), rtol=1e-9)
assert len(bits(byte_files[2])) == 50
assert 6 < max(bits(byte_files[2])) <= 8

# %% blocks: each a row of c·b·b numbers, and back, also where the sides are no multiples
draw = np.random.default_rng(0)
for shape in ((3, 16, 24), (1, 13, 9), (3, 8, 8), (2, 3, 20)):
    X = torch.from_numpy(draw.random(shape))
    rows_ = to_blocks(X)
    assert rows_.shape == (1, -(-shape[1] // 8) * -(-shape[2] // 8), shape[0] * 64)
    np.testing.assert_allclose(from_blocks(rows_, *shape[1:]), X)
X = torch.from_numpy(draw.random((3, 16, 24)))
np.testing.assert_allclose(to_blocks(X)[0, 4], X[:, 8:16, 8:16].flatten())
np.testing.assert_allclose(to_blocks(X, 4)[0, 1], X[:, :4, 4:8].flatten())
np.testing.assert_allclose(from_blocks(to_blocks(X, 4), 16, 24, 4), X)
assert blocks.shape == (1, 4096, 192)

# %% the cosines are orthonormal, the first is even, and each is a cosine along both axes
for c in (1, 3):
    basis_ = cosine_basis(c)
    assert basis_.shape == (64 * c, 64 * c)
    np.testing.assert_allclose(basis_.mT @ basis_, np.eye(64 * c), atol=1e-12)
    np.testing.assert_allclose(basis_[:, 0], 1 / np.sqrt(64 * c))
wave = cosine_basis(1)[:, 8 * 2 + 3].reshape(8, 8).numpy()
i = np.arange(8) + 0.5
expected = np.outer(np.cos(np.pi * 2 * i / 8), np.cos(np.pi * 3 * i / 8)) / 4
np.testing.assert_allclose(wave, expected, atol=1e-12)
loud = (blocks[0] @ cosines).square().sum(0)
assert loudest.tolist() == loud.argsort(descending=True)[:8].tolist()
assert (loud[loudest[:-1]] >= loud[loudest[1:]]).all()
np.testing.assert_allclose(own.mT @ own, np.eye(192), atol=1e-9)
assert wave_names[0] == "own 1"
assert wave_names[15] == "cosine 8"
np.testing.assert_allclose(tiles[3].flatten(), own[:, 3])
np.testing.assert_allclose(tiles[10].flatten(), cosines[:, loudest[2]])
assert abs(tones - 0.5).amax((1, 2, 3)).allclose(torch.tensor(0.4, dtype=tones.dtype))
assert (cosines.T @ own).square().sum(0).allclose(torch.ones(192, dtype=own.dtype))

# %% Eckart and Young: no number of cosines leaves a smaller error than as many own waves
alike = (blocks[0] @ cosines).square().sum(0).sort(descending=True).values.sqrt()
for k in range(192):
    assert least_error(by_block[1][0], k) <= least_error(alike, k) * (1 + 192 * 2.0**-52)

# %% coefficients in a known basis: within half a step each
for basis_ in (own, cosines):
    found = decode_in(basis_, encode_in(basis_, blocks[:, :50], 0.02))
    assert found.shape == (1, 50, 192)
    off = (found - blocks[:, :50].cpu()) @ basis_.cpu()
    assert abs(off).max() <= 0.01 + 1e-9
    assert abs(off).max() > 0.005

# %% the staircase adds up, and its steps are those printed
steps_ = [
    "channels, a byte each",
    "channels, one step",
    "blocks, one step",
    "own, known",
    "cosines, known",
]
np.testing.assert_allclose(path, [at(curves[name]) for name in steps_])
np.testing.assert_allclose(gains, np.array(path[1:]) - path[:-1])
assert gains.argmax() == 1, "most of it is the blocks"
np.testing.assert_allclose(level["JPEG"], at(curves["JPEG"]))
assert named[0] == f"one step: +{gains[0]:.1f} dB"
assert named[3].startswith("cosines: ")

# %% the slider: our half beside the largest JPEG that is no larger
assert len(frames) == len(labels) == len(block_files)
for file, frame, label in zip(block_files, frames, labels, strict=True):
    rival_ = max((f for f in jpegs if len(f) <= len(file)), key=len)
    shown_ = to_image(from_blocks(decode(file)))
    np.testing.assert_allclose(frame[:, 256:], open_jpeg(rival_)[:256, 100:356])
    np.testing.assert_allclose(frame[:, :256], shown_[:256, 100:356])
    assert label == (
        f"{len(file) // 1000} kB: SVD {psnr(shown_, photo):.1f} dB, "
        f"JPEG {psnr(open_jpeg(rival_), photo):.1f} dB"
    )

# %% with QR the values are right; without, they are lost where they weigh nothing
values_ = sigma.cpu()
np.testing.assert_allclose(tried["QR"][1][:30], values_[:30], rtol=0.02)
assert (tried["auto"][1][lost_from + 5 :] < 0.9 * values_[lost_from + 5 : 50]).all()
np.testing.assert_allclose(tried["auto"][1][:10], values_[:10], rtol=0.02)
weights_ = (values_ / values_[0]) ** 5
assert weights_[lost_from - 1] <= 2.0**-24 < weights_[lost_from - 2]

# %% the reader's own picture, grey and of any shape
assert len(my_jpegs) == 48
assert my_picture.shape == mine.shape
assert psnr(my_picture, mine) > 30
for other in (load_image("coffee", gray=True)[:50, :77], load_image("chelsea")[:33, :40]):
    by_other = torch.linalg.svd(to_blocks(to_channels(other)), full_matrices=False)
    shown_ = to_image(from_blocks(decode(encode(by_other, step=0.02)), *other.shape[:2]))
    assert shown_.shape == other.shape
    assert psnr(shown_, other) > 35

# %% the flat table, other pictures, noise and the means
known_ = [encode_in(cosines, blocks, step) for step in (0.1, 0.05, 0.035)]
assert len(flat_jpegs) == 8
assert [len(f) for f in flat_jpegs] == sorted(len(f) for f in flat_jpegs)
np.testing.assert_allclose(
    curves["JPEG, flat table"][1], [len(flat_jpegs[1]), psnr(open_jpeg(flat_jpegs[1]), photo)]
)
over_sent, over_known = leads(load_image("coffee", gray=True))
assert over_sent > over_known > 0
ours_ = leads(photo, steps=(0.1, 0.05, 0.035))
size_ = len(known_[1])
np.testing.assert_allclose(
    ours_[1], at(curves["cosines, known"], size_) - at(curves["own, known"], size_), atol=0.05
)
clean = np.array(cleaned)
assert clean.max() - np.interp(cut, cut_ranks, clean) < 0.3
np.testing.assert_allclose(cleaned[3], psnr(low_rank(*noisy, 11).cpu(), A.cpu()))
assert cut == int((noisy[1] > 4 / np.sqrt(3) * 0.1 * np.sqrt(512)).sum())
np.testing.assert_allclose(with_means.mean(0), A.mean(0), atol=1e-9)
assert least_error(sigma, 11) < pca_error < least_error(sigma, 10)


# %% wrong, exercise 1: only the columns of U
def fix_signs(U, S, Vh):
    return U * U.gather(0, U.abs().argmax(dim=0, keepdim=True)).sign(), S, Vh


# %% wrong, exercise 1: absolute values
def fix_signs(U, S, Vh):
    return U.abs(), S, Vh.abs()


# %% wrong, exercise 1: the first entry and not the largest
def fix_signs(U, S, Vh):
    sign = U[:1].sign()
    return U * sign, S, Vh * sign.mT


# %% right, exercise 1: column by column, in NumPy
def fix_signs(U, S, Vh):
    U, Vh = U.numpy().copy(), Vh.numpy().copy()
    for k in range(U.shape[1]):
        if U[abs(U[:, k]).argmax(), k] < 0:
            U[:, k], Vh[k] = -U[:, k], -Vh[k]
    return torch.from_numpy(U), S, torch.from_numpy(Vh)


# %% wrong, exercise 2: more power iterations instead
def block_krylov(A, r, steps, generator):
    mixing = torch.randn(A.shape[1], r + 10, generator=generator, dtype=A.dtype)
    Q = torch.linalg.qr(A @ mixing).Q
    for _ in range(steps + 2):
        Q = torch.linalg.qr(A @ torch.linalg.qr(A.mT @ Q).Q).Q
    U, S, Vh = torch.linalg.svd((A.mT @ Q).mT, full_matrices=False)
    return (Q @ U)[:, :r], S[:r], Vh[:r]


# %% wrong, exercise 2: by the whole SVD
def block_krylov(A, r, steps, generator):
    whole = A @ torch.eye(A.shape[1], dtype=A.dtype)
    U, S, Vh = torch.linalg.svd(whole, full_matrices=False)
    return U[:, :r], S[:r], Vh[:r]


# %% wrong, exercise 2: the first and the last block only
def block_krylov(A, r, steps, generator):
    mixing = torch.randn(A.shape[1], r + 10, generator=generator, dtype=A.dtype)
    first = Q = torch.linalg.qr(A @ mixing).Q
    for _ in range(steps):
        Q = torch.linalg.qr(A @ torch.linalg.qr(A.mT @ Q).Q).Q
    Q = torch.linalg.qr(torch.cat([first, Q], dim=1)).Q
    U, S, Vh = torch.linalg.svd((A.mT @ Q).mT, full_matrices=False)
    return (Q @ U)[:, :r], S[:r], Vh[:r]


# %% right, exercise 2: orthogonal to all blocks before
def block_krylov(A, r, steps, generator):
    mixing = torch.randn(A.shape[1], r + 10, generator=generator, dtype=A.dtype)
    Q = torch.linalg.qr(A @ mixing).Q
    last = Q
    for _ in range(steps):
        last = A @ torch.linalg.qr(A.mT @ last).Q
        last = last - Q @ (Q.mT @ last)
        last = torch.linalg.qr(last - Q @ (Q.mT @ last)).Q
        Q = torch.cat([Q, last], dim=1)
    U, S, Vh = torch.linalg.svd((A.mT @ Q).mT, full_matrices=False)
    return (Q @ U)[:, :r], S[:r], Vh[:r]


# %% wrong, exercise 3: a JPEG in disguise
def pack(image):
    return lzma.compress(jpeg(image, quality=80))


def unpack(data):
    return open_jpeg(lzma.decompress(data))


# %% wrong, exercise 3: too large
def pack(image):
    return write_file(np.uint8(np.rint(255 * image)))


def unpack(data):
    return read_file(data)[0] / 255


# %% wrong, exercise 3: the page's own, at a coarser step
def pack(image):
    found = to_blocks(to_channels(image))[0] @ cosines
    return write_file(to_planes(torch.round(found / 0.08).mT), image.shape[:2])


def unpack(data):
    planes, size = read_file(data)
    found = torch.from_numpy(0.08 * from_planes(planes)).mT
    return to_image(from_blocks((found @ cosines.mT.cpu())[None], *size))


# %% right, exercise 3: a wider zero, and values in the middle of what they stand for
def pack(image):
    found = (to_blocks(to_channels(image))[0] @ cosines).mT
    for step in np.geomspace(0.03, 1, 100):
        whole = found.sign() * torch.floor(found.abs() / step + 0.38)
        data = write_file(to_planes(whole), step, image.shape[:2])
        if len(data) <= 119_000:
            return data


def unpack(data):
    planes, step, size = read_file(data)
    found = torch.from_numpy(step * from_planes(planes)).mT
    return to_image(from_blocks((found @ cosines.mT.cpu())[None], *size))


# equivalent, exercise-1-solution: Vh * largest.sign().mT → Vh / largest.sign().mT: the signs are ±1
