"""What the chapter on image compression by SVD in TensorFlow must keep true."""

# equivalent, lean: values > values[0] / 100 → values >= values[0] / 100: none is a hundredth
# equivalent, edges: steepness > at_least → steepness >= at_least: none is just as steep

# %% the opening picture is the sum of the first ten terms
assert picture.shape == (1024, 1024, 3)
assert picture.dtype == np.float32
np.testing.assert_array_equal(channels, np.moveaxis(picture, 2, 0))
np.testing.assert_allclose(ten[..., 1], sum(term(i) for i in range(1, 11)), atol=1e-5)
np.testing.assert_allclose(ten, np.moveaxis(rank_r_approx(s, U, V, 10)[0], 0, 2), atol=1e-5)

# %% a picture reduced for the page keeps its shape, its mean and an even colour
assert on_page(picture).shape == (420, 420, 3)
assert on_page(picture, 64).shape == (64, 64, 3)
np.testing.assert_allclose(np.mean(on_page(picture), (0, 1)), picture.mean((0, 1)), atol=1e-2)
stripes = np.tile([[0.0, 1.0]], (512, 256))[..., None]
assert np.ptp(np.asarray(on_page(stripes, 64))[8:-8, 8:-8]) < 0.05, "stripes must not alias"

# %% the plaids are terms on a scale of their own
assert list(plaids) == [f"term {i}" for i in (2, 3, 5, 10, 50)]
for i, plaid in zip((2, 3, 5, 10, 50), plaids.values(), strict=True):
    np.testing.assert_allclose(np.std(plaid), 1, rtol=1e-3)
    np.testing.assert_allclose(plaid * np.std(term(i)), term(i), atol=1e-5)

# %% the relative error is ‖B − A‖ / ‖A‖
ones = np.ones((2, 3), np.float32)
assert relative_error(ones, ones) == 0
np.testing.assert_allclose(relative_error(3 * ones, ones), 2, rtol=1e-6)
np.testing.assert_allclose(relative_error(ones, 4 * ones), 3 / 4, rtol=1e-6)

# %% all terms rebuild the picture to rounding, and V without its transpose does not
epsilon = np.finfo(np.float32).eps
assert relative_error(rebuilt, channels) <= (1024 + 1024) * epsilon
np.testing.assert_allclose(forgotten[1], U[1] @ np.diag(s[1]) @ V[1], atol=1e-3)
assert relative_error(forgotten, channels) > 0.5

# %% a sum of r terms is NumPy's, for tall, wide, square and batched matrices in both precisions
draw = np.random.default_rng(5)
for shape in ((40, 30), (30, 40), (7, 7), (2, 5, 8), (2, 3, 8, 5), (1, 6), (6, 1), (1, 1)):
    for dtype, tolerance in ((np.float32, 1e-5), (np.float64, 1e-13)):
        M = draw.standard_normal(shape).astype(dtype)
        u_m, s_m, vt_m = np.linalg.svd(M, full_matrices=False)
        for rank in {1, min(shape[-2:]) // 2, min(shape[-2:])} - {0}:
            B, count = rank_r_approx(*tf.linalg.svd(M), rank)
            expected = (u_m[..., :rank] * s_m[..., None, :rank]) @ vt_m[..., :rank, :]
            assert B.dtype == dtype
            np.testing.assert_allclose(B, expected, atol=tolerance * np.linalg.norm(M))
            assert count == np.prod(shape[:-2], dtype=int) * rank * (sum(shape[-2:]) + 1)

# %% the rank is a whole number from 1 to k
import pytest

for rank in (0, -1, 31, 2.5, np.nan, np.inf):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        rank_r_approx(*tf.linalg.svd(tf.ones([40, 30])), rank)
    assert str(refused.value) == f"r is {rank}; it must be a whole number from 1 to 30"
for rank in (1, 30, np.int64(30)):
    assert rank_r_approx(*tf.linalg.svd(tf.ones([40, 30])), rank)[0].shape == (40, 30)

# %% the guide's counts, for its matrix and its picture
A_guide = tf.linalg.svd(rng.uniform([40, 30]))
assert [rank_r_approx(*A_guide, rank)[1] for rank in (15, 3)] == [1065, 213]
published = {100: 614700, 50: 307350, 10: 61470, 35: 215145}
for rank, count in published.items():
    assert compress_image(picture, rank, (s, U, V)).numbers == count
assert (fifteen.r, fifteen.numbers) == (76, 467172)

# %% the guide's squared error of rank 10, 33.021, is a usual one among random matrices
squares = tf.linalg.svd(rng.uniform([2000, 40, 30]), compute_uv=False)[:, 10:] ** 2
errors_10 = np.sum(squares, axis=1)
assert abs(33.021 - errors_10.mean()) < 3 * errors_10.std()

# %% other inputs: grey and colour, in single and double precision, are the same channels
cat = load_image("chelsea", size=(20, 31))
for image in (cat, np.float64(cat), np.asfortranarray(cat)):
    found = image_channels(image)
    assert (found.shape, found.dtype) == ((3, 20, 31), tf.float32)
    np.testing.assert_array_equal(found, np.stack([cat[..., channel] for channel in range(3)]))
np.testing.assert_array_equal(image_channels(cat[..., 0]), cat[..., 0])
assert image_channels(cat, tf.float64).dtype == tf.float64
assert image_channels(np.ones((1, 1))).numpy().tolist() == [[1]]
assert image_channels(np.zeros((3, 3))).numpy().max() == 0
assert image_channels(np.eye(3, dtype=bool)).numpy().tolist() == np.eye(3).tolist()

# %% a picture that leaves [0, 1] by a rounding is taken as it is
for value in (np.float32(1 + 1e-7), np.float32(-1e-7), 1 + 1e-6, -1e-6, 0, 1):
    image = np.array([[0.5, value]], np.asarray(value).dtype if value % 1 else np.float64)
    np.testing.assert_allclose(image_channels(image), image, atol=1e-7)
assert compress_image(np.full((4, 4), np.float32(1 + 1e-7)), 1).image.max() <= 1

# %% other values and shapes are refused, and the message says what they were
import pytest

range_text, shape_text = "it must lie in [0, 1]", "it must be (H, W) or (H, W, 3)"
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
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        image_channels(image)
    assert str(refused.value).startswith(message)

# %% other inputs: a transposed picture, three equal channels, known factors, the full rank
cat = load_image("chelsea", size=(60, 91))
wide = compress_image(cat, 7)
tall = compress_image(np.transpose(cat, (1, 0, 2)), 7)
np.testing.assert_allclose(np.transpose(tall.image, (1, 0, 2)), wide.image, atol=1e-4)
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
    np.testing.assert_allclose(three.image[..., channel], one.image, atol=1e-4)
known = compress_image(cat, 7, tf.linalg.svd(image_channels(cat)))
np.testing.assert_allclose(known.image, wide.image, atol=1e-5)
np.testing.assert_allclose(compress_image(cat, 60).image, cat, atol=1e-4)
other_factors = tf.linalg.svd(image_channels(0 * cat))
assert compress_image(cat, 7, other_factors).image.max() == 0, "known factors must be used"

# %% other inputs: pictures with a side of one pixel
for shape in ((1, 1), (1, 9), (9, 1), (1, 9, 3), (9, 1, 3)):
    image = np.linspace(0.1, 0.9, int(np.prod(shape))).reshape(shape)
    np.testing.assert_allclose(compress_image(image, 1).image, image, atol=1e-5)

# %% clipping leaves [0, 1] alone, and moves no value away from the picture
raw = np.moveaxis(rank_r_approx(s, U, V, 10)[0], 0, 2)
clipped = compress_image(picture, 10, (s, U, V)).image
assert raw.min() < 0
assert (clipped.min(), clipped.max()) >= (0, 0)
assert clipped.max() <= 1
np.testing.assert_array_equal(clipped, np.clip(raw, 0, 1))
assert (abs(clipped - picture) <= abs(raw - picture)).all()
white = np.ones((6, 6)) - 0.2 * np.eye(6)
assert compress_image(white, 2).image.max() <= 1

# %% the errors in grey levels and in decibels
assert median_error(np.array([0.1, 0.9, 0.5]), np.zeros(3)) == 127.5
assert median_error(np.zeros((2, 3)), np.ones((2, 3))) == 255
assert rms_error(np.zeros((2, 2)), np.ones((2, 2))) == 255
np.testing.assert_allclose(rms_error(np.array([0, 1.0]), np.zeros(2)), 255 / np.sqrt(2))
np.testing.assert_allclose(psnr(np.full(4, 0.1), np.zeros(4)), 20)
np.testing.assert_allclose(psnr(np.array([0, 0.2]), np.zeros(2)), -10 * np.log10(0.02))
by_tf = tf.image.psnr(fifty.image, picture, max_val=1.0)
np.testing.assert_allclose(psnr(fifty.image, picture), by_tf, atol=1e-3)

# %% by NumPy: the terms, the table of three ranks, and the answers
u_p, s_p, vt_p = np.linalg.svd(channels, full_matrices=False)
for i in (1, 2, 50):
    outer = s_p[1, i - 1] * np.outer(u_p[1, :, i - 1], vt_p[1, i - 1])
    np.testing.assert_allclose(term(i), outer, atol=1e-3)
for rank, row in (
    (100, (0.195, 0.782, 0.92, 1.46, 44.83)),
    (50, (0.098, 0.391, 1.46, 2.46, 40.30)),
    (10, (0.020, 0.078, 2.55, 5.56, 33.23)),
):
    B = np.clip((u_p[..., :rank] * s_p[:, None, :rank]) @ vt_p[:, :rank], 0, 1)
    gap = 255 * abs(B - channels)
    share, rms = rank * 2049 / 1024**2, np.sqrt(np.mean(gap**2))
    expected = share, 4 * share, np.median(gap), rms, 20 * np.log10(255 / rms)
    np.testing.assert_allclose(expected, row, atol=0.006)
    ours = compress_image(picture, rank, (s, U, V))
    np.testing.assert_allclose(ours.image, np.moveaxis(B, 0, 2), atol=1e-3)
    if rank == fifty.r:
        np.testing.assert_allclose(half_below, np.median(gap), rtol=1e-3)
        np.testing.assert_allclose(4 * fifty.proportion, 4 * share)
assert fifty.r == 50
energies = np.sum(np.float64(s_p) ** 2, axis=0)
assert ninety.r == 1 + np.argmax(np.cumsum(energies) >= 0.9 * energies.sum())

# %% what the error figure draws: the two pictures, and the signed error in grey levels
from unittest import mock

cat = load_image("chelsea", size=(30, 41))
for image in (cat, cat[..., 0]):
    ours = compress_image(image, 5).image
    with mock.patch.object(plt, "show"):
        viz_approx(image, tf.constant(ours), 12)
    drawn_figure = plt.gcf()
    left, middle, right, bar = drawn_figure.axes
    np.testing.assert_array_equal(left.images[0].get_array(), image)
    np.testing.assert_array_equal(middle.images[0].get_array(), ours)
    gap = 255 * (ours - image)
    gap = gap if gap.ndim == 2 else gap.sum(axis=2) / 3
    np.testing.assert_allclose(right.images[0].get_array(), gap, atol=1e-3)
    low, high = right.images[0].get_clim()
    np.testing.assert_allclose((-low, high), 3 * np.sqrt((gap**2).mean()), rtol=1e-5)
    for axis_drawn in (left, middle):
        assert axis_drawn.images[0].get_clim() == (0, 1)
    assert [a.get_title() for a in (left, middle, right)] == ["$A$", "$A_{12}$", "$A_{12} - A$"]
    assert bar.get_ylabel() == "grey levels"
    plt.close(drawn_figure)
assert picture[detail].shape == (320, 320, 3)

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
np.testing.assert_allclose(lines[0], ridge(0), atol=1e-5)
np.testing.assert_array_equal(lines[1], ridge(45))
np.testing.assert_allclose(lines[2], compress_image(ridge(45), 10).image)

# %% terms of a line, counted by eigenvalues
assert len(leans) == len(line_terms)
for lean_angle, count in list(zip(leans, line_terms, strict=True))[::3]:
    eigenvalues = np.linalg.eigvalsh(ridge(lean_angle).T @ ridge(lean_angle))
    assert count == (eigenvalues > eigenvalues.max() / 100**2).sum() == terms_of_line(lean_angle)
assert leans.tolist() == list(range(0, 46, 5))
assert terms_of_line(0, 1, 16) == 1
assert (
    terms_of_line(30, 2, 128) == terms_of_line(30, 4, 256)
    or abs(terms_of_line(30, 2, 128) - terms_of_line(30, 4, 256)) <= 1
), "the count depends on n / width"
asked = []
with_values = {"ridge": lambda *line: asked.append(line) or np.diag([0.0099, 1, 0, 0.01005])}
kept = globals()["ridge"]
globals().update(with_values)
try:
    assert terms_of_line(7) == terms_of_line(7, 2, 9) == 2, "larger than a hundredth of the first"
finally:
    globals()["ridge"] = kept
assert asked == [(7, 3, 256), (7, 2, 9)]
np.testing.assert_allclose(sine[[0, -1]], [0, line_terms[-1]], atol=1e-9)
np.testing.assert_allclose(sine[6], line_terms[-1] / np.sqrt(2), rtol=1e-9)
assert np.max(abs(sine - line_terms)) < 3

# %% the formula for the terms of a line
np.testing.assert_allclose(terms_by_formula(30, 1, np.pi), np.sqrt(2 * np.log(100)) / 2)
np.testing.assert_allclose(terms_by_formula(90, 2, 4 * np.pi), 2 * np.sqrt(2 * np.log(100)))
for lean_angle, width, n in ((15, 3, 256), (15, 6, 256), (15, 3, 512), (45, 3, 512), (30, 2, 200)):
    more = terms_of_line(lean_angle, width, n) - terms_by_formula(lean_angle, width, n)
    assert -1 < more < 4, "the formula leaves the ends of the line out"

# %% other inputs: the largest rank for a factor, against a search, for many shapes
for m, n in ((40, 30), (30, 40), (427, 640), (300, 451), (1024, 1024), (5, 5), (3, 50)):
    possible = np.arange(1, m * n // (m + n + 1) + 1)
    costs = possible * (m + n + 1) / (m * n)
    asked = np.concatenate([costs, np.linspace(costs[0], 1, 57), costs * (1 - 1e-9)])
    for factor_asked in asked[(asked >= costs[0]) & (asked <= 1)]:
        assert rank_for_factor(factor_asked, m, n) == possible[costs <= factor_asked].max()
assert 9 - 1e-12 < quotient < 9
assert rank_for_factor(factor, 40, 30) == 9
assert rank_for_factor(1, 1024, 1024) == 511

# %% factors that cannot be had are refused
import pytest

for factor_asked, m, n, least_text in (
    (0, 40, 30, "0.0592"), (0.05, 40, 30, "0.0592"), (1.01, 40, 30, "0.0592"),
    (float("nan"), 40, 30, "0.0592"), (-1, 300, 451, "0.00556"), (1, 1, 1, "3"),
):  # fmt: skip
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        rank_for_factor(factor_asked, m, n)
    assert str(refused.value) == f"factor is {factor_asked}; it must lie in [{least_text}, 1]"

# %% other inputs: a size for tall, wide, grey and colour pictures
for shape in ((60, 91), (91, 60), (91, 60, 3)):
    image = np.asarray(rng.uniform(shape))
    for factor_asked in (0.1, 0.5, 1):
        c_size = compress_image_with_factor(image, factor_asked)
        assert c_size.proportion <= factor_asked < (c_size.r + 1) * 152 / (60 * 91)
        assert c_size.image.shape == shape
black = tf.linalg.svd(image_channels(0 * image))
assert compress_image_with_factor(image, 0.5, black).image.max() == 0, "known factors are used"

# %% the guide's shares, and its rank that falls short
for values in (np.float64(s), np.array([3.0, 2, 1])):
    rows = np.atleast_2d(values)
    expected = [
        sum(row[: i + 1].sum() / row.sum() for row in rows) / len(rows)
        for i in range(rows.shape[1])
    ]
    np.testing.assert_allclose(guide_shares(values), expected, rtol=1e-12)
assert abs(shares[29] - 0.75) == min(abs(shares - 0.75))
assert abs(shares[138] - 0.9) == min(abs(shares - 0.9))
assert shares[29] < 0.75
assert shares[138] < 0.9

# %% what ranks leave out, and the smallest rank, against loops
for values in (np.array([[3.0, 2, 1], [5, 1, 0]]), np.array([4.0, 2, 1]), np.array([[2.0]])):
    rows = np.atleast_2d(values)
    expected = [sum((row[r:] ** 2).sum() for row in rows) for r in range(rows.shape[1] + 1)]
    assert left_out(values).tolist() == expected
    assert left_out(tf.constant(values)).tolist() == expected
    for allowed in (0, 0.5, 1, 1.5, 5, 14, 39, 1000, *expected):
        enough = [r for r in range(1, len(expected)) if expected[r] <= allowed]
        assert smallest_rank(values, allowed) == enough[0]
assert left_out(s).dtype == np.float64
np.testing.assert_allclose(left_out(s)[0], np.sum(np.float64(picture) ** 2), rtol=1e-5)

# %% other inputs: an energy, against the pixels of every rank
import pytest

for shape in ((12, 17), (17, 12), (12, 17, 3), (17, 12, 3)):
    image = np.asarray(rng.uniform(shape))
    image_factors = tf.linalg.svd(image_channels(image, tf.float64))
    held = [
        1
        - relative_error(rank_r_approx(*image_factors, r)[0], image_channels(image, tf.float64))
        ** 2
        for r in range(1, 13)
    ]
    for energy_asked in (1e-9, 0.5, 0.8, 0.9, 0.97, 0.999):
        c_energy = compress_image_with_energy(image, energy_asked)
        assert c_energy.r == 1 + next(r for r in range(12) if held[r] >= energy_asked)
        assert c_energy.image.shape == shape
    assert compress_image_with_energy(image, 1).r == 12
assert compress_image_with_energy(0 * image, 1).r == 1
black = tf.linalg.svd(image_channels(0 * image))
assert compress_image_with_energy(image, 0.97, black).r == 1, "known factors must be used"
assert compress_image_with_energy(picture, 0.999, (s, U, V)).r == r_999 == 18
assert pair[0].shape == pair[1].shape == channels.shape
for energy_asked in (0, -0.1, 1.01, float("nan")):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        compress_image_with_energy(image, energy_asked)
    assert str(refused.value) == f"energy is {energy_asked}; it must lie in (0, 1]"

# %% what the energy figure draws
from unittest import mock

for values in (s, s[0]):
    with mock.patch.object(plt, "show"):
        viz_energy(values)
    drawn_figure = plt.gcf()
    by_value, by_square, limit_line = drawn_figure.axes[0].lines
    k = values.shape[-1]
    rows = np.atleast_2d(np.float64(values))
    np.testing.assert_array_equal(by_value.get_xdata(), range(1, k))
    np.testing.assert_array_equal(by_square.get_xdata(), range(1, k))
    tails = np.array([rows[:, r:].sum(axis=1) / rows.sum(axis=1) for r in range(1, k)])
    np.testing.assert_allclose(by_value.get_ydata(), tails.mean(axis=1), atol=1e-4)
    squared = rows**2
    tails = np.array([squared[:, r:].sum() / squared.sum() for r in range(1, k)])
    np.testing.assert_allclose(by_square.get_ydata(), tails, rtol=1e-6)
    assert limit_line.get_ydata() == [0.25, 0.25]
    assert drawn_figure.axes[0].get_ylim() == (1e-6, 1)
    plt.close(drawn_figure)

# %% an even picture has the energy of the means, and rank 1
constant = np.broadcast_to(picture.mean(axis=(0, 1), dtype=np.float64), picture.shape)
np.testing.assert_allclose(even, np.sum(constant**2), rtol=1e-9)
# what is left beside it is the variance
rest = np.sum((np.float64(picture) - constant) ** 2)
np.testing.assert_allclose(even + rest, np.sum(np.float64(picture) ** 2), rtol=1e-5)

# %% other inputs: a PSNR, against the pixels of every rank
for shape in ((12, 17), (17, 12, 3)):
    image = np.asarray(rng.uniform(shape))
    matrices = image_channels(image, tf.float64)
    image_factors = tf.linalg.svd(matrices)
    errors = [np.mean((rank_r_approx(*image_factors, r)[0] - matrices) ** 2) for r in range(1, 13)]
    for wanted_db in (-5, 5, 12, 15, 20, 30):
        c_psnr = compress_image_with_psnr(image, wanted_db)
        assert c_psnr.r == 1 + next(r for r in range(12) if -10 * np.log10(errors[r]) >= wanted_db)
        assert c_psnr.image.shape == shape
        assert psnr(c_psnr.image, image) >= wanted_db
    assert compress_image_with_psnr(image, 300).r == 12
black = tf.linalg.svd(image_channels(0 * image))
assert compress_image_with_psnr(image, 30, black).r == 1, "known factors must be used"
assert [compress_image_with_psnr(picture, d, (s, U, V)).r for d in (30, 35, 40)] == [3, 17, 48]

# %% what the slider draws: cost, error and energy of every rank
assert len(bytes_of) == len(psnr_of) == 256
for rank in (1, 20, 50, 200):
    B, count = rank_r_approx(s, U, V, rank)
    np.testing.assert_allclose(bytes_of[rank], count * 4 / picture.size)
    missing = np.mean((np.moveaxis(B, 0, 2) - picture) ** 2, dtype=np.float64)
    np.testing.assert_allclose(psnr_of[rank], -10 * np.log10(missing), atol=1e-3)
    missing_share = missing * picture.size / np.sum(np.float64(picture) ** 2)
    np.testing.assert_allclose(energy_of[rank], 1 - missing_share, atol=1e-6)
for rank in (5, 50):
    drawn_figure = frame(rank)
    left, right = drawn_figure.axes
    expected = compress_image(picture, rank, (s, U, V)).image[detail]
    np.testing.assert_array_equal(left.images[0].get_array(), expected)
    curve, dot, whole = right.lines
    np.testing.assert_array_equal(curve.get_xydata(), np.transpose([bytes_of[1:], psnr_of[1:]]))
    np.testing.assert_array_equal(dot.get_xydata(), [[bytes_of[rank], psnr_of[rank]]])
    assert whole.get_xdata() == [1, 1]
    assert right.get_xscale() == "log"
assert not plt.get_fignums(), "a frame must not stay open"
assert labels[5] == "50: 39.1% bytes, 99.97% energy"
assert [label.split(":")[0] for label in labels] == [str(r) for r in steps]

# %% the green channel, its least error and the rivals, recomputed
np.testing.assert_array_equal(A, np.float64(picture[..., 1]))
values = np.linalg.svd(np.float64(A), compute_uv=False)
np.testing.assert_allclose(least, np.sqrt(np.sum(values[50:] ** 2)), rtol=1e-12)
np.testing.assert_allclose(ratio, 1, atol=rounding)
np.testing.assert_allclose(
    rounding, 2048 * 2.0**-52 * np.sqrt(np.sum(values**2)) / least, rtol=1e-9
)
for name, columns in rivals.items():
    assert columns.shape == (1024, 50), name
    fit = np.linalg.lstsq(columns, A, rcond=None)[0]
    error = np.linalg.norm(A - columns @ fit) / least
    np.testing.assert_allclose(over_least[name], error, rtol=1e-5)
    assert over_least[name] > 1
cosine_angles = np.pi * np.outer(np.arange(1024) + 0.5, np.arange(50)) / 1024
ratios = rivals["cosines"] / np.cos(cosine_angles)
np.testing.assert_allclose(ratios, np.broadcast_to(ratios[0], ratios.shape), rtol=1e-6)
assert np.linalg.matrix_rank(rivals["columns"].numpy()) == 50
assert all((rivals["columns"][:, i] == A[:, 20 * i]).numpy().all() for i in range(50))
np.testing.assert_allclose(
    rivals["mixtures of mixtures"], A @ tf.transpose(A) @ rivals["mixtures"], rtol=1e-6
)
assert nearest == min(over_least.values())
assert over_least["mixtures of mixtures"] < over_least["mixtures"]

# %% Weyl's inequality, from which the least error follows, for the nearest rival
values = np.linalg.svd(np.float64(A), compute_uv=False)
Q_r, _ = np.linalg.qr(rivals["mixtures of mixtures"])
rest = np.linalg.svd(A - Q_r @ (Q_r.T @ A), compute_uv=False)
assert (values[50:] <= rest[:-50] + 1e-9).all()

# %% other pictures by NumPy: ranks for 35 dB, for 90 % of the energy and of the variance
expected = {
    "moon": (1, 15), "retina": (1, 4), "coffee": (2, 10),
    "astronaut": (4, 14), "hubble_deep_field": (64, 87), "grass": (1, 141),
}  # fmt: skip
assert names == list(expected)
assert list(others) == [*names, "noise"]
for name, c_other, share in zip(others, for_35, bytes_for_35, strict=True):
    stack = others[name][None] if name == "noise" else np.moveaxis(others[name], 2, 0)
    centred = stack - stack.mean(axis=(1, 2), keepdims=True)
    held, held_centred = (
        np.cumsum(np.sum(np.float64(np.linalg.svd(m, compute_uv=False)) ** 2, axis=0))
        for m in (stack, centred)
    )
    assert c_other.r == 1 + np.argmax(held[-1] - held <= stack.size * 10**-3.5)
    np.testing.assert_allclose(share, 2 * c_other.r * 1025 / 512**2)
    if name != "noise":
        found = [1 + np.argmax(h >= 0.9 * h[-1]) for h in (held, held_centred)]
        assert tuple(found) == expected[name]
assert counts == [1, 141], "the last picture of the table"
assert bytes_for_35 == sorted(bytes_for_35)
assert bytes_for_35[0] < 0.2
assert bytes_for_35[-3] > 1
assert 0 <= others["noise"].min() < 0.01 < 0.99 < others["noise"].max() <= 1

# %% the reader's own picture by NumPy is ours
assert (u.shape, vt.shape) == ((3, 300, 300), (3, 300, 451)), "no vectors beyond the terms"
ours = compress_image_with_psnr(mine, 35)
assert ours.r == r_mine
np.testing.assert_allclose(by_numpy, ours.image, atol=1e-3)
assert psnr(by_numpy, mine) >= 35
assert psnr(compress_image(mine, r_mine - 1).image, mine) < 35.2

# %% factors in sixteen bits: what they add is within three roundings of 2⁻¹¹
for half, full in zip(halves, (s, U, V), strict=True):
    np.testing.assert_array_equal(half, np.float32(np.float16(full)))
rounded, exact = (rank_r_approx(*factors, 50)[0].numpy() for factors in (halves, (s, U, V)))
assert 0 < rms_error(rounded, exact) < 3.01 * 2**-11 * 255 * np.sqrt(np.mean(picture**2))

# %% the files: their bytes, their errors, and PNG without one
import io

from PIL import Image

np.testing.assert_array_equal(pixels, np.rint(255 * picture))
png_bytes = tf.io.encode_png(pixels).numpy()
np.testing.assert_array_equal(Image.open(io.BytesIO(png_bytes)), pixels)
np.testing.assert_allclose(png_share, len(png_bytes) / (1024 * 1024 * 3))
assert set(files) == {"JPEG", "float16", "float32"}
for quality_asked, (share, decibels) in zip((10, 20, 30, 50, 75, 90), files["JPEG"], strict=True):
    file = tf.io.encode_jpeg(pixels, quality=quality_asked).numpy()
    back = np.asarray(Image.open(io.BytesIO(file))) / 255
    np.testing.assert_allclose(share, len(file) / picture.size)
    assert abs(-10 * np.log10(np.mean((back - picture) ** 2)) - decibels) < 0.01
assert np.all(np.diff(np.transpose(files["JPEG"])) > 0)
for kind, kind_factors, width in (("float16", halves, 2), ("float32", (s, U, V), 4)):
    for rank, (share, decibels) in zip((5, 10, 20, 50, 100), files[kind], strict=True):
        np.testing.assert_allclose(share, width * 3 * rank * 2049 / picture.size)
        B = np.moveaxis(np.clip(rank_r_approx(*kind_factors, rank)[0], 0, 1), 0, 2)
        np.testing.assert_allclose(decibels, -10 * np.log10(np.mean((B - picture) ** 2)), atol=1e-3)
assert files["float32"][3][0] > png_share, "rank 50 is larger than the PNG"

# %% what the figure of edges shows, by complex numbers and a library's blocks
from skimage.measure import block_reduce

np.testing.assert_allclose(
    quarter(picture[..., 0]), block_reduce(picture[..., 0], 4, np.mean), atol=1e-6
)
gap = np.mean((np.float64(fifty.image) - picture) ** 2, axis=2)
np.testing.assert_allclose(squared_error, block_reduce(gap, 4, np.mean), rtol=1e-3)
grey = block_reduce(picture.mean(axis=2), 4, np.mean)
slope = np.gradient(grey, axis=1) + 1j * np.gradient(grey, axis=0)
rows, cols = np.indices((256, 256)) - 128
disc = rows**2 + cols**2 < 120**2
np.testing.assert_array_equal(inside, disc)
chosen = disc & (abs(slope) > np.quantile(abs(slope)[disc], 0.95))
assert (chosen != strong).sum() <= 3
assert 0.049 < strong.sum() / disc.sum() < 0.051
turned = np.degrees(np.angle(slope[chosen])) % 90
turned = np.where(turned > 45, 90 - turned, turned)
for b in range(9):
    here = (turned >= 5 * b) & (turned < 5 * b + 5)
    expected = 255 * np.sqrt(block_reduce(gap, 4, np.mean)[chosen][here].mean())
    np.testing.assert_allclose(edge_error[b], expected, rtol=0.02)
turned = np.degrees(np.angle(slope[strong])) % 90
expected = np.minimum(turned, 90 - turned) // 5
assert np.mean(bins != expected) < 0.01, "but where rounding moves an angle across a limit"
assert middles.tolist() == [2.5, 7.5, 12.5, 17.5, 22.5, 27.5, 32.5, 37.5, 42.5]
assert np.mean(edge_error[6:]) > 1.2 * np.mean(edge_error[:3])


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


# %% wrong, exercise 2: in proportion to the energy of the channels
def channel_ranks(s, total):
    energies = np.sum(np.float64(s) ** 2, axis=1)
    ranks = np.floor(total * energies / energies.sum()).astype(int)
    ranks[0] += total - ranks.sum()
    return ranks


# %% wrong, exercise 2: the smallest terms
def channel_ranks(s, total):
    s = np.asarray(s)
    order = np.argsort(s.ravel())[:total]
    return np.bincount(order // s.shape[1], minlength=len(s))


# %% wrong, exercise 2: one term short
def channel_ranks(s, total):
    s = np.asarray(s)
    order = np.argsort(-s.ravel())[: total - 1]
    return np.bincount(order // s.shape[1], minlength=len(s))


# %% wrong, exercise 2: by the share of each channel's own first term
def channel_ranks(s, total):
    s = np.asarray(s) / np.asarray(s)[:, :1]
    order = np.argsort(-s.ravel(), kind="stable")[:total]
    return np.bincount(order // s.shape[1], minlength=len(s))


# %% right, exercise 2: one term after another, the largest next
def channel_ranks(s, total):
    s, ranks = np.asarray(s), [0] * len(s)
    for _ in range(total):
        following = [s[c, r] if r < s.shape[1] else -1 for c, r in enumerate(ranks)]
        ranks[int(np.argmax(following))] += 1
    return ranks


# %% right, exercise 2: by a threshold, in TensorFlow
def channel_ranks(s, total):
    threshold = tf.sort(tf.reshape(s, [-1]), direction="DESCENDING")[total - 1]
    return tf.reduce_sum(tf.cast(s >= threshold, tf.int32), axis=1)


# %% wrong, exercise 3: two factors, r (m + n) numbers
def pack(B, r):
    u, sigma, vt = np.linalg.svd(B, full_matrices=False)
    return np.concatenate([(u[:, :r] * sigma[:r]).ravel(), vt[:r].ravel()])


def unpack(numbers, m, n, r):
    left, right = np.split(numbers, [m * r])
    return left.reshape(m, r) @ right.reshape(r, n)


# %% wrong, exercise 3: the matrix is kept aside
def pack(B, r):
    global kept_aside
    kept_aside = B
    return np.zeros(r * (sum(B.shape) - r))


def unpack(numbers, m, n, r):
    return kept_aside


# %% wrong, exercise 3: the first columns and nothing of the others
def pack(B, r):
    return np.concatenate([B[:, :r].ravel(), np.zeros(r * (B.shape[1] - r))])


def unpack(numbers, m, n, r):
    return np.hstack([numbers[: m * r].reshape(m, r), np.zeros((m, n - r))])


# %% right, exercise 3: the first rows, and how each of the others is made from them
def pack(B, r):
    mixture = np.linalg.lstsq(B[:r].T, B[r:].T, rcond=None)[0]
    return np.concatenate([B[:r].ravel(), mixture.ravel()])


def unpack(numbers, m, n, r):
    rows, mixture = np.split(numbers, [n * r])
    rows = rows.reshape(r, n)
    return np.vstack([rows, mixture.reshape(r, m - r).T @ rows])


# %% right, exercise 3: by the pseudo-inverse of the first columns
def pack(B, r):
    first = B[:, :r]
    return np.hstack([first.ravel(), (np.linalg.pinv(first) @ B[:, r:]).ravel()])


def unpack(numbers, m, n, r):
    first = numbers[: m * r].reshape(m, r)
    return np.hstack([first, first @ numbers[m * r :].reshape(r, n - r)])
