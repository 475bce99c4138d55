"""What the chapter on banks of autoregressive kernels must keep true."""

# equivalent, fit: new <= limit → new < limit: none is just the limit
# equivalent, data: 1: → 2:: there is one channel
# equivalent, fit: -1 → 1: a Gram matrix is square
# equivalent, span: rtol=1e-06 → rtol=2e-06: either side of the limit is rounding
# equivalent, figure-collapse: filters.detach() * mask → filters.detach() + mask: the mask cancels

# %% standardised patches have mean zero and variance one, and flat ones are zero
draw = torch.Generator().manual_seed(3)
for shape in ((5, 1, 16, 16), (2, 1, 4, 7)):
    noisy = 7 + 3 * torch.randn(shape, generator=draw, dtype=torch.float64)
    assert abs(standardise(noisy).mean((1, 2, 3))).max() < 1e-12
    np.testing.assert_allclose(standardise(noisy).var((1, 2, 3), correction=0), 1, rtol=1e-9)
    assert standardise(noisy)[0, 0, 0].argmax() == noisy[0, 0, 0].argmax()
assert not standardise(torch.full((1, 1, 3, 3), 0.5)).any()

# %% a split takes each half's patches row by row, and labels pictures of unlike sizes right
draw = np.random.default_rng(0)
unlike = {"a": draw.random((48, 70)), "b": draw.random((20, 36)), "c": draw.random((33, 64))}
for axis in (0, 1):
    for swap in (False, True):
        cut = texture_split(unlike, axis, swap, side=8)
        expected = [[], []], [[], []]
        for label, picture in enumerate(unlike.values()):
            half = -(-picture.shape[axis] // 2)
            parts = (
                [picture[:half], picture[half:]]
                if axis == 0
                else [picture[:, :half], picture[:, half:]]
            )
            for part, (found, labels) in zip(parts, expected, strict=True):
                for y in range(0, part.shape[0] - 7, 8):
                    for x in range(0, part.shape[1] - 7, 8):
                        tile = part[y : y + 8, x : x + 8]
                        found.append((tile - tile.mean()) / tile.std())
                        labels.append(label)
        one, other = expected[::-1] if swap else expected
        np.testing.assert_allclose(cut.images[:, 0], one[0], atol=1e-9)
        np.testing.assert_array_equal(cut.labels, one[1])
        np.testing.assert_allclose(cut.test_images[:, 0], other[0], atol=1e-9)
        np.testing.assert_array_equal(cut.test_labels, other[1])

# %% nearly flat patches are left out, by the standard deviation of the picture's own values
steps = np.concatenate([np.full((16, 16), 0.2), np.tile([0.0, 0.02], (16, 8))], axis=0)
steps = np.concatenate([steps, np.tile([0.0, 0.03], (16, 8))], axis=0)
for least, kept in ((0, 3), (0.005, 2), (0.0101, 1), (3 / 255, 1), (0.015, 1), (0.0151, 0)):
    made = texture_split({"s": np.hstack([steps, steps])}, least=least)
    assert len(made.images) == len(made.test_images) == kept, least
assert len(texture_split(pictures, least=0).labels) == 3 * 512
for split_ in splits.values():
    assert (levels(split_.images)[0][0]) > 2
    assert split_.images.shape[1:] == (1, 16, 16)
assert left.labels.bincount().tolist() == [364, 512, 512]
for half, axis, swap in (("left", 1, 0), ("right", 1, 1), ("upper", 0, 0), ("lower", 0, 1)):
    same = texture_split(pictures, axis, swap)
    np.testing.assert_array_equal(splits[half].images, same.images)
    np.testing.assert_array_equal(splits[half].test_labels, same.test_labels)
assert list(splits) == ["left", "right", "upper", "lower"]
assert len(four_splits(least=0)["upper"].labels) == 3 * 512

# %% the first figure shows eight test patches of each texture
assert [len(patches) for patches in some] == [8, 8, 8]
for label, patches in enumerate(some):
    chosen = left.test_images[left.test_labels == label][5::45][:8, 0]
    np.testing.assert_array_equal(patches, chosen)
assert [n for n in first if n] == textures
assert [i for i, n in enumerate(first) if n] == [0, 8, 16]
assert list(pictures) == textures

# %% Gram matrices and energies are sums over all windows, for several sizes and precisions
draw = np.random.default_rng(1)
for size, shape, dtype in (
    (1, (4, 6), "f8"),
    (3, (7, 5), "f8"),
    (5, (6, 9), "f8"),
    (3, (3, 3), "f4"),
):
    batch = draw.standard_normal((2, 1, *shape)).astype(dtype)
    view = np.lib.stride_tricks.sliding_window_view(batch[:, 0], (size, size), axis=(1, 2))
    z = view.reshape(2, -1, size**2)
    expected = np.einsum("bpi,bpj->bij", z, z) / z.shape[1]
    found = gram_matrix(torch.tensor(batch), size)
    assert found.dtype == torch.tensor(batch).dtype
    np.testing.assert_allclose(found, expected, atol=1e-5 if dtype == "f4" else 1e-13)
    assert torch.equal(found, found.mT), "symmetric to the last bit"
    made = random_bank(4, 2, size).to(found) if size > 1 else torch.zeros(4, 1, 1, 1).to(found)
    w = -made.flatten(1).numpy()
    w[:, size**2 // 2] += 1
    r = np.einsum("bpi,fi->bfp", z, w)
    tolerance = 1e-4 if dtype == "f4" else 1e-12
    np.testing.assert_allclose(residual_energy(found, made), (r**2).mean(2), atol=tolerance)
    np.testing.assert_allclose(residuals(torch.tensor(batch), made).flatten(2), r, atol=tolerance)

# %% what is no batch of grey images, or no odd size, is refused by name
import pytest

for bad, size in ((torch.zeros(9, 9), 3), (torch.zeros(1, 9, 9), 3), (torch.zeros(2, 3, 9, 9), 3)):
    with pytest.raises(ValueError, match=r"they must be \(B, 1, H, W\) and odd"):
        gram_matrix(bad, size)
with pytest.raises(ValueError, match="size=4"):
    gram_matrix(torch.zeros(1, 1, 9, 9), 4)
with pytest.raises(RuntimeError):
    gram_matrix(torch.zeros(1, 1, 4, 4), 5)

# %% the mask is zero at its centre alone
for size in (1, 3, 5):
    expected = np.ones((size, size))
    expected[size // 2, size // 2] = 0
    np.testing.assert_array_equal(centre_mask(size), expected)

# %% the fitted kernel is that of lstsq, for several images at once, sizes and precisions
for size, dtype, tolerance in (
    (3, torch.float64, 1e-9),
    (5, torch.float64, 1e-8),
    (3, torch.float32, 2e-2),
):
    several = torch.cat([left.images[:3], left.images[-3:]])
    if size == 5:
        several = standardise(
            torch.tensor(np.stack([p[:60, :50] for p in pictures.values()])[:, None])
        )
    kernels_ = fit_ar_kernel(several.to(dtype), size)
    assert kernels_.shape == (len(several), 1, size, size)
    assert kernels_.dtype == dtype
    assert not kernels_[:, 0, size // 2, size // 2].any()
    for image, kernel in zip(several, kernels_, strict=True):
        z = np.lib.stride_tricks.sliding_window_view(image[0].double().numpy(), (size, size))
        z, c = z.reshape(-1, size**2), size**2 // 2
        expected = np.linalg.lstsq(np.delete(z, c, 1), z[:, c], rcond=None)[0]
        np.testing.assert_allclose(np.delete(kernel.flatten(), c), expected, atol=tolerance)

# %% its energy is one over the centre of the inverse Gram matrix
matrices = gram_matrix(left.images[::100].double())
least_energy = residual_energy(matrices, kernel_from_gram(matrices)).diagonal()
np.testing.assert_allclose(least_energy * torch.linalg.inv(matrices)[:, 4, 4], 1, rtol=1e-8)

# %% flat images and those with too few windows are refused, noise is not
import pytest

for bad in (
    torch.zeros(1, 1, 9, 9),
    torch.full((1, 1, 9, 9), 0.3),
    torch.full((1, 1, 9, 9), 0.3).double(),
    torch.arange(81.0).view(1, 1, 9, 9).double(),
    torch.rand(1, 1, 4, 5, generator=torch.Generator().manual_seed(0)).double(),
    torch.cat([left.images[:1], torch.zeros(1, 1, 16, 16)]),
):
    with pytest.raises(ValueError, match="too flat or too small to determine a kernel"):
        fit_ar_kernel(bad)
for scale in (1e-6, 1, 1e6):  # it is the shape of the Gram matrix that counts
    np.testing.assert_allclose(
        fit_ar_kernel(scale * left.images[:2].double()),
        fit_ar_kernel(left.images[:2].double()),
        atol=1e-8,
    )
fit_ar_kernel(torch.randn(1, 1, 5, 6, generator=torch.Generator().manual_seed(0)).double())

# %% padding keeps the size of an image, and the inside of its residuals
padded = residuals(left.images[:2], random_bank(3, 0), padding=1)
assert padded.shape == (2, 3, 16, 16)
np.testing.assert_allclose(padded[..., 1:-1, 1:-1], residuals(left.images[:2], random_bank(3, 0)))

# %% grass is its prediction and its residual
np.testing.assert_allclose(panels["prediction"] + panels["residual"], panels["grass"], atol=1e-6)
np.testing.assert_array_equal(panels["grass"], grass[..., 1:-1, 1:-1])
np.testing.assert_array_equal(panels["residual"], residuals(grass, fit_ar_kernel(grass)))
np.testing.assert_array_equal(
    grass, standardise(torch.tensor(pictures["grass"][None, None, :128, :128]))
)
assert rest.square().mean() < 0.25

# %% random kernels have length one on average, a zero centre and their own seed
bank_ = random_bank(4000, 1)
assert bank_.shape == (4000, 1, 3, 3)
np.testing.assert_allclose(
    bank_.square().sum((1, 2, 3)).mean(), 1, atol=6 * math.sqrt(2 / 8 / 4000)
)
assert not bank_[:, 0, 1, 1].any()
np.testing.assert_array_equal(bank_, random_bank(4000, 1))
assert abs(bank_ - random_bank(4000, 2)).max() > 0.1
assert random_bank(2, 0, 5).shape == (2, 1, 5, 5)
assert not random_bank(2, 0, 5)[..., 2, 2].any()
np.testing.assert_allclose(random_bank(4000, 1, 5).square().sum((1, 2, 3)).mean(), 1, atol=0.03)

# %% the two ways that are timed measure the same energies, and take all patches
np.testing.assert_allclose(
    ways["convolution"](left.images), ways["Gram matrix"](left.images), rtol=2e-3
)
assert many.shape[0] == 64
pieces = on_all(lambda x: len(x))()
assert pieces == [128] * 10 + [108]

# %% the spread is the deviation from the mean kernel, and Adam's first step is its rate
assert spreads.shape == (601, 5)
for seed in range(5):
    start = random_bank(20, seed).double()
    free = np.delete(start.flatten(1).numpy(), 4, 1)
    nine = np.c_[free - free.mean(0), np.zeros(20)]
    np.testing.assert_allclose(spreads[0, seed], np.sqrt((nine**2).mean()), rtol=1e-12)
    np.testing.assert_array_equal(starts[seed], start)
G = mean_gram[0].numpy()
np.testing.assert_allclose(G, gram_matrix(left.images.double()).mean(0))
w = -starts[0].flatten(1).numpy()
w[:, 4] = 1
gradient = -2 * w @ G / 20
stepped = np.delete(starts[0].flatten(1).numpy() - 0.01 * np.sign(gradient), 4, 1)
nine = np.c_[stepped - stepped.mean(0), np.zeros(20)]
np.testing.assert_allclose(spreads[1, 0], np.sqrt((nine**2).mean()), rtol=1e-5)
assert (spreads[-1] < 0.5 * spreads[0]).all(), "the kernels draw together"
np.testing.assert_allclose(trained_spread(starts[2], 30), spreads[:31, 2], rtol=1e-9)

# %% a learned bank holds each class's mean kernel, and steps of one deviation along its axes
import pytest
from sklearn.decomposition import PCA

for share in (1, 2, 4, 17):
    bank_ = pca_bank(left, 3 * share)
    assert bank_.shape == (3 * share, 1, 3, 3)
    for label, group in enumerate(bank_.flatten(1).split(share)):
        own = fit_ar_kernel(left.images[left.labels == label].double()).flatten(1).numpy()
        np.testing.assert_allclose(group[0], own.mean(0), atol=1e-9)
        model = PCA().fit(own)
        for k in range(1, share):
            j = (k - 1) // 2
            deviation = math.sqrt(max(model.explained_variance_[j], 0) * (len(own) - 1) / len(own))
            step = (group[k] - group[0]).numpy()
            np.testing.assert_allclose(np.linalg.norm(step), deviation, atol=1e-8)
            if deviation > 1e-6:
                np.testing.assert_allclose(abs(step @ model.components_[j]), deviation, rtol=1e-6)
            if k % 2 == 0:
                np.testing.assert_allclose(step, -(group[k - 1] - group[0]), atol=1e-9)
for n in (0, 2, 4, 52, 54):
    with pytest.raises(ValueError, match=f"n is {n}; it must be 1 to 17 times 3"):
        pca_bank(left, n)

# %% Gabor filters are scikit-image's, without their centre and scaled; all differ
from skimage.filters import gabor_kernel

for n in (3, 6, 12, 48):
    bank_ = gabor_bank(n)
    assert bank_.shape == (n, 1, 3, 3)
    np.testing.assert_allclose(bank_.abs().sum((1, 2, 3)), 1, rtol=1e-5)
    np.testing.assert_allclose(bank_, bank_.flip(2, 3), atol=1e-6)
    expected = []
    for frequency in np.linspace(0.1, 0.5, n // 3):
        for theta in np.arange(3) * np.pi / 3:
            g = gabor_kernel(frequency, theta, sigma_x=1, sigma_y=1).real
            y, x = (side // 2 for side in g.shape)
            g = g[y - 1 : y + 2, x - 1 : x + 2].copy()
            g[1, 1] = 0
            expected.append(g / abs(g).sum())
    np.testing.assert_allclose(bank_[:, 0], expected, atol=1e-5)
assert len({tuple(k.flatten().tolist()) for k in gabor_bank(12)}) == 12
assert gabor_bank(3, 5).shape == (3, 1, 5, 5)
assert not gabor_bank(3, 5)[..., 2, 2].any()

# %% the figure of the banks draws twelve of each, every one at its own scale
assert [len(bank_) for bank_ in rows.values()] == [12, 12, 12]
assert [n for n in names if n] == list(rows)
assert [i for i, n in enumerate(names) if n] == [0, 12, 24]
for kernel, drawn in zip(torch.cat([b.double() for b in rows.values()]), kernels, strict=True):
    np.testing.assert_allclose(drawn.abs().max(), 1, rtol=1e-6)
    np.testing.assert_allclose(drawn * kernel.abs().max(), kernel[0], rtol=1e-6)
np.testing.assert_array_equal(rows["learned"], pca_bank(left, 12))
np.testing.assert_array_equal(rows["random"], random_bank(12, 0))

# %% what is read is predicted by the penalty that cross-validation likes best
describe_ = energies_of(random_bank(5, 9))
train_, test_ = (
    StandardScaler().fit(describe_(left.images)).transform(describe_(x))
    for x in (left.images, left.test_images)
)
from sklearn.model_selection import cross_val_score

by_c = {}
for C in (1, 30, 1000):
    model_ = LogisticRegression(C=C, solver="newton-cholesky")
    piped = make_pipeline(StandardScaler(), model_)
    by_c[C] = cross_val_score(piped, describe_(left.images), left.labels, cv=2).mean()
best = LogisticRegression(C=max(by_c, key=by_c.get), solver="newton-cholesky").fit(
    train_, left.labels
)
found = read_right(describe_, left)
assert found.shape == left.test_labels.shape
assert found.dtype == bool
assert np.mean(found == (best.predict(test_) == left.test_labels.numpy())) > 0.998

# %% a description that tells all is read all right, one that tells nothing as often as chance
told = read_right(
    lambda x: x[:, 0, :2, 0],
    Split(*(left.images * 0 + left.labels[:, None, None, None], left.labels) * 2),
)
assert told.all()
blind = read_right(lambda x: torch.zeros(len(x), 2), left)
assert blind.mean() == max(left.test_labels.bincount()).item() / len(left.test_labels)

# %% energies are those of the images in double precision
found = energies_of(random_bank(3, 0))(left.images[:4])
assert found.dtype == torch.float64
expected = residuals(left.images[:4].double(), random_bank(3, 0).double()).square().mean((2, 3))
np.testing.assert_allclose(found, expected, rtol=1e-11)

# %% the accuracies of the figure: shapes, columns, and some of them once more
assert list(by_size) == [3, 6, 12, 24, 48]
for kinds_ in by_size.values():
    assert {k: a.shape for k, a in kinds_.items()} == {
        "learned": (4, 1),
        "Gabor": (4, 1),
        "random": (4, 4),
    }
for row, (half, split_) in enumerate(splits.items()):
    assert by_size[12]["learned"][row, 0] == right[half]["12 energies"].mean()
    for name, bank_ in (("Gabor", gabor_bank(6)), ("random", random_bank(6, 0))):
        again = read_right(energies_of(bank_), split_).mean()
        np.testing.assert_allclose(by_size[6][name][row, 0], again, atol=2e-3)
again = read_right(energies_of(random_bank(6, 3)), splits["lower"]).mean()
np.testing.assert_allclose(by_size[6]["random"][3, 3], again, atol=2e-3)
for n in (3, 12):
    assert by_size[n]["learned"].mean() > by_size[n]["random"].mean()
assert by_size[48]["learned"].mean() - by_size[48]["random"].mean() < 0.03

# %% 45 different numbers of a Gram matrix, and how far they are read
found = upper(left.images[:3])
assert found.shape == (3, 45)
gram_ = gram_matrix(left.images[:3].double())
np.testing.assert_allclose(found, [[g[i, j] for i in range(9) for j in range(i, 9)] for g in gram_])
np.testing.assert_allclose(
    whole, np.mean([read_right(upper, s).mean() for s in splits.values()]), atol=2e-3
)
np.testing.assert_allclose(runs.mean(1), [by_size[n]["random"].mean() for n in by_size])

# %% the lead of the learned bank, in standard errors, once more
p = by_size[12]["learned"].mean()
others_ = np.array([by_size[12]["random"][:, k].mean() for k in range(4)])
tested_ = sum(len(s.test_labels) for s in splits.values())
expected = (p - others_.mean()) / np.sqrt(np.var(others_, ddof=1) / 4 + 2 * 0.25 / tested_)
np.testing.assert_allclose((learned.mean() - chance.mean()) / error, expected, rtol=1e-12)

# %% local binary patterns by counting, whatever the contrast
for image, histogram in zip(left.images[:5], lbp(left.images[:5]), strict=True):
    grey_ = np.clip(128 + 40 * image[0].numpy(), 0, 255).astype(np.uint8)
    codes_ = local_binary_pattern(grey_, P=8, R=1, method="uniform").astype(int)
    np.testing.assert_allclose(histogram, np.bincount(codes_.ravel(), minlength=10) / 256)
assert lbp(left.images[:2, :, :7, :9]).shape == (2, 10)

# %% own kernels and joined descriptions hold what they say
own_ = own_kernel(left.images[:3])
np.testing.assert_array_equal(own_, fit_ar_kernel(left.images[:3].double()).flatten(1))
kinds_ = describers(left)
assert list(kinds_) == [
    "number of levels",
    "own kernel",
    "12 energies",
    "LBP",
    "LBP and own kernel",
    "LBP and 12 energies",
]
three = {name: kinds_[name](left.images[:3]) for name in kinds_}
np.testing.assert_array_equal(three["own kernel"], own_)
np.testing.assert_array_equal(three["LBP"], lbp(left.images[:3]))
np.testing.assert_array_equal(
    three["12 energies"], energies_of(pca_bank(left, 12))(left.images[:3])
)
np.testing.assert_array_equal(three["LBP and own kernel"], torch.hstack([three["LBP"], own_]))
np.testing.assert_array_equal(
    three["LBP and 12 energies"], torch.hstack([three["LBP"], three["12 energies"]])
)

# %% the table is sorted by its last column, and holds means in per cent
import contextlib
import io


def printed(found):
    with contextlib.redirect_stdout(io.StringIO()) as text:
        accuracy_table(found)
    return [line.rsplit(maxsplit=len(found) + 1) for line in text.getvalue().splitlines()]


head, *body = printed(right)
assert head[1:] == [*right, "mean"]
assert len(body) == 6
for name, *numbers in body:
    expected = [right[half][name.strip()].mean() for half in right]
    expected.append(np.mean(expected))
    np.testing.assert_allclose([float(n[:-1]) / 100 for n in numbers], expected, atol=0.00051)
means = [float(row[-1][:-1]) for row in body]
assert means == sorted(means)
for half, split_ in splits.items():
    np.testing.assert_allclose(right[half]["LBP"].mean(), read_right(lbp, split_).mean(), atol=2e-3)

# %% a lead is counted over a pair of halves, and the less of two is taken
draw = np.random.default_rng(2)
made = {half: {k: draw.random(300) < p for k, p in (("a", 0.9), ("b", 0.6))} for half in right}
expected = []
for one, two in (("left", "right"), ("upper", "lower")):
    d = np.r_[made[one]["a"], made[two]["a"]].astype(float) - np.r_[made[one]["b"], made[two]["b"]]
    expected.append(d.mean() / (d.std() / np.sqrt(600)))
assert expected[0] != expected[1]
np.testing.assert_allclose(least_lead(made, "a", "b"), min(expected))
assert least_lead(made, "b", "a") < 0

# %% levels are different values, and count what flat patches leak
assert levels(torch.tensor([[[[0.0, 0.5], [0.5, 1.0]]], [[[0.0, 0.0], [0.0, 0.0]]]])) == [[3], [1]]
flat_too = four_splits(least=0)
for half in flat_too:
    assert {name: len(r) for name, r in leaked[half].items()} == dict.fromkeys(right[half], 1536)
found = read_right(lbp, flat_too["right"]).mean()
np.testing.assert_allclose(leaked["right"]["LBP"].mean(), found, atol=2e-3)
found = read_right(energies_of(pca_bank(flat_too["upper"], 12)), flat_too["upper"]).mean()
np.testing.assert_allclose(leaked["upper"]["12 energies"].mean(), found, atol=2e-3)
assert np.mean([r["number of levels"].mean() for r in leaked.values()]) > 0.5

# %% the reader's own pictures: as many lines as pictures, from a bank of their own
assert list(mine) == [*mine]
assert len(mine_right) == len(my_split.test_labels)
assert mine_right.mean() > 0.8
assert sorted(my_split.labels.unique().tolist()) == [0, 1, 2]

# %% residual features once more, from loops, for oblong images and blocks
import pytest

draw = np.random.default_rng(4)
for height, width, grid in ((16, 16, 2), (14, 20, 3), (5, 6, 0), (5, 5, 1)):
    batch = draw.standard_normal((2, 1, height, width))
    bank_ = random_bank(4, 7).double()
    found = residual_features(torch.tensor(batch), bank_, grid)
    assert found.shape == (2, 4 * (3 + grid**2))
    for b in range(2):
        columns = [[], [], [], []]
        for k in bank_[:, 0].numpy():
            r = batch[b, 0, 1:-1, 1:-1].copy()
            for i, j in np.ndindex(3, 3):
                r -= k[i, j] * batch[b, 0, i : i + r.shape[0], j : j + r.shape[1]]
            h, w = (side // max(grid, 1) for side in r.shape)
            for column, value in zip(
                columns, (abs(r).mean(), (r**2).mean(), r.var()), strict=False
            ):
                column.append(value)
            columns[3] += [
                (r[y * h : y * h + h, x * w : x * w + w] ** 2).mean()
                for y, x in np.ndindex(grid, grid)
            ]
        np.testing.assert_allclose(found[b], np.concatenate(columns), rtol=1e-10)
with pytest.raises(ValueError, match=r"residuals of \(2, 2\) are too small for grid=3"):
    residual_features(torch.zeros(1, 1, 4, 4), random_bank(2, 0), 3)

# %% the model takes any size of batch, image, kernel and grid; the centre has no say
for size, grid in ((3, 0), (5, 2), (7, 3)):
    model_ = ARClassifier(10, 12, size, grid).eval()
    assert model_.head[1].in_features == 12 * (3 + grid**2)
    for batch, height, width in ((1, 16, 16), (3, 24, 40)):
        assert model_(torch.rand(batch, 1, height, width)).shape == (batch, 10)
    assert set(model_.state_dict()) >= {"filters", "mask"}
    assert "mask" not in dict(model_.named_parameters())
    slope = torch.autograd.grad(model_(left.images[:8]).square().sum(), model_.filters)[0]
    assert not slope[:, 0, size // 2, size // 2].any()
    assert slope.abs().max() > 0
features_ = residual_features(left.images[:4], model_.filters * model_.mask, 3)
np.testing.assert_allclose(
    model_(left.images[:4]).detach(), model_.head(torch.log(features_ + 1e-6)).detach(), atol=1e-5
)
deviation = torch.cat(
    [ARClassifier(3, 64, size).filters.flatten() * size for size in (3, 5, 7)]
).std()
assert abs(deviation - 1) < 0.1

# %% training is repeatable, lowers the loss, and leaves the global generator alone
before_ = torch.get_rng_state()
few = Split(*(part[::20] for part in left))
one, two = (trained(lambda: ARClassifier(3, 4), few, epochs=3) for _ in range(2))
assert torch.equal(before_, torch.get_rng_state())
assert torch.equal(one.filters, two.filters)
assert not torch.equal(
    one.filters, trained(lambda: ARClassifier(3, 4), few, seed=1, epochs=3).filters
)
assert not one.training
untrained = trained(lambda: ARClassifier(3, 4), few, rate=1e-9, epochs=3)


def loss_of(model):
    model.train()
    with torch.no_grad():
        return F.cross_entropy(model(few.images), few.labels).item()


assert loss_of(one) < 0.9 * loss_of(untrained)
counted = []


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(3))

    def forward(self, images):
        counted.append(len(images))
        return self.w.expand(len(images), 3)


trained(Counter, left, epochs=2)
assert counted == [*[64] * 21, 44] * 2

# %% a model reads what its largest output says
fixed = nn.Sequential(nn.Flatten(), nn.Linear(256, 3))
expected = [
    fixed(x[None])[0].detach().numpy().argmax() == y
    for x, y in zip(left.test_images, left.test_labels, strict=True)
]
np.testing.assert_array_equal(model_right(fixed, left), expected)
assert len(ends) == 4
assert min(ends) > 0.85, "far from chance"

# %% the question's feature is a comb of columns, a block is a block
expected = np.zeros((100, 100))
expected[:, 3::10] = 1
np.testing.assert_array_equal(seen["the question's feature 3"], expected)
expected = np.zeros((100, 100))
expected[30:40, 30:40] = 1
np.testing.assert_array_equal(seen["block 3, 3 of 10 × 10"], expected)
r_ = torch.rand(2, 3, 6, 8)
np.testing.assert_allclose(
    comb(r_, 4), np.stack([r_[..., k::4].mean((2, 3)) for k in range(4)], axis=2), rtol=1e-5
)

# %% digits: the halves share no image, and blocks help where shape counts
assert len(halves[0]) + len(halves[2]) == 1797
np.testing.assert_array_equal(
    np.r_[halves[1], halves[3]], np.r_[data.target[::2], data.target[1::2]]
)
np.testing.assert_allclose(
    halves[2][3, 0], (data.images[7] - data.images[7].mean()) / data.images[7].std(), atol=1e-5
)
assert [d(halves[0][:2]).shape[1] for d in by_grid] == [24, 56, 96]
small = Split(*halves)
assert read_right(by_grid[1], small).mean() > read_right(by_grid[0], small).mean()

# %% the question's network has its numbers, and reads far better than chance
question = QuestionModel()
assert sum(p.numel() for p in question.parameters()) == 362563
r_ = residuals(left.images[:5], question.filters * question.mask, padding=1)
expected = torch.hstack(
    [r_.abs().mean((2, 3)), (r_**2).mean((2, 3)), r_.var((2, 3)), comb(r_, 4).flatten(1)]
)
np.testing.assert_allclose(
    question(left.images[:5]).detach(), question.classifier(expected).detach(), atol=1e-4
)
assert small_cnn()(left.images[:5]).shape == (5, 3)
assert score > 0.9, "the CNN"

# %% energies are linear in the Gram matrix, and 48 learned kernels hold all 45 numbers
assert torch.linalg.matrix_rank(energy_rows(pca_bank(left, 48)), rtol=1e-13) == 45
for size in (3, 5):
    bank_ = random_bank(7, 3, size)
    Q = energy_rows(bank_)
    assert Q.shape == (7, size**2 * (size**2 + 1) // 2)
    gram_ = gram_matrix(left.images[:6].double(), size)
    i, j = np.triu_indices(size**2)
    np.testing.assert_allclose(
        gram_.numpy()[:, i, j] @ Q.numpy().T, residual_energy(gram_, bank_.double()), rtol=1e-10
    )


# %% wrong, exercise 1: a tenth of the ridge
def fit_ridge_kernel(images, size=5, ridge=1e-3):
    return kernel_from_gram(gram_matrix(images, size) + 0.1 * ridge * torch.eye(size**2))


# %% wrong, exercise 1: a third of the ridge
def fit_ridge_kernel(images, size=5, ridge=1e-3):
    return kernel_from_gram(gram_matrix(images, size) + 0.3 * ridge * torch.eye(size**2))


# %% wrong, exercise 1: twice the ridge
def fit_ridge_kernel(images, size=5, ridge=1e-3):
    return kernel_from_gram(gram_matrix(images, size) + 2 * ridge * torch.eye(size**2))


# %% wrong, exercise 1: five times the ridge
def fit_ridge_kernel(images, size=5, ridge=1e-3):
    return kernel_from_gram(gram_matrix(images, size) + 5 * ridge * torch.eye(size**2))


# %% wrong, exercise 1: the kernel is shrunk, and not the fit
def fit_ridge_kernel(images, size=5, ridge=1e-3):
    return fit_ar_kernel(images, size) / (1 + ridge)


# %% wrong, exercise 1: the ridge for the whole image, not for the mean square
def fit_ridge_kernel(images, size=5, ridge=1e-3):
    return kernel_from_gram(gram_matrix(images, size) + ridge / 144 * torch.eye(size**2))


# %% right, exercise 1: by least squares with rows for the penalty
def fit_ridge_kernel(images, size=5, ridge=1e-3):
    kernels = []
    for image in images[:, 0].numpy():
        z = np.lib.stride_tricks.sliding_window_view(image, (size, size)).reshape(-1, size**2)
        c = size**2 // 2
        rows = np.vstack([np.delete(z, c, 1), np.sqrt(ridge * len(z)) * np.eye(size**2 - 1)])
        target = np.r_[z[:, c], np.zeros(size**2 - 1)]
        k = np.linalg.lstsq(rows, target, rcond=None)[0]
        kernels.append(np.insert(k, c, 0).reshape(1, size, size))
    return torch.tensor(np.array(kernels))


# %% wrong, exercise 2: upside down
def peakedness(images, bank):
    mae, mse, _ = residual_features(images, bank).chunk(3, dim=1)
    return mse.sqrt() / mae


# %% wrong, exercise 2: over the mean square
def peakedness(images, bank):
    mae, mse, _ = residual_features(images, bank).chunk(3, dim=1)
    return mae / mse


# %% wrong, exercise 2: one number for an image
def peakedness(images, bank):
    mae, mse, _ = residual_features(images, bank).chunk(3, dim=1)
    return (mae / mse.sqrt()).mean(1)


# %% right, exercise 2: from the residuals
def peakedness(images, bank):
    r = residuals(images, bank).flatten(2)
    return r.abs().mean(2) / (r**2).mean(2) ** 0.5


# %% wrong, exercise 3: turned the other way
def turned_gram(gram):
    size = math.isqrt(gram.shape[-1])
    order = torch.arange(size**2).view(size, size).rot90(-1, dims=(0, 1)).flatten()
    return gram[:, order][:, :, order]


# %% wrong, exercise 3: half a turn
def turned_gram(gram):
    return gram.flip(1, 2)


# %% wrong, exercise 3: only the rows
def turned_gram(gram):
    size = math.isqrt(gram.shape[-1])
    return gram[:, torch.arange(size**2).view(size, size).rot90(1).flatten()]


# %% right, exercise 3: as four axes
def turned_gram(gram):
    size = math.isqrt(gram.shape[-1])
    g = gram.view(-1, size, size, size, size)
    return g.rot90(1, dims=(1, 2)).rot90(1, dims=(3, 4)).reshape(gram.shape)
