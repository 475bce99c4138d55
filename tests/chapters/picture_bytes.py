"""What the chapter on what a picture costs in bytes must keep true."""

# %% concludes: for the product of 50 terms it still needs more than nine tenths of the bytes of our photograph's.
assert len(fifty_png) > 0.9 * len(png)

# %% concludes: Saved again unchanged, the JPEG grows: a finer step costs bits. After the PCA it grows further.
for picture_ in again:
    assert 1 < grown[picture_, "unchanged"][1] < grown[picture_, "99 % of the variance"][1]

# %% concludes: Where numbers are not zero, this costs less than a tenth of what it costs where they are zero. So it is the zeros
for picture_ in again:
    was_, others_, zeros_ = (
        grown[picture_, k_][0] for k_ in ("unchanged", "non-zeros given back", "zeros given back")
    )
    assert zeros_ > was_
    assert others_ - was_ < (zeros_ - was_) / 10

# %% concludes: Fewer numbers are zero, and the file grows.
for picture_ in again:
    sizes_, _, shares_ = np.transpose([grown[picture_, k_] for k_ in ("unchanged", "moved")])
    assert sizes_[1] > 1.05 * sizes_[0]
    assert shares_[1] > 1.25 * shares_[0]

# %% concludes: On the photograph, zeros given back without a move cost more than half as much.
was_, zeros_, moved_ = (
    grown["photograph", k_][0] for k_ in ("unchanged", "zeros given back", "moved")
)
assert zeros_ - was_ > (moved_ - was_) / 2

# %% concludes: The moved drawing even needs more than if it had never been a JPEG
assert grown["drawing", "moved"][0] > 1.1 * grown["drawing", "moved, never a JPEG"][0]

# %% concludes: The cut writes into flat blocks, though it moves nothing.
for made_ in again.values():
    spread_ = made_["unchanged"].reshape(64, 8, 64, 8, 3).std((1, 3)).max(2)
    few_, more_ = (
        (~is_zero(made_[k_], save(made_[k_], "jpeg", quality=95))).sum((1, 3))[spread_ < 3 / 255]
        for k_ in ("unchanged", "99 % of the variance")
    )
    assert more_.sum() > 1.25 * few_.sum()

# %% concludes: In flat blocks the error makes the file larger; in all others it makes the file smaller. Shuffled, it costs more than as it is
for plain_, in_flat_, shuffled_, in_others_, _ in local.values():
    assert in_others_ < plain_ < in_flat_ < shuffled_

# %% concludes: Of the cat little is flat, and all of the error together saves bytes.
assert local["cat"][-1] < local["cat"][0]
spread_ = of_moved["cat"].reshape(64, 8, 64, 8, 3).std((1, 3)).max(2)
assert (spread_ < 3 / 255).mean() < 0.1

# %% concludes: On this photograph, the larger the file, the more terms are best.
drawn_ = {
    name_: np.transpose([(len(file_), psnr(image_, photo)) for file_, image_ in pairs_])
    for name_, pairs_ in curves.items()
}
few_, some_, many_, _ = drawn_.values()
for less_, more_ in ((few_, some_), (some_, many_)):
    # at the least size of more terms fewer are better, and at the largest of fewer terms more are
    assert np.interp(more_[0, 0], *less_) > more_[1, 0]
    assert np.interp(less_[0, -1], *more_) > less_[1, -1]
assert rounded["best"] > rounded["all"] + 10 * np.log10(1.25)
assert best_count < S.numel()

# %% concludes: And yet JPEG is far ahead
assert len(same) <= SIZE
assert rounded["JPEG"] > rounded["best"] + 10 * np.log10(2)

# %% concludes: With equal steps it is further ahead.
assert len(equal) <= SIZE
assert rounded[EQUAL] > rounded["JPEG"] + 0.1

# %% concludes: Together they pass JPEG, but not with equal steps
assert rounded["JPEG"] < level[whole] < rounded[EQUAL]


# %% concludes: exercise 3 finds a part of what is missing.
def wider_(step_):
    return pack([to_whole(exact, step_)], 1.0)


step_ = optimize.brentq(lambda x: len(wider_(x)) - SIZE, 0.005, 2, xtol=1e-4)
back_ = synthesise([step_ * unpack(wider_(step_))[0]], whole, m, n)
assert len(wider_(step_)) < 1.01 * SIZE
assert psnr(to_image(back_), photo) > level[whole] + 0.1

# %% concludes: What an idea wins depends on which others are there.
assert max(np.ptp(gains_) for gains_ in won.values()) > 10 * np.log10(1.25)

# %% concludes: On this photograph, at this size, the three ideas together leave less than a quarter of the squared error that the best number of terms leaves in as many bytes.
assert level[whole] - level[empty] > 10 * np.log10(4)

# %% concludes: Blocks have the largest share here
assert max(IDEAS, key=lambda idea: np.mean(won[idea])) == "blocks"

# %% concludes: In blocks of 8×8 pixels of this photograph, the cosines are ahead of our own basis, although it is free of charge. Without mixed directions our basis comes nearer to them.
assert found["cosine"] > found["own"]
assert found["cosine"] - found["own"] > abs(found["cosine"] - found["unmixed"])

# %% concludes: The change that helped on the photograph costs our basis its lead here
assert of_gaussian["own"] > of_gaussian["unmixed"]
lead_ = of_gaussian["own"] - of_gaussian["cosine"]
assert of_gaussian["unmixed"] - of_gaussian["cosine"] < lead_ / 2

# %% concludes: exchanged directions cost the cosines less than half of what they cost them on the photograph.
costs_ = {k: (d["cosine"] - d["exchanged"]) for k, d in (("p", found), ("g", of_gaussian))}
assert costs_["g"] < costs_["p"] / 2

# %% concludes: Beyond what each costs on Gaussian blocks, exchanging costs more than mixing on the same side.
beyond_ = {
    k: (found["cosine"] - found[k]) - (of_gaussian["cosine"] - of_gaussian[k])
    for k in ("exchanged", "same side")
}
assert beyond_["exchanged"] > beyond_["same side"] + 0.05

# %% concludes: Mixed directions make the tails lighter
assert max(kurtosis[k] for k in ("own", "exchanged")) < min(
    kurtosis[k] for k in ("unmixed", "cosine", "same side")
)

# %% concludes: more of their numbers are near zero.
near_ = {k: (abs(rows @ basis_.mT) < 0.05).double().mean() for k, basis_ in bases.items()}
assert min(near_["unmixed"], near_["cosine"]) > max(near_["own"], near_["exchanged"])

# %% concludes: So mixed directions cost the cosines decibels too, more than mixing on the same side does.
assert found["exchanged"] < found["cosine"] - 0.2
assert found["exchanged"] < found["same side"] - 0.05

# %% concludes: loses less by the travel than it lacks when it is free, on this photograph and at this size.
assert 0 < found["own"] - in_file < found["cosine"] - found["own"]

# %% concludes: On this photograph, ideal codes would save less than a fifth of the file of all three ideas. For the terms such codes would need more than lzma
assert 0.8 * len(stored[whole]) < ideal[whole] < len(stored[whole])
assert ideal[empty] > len(stored[empty])

# %% concludes: So if it is unfair, then it is so in favour of the terms.
assert ideal[empty] / len(stored[empty]) > max(1, ideal[whole] / len(stored[whole]))

# %% concludes: In the same bytes the terms come far nearer than both others.
for name_ in ("cosines", "all three"):
    assert abs(len(woven[name_][0]) / len(woven["terms"][0]) - 1) < 0.01
    assert psnr(woven["terms"][1], weave) > psnr(woven[name_][1], weave) + 10

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

# %% concludes: On this cat, at this size, the blocks have the smallest one. And on the enlarged picture our own basis is ahead when it is free.
means_ = {idea: np.mean(gains_) for idea, gains_ in shares(reached).items()}
assert min(means_, key=means_.get) == "blocks"
assert leads["chelsea, enlarged"][0] > 0 > leads["chelsea"][0]

# %% concludes: On the rocket, directions explain the smaller part of what it lacks.
own_, unmixed_ = leads["rocket"]
assert 0 < unmixed_ - own_ < -own_ / 2

# elsewhere, one-step: SIZE, EQUAL = 60_000, → SIZE, EQUAL = 30_000,: half the bytes
# elsewhere, one-step: SIZE, EQUAL = 60_000, → SIZE, EQUAL = 120_000,: twice the bytes
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

# %% the second asker: centred PCA of each channel, by NumPy; which numbers JPEG keeps, by its own file
opened = again["photograph"]["unchanged"]
ks_, made_ = [], []
for channel_ in np.moveaxis(np.float64(opened), 2, 0):
    mean_ = channel_.mean(0)
    u_, s_, vt_ = np.linalg.svd(channel_ - mean_)
    share_ = np.cumsum(s_**2) / (s_**2).sum()
    k_ = int(np.argmax(share_ >= 0.99)) + 1
    ks_.append(k_)
    made_.append(np.clip(np.rint(255 * (mean_ + (u_[:, :k_] * s_[:k_]) @ vt_[:k_])), 0, 255))
np.testing.assert_allclose(
    np.stack(made_, 2) / 255, again["photograph"]["99 % of the variance"], atol=1e-6
)
for picture_, image_ in (("photograph", photo), ("drawing", drawing)):
    assert first[picture_] == save(image_, "jpeg", quality=75)
    made_ = again[picture_]
    np.testing.assert_array_equal(made_["unchanged"], load(first[picture_]))
    np.testing.assert_array_equal(made_["moved"][3:, 5:], made_["unchanged"][:-3, :-5])
    np.testing.assert_array_equal(made_["moved, never a JPEG"][3:, 5:], image_[:-3, :-5])
    # given back: the sum is the original's brightness, each part has the numbers it names
    unit_ = 255 * made_["unchanged"] @ [0.299, 0.587, 0.114]
    parts_ = [
        255 * (made_[k] - made_["unchanged"]) for k in ("non-zeros given back", "zeros given back")
    ]
    by_hand_ = 255 * image_ @ [0.299, 0.587, 0.114]
    np.testing.assert_allclose(sum(parts_)[..., 0] + unit_, by_hand_, atol=1e-3)
    assert abs(np.ptp(parts_[0], axis=2)).max() < 1e-3
    steps_ = np.reshape(Image.open(io.BytesIO(first[picture_])).quantization[0], (8, 8))
    for block_ in (np.s_[80:88, 160:168], np.s_[200:208, 40:48]):
        was_ = np.rint(fft.dctn(unit_[block_] - 128, norm="ortho") / steps_) == 0
        for part_, hidden_ in zip(parts_, (was_, ~was_), strict=True):
            assert abs(fft.dctn(part_[block_][..., 0], norm="ortho"))[hidden_].max() < 1e-3
    for name_, image_ in made_.items():
        file_ = save(image_, "jpeg", quality=95)
        share_ = 1 - is_zero(image_, file_).mean()
        assert grown[picture_, name_] == (len(file_), len(file_) / len(first[picture_]), share_)
for picture_, moved_ in of_moved.items():
    error_ = by_pca(moved_, 0.99) - moved_
    blocks_ = 255 * to_tiles(to_channels(moved_), 8)
    flat_ = (blocks_.std((2, 3), correction=0) < 3).all(0)
    only_ = flat_[None, :, None, None].expand(3, -1, 8, 8)
    image_, add_ = (to_channels(x) for x in (moved_, error_))
    sizes_ = [local[picture_][k] for k in (0, 1, 3, 4)]
    for part_, size_ in zip((0 * only_, only_, ~only_, only_ | True), sizes_, strict=True):
        tried_ = image_ + add_ * from_tiles(1.0 * part_, 512, 512)
        assert size_ == len(save(tried_.movedim(0, 2).numpy(), "jpeg", quality=95))
# the last of them, shuffled: the same errors, in flat blocks alone
np.testing.assert_allclose(np.sort(shuffled.sum(2)[flat]), np.sort(error.sum(2)[flat]))
assert not shuffled[~flat].any()
assert not np.array_equal(shuffled, in_flat)
np.testing.assert_array_equal(of_moved["cat"][3:, 5:], load(save(larger, "jpeg"))[:-3, :-5])
assert higher[0] == grown["photograph", "unchanged"][1]


def not_zero_(image):
    return 1 - is_zero(image, save(image, "jpeg", quality=95)).mean()


assert not_zero_(np.full((24, 16, 3), 128 / 255)) == 0
# what is left over beside whole blocks is left out, and grey counts as it is
np.testing.assert_allclose(numbers_of(photo[:100, :141]), numbers_of(photo[:96, :136]))
np.testing.assert_allclose(numbers_of(photo @ [0.299, 0.587, 0.114]), numbers_of(photo), atol=1e-6)
wave_ = np.cos(np.pi * (np.arange(16) % 8 + 0.5) / 8)
wave_ = np.float32(0.5 + 0.3 * wave_[None, :, None] * np.ones((24, 1, 3)))
np.testing.assert_allclose(not_zero_(wave_), 1 / 64, atol=1.5 / 64)
np.testing.assert_allclose(not_zero_(wave_.swapaxes(0, 1)), not_zero_(wave_))

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
for file_ in stored.values():
    assert abs(len(file_) / SIZE - 1) < 0.01
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

# %% the largest terms of all channels, and no others; the number that is best has worse neighbours
left_, right_, s_ = cut(all_terms, 60)
assert left_.shape[1] == right_.shape[1] == s_.shape[1] == (s_ > 0).sum(1).max()
assert int((s_ > 0).sum()) == 60
assert s_[s_ > 0].min() >= S.flatten().sort(descending=True).values[59]
for c_ in range(3):
    k_ = int((s_[c_] > 0).sum())
    np.testing.assert_allclose(
        from_terms([left_, right_, s_])[c_], product(factors, k_)[c_], atol=1e-9
    )
for x_, y_ in zip(cut(all_terms, 10**6), all_terms, strict=True):
    assert torch.equal(x_, y_)
small_ = [x[:, :40, :80] for x in all_terms[:2]] + [S[:, :40]]
chosen_ = best_terms(small_, 6000)
exact_ = from_terms(small_)
offs_ = [
    (from_terms(unpack(at_size(cut(small_, count_), 6000))) - exact_).square().sum()
    for count_ in (75, 105, 147)
]
assert (from_terms(unpack(chosen_)) - exact_).square().sum() <= min(offs_) * (1 + 1e-9)
full_ = to_image(from_terms(unpack(at_size(all_terms, SIZE))))
np.testing.assert_allclose(rounded["all"], psnr(full_, photo))
np.testing.assert_allclose(rounded["best"], level[empty])
np.testing.assert_allclose(rounded["JPEG"], psnr(load(same), photo))
assert best_count == (unpack(stored[empty])[2] != 0).sum()
assert list(curves) == ["60 terms", "150 terms", "300 terms", "JPEG"]
drawn_ = {line.get_label(): line.get_xydata() for line in axis_curves.lines}
for name_, pairs_ in curves.items():
    xy_ = [(len(file_) / 1000, psnr(image_, photo)) for file_, image_ in pairs_]
    np.testing.assert_allclose(drawn_[name_], xy_)
    assert np.all(np.diff(xy_, axis=0)[:, 0] > 0), name_
assert curves["150 terms"][2][0] == pack(cut(all_terms, 150), 0.28)
assert curves["JPEG"][2][0] == jpegs[49]

# %% JPEGs to compare with: one for each quality, in full colour, and the largest that is no larger
from PIL.JpegImagePlugin import get_sampling

assert len(jpegs) == 100
assert jpegs[49] == save(photo, "jpeg", quality=50, subsampling=0)
assert get_sampling(Image.open(io.BytesIO(same))) == 0
assert len(same) <= SIZE < min(len(f) for f in jpegs if len(f) > len(same))

# %% colours and cosines are orthonormal; the cosines are those of the definition
for Q_ in (COLOURS, cosine_matrix(8), cosine_matrix(5), cosine_matrix(1), bases["cosine"][1]):
    np.testing.assert_allclose(Q_ @ Q_.mT, np.eye(len(Q_)), atol=1e-12)
np.testing.assert_allclose(COLOURS[0], np.ones(3) / 3**0.5)
assert COLOURS[1:].sum(1).abs().max() < 1e-12
i_ = np.arange(8) + 0.5
wave_ = np.outer(np.cos(np.pi * 2 * i_ / 8), np.cos(np.pi * 3 * i_ / 8)) / 4
if BLOCK == 8:
    np.testing.assert_allclose(bases["cosine"][0, 8 * 2 + 3].reshape(8, 8), wave_, atol=1e-12)

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
oblong_ = torch.from_numpy(np.random.default_rng(3).random((3, side_, 5)))
by_scipy_ = fft.dctn(oblong_.numpy(), axes=(1, 2), norm="ortho")
(numbers_,) = analyse(oblong_, {"cosines"})
np.testing.assert_allclose(numbers_.mT, by_scipy_, atol=1e-12)
np.testing.assert_allclose(synthesise([numbers_], {"cosines"}, side_, 5), oblong_, atol=1e-12)
assert analyse(X_, {"blocks", "cosines"})[0].shape == (3, BLOCK * BLOCK, 4)
assert analyse(X_, {"blocks"})[0].shape[:2] == (3, 4)
assert analyse(X_, {"cosines"})[0].shape == (3, side_, side_)

# %% a picture of any shape, grey or in colour, goes through a file and comes back in its shape
for picture_ in (photo[:33, :40], photo[:20, :5, 1], photo[:1, :1], photo[:16, :24]):
    for tried_ in subsets:
        file_, image_ = through(picture_, tried_, 0.01)
        assert image_.shape == picture_.shape
        assert psnr(image_, picture_) > 40
        assert len(unpack(file_)) == (1 if "cosines" in tried_ else 3)

# %% eight codecs: all subsets, each at the size, decoded from its file
assert len(set(subsets)) == len(subsets) == len(level) == len(stored) == 8
assert (empty, whole) == (frozenset(), frozenset(IDEAS))
for ideas_ in subsets:
    assert abs(len(stored[ideas_]) / SIZE - 1) < 0.01
    image_ = to_image(synthesise(unpack(stored[ideas_]), ideas_, 512, 512))
    np.testing.assert_allclose(level[ideas_], psnr(image_, photo))
    if "cosines" not in ideas_:
        left_, right_, s_ = analyse(to_channels(photo), ideas_)
        count_ = int((unpack(stored[ideas_])[2] != 0).sum())
        # inside the numbers of terms that were tried: more than the first
        assert count_ > 2 * SIZE // (left_.shape[-1] + right_.shape[-1])
pairs_ = itertools.product(IDEAS, subsets)
lines_ = [line for line in axis_cube.lines if len(line.get_xydata()) == 2][:24]
for (idea_, before_), line_ in zip(pairs_, lines_, strict=True):
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

# %% the answers: the largest share, our lead over the cosines
assert ahead == found["own"] - found["cosine"]
assert best == max(won, key=lambda idea: sum(won[idea]))
assert higher == [
    len(save(again["photograph"][name_], "jpeg", quality=95)) / len(first["photograph"])
    for name_ in ("unchanged", "99 % of the variance")
]

# %% blocks, their bases, and Gaussian blocks of the same second moments
assert rows.shape == (3, (512 // BLOCK) ** 2, BLOCK**2)
turned_ = np.einsum("dc,hwc->dhw", COLOURS, np.float64(photo))
np.testing.assert_allclose(rows[1, 1], turned_[1, :BLOCK, BLOCK : 2 * BLOCK].ravel(), atol=1e-12)
for basis_ in bases.values():
    np.testing.assert_allclose(basis_ @ basis_.mT, np.eye(BLOCK**2)[None].repeat(3, 0), atol=1e-9)
own_, gaussian_ = bases["own"], gaussian
squares_ = (rows @ own_.mT).square().sum(1)
assert (squares_[:, :-1] >= squares_[:, 1:] - 1e-9).all()
moments_, drawn_ = (x.mT @ x / x.shape[1] for x in (rows, gaussian_))
largest_ = torch.linalg.matrix_norm(moments_, ord=2)
noise_ = 5 * (BLOCK**2 / rows.shape[1]) ** 0.5
assert (torch.linalg.matrix_norm(moments_ - drawn_, ord=2) / largest_).max() < noise_
kurtosis_ = ((gaussian_ @ own_.mT) ** 4).mean(1) / ((gaussian_ @ own_.mT) ** 2).mean(1) ** 2
assert abs(kurtosis_ - 3).max() < 1
for rows_, dbs_ in ((rows, found), (gaussian, of_gaussian)):
    assert list(dbs_) == list(bases)[: len(dbs_)]
    for name_, db_ in dbs_.items():
        numbers_ = (rows_ @ bases[name_].mT).mT
        back_ = unpack(at_size([numbers_], SIZE))[0]
        np.testing.assert_allclose(db_, -10 * np.log10(((back_ - numbers_) ** 2).mean()))

# %% an unmixed basis: products of the eigenvectors of the columns' and the rows' second moments
blocks_ = rows.unflatten(2, (BLOCK, BLOCK)).numpy()
for c_ in range(3):
    tall_, wide_ = (np.moveaxis(blocks_[c_], k, 2).reshape(-1, BLOCK) for k in (1, 2))
    down_, across_ = (np.linalg.eigh(x.T @ x)[1][:, ::-1].T for x in (tall_, wide_))
    same_ = abs(np.kron(down_, across_) @ bases["unmixed"][c_].numpy().T)
    np.testing.assert_allclose(same_, np.eye(BLOCK**2), atol=1e-5)

# %% mixed cosines: half the sum and half the difference of two products of cosines
for i_, j_ in ((2, 3), (5, 0), (4, 4)):
    one_, other_ = (bases["cosine"][0, BLOCK * a + b] for a, b in ((i_, j_), (j_, i_)))
    here_, there_ = (bases["exchanged"][0, BLOCK * a + b] for a, b in ((i_, j_), (j_, i_)))
    wanted_ = {True: one_}.get(i_ == j_, (one_ + other_) / 2**0.5)
    assert min(abs(x - wanted_).max() for x in (here_, there_)) < 1e-12
    np.testing.assert_allclose(abs(here_ @ there_), float(i_ == j_), atol=1e-12)
share_ = bases["same side"][0] @ bases["cosine"][0].mT
for wave_, of_ in enumerate(share_):
    i_, j_ = np.divmod(np.flatnonzero(abs(of_) > 1e-9), BLOCK)
    assert len(set(np.sign(i_ - j_))) == 1, "all on one side"
    assert len(i_) == (1 if wave_ % (BLOCK + 1) == 0 else 2)
sums_ = (rows[0] @ bases["cosine"][0].mT).square().sum(0)
loudest_ = max((k for k in range(BLOCK**2) if k // BLOCK > k % BLOCK), key=lambda k: sums_[k])
(partner_,) = set(np.flatnonzero(abs(share_[loudest_]) > 1e-9)) - {loudest_}
between_ = [k for k in range(BLOCK**2) if k // BLOCK > k % BLOCK and sums_[k] > sums_[partner_]]
assert between_ == [loudest_], "the next strongest"
for name_, value_ in kurtosis.items():
    numbers_ = rows @ bases[name_].mT
    ratio_ = (numbers_**4).mean(1) / (numbers_**2).mean(1) ** 2
    np.testing.assert_allclose(
        value_, float(ratio_.flatten().sort().values[(ratio_.numel() - 1) // 2])
    )
paid_ = unpack(best_terms(analyse(to_channels(photo), {"colours", "blocks"}), SIZE))
back_ = synthesise(paid_, {"colours", "blocks"}, 512, 512) - to_channels(photo)
np.testing.assert_allclose(in_file, -10 * np.log10((back_**2).mean()))

# %% Eckart and Young, Hadamard: the own basis packs the squares best, and its variances are least
squares_ = (rows @ bases["own"].mT).square().sum(1)
for c_ in range(3):
    alike_ = (
        (rows[c_] @ bases["cosine"][c_].mT).square().sum(0).sort(descending=True).values.cumsum(0)
    )
    assert (squares_[c_].cumsum(0) >= alike_ * (1 - 1e-9)).all()
    logs_ = [
        (rows[c_] @ b.mT).square().mean(0).log2().sum()
        for b in (bases["own"][c_], bases["cosine"][c_])
    ]
    assert logs_[0] <= logs_[1] + 1e-6

# %% entropy: of shares that are known, row by row
assert entropy_bytes(torch.tensor([[0.0, 1, 2, 3] * 2])) == 2
assert entropy_bytes(torch.tensor([[[0.0, 0, 0, 0], [5, 6, 5, 6]]])) == 0.5
halves_ = torch.tensor([[0.0] * 8 + [1] * 4 + [2] * 2 + [3, 3]])
np.testing.assert_allclose(entropy_bytes(halves_), 16 * 1.75 / 8)

# %% rounding in our file: no number is off by more than half a step
step_ = float(np.load(io.BytesIO(lzma.decompress(ours)))["arr_0"])
assert (unpack(ours)[0] - exact).abs().max() <= step_ * (0.5 + 1e-9)
assert ideal[whole] == entropy_bytes(unpack(ours)[0])
assert ideal[empty] == sum(entropy_bytes(x) for x in unpack(stored[empty]))
np.testing.assert_array_equal(exact, analyse(to_channels(photo), whole)[0])

# %% the weave has rank one in each colour but for its rounding, and its files decode to it
assert weave.shape == (512, 512, 3)
u_, s_, vt_ = np.linalg.svd(np.moveaxis(weave, 2, 0))
one_ = (u_[..., :1] * s_[:, None, :1]) @ vt_[:, :1]
assert abs(np.moveaxis(one_, 0, 2) - weave).max() < 1.5 / 255
assert weave.std(axis=(0, 1)).min() > 0.2
assert list(woven) == ["terms", "cosines", "all three"]
for (file_, image_), ideas_ in zip(woven.values(), (empty, {"cosines"}, whole), strict=True):
    np.testing.assert_array_equal(image_, to_image(synthesise(unpack(file_), ideas_, 512, 512)))
assert woven["terms"][0] == pack(analyse(to_channels(weave), empty), 0.1)

# %% costs: bytes and decibels of files that Pillow opens, in colour and grey
import pytest

assert list(costs(photo[:40, :30])) == [*FORMATS, "terms", "all ideas"]
for picture_, mode_ in ((photo[:40, :64], "RGB"), (photo[:40, :64, 0], "L")):
    paid_ = costs(picture_)
    for kind_ in FORMATS:
        for quality_, (size_, db_) in zip((20, 50, 80, 95), paid_[kind_], strict=True):
            file_ = save(picture_, kind_, quality=quality_, subsampling="4:4:4")
            assert size_ == len(file_)
            np.testing.assert_allclose(db_, psnr(load(file_, mode_), picture_), atol=1e-3)
    for name_, tried_ in (("terms", empty), ("all ideas", whole)):
        for step, (size_, db_) in zip((0.4, 0.2, 0.1), paid_[name_], strict=True):
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

# %% waves: the tiles that are shown carry the most, and the bits of each wave
assert list(waves)[::8] == ["own 1", "unmixed 1", "cosine 1", "exchanged 1"]
for name_ in ("own", "unmixed", "cosine", "exchanged"):
    basis_ = bases[name_]
    loud_ = (rows[0] @ basis_[0].mT).square().sum(0).argsort(descending=True)[:8]
    for place_, wave_ in enumerate(basis_[0, loud_], 1):
        tile_ = waves[f"{name_} {place_}"].flatten() - 0.5
        np.testing.assert_allclose(abs(tile_).max(), 0.4)
        np.testing.assert_allclose(abs(tile_ @ wave_), torch.linalg.norm(tile_))
        assert tile_[0] > -1e-9
assert axes_of_colour[0] == "brightness"
assert maps.shape == (3, BLOCK, BLOCK)
np.testing.assert_allclose(maps.sum() * (512 // BLOCK) ** 2 / 8, entropy_bytes(unpack(ours)[0]))
np.testing.assert_allclose(
    maps[1, 0, 2] * (512 // BLOCK) ** 2 / 8, entropy_bytes(unpack(ours)[0][1:2, 2:3])
)

# %% other pictures: each at a quarter of the bytes
assert list(leads) == list(others) == ["chelsea", "rocket", "chelsea, enlarged"]
assert {other_.shape for other_ in others.values()} == {(256, 256, 3)}
turned_ = np.einsum("dc,hwc->dhw", COLOURS, np.float64(others["rocket"]))
blocks_ = to_tiles(torch.from_numpy(turned_), BLOCK).flatten(2)
dbs_ = [db_at_size(blocks_, b, SIZE // 4) for b in bases_of(blocks_).values()]
np.testing.assert_allclose(leads["rocket"], np.subtract(dbs_[:2], dbs_[2]))
file_ = at_size(analyse(cat, whole), SIZE // 4)
np.testing.assert_allclose(
    reached[whole], psnr(to_image(synthesise(unpack(file_), whole, 256, 256)), others["chelsea"])
)
file_ = best_terms(analyse(cat, {"blocks"}), SIZE // 4)
back_ = to_image(synthesise(unpack(file_), {"blocks"}, 256, 256))
np.testing.assert_allclose(reached[frozenset({"blocks"})], psnr(back_, others["chelsea"]))

# %% asked elsewhere: whole numbers, saved by NumPy or as text, take more than the picture's pixels
step_ = float(np.load(io.BytesIO(lzma.decompress(ours)))["arr_0"])
whole_ = torch.round(exact / step_).numpy()
np.save(plain_ := io.BytesIO(), whole_.astype(np.int16))
assert len(plain_.getvalue()) > photo.size > 10 * len(ours)
assert len(" ".join(f"{int(w)}" for w in whole_.ravel())) > photo.size

# here only, On this cat, at this size, the blocks have the smallest one. And on the enlarged picture our own basis is ahead when it is free.: it names these pictures, at this size
# here only, On this photograph, the larger the file, the more terms are best.: the sentence says so
# here only, On this photograph, ideal codes would save less than a fifth of the file of all three ideas. For the terms such codes would need more than lzma: the sentence says so
# here only, Of the cat little is flat, and all of the error together saves bytes.: it names this picture
# here only, for the product of 50 terms it still needs more than nine tenths of the bytes of our photograph's.: it names this picture
# here only, exercise 3 finds a part of what is missing.: the paragraph says that it is this photograph, at this size
# here only, On this photograph, at this size, the three ideas together leave less than a quarter of the squared error that the best number of terms leaves in as many bytes.: the sentence says so
# here only, Together they pass JPEG, but not with equal steps: the paragraph says that it is this photograph, at this size
# here only, On the rocket, directions explain the smaller part of what it lacks.: it names this picture
# here only, loses less by the travel than it lacks when it is free, on this photograph and at this size.: the sentence says so
# here only, Blocks have the largest share here: the page shows a picture where they have not
# here only, In blocks of 8×8 pixels of this photograph, the cosines are ahead of our own basis, although it is free of charge. Without mixed directions our basis comes nearer to them.: the sentence says so, and the page shows a picture where the own basis is ahead
# entry: costs(picture)
# equivalent, opening: full_matrices=False → full_matrices=True: the channels are square
# equivalent, opening: 130:310 → 130:311: the crop is a pixel larger
# equivalent, opening: 130:310 → 131:310: the crop is a pixel smaller
# equivalent, opening: 20:200 → 20:201: the crop is a pixel larger
# equivalent, opening: 20:200 → 21:200: the crop is a pixel smaller
# equivalent, terms: min=1e-09 → min=2e-09: what is divided by it is zero
# equivalent, at-size: xtol=0.01 → xtol=0.02: the last step of the secant is far smaller
# equivalent, one-step: len(f) <= SIZE → len(f) < SIZE: no file has just this size
# equivalent, one-step: [[k] * 64] * 2 → [[k] * 64] * 3: brightness and colours have the first two tables, and none the third


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


# %% wrong, exercise 2: halves of about equal counts, from the top down (Shannon and Fano)
def code_lengths(counts):
    lengths = [0] * len(counts)

    def halve(values):
        if len(values) < 2:
            return
        for value in values:
            lengths[value] += 1
        total = [2 * sum(counts[v] for v in values[:j]) for j in range(1, len(values))]
        whole_sum = sum(counts[v] for v in values)
        j = 1 + min(range(len(total)), key=lambda i: abs(total[i] - whole_sum))
        halve(values[:j])
        halve(values[j:])

    halve(sorted(range(len(counts)), key=lambda v: -counts[v]))
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


# %% wrong, exercise 3: zero up to a whole step
def to_whole(numbers, step):
    return torch.where(numbers.abs() < step, 0.0, torch.round(numbers / step))


# %% right, exercise 3: a wider zero alone
def to_whole(numbers, step):
    return torch.where(numbers.abs() < 0.62 * step, 0.0, torch.round(numbers / step))


# other data for the checks, where an assignment is marked
# hidden, exercise 1: (512, 512, 8, 1), (512, 512, 4, 1), (300, 451, 1, 1), (8, 5000, 2, 2) → (640, 480, 4, 1), (200, 900, 2, 1), (301, 450, 1, 1), (9, 4000, 1, 2)
# hidden, exercise 2: exact[0, 3] → exact[0, 7]
# hidden, exercise 2: ([8, 4, 2, 1, 1], 30) → ([2, 16, 1, 4, 1, 8], 62)
# hidden, exercise 3: (heavy_tails, 2.0), (heavy_tails, 1.0) → (heavy_tails, 1.7), (heavy_tails, 1.3)
# hidden, exercise 3: (exact[:1], 0.1), (exact[1:, :20], 0.2) → (exact[:1], 0.13), (exact[1:, :30], 0.15)
