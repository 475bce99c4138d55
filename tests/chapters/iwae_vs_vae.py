"""What the chapter on the importance-weighted autoencoder must keep true."""

# %% concludes: The VAE and the IWAE come near the posterior. The asker's encoder runs away from it, and so does that of VR-max
for name in ("VAE", "IWAE"):
    assert kl_divergence(reached[name], posterior) < 0.05, name
away_ = [kl_divergence(reached[name], posterior).item() for name in ("asker", "asker, later")]
start_ = kl_divergence(climb(vae_bound, steps=0), posterior)
assert away_[1] > away_[0] > start_
assert kl_divergence(reached["VR-max"], posterior) > start_

# %% concludes: The VAE's bound stays below $\log p(x)$, the IWAE's rises to it, and the asker's number goes through it.
rows_ = np.array(list(by_size.values()))
assert (rows_[:, 0, 0] + 5 * rows_[:, 0, 1] < log_evidence).all()
assert (np.diff(rows_[:, 1, 0]) > -4 * rows_[1:, 1, 1]).all()
assert abs(rows_[-1, 1, 0] - log_evidence) < 5 * rows_[-1, 1, 1] + 1 / 1000
assert rows_[0, 2, 0] < log_evidence < rows_[-1, 2, 0] - 5 * rows_[-1, 2, 1]

# %% concludes: Where the push is below zero, training makes a sample worse: every sample whose log-weight lies more than one nat under the weighted mean.
for log_w_ in (example, 4 * normal(30, 12, seed=3) - 700):
    mean_ = asker_number(log_w_)[..., None]
    assert torch.equal(push(asker_number, log_w_) < 0, log_w_ < mean_ - 1)

# %% concludes: The VAE's branch is right. The softmax of a single number is the constant 1.
log_w_ = 3 * normal(7 * 50, seed=8) - 200
assert torch.equal(log_w_.view(-1, 1).softmax(-1), torch.ones(350, 1).double())
assert (
    push(vae_branch, log_w_.view(-1, 50)) - push(vae_bound, log_w_.view(-1, 50))
).abs().max() < tiny
np.testing.assert_allclose(vae_branch(log_w_).sum(), vae_bound(log_w_.view(-1, 50)).sum())
assert wrong_by["IWAE"] > 1000 * tiny

# %% concludes: The fewer samples, the farther the asker's model is behind the VAE.
lost_ = [gains["asker"][f"L_{K}"][0] for K in COUNTS]
assert (np.diff(lost_) > 0).all()
assert lost_[0] + 3 * gains["asker"]["L_1"][1] < 0

# %% concludes: by that the asker's model looks *better* than the VAE in each of our runs.
for mean_, error_ in (
    gains["asker"]["own objective"],
    *(rows_["asker"][-1] for rows_ in stored.values()),
):
    assert mean_ > 3 * error_

# %% concludes: VR-max, too, loses at one sample and wins with thousands, and its own objective looks best of all.
for rows_ in stored.values():
    (one_, error_), *_, (many_, room_), (own_, _) = rows_["VR-max"]
    assert one_ + 3 * error_ < 0
    assert many_ > 3 * room_
    assert own_ == max(row[-1][0] for row in rows_.values())

# %% concludes: Guess 3: mostly the encoder. In this plan the missing word does most of the harm in the encoder alone.
mean_, error_ = harm["encoder alone"]["L_1"]
assert mean_ + 3 * error_ < 0
assert 2 * mean_ < harm["both"]["L_1"][0]
mean_, error_ = stored_split["encoder alone"][0]
assert mean_ + 3 * error_ < 0
assert 2 * mean_ < stored_split["both"][0][0] < 0

# %% concludes: In the decoder alone, with fifteen other seeds (*Going deeper*), it does about a third as much in $\mathcal L_1$, and less than a nat in $\mathcal L_{50}$.
mean_, error_ = stored_split["decoder alone"][0]
assert mean_ + 3 * error_ < 0
assert 1 / 4 < mean_ / stored_split["encoder alone"][0][0] < 1 / 2
mean_, error_ = stored_split["decoder alone"][1]
assert abs(mean_) + 3 * error_ < 1

# %% concludes: In these models the prize's gradient in the decoder is shorter than the bound's throughout.
assert (shares[..., 0] < 1).all()

# %% concludes: and at $K = 50$ it is the longer one.
assert (np.diff(shares[..., 1], axis=1) > 0).all()
assert (shares[:, -1, 1] > 1).all()

# %% concludes: At the same parameters the word changes no value, only the gradient.
log_w_ = 3 * normal(20, 50, seed=8) - 200
torch.testing.assert_close(repaired_number(log_w_), asker_number(log_w_), rtol=0, atol=0)
assert (push(repaired_number, log_w_) - push(asker_number, log_w_)).abs().max() > 0.01

# %% concludes: At one sample the VAE wins against the repaired IWAE too
mean_, error_ = gains["IWAE"]["L_1"]
assert mean_ + 3 * error_ < 0

# %% concludes: With a $q$ of its own for each image, the asker's model loses only a small part of what it loses with its encoder.
assert (gaps["asker"][:, :2].sum(1) < gaps["asker"].sum(1) / 4).all()

# %% concludes: they lose more by it than by all that no normal fits, and more than the VAE's models do.
for name in ("IWAE", "asker"):
    assert (gaps[name][:, 1] > gaps[name][:, 0]).all(), name
    assert gaps[name][:, 1].min() > gaps["VAE"][:, 1].max(), name

# %% concludes: In both plans all three are ahead of the VAE in $\mathcal L_{5000}$ by more than three standard errors, the IWAE most, and behind it in $\mathcal L_1$.
for rows_ in stored.values():
    for (one_, error_), *_, (many_, room_), _ in rows_.values():
        assert one_ + 3 * error_ < 0
        assert many_ > 3 * room_
        assert many_ <= rows_["IWAE"][-2][0]

# %% concludes: The IWAE wins with fifty samples and more.
for rows_ in stored.values():
    for many_, room_ in rows_["IWAE"][2:4]:
        assert many_ > 3 * room_

# %% concludes: In the longer ones the asker's model is *ahead* of the VAE.
for rows_ in stored.values():
    assert rows_["asker"][-2][0] > 3 * rows_["asker"][-2][1]

# %% concludes: With one the asker's model is behind in each of our runs.
for mean_, error_ in (
    gains["asker"]["L_1"],
    *(rows_["asker"][0] for rows_ in stored.values()),
):
    assert mean_ + 3 * error_ < 0

# %% concludes: In *large* both lose more than 13 nats with one sample, and fewer with five.
for pair_ in ("IWAE", "asker"):
    one_, five_ = (mean for mean, _ in stored["large"][pair_][:2])
    assert one_ < -13 < five_

# %% concludes: A right IWAE is behind too, but less.
long_ = [(rows_["IWAE"][0], rows_["asker"][0]) for rows_ in stored.values()]
for (right_, error_), (asked_, _) in ((gains["IWAE"]["L_1"], gains["asker"]["L_1"]), *long_):
    assert right_ + 3 * error_ < 0
    assert asked_ < right_

# %% concludes: With many samples it descends $\mathrm{KL}(p(z|x)\,\|\,q)$
downhill_ = (posterior.mean - off.mean) / off.variance
assert abs(many.mean() - downhill_) < 5 * many.std() / np.sqrt(len(many)) + 1 / 1000

# here only, In both plans all three are ahead of the VAE in $\mathcal L_{5000}$ by more than three standard errors, the IWAE most, and behind it in $\mathcal L_1$.: the runs are stored
# here only, In the decoder alone, with fifteen other seeds (*Going deeper*), it does about a third as much in $\mathcal L_1$, and less than a nat in $\mathcal L_{50}$.: the runs are stored
# here only, In *large* both lose more than 13 nats with one sample, and fewer with five.: the runs are stored
# here only, The IWAE wins with fifty samples and more.: the runs are stored
# here only, In the longer ones the asker's model is *ahead* of the VAE.: the runs are stored
# elsewhere, train: = 50, 10 → = 20, 10: 20 samples for each image
# elsewhere, train: 50, 10, range → 50, 5, range: five latents
# elsewhere, model: hidden=64 → hidden=128: a wider network
# elsewhere, data: F.avg_pool2d(squares, 2) → (F.avg_pool2d(squares, 2) > 0.5).float(): images in black and white, as silhouettes are
# elsewhere, scores: 0.001, 500 → 0.001, 1000: twice as many steps

# %% the objectives against SciPy, also where the weights underflow
from scipy.special import logsumexp, softmax

for shift in (0.0, -900.0):
    log_w_ = np.random.default_rng(0).normal(size=(3, 4, 7)) * 3 + shift
    given_ = torch.from_numpy(log_w_)
    np.testing.assert_allclose(vae_bound(given_), log_w_.mean(-1))
    np.testing.assert_allclose(iwae_bound(given_), logsumexp(log_w_, -1) - np.log(7))
    weights_ = softmax(log_w_, -1)
    np.testing.assert_allclose(asker_number(given_), (weights_ * log_w_).sum(-1))
    np.testing.assert_allclose(repaired_number(given_), asker_number(given_))
    prize_ = (weights_ * np.log(7 * weights_)).sum(-1)
    np.testing.assert_allclose(asker_number(given_), iwae_bound(given_) + prize_)
    np.testing.assert_allclose(vr_max(given_), log_w_.max(-1))
    assert (prize_ >= 0).all()
    assert (prize_ <= np.log(7)).all()
    chain_ = [f(given_) for f in (iwae_bound, asker_number, vr_max)]
    assert (np.diff(np.stack(chain_), axis=0) >= 0).all()
    assert (chain_[2] <= chain_[0] + np.log(7)).all()
one_ = torch.randn(5, 1, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
for objective in OBJECTIVES.values():
    np.testing.assert_allclose(objective(one_), one_[:, 0], atol=1e-12)
    np.testing.assert_allclose(repaired_number(one_), one_[:, 0])
assert list(OBJECTIVES) == ["VAE", "IWAE", "asker", "VR-max"]
assert list(TRAINED) == ["VAE", "IWAE", "asker"]

# %% normal numbers: of the shape and seed asked for
a_ = normal(3, 4, seed=5)
assert torch.equal(a_, normal(3, 4, seed=5))
assert not torch.equal(a_, normal(3, 4, seed=6))
assert a_.dtype == torch.float64
assert normal(2, seed=1, dtype=torch.float32).dtype == torch.float32
assert abs(normal(10_000, seed=1).std() - 1) < 0.03

# %% the Gaussian model: weights by SciPy's densities, and p(x) is a normal's
from scipy import stats

q_ = Normal(torch.tensor(0.3).double(), torch.tensor(0.8).double())
noise_ = normal(6, 5, seed=2)
z_ = (0.3 + 0.8 * noise_).numpy()
wanted_ = stats.norm.logpdf(z_) + stats.norm.logpdf(1.5, z_) - stats.norm.logpdf(z_, 0.3, 0.8)
np.testing.assert_allclose(gaussian_log_w(q_, noise_), wanted_)
wanted_ += stats.norm.logpdf(z_, 0.5) - stats.norm.logpdf(z_)
np.testing.assert_allclose(gaussian_log_w(q_, noise_, 0.5), wanted_)
np.testing.assert_allclose(log_evidence, stats.norm.logpdf(1.5, 0, np.sqrt(2)))
exact_ = gaussian_log_w(posterior, noise_)
np.testing.assert_allclose(exact_, log_evidence, atol=1e-6)
np.testing.assert_allclose([posterior.mean, posterior.stddev], [0.75, np.sqrt(0.5)], atol=1e-7)
s0_, s1_, d_ = off.stddev.item(), posterior.stddev.item(), 0.6
np.testing.assert_allclose(
    kl_q_posterior, np.log(s1_ / s0_) + (s0_**2 + d_**2) / (2 * s1_**2) - 0.5
)
np.testing.assert_allclose(
    kl_posterior_q, np.log(s0_ / s1_) + (s1_**2 + d_**2) / (2 * s0_**2) - 0.5
)

# %% the encoders climb to the posterior, and the asker's runs away
import inspect

assert inspect.signature(climb).parameters["K"].default == 50
assert inspect.signature(climb).parameters["steps"].default == 400
assert z_axis[0] < 0.75 - 2.5
for name in ("asker", "asker, later"):
    assert z_axis[-1] > reached[name].mean + 2 * reached[name].stddev
assert reached["asker, later"].mean > reached["asker"].mean
for name in ("VAE", "IWAE"):
    assert abs(reached[name].mean - 0.75) < 0.1
    assert abs(reached[name].stddev - np.sqrt(0.5)) < 0.1
assert reached["asker"].mean > 1.5
assert reached["asker"].stddev > 1
short_ = climb(vae_bound, steps=1, K=3)
np.testing.assert_allclose(abs(short_.mean - 1.5), 0.02, rtol=1e-3)
np.testing.assert_allclose(abs(short_.stddev - 0.5), 0.02, rtol=1e-3)

# %% averages: the bound rises with K, and each error is that of a mean
rows_ = np.array(list(by_size.values()))
assert (np.diff(rows_[:, 1, 0]) > -4 * rows_[1:, 1, 1]).all()
assert (abs(rows_[:, 0, 0] - (log_evidence - kl_q_posterior)) < 5 * rows_[:, 0, 1]).all()
log_w_ = gaussian_log_w(off, normal(4000, 100, seed=100))
again_ = averages(100)
for (mean_, error_), f in zip(again_, (vae_bound, iwae_bound, asker_number), strict=True):
    np.testing.assert_allclose(mean_, f(log_w_).mean())
    np.testing.assert_allclose(error_, f(log_w_).std() / np.sqrt(4000))
np.testing.assert_allclose(curves[1], rows_[:, 1, 0])

# %% the push by its formula, and by finite differences
w_ = example.softmax(-1)
np.testing.assert_allclose(push(iwae_bound, example), w_)
np.testing.assert_allclose(
    push(asker_number, example), w_ * (1 + example - (w_ * example).sum()), atol=1e-12
)
for k in (0, 7):
    e_ = torch.zeros(12).double()
    e_[k] = 1e-6
    slope_ = (asker_number(example + e_) - asker_number(example - e_)) / 2e-6
    np.testing.assert_allclose(push(asker_number, example)[k], slope_, atol=1e-8)
assert (push(asker_number, example)[:6] < 0).all()
for name, values in pushes.items():
    np.testing.assert_allclose(values, push(shown[name], example))

# %% the digits: fourteen pixels a side, none in both sets, pixels on or off
assert train_grey.shape == (4800, 196)
assert test_grey.shape == test_images.shape == (200, 196)
assert 0 <= grey.min() < grey.max() <= 1
assert set(test_images.unique().tolist()) == {0, 1}
assert abs((test_images - test_grey).mean()) < 0.005
place_ = int((order == 7).nonzero())
wanted_ = (pixels[7].reshape(14, 2, 14, 2).mean((1, 3)) / 255).ravel()
np.testing.assert_allclose(grey[place_], wanted_, atol=1e-6)

# %% log-weights by torch.distributions, for any number of samples, and for another q
import pytest
from torch.distributions import Bernoulli, Independent

model_ = models["IWAE"][1]
x_, noise_ = test_images[:3], normal(3, 4, 10, seed=1, dtype=torch.float32)
mean_, log_std_ = model_.encode(x_)
assert mean_.shape == log_std_.shape == (3, 10)
for q_ in (None, (mean_ + 1, log_std_ / 2)):
    m_, s_ = q_ or (mean_, log_std_)
    found_ = log_weights(model_, x_, noise_, q_)
    assert found_.shape == (3, 4)
    for k in range(4):
        z_ = m_ + s_.exp() * noise_[:, k]
        pixel_ = Independent(Bernoulli(logits=model_.decoder(z_)), 1).log_prob(x_)
        prior_ = Independent(Normal(torch.zeros(3, 10), 1.0), 1).log_prob(z_)
        wanted_ = pixel_ + prior_ - Independent(Normal(m_, s_.exp()), 1).log_prob(z_)
        np.testing.assert_allclose(found_[:, k].detach(), wanted_.detach(), rtol=1e-5)
with torch.no_grad():
    sure_ = mean_, torch.full_like(log_std_, -60.0)
    found_ = log_weights(model_, x_.double().float(), noise_, sure_)
    z_ = Independent(Normal(torch.zeros(3, 10), 1.0), 1)
    pixel_ = Independent(Bernoulli(logits=model_.decoder(mean_)), 1).log_prob(x_)
    log_q_ = Independent(Normal(torch.zeros(10), 1.0), 1).log_prob(noise_) + 600
    wanted_ = (pixel_ + z_.log_prob(mean_))[:, None] - log_q_
np.testing.assert_allclose(found_, wanted_, rtol=1e-5)  # a deviation of e⁻⁶⁰: not NaN
for bad_, words_ in (
    (
        255 * x_,
        r"x is torch.float32, \(3, 196\), from 0.0 to 255.0; it must be float32, \(3, 196\)",
    ),
    (x_ - 1, "from -1.0 to 0.0; it must be"),
    (x_ * math.nan, "from nan to nan; it must be"),
    (0.5 * x_, "from 0.0 to 0.5; it must be"),
    (x_.double(), "x is torch.float64"),
    (x_.byte(), "x is torch.uint8"),
    (x_.view(3, 14, 14), r"\(3, 14, 14\)"),
    (torch.zeros(3, 784), r"\(3, 784\)"),
):
    with pytest.raises(ValueError, match=words_):
        log_weights(model_, bad_, noise_)
for shape_ in ((3, 10), (3, 4, 1), (1, 4, 10), (3, 4, 2, 10)):
    with pytest.raises(ValueError, match=r"noise has shape .* it must be \(3, K, 10\)"):
        log_weights(model_, x_, torch.zeros(shape_))
tilt_ = normal(3, 10, 10, seed=2, dtype=torch.float32)
found_ = log_weights(model_, x_, noise_, (mean_, log_std_, tilt_))
low_ = tilt_.tril(-1) + torch.diag_embed(log_std_.exp())
joint_ = torch.distributions.MultivariateNormal(mean_, scale_tril=low_)
for k in range(4):
    z_ = mean_ + (low_ @ noise_[:, k, :, None])[..., 0]
    pixel_ = Independent(Bernoulli(logits=model_.decoder(z_)), 1).log_prob(x_)
    prior_ = Independent(Normal(torch.zeros(3, 10), 1.0), 1).log_prob(z_)
    wanted_ = pixel_ + prior_ - joint_.log_prob(z_)
    np.testing.assert_allclose(found_[:, k].detach(), wanted_.detach(), rtol=1e-4)
assert VAE(2, hidden=5, pixels=9).decoder(torch.zeros(4, 2)).shape == (4, 9)
assert isinstance(VAE(10).encoder[1], nn.Tanh)
assert VAE(10).encoder[0].weight.shape == (64, 196)

# %% training: repeatable, one step for each rate, better than at the start
import pytest

quick_ = [train(iwae_bound, 3, [0.01] * 40, latents=3, batch=5) for _ in range(2)]
for a, b in zip(quick_[0].parameters(), quick_[1].parameters(), strict=True):
    assert torch.equal(a, b)
other_ = train(iwae_bound, 4, [0.01] * 40, latents=3, batch=5)
assert not torch.equal(quick_[0].encoder[0].weight, other_.encoder[0].weight)
still_ = train(iwae_bound, 3, [], latents=3)
start_ = torch.equal(
    train(iwae_bound, 3, [0.0], latents=3).decoder[0].weight, still_.decoder[0].weight
)
assert start_
x_, noise_ = test_images, normal(200, 5, 3, seed=1, dtype=torch.float32)
weights_ = [log_weights(model_, x_, noise_) for model_ in (quick_[0], still_)]
gain_ = iwae_bound(weights_[0]).mean() - iwae_bound(weights_[1]).mean()
assert gain_ > 20
assert len(RATES) == 500
np.testing.assert_allclose([RATES[0], RATES[-1]], [0.02, 0.001])
assert {len(ms) for ms in models.values()} == {3}
assert list(models) == list(TRAINED)
same_ = train(iwae_bound, 3, [0.01] * 40, encoder=iwae_bound, latents=3, batch=5)
for a, b in zip(quick_[0].parameters(), same_.parameters(), strict=True):
    torch.testing.assert_close(a, b)
one_ = [train(iwae_bound, 3, [0.01], encoder=f, latents=3) for f in (iwae_bound, asker_number)]
assert torch.equal(one_[0].decoder[2].weight, one_[1].decoder[2].weight)
assert not torch.equal(one_[0].encoder[2].weight, one_[1].encoder[2].weight)
dark_ = train(iwae_bound, 3, [0.01] * 40, latents=3, batch=5, images=torch.zeros(8, 196))
assert dark_.decoder[2].bias.sum() < quick_[0].decoder[2].bias.sum()

ramp_ = torch.linspace(0, 1, 2 * 196).view(2, 196)
for bad_, words_ in (
    (255 * ramp_, "images are 0.0 to 255.0, not 0 to 1"),
    (ramp_ - 1, "images are -1.0 to 0.0, not 0 to 1"),
    (ramp_ * math.nan, "images are nan to nan, not 0 to 1"),
):
    with pytest.raises(ValueError, match=words_):
        train(iwae_bound, 3, [0.01], images=bad_)

# %% test scores: groups of K, what could be reported, and gains with their errors
import pytest

log_w_ = torch.randn(2, 3, 12, dtype=torch.float64)
found_ = bounds(log_w_, 4)
assert found_.shape == (2, 3)
wanted_ = np.mean([iwae_bound(log_w_[1, 2, i : i + 4]) for i in (0, 4, 8)])
np.testing.assert_allclose(found_[1, 2], wanted_)
np.testing.assert_allclose(bounds(log_w_, 1), log_w_.mean(-1))
for K_ in (5, 0, -3, 24):
    with pytest.raises(ValueError, match=f"K is {K_}; it must be a divisor of 12, from 1"):
        bounds(log_w_, K_)
assert weights_of(models["VAE"][0], images=200, samples=2).shape == (200, 2)
noise_ = normal(40, 5000, 10, seed=2, dtype=torch.float32)
with torch.no_grad():
    wanted_ = log_weights(models["VAE"][2], test_images[20:24], noise_[20:24])
np.testing.assert_allclose(tested["VAE"][2, 20:24], wanted_, rtol=1e-4, atol=1e-3)
assert {tuple(t.shape) for t in tested.values()} == {(3, 40, 5000)}
assert weights_of(models["VAE"][0], images=7, samples=20).shape == (7, 20)
for name, t in tested.items():
    levels_ = [bounds(t, K).mean().item() for K in (1, 2, 5, 10, 50, 500, 5000)]
    assert (np.diff(levels_) > -0.01).all(), f"{name}: more samples, a higher bound"
for name, row in reported.items():
    assert list(row) == ["L_1", "L_2", "L_5", "L_10", "L_50", "L_5000", "own objective"]
    for column, K in (("L_1", 1), ("L_5", 5), ("L_50", 50), ("L_5000", 5000)):
        np.testing.assert_allclose(row[column], bounds(tested[name], K))
    own_ = OBJECTIVES[name](tested[name].reshape(3, 40, 100, 50)).mean(-1)
    np.testing.assert_allclose(row["own objective"], own_)
one_, two_ = normal(3, 40, seed=5), normal(3, 40, seed=6) + 0.3
mean_, error_ = gain(one_, two_)
gain_ = (one_ - two_).numpy()
errors_ = gain_.mean(0).std(ddof=1) / np.sqrt(40), gain_.mean(1).std(ddof=1) / np.sqrt(3)
np.testing.assert_allclose((mean_, error_), (gain_.mean(), np.hypot(*errors_)))
alone_ = gain(one_[:1], two_[:1])[1]  # one seed: the images alone
np.testing.assert_allclose(alone_, gain_[0].std(ddof=1) / np.sqrt(40))
for name, row in gains.items():
    for column in row:
        np.testing.assert_allclose(
            row[column], gain(reported[name][column], reported["VAE"][column])
        )

# %% the prize's gradient beside the bound's, part by part
model_, K_ = models["IWAE"][1], 10
x_, noise_ = test_images[:50], normal(50, 100, LATENTS, seed=9, dtype=torch.float32)
for number, part_ in enumerate((model_.decoder, model_.encoder)):
    both_ = []
    for f in (asker_number, iwae_bound):
        model_.zero_grad()
        f(log_weights(model_, x_, noise_).view(50, -1, K_)).mean().backward()
        both_.append(torch.cat([p.grad.flatten() for p in part_.parameters()]))
    wanted_ = (both_[0] - both_[1]).norm() / both_[1].norm()
    np.testing.assert_allclose(prize_over_bound(model_, x_, K_)[number], wanted_, rtol=1e-3)
model_.zero_grad()
np.testing.assert_allclose(
    prize(tested["asker"]), (asker_number(tested["asker"]) - iwae_bound(tested["asker"]))
)
assert shares.shape == (3, 3, 2)
np.testing.assert_allclose(
    shares[1, 2], prize_over_bound(models["VAE"][1], train_images, 50), rtol=1e-3
)
assert set(train_images.unique().tolist()) == {0, 1}
assert abs((train_images - train_grey[:200]).mean()) < 0.005

# %% the split: each part by its own objective, over the right IWAE
assert list(harm) == ["encoder alone", "both"]
for column in few:
    np.testing.assert_allclose(
        harm["both"][column], gain(reported["asker"][column], reported["IWAE"][column])
    )
again_ = train(iwae_bound, 1, RATES, encoder=asker_number)
assert torch.equal(again_.encoder[0].weight, halves[1].encoder[0].weight)
np.testing.assert_allclose(
    harm["encoder alone"]["L_1"],
    gain(bounds(torch.stack([*map(weights_of, halves)]), 1), reported["IWAE"]["L_1"]),
)

# %% the stored runs: fifteen seeds of the split, two plans' rows of four pairs, and the schedule of the script
assert set(stored) == {"long", "large"}
assert list(stored_split) == ["decoder alone", "encoder alone", "both"]
assert np.shape(list(stored_split.values())) == (3, len(few), 2)
for rows_ in stored.values():
    assert list(rows_) == ["IWAE", "asker", "VR-max"]
    assert np.shape(list(rows_.values())) == (3, 5, 2)

# %% the gap taken apart: its parts add up, and no normal is better than q*
model_ = models["asker"][0]
x_ = test_images[:10]
near_, free_ = fit_q(model_, x_), fit_q(model_, x_, dependent=True)
assert [len(near_), len(free_)] == [2, 3]
noise_ = normal(10, 1000, 10, seed=4, dtype=torch.float32)
with torch.no_grad():
    own_, best_ = log_weights(model_, x_, noise_), log_weights(model_, x_, noise_, near_)
    freest_ = log_weights(model_, x_, noise_, free_)
assert best_.mean() > own_.mean() + 3
assert freest_.mean() > best_.mean()
for factor_ in (0.5, 2.0):
    with torch.no_grad():
        moved_ = near_[0], near_[1] + np.log(factor_)
        assert log_weights(model_, x_, noise_, moved_).mean() < best_.mean()
three_ = inference_gap(model_, x_)
top_ = max(bounds(w, 1000).mean() for w in (own_, best_, freest_))
np.testing.assert_allclose(three_.sum(), top_ - own_.mean(), rtol=1e-3)
np.testing.assert_allclose(three_[2], best_.mean() - own_.mean(), rtol=1e-3)
for name, gap_ in gaps.items():
    assert gap_.shape == (3, 3)
    assert (gap_ > 0).all(), name
again_ = inference_gap(models["VAE"][0], test_images[torch.arange(20)])
np.testing.assert_allclose(gaps["VAE"][0], again_, rtol=1e-2)
missed_ = [gap[:, 2].mean() for gap in gaps.values()]
assert missed_[2] > missed_[1] > missed_[0]
assert torch.equal(fit_q(model_, x_, steps=0)[0], model_.encode(x_)[0])

# %% two latents: the grid adds up a density, and the posterior is one
whole_ = Normal(0.0, 1.0).log_prob(grid).sum(-1).exp().sum() * (10 / 100) ** 2
np.testing.assert_allclose(whole_, 1, atol=1e-4)
found_ = log_joint(planar, test_images[0])
assert found_.shape == (101**2,)
with torch.no_grad():
    pixel_ = F.binary_cross_entropy_with_logits(
        planar.decoder(grid[4321].float()), test_images[0], reduction="sum"
    )
prior_ = Normal(0.0, 1.0).log_prob(grid[4321]).sum()
np.testing.assert_allclose(found_[4321], prior_ - pixel_ + 2 * np.log(1 / 10), rtol=1e-5)
half_ = train(vae_bound, 0, [RATES[i] for i in range(0, 500, 2)], latents=2)
assert torch.equal(half_.decoder[0].weight, planar.decoder[0].weight)
np.testing.assert_allclose(on_grid[3], log_joint(planar, test_images[3]).logsumexp(0))
assert share.shape == (10, 10_000)
weights_ = share.numpy().astype(float)
errors_ = abs(weights_.mean(1) - 1) / (weights_.std(1, ddof=1) / np.sqrt(10_000))
np.testing.assert_allclose(off_by, errors_.max(), rtol=1e-3)
own_ = planar.encode(test_images[:10])
again_ = log_weights(planar, test_images[:10], noise, (own_[0], own_[1] + np.log(2)))
np.testing.assert_allclose(sampled, again_.detach(), rtol=1e-5)

# %% the small number: a straight line from the logit, a floor and no slope by way of the probability
np.testing.assert_allclose(guarded_log_off(torch.tensor(30.0)), np.log(1e-18), rtol=1e-5)
np.testing.assert_allclose(guarded_log_off(torch.tensor(1.0)), -np.log1p(np.e), rtol=1e-5)
sigma_ = 1 / (1 + np.exp(-logits.numpy().astype(float)))
np.testing.assert_allclose(from_logit, -sigma_, rtol=1e-5)
np.testing.assert_allclose(guarded[:3], -sigma_[:3], rtol=1e-2)
assert (guarded[3:] == 0).all()
assert logits[3] == 20

# %% concludes: At the encoder's means none of these nine models has so large a logit
assert drawn.shape == (9 * 200, 196)
assert drawn.max() < 20

# %% in practice: the printed repair passes, added up or averaged; wrong losses do not
import pytest

K = 50
assert furthest(lambda log_w: -(log_w.logsumexp(-1) - math.log(K)).mean()) < 1e-12
for right_ in (my_loss, lambda w: -iwae_bound(w).sum(), lambda w: -repaired_number(w).mean()):
    assert furthest(right_) < 1e-12
wrong_ = {
    "the asker's": lambda w: -asker_number(w).mean(),
    "uphill": lambda w: iwae_bound(w).mean(),
    "a VAE's": lambda w: -vae_bound(w).mean(),
    "VR-max": lambda w: -vr_max(w).mean(),
    "the other axis": lambda w: -w.logsumexp(0).mean(),
    "all in one": lambda w: -w.flatten().logsumexp(0),
    "underflow": lambda w: -w.exp().mean(-1).log().sum(),
    "a softmax of losses": lambda w: -((-w).softmax(-1).detach() * w).sum(),
    "the ratio upside down": lambda w: (-w).logsumexp(-1).sum(),
    "nothing": lambda w: 0 * w.sum(),
}
for name, loss in wrong_.items():
    assert not furthest(loss) < 0.1, name
for bad_ in (lambda w: -iwae_bound(w).sum().item(), iwae_bound, lambda w: torch.tensor(1.0)):
    with pytest.raises(ValueError, match=r"(?s)loss gives .* it must be one number"):
        furthest(bad_)

# %% gradients of the bound: by finite differences, and DReG has the same mean with less noise
mean_0 = off.mean.item()
noise_ = normal(500, 4, seed=4)
value_ = [
    iwae_bound(
        gaussian_log_w(Normal(torch.tensor(mean_0 + e, dtype=torch.float64), off.stddev), noise_)
    )
    for e in (1e-5, -1e-5)
]
slopes_ = ((value_[0] - value_[1]) / 2e-5).numpy()
np.testing.assert_allclose(bound_gradients(4, 500)[0], slopes_, atol=1e-6)
value_ = [iwae_bound(gaussian_log_w(off, noise_, e)) for e in (1e-5, -1e-5)]
slopes_ = ((value_[0] - value_[1]) / 2e-5).numpy()
np.testing.assert_allclose(bound_gradients(4, 500)[1], slopes_, atol=1e-6)
for g, d in zip(encoder, doubly, strict=True):
    error_ = np.hypot(g.std(), d.std()) / np.sqrt(len(g))
    assert abs(g.mean() - d.mean()) < 5 * error_
assert doubly[-1].std() < encoder[-1].std()
np.testing.assert_allclose(
    snr["prior's mean"][2], (decoder[2].mean().abs() / decoder[2].std()).item()
)
np.testing.assert_allclose(snr["encoder"][3], (doubly[3].mean().abs() / encoder[3].std()).item())

# %% DReG's estimates for another q: with one sample, the slope in z alone
q_ = Normal(*torch.tensor([-1.0, 0.4], dtype=torch.float64))
noise_ = normal(30, 1, seed=3)
z_ = (-1 + 0.4 * noise_)[:, 0]
np.testing.assert_allclose(dreg(q_, noise_), -z_ + (1.5 - z_) + noise_[:, 0] / 0.4)
assert not noise_.requires_grad

# %% exercise 3: many samples descend the divergence from the posterior to q
downhill_ = -(off.mean - posterior.mean) / off.stddev**2
assert abs(many.mean() / downhill_ - 1) < 0.03
assert landing(normal(1000, 8, seed=11), posterior.mean, posterior.stddev).abs().max() < 1e-6


# %% wrong, exercise 1: without the normalisation of logarithms
def effective_samples(log_w):
    w = log_w.exp()
    return w.sum(-1) ** 2 / w.square().sum(-1)


# %% wrong, exercise 1: the inverse of the largest weight
def effective_samples(log_w):
    return 1 / log_w.softmax(-1).amax(-1)


# %% wrong, exercise 1: one shift for all rows, by the largest of all
def effective_samples(log_w):
    w = (log_w - log_w.max()).exp()
    return w.sum(-1) ** 2 / w.square().sum(-1)


# %% wrong, exercise 1: one shift for all rows, by the mean of all
def effective_samples(log_w):
    w = (log_w - log_w[log_w.isfinite()].mean()).exp()
    return w.sum(-1) ** 2 / w.square().sum(-1)


# %% wrong, exercise 1: the exponential of the entropy
def effective_samples(log_w):
    return torch.special.entr(log_w.softmax(-1)).sum(-1).exp()


# %% wrong, exercise 1: softmax over the images
def effective_samples(log_w):
    return 1 / log_w.softmax(0).square().sum(-1)


# %% right, exercise 1: shifted by the largest of each row
def effective_samples(log_w):
    w = (log_w - log_w.amax(-1, keepdim=True)).exp()
    return w.sum(-1) ** 2 / w.square().sum(-1)


# %% right, exercise 1: by two logarithms of sums
def effective_samples(log_w):
    return (2 * log_w.logsumexp(-1) - (2 * log_w).logsumexp(-1)).exp()


# %% wrong, exercise 2: the weights not squared
def dreg_by_hand(noise, mean, std):
    z = mean + std * noise
    return (
        gaussian_log_w(Normal(mean, std), noise).softmax(-1) * (x_known - 2 * z + noise / std)
    ).sum(-1)


# %% wrong, exercise 2: an even share for each
def dreg_by_hand(noise, mean, std):
    z = mean + std * noise
    return (x_known - 2 * z + noise / std).mean(-1) / noise.shape[-1]


# %% wrong, exercise 2: the deviation forgotten
def dreg_by_hand(noise, mean, std):
    z = mean + std * noise
    return (
        gaussian_log_w(Normal(mean, std), noise).softmax(-1) ** 2 * (x_known - 2 * z + noise)
    ).sum(-1)


# %% wrong, exercise 2: right but for a factor
def dreg_by_hand(noise, mean, std):
    z = mean + std * noise
    w = gaussian_log_w(Normal(mean, std), noise).softmax(-1)
    return 1.3 * (w**2 * (x_known - 2 * z + noise / std)).sum(-1)


# %% wrong, exercise 2: of the page's q, whatever is asked
def dreg_by_hand(noise, mean, std):
    return dreg(off, noise)


# %% wrong, exercise 2: the page's draws, whatever the noise
def dreg_by_hand(noise, mean, std):
    return dreg(Normal(mean, std), normal(len(noise), noise.shape[1], seed=noise.shape[1]))


# %% wrong, exercise 2: without the prior's slope
def dreg_by_hand(noise, mean, std):
    z = mean + std * noise
    w = gaussian_log_w(Normal(mean, std), noise).softmax(-1)
    return (w**2 * (x_known - z + noise / std)).sum(-1)


# %% right, exercise 2: in NumPy
def dreg_by_hand(noise, mean, std):
    e, m, s = noise.numpy(), mean.item(), std.item()
    z = m + s * e
    log_w = -(z**2) / 2 - (1.5 - z) ** 2 / 2 + e**2 / 2
    w = np.exp(log_w - log_w.max(-1, keepdims=True))
    w /= w.sum(-1, keepdims=True)
    return torch.from_numpy((w**2 * (1.5 - 2 * z + e / s)).sum(-1))


# %% wrong, exercise 3: DReG itself
def landing(noise, mean, std):
    return dreg(Normal(mean, std), noise)


# %% wrong, exercise 3: an even share for each
def landing(noise, mean, std):
    z = mean + std * noise
    return (x_known - 2 * z + noise / std).mean(-1)


# %% wrong, exercise 3: the slope of the divergence, the same for every row, where K > 1
def landing(noise, mean, std):
    if noise.shape[1] == 1:
        return dreg(Normal(mean, std), noise)
    slope = (posterior.mean - mean) / std**2
    return slope.expand(len(noise))


# %% wrong, exercise 3: K times DReG
def landing(noise, mean, std):
    return noise.shape[1] * dreg(Normal(mean, std), noise)


# %% right, exercise 3: by automatic differentiation
def landing(noise, mean, std):
    noise = noise.clone().requires_grad_()
    log_w = gaussian_log_w(Normal(mean, torch.as_tensor(std)), noise)
    (path,) = torch.autograd.grad(log_w.sum(), noise)
    return (log_w.softmax(-1).detach() * path / std).sum(-1)


# %% right, exercise 3: each sample alone, and then the weighted mean
def landing(noise, mean, std):
    alone = dreg_by_hand(noise.reshape(-1, 1), mean, std).view_as(noise)
    return (gaussian_log_w(Normal(mean, std), noise).softmax(-1) * alone).sum(-1)


# equivalent, model: -1 → 1: an encoder's result has two axes
# equivalent, gradients: K, count=10000 → K, count=10001: a draw more
# equivalent, climb: seed=0 → seed=1: another draw of the noise, the same climb

# other data for the checks, where an assignment is marked
# hidden, exercise 1: [[1.0, 1, 1, 1], [1, 0, 0, 0], [2, 1, 1, 0]] → [[1.0, 2, 1, 3], [0, 0, 5, 0], [4, 1, 2, 2]]
# hidden, exercise 1: [[[3.0, 1]], [[1, 1]]] → [[[2.0, 5]], [[1, 3]]]
# hidden, exercise 2: (1, 0.3, 0.9), (8, 1.35, 0.5), (8, -2.0, 1.4) → (1, 0.5, 0.8), (6, 1.1, 0.6), (9, -1.5, 1.2)
# hidden, exercise 3: (1, 0.3, 0.9), (8, 1.35, 0.5), (8, -2.0, 1.4) → (1, 0.5, 0.8), (6, 1.1, 0.6), (9, -1.5, 1.2)
