"""What the chapter on what a picture costs in bytes must keep true."""

# %% concludes: Saved as PNG, the product of 50 terms keeps more than four fifths of the bytes.
assert len(fifty_png) > 0.8 * len(png)

# %% concludes: Even with all 512 terms, that is, unchanged, the file grows when it is saved at a higher quality, and with 50 or 100 terms it grows even more.
assert len(tenth) < again[512][1] < min(again[50][1], again[100][1])

# %% concludes: The quality decides, and not the rank.
lower_, higher_ = np.transpose(list(again.values()))
assert lower_.max() < 1.25 * len(tenth) < higher_.min()

# %% concludes: A byte for each number costs the picture nearly nothing, and most of the bytes are gone.
(single_bytes_, single_), (byte_bytes_, byte_), (step_bytes_, step_), _ = rounded.values()
assert psnr(single_, photo) - psnr(byte_, photo) < 0.25
assert byte_bytes_ < single_bytes_ / 2

# %% concludes: One step is better still
_, (byte_bytes_, byte_), (step_bytes_, step_), _ = rounded.values()
assert abs(step_bytes_ / byte_bytes_ - 1) < 0.01
assert psnr(step_, photo) > psnr(byte_, photo)

# %% concludes: And yet JPEG is far ahead, with the same pixels and the same bytes.
(_, step_), _ = list(rounded.values())[2:]
assert len(same_size) <= byte_size
assert psnr(load(same_size), photo) > psnr(step_, photo) + 10 * np.log10(2)

# %% concludes: What an idea wins depends on which others are there.
assert max(np.ptp(gains_) for gains_ in won.values()) > 10 * np.log10(1.25)

# %% concludes: Together the three ideas leave less than a quarter of the squared error that the terms leave in as many bytes.
assert level[whole] - level[empty] > 10 * np.log10(4)

# %% concludes: Once there are blocks, colours and cosines win as well, in either order.
for first_, second_ in (("colours", "cosines"), ("cosines", "colours")):
    path_ = [{"blocks"}, {"blocks", first_}, {"blocks", first_, second_}]
    assert np.all(np.diff([level[frozenset(p)] for p in path_]) > 0)

# %% concludes: On this photograph, at this size, blocks have the largest share
assert max(IDEAS, key=lambda idea: np.mean(won[idea])) == "blocks"

# %% concludes: That our basis must travel is a part of what the cosines win: free of charge it gives a better picture from as many bytes.
assert level[whole - {"cosines"}] < found["photograph", "own, free"][0]

# %% concludes: But on the photograph the cosines are ahead even then.
assert found["photograph", "cosines"][0] > found["photograph", "own, free"][0]

# %% concludes: What it wins there it loses on the photograph, wholly or for the most part.
lead_ = {b: found[b, "own, free"][0] - found[b, "cosines"][0] for b in ("photograph", "Gaussian")}
assert lead_["Gaussian"] / 2 > lead_["photograph"]
assert lead_["Gaussian"] > 0

# %% concludes: at the same step fewer of their numbers differ from zero, and zeros are cheap. On Gaussian blocks it is the other way round.
assert found["photograph", "cosines"][1] < found["photograph", "own, free"][1]
assert found["Gaussian", "cosines"][1] > found["Gaussian", "own, free"][1]
assert found["photograph", "cosines"][2] > found["photograph", "own, free"][2] > 0

# %% concludes: The terms need a fraction of the bytes of the other files, and come nearer.
for name_ in ("all three", "JPEG"):
    assert len(woven["terms"][0]) < len(woven[name_][0]) / 2
    assert psnr(woven["terms"][1], weave) > psnr(woven[name_][1], weave)

# %% concludes: AVIF needs fewer bytes than JPEG for the same decibels.
if "AVIF" in paid:
    (bytes_of_jpeg_, jpeg_), (bytes_of_avif_, avif_) = (
        np.transpose(paid[k]) for k in ("JPEG", "AVIF")
    )
    levels_ = np.linspace(max(jpeg_[0], avif_[0]), min(jpeg_[-1], avif_[-1]), 9)
    assert np.all(
        np.interp(levels_, avif_, np.log(bytes_of_avif_))
        < np.interp(levels_, jpeg_, np.log(bytes_of_jpeg_))
    )

# %% concludes: All three ideas win on average on these pictures too, but not in the same order as on the large one.
assert min(map(min, elsewhere.values())) > 0
large_ = np.argsort([np.mean(won[idea]) for idea in IDEAS])
assert any(np.any(np.argsort(shares_) != large_) for shares_ in elsewhere.values())

# %% concludes: Blocks have the largest share again, and the colours win more than with `lzma`.
means_ = {idea: np.mean(gains_) for idea, gains_ in shares(adaptive).items()}
assert max(means_, key=means_.get) == "blocks"
assert means_["colours"] > np.mean(won["colours"])

# %% concludes: The threshold in the cosines cleans better than the best rank.
assert by_cosines > by_rank > to_clean(noisy)

# elsewhere, eight: SIZE = 60_000 → SIZE = 30_000: half the bytes
# elsewhere, eight: SIZE = 60_000 → SIZE = 120_000: twice the bytes
# elsewhere, ideas: "cosines"), 8 → "cosines"), 16: blocks of 16×16 pixels

# %% files: PNG gives every pixel back, in grey too, values are clipped, options arrive
draw = np.random.default_rng(0)
for shape in ((5, 8), (8, 5, 3), (1, 1, 3)):
    picture_ = np.float32(draw.integers(0, 256, shape) / 255)
    mode_ = "L" if len(shape) == 2 else "RGB"
    np.testing.assert_allclose(load(save(picture_, "png"), mode_), picture_, atol=1e-6)
    made_ = to_channels(picture_)
    assert made_.dtype == torch.float64
    np.testing.assert_array_equal(made_, np.moveaxis(np.float64(np.atleast_3d(picture_)), 2, 0))
    np.testing.assert_allclose(to_image(made_), picture_, atol=1e-6)
assert load(save(np.array([[-0.4, 1.7, 0.502]]), "png"), "L").tolist() == [
    [0, 1, np.float32(128 / 255)]
]
assert to_image(torch.full((1, 2, 2), 1.7))[0, 0] == 1
assert to_image(torch.full((3, 2, 2), -0.3))[0, 0, 0] == 0
np.testing.assert_allclose(to_image(torch.full((1, 1, 1), 0.502))[0, 0], 128 / 255)
by_pillow_ = io.BytesIO()
Image.fromarray(np.uint8(np.rint(255 * photo))).save(by_pillow_, "jpeg", quality=50)
assert tenth == by_pillow_.getvalue()
np.testing.assert_allclose(load(png), photo, atol=1e-6)
assert fifty_png == save(fifty, "png")

# %% the product against NumPy, cut at any rank, for batches and for one matrix
u_, s_, vt_ = np.linalg.svd(np.moveaxis(np.float64(photo), 2, 0), full_matrices=False)
for k in (1, 50, 512):
    by_numpy_ = (u_[..., :k] * s_[:, None, :k]) @ vt_[:, :k]
    np.testing.assert_allclose(product(factors, k), by_numpy_, atol=1e-9)
    np.testing.assert_allclose(product([f[1] for f in factors], k), by_numpy_[1], atol=1e-9)
np.testing.assert_array_equal(fifty, to_image(product(factors, 50)))
assert (m, n) == photo.shape[:2]

# %% bytes against terms: the PNG of each product, and the numbers of its terms
assert ranks.tolist() == [1, 2, 5, 10, 20, 50, 100, 200, 512]
assert pngs[3] == len(save(to_image(product(factors, 10)), "png"))
assert pngs[5] == len(fifty_png)
assert abs(pngs[-1] - len(png)) < 0.001 * len(png)
drawn_ = {line.get_label(): line.get_xydata() for line in axis_ranks.lines}
for name_, each_ in (("terms, double", 8), ("terms, single", 4)):
    np.testing.assert_array_equal(drawn_[name_][:, 1], ranks * 3 * (512 + 512) * each_)
# a matrix of 512 × 512 bytes: the crossings that the caption names
assert 8 * 32 * (512 + 512) == 4 * 64 * (512 + 512) == 512 * 512

# %% the second asker: the least rank with 99 % of the squares, saved at both qualities
share_ = np.cumsum((begun[1] ** 2).sum(0)) / (begun[1] ** 2).sum()
assert share_[most - 1] >= 0.99 > share_[most - 2]
assert list(again) == [most, 20, 50, 100, 512]
np.testing.assert_allclose(product(begun, 512), to_channels(load(tenth)), atol=1e-9)
remade_ = to_image(product(begun, 20))
assert again[20] == [len(save(remade_, "jpeg", quality=q)) for q in (50, 95)]

# %% whole numbers survive their bytes, in any shape, and small ones have zeros in three of four
assert to_bytes(torch.tensor([0.0, -1, 1, -2, 2]))[0].tolist() == [0, 1, 2, 3, 4]
for shape in ((7,), (3, 4), (2, 3, 5)):
    for size_ in (3, 100, 10**5, 10**9):
        whole_ = torch.from_numpy(np.random.default_rng(1).integers(-size_, size_, shape)).double()
        parts_ = to_bytes(whole_)
        assert parts_.dtype == np.uint8
        assert parts_.shape == (4, *shape)
        assert parts_.flags.c_contiguous
        assert torch.equal(from_bytes(parts_), whole_)
assert not to_bytes(torch.tensor([-128.0, 127.0]))[1:].any()

# %% a file gives back multiples of its step, each within half a step
given_ = [torch.randn(3, 4, 5).double(), torch.randn(6).double(), torch.zeros(2, 2).double()]
for step in (0.01, 0.5):
    back_ = unpack(pack(given_, step))
    assert [b.shape for b in back_] == [g.shape for g in given_]
    for b, g in zip(back_, given_, strict=True):
        np.testing.assert_allclose(b, step * np.round(g / step), atol=1e-12)

# %% a file has the size that is asked for
for size_ in (8000, 30_000):
    file_ = at_size([torch.randn(3, 64, 400).double()], size_)
    assert abs(len(file_) / size_ - 1) < 0.01
assert abs(len(step_file) / byte_size - 1) < 0.01
assert abs(len(ours) / SIZE - 1) < 0.01

# %% σu, σv and σ, rounded with one step: as good as the theory of the step says, and σ = 0 is harmless
for A_ in (
    torch.randn(2, 12, 9).double(),
    torch.zeros(1, 5, 7).double(),
    torch.randn(3, 6, 6).double(),
):
    numbers_ = analyse(A_, frozenset())
    np.testing.assert_allclose(from_terms(numbers_), A_, atol=1e-6)
    for step in (0.02, 0.1):
        off_ = from_terms(unpack(pack(numbers_, step))) - A_
        c_, rows_, columns_ = A_.shape
        free_ = min(rows_, columns_) * (rows_ + columns_ + 1)
        assert torch.linalg.norm(off_, dim=(1, 2)).max() < step * free_**0.5
np.testing.assert_allclose(left.mT @ right, product(factors, 50), atol=0.5)
u_, s_, vt_ = np.linalg.svd(np.moveaxis(np.float64(photo), 2, 0), full_matrices=False)
tops_ = abs((u_ * s_[:, None])[..., :50]).max(1), abs(vt_[:, :50]).max(-1)
for scale_, top_ in zip(scales, tops_, strict=True):
    np.testing.assert_allclose(scale_[..., 0], top_ / 127, rtol=1e-6)
assert byte_size == len(byte_file) + 4 * 3 * 2 * 50
assert max(abs(x).max() for x in unpack(byte_file)) == 127
assert [len(x[0]) for x in unpack(byte_file)] == [50, 50]
assert rounded["50 terms, single precision"][0] == 4 * 50 * (512 + 512) * 3

# %% JPEGs to compare with: one for each quality, in full colour, and the largest that is no larger
from PIL.JpegImagePlugin import get_sampling

assert len(jpegs) == 100
assert jpegs[49] == save(photo, "jpeg", quality=50, subsampling=0)
assert get_sampling(Image.open(io.BytesIO(same_size))) == 0
for chosen_, size_ in ((same_size, byte_size), (same, SIZE)):
    assert len(chosen_) <= size_ < min(len(f) for f in jpegs if len(f) > len(chosen_))

# %% colours and cosines are orthonormal; the cosines are those of the definition
for Q_ in (COLOURS, cosine_matrix(8), cosine_matrix(5), cosine_matrix(1), cosines):
    np.testing.assert_allclose(Q_ @ Q_.mT, np.eye(len(Q_)), atol=1e-12)
np.testing.assert_allclose(COLOURS[0], np.ones(3) / 3**0.5)
assert COLOURS[1:].sum(1).abs().max() < 1e-12
i_ = np.arange(8) + 0.5
wave_ = np.outer(np.cos(np.pi * 2 * i_ / 8), np.cos(np.pi * 3 * i_ / 8)) / 4
if BLOCK == 8:
    np.testing.assert_allclose(cosines[8 * 2 + 3].reshape(8, 8), wave_, atol=1e-12)

# %% tiles: row by row, and back, for oblong pictures
X_ = torch.from_numpy(np.random.default_rng(2).random((3, 16, 24)))
for b in (4, 8):
    assert to_tiles(X_, b).shape == (3, (16 // b) * (24 // b), b, b)
    np.testing.assert_array_equal(from_tiles(to_tiles(X_, b), 16, 24), X_)
np.testing.assert_array_equal(to_tiles(X_, 8)[:, 4], X_[:, 8:16, 8:16])

# %% what is analysed comes back, with any ideas; cosines and colours keep squared errors
side_ = 2 * BLOCK
X_ = torch.from_numpy(np.random.default_rng(3).random((3, side_, side_)))
for ideas_ in subsets:
    numbers_ = analyse(X_, ideas_)
    np.testing.assert_allclose(synthesise(numbers_, ideas_, side_, side_), X_, atol=1e-9)
    assert len(numbers_) == (1 if "cosines" in ideas_ else 3)
    if "cosines" in ideas_:
        moved_ = [numbers_[0] + 0.01 * torch.randn(numbers_[0].shape)]
        off_ = torch.linalg.norm(synthesise(moved_, ideas_, side_, side_) - X_)
        np.testing.assert_allclose(off_, torch.linalg.norm(moved_[0] - numbers_[0]))
assert analyse(X_, {"blocks", "cosines"})[0].shape == (3, BLOCK * BLOCK, 4)
assert analyse(X_, {"blocks"})[0].shape[:2] == (3, 4)
assert analyse(X_, {"cosines"})[0].shape == (3, side_, side_)

# %% a picture of any shape goes through a file and comes back in its shape
for picture_ in (photo[:33, :40], photo[:20, :5, 1], photo[:1, :1]):
    ideas_ = whole if picture_.ndim == 3 else whole - {"colours"}
    for tried_ in (ideas_, frozenset()):
        file_, image_ = through(picture_, tried_, 0.01)
        assert image_.shape == picture_.shape
        assert psnr(image_, picture_) > 40
        assert len(unpack(file_)) == (1 if "cosines" in tried_ else 3)

# %% eight codecs: all subsets, each at the size, decoded from its file
assert len(set(subsets)) == len(subsets) == len(level) == 8
assert (empty, whole) == (frozenset(), frozenset(IDEAS))
for ideas_ in (frozenset({"blocks"}), whole):
    file_ = at_size(analyse(to_channels(photo), ideas_), SIZE)
    assert abs(len(file_) / SIZE - 1) < 0.01
    image_ = to_image(synthesise(unpack(file_), ideas_, 512, 512))
    np.testing.assert_array_equal(image_, decoded[ideas_])
    np.testing.assert_allclose(level[ideas_], psnr(image_, photo))
pairs_ = itertools.product(IDEAS, subsets)
for (idea_, before_), line_ in zip(pairs_, axis_cube.lines[:24], strict=True):
    ends_ = [(len(s), level[s]) for s in (before_, before_ | {idea_})]
    np.testing.assert_array_equal(line_.get_xydata(), ends_)
    assert plt.matplotlib.colors.same_color(line_.get_color(), f"C{IDEAS.index(idea_)}")

# %% shares: they add up, and are what a game that is known by heart gives
known_ = shares({s: 2.0 * ("blocks" in s) + 3.0 * ({"colours", "cosines"} <= s) for s in subsets})
assert {k: len(v) for k, v in known_.items()} == dict.fromkeys(IDEAS, 6)
assert [np.mean(known_[idea]) for idea in IDEAS] == [1.5, 2, 1.5]
assert set(known_["blocks"]) == {2.0}
assert sorted(known_["colours"]) == [0, 0, 0, 3, 3, 3]
np.testing.assert_allclose(sum(map(np.mean, won.values())), level[whole] - level[empty])
np.testing.assert_allclose(ends, [won["cosines"][-1], won["cosines"][0]])  # first, and last

# %% the answers: JPEG's lead over a byte each, the largest share, our lead over the cosines
np.testing.assert_allclose(dbs, [psnr(image, photo) for _, image in rounded.values()])
assert ahead == found["photograph", "own, free"][0] - found["photograph", "cosines"][0]
assert best == max(won, key=lambda idea: sum(won[idea]))

# %% blocks, their own basis, and Gaussian blocks of the same second moments
assert rows.shape == (3, (512 // BLOCK) ** 2, BLOCK**2)
turned_ = np.einsum("dc,hwc->dhw", COLOURS, np.float64(photo))
np.testing.assert_allclose(rows[1, 1], turned_[1, :BLOCK, BLOCK : 2 * BLOCK].ravel(), atol=1e-12)
np.testing.assert_allclose(own @ own.mT, np.eye(BLOCK**2)[None].repeat(3, 0), atol=1e-9)
squares_ = (rows @ own.mT).square().sum(1)
assert (squares_[:, :-1] >= squares_[:, 1:] - 1e-9).all()
moments_, drawn_ = (x.mT @ x / x.shape[1] for x in (rows, gaussian))
largest_ = torch.linalg.matrix_norm(moments_, ord=2)
noise_ = 5 * (BLOCK**2 / rows.shape[1]) ** 0.5
assert (torch.linalg.matrix_norm(moments_ - drawn_, ord=2) / largest_).max() < noise_
assert abs(stats.kurtosis((gaussian @ own.mT).numpy(), axis=1)).max() < 1
for (name_, kind_), (db_, used_, heavy_) in found.items():
    numbers_ = (
        (rows if name_ == "photograph" else gaussian)
        @ (own if kind_ == "own, free" else cosines).mT
    ).mT
    file_ = at_size([numbers_], SIZE)
    assert abs(len(file_) / SIZE - 1) < 0.01
    np.testing.assert_allclose(db_, -10 * np.log10(((unpack(file_)[0] - numbers_) ** 2).mean()))
    np.testing.assert_allclose(used_, (torch.round(numbers_ / 0.1) != 0).double().mean())
    np.testing.assert_allclose(heavy_, np.nanmedian(stats.kurtosis(numbers_.numpy(), axis=2)))

# %% Eckart and Young, Hadamard: the own basis packs the squares best, and its variances are least
squares_ = (rows @ own.mT).square().sum(1)
for c_ in range(3):
    alike_ = (rows[c_] @ cosines.mT).square().sum(0).sort(descending=True).values.cumsum(0)
    assert (squares_[c_].cumsum(0) >= alike_ * (1 - 1e-9)).all()
    logs_ = [(rows[c_] @ b.mT).square().mean(0).log2().sum() for b in (own[c_], cosines)]
    assert logs_[0] <= logs_[1] + 1e-6

# %% entropy: of shares that are known, row by row
assert entropy_bytes(torch.tensor([[0.0, 1, 2, 3] * 2])) == 2
assert entropy_bytes(torch.tensor([[[0.0, 0, 0, 0], [5, 6, 5, 6]]])) == 0.5
halves_ = torch.tensor([[0.0] * 8 + [1] * 4 + [2] * 2 + [3, 3]])
np.testing.assert_allclose(entropy_bytes(halves_), 16 * 1.75 / 8)

# %% a step for all waves: the JPEG says so itself, in full colour, and is the largest that fits
from PIL.JpegImagePlugin import get_sampling

opened_ = Image.open(io.BytesIO(flat))
assert all(len(set(table)) == 1 for table in opened_.quantization.values())
assert get_sampling(opened_) == 0
assert len(flat) <= SIZE
finer_ = opened_.quantization[0][0] - 1
assert len(save(photo, "jpeg", qtables=[[finer_] * 64] * 2, subsampling=0)) > SIZE

# %% rounding in our file: no number is off by more than half a step
step_ = float(np.load(io.BytesIO(lzma.decompress(ours)))["arr_0"])
assert (unpack(ours)[0] - exact).abs().max() <= step_ * (0.5 + 1e-9)
np.testing.assert_array_equal(exact, analyse(to_channels(photo), whole)[0])

# %% the weave has rank one in each colour but for its rounding, and its files decode to it
assert weave.shape == (512, 512, 3)
u_, s_, vt_ = np.linalg.svd(np.moveaxis(weave, 2, 0))
one_ = (u_[..., :1] * s_[:, None, :1]) @ vt_[:, :1]
assert abs(np.moveaxis(one_, 0, 2) - weave).max() < 1.5 / 255
assert weave.std(axis=(0, 1)).min() > 0.2
for name_, ideas_ in (("terms", empty), ("all three", whole)):
    assert woven[name_][0] == pack(analyse(to_channels(weave), ideas_), 0.1)
assert woven["JPEG"][0] == save(weave, "jpeg", quality=95, subsampling=0)

# %% costs: bytes and decibels of files that Pillow opens, in colour and grey
import pytest

assert list(costs(photo[:40, :30])) == ["PNG", *FORMATS, "terms", "all ideas"]
for picture_, mode_ in ((photo[:40, :64], "RGB"), (photo[:40, :64, 0], "L")):
    paid_ = costs(picture_, qualities=(30, 80))
    assert paid_["PNG"] == [(len(save(picture_, "png")), np.inf)]
    for kind_ in FORMATS:
        for quality_, (size_, db_) in zip((30, 80), paid_[kind_], strict=True):
            file_ = save(picture_, kind_, quality=quality_, subsampling="4:4:4")
            assert size_ == len(file_)
            np.testing.assert_allclose(db_, psnr(load(file_, mode_), picture_), atol=1e-3)
    ideas_ = whole if mode_ == "RGB" else whole - {"colours"}
    for name_, tried_ in (("terms", empty), ("all ideas", ideas_)):
        for step, (size_, db_) in zip((0.4, 0.2, 0.1, 0.05), paid_[name_], strict=True):
            file_, image_ = through(picture_, tried_, step)
            assert size_ == len(file_)
            np.testing.assert_allclose(db_, psnr(image_, picture_), atol=1e-3)
for low_, high_ in ((-0.1, 1), (0, 1.1)):
    with pytest.raises(ValueError, match=r"image reaches from .*; it must be in \[0, 1\]"):
        costs(np.linspace(low_, high_, 64).reshape(8, 8))
for bound_ in (np.zeros((8, 8)), np.ones((8, 8))):
    assert costs(bound_)["all ideas"][-1][1] == np.inf
drawn_ = {line.get_label(): line.get_xydata() for line in axis_costs.lines}
for name_, rows_ in paid.items():
    np.testing.assert_allclose(drawn_[name_], np.array(rows_) / [1000, 1])

# %% waves: the tiles that are shown, and the bits of each wave
np.testing.assert_array_equal(waves[:8], own[0, :8])
for place_, wave_ in enumerate(most_used):
    np.testing.assert_array_equal(waves[8 + place_], cosines[wave_])
loud_ = (rows[0] @ cosines.mT).square().sum(0)
assert most_used.tolist() == loud_.argsort(descending=True)[:8].tolist()
np.testing.assert_allclose(abs(tones - 0.5).amax(1), 0.4)
assert ((tones - 0.5) * waves).min() >= 0
assert axes_of_colour[0] == "brightness"
assert maps.shape == (3, BLOCK, BLOCK)
np.testing.assert_allclose(maps.sum() * (512 // BLOCK) ** 2 / 8, entropy_bytes(unpack(ours)[0]))
np.testing.assert_allclose(
    maps[1, 0, 2] * (512 // BLOCK) ** 2 / 8, entropy_bytes(unpack(ours)[0][1:2, 2:3])
)
for line in axis_bins.lines:
    x_, density_ = line.get_xydata().T
    assert len(x_) == 80
    np.testing.assert_allclose(x_, -x_[::-1], atol=1e-12)
    np.testing.assert_allclose(x_[0], -7.9)
normal_ = axis_bins.lines[2].get_ydata()
np.testing.assert_allclose(normal_[40], 0.4, atol=0.02)
assert axis_bins.lines[1].get_ydata().max() > 2 * normal_.max()

# %% other pictures: each at a quarter of the bytes
assert list(elsewhere) == ["chelsea", "rocket"]
total_ = reached[whole] - reached[empty]
np.testing.assert_allclose(sum(elsewhere["rocket"]), total_)
file_ = at_size(analyse(to_channels(other), whole), SIZE // 4)
np.testing.assert_allclose(
    reached[whole], psnr(to_image(synthesise(unpack(file_), whole, 256, 256)), other)
)

# %% an adaptive coder: its bits are those of its estimates, value by value
for row_ in ([0.0, 0, 1, 0, 2, 0], [3.0, 3, 3], [5.0, -5]):
    values_ = np.arange(min(row_), max(row_) + 1)
    counts_, bits_ = dict.fromkeys(values_, 0.5), 0.0
    for value_ in row_:
        bits_ -= np.log2(counts_[value_] / sum(counts_.values()))
        counts_[value_] += 1
    rows_ = [torch.tensor([row_, row_])[None], torch.tensor([row_])]
    np.testing.assert_allclose(adaptive_bytes(rows_, 1.0), 3 * bits_ / 8, rtol=1e-6)
    np.testing.assert_allclose(
        adaptive_bytes([x / 4 for x in rows_], 0.25), 3 * bits_ / 8, rtol=1e-6
    )
assert adaptive.keys() == level.keys()
assert abs(adaptive[whole] - level[whole]) < 1.5
numbers_, step_ = analyse(to_channels(photo), whole), 0.1
for _ in range(8):
    step_ *= adaptive_bytes(numbers_, step_) / SIZE
back_ = synthesise([step_ * torch.round(numbers_[0] / step_)], whole, 512, 512)
np.testing.assert_allclose(adaptive[whole], psnr(to_image(back_), photo), atol=0.05)

# %% noise: as much as was asked for, cleaned by rank and by threshold
np.testing.assert_array_equal(clean[0], np.float64(photo[..., 1]))
np.testing.assert_allclose((noisy - clean).std(), 0.1, rtol=0.01)
np.testing.assert_allclose(to_clean(noisy), -10 * np.log10(((noisy - clean) ** 2).mean()))
np.testing.assert_allclose(to_clean(clean + 0.1), 20)
u_, s_, vt_ = np.linalg.svd(noisy[0].numpy())
cleaned_ = [((u_[:, :k] * s_[:k]) @ vt_[:k] - clean[0].numpy()) for k in range(1, 200)]
best_ = max(-10 * np.log10((c**2).mean()) for c in cleaned_)
assert best_ - 0.05 < by_rank <= best_ + 1e-9
coefficients_ = fft.dctn(to_tiles(noisy, BLOCK).numpy(), axes=(2, 3), norm="ortho")
shrunk_ = np.where(abs(coefficients_) < 0.3, 0, coefficients_)
back_ = from_tiles(torch.from_numpy(fft.idctn(shrunk_, axes=(2, 3), norm="ortho")), 512, 512)
np.testing.assert_allclose(by_cosines, -10 * np.log10(((back_ - clean) ** 2).mean()))

# %% asked elsewhere: whole numbers, saved by NumPy or as text, take more than the picture's pixels
step_ = float(np.load(io.BytesIO(lzma.decompress(ours)))["arr_0"])
whole_ = torch.round(exact / step_).numpy()
np.save(plain_ := io.BytesIO(), whole_.astype(np.int16))
assert len(plain_.getvalue()) > photo.size > 10 * len(ours)
assert len(" ".join(f"{int(w)}" for w in whole_.ravel())) > photo.size

# entry: costs(picture)
# equivalent, opening: full_matrices=False → full_matrices=True: the channels are square
# equivalent, opening: 130:310 → 130:311: the crop is a pixel larger
# equivalent, opening: 130:310 → 131:310: the crop is a pixel smaller
# equivalent, opening: 20:200 → 20:201: the crop is a pixel larger
# equivalent, opening: 20:200 → 21:200: the crop is a pixel smaller
# equivalent, again: energy < 0.99 * energy[-1] → energy <= 0.99 * energy[-1]: they are never equal
# equivalent, again: full_matrices=False → full_matrices=True: the channels are square
# equivalent, at-size: min=1e-09 → min=2e-09: what is divided by it is zero
# equivalent, at-size: xtol=0.01 → xtol=0.02: the last step of the secant is far smaller
# equivalent, one-step: len(f) <= byte_size → len(f) < byte_size: no file has just this size
# equivalent, eight: len(f) <= SIZE → len(f) < SIZE: no file has just this size
# equivalent, coders: len(f) <= SIZE → len(f) < SIZE: no file has just this size
# equivalent, coders: [[step] * 64] * 2 → [[step] * 64] * 3: a third table is the same, and not used
# equivalent, sparse: numbers.abs() > 0.05 → numbers.abs() >= 0.05: they are never equal
# equivalent, sparse: full_matrices=False → full_matrices=True: there are more rows than columns
# equivalent, pictures: SIZE // 4 → SIZE / 4: it is a multiple of four
# equivalent, denoise: clean + s * torch.randn(clean.shape, dtype=clean.dtype) → clean - s * torch.randn(clean.shape, dtype=clean.dtype): the noise is as likely with either sign
# equivalent, denoise: full_matrices=False → full_matrices=True: the channel is square
# equivalent, denoise: kept.abs() < 3 * s → kept.abs() <= 3 * s: they are never equal


# %% wrong, exercise 1: the pixels count a byte each
def largest_rank(m, n, number_bytes, pixel_bytes):
    return min(m, n, (m * n - 1) // ((m + n) * number_bytes))


# %% wrong, exercise 1: more terms than the matrix has
def largest_rank(m, n, number_bytes, pixel_bytes):
    return (m * n * pixel_bytes - 1) // ((m + n) * number_bytes)


# %% wrong, exercise 1: just as many bytes are not fewer
def largest_rank(m, n, number_bytes, pixel_bytes):
    return min(m, n, m * n * pixel_bytes // ((m + n) * number_bytes))


# %% right, exercise 1: by trying
def largest_rank(m, n, number_bytes, pixel_bytes):
    k = 0
    while k < min(m, n) and (k + 1) * (m + n) * number_bytes < m * n * pixel_bytes:
        k += 1
    return k


# %% wrong, exercise 2: ideal lengths, rounded up
def code_lengths(counts):
    p = np.array(counts) / sum(counts)
    return np.ceil(-np.log2(p)).astype(int).tolist()


# %% wrong, exercise 2: the two most frequent groups are joined
def code_lengths(counts):
    lengths = [0] * len(counts)
    groups = [(count, [value]) for value, count in enumerate(counts)]
    while len(groups) > 1:
        (a, left), (b, right), *rest = sorted(groups, reverse=True)
        for value in left + right:
            lengths[value] += 1
        groups = [(a + b, left + right), *rest]
    return lengths


# %% wrong, exercise 2: the lengths of sorted counts
def code_lengths(counts):
    lengths = [0] * len(counts)
    groups = [(count, [value]) for value, count in enumerate(sorted(counts))]
    while len(groups) > 1:
        (a, left), (b, right), *rest = sorted(groups)
        for value in left + right:
            lengths[value] += 1
        groups = [(a + b, left + right), *rest]
    return lengths


# %% right, exercise 2: by a heap, as a list of parents
def code_lengths(counts):
    import heapq

    heap = [(count, value) for value, count in enumerate(counts)]
    heapq.heapify(heap)
    parent, last = {}, len(counts)
    while len(heap) > 1:
        (a, one), (b, two) = heapq.heappop(heap), heapq.heappop(heap)
        parent[one] = parent[two] = last
        heapq.heappush(heap, (a + b, last))
        last += 1

    def depth(node):
        return 1 + depth(parent[node]) if node in parent else 0

    return np.array([depth(value) for value in range(len(counts))])


# %% wrong, exercise 3: towards zero
def to_whole(numbers, step):
    return torch.trunc(numbers / step)


# %% wrong, exercise 3: half of the step
def to_whole(numbers, step):
    return torch.round(numbers / (step / 2))


# %% wrong, exercise 3: multiples of the step, and not whole numbers
def to_whole(numbers, step):
    return step * numbers.sign() * torch.floor(numbers.abs() / step + 0.4)


# %% right, exercise 3: a wider zero alone
def to_whole(numbers, step):
    return torch.where(numbers.abs() < 0.62 * step, 0.0, torch.round(numbers / step))
