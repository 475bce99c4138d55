"""What the chapter on the importance-weighted autoencoder must keep true."""

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
    assert (prize_ >= 0).all()
one_ = torch.randn(5, 1, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
for objective in OBJECTIVES.values():
    np.testing.assert_allclose(objective(one_), one_[:, 0], atol=1e-12)
assert list(OBJECTIVES) == ["VAE", "IWAE", "asker"]

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
np.testing.assert_allclose(log_p, stats.norm.logpdf(1.5, 0, np.sqrt(2)))
exact_ = gaussian_log_w(posterior, noise_)
np.testing.assert_allclose(exact_, log_p, atol=1e-6)
np.testing.assert_allclose([posterior.mean, posterior.stddev], [0.75, np.sqrt(0.5)], atol=1e-7)
s0_, s1_, d_ = off.stddev.item(), posterior.stddev.item(), 0.6
np.testing.assert_allclose(kl_qp, np.log(s1_ / s0_) + (s0_**2 + d_**2) / (2 * s1_**2) - 0.5)
np.testing.assert_allclose(kl_pq, np.log(s0_ / s1_) + (s1_**2 + d_**2) / (2 * s0_**2) - 0.5)

# %% the encoders climb to the posterior, and the asker's runs away
import inspect

assert inspect.signature(climb).parameters["K"].default == 50
assert z_axis[0] < 0.75 - 2.5
assert z_axis[-1] > reached["asker"].mean + reached["asker"].stddev
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
assert (abs(rows_[:, 0, 0] - (log_p - kl_qp)) < 5 * rows_[:, 0, 1]).all()
log_w_ = gaussian_log_w(off, normal(4000, 100, seed=100))
again_ = averages(100)
for (mean_, error_), f in zip(again_, OBJECTIVES.values(), strict=True):
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

# %% the digits: fourteen pixels a side, none in both sets, pixels on or off
assert train_grey.shape == (4800, 196)
assert test_grey.shape == test_images.shape == (200, 196)
assert 0 <= grey.min() < grey.max() <= 1
assert set(test_images.unique().tolist()) == {0, 1}
assert abs((test_images - test_grey).mean()) < 0.005
place_ = int((order == 7).nonzero())
wanted_ = (pixels[7].reshape(14, 2, 14, 2).mean((1, 3)) / 255).ravel()
np.testing.assert_allclose(grey[place_], wanted_, atol=1e-6)
assert torch.equal(some[:8].view(8, -1), test_grey[:8])

# %% log-weights by torch.distributions, for any number of samples, and for another q
from torch.distributions import Independent

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
assert VAE(2, hidden=5, pixels=9).decoder(torch.zeros(4, 2)).shape == (4, 9)
assert isinstance(VAE().encoder[1], nn.Tanh)
assert VAE().encoder[0].weight.shape == (64, 196)

# %% training: repeatable, one step for each rate, better than at the start
quick_ = [train(iwae_bound, 3, [0.01] * 40, latents=3, K=2, batch=5) for _ in range(2)]
for a, b in zip(quick_[0].parameters(), quick_[1].parameters(), strict=True):
    assert torch.equal(a, b)
other_ = train(iwae_bound, 4, [0.01] * 40, latents=3, K=2, batch=5)
assert not torch.equal(quick_[0].encoder[0].weight, other_.encoder[0].weight)
still_ = train(iwae_bound, 3, [], latents=3)
start_ = torch.equal(
    train(iwae_bound, 3, [0.0], latents=3).decoder[0].weight, still_.decoder[0].weight
)
assert start_
x_, noise_ = test_images, normal(200, 5, 3, seed=1, dtype=torch.float32)
gain_ = log_weights(quick_[0], x_, noise_).mean() - log_weights(still_, x_, noise_).mean()
assert gain_ > 20
assert len(RATES) == 700
np.testing.assert_allclose([RATES[0], RATES[-1]], [0.02, 0.001])
assert {len(ms) for ms in models.values()} == {3}

# %% test scores: groups of K, and what the table and the figure show
log_w_ = torch.randn(2, 3, 12, dtype=torch.float64)
found_ = bounds(log_w_, 4)
assert found_.shape == (2, 3)
wanted_ = np.mean([iwae_bound(log_w_[1, 2, i : i + 4]) for i in (0, 4, 8)])
np.testing.assert_allclose(found_[1, 2], wanted_)
np.testing.assert_allclose(bounds(log_w_, 1), log_w_.mean(-1))
noise_ = normal(200, 1000, 10, seed=2, dtype=torch.float32)
with torch.no_grad():
    wanted_ = log_weights(models["VAE"][2], test_images[20:40], noise_[20:40])
np.testing.assert_allclose(tested["VAE"][2, 20:40], wanted_, rtol=1e-4, atol=1e-3)
assert {tuple(t.shape) for t in tested.values()} == {(3, 200, 1000)}
for name, t in tested.items():
    levels_ = [bounds(t, K).mean().item() for K in counts]
    assert (np.diff(levels_) > -0.01).all(), f"{name}: more samples, a higher bound"
loss_ = {K: (bounds(tested["asker"], K) - bounds(tested["VAE"], K)).mean() for K in (1, 50, 1000)}
assert loss_[1] < 10 * loss_[50] < 0
assert loss_[1] < 10 * loss_[1000] or loss_[1000] > 0

# %% differences: the mean, and an error over images and one over seeds together
for K in (1, 50):
    gain_ = (bounds(tested["IWAE"], K) - bounds(tested["VAE"], K)).numpy()
    by_image, by_seed = gain_.mean(0), gain_.mean(1)
    error_ = np.hypot(by_image.std(ddof=1) / np.sqrt(200), by_seed.std(ddof=1) / np.sqrt(3))
    assert difference("IWAE", "VAE", K) == f"{gain_.mean():+.2f} ± {error_:.2f}"

# %% the gap taken apart: its parts add up, and no normal is better than q*
model_ = models["asker"][0]
x_ = test_images[:10]
near_ = fit_q(model_, x_)
noise_ = normal(10, 1000, 10, seed=4, dtype=torch.float32)
with torch.no_grad():
    own_, best_ = log_weights(model_, x_, noise_), log_weights(model_, x_, noise_, near_)
assert best_.mean() > own_.mean() + 3
for factor_ in (0.5, 2.0):
    with torch.no_grad():
        moved_ = near_[0], near_[1] + np.log(factor_)
        assert log_weights(model_, x_, noise_, moved_).mean() < best_.mean()
two_ = inference_gap(model_, x_)
whole_ = max(bounds(own_, 1000).mean(), bounds(best_, 1000).mean()) - own_.mean()
np.testing.assert_allclose(sum(two_), whole_, rtol=1e-3)
assert two_[1] > two_[0] > 0
for name, gap_ in gaps.items():
    assert gap_.shape == (3, 2)
    assert (gap_ > 0).all(), name
again_ = inference_gap(models["VAE"][0], test_images[torch.arange(50)])
np.testing.assert_allclose(gaps["VAE"][0], again_, rtol=1e-3)
np.testing.assert_allclose(unfit, [g[:, 0].mean() for g in gaps.values()], rtol=1e-6)
np.testing.assert_allclose(missed, [g[:, 1].mean() for g in gaps.values()], rtol=1e-6)
assert missed[2] > missed[1] > missed[0]
assert torch.equal(fit_q(model_, x_, steps=0)[0], model_.encode(x_)[0])

# %% two latents: the grid adds up a density, and the posterior is one
whole_ = Normal(0.0, 1.0).log_prob(grid).sum(-1).exp().sum() * (10 / 200) ** 2
np.testing.assert_allclose(whole_, 1, atol=1e-4)
found_ = log_joint(vae_2, test_images[0])
assert found_.shape == (201**2,)
with torch.no_grad():
    pixel_ = F.binary_cross_entropy_with_logits(
        vae_2.decoder(grid[4321]), test_images[0], reduction="sum"
    )
prior_ = Normal(0.0, 1.0).log_prob(grid[4321]).sum()
np.testing.assert_allclose(found_[4321], prior_ - pixel_ + 2 * np.log(1 / 20), rtol=1e-5)
assert set(planar) == set(OBJECTIVES)
np.testing.assert_allclose(dots, mean + log_std.exp() * normal(50, 2, seed=6))
half_ = train(vae_bound, 0, [RATES[i] for i in range(0, 700, 2)], latents=2)
assert torch.equal(half_.decoder[0].weight, planar["VAE"].decoder[0].weight)
assert share.shape == (10, 10_000)
weights_ = share.numpy().astype(float)
errors_ = abs(weights_.mean(1) - 1) / (weights_.std(1, ddof=1) / np.sqrt(10_000))
np.testing.assert_allclose(off_by, errors_.max(), rtol=1e-3)

# %% the small number: a straight line from the logit, a floor and no slope by way of the probability
np.testing.assert_allclose(guarded_log_off(torch.tensor(30.0)), np.log(1e-18), rtol=1e-5)
np.testing.assert_allclose(guarded_log_off(torch.tensor(1.0)), -np.log1p(np.e), rtol=1e-5)
assert guarded_slope[200] == 0
drawn_ = [line.get_ydata() for line in left.get_lines()]
np.testing.assert_allclose(drawn_[0][:100], drawn_[1][:100], atol=0.01)
np.testing.assert_allclose(guarded_slope[10], -1 / (1 + np.exp(-1)), rtol=1e-4)

# %% in practice: my loss has an IWAE's gradient, the asker's has not
np.testing.assert_allclose(push(my_loss, trial), -trial.softmax(-1), atol=1e-12)
assert (push(lambda w: -asker_number(w), trial) + trial.softmax(-1)).abs().max() > 0.1

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
np.testing.assert_allclose(snr["decoder"][2], (decoder[2].mean().abs() / decoder[2].std()).item())
np.testing.assert_allclose(snr["encoder"][3], (doubly[3].mean().abs() / encoder[3].std()).item())

# %% encoding once or fifty times gives the same weights
np.testing.assert_allclose(step(once=True), step(once=False), rtol=1e-4, atol=1e-3)
assert step(once=True).shape == (20, 50)
rows_ = []
encoder_ = models["IWAE"][0].encoder
hook_ = encoder_.register_forward_hook(lambda _, given, made: rows_.append(len(given[0])))
step(once=True)
step(once=False)
hook_.remove()
assert rows_ == [20, 1000]

# %% the staged rates: eight stages, each b times as long, from the rate to a tenth of it
plan_ = staged(2, 1e-4, 2550)
values_, lengths_ = np.unique(plan_, return_counts=True)
np.testing.assert_allclose(values_[::-1], 1e-4 * 10 ** (-np.arange(8) / 7))
np.testing.assert_array_equal(lengths_[::-1], 10 * 2 ** np.arange(8))
assert (np.diff(plan_) <= 0).all()
assert len(staged(3, 1e-3, 777)) == 777


# %% wrong, exercise 1: without the normalisation of logarithms
def effective_samples(log_w):
    w = log_w.exp()
    return w.sum(-1) ** 2 / w.square().sum(-1)


# %% wrong, exercise 1: the inverse of the largest weight
def effective_samples(log_w):
    return 1 / log_w.softmax(-1).amax(-1)


# %% right, exercise 1: shifted by the largest
def effective_samples(log_w):
    w = (log_w - log_w.amax(-1, keepdim=True)).exp()
    return w.sum(-1) ** 2 / w.square().sum(-1)


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
    return dreg_by_hand(noise, mean, std)


# %% wrong, exercise 3: an even share for each
def landing(noise, mean, std):
    z = mean + std * noise
    return (x_known - 2 * z + noise / std).mean(-1)


# %% right, exercise 3: by automatic differentiation
def landing(noise, mean, std):
    noise = noise.clone().requires_grad_()
    log_w = gaussian_log_w(Normal(mean, torch.as_tensor(std)), noise)
    (path,) = torch.autograd.grad(log_w.sum(), noise)
    return (log_w.softmax(-1).detach() * path / std).sum(-1)


# equivalent, exercise-1-solution: -1 → 1: the check hands in two axes
# equivalent, model: -1 → 1: an encoder's result has two axes
# equivalent, climb: seed=0 → seed=1: another draw of the noise, the same climb
# equivalent, two-latents: -1 → 1: the grid's points and pixels are two axes
# equivalent, claim-two-latents: log_std_2.detach() → log_std_2: nothing is learnt from it
