"""What the chapter on banks of autoregressive kernels must keep true."""

# elsewhere, textures: ["brick", "grass", "gravel"] → ["camera", "coffee", "rocket"]: other first three
# elsewhere, textures: "coins", "page" → "camera", "retina": others of the last three
# elsewhere, data: side=16 → side=24: larger patches
# elsewhere, data: [1].ravel() < columns / 2 → [0].ravel() < rows / 2: upper and lower halves
# elsewhere, data: least=3 / 255 → least=6 / 255: fewer patches that are nearly flat
# elsewhere, reader: C=100 → C=1000: a weaker penalty

# %% concludes: With the mean, the kernels draw together from every start
assert max(kept["mean"]) < 0.5

# %% concludes: With the minimum they stay apart.
assert min(kept["min"]) > 0.5

# %% concludes: On average over the 20 sets, no bank gets a point ahead of the 13 lags.
assert max(shares[bank_].mean() for bank_ in BANKS) < shares[LAGS].mean() + 0.01

# %% concludes: A learned bank is better than a random one or Gabor filters
for learned_ in ("12 by PCA", "12 by Lloyd"):
    for other_ in ("12 random kernels", "12 Gabor filters"):
        assert shares[learned_].mean() > shares[other_].mean()

# %% concludes: The two ways of learning are about equally good
assert abs(shares["12 by PCA"].mean() - shares["12 by Lloyd"].mean()) < 0.02

# %% concludes: The whole Gram matrix is on average within two points of its 13 averages.
assert abs(shares["Gram matrix"].mean() - shares[LAGS].mean()) < 0.02

# %% concludes: An own kernel gains from its residual energy and does not catch up with the lags, on average over the sets.
assert shares[OWN].mean() < shares[ENERGY].mean() < shares[LAGS].mean()

# %% concludes: Which of the two is ahead depends on the photographs.
ahead_ = shares["LBP"] > shares[LAGS]
assert ahead_.any()
assert not ahead_.all()

# %% concludes: On average over the sets, both together are ahead of either.
assert shares["LBP and 13 lags"].mean() > max(shares["LBP"].mean(), shares[LAGS].mean())

# %% concludes: On these three textures, one model does not get ahead of the 13 lags
for found_ in ends.values():
    gain_ = 1.0 * found_ - race[LAGS][0]
    assert gain_.mean() < 3 * gain_.std() / math.sqrt(len(gain_))

# %% concludes: The histograms of LBP differ.
again_ = lbp(twin(photos.double(), seed=1)) - lbp(pairs[1])
assert (lbp_apart > again_.abs().sum(1) / 2).all(), "more than two twins do"

# %% concludes: Here dithering costs LBP more than the lags.
costs_ = np.subtract(traces["bytes"], traces["dithered"])
assert costs_[1] > costs_[2]

# %% concludes: the question's model does not reach what a linear classifier makes of the 13 lags
of_lags_ = race[LAGS][0][: len(race[LAGS][0]) - left.sum()].mean()  # trained on the left halves
assert max(scores[False]) < of_lags_
assert max(scores[True]) < of_lags_

# %% concludes: The logarithms help on average over the three starts.
assert np.mean(scores[True]) > np.mean(scores[False])

# %% standardised patches have mean zero and variance one, and flat ones are zero
draw = torch.Generator().manual_seed(3)
for shape in ((5, 1, 16, 16), (2, 1, 4, 7)):
    noisy = 7 + 3 * torch.randn(shape, generator=draw, dtype=torch.float64)
    assert abs(standardise(noisy).mean((1, 2, 3))).max() < 1e-12
    np.testing.assert_allclose(standardise(noisy).var((1, 2, 3), correction=0), 1, rtol=1e-9)
    assert standardise(noisy)[0, 0, 0].argmax() == noisy[0, 0, 0].argmax()
assert not standardise(torch.full((1, 1, 3, 3), 0.5)).any()

# %% a picture is cut row by row, and its left half is what lies left of its middle
draw = np.random.default_rng(0)
for height, width, side in ((48, 70, 8), (100, 131, 16), (33, 64, 4)):
    picture_ = draw.random((height, width))
    images_, left_ = cut(picture_, side)
    expected, where = [], []
    for y in range(0, height - side + 1, side):
        for x in range(0, width - side + 1, side):
            tile = picture_[y : y + side, x : x + side]
            expected.append((tile - tile.mean()) / tile.std())
            where.append(x // side < (width // side) / 2)
    assert images_.dtype == torch.float32
    np.testing.assert_allclose(images_[:, 0], expected, atol=1e-5)
    np.testing.assert_array_equal(left_, where)

# %% nearly flat patches are left out, by the standard deviation of the picture's own values
steps = np.repeat([0, 0.02, 0.03], 160)[:, None] * np.tile([0.0, 1.0], 80)
for least, count in ((0, 300), (0.005, 200), (0.0101, 100), (3 / 255, 100), (0.015, 100)):
    assert len(cut(steps, least=least)[0]) == count, least
assert {len(images_) for images_ in (patches["grass"], patches["gravel"])} == {1024}
assert len(patches["brick"]) < 1024
assert all(len(patches[name]) == len(textures[name]["G"]) for name in pictures)

# %% bad pictures are refused by name, and the right ones give the right numbers
import pytest

photo = pictures["grass"][:96, :128]
for bad in (
    255 * photo,
    np.uint8(255 * photo),
    np.dstack([photo] * 4),
    np.stack([photo] * 3),
    np.where(photo == photo[3, 3], np.nan, photo),
    np.where(photo == photo[3, 3], np.inf, photo),
    photo[:1, :1],
    photo[:1],
    np.full((96, 128), 0.5),
    np.tile(photo, (1, 16))[:3, :2000],
    np.zeros((0, 0)),
    -photo,
):
    with pytest.raises(ValueError, match=r"^picture (is|must be) .*(\[0, 1\]|10 patches)"):
        describe(bad)
edges = np.tile(np.repeat([0.0, 1.0], 5), (96, 13))[:, :128]  # windows of low rank
assert all(np.isfinite(numbers).all() for numbers in describe(edges).values())
for fine in (photo, photo.astype(float), np.round(photo), photo.tolist()):
    assert len(describe(fine)["G"]) == 48

# %% the first figure shows four patches of each photograph
assert [title for title in titles if title] == list(pictures)
assert [i for i, title in enumerate(titles) if title] == [0, 4, 8, 12, 16, 20]
for found, name in zip(few, pictures, strict=True):
    assert len(found) == 4
    np.testing.assert_array_equal(found[1], patches[name][len(patches[name]) // 4, 0])

# %% Gram matrices and energies are sums over all windows, for several sizes and precisions
draw = np.random.default_rng(1)
for size, shape, dtype in (
    (1, (4, 6), "f8"),
    (3, (7, 5), "f8"),
    (5, (6, 9), "f8"),
    (3, (3, 3), "f4"),
):
    batch = draw.standard_normal((2, 1, *shape)).astype(dtype)
    view_ = np.lib.stride_tricks.sliding_window_view(batch[:, 0], (size, size), axis=(1, 2))
    z = view_.reshape(2, -1, size**2)
    expected = np.einsum("bpi,bpj->bij", z, z) / z.shape[1]
    found = gram_matrix(torch.tensor(batch), size)
    assert found.dtype == torch.tensor(batch).dtype
    np.testing.assert_allclose(found, expected, atol=1e-5 if dtype == "f4" else 1e-13)
    made = random_bank(4, 2, size).to(found) if size > 1 else torch.zeros(4, 1, 1, 1).to(found)
    w = -made.flatten(1).numpy()
    w[:, size**2 // 2] += 1
    r = np.einsum("bpi,fi->bfp", z, w)
    tolerance = 1e-4 if dtype == "f4" else 1e-12
    np.testing.assert_allclose(error_filter(made).flatten(1), w)
    np.testing.assert_allclose(residual_energy(found, made), (r**2).mean(2), atol=tolerance)
    np.testing.assert_allclose(residuals(torch.tensor(batch), made).flatten(2), r, atol=tolerance)

# %% the mask is zero at its centre alone
for size in (1, 3, 5):
    expected = np.ones((size, size))
    expected[size // 2, size // 2] = 0
    np.testing.assert_array_equal(centre_mask(size), expected)

# %% the fitted kernel is that of lstsq, for several images at once, sizes and precisions
for size, dtype, tolerance in (
    (3, torch.float64, 1e-8),
    (5, torch.float64, 1e-7),
    (3, torch.float32, 3e-2),
):
    several_ = photos[:, :, :60, :50]
    kernels_ = kernel_from_gram(gram_matrix(several_.to(dtype), size))
    assert kernels_.shape == (len(several_), 1, size, size)
    assert kernels_.dtype == dtype
    assert not kernels_[:, 0, size // 2, size // 2].any()
    for image, kernel in zip(several_, kernels_, strict=True):
        z = np.lib.stride_tricks.sliding_window_view(image[0].double().numpy(), (size, size))
        z, c = z.reshape(-1, size**2), size**2 // 2
        expected = np.linalg.lstsq(np.delete(z, c, 1), z[:, c], rcond=None)[0]
        np.testing.assert_allclose(np.delete(kernel.flatten(), c), expected, atol=tolerance)

# %% flat images are refused
import pytest

for flat in (torch.zeros(1, 1, 9, 9), torch.full((1, 1, 9, 9), 0.3)):
    with pytest.raises(torch.linalg.LinAlgError):
        kernel_from_gram(gram_matrix(flat.double()))

# %% padding keeps the size of an image, and the inside of its residuals
padded_ = residuals(photos[:2], random_bank(3, 0), padding=1)
assert padded_.shape == (2, 3, 256, 256)
np.testing.assert_allclose(
    padded_[..., 1:-1, 1:-1], residuals(photos[:2], random_bank(3, 0)), atol=1e-4
)

# %% what the own kernels leave is their energy
np.testing.assert_allclose(
    rest, residual_energy(gram_matrix(photos.double()), own).diagonal(), rtol=1e-2
)
np.testing.assert_allclose(own, kernel_from_gram(gram_matrix(photos.double())))
for k, name in enumerate(TEXTURES):
    np.testing.assert_allclose(
        np.corrcoef(photos[k].ravel(), pictures[name][:256, :256].ravel())[0, 1], 1
    )

# %% random kernels have length one on average, a zero centre and their own seed
bank_ = random_bank(4000, 1)
assert bank_.shape == (4000, 1, 3, 3)
np.testing.assert_allclose(
    bank_.square().sum((1, 2, 3)).mean(), 1, atol=6 * math.sqrt(2 / 8 / 4000)
)
assert not bank_[:, 0, 1, 1].any()
np.testing.assert_array_equal(bank_, random_bank(4000, 1))
assert abs(bank_ - random_bank(4000, 2)).max() > 0.1
assert not random_bank(2, 0, 5)[..., 2, 2].any()
np.testing.assert_allclose(random_bank(4000, 1, 5).square().sum((1, 2, 3)).mean(), 1, atol=0.03)

# %% the timed jobs are done for all patches, with 64 kernels
assert many.shape == (64, 1, 3, 3)
np.testing.assert_array_equal(torch.cat(batches), torch.cat([patches[n] for n in TEXTURES]))
assert max(len(batch_) for batch_ in batches) == 128

# %% the numbers of lags by a dictionary of steps
for size in (1, 3, 5):
    seen = {}
    place_ = [(y, x) for y in range(size) for x in range(size)]
    for i, (a, b) in enumerate(place_):
        for j, (c, d) in enumerate(place_):
            number_ = lag_numbers(size)[i, j]
            step = (c - a, d - b)
            assert seen.setdefault(step, number_) == number_
            assert seen.setdefault((-step[0], -step[1]), number_) == number_
    assert len(seen) == (2 * size - 1) ** 2
    assert sorted(set(seen.values())) == list(range((len(seen) + 1) // 2))
    assert seen[0, 0] == 0

# %% the lags of a wrapped image are the inverse transform of its power spectrum
for images_ in (photos[:, :, :40, :33].double(), torch.rand(2, 1, 8, 9, dtype=torch.float64)):
    for size in (3, 5):
        pad = size // 2
        wrapped_ = F.pad(images_, (pad,) * 4, mode="circular")
        found = autocovariance(gram_matrix(wrapped_, size))
        c = torch.fft.ifft2(power(images_)).real
        for number_ in range(found.shape[1]):
            i, j = (n[0] for n in np.nonzero(lag_numbers(size) == number_))
            y, x = (a - b for a, b in zip(divmod(i, size), divmod(j, size), strict=True))
            np.testing.assert_allclose(found[:, number_], c[:, y, x], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(power(images_).mean((1, 2)), images_.square().mean((1, 2, 3)))

# %% an energy is a sum over lags, and 96 kernels have 13 independent ones of a homogeneous image
units = torch.eye(13, dtype=torch.float64)[:, lag_numbers()]
by_lag = residual_energy(units, random_bank(96, 0).double())
assert torch.linalg.matrix_rank(by_lag, rtol=1e-9) == 13
any_gram = torch.eye(81, dtype=torch.float64).view(81, 9, 9)
assert torch.linalg.matrix_rank(residual_energy(any_gram, random_bank(96, 0).double())) == 45
of_twelve = residual_energy(units, twelve)
expected = residual_energy(mean_lags[:, lag_numbers()], twelve)
np.testing.assert_allclose(mean_lags @ of_twelve, expected, rtol=1e-9)

# %% Haralick's contrast, by scikit-image, is twice the variance less twice a lag
from skimage.feature import graycomatrix, graycoprops

grey_ = np.uint8(np.round(255 * pictures["gravel"]))
G_ = gram_matrix(torch.tensor(grey_[None, None]).double())[0]
for j, part, angle in ((5, grey_[1:-1, 1:], 0), (7, grey_[1:, 1:-1], np.pi / 2)):
    pairs_ = graycomatrix(part, [1], [angle], levels=256, normed=True)
    expected = graycoprops(pairs_, "contrast")[0, 0]
    np.testing.assert_allclose(G_[4, 4] + G_[j, j] - 2 * G_[4, j], expected, rtol=1e-9)

# %% the figure of lags has each lag in its place, in per cent
lag_map = np.zeros((5, 5))
for i in range(9):
    for j in range(9):
        y, x = j // 3 - i // 3, j % 3 - i % 3
        lag_map[2 + y, 2 + x] = lag_numbers()[i, j]
np.testing.assert_array_equal(place, lag_map)
np.testing.assert_array_equal(maps[0], lag_numbers())
np.testing.assert_allclose(maps[2][2, 2], 100 * mean_lags[1, 0], atol=0.51)
np.testing.assert_allclose(maps[3], 100 * mean_lags[2].numpy()[place], atol=0.51)
for k, name in enumerate(TEXTURES):
    np.testing.assert_allclose(mean_gram[k], textures[name]["G"].mean(0), atol=2e-6)
    expected = (mean_gram[k].numpy() - mean_lags[k].numpy()[lag_numbers()]).ravel()
    np.testing.assert_allclose(unlike[k], abs(expected).max())
    np.testing.assert_allclose(mean_lags[k], textures[name][LAGS].mean(0), atol=2e-6)

# %% the weight of a kernel is that of its residual at a wave, of any shape
y, x = np.mgrid[:12, :10]
for u, v in ((0, 0), (3, 1), (5, 9)):
    wave_ = torch.tensor(np.exp(2j * np.pi * (u * y / 12 + v * x / 10)))
    parts = torch.stack([wave_.real, wave_.imag])[:, None]
    r = residuals(parts, twelve).square().sum(0).mean((1, 2))
    np.testing.assert_allclose(weight(twelve, (12, 10))[:, -u % 12, -v % 10], r, atol=1e-12)

# %% the spectra in the figure are those of the patches, in decibels
S_ = np.mean(
    [abs(np.fft.fft2(p * np.outer(hann, hann))) ** 2 for p in patches["grass"][:, 0].numpy()], 0
)
np.testing.assert_allclose(decibels[1], 10 * np.log10(np.fft.fftshift(S_ / S_.mean())), atol=1e-3)
T_ = abs(np.fft.fft2(error_filter(kernel_from_gram(mean_gram))[2, 0], s=(64, 64))) ** 2
np.testing.assert_allclose(decibels[5], 10 * np.log10(np.fft.fftshift(T_ / T_.mean())), atol=1e-6)
np.testing.assert_allclose(hann[:9], 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(9) / 16), atol=1e-6)

# %% Adam's first step moves every coefficient by its rate, and its last ones find the minimum
bank_ = random_bank(3, 5).double().requires_grad_()
before_ = bank_.detach().clone()
adam(lambda: residual_energy(some, bank_ * centre_mask(3)).mean(), [bank_], 1e-2, 1)
moved = (bank_ - before_).abs()
np.testing.assert_allclose(moved.detach()[:, 0][:, centre_mask(3).bool()], 1e-2, rtol=1e-3)
assert not moved[:, 0, 1, 1].any()
adam(lambda: residual_energy(some, bank_ * centre_mask(3)).mean(), [bank_], 3e-2, 4000)
minimum_ = kernel_from_gram(some.mean(0, keepdim=True))
np.testing.assert_allclose(bank_.detach() * centre_mask(3), minimum_.expand(3, 1, 3, 3), atol=0.02)

# %% the spread that is kept, once more for one start of each loss
assert {word: len(found) for word, found in kept.items()} == {"mean": 5, "min": 5}
for word, loss_ in (("mean", lambda e: e.sum() / e.numel()), ("min", lambda e: e.min(1)[0].mean())):
    bank_ = random_bank(20, 3).double()
    start_, free_ = bank_.clone(), bank_.requires_grad_()
    optimiser_ = torch.optim.Adam([free_], lr=0.01)
    for _ in range(600):
        optimiser_.zero_grad()
        masked = free_ * centre_mask(3)
        loss_(residual_energy(some, masked)).backward()
        optimiser_.step()
    free_ = np.delete(free_.detach().flatten(1).numpy(), 4, 1)
    start_ = np.delete(start_.flatten(1).numpy(), 4, 1)
    ratio_ = np.sqrt(free_.var(0).mean() / start_.var(0).mean())
    np.testing.assert_allclose(kept[word][3], ratio_, rtol=1e-3)

# %% Lloyd's bank: each kernel is the best for its patches, and no patch prefers another
bank_, losses_ = nearest_bank(some, 4, rounds=200)
energies_ = residual_energy(some, bank_)
best_ = energies_.argmin(1)
assert len(best_.unique()) == 4
for k in range(4):
    ideal = kernel_from_gram(some[best_ == k].mean(0, keepdim=True))[0]
    np.testing.assert_allclose(bank_[k], ideal, atol=1e-8)
np.testing.assert_allclose(losses_[-1], energies_.min(1).values.mean())
assert len(fall) == 30
assert fall[-1] < fall[0]
chosen = torch.randperm(len(some), generator=torch.Generator().manual_seed(6))[:4]
first_loss = residual_energy(some, kernel_from_gram(some[chosen])).min(1).values.mean()
np.testing.assert_allclose(nearest_bank(some, 4, seed=6, rounds=1)[1], [first_loss])
assert len(some) == sum(-(-len(patches[name]) // 8) for name in TEXTURES)

# %% a PCA bank holds each class's mean kernel, and steps of one deviation along its axes
from sklearn.decomposition import PCA

stacks_ = [textures[name]["G"][::3] for name in TEXTURES]
for share in (1, 2, 4, 17):
    bank_ = pca_bank(stacks_, 3 * share)
    assert bank_.shape == (3 * share, 1, 3, 3)
    for stack, group in zip(stacks_, bank_.flatten(1).split(share), strict=True):
        kernels_ = kernel_from_gram(stack).flatten(1).numpy()
        np.testing.assert_allclose(group[0], kernels_.mean(0), atol=1e-9)
        model_ = PCA().fit(kernels_)
        for k in range(1, share):
            j = (k - 1) // 2
            deviation = math.sqrt(
                max(model_.explained_variance_[j], 0) * (len(kernels_) - 1) / len(kernels_)
            )
            step = (group[k] - group[0]).numpy()
            np.testing.assert_allclose(np.linalg.norm(step), deviation, atol=1e-8)
            if deviation > 1e-6:
                np.testing.assert_allclose(abs(step @ model_.components_[j]), deviation, rtol=1e-6)
            if k % 2 == 0:
                np.testing.assert_allclose(step, -(group[k - 1] - group[0]), atol=1e-9)

# %% twelve Gabor filters are cosines under a Gaussian window, and all differ
assert gabor_bank.shape == (12, 1, 3, 3)
assert not gabor_bank[:, 0, 1, 1].any()
np.testing.assert_allclose(gabor_bank, gabor_bank.flip(2, 3), atol=1e-12)
y, x = np.mgrid[-1:2, -1:2]
expected = [
    np.exp(-(x**2 + y**2) / 2) * np.cos(2 * np.pi * f * (x * np.cos(a) + y * np.sin(a)))
    for f in (0.1, 0.2, 0.35, 0.5)
    for a in (0, np.pi / 3, 2 * np.pi / 3)
]
for made, wanted in zip(gabor_bank[:, 0].numpy(), expected, strict=True):
    np.testing.assert_allclose(made * 2 * np.pi, wanted * centre_mask(3).numpy(), atol=1e-9)

# %% local binary patterns by counting, whatever the contrast; flat patches give no noise
for image, histogram in zip(patches["page"][:5], lbp(patches["page"][:5]), strict=True):
    grey_ = np.clip(np.floor(128.5 + 40 * image[0].numpy()), 0, 255).astype(np.uint8)
    codes_ = local_binary_pattern(grey_, P=8, R=1, method="uniform").astype(int)
    np.testing.assert_allclose(histogram, np.bincount(codes_.ravel(), minlength=10) / 256)
assert lbp(patches["page"][:2, :, :7, :9]).shape == (2, 10)
noise_ = 1e-7 * torch.randn(1, 1, 16, 16, generator=torch.Generator().manual_seed(0))
assert lbp(noise_)[0, 8] >= (14 / 16) ** 2, "as bytes a flat patch is flat, inside its border"

# %% descriptions hold what they say
made = textures["page"]
G_ = gram_matrix(patches["page"].double()) + torch.eye(9) / 1e6
np.testing.assert_allclose(made["G"], G_, atol=1e-12)
kernels_ = kernel_from_gram(G_)
np.testing.assert_allclose(made[OWN], kernels_.flatten(1))
np.testing.assert_allclose(made[ENERGY][:, :9], kernels_.flatten(1))
energy_ = residual_energy(G_, kernels_).diagonal()
np.testing.assert_allclose(made[ENERGY][:, 9].exp(), energy_, rtol=1e-6)
assert made["Gram matrix"].shape[1] == 45
np.testing.assert_allclose(
    made["Gram matrix"][3], [G_[3, i, j] for i in range(9) for j in range(i, 9)]
)
np.testing.assert_allclose(made[LAGS], autocovariance(G_))
np.testing.assert_array_equal(made["LBP"], lbp(patches["page"]))
np.testing.assert_array_equal(made["LBP and 13 lags"], torch.hstack([made["LBP"], made[LAGS]]))
np.testing.assert_array_equal(made["left"], cut(pictures["page"])[1])

# %% the lags of a picture are the means of those of its parts, and a negative has the same
whole_ = gram_matrix(photos[:, :, :66, :].double())
parts = [gram_matrix(photos[:, :, :34].double()), gram_matrix(photos[:, :, 32:66].double())]
np.testing.assert_allclose(autocovariance(whole_), autocovariance(sum(parts) / 2), rtol=1e-9)
np.testing.assert_allclose(gram_matrix(-photos), gram_matrix(photos))

# %% banks are learned from what they are given
stacks_ = [textures[name]["G"][:100] for name in TEXTURES]
np.testing.assert_allclose(
    BANKS["1 by the mean"](stacks_), kernel_from_gram(torch.cat(stacks_).mean(0, keepdim=True))
)
np.testing.assert_allclose(BANKS["12 by PCA"](stacks_), pca_bank(stacks_, 12))
np.testing.assert_allclose(BANKS["12 by Lloyd"](stacks_), nearest_bank(torch.cat(stacks_), 12)[0])
np.testing.assert_allclose(BANKS["12 random kernels"](stacks_), random_bank(12, 0))
assert BANKS["12 Gabor filters"](stacks_) is gabor_bank

# %% each half is classified by what the other half teaches
trio = [textures[name] for name in ("page", "coins", "moon")]
for label in ("LBP", "12 by PCA"):
    numbers_ = [t.get(label) for t in trio]
    expected = []
    for side in (True, False):
        if label in BANKS:
            bank_ = pca_bank([t["G"][t["left"] == side] for t in trio], 12)
            numbers_ = [residual_energy(t["G"], bank_) for t in trio]
        X_, y_, test_, true_ = [], [], [], []
        for k, t in enumerate(trio):
            m = t["left"] == side
            X_.append(numbers_[k][m])
            y_ += [k] * int(m.sum())
            test_.append(numbers_[k][~m])
            true_ += [k] * int((~m).sum())
        X_, test_ = np.concatenate(X_), np.concatenate(test_)
        mean_, scale_ = X_.mean(0), X_.std(0)
        model_ = LogisticRegression(C=100, solver="newton-cholesky").fit((X_ - mean_) / scale_, y_)
        expected += (model_.predict((test_ - mean_) / scale_) == true_).tolist()
    found = told(label, trio)
    assert found.shape == (sum(len(t["G"]) for t in trio),)
    assert np.mean(found == expected) > 0.995
made = [
    dict(textures[n], LBP=torch.full((len(textures[n]["G"]), 2), k)) for k, n in enumerate(pictures)
]
assert told("LBP", made).all(), "what tells all is read correctly"

# %% the race is run by all, on all sets
assert len(SETS) == 20
assert all(a is b for a, b in zip(SETS[0], [textures[name] for name in TEXTURES], strict=True))
assert set(LABELS) == set(BANKS) | set(textures["moon"]) - {"G", "left"}
for label in LABELS:
    assert len(race[label]) == len(shares[label]) == 20
    assert shares[label][0] == race[label][0].mean()
np.testing.assert_allclose(race[OWN][7], told(OWN, SETS[7]))
assert list(ranked) == sorted(LABELS, key=lambda k: np.mean(shares[k]))
np.testing.assert_allclose(values[2], 100 * shares[ranked[2]])

# %% the lead in standard errors, once more
a_, b_ = race[LAGS][0], race["12 random kernels"][0]
only_a, only_b, n = (a_ & ~b_).sum(), (b_ & ~a_).sum(), len(a_)
mean_ = (only_a - only_b) / n
expected = mean_ / math.sqrt(((only_a + only_b) / n - mean_**2) / n)
np.testing.assert_allclose(lead, expected)
assert claims.claims[5].number == float(lead)

# %% one model: features are the logarithms of energies, and the centre has no say
model_ = ARClassifier(twelve, 3).eval()
found = model_(gram[:6])
expected = model_.head(residual_energy(gram[:6], twelve).log())
np.testing.assert_allclose(found.detach(), expected.detach())
assert set(model_.state_dict()) >= {"filters", "mask"}
assert "mask" not in dict(model_.named_parameters())
slope = torch.autograd.grad(model_(gram[:8]).square().sum(), model_.filters)[0]
assert not slope[:, 0, 1, 1].any()
assert slope.abs().max() > 0
few = labels[left].bincount()
assert few.tolist() == [int(t["left"].sum()) for t in SETS[0]]
for found in ends.values():
    assert len(found) == len(race[LAGS][0])
    assert found.mean() > shares["1 by the mean"][0], "it learns"
np.testing.assert_array_equal(ends["12 by PCA"][: int((~left).sum())], one_model("12 by PCA", left))

# %% one model starts from a bank of the training half, class by class
seen_, usual = [], BANKS["12 by PCA"]
try:
    BANKS["12 by PCA"] = lambda train: seen_.append(train) or usual(train)
    one_model("12 by PCA", ~left)
finally:
    BANKS["12 by PCA"] = usual
for stack, t in zip(seen_[0], SETS[0], strict=True):
    np.testing.assert_array_equal(stack, t["G"][~t["left"]])

# %% twins have the same spectra, are real, and differ by seed
twins_ = pairs[1]
np.testing.assert_allclose(power(twins_), power(pairs[0]), rtol=1e-6, atol=1e-9)
np.testing.assert_array_equal(twins_, twin(photos.double()))
assert (twin(photos.double(), 1) - twins_).abs().max() > 1
expected = (lbp(pairs[0]) - lbp(twins_)).abs().sum(1) / 2
np.testing.assert_allclose(lbp_apart, expected)
assert [c.shape for c in corners] == [(128, 128)] * 6
np.testing.assert_array_equal(corners[4], twins_[1, 0, :128, :128])
assert captions == [*TEXTURES, *("twin of " + name for name in TEXTURES)]
kernels_ = torch.cat([twelve, own])
one_, two_ = (
    residuals(F.pad(p, (1, 1, 1, 1), mode="circular"), kernels_).square().mean((2, 3))
    for p in pairs
)
np.testing.assert_allclose(one_, two_, rtol=1e-6)

# %% the reader's own pictures
assert [len(t["G"]) for t in mine] == [len(patches[name]) for name in ("grass", "gravel", "moon")]
assert told(LAGS, mine).mean() > 0.5

# %% levels are different values, and dithering hides them
steps_ = torch.tensor([[[[0.0, 0.5], [0.5, 1.0]]], [[[0.0, 0.0], [0.0, 0.0]]]])
assert levels(steps_).tolist() == [[3], [1]]
for kind in (pictures["moon"], np.zeros((64, 64)), np.ones((64, 64))):
    made = dithered(kind)
    assert made.min() >= 0
    assert made.max() <= 1
    assert 0.4 / 255 < abs(made - kind).max() <= 0.5001 / 255
    np.testing.assert_array_equal(made, dithered(kind))
inner_ = dithered(np.full((200, 200), 0.5)) - 0.5
assert abs(inner_.mean()) < 6 * inner_.std() / 200
np.testing.assert_allclose(inner_.std(), 1 / 255 / math.sqrt(12), rtol=0.02)
np.testing.assert_allclose(
    traces["bytes"][1:],
    [told(k, [textures[n] for n in ("brick", "grass", "moon")]).mean() for k in ("LBP", LAGS)],
)
assert traces["dithered"][0] < traces["bytes"][0]

# %% the question's network has its numbers
question = QuestionModel()
assert sum(p.numel() for p in question.parameters()) == 362563
r = residuals(images[:5], question.filters * question.mask, padding=1)
comb_ = torch.stack([r[..., k::4].mean((2, 3)) for k in range(4)], dim=2).flatten(1)
sizes_ = torch.hstack([r.abs().mean((2, 3)), (r**2).mean((2, 3)), r.var((2, 3))])
expected = question.classifier(torch.hstack([sizes_, comb_]))
np.testing.assert_allclose(question(images[:5]).detach(), expected.detach(), atol=1e-4)
question.log = True
expected = question.classifier(torch.hstack([sizes_.log(), comb_]))
np.testing.assert_allclose(question(images[:5]).detach(), expected.detach(), atol=1e-4)
assert {log: len(found) for log, found in scores.items()} == {False: 3, True: 3}
np.testing.assert_allclose(own_model(True, 2, epochs=3), scores[True][2])
assert min(scores[True]) > labels.bincount().max() / len(labels), "it learns"


# %% wrong, exercise 1: the lags in the first row
def gram_of_lags(lags, size=3):
    return lags[:, : size**2, None].expand(-1, -1, size**2)


# %% wrong, exercise 1: a lag by the distance of the pixels' numbers
def gram_of_lags(lags, size=3):
    i = torch.arange(size**2)
    return lags[:, abs(i[:, None] - i)]


# %% wrong, exercise 1: right for 3×3 alone
def gram_of_lags(lags, size=3):
    return lags[:, lag_numbers(size) % 13]


# %% right, exercise 1: entry by entry
def gram_of_lags(lags, size=3):
    made = lags.new_zeros(len(lags), size**2, size**2)
    for (i, j), number in np.ndenumerate(lag_numbers(size)):
        made[:, i, j] = lags[:, number]
    return made


# %% wrong, exercise 2: upside down
def peakedness(images, bank):
    r = residuals(images, bank)
    return r.square().mean((2, 3)).sqrt() / r.abs().mean((2, 3))


# %% wrong, exercise 2: over the mean square
def peakedness(images, bank):
    r = residuals(images, bank)
    return r.abs().mean((2, 3)) / r.square().mean((2, 3))


# %% wrong, exercise 2: what a Gaussian would have
def peakedness(images, bank):
    return torch.full((len(images), len(bank)), math.sqrt(2 / math.pi))


# %% wrong, exercise 2: of the images, not of the residuals
def peakedness(images, bank):
    ratio = images.abs().mean((1, 2, 3)) / images.square().mean((1, 2, 3)).sqrt()
    return ratio[:, None].expand(-1, len(bank))


# %% wrong, exercise 2: of the predictions
def peakedness(images, bank):
    r = F.conv2d(images, bank)
    return r.abs().mean((2, 3)) / r.square().mean((2, 3)).sqrt()


# %% wrong, exercise 2: the standard deviation in place of the root mean square
def peakedness(images, bank):
    r = residuals(images, bank)
    return r.abs().mean((2, 3)) / r.std((2, 3), correction=0)


# %% wrong, exercise 2: of residuals with padding
def peakedness(images, bank):
    r = residuals(images, bank, padding=bank.shape[-1] // 2)
    return r.abs().mean((2, 3)) / r.square().mean((2, 3)).sqrt()


# %% right, exercise 2: the energy from the Gram matrix, in NumPy at the end
def peakedness(images, bank):
    energy = residual_energy(gram_matrix(images, bank.shape[-1]), bank)
    return residuals(images, bank).abs().mean((2, 3)).numpy() / energy.numpy() ** 0.5


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


# entry: describe(picture)
