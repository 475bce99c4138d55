"""What the chapter on truncated SVD in PyTorch must keep true."""

# elsewhere, opening: K, MORE = 50, 60 → K, MORE = 30, 36: thirty terms
# elsewhere, many: SIZES.get(n)) → (300, 420)): photographs of one oblong size
# elsewhere, work: generator = 20, → generator = 15,: another split of the work, at 15 terms
# elsewhere, work: (1000, 400, → (400, 400,: square noise
# elsewhere, work: SPLITS = [(12 → SPLITS = [(14: more work
# elsewhere, work: 0.1 * grain → 0.3 * grain: a noisier photograph
# entry: compress(picture, 1)
# entry: rank_for_energy(picture, 0.9)

# %% concludes: With a fifth more columns than terms and two iterations the excess is below two percent, the value is a few percent low, and the vector is off by tens of degrees.
assert 0 < ten[0] < 0.02
assert 0.01 < ten[1] < 0.1
assert 20 < ten[2] < 90

# %% concludes: On each photograph the excess takes the fewest columns and the vector the most.
for found_ in needed.values():
    assert found_[0][0] < found_[1][0] < found_[2][0]

# %% concludes: The prediction never asks for fewer columns than the runs, and for less than half as many again.
for found_ in needed.values():
    for measured_, guess_ in found_:
        assert measured_ <= guess_
        assert guess_ < 1.5 * measured_ or measured_ == math.inf

# %% concludes: For the same work, two to three $k$ columns are the best split on each photograph, with noise or without, or within a factor of two of it.
for name_ in (*photos, "with noise"):
    race_ = np.array(races[name_])[:, 1]
    band_ = [2 <= share_ <= 3 for share_ in shares]
    assert race_[band_].min() <= 2 * race_.min(), name_

# %% concludes: The $12k$ columns are at least three times worse, on most by hundreds.
worse_ = [np.array(races[name_])[:, 1] for name_ in (*photos, "with noise")]
worse_ = [race_[-1] / race_.min() for race_ in worse_]
assert min(worse_) >= 3
assert np.median(worse_) >= 100

# %% concludes: What the forecast below chooses is within a factor of ten of the best split.
for name_, place_ in forecast.items():
    race_ = np.array(races[name_])[:, 1]
    assert race_[place_] < 10 * race_.min(), name_

# %% concludes: On noise alone no split brings the value within one percent
assert np.array(races["noise"])[:, 1].min() > 0.01

# %% concludes: On all the others the Lanczos method reaches rounding, and on photographs with fewer products than the sketch spends on less.
for name_, (took_, left_) in lanczos_took.items():
    values_ = exacts[name_][1]
    rounding_ = max(matrices[name_].shape) * 2.0**-52 * values_[0] / values_[FEW - 1]
    assert left_ < rounding_ < np.array(races[name_])[:, 1].min(), name_
    assert took_ < 24 or name_ == "noise", name_

# %% concludes: the values are known less exactly than they differ
assert ten[1] > (sigma[K - 2] - sigma[K - 1]) / sigma[K - 1]

# %% concludes: beyond the cliff nothing is left that could leak.
assert abs(np.mean(tried[260, 0], axis=0)[1]) < 1e-12
assert np.mean(tried[200, 2], axis=0)[1] > 1e-6

# %% concludes: Neither way gives ones, and neither warns.
for slope_ in (through_svd, through_sketch):
    assert not torch.allclose(slope_, torch.ones(15, 15).double())

# %% concludes: the angle between them is on average larger than their angle to the truth
for key_, true_ in truths.items():
    assert pairs[key_] > true_ or true_ > 10, key_

# %% concludes: Among noise the ten extra $k$ take the fewest iterations and the most products, more than the matrix has columns.
assert max(costs, key=costs.get) == 11
assert costs[11] > 40_000
turns_ = {ratio_: cost_ / 2 / ratio_ for ratio_, cost_ in costs.items()}
assert min(turns_, key=turns_.get) == 11

# %% pictures become channels and pictures again, grey and colour, oblong
import pytest

draw_ = np.random.default_rng(0)
for shape_ in ((5, 8), (8, 5, 3), (1, 1, 3)):
    picture_ = draw_.random(shape_, dtype=np.float32)
    made_ = to_channels(picture_)
    assert made_.dtype == torch.float64
    np.testing.assert_array_equal(made_, np.moveaxis(np.float64(np.atleast_3d(picture_)), 2, 0))
    np.testing.assert_allclose(to_image(made_), picture_, atol=1e-6)
assert to_image(torch.full((1, 2, 2), 1.7))[0, 0] == 1
assert to_image(torch.full((3, 2, 2), -0.3))[0, 0, 0] == 0
for bad_ in (1.01, -0.01, np.inf):
    with pytest.raises(ValueError, match=r"image reaches from .* it must be in"):
        to_channels(np.full((2, 2), bad_))

# %% A_k against NumPy, for tall, wide and batched matrices, with its error and energy
import pytest

for shape_ in ((7, 5), (5, 7), (2, 6, 4), (1, 3)):
    M_ = torch.randn(*shape_, dtype=torch.float64)
    u_, s_, vt_ = np.linalg.svd(M_.numpy(), full_matrices=False)
    factors_ = torch.linalg.svd(M_, full_matrices=False)
    for r_ in {1, s_.shape[-1]}:
        expected_ = (u_[..., :r_] * s_[..., None, :r_]) @ vt_[..., :r_, :]
        np.testing.assert_allclose(low_rank(*factors_, r_), expected_, atol=1e-12)
    for r_ in (0, s_.shape[-1] + 1, 1.5):
        with pytest.raises(ValueError, match=f"k is {r_}; it must be a whole number in "):
            low_rank(*factors_, r_)
M_ = torch.randn(6, 9, dtype=torch.float64)
factors_ = torch.linalg.svd(M_, full_matrices=False)
gone_ = torch.linalg.norm(M_ - low_rank(*factors_, 2))
np.testing.assert_allclose(least_error(factors_[1], 2), gone_)
np.testing.assert_allclose(1 - energies(factors_[1])[1], (gone_ / torch.linalg.norm(M_)) ** 2)
np.testing.assert_allclose(energies(torch.stack([factors_[1]] * 2))[1], energies(factors_[1]))
assert torch.equal(A, channels[1])
np.testing.assert_allclose(
    sigma.cpu(), np.linalg.svd(np.float64(photo[..., 1]), compute_uv=False), atol=1e-9
)

# %% the opening: two sums and two last terms, of the same crop
assert list(shown) == [
    f"{K} terms, full SVD",
    f"term {K}, full SVD",
    f"{K} terms, q = {MORE}",
    f"term {K}, q = {MORE}",
]
whole_ = to_image(low_rank(*full, K))
np.testing.assert_allclose(shown[f"{K} terms, full SVD"], whole_[face])
term_ = sigma[K - 1] * torch.outer(exact[0][:, K - 1], exact[2][K - 1])
np.testing.assert_allclose(shown[f"term {K}, full SVD"], 0.5 + 8 * term_.cpu()[face], atol=1e-9)
apart_ = np.abs(shown[f"{K} terms, q = {MORE}"] - shown[f"{K} terms, full SVD"]).mean()
assert 0 < apart_ < 0.02

# %% the sketch: exact on low rank, orthonormal, repeatable, for every shape and precision
import pytest

for shape_ in ((40, 30), (30, 40)):
    for dtype_, tolerance_ in ((torch.float64, 1e-9), (torch.float32, 1e-3)):
        M_ = torch.randn(shape_[0], 6, dtype=dtype_) @ torch.randn(6, shape_[1], dtype=dtype_)
        for t_ in (0, 1, 3):
            found_ = randomized_svd(M_, 10, t_, torch.Generator().manual_seed(t_))
            again_ = randomized_svd(M_, 10, t_, torch.Generator().manual_seed(t_))
            assert all(torch.equal(a, b) for a, b in zip(found_, again_, strict=True))
            assert [tuple(f.shape) for f in found_] == [(shape_[0], 10), (10,), (10, shape_[1])]
            np.testing.assert_allclose(low_rank(*found_, 6), M_, atol=50 * tolerance_)
            right_ = np.linalg.svd(M_.numpy(), compute_uv=False)[:6]
            np.testing.assert_allclose(found_[1][:6], right_, rtol=10 * tolerance_)
            eye_ = torch.eye(10).to(dtype_)
            np.testing.assert_allclose(found_[0].mT @ found_[0], eye_, atol=10 * tolerance_)
            np.testing.assert_allclose(found_[2] @ found_[2].mT, eye_, atol=10 * tolerance_)
for q_, t_ in ((0, 1), (31, 1), (3, -1), (3.5, 1), (3, 1.5)):
    with pytest.raises(ValueError, match=f"q is {q_}, t {t_}; q must be in"):
        randomized_svd(torch.zeros(40, 30), q_, t_)
assert len(randomized_svd(A, 7)[1]) == 7

# %% the sketch is scikit-learn's too, from the same random numbers
from unittest import mock

M_ = torch.randn(60, 40, dtype=torch.float64)
mixing_ = np.random.RandomState(5).normal(size=(40, 12))
with mock.patch("torch.randn", return_value=torch.from_numpy(mixing_)):
    ours_ = randomized_svd(M_, 12, 3)
options_ = {"n_oversamples": 7, "n_iter": 3, "power_iteration_normalizer": "QR"}
theirs_ = scikit_svd(M_.numpy(), 5, random_state=np.random.RandomState(5), **options_)
np.testing.assert_allclose(ours_[1][:5], theirs_[1], rtol=1e-10)
product_ = (theirs_[0] * theirs_[1]) @ theirs_[2]
np.testing.assert_allclose(low_rank(*ours_, 5), product_, atol=1e-9)

# %% angles and errors by definition, and sketches that differ in their random numbers
a_, b_ = torch.tensor([1.0, 0]).double(), torch.tensor([-(0.5**0.5), 0.5**0.5]).double()
np.testing.assert_allclose(angle(a_, b_), 45)
np.testing.assert_allclose(angle(a_, -a_), 0)
np.testing.assert_allclose(angle(a_, b_.flip(0).abs() * torch.tensor([0.0, 2**0.5])), 90)
found_ = seeded(A, K + 10, 1, 2)
excess_, value_, vector_ = errors(found_[1], exact, A, K)
kept_ = (found_[1][0][:, :K] * found_[1][1][:K]) @ found_[1][2][:K]
tail_ = (sigma[K:] ** 2).sum().sqrt()
np.testing.assert_allclose(excess_, torch.linalg.norm(A - kept_) / tail_ - 1, rtol=1e-9)
np.testing.assert_allclose(value_, 1 - found_[1][1][K - 1] / sigma[K - 1], rtol=1e-9)
cosine_ = abs(found_[1][0][:, K - 1] @ exact[0][:, K - 1])
np.testing.assert_allclose(np.cos(np.radians(vector_)), cosine_, rtol=1e-9)
again_ = seeded(A, K + 10, 1, 2)
assert torch.equal(found_[1][1], again_[1][1])
assert not torch.equal(found_[0][1], found_[1][1])
rows_ = [errors(f, exact, A, K) for f in seeded(A, MORE, 2, 10)]
np.testing.assert_allclose(ten, np.mean(rows_, axis=0))

# %% the tables of overlaps show the vectors near K, more on the diagonal with more columns
assert columns == [K + extra_ for extra_ in (5, 10, 15, 20, 30, 50)]
hat_ = randomized_svd(A, columns[1], 2, torch.Generator().manual_seed(0))[0]
expected_ = abs(exact[0][:, K - 20 : K + 5].mT @ hat_[:, K - 20 : K + 5]).cpu()
np.testing.assert_allclose(tables[1], expected_, atol=1e-9)
assert np.diag(tables[-1]).mean() > np.diag(tables[1]).mean() > np.diag(tables[0]).mean()
assert frames[1].shape == (300, 300)
np.testing.assert_array_equal(frames[1][::12, 6::12], tables[1])

# %% right vectors are found a little better than left ones
off_ = [
    [angle(f[0][:, K - 1], exact[0][:, K - 1]), angle(f[2][K - 1], exact[2][K - 1])]
    for f in ten_runs
]
assert np.mean(off_, axis=0)[1] < np.mean(off_, axis=0)[0]

# %% the loss of a value keeps to its theorem, the sum of the leaks
lost_ = [1 - (f[1][K - 1] / sigma[K - 1]).item() ** 2 for f in ten_runs]
room_ = 5 * np.std(lost_, ddof=1) / math.sqrt(10)
assert 0 < np.mean(lost_) < leaks(sigma, K, 2 * K, 2)[0].sum().item() + room_

# %% leaks by brute force, and what they predict by its formulas
import pytest

values_ = sigma.cpu().numpy()
for k_, q_, t_ in ((K, 2 * K, 2), (20, 25, 0), (7, 40, 3)):
    tries_ = {s: (values_[s:] ** (4 * t_ + 2)).sum() / (q_ - s - 1) for s in range(k_, q_ - 1)}
    s_ = min(tries_, key=tries_.get)
    L_ = tries_[s_] / values_[:k_] ** (4 * t_ + 2)
    found_, split_ = leaks(sigma, k_, q_, t_)
    assert split_ == s_
    np.testing.assert_allclose(found_.cpu(), L_, rtol=1e-9)
    excess_, value_, vector_ = predicted(sigma, k_, q_, t_)
    squares_ = (values_**2)[k_:].sum()
    more_ = (values_[:k_] ** 2 * L_).sum()
    np.testing.assert_allclose(excess_, np.sqrt(1 + more_ / squares_) - 1, rtol=1e-6)
    ratio_ = values_ / values_[k_ - 1]
    lost_ = (ratio_[s_:] ** (4 * t_ + 2) * (1 - ratio_[s_:] ** 2)).sum() / (q_ - s_ - 1) / 2
    np.testing.assert_allclose(value_, lost_, rtol=1e-9)
    spread_ = (ratio_[s_:] ** (8 * t_ + 4)).sum() / (ratio_[s_:] ** (4 * t_ + 2)).sum() ** 2
    mixed_ = sum(
        L_[-1] ** 2 * spread_ / ratio_[j] ** (4 * t_ + 2) / (1 - ratio_[j] ** 2) ** 2
        for j in range(s_)
        if j != k_ - 1
    )
    tangent_ = np.tan(np.radians(vector_))
    np.testing.assert_allclose(tangent_, np.sqrt(L_[-1] + mixed_), rtol=1e-6)
for q_ in (K + 1, len(sigma) + 1):
    with pytest.raises(ValueError, match=f"q is {q_}; it must be in "):
        leaks(sigma, K, q_, 1)

# %% the mean square of a leak, from random numbers: Wishart's 1/(q − s − 1)
generator_ = torch.Generator().manual_seed(3)
k_, s_, q_, n_, t_ = 3, 5, 12, 20, 1
values_ = 1.0 / torch.arange(1, n_ + 1).double()
found_ = []
for _ in range(2000):
    omega_ = torch.randn(n_, q_, generator=generator_, dtype=torch.float64)
    mixed_ = omega_[s_:] @ torch.linalg.pinv(omega_[:s_])[:, k_ - 1]
    leak_ = values_[s_:] ** (2 * t_ + 1) * mixed_ / values_[k_ - 1] ** (2 * t_ + 1)
    found_.append(leak_.square().sum().item())
expected_ = ((values_[s_:] / values_[k_ - 1]) ** (4 * t_ + 2)).sum().item() / (q_ - s_ - 1)
assert abs(np.mean(found_) - expected_) < 5 * np.std(found_) / np.sqrt(2000)
span_ = torch.linalg.qr(torch.diag(values_ ** (2 * t_ + 1)) @ omega_).Q
inside_ = torch.zeros(n_).double()
inside_[k_ - 1], inside_[s_:] = 1, leak_
np.testing.assert_allclose(span_ @ (span_.mT @ inside_), inside_, atol=1e-9)

# %% the estimate of the value is right to first order, and never far above
for name_ in NAMES:
    for place_ in (4, 5, 6):
        q_ = round(RATIOS[place_] * K)
        guess_ = predicted(exacts[name_][1], K, q_, 2)
        assert (curves[name_][place_] < guess_).all(), name_
        assert curves[name_][place_][1] > guess_[1] / 10

# %% curves are means over six runs, and columns are read off them
assert {len(runs_) for runs_ in kept.values()} == {6}
for name_ in NAMES[1:3]:
    rows_ = [
        errors(f, exacts[name_], photos[name_], K)
        for f in seeded(photos[name_], round(RATIOS[2] * K), 2, 6)
    ]
    np.testing.assert_allclose(curves[name_][2], np.mean(rows_, axis=0))
    assert len(curves[name_]) == len(RATIOS)
assert fine == range(K + 2, 3 * K)
halving_ = np.array([8.0, 4, 2, 3, 1])
assert columns_for(4, halving_, range(5)) == 1
np.testing.assert_allclose(columns_for(8**0.5, halving_, range(5)), 1.5)
np.testing.assert_allclose(columns_for(2**0.5, halving_, range(5)), 3.5)
assert columns_for(0.5, halving_, range(5)) == math.inf
assert columns_for(9, halving_, range(5)) == 0
for name_ in NAMES:
    for i_, tolerance_ in enumerate(TOLERANCES):
        q_ = needed[name_][i_][1]
        at_ = predicted(exacts[name_][1], K, math.ceil(q_), 2)[i_]
        before_ = predicted(exacts[name_][1], K, math.floor(q_) - 1, 2)[i_]
        assert at_ <= tolerance_ < before_
        measured_ = np.interp(needed[name_][i_][0], RATIOS * K, np.array(curves[name_])[:, i_])
        assert measured_ < 4 * tolerance_

# %% equal work, and the races are means of four runs
assert SPLITS[0][1] == 9
assert SPLITS[-1] == (12 * FEW, 0)
assert all(0 <= 12 * FEW - q_ * (t_ + 1) <= t_ for q_, t_ in SPLITS)
np.testing.assert_allclose(shares, [q_ / FEW for q_, _ in SPLITS])
for name_ in ("with noise", "coffee"):
    q_, t_ = SPLITS[3]
    rows_ = [
        errors(f, exacts[name_], matrices[name_], FEW) for f in seeded(matrices[name_], q_, t_, 4)
    ]
    np.testing.assert_allclose(races[name_][3], np.mean(rows_, axis=0))
    assert len(races[name_]) == len(SPLITS)
    assert best[name_] == np.argmin([row_[1] for row_ in races[name_]])
    guess_ = [predicted(exacts[name_][1], FEW, *split_)[1] for split_ in SPLITS]
    assert forecast[name_] == np.argmin(guess_)
    assert lanczos_took[name_][0] == lanczos(matrices[name_], FEW)[1] / FEW
np.testing.assert_allclose((matrices["with noise"] - A).std(), 0.1, rtol=0.02)
np.testing.assert_allclose(noise.std(), 1, rtol=0.02)

# %% a power of any exponent has its best split near e k
for power_ in (0.5, 1, 2):
    values_ = torch.arange(1, 501).double() ** -power_
    guess_ = [predicted(values_, 20, *split_)[1] for split_ in SPLITS]
    assert 2 <= SPLITS[int(np.argmin(guess_))][0] / 20 <= 3
    pull_ = np.log((values_[19] / values_[20:]).numpy()) / np.arange(20, 500)
    assert abs((20 + pull_.argmax()) / 20 - math.e) < 0.15

# %% the Lanczos method: leading triplets, the largest first, and its products are counted
for shape_ in ((30, 20), (20, 30)):
    M_ = torch.randn(*shape_, dtype=torch.float64)
    (U_, S_, Vh_), count_ = lanczos(M_, 4)
    u_, s_, vt_ = np.linalg.svd(M_.numpy(), full_matrices=False)
    np.testing.assert_allclose(S_, s_[:4])
    np.testing.assert_allclose((U_ * S_) @ Vh_, (u_[:, :4] * s_[:4]) @ vt_[:4], atol=1e-9)
    assert isinstance(count_, int)
    assert count_ > 8
assert products > K

# %% the asker's test: 251 values from 500 down to 250, and zeros
expected_ = np.concatenate([np.arange(500, 249, -1), np.zeros(249)])
np.testing.assert_allclose(np.linalg.svd(askers.cpu(), compute_uv=False), expected_)
assert cliff == 251
np.testing.assert_allclose(low_rank(*truth, 500).cpu(), askers.cpu())
rows_ = [errors(f, truth, askers, K) for f in seeded(askers, 150, 5, 3)]
np.testing.assert_allclose(tried[150, 5], rows_)

# %% noise has the values that Marchenko and Pastur say, and the estimate holds among them
drawn_ = np.linalg.svd(np.random.default_rng(2).standard_normal((900, 360)), compute_uv=False)
np.testing.assert_allclose(noise_values(900, 360)[3:-3], drawn_[3:-3], rtol=0.03)
bulk_ = noise_values(2500, 1000)
matrix_, truth_ = torch.diag(bulk_), (torch.eye(1000).double(), bulk_, torch.eye(1000).double())
guess_ = predicted(bulk_, 10, 25, 21)[1]
rows_ = [errors(f, truth_, matrix_, 10)[1] for f in seeded(matrix_, 25, 21, 3)]
assert guess_ / 10 < np.mean(rows_) < guess_
for ratio_, cost_ in costs.items():
    q_ = round(ratio_ * WANTED)
    t_ = cost_ // (2 * q_) - 1
    assert cost_ == 2 * (t_ + 1) * q_
    assert predicted(bulk, WANTED, q_, t_)[1] <= 0.01 < predicted(bulk, WANTED, q_, t_ - 1)[1]

# %% the race: the prediction's iterations are enough, and ratios are full SVD over rival
from types import SimpleNamespace

asked_ = []


def paired_ratio(slow, fast, repeats):
    asked_.append((slow, len(fast()) if len(asked_) % 2 == 0 else len(fast()[1]), repeats))
    return SimpleNamespace(median=10.0 * len(asked_))


t_, of_sketch_, of_lanczos_ = times_faster(25, A.cpu().numpy())
assert asked_ == [(full_svd, 50, 3), (full_svd, 25, 3)]
assert (of_sketch_, of_lanczos_) == (10, 20)
off_ = [angle(f[0][:, 24], exact[0][:, 24]) for f in seeded(A, 50, t_, 3)]
assert np.mean(off_) <= 1 < predicted(sigma, 25, 50, t_ - 1)[2]
np.testing.assert_allclose(full_svd(), sigma.cpu())

# %% two runs: means over all pairs, and over runs
key_ = NAMES[1], RATIOS[3]
u_ = [found_[0][:, K - 1] for found_ in kept[key_]]
expected_ = np.mean([angle(u_[i], u_[j]) for i in range(6) for j in range(i)])
np.testing.assert_allclose(pairs[key_], expected_)
np.testing.assert_allclose(
    truths[key_], np.mean([angle(v_, exacts[key_[0]][0][:, K - 1]) for v_ in u_])
)
assert pairs.keys() == truths.keys() == kept.keys()

# %% gradients: of sums, of values alone, and of the distance to A_k
M_ = torch.randn(6, 4, dtype=torch.float64)
np.testing.assert_allclose(gradient(lambda X: X**2, M_), 2 * M_)
np.testing.assert_array_equal(np.linalg.svd(rank_three, compute_uv=False)[3:] < 1e-12, True)
np.testing.assert_allclose(rank_three[1], 5 * [0] + 5 * [2] + 5 * [0])
values_alone_ = gradient(torch.linalg.svdvals, rank_three)
assert values_alone_.isfinite().all()
u_, _, vh_ = torch.linalg.svd(M_, full_matrices=False)
np.testing.assert_allclose(gradient(torch.linalg.svdvals, M_), u_ @ vh_, atol=1e-9)


def left_(X):
    return (X - low_rank(*torch.linalg.svd(X, full_matrices=False), 2)).square()


rest_ = M_ - low_rank(*torch.linalg.svd(M_, full_matrices=False), 2)
np.testing.assert_allclose(gradient(left_, M_), 2 * rest_, atol=1e-9)
detached_ = gradient(lambda X: (X - (M_ - rest_)).square(), M_)
np.testing.assert_allclose(detached_, 2 * rest_, atol=1e-9)

# %% LowRank: PyTorch's gradient where the values differ; equal and zero values by differences
for shape_ in ((7, 5), (5, 7), (4, 4)):
    M_, G_ = (torch.randn(*shape_, dtype=torch.float64) for _ in range(2))
    ours_ = gradient(lambda X, G=G_: G * LowRank.apply(X, 3), M_)
    theirs_ = gradient(
        lambda X, G=G_: G * low_rank(*torch.linalg.svd(X, full_matrices=False), 3), M_
    )
    np.testing.assert_allclose(ours_, theirs_, atol=1e-9)
    np.testing.assert_allclose(
        LowRank.apply(M_, 2), low_rank(*torch.linalg.svd(M_, full_matrices=False), 2)
    )
held_ = torch.linalg.svdvals(equal.detach())
np.testing.assert_allclose(held_.cpu(), [3, 2, 2, 1, 1, 0, 0], atol=1e-12)
assert torch.autograd.gradcheck(lambda X: LowRank.apply(X, 3), rank_three.requires_grad_())
rank_three.requires_grad_(False)

# %% without QR the last values are lost in single precision; with QR, or by default, not
values_ = sigma.cpu()
powers_ = (values_ / values_[0]) ** 5
assert powers_[lost_from - 1] <= 2.0**-24 < powers_[lost_from - 2]
assert lows[2, "auto"][-1] > 0.5 > 0.1 > lows[2, "QR"][-1] > lows["auto", "auto"][-1]
assert abs(lows[2, "auto"][:10]).max() < 0.02
theirs_ = scikit_svd(A32, K, n_iter=2, power_iteration_normalizer="QR", random_state=0)[1]
np.testing.assert_allclose(lows[2, "QR"], 1 - theirs_ / values_[:K].numpy(), atol=1e-6)

# %% the reader's own picture: ranks by share and energy, and pictures of any shape
import pytest

assert my_picture.shape == mine.shape
assert rank_for_share(np.zeros((10, 30)), 1) == 7
assert rank_for_share(np.zeros((10, 30, 3)), 0.5) == 3
h_, w_ = mine.shape[:2]
assert my_rank * (h_ + w_ + 1) <= 0.3 * h_ * w_ < (my_rank + 1) * (h_ + w_ + 1)
draw_ = np.random.default_rng(0)
for shape_ in ((30, 20), (20, 30, 3), (1, 5), (40, 40, 3)):
    picture_ = draw_.random(shape_)
    stack_ = np.moveaxis(np.atleast_3d(picture_), 2, 0)
    u_, s_, vt_ = np.linalg.svd(stack_, full_matrices=False)
    share_ = (s_**2).sum(0).cumsum() / (s_**2).sum()
    for energy_ in (0.3, 0.8, 0.97, 1.0):
        rank_ = rank_for_energy(picture_, energy_)
        assert share_[rank_ - 1] >= energy_ - 1e-12
        assert rank_ == 1 or share_[rank_ - 2] < energy_
    for rank_ in {1, len(share_)}:
        made_ = compress(picture_, rank_)
        assert made_.shape == picture_.shape
        best_ = (u_[..., :rank_] * s_[:, None, :rank_]) @ vt_[:, :rank_]
        off_ = np.moveaxis(best_, 0, 2).reshape(shape_).clip(0, 1) - made_
        assert np.sqrt((off_**2).mean()) < 0.05
    for rank_ in (0, len(share_) + 1, 1.5):
        with pytest.raises(ValueError, match=f"rank is {rank_}; it must be a whole number in"):
            compress(picture_, rank_)
assert rank_for_energy(np.zeros((4, 5)), 0.9) == 1
assert rank_for_energy(np.full((4, 5), 0.5), 2) == 5
for rank_ in (10, 40):
    by_full_ = to_image(low_rank(*torch.linalg.svd(to_channels(mine), full_matrices=False), rank_))
    errors_ = [np.linalg.norm(made_ - mine) for made_ in (compress(mine, rank_), by_full_)]
    assert errors_[0] < 1.03 * errors_[1]
np.testing.assert_allclose(left_out, 4 * abs(mine - my_picture))


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


# %% wrong, exercise 1: the sign goes into the values
def fix_signs(U, S, Vh):
    sign = U.gather(0, U.abs().argmax(dim=0, keepdim=True)).sign()
    return U * sign, S * sign[0], Vh


# %% right, exercise 1: column by column, in NumPy
def fix_signs(U, S, Vh):
    U, Vh = U.numpy().copy(), Vh.numpy().copy()
    for k in range(U.shape[1]):
        if U[abs(U[:, k]).argmax(), k] < 0:
            U[:, k], Vh[k] = -U[:, k], -Vh[k]
    return torch.from_numpy(U), S, torch.from_numpy(Vh)


# %% wrong, exercise 2: more power iterations instead
def block_krylov(A, k, steps, generator):
    mixing = torch.randn(A.shape[1], k + 10, generator=generator, dtype=A.dtype)
    Q = torch.linalg.qr(A @ mixing).Q
    for _ in range(steps + steps // 2):
        Q = torch.linalg.qr(A @ torch.linalg.qr(A.mT @ Q).Q).Q
    U, S, Vh = torch.linalg.svd((A.mT @ Q).mT, full_matrices=False)
    return (Q @ U)[:, :k], S[:k], Vh[:k]


# %% wrong, exercise 2: by the whole SVD
def block_krylov(A, k, steps, generator):
    whole = A @ torch.eye(A.shape[1], dtype=A.dtype)
    U, S, Vh = torch.linalg.svd(whole, full_matrices=False)
    return U[:, :k], S[:k], Vh[:k]


# %% wrong, exercise 2: without the first block
def block_krylov(A, k, steps, generator):
    mixing = torch.randn(A.shape[1], k + 10, generator=generator, dtype=A.dtype)
    last, blocks = torch.linalg.qr(A @ mixing).Q, []
    for _ in range(steps):
        last = torch.linalg.qr(A @ torch.linalg.qr(A.mT @ last).Q).Q
        blocks.append(last)
    Q = torch.linalg.qr(torch.cat(blocks, dim=1)).Q
    U, S, Vh = torch.linalg.svd((A.mT @ Q).mT, full_matrices=False)
    return (Q @ U)[:, :k], S[:k], Vh[:k]


# %% wrong, exercise 2: values and rows with the other sign
def block_krylov(A, k, steps, generator):
    mixing = torch.randn(A.shape[1], k + 10, generator=generator, dtype=A.dtype)
    blocks = [torch.linalg.qr(A @ mixing).Q]
    for _ in range(steps):
        blocks.append(torch.linalg.qr(A @ torch.linalg.qr(A.mT @ blocks[-1]).Q).Q)
    Q = torch.linalg.qr(torch.cat(blocks, dim=1)).Q
    U, S, Vh = torch.linalg.svd((A.mT @ Q).mT, full_matrices=False)
    return (Q @ U)[:, :k], -S[:k], -Vh[:k]


# %% right, exercise 2: orthogonal to all blocks before
def block_krylov(A, k, steps, generator):
    mixing = torch.randn(A.shape[1], k + 10, generator=generator, dtype=A.dtype)
    Q = torch.linalg.qr(A @ mixing).Q
    last = Q
    for _ in range(steps):
        last = A @ torch.linalg.qr(A.mT @ last).Q
        last = last - Q @ (Q.mT @ last)
        last = torch.linalg.qr(last - Q @ (Q.mT @ last)).Q
        Q = torch.cat([Q, last], dim=1)
    U, S, Vh = torch.linalg.svd((A.mT @ Q).mT, full_matrices=False)
    return (Q @ U)[:, :k], S[:k], Vh[:k]


# %% wrong, exercise 3: twice as many columns and the usual iterations
def choose(A, k, accuracy):
    return 2 * k, 2


# %% wrong, exercise 3: all columns
def choose(A, k, accuracy):
    return min(A.shape), 0


# %% wrong, exercise 3: many iterations and no extra column
def choose(A, k, accuracy):
    return k, 29


# %% right, exercise 3: by the prediction, from the values of a generous sketch
def choose(A, k, accuracy):
    values = randomized_svd(A, 8 * k, 2)[1]
    for t in range(9):
        if predicted(values, k, 3 * k, t)[1] <= accuracy / 4:
            break
    return 3 * k, t


# %% right, exercise 3: four k, and one iteration more than two runs need to agree
def choose(A, k, accuracy):
    for t in range(6):
        two = [randomized_svd(A, 4 * k, t + more)[1][:k] for more in (0, 1)]
        if (1 - two[0] / two[1]).max() < accuracy:
            break
    return 4 * k, t + 1


# equivalent, exercise-1-solution: Vh * largest.sign().mT → Vh / largest.sign().mT: the signs are ±1
# equivalent, products: errors(found, exacts[name], matrix, FEW)[1] → errors(found, exacts[name], matrix, FEW)[2]: Lanczos has converged, so both are rounding
