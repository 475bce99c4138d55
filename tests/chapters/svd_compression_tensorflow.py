"""What the chapter on image compression by SVD in TensorFlow must keep true."""

# equivalent, colour-gains: channels[0] → channels[1]: orthonormal colours leave the values of the joined matrix
# equivalent, colour-gains: sum(joined.shape) + 1 → sum(joined.shape) + 2: the same whole terms
# entry: compress(picture, decibels=35)
# elsewhere, opening: load_image("coffee") → load_image("coffee", size=(200, 300)): half as large
# elsewhere, opening: load_image("coffee") → load_image("coffee", size=(600, 400)): upright
# elsewhere, shared: need, gain = 150 → need, gain = 300: twice the terms
# elsewhere, levers: budget, levers = 2 * fifty.numbers → budget, levers = fifty.numbers: half the bytes
# elsewhere, other-pictures: size=512 → size=256: smaller pictures in the table
# elsewhere, gains-table: load_image(name, size=256) for name in photographs → load_image(name, size=400) for name in photographs: larger pictures at 150 terms
# elsewhere, colour-gains: total=150 → total=60: fewer terms in the table of colours
# elsewhere, lean: width=3 → width=5: a thicker line

# %% concludes: At these ranks two bytes a number serve as well as eight, and one costs the more, the smaller the error.
assert by_bytes.keys() == {10, 50, 100}
for eight_, two_, _ in by_bytes.values():
    assert abs(eight_ - two_) < 0.02
losses_ = [by_bytes[rank][0] - by_bytes[rank][2] for rank in (10, 50, 100)]
assert 0 < losses_[0] < losses_[1] < losses_[2]

# %% concludes: What the guide calls 75 % is more than 99 % of the energy of this photograph.
rank = int(np.argmin(abs(shares - 0.75))) + 1
assert 1 - left_out(s)[rank] / left_out(s)[0] > 0.99

# %% concludes: So energy and error are one scale.
mean_square = np.mean(np.float64(picture) ** 2)
for rank in (1, 7, 50):
    missing = np.mean((rank_r_approx(s, U, V, rank)[0] - image_channels(picture)) ** 2)
    share = 1 - left_out(s)[rank] / left_out(s)[0]
    np.testing.assert_allclose(missing, (1 - share) * mean_square, rtol=1e-9)

# %% concludes: Without the means, the same share needs a higher rank.
assert rank_without > nines[0.9]

# %% concludes: Opponent colours alone win nothing here, and shared terms alone next to nothing.
both_ = gain["opponent colours", "shared"]
assert gain["opponent colours", "equal"] < 0.1
assert gain["red, green, blue", "shared"] < both_ / 4

# %% concludes: Together they need far fewer terms.
assert need["opponent colours", "shared"] < 0.9 * need["red, green, blue", "equal"]

# %% concludes: the brightness loses some three times what a channel lost before
of_light, of_channel = left_out(opponent[0][:1])[50], left_out(s)[50] / 3
assert 2 < of_light / of_channel < 3.3

# %% concludes: the two differences have a larger error than with equal ranks
assert colour_error["both", 60] > colour_error["equal", 60]

# %% concludes: one byte a number alone wins more than a decibel, so do both changes of the colours, and all three win more than either
plain_, changed_ = (levers["red, green, blue", "equal"], levers["opponent colours", "shared"])
assert min(plain_[1], changed_[0]) > plain_[0] + 1
assert changed_[1] > max(plain_[1], changed_[0])

# %% concludes: On these photographs neither change alone gains a decibel, and both together gain more than one.
assert list(won) == [*photographs, "trio", "unmixed"]
for name_ in photographs:
    opponent_equal, own_equal, rgb_shared, opponent_shared, own_shared, *_ = won[name_]
    assert max(opponent_equal, own_equal, rgb_shared) < 1 < min(opponent_shared, own_shared)

# %% concludes: mixing the trio loses, and unmixing it gains
assert won["trio"][0] < -0.1
assert won["trio"][2] > 0.1
assert won["unmixed"][0] > max(0.1, *(won[name_][0] for name_ in photographs))

# %% concludes: on some of these photographs they gain much more than opponent colours, on others as good as nothing
more_ = [won[name_][4] - won[name_][3] for name_ in photographs]
assert max(more_) > 0.4
assert min(more_) < 0.1

# %% concludes: Noise needs most of it
assert for_35["noise"][0] * even > 512 / 2

# %% concludes: At each of these qualities our terms need several times the bytes of JPEG.
assert len(files) == 5
for of_jpeg_, of_both_, of_equal in files.values():
    assert 3 * of_jpeg_ < of_both_ < of_equal

# %% concludes: The cost grows like the sine of the angle to the nearer axis.
assert np.max(abs(sine - line_terms)) < 3
assert line_terms[:10] == sorted(line_terms[:10])
assert abs(np.subtract(line_terms, line_terms[::-1])).max() <= 1

# %% concludes: One matrix for all colours wins less on each of these photographs than own colours with shared terms.
for name_ in photographs:
    assert max(won[name_][5:]) < won[name_][4]

# %% concludes: Above one, the “compressed” picture is larger than the picture, since its rank is above the break-even rank.
for name_, image in others.items():
    values = np.linalg.svd(image_channels(image), compute_uv=False)
    rank = smallest_rank(values, allowed_error(image, 35))
    m_, n_ = image.shape[:2]
    assert (for_35[name_][0] > 1) == (rank > m_ * n_ / (2 * (m_ + n_ + 1)))
    np.testing.assert_allclose(
        for_35[name_][0] * image.size, 2 * rank * (m_ + n_ + 1) * len(values)
    )

# %% the error is where a term's rows and columns are: the smooth corner without the wood around it
corner_ = np.s_[20:60, :80]
of_corner = [np.mean((fifty.image - picture)[corner_] ** 2)]
for around in (np.s_[110:, :80], np.s_[20:60, 80:]):
    flat_ = np.array(picture)
    flat_[around] = flat_[around].mean(axis=(0, 1))
    of_corner.append(np.mean((compress_image(flat_, 50).image - flat_)[corner_] ** 2))
assert max(of_corner[1:]) < of_corner[0] / 2
assert np.ptp(picture[corner_], axis=(0, 1)).max() < np.ptp(picture, axis=(0, 1)).min()

# %% one byte: whole numbers to ±127, and what scales them in σ; other shapes and an empty colour
for shape in ((3, 12, 17), (1, 17, 12), (2, 5, 5)):
    M = np.random.default_rng(7).standard_normal(shape)
    M[0] *= 1e-3
    factors_ = tf.linalg.svd(M)
    s_1, U_1, V_1 = in_one_byte(*factors_)
    for whole, factor in ((U_1, factors_[1]), (V_1, factors_[2])):
        np.testing.assert_allclose(127 * whole, np.rint(127 * whole), atol=1e-9)
        np.testing.assert_allclose(abs(whole).max(axis=-2), 1)
        top_ = abs(factor.numpy()).max(axis=-2, keepdims=True)
        assert abs(whole * top_ - factor).numpy().max() <= top_.max() / 254 * (1 + 1e-9)
    tops_ = [abs(f.numpy()).max(axis=-2) for f in factors_[1:]]
    np.testing.assert_allclose(s_1, factors_[0] * tops_[0] * tops_[1], rtol=2**-10, atol=2**-24)
    k_ = min(shape[1:])
    near = rank_r_approx(s_1, U_1, V_1, k_)[0]
    assert np.linalg.norm(near - M) < 0.05 * np.linalg.norm(M)

# %% the table of levers, by NumPy
sides_ = 400 + 600
for (name, way), dBs in levers.items():
    colours_ = {"red, green, blue": RGB, "opponent colours": OPPONENT}[name]
    u_m, s_m, vt_m = np.linalg.svd(
        np.einsum("kc,mnc->kmn", colours_, np.float64(picture)), full_matrices=False
    )
    for dB_, each_ in zip(dBs, (2 * (sides_ + 1), sides_ + 2), strict=True):
        count = 2 * 150 * (sides_ + 1) // each_
        if way == "equal":
            kept_ = np.broadcast_to(np.arange(400) < count // 3, s_m.shape)
        else:
            kept_ = s_m >= np.sort(s_m.ravel())[-count]
        assert kept_.sum() * each_ <= 300300
        B = np.einsum("kc,kmn->mnc", colours_, (u_m * (kept_ * s_m)[:, None]) @ vt_m)
        exact_ = -10 * np.log10(np.mean((np.clip(B, 0, 1) - picture) ** 2))
        assert 0 <= exact_ - dB_ + 0.001 < 0.2
assert list(levers) == list(need)

# %% the opening picture is the sum of the first ten terms
assert picture.shape == (400, 600, 3)
assert picture.dtype == np.float32
np.testing.assert_allclose(ten[..., 1], sum(term(i) for i in range(1, 11)), atol=1e-12)
np.testing.assert_allclose(ten, np.moveaxis(rank_r_approx(s, U, V, 10)[0], 0, 2), atol=1e-12)
rebuilt_ = tf.einsum("cs,cus,cvs->uvc", s, U, V)
np.testing.assert_allclose(rebuilt_, picture, atol=1e-12)
assert (s.shape, U.shape, V.shape) == ((3, 400), (3, 400, 400), (3, 600, 400))

# %% the plaids are terms on a scale of their own
u_p, s_p, vt_p = np.linalg.svd(np.moveaxis(np.float64(picture), 2, 0), full_matrices=False)
assert list(plaids) == [f"term {i}" for i in (2, 3, 5, 10, 50)]
for i, plaid in zip((2, 3, 5, 10, 50), plaids.values(), strict=True):
    outer = s_p[1, i - 1] * np.outer(u_p[1, :, i - 1], vt_p[1, i - 1])
    np.testing.assert_allclose(term(i), outer, atol=1e-9)
    np.testing.assert_allclose(plaid, outer / outer.std(), atol=1e-6)

# %% a sum of r terms is NumPy's, for tall, wide, square and batched matrices in both precisions
draw_ = np.random.default_rng(5)
for shape in ((40, 30), (30, 40), (7, 7), (2, 5, 8), (2, 3, 8, 5), (1, 6), (6, 1), (1, 1)):
    for dtype, tolerance in ((np.float32, 1e-5), (np.float64, 1e-13)):
        M = draw_.standard_normal(shape).astype(dtype)
        u_m, s_m, vt_m = np.linalg.svd(M, full_matrices=False)
        for rank in {0, 1, min(shape[-2:]) // 2, min(shape[-2:])}:
            B, count = rank_r_approx(*tf.linalg.svd(M), rank)
            expected = (u_m[..., :rank] * s_m[..., None, :rank]) @ vt_m[..., :rank, :]
            assert B.dtype == dtype
            np.testing.assert_allclose(B, expected, atol=tolerance * np.linalg.norm(M))
            assert count == np.prod(shape[:-2], dtype=int) * rank * (sum(shape[-2:]) + 1)

# %% each matrix of a batch may have a rank of its own
M = np.random.default_rng(6).standard_normal((3, 5, 8))
B, count = rank_r_approx(*tf.linalg.svd(M), [0, 2, 5])
for matrix, found, rank in zip(M, B, (0, 2, 5), strict=True):
    u_m, s_m, vt_m = np.linalg.svd(matrix, full_matrices=False)
    np.testing.assert_allclose(found, (u_m[:, :rank] * s_m[:rank]) @ vt_m[:rank], atol=1e-12)
assert count == 7 * (5 + 8 + 1)

# %% the rank is a whole number from 0 to k
import pytest

for rank in (-1, 31, 2.0, 2.5, np.nan, np.inf, True, None, "2", [3, 31], [-1, 3]):
    with pytest.raises(ValueError, match=r"^r is .*; it must be a whole number from 0 to 30$"):
        rank_r_approx(*tf.linalg.svd(tf.ones([2, 40, 30])), rank)
for rank in (0, 1, 30, np.int64(30), [0, 30]):
    found = rank_r_approx(*tf.linalg.svd(tf.ones([2, 40, 30])), rank)[0]
    assert found.shape == (2, 40, 30)

# %% the matrix of a thread, which NumPy's convention rebuilds wrongly, and `einsum` rightly
A_thread = np.arange(1.0, 10).reshape(3, 3)
s_3, U_3, V_3 = tf.linalg.svd(A_thread)
np.testing.assert_allclose(rank_r_approx(s_3, U_3, V_3, 2)[0], A_thread, atol=1e-12)
assert abs(U_3[:, :2] * s_3[:2] @ V_3[:2] - A_thread).numpy().max() > 1

# %% the guide's counts, for its matrix and its picture
A_guide = tf.linalg.svd(rng.uniform([40, 30]))
assert [rank_r_approx(*A_guide, rank)[1] for rank in (15, 3)] == [1065, 213]
published = {100: 614700, 50: 307350, 10: 61470, 35: 215145, 76: 467172}
for rank, count in published.items():
    assert 3 * rank * (1024 + 1024 + 1) == count
assert guide_numbers == 467172
assert fifty.numbers == 3 * 50 * (400 + 600 + 1)
assert rank_for_factor(0.15, 400, 600) == 35

# %% the guide's squared error of rank 10, 33.021, is a usual one among random matrices
squares = tf.linalg.svd(rng.uniform([2000, 40, 30]), compute_uv=False)[:, 10:] ** 2
errors_10 = np.sum(squares, axis=1)
assert abs(33.021 - errors_10.mean()) < 3 * errors_10.std()

# %% other inputs: grey and colour, in single and double precision, are the same channels
cat = load_image("chelsea", size=(20, 31))
for image in (cat, np.float64(cat), np.asfortranarray(cat)):
    found = image_channels(image)
    assert (found.shape, found.dtype) == ((3, 20, 31), np.float64)
    np.testing.assert_allclose(found, np.stack([cat[..., c] for c in range(3)]), atol=1e-15)
    np.testing.assert_allclose(image_of(found), cat, atol=1e-15)
np.testing.assert_array_equal(image_channels(cat[..., 0]), cat[None, ..., 0])
np.testing.assert_array_equal(image_channels(cat[..., 0], OPPONENT), cat[None, ..., 0])
np.testing.assert_array_equal(image_of(image_channels(cat[..., 0])), cat[..., 0])
assert image_channels(np.ones((1, 1))).tolist() == [[[1]]]
assert image_channels(np.zeros((3, 3))).max() == 0
assert image_channels(np.eye(3, dtype=bool)).tolist() == [np.eye(3).tolist()]

# %% opponent colours are orthonormal, those of the formula, and undone by their transpose
np.testing.assert_allclose(OPPONENT @ OPPONENT.T, np.eye(3), atol=1e-15)
cat = np.float64(load_image("chelsea", size=(20, 31)))
red, green, blue = np.moveaxis(cat, 2, 0)
light_, difference_, last_ = image_channels(cat, OPPONENT)
np.testing.assert_allclose(light_, (red + green + blue) / np.sqrt(3))
np.testing.assert_allclose(difference_, (red - blue) / np.sqrt(2), atol=1e-15)
np.testing.assert_allclose(last_, (red - 2 * green + blue) / np.sqrt(6), atol=1e-15)
np.testing.assert_allclose(image_of(image_channels(cat, OPPONENT), OPPONENT), cat, atol=1e-14)
skewed = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]])
np.testing.assert_array_equal(image_channels(cat, skewed), np.stack([blue, red, green]))
np.testing.assert_array_equal(image_of(np.stack([blue, red, green]), skewed), cat)
np.testing.assert_allclose(left_out(opponent[0])[0], left_out(s)[0], rtol=1e-12)

# %% colours that are not orthonormal are refused, such as YCbCr
import pytest

ycbcr = np.array([[0.299, 0.587, 0.114], [-0.169, -0.331, 0.5], [0.5, -0.419, -0.081]])
for mixed_ in (ycbcr, 2 * RGB, OPPONENT.T * [[1], [1], [1.001]]):
    for ask in (image_channels, lambda image, c: compress_image(image, 3, c)):
        with pytest.raises(ValueError, match="its rows must be orthonormal"):
            ask(np.ones((4, 5, 3)) / 2, mixed_)

# %% what the figure of the channels shows
assert len(shown) == len(channel_names) == 6
for panel, expected in zip(shown[:3], np.moveaxis(picture, 2, 0), strict=True):
    np.testing.assert_allclose(panel, expected, atol=1e-12)
np.testing.assert_allclose(shown[3], picture.mean(axis=2), atol=1e-6)
red, green, blue = np.moveaxis(np.float64(picture), 2, 0)
np.testing.assert_allclose(shown[4], 0.5 + (red - blue) / 2, atol=1e-12)
np.testing.assert_allclose(shown[5], 0.5 + (red - 2 * green + blue) / np.sqrt(12), atol=1e-12)
assert list(held) == ["red, green, blue", "opponent colours"]

# %% a picture that leaves [0, 1] by a rounding is taken as it is
for value in (np.float32(1 + 1e-7), np.float32(-1e-7), 1 + 1e-6 - 1e-12, -1e-6 + 1e-12, 0, 1):
    image = np.array([[0.5, value]], np.asarray(value).dtype if value % 1 else np.float64)
    np.testing.assert_allclose(image_channels(image), image[None], atol=1e-7)
assert compress_image(np.full((4, 4), np.float32(1 + 1e-7)), 1).image.max() <= 1

# %% other values and shapes are refused, and the message says what they were
import pytest

range_text, shape_text = "it must be in [0, 1]", "it must be (H, W) or (H, W, 3)"
for image, message in (
    (np.array([[0, 1 + 2e-6]]), f"image goes from 0.0 to 1.000002; {range_text}"),
    (np.array([[1, -2e-6]]), f"image goes from -2e-06 to 1.0; {range_text}"),
    (np.array([[0, np.inf]]), f"image goes from 0.0 to inf; {range_text}"),
    (np.array([[-np.inf, 0]]), f"image goes from -inf to 0.0; {range_text}"),
    (np.array([[0, 255]], np.float32), f"image goes from 0.0 to 255.0; {range_text}"),
    (np.array([[0, np.nan]]), "image has NaN"),
    (np.array([[0, 255]], np.uint8), "image has whole numbers (uint8); they must be floats"),
    (np.ones((2, 2, 4)), f"image has shape (2, 2, 4); {shape_text}"),
    (np.ones((2, 2, 1)), f"image has shape (2, 2, 1); {shape_text}"),
    (np.ones(3), f"image has shape (3,); {shape_text}"),
):
    for entry in (
        image_channels,
        lambda image: compress_image(image, 1),
        lambda image: compress(image, decibels=30),
    ):
        with pytest.raises(ValueError) as refused:  # noqa: PT011
            entry(image)
        assert str(refused.value).startswith(message)

# %% other inputs: a transposed picture, three equal channels, the full rank
cat = load_image("chelsea", size=(60, 91))
wide = compress_image(cat, 7)
tall = compress_image(np.transpose(cat, (1, 0, 2)), 7)
np.testing.assert_allclose(np.transpose(tall.image, (1, 0, 2)), wide.image, atol=1e-9)
assert wide.image.shape == cat.shape
assert (wide.r, wide.numbers) == (tall.r, tall.numbers) == (7, 3 * 7 * (60 + 91 + 1))
assert wide.proportion == 7 * (60 + 91 + 1) / (60 * 91)
assert wide._fields == ("image", "r", "numbers", "proportion")
cat_gray = cat[..., 1]
one, three = compress_image(cat_gray, 7), compress_image(np.dstack([cat_gray] * 3), 7)
assert (one.image.shape, 3 * one.numbers, one.proportion) == (
    (60, 91),
    three.numbers,
    three.proportion,
)
for channel in range(3):
    np.testing.assert_allclose(three.image[..., channel], one.image, atol=1e-9)
np.testing.assert_allclose(compress_image(cat, 60).image, cat, atol=1e-9)
np.testing.assert_allclose(compress_image(cat, 60, OPPONENT).image, cat, atol=1e-9)
grey_cat = compress_image(np.dstack([cat_gray] * 3), [7, 0, 0], OPPONENT)
np.testing.assert_allclose(grey_cat.image[..., 2], one.image, atol=1e-9)
assert grey_cat.numbers == one.numbers
mixed_ranks = compress_image(cat, [7, 60, 1])
np.testing.assert_allclose(mixed_ranks.image[..., 0], wide.image[..., 0], atol=1e-9)
np.testing.assert_allclose(mixed_ranks.image[..., 1], cat[..., 1], atol=1e-9)

# %% other inputs: pictures with a side of one pixel
for shape in ((1, 1), (1, 9), (9, 1), (1, 9, 3), (9, 1, 3)):
    image = np.linspace(0.1, 0.9, int(np.prod(shape))).reshape(shape)
    np.testing.assert_allclose(compress_image(image, 1).image, image, atol=1e-12)

# %% clipping leaves [0, 1] alone, and moves no value away from the picture
raw = np.moveaxis(rank_r_approx(s, U, V, 10)[0], 0, 2)
clipped = compress_image(picture, 10).image
assert raw.min() < 0
assert raw.max() > 1
assert (clipped.min(), clipped.max()) == (0, 1)
np.testing.assert_allclose(clipped, np.clip(raw, 0, 1), atol=1e-9)
assert (abs(clipped - picture) <= abs(raw - picture) + 1e-9).all()

# %% the PSNR is TensorFlow's, is infinite for equal pictures, and refuses what does not fit
import pytest

np.testing.assert_allclose(psnr(np.full((2, 2), 0.1), np.zeros((2, 2))), 20)
np.testing.assert_allclose(psnr(np.array([[0, 0.2]]), np.zeros((1, 2))), -10 * np.log10(0.02))
by_tf = tf.image.psnr(fifty.image, np.float64(picture), max_val=1.0)
np.testing.assert_allclose(psnr(fifty.image, picture), by_tf, atol=1e-3)
assert psnr(picture, picture) == np.inf
for bad, message in (
    (np.uint8(255 * picture), "image has whole numbers"),
    (picture[:-1], r"image is \(399, 600, 3\); it must be \(400, 600, 3\)"),
    (picture[..., 0], r"image is \(400, 600\); it must be"),
    (np.full_like(picture, np.nan), "image has NaN"),
):
    with pytest.raises(ValueError, match=message):
        psnr(bad, picture)
with pytest.raises(ValueError, match="reference has whole numbers"):
    psnr(picture, np.uint8(255 * picture))

# %% by NumPy: the table of three ranks, in eight bytes and in two
channels_ = np.moveaxis(np.float64(picture), 2, 0)
u_p, s_p, vt_p = np.linalg.svd(channels_, full_matrices=False)
for rank, row in (
    (100, (0.417, 0.834, 7.2, 31.03)),
    (50, (0.209, 0.417, 11.3, 27.08)),
    (10, (0.042, 0.083, 20.6, 21.87)),
):
    B = np.clip((u_p[..., :rank] * s_p[:, None, :rank]) @ vt_p[:, :rank], 0, 1)
    share, rms = rank * 1001 / 240000, 255 * np.sqrt(np.mean((B - channels_) ** 2))
    expected = share, 2 * share, rms, 20 * np.log10(255 / rms)
    np.testing.assert_allclose(expected[:2], row[:2], atol=0.0006)
    np.testing.assert_allclose(expected[2:], row[2:], atol=0.06)
    np.testing.assert_allclose(by_bytes[rank][0], expected[3], atol=1e-6)
    np.testing.assert_allclose(compress_image(picture, rank).image, np.moveaxis(B, 0, 2), atol=1e-9)

# %% factors in sixteen bits: what they add is within three roundings of 2⁻¹¹
halves_ = in_two_bytes(s, U, V)
for half_, full in zip(halves_, (s, U, V), strict=True):
    np.testing.assert_array_equal(half_, np.float64(np.float16(np.float32(full))))
rounded, exact = (rank_r_approx(*factors, 50)[0].numpy() for factors in (halves_, (s, U, V)))
assert 0 < np.sqrt(np.mean((rounded - exact) ** 2)) < 3.01 * 2**-11 * np.sqrt(np.mean(picture**2))
np.testing.assert_allclose(by_bytes[50][1], psnr(image_of(rounded), picture))
assert by_bytes[50][1] != by_bytes[50][0]

# %% what the error figure draws: the error over all channels, white at three times its mean
gap = np.sqrt(((compress_image(picture, 50).image - picture) ** 2).sum(axis=2) / 3)
np.testing.assert_allclose(white, 3 * gap.mean(), rtol=1e-6)

# %% a line: its profile, its direction, and what leaning does
for lean_angle in (0, 10, 30, 45):
    drawn_line = ridge(lean_angle, width=4, n=101)
    assert drawn_line.shape == (101, 101)
    y, x_line = np.mgrid[:101, :101] - 50.5
    t = np.deg2rad(lean_angle)
    # the point nearest to a pixel on the line through the middle, along (sin, cos)
    along = x_line * np.sin(t) + y * np.cos(t)
    gap = np.hypot(x_line - along * np.sin(t), y - along * np.cos(t))
    np.testing.assert_allclose(drawn_line, np.exp(-((gap / 4) ** 2) / 2), atol=1e-12)
assert ridge(45).shape == (256, 256)
np.testing.assert_allclose(ridge(45), ridge(45, 3, 256))
assert np.ptp(np.diagonal(ridge(45), offset=5)) < 1e-12
assert (ridge(0) == ridge(0)[0]).all()
np.testing.assert_array_equal(upright, lines[0])
np.testing.assert_allclose(lines[0], ridge(0), atol=1e-9)
np.testing.assert_array_equal(lines[1], ridge(45))
np.testing.assert_allclose(lines[2], compress_image(ridge(45), 10).image)

# %% terms of a line, counted by eigenvalues
assert len(leans) == len(line_terms)
for lean_angle, count in list(zip(leans, line_terms, strict=True))[::3]:
    eigenvalues = np.linalg.eigvalsh(ridge(lean_angle).T @ ridge(lean_angle))
    assert count == (eigenvalues > eigenvalues.max() / 100**2).sum() == terms_of_line(lean_angle)
assert leans.tolist() == list(range(0, 91, 5))
assert terms_of_line(0, 1, 16) == 1
assert abs(terms_of_line(30, 2, 128) - terms_of_line(30, 4, 256)) <= 1, "it depends on n / width"
asked = []
with_values = {"ridge": lambda *line: asked.append(line) or np.diag([0.0099, 1, 0, 0.01005])}
kept_ridge = globals()["ridge"]
globals().update(with_values)
try:
    assert terms_of_line(7) == terms_of_line(7, 2, 9) == 2, "larger than a hundredth of the first"
finally:
    globals()["ridge"] = kept_ridge
assert asked == [(7, 3, 256), (7, 2, 9)]
np.testing.assert_allclose(sine[[0, 9, -1]], [0, max(line_terms), 0], atol=1e-9)
np.testing.assert_allclose(sine[[6, 12]], max(line_terms) / np.sqrt(2), rtol=1e-9)

# %% the formula for the terms of a line
np.testing.assert_allclose(terms_by_formula(30, 1, np.pi), np.sqrt(2 * np.log(100)) / 2)
np.testing.assert_allclose(terms_by_formula(90, 2, 4 * np.pi), 2 * np.sqrt(2 * np.log(100)))
for lean_angle, width, n_ in ((15, 3, 256), (15, 6, 256), (15, 3, 512), (45, 3, 512), (30, 2, 200)):
    more = terms_of_line(lean_angle, width, n_) - terms_by_formula(lean_angle, width, n_)
    assert -1 < more < 4, "the formula leaves the ends of the line out"

# %% other inputs: the largest rank for a factor, against a search, for many shapes
for m_, n_ in ((40, 30), (30, 40), (427, 640), (300, 451), (1024, 1024), (5, 5), (3, 50)):
    possible = np.arange(1, m_ * n_ // (m_ + n_ + 1) + 1)
    costs = possible * (m_ + n_ + 1) / (m_ * n_)
    asked = np.concatenate([costs, np.linspace(costs[0], 1, 57), costs * (1 - 1e-9)])
    for factor_asked in asked[(asked >= costs[0]) & (asked <= 1)]:
        assert rank_for_factor(factor_asked, m_, n_) == possible[costs <= factor_asked].max()
exact = 9 * 71 / 1200
assert int(exact * 40 * 30 / 71) == 8, "a plain floor loses a rank"
assert rank_for_factor(exact, 40, 30) == 9
assert rank_for_factor(1, 1024, 1024) == 511
assert rank_for_factor(0.5, 400, 600) == 400 * 600 // (2 * 1001) == 119

# %% factors that cannot be had are refused
import pytest

for factor_asked, m_, n_, least_text in (
    (0, 40, 30, "0.0592, 1"), (0.05, 40, 30, "0.0592, 1"), (1.01, 40, 30, "0.0592, 1"),
    (float("nan"), 40, 30, "0.0592, 1"), (-1, 300, 451, "0.00556, 1"), (1, 1, 1, "3, 3"),
    (0.5, 2, 2, "1.25, 1.25"), (2, 2, 2, "1.25, 1.25"),
):  # fmt: skip
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        rank_for_factor(factor_asked, m_, n_)
    assert str(refused.value) == f"factor is {factor_asked}; it must lie in [{least_text}]"

# %% a matrix that is smaller than a term has its one rank for the size of that term
assert rank_for_factor(1.25, 2, 2) == 1

# %% the guide's shares, and the ranks that it takes
for values in (np.float64(s), np.array([[3.0, 2, 1]]), np.array([[4.0, 1], [2, 2]])):
    expected = [
        sum(row[: i + 1].sum() / row.sum() for row in values) / len(values)
        for i in range(values.shape[1])
    ]
    np.testing.assert_allclose(guide_shares(values), expected, rtol=1e-12)
assert abs(shares[82] - 0.75) == min(abs(shares - 0.75))
assert abs(shares[182] - 0.9) == min(abs(shares - 0.9))
assert shares[82] < 0.75, "the nearest rank falls short of what is wanted"

# %% what ranks leave out, and the smallest rank, against loops
for values in (np.array([[3.0, 2, 1], [5, 1, 0]]), np.array([4.0, 2, 1]), np.array([[2.0]])):
    rows_ = np.atleast_2d(values)
    expected = [sum((row[r:] ** 2).sum() for row in rows_) for r in range(rows_.shape[1] + 1)]
    assert left_out(values).tolist() == expected
    assert left_out(tf.constant(values)).tolist() == expected
    for allowed_ in (0, 0.5, 1, 1.5, 5, 14, 39, 1000, *expected):
        enough = [r for r in range(1, len(expected)) if expected[r] <= allowed_]
        assert smallest_rank(values, allowed_) == enough[0]
    for allowed_ in (-1e-9, np.nan):
        assert smallest_rank(values, allowed_) == rows_.shape[1] + 1, "and so is refused"
assert left_out(np.float32(s)).dtype == np.float64
np.testing.assert_allclose(left_out(s)[0], np.sum(np.float64(picture) ** 2), rtol=1e-12)

# %% other inputs: an energy, against the pixels of every rank
import pytest

for shape in ((12, 17), (17, 12), (12, 17, 3), (17, 12, 3)):
    image = np.asarray(rng.uniform(shape))
    of_image = image_channels(image)
    image_factors = tf.linalg.svd(of_image)
    approximations = [rank_r_approx(*image_factors, r)[0] for r in range(1, 13)]
    energy_held = [1 - np.sum((B - of_image) ** 2) / np.sum(of_image**2) for B in approximations]
    for energy_asked in (1e-9, 0.5, 0.8, 0.9, 0.97, 0.999):
        found = smallest_rank(image_factors[0], spare_energy(image_factors[0], energy_asked))
        assert found == 1 + next(r for r in range(12) if energy_held[r] - 2**-18 >= energy_asked)
    assert smallest_rank(image_factors[0], spare_energy(image_factors[0], 1 - 2**-18)) == 12
assert smallest_rank(np.zeros((3, 5)), spare_energy(np.zeros((3, 5)), 0.9)) == 1
for energy_asked in (0, -0.1, 1.01, 1, 0.999997, float("nan")):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        compress(np.ones((4, 5)), energy=energy_asked)
    assert str(refused.value) == f"energy is {energy_asked}; it must lie in (0, 0.999996]"
assert list(nines.values()) == [1, 2, 42, 177]
for energy_asked, rank in nines.items():
    assert left_out(s)[rank] <= (1 - energy_asked) * left_out(s)[0]
    assert rank == 1 or left_out(s)[rank - 1] > (1 - energy_asked) * left_out(s)[0]

# %% the means, and what varies about them
np.testing.assert_allclose(means[:, 0, 0], picture.mean(axis=(0, 1), dtype=np.float64))
spread = picture - picture.mean(axis=(0, 1), dtype=np.float64)
np.testing.assert_allclose(left_out(varies)[0], np.sum(spread**2), rtol=1e-9)
assert left_out(varies)[rank_without] <= 0.1 * np.sum(spread**2)
assert left_out(varies)[rank_without - 1] > 0.1 * np.sum(spread**2)

# %% other inputs: a PSNR, against the pixels of every rank
import pytest

for shape in ((12, 17), (17, 12, 3)):
    image = np.float64(rng.uniform(shape))
    matrices_ = image_channels(image)
    image_factors = tf.linalg.svd(matrices_)
    errors_ = [
        np.mean((rank_r_approx(*image_factors, r)[0] - matrices_) ** 2) for r in range(1, 13)
    ]
    of_rounding = np.mean(image**2) / 2**18
    for wanted_db in (5, 12, 15, 20, 30, 50):
        rank = smallest_rank(image_factors[0], allowed_error(image, wanted_db))
        room = 10 ** (-wanted_db / 10) - of_rounding
        assert rank == next(r for r in range(1, 13) if errors_[r - 1] <= room)
        assert psnr(compress_image(image, rank).image, image) >= wanted_db
        np.testing.assert_allclose(allowed_error(image, wanted_db), image.size * room)
    most_ = -10 * np.log10(of_rounding + 1e-10)
    assert smallest_rank(image_factors[0], allowed_error(image, most_ - 0.01)) == 12
    for wanted_db in (0, -5, 150, most_ + 0.01, float("nan"), float("inf")):
        with pytest.raises(ValueError) as refused:  # noqa: PT011
            compress(image, decibels=wanted_db)
        said = f"decibels is {wanted_db}; it must lie in (0, {most_:.2f}]"
        assert str(refused.value) == said
assert allowed_error(np.zeros((4, 5)), 100) == 20 * 1e-10
with pytest.raises(ValueError, match=r"decibels is 100\.1; it must lie in \(0, 100\.00\]"):
    allowed_error(np.zeros((4, 5)), 100.1)

# %% two bytes a number keep the PSNR that was asked, as near to their limit as may be
hills = np.add.outer(np.linspace(0.1, 0.5, 64), np.linspace(0, 0.4, 80) ** 2)
for image in (hills, load_image("chelsea", size=(60, 91)), np.asarray(rng.uniform((40, 30)))):
    most_ = -10 * np.log10(np.mean(np.float64(image) ** 2) / 2**18)
    for wanted_db in (20, 35, 45, 50, most_ - 1, most_ - 0.01):
        with warnings.catch_warnings(action="ignore"):
            assert psnr(compress(image, decibels=wanted_db)[0], image) >= wanted_db

# %% pooled values and shared terms, against a loop
import pytest

draw_ = np.random.default_rng(8)
ties = np.array([[3.0, 2, 2, 0], [3, 3, 1, 1], [2, 2, 2, 2]])
for values in (-np.sort(-draw_.random((3, 5)), axis=1), draw_.random((1, 4)), ties):
    assert pooled(values).tolist() == sorted(values.ravel(), reverse=True)
    assert pooled(tf.constant(values)).tolist() == pooled(values).tolist()
    for count in range(values.size + 1):
        ranks_ = share_terms(tf.constant(values), count)
        assert ranks_.shape == (len(values),)
        assert ranks_.sum() == count
        if values[0, 0] == values.max():
            left = np.concatenate([row[rank:] for row, rank in zip(values, ranks_, strict=True)])
            np.testing.assert_allclose(np.sum(left**2), left_out(pooled(values))[count], atol=1e-12)
    for count in (-1, values.size + 1):
        with pytest.raises(
            ValueError, match=f"total is {count}; it must lie in .0, {values.size}."
        ):
            share_terms(values, count)

# %% the table of both changes, from the pixels
assert total == 150
for name, colours_ in (("red, green, blue", RGB), ("opponent colours", OPPONENT)):
    matrices_ = np.einsum("kc,mnc->kmn", colours_, np.float64(picture))
    u_m, s_m, vt_m = np.linalg.svd(matrices_, full_matrices=False)
    np.testing.assert_allclose(held[name], s_m, atol=1e-9)
    level = np.sort(s_m.ravel())[-150]
    for way, kept_ in (("equal", np.arange(400) < 50), ("shared", s_m >= level)):
        B = np.einsum("kc,kmn->mnc", colours_, (u_m * (kept_ * s_m)[:, None]) @ vt_m)
        if (name, way) == ("red, green, blue", "equal"):
            first_error = np.sum((B - picture) ** 2)
        won = 10 * np.log10(first_error / np.sum((B - picture) ** 2))
        np.testing.assert_allclose(gain[name, way], won, atol=1e-9)
        s_sorted = np.sort(s_m.ravel() if way == "shared" else s_m.mean(axis=0))
np.testing.assert_allclose(allowed, first_error, rtol=1e-9)
for (name, way), terms_ in need.items():
    each_, sequence_ = (3, held[name]) if way == "equal" else (1, pooled(held[name]))
    assert (
        left_out(sequence_)[terms_ // each_] <= allowed < left_out(sequence_)[terms_ // each_ - 1]
    )
assert list(need.values()) == [150, 149, 153, 87] == [need[key] for key in need]
assert [shared, alone, both] == [149, 153, 87]
assert share_terms(opponent[0], 150).tolist() == [115, 27, 8]

# %% where the channels differ, in a picture all in red, shared terms win without other colours
red_cat = np.float64(load_image("chelsea", size=(60, 91)) * [1, 0, 0])
red_values = tf.linalg.svd(image_channels(red_cat), compute_uv=False)
assert share_terms(red_values, 30).tolist() == [30, 0, 0]
assert left_out(pooled(red_values))[30] < 0.5 * left_out(red_values)[10]

# %% three equal channels gain just what a grey picture saves
cat_gray = np.float64(load_image("chelsea", size=(60, 91), gray=True))
stack = np.dstack([cat_gray] * 3)
grey_values = tf.linalg.svd(image_channels(stack, OPPONENT), compute_uv=False)
assert share_terms(grey_values, 20).tolist() == [20, 0, 0]
np.testing.assert_allclose(
    left_out(pooled(grey_values))[20],
    3 * left_out(np.linalg.svd(cat_gray, compute_uv=False))[20],
    rtol=1e-9,
)

# %% what the slider draws
for count in (15, 150):
    drawn_figure = frame(count)
    left, right = drawn_figure.axes
    expected = compress_image(picture, count // 3).image
    np.testing.assert_allclose(left.images[0].get_array(), expected[detail], atol=1e-6)
    off_ = (expected - picture) @ np.array([[1, 0, -1], [1, -2, 1]]).T / np.sqrt([2, 6])
    off_ = 255 * np.sqrt(np.sum(off_**2) / 240000)
    np.testing.assert_allclose(colour_error["equal", count], off_)
    assert left.get_title() == f"equal: {psnr(expected, picture):.1f} dB, colours off by {off_:.1f}"
    expected = compress_image(picture, share_terms(opponent[0], count), OPPONENT).image
    np.testing.assert_allclose(right.images[0].get_array(), expected[detail], atol=1e-6)
    off_ = (expected - picture) @ np.array([[1, 0, -1], [1, -2, 1]]).T / np.sqrt([2, 6])
    off_ = 255 * np.sqrt(np.sum(off_**2) / 240000)
    np.testing.assert_allclose(colour_error["both", count], off_)
    assert right.get_title() == f"both: {psnr(expected, picture):.1f} dB, colours off by {off_:.1f}"
assert not plt.get_fignums(), "a frame must not stay open"
assert marks[3] == "150, 42% of the bytes"
assert marks[0] == "15, 4% of the bytes"
assert [mark.split(",")[0] for mark in marks] == [str(count) for count in totals]
assert picture[detail].shape == (200, 250, 3)

# %% the green channel and its least error, recomputed
np.testing.assert_array_equal(A, np.float64(picture[..., 1]))
values = np.linalg.svd(np.float64(A), compute_uv=False)
np.testing.assert_allclose(least, np.sqrt(np.sum(values[50:] ** 2)), rtol=1e-12)
np.testing.assert_allclose(ratio, 1, atol=1000 * 2.0**-52 * np.sqrt(np.sum(values**2)) / least)

# %% the error of both changes, in pixels before clipping, is what was left out
raw = np.einsum("kc,kmn->mnc", OPPONENT, by_both)
expected = left_out(pooled(opponent[0]))[150]
np.testing.assert_allclose(np.sum((raw - picture) ** 2), expected, rtol=1e-9)
np.testing.assert_allclose(missed, 1, rtol=1e-9)
np.testing.assert_allclose(dropped, expected, rtol=1e-12)
of_all = np.sqrt(np.sum(np.float64(picture) ** 2) / expected)
np.testing.assert_allclose(of_square, 2 * 1000 * 2.0**-52 * of_all, rtol=1e-9)


# %% by NumPy: a picture at a PSNR, an energy and a size
def by_numpy(image, decibels=None, energy=None, share=None):
    """Return the picture in double precision and how many terms it has."""
    image = np.float64(image)
    flat = image.reshape(*image.shape[:2], -1)
    basis = OPPONENT.T if flat.shape[2] == 3 else np.eye(1)
    u_, s_, vt_ = np.linalg.svd(np.moveaxis(flat @ basis, 2, 0), full_matrices=False)
    falling = np.sort(s_.ravel())[::-1]
    missing = np.sum(falling**2) - np.cumsum(falling**2)
    if share is not None:
        cost = 2 * (image.shape[0] + image.shape[1] + 1)
        count = max(t for t in range(1, 2000) if t * cost <= share * image.size)
    elif energy is not None:
        count = 1 + np.argmax(missing <= (1 - energy - 2**-18) * np.sum(image**2))
    else:
        allowed_ = image.size * 10 ** (-decibels / 10) - np.sum(image**2) / 2**18
        count = 1 + np.argmax(missing <= allowed_)
    found = (u_ * np.where(s_ >= falling[count - 1], s_, 0)[:, None]) @ vt_
    return np.clip(np.moveaxis(found, 0, 2) @ basis.T, 0, 1).reshape(image.shape), count


cat = load_image("chelsea", size=(60, 91))
for image in (cat, cat[..., 1], np.transpose(cat, (1, 0, 2)), cat[:, :, ::-1]):
    for wish_ in (
        {"decibels": 20}, {"decibels": 35}, {"energy": 0.9}, {"energy": 0.999},
        {"share": 0.1}, {"share": 0.5}, {"share": 1},
    ):  # fmt: skip
        with warnings.catch_warnings(action="ignore"):
            found, of_bytes = compress(image, **wish_)
        expected, count = by_numpy(image, **wish_)
        assert found.shape == image.shape
        np.testing.assert_allclose(of_bytes, 2 * count * 152 / image.size)
        assert np.sqrt(np.mean((found - expected) ** 2)) < 2**-9
        if "share" in wish_:
            assert of_bytes <= wish_["share"]

# %% every size that a whole number of terms has is kept, and no rounding loses a term
for shape in ((40, 30), (60, 91, 3), (7, 5)):
    image = np.asarray(rng.uniform(shape))
    for count in (1, 2, 3, 5):
        of_count = 2 * count * (shape[0] + shape[1] + 1) / image.size
        if count == 1 or of_count < 0.999:
            assert terms_for(image, np.ones(100), None, None, of_count) == count
        if of_count < 0.999:
            assert terms_for(image, np.ones(100), None, None, of_count * 1.001) == count

# %% one wish is granted, and others are refused
import pytest

for wishes in ({}, {"decibels": 30, "energy": 0.5}, {"decibels": 30, "share": 0.5, "energy": 1}):
    with pytest.raises(
        ValueError, match=r"^wish must be one of decibels=, energy= and share=, by name"
    ):
        compress(np.ones((4, 5)), **wishes)
for unnamed_ in ((35,), (0.5, 0.5)):
    with pytest.raises(ValueError, match="by name"):
        compress(np.ones((4, 5)), *unnamed_)
with pytest.raises(ValueError, match="by name"):
    compress(np.ones((4, 5)), 35, share=1)
for share_asked in (0, 0.9, -1, 1.1, 5, float("nan")):
    with pytest.raises(ValueError, match=r"^share is .*; it must lie in \[1, 1\]$"):
        compress(np.ones((4, 5)), share=share_asked)
with pytest.raises(ValueError, match=r"^share is 5; it must lie in \[0\.118, 1\]$"):
    compress(np.ones((40, 30)), share=5)

# %% a share above the picture's bytes brings a warning, one below does not
import pytest

noise_ = np.asarray(rng.uniform((40, 30)))
with pytest.warns(UserWarning, match=r"^\d\.\d\d times the picture's bytes$"):
    assert compress(noise_, decibels=45)[1] > 1
with warnings.catch_warnings(action="error"):
    assert compress(noise_, decibels=10)[1] <= 1

# %% own colours: uncorrelated, orthonormal, the largest first; of grey, flat and tiny pictures
from sklearn.decomposition import PCA

for image in (np.float64(picture[::4, ::4]), np.float64(rng.uniform((9, 7, 3))) ** 2):
    found = own_colours(image)
    parts = PCA(3).fit(image.reshape(-1, 3)).components_
    np.testing.assert_allclose(abs(found @ parts.T), np.eye(3), atol=1e-6)
assert abs(own_colours(picture[..., 0])).tolist() == [[1]]
for image in (np.full((5, 7, 3), 0.25), np.ones((1, 1, 3)), np.ones((1, 9)), np.zeros((4, 4, 3))):
    with warnings.catch_warnings(action="ignore"):  # a term is larger than these
        compressed_ = compress(image, decibels=35)[0]
    np.testing.assert_allclose(compressed_, image, atol=1e-3)

# %% the gains of other colours, by NumPy; what equal ranks leave out where terms are the same
for name_, image in pictures.items():
    sums = []
    for colours_ in (RGB, OPPONENT, own_colours(image)):
        mixed_ = np.tensordot(colours_, np.float64(image), (1, 2))
        values = np.linalg.svd(mixed_, compute_uv=False)
        falling = np.sort(values.ravel())
        sums += [np.sum(values[:, 50:] ** 2), np.sum(falling[:-150] ** 2)]
    for stacked in (np.hstack, np.vstack):  # 75 terms of 1025 numbers cost 150 of 513
        values = np.linalg.svd(stacked(np.moveaxis(np.float64(image), 2, 0)), compute_uv=False)
        sums.append(np.sum(values[75:] ** 2))
    expected = 10 * np.log10(sums[0] / np.array([sums[i] for i in (2, 4, 1, 3, 5, 6, 7)]))
    np.testing.assert_allclose(won[name_], expected, atol=1e-6)
    assert image.shape == (256, 256, 3)
left_ = np.linalg.qr(np.asarray(rng.normal((30, 30))))[0]
right_ = np.linalg.qr(np.asarray(rng.normal((40, 30))))[0]
falls = 0.8 ** np.arange(30)
same_terms = np.einsum("c,i,mi,ni->cmn", [1, 0.9, 0.7], falls, left_, right_)
for rank in (1, 5, 20):
    tails_ = [
        left_out(np.linalg.svd(np.tensordot(colours_, same_terms, 1), compute_uv=False))[rank]
        for colours_ in (RGB, OPPONENT)
    ]
    np.testing.assert_allclose(*tails_, rtol=1e-5)

# %% the table of other pictures, by NumPy
assert list(others) == list(for_35) == [*names, "noise"]
for name, image in others.items():
    flat = image.reshape(512, 512, -1)
    values = np.linalg.svd(np.moveaxis(np.float64(flat), 2, 0), compute_uv=False)
    room = image.size * 10**-3.5 - np.sum(np.float64(image) ** 2) / 2**18
    energies = np.sum(values**2, axis=0)
    rank = 1 + np.argmax(energies.sum() - np.cumsum(energies) <= room)
    np.testing.assert_allclose(for_35[name][0], 2 * rank * 1025 / 512**2)
    assert image.shape[:2] == (512, 512)
    if image.ndim == 2:
        assert for_35[name][0] == for_35[name][1]
retina = others["retina"]
mixed_ = np.linalg.svd(image_channels(retina, OPPONENT), compute_uv=False)
count = 1 + np.argmax(left_out(pooled(mixed_))[1:] <= allowed_error(retina, 35))
np.testing.assert_allclose(for_35["retina"][1], 2 * count * 1025 / (3 * 512**2))
assert [others[name].ndim for name in others] == [2, 3, 3, 3, 3, 2, 2]
assert 0 <= others["noise"].min() < 0.01 < 0.99 < others["noise"].max() <= 1

# %% the files: their bytes and their errors
import io

from PIL import Image

np.testing.assert_array_equal(pixels, np.rint(255 * picture))
mixed_ = pooled(np.linalg.svd(image_channels(picture, OPPONENT), compute_uv=False))
for quality_asked, (decibels, found) in zip((10, 30, 50, 75, 90), files.items(), strict=True):
    file = tf.io.encode_jpeg(pixels, quality=quality_asked).numpy()
    back_ = np.asarray(Image.open(io.BytesIO(file))) / 255
    np.testing.assert_allclose(found[0], len(file) / picture.size)
    assert abs(-10 * np.log10(np.mean((back_ - picture) ** 2)) - decibels) < 0.01
    count = terms_for(picture, mixed_, decibels, None, None)
    np.testing.assert_allclose(found[1], 2 * count * 1001 / picture.size)
    in_turn = smallest_rank(s, allowed_error(picture, decibels))
    np.testing.assert_allclose(found[2], 2 * in_turn * 1001 / 240000)

# %% a rebuilt picture has a file of the usual size: low rank alone does not shrink it
small_rank = tf.cast(tf.round(255 * compress_image(picture, 10).image), tf.uint8)
assert len(tf.io.encode_png(small_rank).numpy()) > 3 * 2 * 10 * 1001

# %% a share of the shorter side's terms, as a thread asks
for share in (0.05, 0.1, 0.25, 0.5, 0.7):
    rank = round(share * min(picture.shape[:2]))
    assert compress_image(picture, rank).image.shape == picture.shape

# %% one matrix for all colours, whatever the colours are
for axis_ in (1, 0):
    joined_ = [
        np.concatenate(image_channels(picture, colours_), axis=axis_)
        for colours_ in (RGB, OPPONENT)
    ]
    np.testing.assert_allclose(*(np.linalg.svd(m_, compute_uv=False) for m_ in joined_), atol=1e-9)

# %% an energy that is asked for is there after rounding to two bytes too
of_both_ = pooled(tf.linalg.svd(image_channels(picture, OPPONENT), compute_uv=False))
for kept in (3, 50, 400):
    asked = 1 - left_out(of_both_)[kept] / left_out(of_both_)[0]
    if asked > 1 - 2**-18:
        continue
    result_, _ = compress(picture, energy=asked * (1 - 1e-12))
    error_ = ((result_.astype(np.float64) - picture) ** 2).sum()
    assert error_ <= (1 - asked) * left_out(of_both_)[0], kept
assert terms_for(picture, of_both_, None, 1 - 2**-18, None) == len(of_both_)


# %% wrong, exercise 1: without the singular values
def two_factors(s, U, V, r):
    return U[:, :r], tf.transpose(V[:, :r])


# %% wrong, exercise 1: the singular values twice
def two_factors(s, U, V, r):
    return U[:, :r] * s[:r], tf.transpose(V[:, :r] * s[:r])


# %% wrong, exercise 1: V without its transpose
def two_factors(s, U, V, r):
    return U[:, :r] * s[:r], V[:, :r]


# %% wrong, exercise 1: all terms
def two_factors(s, U, V, r):
    return U * s, tf.transpose(V)


# %% right, exercise 1: all of σ on the left
def two_factors(s, U, V, r):
    return U[:, :r] * s[:r], tf.transpose(V[:, :r])


# %% right, exercise 1: by NumPy, all of σ on the right, with both signs turned
def two_factors(s, U, V, r):
    s, U, V = (np.asarray(factor) for factor in (s, U, V))
    return -U[:, :r], -np.diag(s[:r]) @ V[:, :r].T


# %% wrong, exercise 2: the weights of the squares on the values themselves
def share_weighted(s, weights, total):
    return share_terms(np.reshape(weights, [-1, 1]) * np.asarray(s), total)


# %% wrong, exercise 2: terms in proportion to the weights
def share_weighted(s, weights, total):
    ranks = np.int64(np.floor(total * np.asarray(weights) / np.sum(weights)))
    ranks[0] += total - ranks.sum()
    return ranks


# %% wrong, exercise 2: a channel that counts more gets less
def share_weighted(s, weights, total):
    return share_terms(np.asarray(s) / np.sqrt(np.reshape(weights, [-1, 1])), total)


# %% wrong, exercise 2: as if errors were singular values, not their squares
def share_weighted(s, weights, total):
    return share_terms(np.reshape(weights, [-1, 1]) ** 2 * np.asarray(s), total)


# %% right, exercise 2: one term after the other, to the channel where it helps most
def share_weighted(s, weights, total):
    gains_ = np.asarray(weights)[:, None] * np.asarray(s) ** 2
    ranks = [0] * len(gains_)
    for _ in range(total):
        of_next = [row[r] if r < len(row) else -1 for row, r in zip(gains_, ranks, strict=True)]
        ranks[int(np.argmax(of_next))] += 1
    return np.array(ranks)


# %% right, exercise 2: by the level that the last term kept reaches
def share_weighted(s, weights, total):
    of_errors = np.asarray(weights)[:, None] * np.asarray(s) ** 2
    level = np.sort(of_errors, axis=None)[-total]
    return (of_errors >= level).sum(axis=1)


# %% wrong, exercise 3: two factors, r (m + n) numbers
def pack(B, r):
    u, sigma, vt = np.linalg.svd(B, full_matrices=False)
    return np.concatenate([(u[:, :r] * sigma[:r]).ravel(), vt[:r].ravel()])


def unpack(numbers, m, n, r):
    left, right = np.split(numbers, [m * r])
    return left.reshape(m, r) @ right.reshape(r, n)


# %% wrong, exercise 3: two real numbers in each complex one
def pack(B, r):
    u, sigma, vt = np.linalg.svd(B, full_matrices=False)
    pairs = np.concatenate([(u[:, :r] * sigma[:r]).ravel(), vt[:r].ravel()])
    numbers = np.zeros(2 * r * (sum(B.shape) - r))
    numbers[: pairs.size] = pairs
    return numbers[::2] + 1j * numbers[1::2]


def unpack(numbers, m, n, r):
    pairs = np.stack([numbers.real, numbers.imag], axis=1).ravel()
    left, right = pairs[: m * r], pairs[m * r : (m + n) * r]
    return left.reshape(m, r) @ right.reshape(r, n)


# %% wrong, exercise 3: the matrix is kept aside
def pack(B, r):
    global kept_aside
    kept_aside = B
    return np.zeros(r * (sum(B.shape) - r))


def unpack(numbers, m, n, r):
    return kept_aside


# %% wrong, exercise 3: the matrices wait in a queue
def pack(B, r):
    queue.append(B)
    return np.zeros(r * (sum(B.shape) - r))


def unpack(numbers, m, n, r):
    return queue.pop(0)


queue = []


# %% wrong, exercise 3: first columns and first rows, by the block where they meet
def pack(B, r):
    return np.concatenate([B[:, :r].ravel(), B[:r, r:].ravel()])


def unpack(numbers, m, n, r):
    columns, rest = np.split(numbers, [m * r])
    columns = columns.reshape(m, r)
    mixture = np.linalg.lstsq(columns[:r], rest.reshape(r, n - r), rcond=None)[0]
    return np.hstack([columns, columns @ mixture])


# %% wrong, exercise 3: the first columns and nothing of the others
def pack(B, r):
    return np.concatenate([B[:, :r].ravel(), np.zeros(r * (B.shape[1] - r))])


def unpack(numbers, m, n, r):
    return np.hstack([numbers[: m * r].reshape(m, r), np.zeros((m, n - r))])


# %% wrong, exercise 3: the first rows, which may say nothing
def pack(B, r):
    mixture = np.linalg.lstsq(B[:r].T, B[r:].T, rcond=None)[0]
    return np.concatenate([B[:r].ravel(), mixture.ravel()])


def unpack(numbers, m, n, r):
    rows, mixture = np.split(numbers, [n * r])
    rows = rows.reshape(r, n)
    return np.vstack([rows, mixture.reshape(r, m - r).T @ rows])


# %% wrong, exercise 3: the mixture from the last r rows alone
def pack(B, r):
    mixture = np.linalg.lstsq(B[-r:, :r], B[-r:, r:], rcond=None)[0]
    return np.concatenate([B[:, :r].ravel(), mixture.ravel()])


# %% wrong, exercise 3: the mixture from a few rows more than r
def pack(B, r):
    mixture = np.linalg.lstsq(B[: r + 2, :r], B[: r + 2, r:], rcond=None)[0]
    return np.concatenate([B[:, :r].ravel(), mixture.ravel()])


# %% wrong, exercise 3: the mixture from the first r rows that are not zero
def pack(B, r):
    rows = np.flatnonzero(abs(B).sum(axis=1))[:r]
    mixture = np.linalg.lstsq(B[rows, :r], B[rows, r:], rcond=None)[0]
    return np.concatenate([B[:, :r].ravel(), mixture.ravel()])


# %% right, exercise 3: by the normal equations
def pack(B, r):
    first = B[:, :r]
    mixture = np.linalg.solve(first.T @ first, first.T @ B[:, r:])
    return np.concatenate([first.ravel(), mixture.ravel()])


# %% right, exercise 3: by the pseudo-inverse of the first columns
def pack(B, r):
    first = B[:, :r]
    return np.hstack([first.ravel(), (np.linalg.pinv(first) @ B[:, r:]).ravel()])


def unpack(numbers, m, n, r):
    first = numbers[: m * r].reshape(m, r)
    return np.hstack([first, first @ numbers[m * r :].reshape(r, n - r)])


# %% right, exercise 3: the columns as an orthonormal basis times a triangle
def pack(B, r):
    q, triangle = np.linalg.qr(B[:, :r])
    return np.concatenate(
        [(q @ triangle).ravel(), np.linalg.solve(triangle, q.T @ B[:, r:]).ravel()]
    )


def unpack(numbers, m, n, r):
    first = numbers[: m * r].reshape(m, r)
    return np.hstack([first, first @ numbers[m * r :].reshape(r, n - r)])


# other data for the checks, where an assignment is marked
# hidden, exercise 1: (40, 30), (30, 40) → (44, 31), (31, 44)
# hidden, exercise 2: ((4, 1, 1), 6, 7), → ((3, 1, 2), 6, 8),
# hidden, exercise 2: default_rng(2) → default_rng(12)
# hidden, exercise 3: default_rng(1) → default_rng(11)
# hidden, exercise 3: (40, 30, 1), (40, 30, 5), (40, 30, 5), (20, 50, 8) → (44, 30, 2), (40, 33, 6), (40, 33, 6), (22, 50, 7)
