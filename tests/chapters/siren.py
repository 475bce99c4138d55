"""What the chapter on SIREN must keep true."""

# %% concludes: with gradient descent, where the gradients are really boosted, its square is.
for (name_, _, step_), gap_ in apart.items():
    same_ = step_ == {"gradient descent": 4, "Adam": 2}[name_]
    assert (gap_ == 0) == same_, (name_, step_)

# %% concludes: here the start counts, and the step does not
means_ = maps["first"].mean(axis=2)
assert 4 * np.ptp(means_, axis=0).max() < np.ptp(means_, axis=1).min()

# %% concludes: Frozen, this layer costs less than a decibel; frozen hidden layers or a frozen output cost many.
costs_ = {
    p: np.subtract(*found.mean(axis=2)[[1, 0], found.shape[1] // 2]) for p, found in maps.items()
}
assert costs_["first"] < 1
assert min(costs_["hidden"], costs_["output"]) > 5

# %% concludes: The best limit lies far below Nyquist's
assert 0 < maps["first"].mean(axis=(0, 2)).argmax() < 4
assert best < np.pi / 3

# %% concludes: that does to the waves what $\omega_0$ does, and leaves the biases alone, at no cost here.
for factor_ in (1 / 2, 2):
    by_scale_, by_omega_ = (
        scores(small, 9, **o) for o in ({"scale": factor_}, {"omega_0": 30 * factor_})
    )
    assert abs(by_scale_.mean() - by_omega_.mean()) < max(1, 2 * by_omega_.std())

# %% concludes: Both count. Layers that start four times as far learn next to nothing, at any of the three steps.
means_ = maps["hidden"].mean(axis=2)
assert np.ptp(means_, axis=0).max() > 3
assert np.ptp(means_, axis=1).max() > 3
gains_ = means_ + 10 * math.log10(small.var())
assert gains_[:, 4].max() < gains_[1, 2] / 4

# %% concludes: At our step a smaller start costs nothing. The notes' factor of 30 goes along the arrow, and costs more by the start (the cell right of ours) than by the step (the cell above).
means_ = maps["output"].mean(axis=2)
assert means_[1, 0] > means_[1, 1] - 1
assert means_[1, 2] < means_[2, 1] < means_[1, 1]

# %% concludes: Without the thirty the sine costs nothing; without the sine the thirty costs decibels.
assert abs(np.median(output["sin(z)"]) - np.median(ours)) < 1
assert np.median(output["30 z"]) < np.median(ours) - 3

# %% concludes: So the thirty is the cost, in whole or in most part.
loss_, rest_ = (np.median(ours) - np.median(output[n]) for n in ("sin(30 z)", "30 z"))
assert rest_ > loss_ / 2

# %% concludes: Behind the thirty, the sine gives some back in the median, and so does a $\tanh$ in its place.
bare_, forward_ = np.median(output["30 z"]), Siren.forward
Siren.forward = lambda self, x: torch.tanh(self.phases(x)[-1])
try:
    instead_ = np.median(scores(small, 18, omega_output=30.0))
finally:
    Siren.forward = forward_
assert bare_ < min(instead_, np.median(output["sin(30 z)"])) < np.median(ours)

# %% concludes: even its best run errs more than twice as much as the worst of our recipe
gains_ = np.array(long["all four"]) + 10 * math.log10(small.var())
assert gains_.max() > 10 * math.log10(2)  # it learns
assert max(long["all four"]) < min(long["our recipe"]) - 20 * math.log10(2)

# %% concludes: Every run with one of them stays below every run without.
for name_ in ("first layer", "constant rate", "sine output"):
    assert max(long[name_]) < min(long["our recipe"] + long["biases"])
assert max(long["all four"]) < min(long["our recipe"] + long["biases"])

# %% concludes: the constant rate costs far more after 1100 batches than after 100
costs_ = [
    np.median(found["our recipe"]) - np.median(found["constant rate"]) for found in (short, long)
]
assert costs_[1] > max(3, 3 * costs_[0])

# %% concludes: The notes' biases cost less than any of the three.
three_ = [np.median(long[name]) for name in ("first layer", "constant rate", "sine output")]
assert np.median(long["biases"]) > max(three_)

# %% concludes: From network to network the largest product that works differs by four times or more, the largest $\delta$ that works by less than two
assert works.max() / works.min() >= 4
assert reach.max() / reach.min() < 2

# %% concludes: Their full width stands at the edge: $\delta$ is about a quarter turn, with our $64 \times 64$ pixels as with their $256 \times 256$.
for delta_ in (deltas[128], full_size):
    assert np.pi / 4 < delta_ < np.pi
assert list(deltas.values()) == sorted(deltas.values())

# %% concludes: On ours neither of these two runs learns the photograph
assert max(wide) < grey

# elsewhere, opening: True), (64, 64) → True), (48, 48): a smaller picture, at the same ω₀ in a wider band
# elsewhere, descend: steps=100 → steps=200: twice as many steps
# elsewhere, siren: width=32 → width=48: wider layers
# elsewhere, siren: depth=4 → depth=3: one layer less
# here only, On ours neither of these two runs learns the photograph: at the edge it depends on the picture and on chance

# %% centres of pixels: rows first, half a pixel from the rim, the longer side spans [−1, 1]
import pytest

for shape in ((4, 4), (2, 5), (6, 1), (1, 1)):
    found = pixel_centres(shape).reshape(*shape, 2).numpy()
    h, w = shape
    for i in range(h):
        for j in range(w):
            wanted = np.array([2 * i + 1 - h, 2 * j + 1 - w]) / max(h, w)
            np.testing.assert_allclose(found[i, j], wanted, atol=1e-6)
np.testing.assert_array_equal(pixel_centres(np.array((2, 5))), pixel_centres((2, 5)))
for shape in ((3,), (0, 4), (2, 3, 4), (2.5, 3), (-1, 2)):
    with pytest.raises(ValueError, match=r"^shape is .* it must be two whole numbers above 0"):
        pixel_centres(shape)

# %% the network: layers, ω₀, starts, steps, and the ranges of weights and biases
import pytest

for options, omegas in (
    ({}, [30, 30, 30, 30, 1]),
    ({"omega_0": 7.0, "omega_hidden": 60.0, "start": {"hidden": 3}}, [7, 60, 60, 60, 1]),
    ({"omega_output": 20.0, "start": {"first": 2, "output": 5}}, [30, 30, 30, 30, 20]),
):
    net = siren(20, 40, channels=3, seed=3, step={"first": 2, "output": 7}, **options)
    assert [layer.omega_0 for layer in net] == omegas
    assert [layer.step for layer in net] == [2, 1, 1, 1, 7]
    assert [tuple(one.weight.shape) for one in net] == [
        (20, 2, 40),
        (20, 40, 40),
        (20, 40, 40),
        (20, 40, 40),
        (20, 40, 3),
    ]
    starts_ = dict(options.get("start", {}))
    limits_ = [0.5 * starts_.get("first", 1)]
    limits_ += 3 * [math.sqrt(6 / 40) / omegas[1] * starts_.get("hidden", 1)]
    limits_ += [math.sqrt(6 / 40) / 30 * starts_.get("output", 1)]
    for layer, limit in zip(net, limits_, strict=True):
        for values_ in (layer.weight, layer.bias):
            assert 0.9 * limit < values_.max() <= limit
            assert -limit <= values_.min() < -0.9 * limit
wider = siren(5, 40, default_biases=True)
assert 0.8 / math.sqrt(40) < wider[1].bias.abs().max() <= 1 / math.sqrt(40)
assert 0.8 / math.sqrt(2) < wider[0].bias.abs().max() <= 1 / math.sqrt(2)
assert torch.equal(siren(seed=5)[0].weight, siren(seed=5)[0].weight)
assert not torch.equal(siren(seed=5)[0].weight, siren(seed=6)[0].weight)
for bad_, words_ in (
    ({"runs": 0}, "runs is 0; it must be a whole number above 0"),
    ({"width": -1}, "width is -1; it must be a whole number above 0"),
    ({"width": 32.5}, "width is 32.5; it must be a whole number above 0"),
    ({"depth": 2.0}, "depth is 2.0; it must be a whole number above 0"),
    ({"omega_hidden": 0}, "omega_hidden is 0; it must be a number above 0"),
    ({"omega_0": math.nan}, "omega_0 is nan; it must be a number above 0"),
    ({"omega_0": "30"}, "omega_0 is '30'; it must be a number above 0"),
    ({"omega_output": math.inf}, "omega_output is inf; it must be a number above 0"),
    ({"runs": True}, "runs is True; it must be a whole number above 0"),
    ({"scale": 0}, "scale is 0; it must be a number above 0"),
    ({"start": {"middle": 4}}, r"start is {'middle': 4}; it must be {place: factor}, of first,"),
    ({"step": {"last": 4}}, r"step is {'last': 4}; it must be {place: factor}, of first, hidden"),
    ({"step": {"hidden": -1}}, r"step is {'hidden': -1}; it must be {place: factor}, .* from 0"),
    ({"start": {"first": "2"}}, r"start is {'first': '2'}; it must be {place: factor}"),
    ({"start": {"first": math.inf}}, r"start is {'first': inf}; it must be {place: factor}"),
    ({"start": "2"}, "start is '2'; it must be {place: factor}"),
    ({"training": {"steps": 0}}, "steps is 0; it must be a whole number above 0"),
    ({"training": {"lr": -1}}, "lr is -1; it must be a number above 0"),
):
    with pytest.raises(ValueError, match=f"^{words_}"):
        fit(small[:4, :4], **bad_)
for slip_ in ({"steps": 5}, {"cosine": False}, {"lr": 0.1}, {"watch": id}, {"optimizer": adam}):
    with pytest.raises(TypeError, match=r"belongs in training, such as training={'steps': 5}"):
        fit(small[:4, :4], **slip_)
for fine_ in (
    {"runs": np.int64(2)},
    {"start": {"output": 0}},
    {"step": {"first": np.float32(2)}},
    {"omega_0": np.float32(3)},
    {"omega_0": 3},
):
    fit(small[:4, :4], training={"steps": 1}, **fine_)

# %% networks side by side are sin(ω₀(Wx + b)) by NumPy, each with its own weights
options_ = {"seed": 2, "omega_0": 11.0, "omega_hidden": 23.0, "omega_output": 5.0}
net = siren(3, 8, scale=0.7, **options_).double()
x_ = np.random.default_rng(0).uniform(-1, 1, (5, 2))
together_ = net(torch.from_numpy(x_)).detach()
assert together_.shape == (3, 5, 1)
phases_ = net.phases(torch.from_numpy(x_))
assert [tuple(z.shape) for z in phases_] == 4 * [(3, 5, 8)] + [(3, 5, 1)]
for run_ in range(3):
    h_ = 0.7 * x_
    for layer, omega, found_ in zip(net, (11, 23, 23, 23, 5), phases_, strict=True):
        w_, b_ = (p[run_].detach().numpy() for p in layer.parameters())
        z_ = omega * (h_ @ w_ + b_)
        np.testing.assert_allclose(found_[run_].detach(), z_, atol=1e-10)
        h_ = np.sin(z_)
    np.testing.assert_allclose(together_[run_], z_, atol=1e-10)
with_sine_ = siren(3, 8, scale=0.7, sine_output=True, **options_).double()
np.testing.assert_allclose(
    with_sine_(torch.from_numpy(x_)).detach(), torch.sin(together_), atol=1e-10
)

# %% batches: every index once a round, in a new order each round and run, without end
stream = batches(2, 11, seed=1)
rounds = [torch.cat(list(itertools.islice(stream, 6)), dim=1).tolist() for _ in range(3)]
for one_ in rounds:
    assert [sorted(order) for order in one_] == 2 * [list(range(11))]
assert rounds[0] != rounds[1]
assert rounds[0][0] != rounds[0][1]
assert torch.cat(list(itertools.islice(batches(2, 11, 1), 6)), dim=1).tolist() == rounds[0]
assert next(batches(1, 4096, 0)).shape == (1, 410)

# %% training side by side is training alone, by torch's own optimisers, each place at its own rate
x_ = pixel_centres((6, 5)).double().to(device)
y_ = (x_[:, :1] * x_[:, 1:]).clone()
seen_ = []
for choice_, eps_ in ((adam, {"eps": 1e-30}), (torch.optim.SGD, {})):
    options_ = {"lr": 2e-3, "steps": 12, "seed": 4, "optimizer": choice_}
    pair_ = siren(2, 8, step={"hidden": 0.25, "output": 3}).double()
    alone_ = [copy.deepcopy(pair_) for _ in range(2)]
    losses_ = train(pair_, x_, y_, watch=seen_.append, **options_)
    assert losses_.shape == (12, 2)
    for run_, one_ in enumerate(alone_):
        for layer in one_:
            layer.weight.data = layer.weight.data[run_ : run_ + 1]
            layer.bias.data = layer.bias.data[run_ : run_ + 1]
        rates_ = [2e-3] + 3 * [5e-4] + [6e-3]
        kind_ = torch.optim.Adam if eps_ else torch.optim.SGD
        descent_ = kind_(
            [{"params": a.parameters(), "lr": r} for a, r in zip(one_, rates_, strict=True)], **eps_
        )
        fall_ = torch.optim.lr_scheduler.CosineAnnealingLR(descent_, 12)
        stream = batches(2, 30, 4)
        for step_ in range(12):
            batch = next(stream)[run_]
            loss_ = ((one_(x_[batch]) - y_[batch]) ** 2).mean()
            np.testing.assert_allclose(losses_[step_, run_], loss_.item(), rtol=1e-6)
            descent_.zero_grad()
            loss_.backward()
            descent_.step()
            fall_.step()
        for a, b in zip(one_.parameters(), pair_.parameters(), strict=True):
            np.testing.assert_allclose(a[0].detach().cpu(), b[run_].detach().cpu(), atol=1e-8)
assert len(seen_) == 24
falls_, steady_ = (
    train(siren(1, 8).double(), x_, y_, lr=2e-3, cosine=cosine, steps=12)[:, 0]
    for cosine in (True, False)
)
assert falls_[0] == steady_[0]
assert falls_[-1] != steady_[-1]
usual_ = train(siren(1, 8).double(), x_, y_, lr=1e-3, steps=12)[:, 0]
np.testing.assert_array_equal(train(siren(1, 8).double(), x_, y_, steps=12)[:, 0], usual_)

# %% fit and render: grey and colour, oblong, at other sizes
quick_ = {"training": {"steps": 60}}
for shown_ in (load_image("chelsea", size=(12, 20)), load_image("camera", size=(18, 9), gray=True)):
    fitted, curves_ = fit(shown_, 2, omega_0=8.0, **quick_)
    assert curves_.shape == (60, 2)
    assert render(fitted, shown_.shape[:2]).shape == (2, *shown_.shape)
    assert render(fitted, (30, 7)).shape == (2, 30, 7, *shown_.shape[2:])
    assert psnr(render(fitted, shown_.shape[:2])[1], shown_) > 15
    held_ = [psnr(one_, shown_) for one_ in render(fitted, shown_.shape[:2])]
    np.testing.assert_allclose(scores(shown_, 2, omega_0=8.0, **quick_), held_)
assert render(siren(), (1, 8)).shape == (1, 1, 8)
assert render(siren(2, channels=3), (1, 8)).shape == (2, 1, 8, 3)
flat_ = siren(2)(pixel_centres((90, 80)).to(device))[..., 0].detach().cpu() + 0.5
np.testing.assert_allclose(render(siren(2), (90, 80)).reshape(2, -1), flat_, atol=1e-6)

# %% bad pictures: the right result, or a message that names the argument and what it may be
import pytest

good_ = np.random.default_rng(0).random((6, 5, 3))
holed_ = good_.copy()
holed_[2, 3, 1] = np.nan
endless_ = good_.copy()
endless_[2, 3, 1] = np.inf
for bad, words in (
    (255 * good_, r"picture reaches from .* it must be in \[0, 1\]"),
    (-good_, r"picture reaches from .* it must be in \[0, 1\]"),
    (np.uint8(255 * good_), r"picture has whole numbers .* floats in \[0, 1\]"),
    (np.ones((6, 5, 4)), r"picture has shape \(6, 5, 4\); it must be \(H, W\) or \(H, W, 3\)"),
    (np.moveaxis(good_, 2, 0), r"picture has shape \(3, 6, 5\); it must be"),
    (holed_, "picture has NaN"),
    (np.ma.masked_array(good_, good_ > 0.5), "picture has NaN; .* fill what is missing"),
    (endless_, r"picture reaches from .* to inf; it must be in \[0, 1\]"),
    (np.zeros(5), "picture has shape"),
    (np.zeros((0, 4)), "picture has shape"),
):
    with pytest.raises(ValueError, match=words):
        fit(bad, 1, training={"steps": 2})
for fine_ in (
    np.full((1, 1), 0.3),
    good_[:1],
    np.full((7, 9), 0.25),
    np.random.default_rng(1).random((3, 2000)) * 0.1 + 0.4,
    good_ > 0.5,
):
    tried_ = fit(fine_, 1, omega_0=max(fine_.shape[:2]) / 2, training={"steps": 100})[0]
    held_ = render(tried_, fine_.shape[:2])[0]
    assert held_.shape == fine_.shape
    assert np.isfinite(held_).all()
    assert fine_.std() > 0.2 or psnr(held_, fine_) > 18

# %% the opening's picture: a blur, the photographer and grain
assert small.shape == (64, 64)
assert {drawn[name].shape for name in drawn} == {(256, 256)}
blurs = [drawn[f"$\\omega_0 = {w}$"] for w in (3, 30, 100)]
roughness = [abs(np.diff(one_, axis=1)).mean() for one_ in blurs]
assert roughness[0] < roughness[1] < roughness[2]
truth_ = resize(load_image("camera", gray=True), (256, 256), anti_aliasing=True)
nearest = [psnr(np.clip(one_, 0, 1), truth_) for one_ in blurs]
assert max(nearest) == nearest[1]
edge_first_ = np.linspace(0, 1, 8) * np.ones((8, 1))
for turn_ in (np.asarray, np.transpose):
    learnt_ = sketch(turn_(edge_first_), 3, 16)
    assert psnr(learnt_[::1, ::1], resize(turn_(edge_first_), (16, 16), order=1)) > 18

# %% start and step: what ω₀ does to each, and what the first step of Adam is
for place_, factors_ in (("first", (2, 2)), ("hidden", (1, 2)), ("output", (2, 2))):
    ratio_ = np.divide(plane[place_, "twice"], plane[place_, "ours"])
    np.testing.assert_allclose(ratio_[0], factors_[0], rtol=1e-5)
    np.testing.assert_allclose(ratio_[1], factors_[1], rtol=0.25)  # signs of other gradients
at_ = pixel_centres((16, 16)).to(device)
found_ = siren(3).phases(at_)[1].detach().square().mean().sqrt().item()
np.testing.assert_allclose(plane["hidden", "ours"][0], found_, rtol=1e-5)
near_ = start_and_step(0)[1] / (30 * 1e-3)  # signs of three gradients, ±x ± y ± 1
assert 1 < near_ < 2
for text_ in plane_axis.texts:
    for place_ in {text_.get_position(), getattr(text_, "xy", text_.get_position())}:
        assert plane_axis.viewLim.contains(*place_), text_
arrows_ = [text.get_text() for text in plane_axis.texts]
assert arrows_ == ["", "first", "", "hidden", "", "output"]

# %% with PyTorch's biases ω₀ also spreads the phases
first_losses_ = [losses("Adam", omega_hidden=w, default_biases=True)[0] for w in (30.0, 60.0)]
assert abs(np.divide(*first_losses_) - 1).min() > 1e-4
starts_ = [losses("Adam", omega_hidden=w)[0] for w in (30.0, 60.0)]
np.testing.assert_array_equal(*starts_)

# %% without an ω₀ of a power of two, and with Adam's own eps, the law holds to a few digits
plain_ = functools.partial(torch.optim.Adam, eps=1e-8)
for optimizer_, omega_ in ((adam, 90.0), (plain_, 60.0)):
    training_ = {"optimizer": optimizer_, "steps": 20}
    one_ = fit(small, 3, omega_hidden=omega_, training=training_)[1]
    other_ = fit(small, 3, step={"hidden": omega_ / 30}, training=training_)[1]
    assert 0 < abs(other_ / one_ - 1).max() < 0.01

# %% the maps: what each cell is
assert [found.shape for found in maps.values()] == [(3, 5, 2), (3, 5, 2), (3, 3, 2)]
for place_, found in maps.items():
    starts_, steps_ = FACTORS[place_]
    again_ = scores(small, 2, start={place_: starts_[1]}, step={place_: steps_[2]})
    np.testing.assert_allclose(found[2, 1], again_, atol=1)
    np.testing.assert_allclose(found[1, len(starts_) // 2], scores(small, 2), atol=1)
at_, moved_ = pixel_centres((5, 4)).to(device), siren(2)
train(moved_, at_, at_[:, :1], steps=3)
held_ = siren(2, step={"first": 0})
train(held_, at_, at_[:, :1], steps=3)
assert torch.equal(held_[0].weight, siren(2)[0].weight)
assert not torch.equal(moved_[0].weight, siren(2)[0].weight)
shown_ = [text.get_text() for text in maps_figure.axes[0].texts][:15]
assert shown_ == [f"{mean:.0f}" for mean in maps["first"].mean(axis=2).ravel()]
np.testing.assert_allclose(BAND, np.array([7.5, 15, 30, 60, 120]) / len(small))
assert best == BAND[maps["first"].mean(axis=2).mean(axis=0).argmax()]

# %% the output: ω₀ of 30 is thirty times the start and thirty times the step
assert {len(found) for found in output.values()} == {18}
training_ = {"training": {"steps": 10}}
one_ = fit(small, 2, omega_output=30.0, **training_)[1]
two_ = fit(small, 2, start={"output": 30}, step={"output": 30}, **training_)[1]
np.testing.assert_allclose(one_, two_, rtol=0.01)
for name_, options_ in (
    ("sin(z)", {"sine_output": True}),
    ("30 z", {"omega_output": 30.0}),
    ("sin(30 z)", {"omega_output": 30.0, "sine_output": True}),
):
    again_ = np.median(scores(small, 18, **options_))
    assert abs(again_ - np.median(output[name_])) < 1

# %% the notes' lines: what each is
wanted_ = {
    "omega_0": 7.5,
    "scale": 1 / 2,
    "start": {"first": math.sqrt(2)},
    "default_biases": True,
    "training": {"cosine": False},
    "omega_output": 30.0,
    "sine_output": True,
}
assert wanted_ == NOTES
assert {k: v for one in LINES.values() for k, v in one.items()} == NOTES
assert abs(siren(9, **{k: v for k, v in NOTES.items() if k != "training"})[0].weight).max() > 0.7
assert list(RECIPES) == ["our recipe", *LINES, "all four"]
assert RECIPES["all four"] == NOTES
assert not siren().sine_output
assert {name: len(found) for name, found in short.items()} == dict.fromkeys(RECIPES, 6)
assert {name: len(found) for name, found in long.items()} == {
    name: 6 if name == "all four" else 3 for name in RECIPES
}
assert all(losses_.shape == (1100, len(long[name])) for name, (_, losses_) in fits.items())
np.testing.assert_allclose(
    short["constant rate"], scores(small, 6, training={"cosine": False}), atol=0.5
)
shown_ = lines_axis.get_lines()
np.testing.assert_allclose(shown_[0].get_xdata(), short["our recipe"])
np.testing.assert_allclose(shown_[6].get_xdata(), long["our recipe"])
assert {line_.get_ydata()[0] for line_ in (shown_[4], shown_[10])} == {-4 + 0.15, -4 - 0.15}

# %% in practice: with w0 = 1, siren-pytorch starts its output thirty times as far, and no rate takes it back
library_ = {"omega_hidden": 1.0, "start": {"output": 30}}
for step_ in ({"hidden": 30}, {"hidden": 30, "output": 30}, {"hidden": 30, "output": 1 / 30}):
    assert scores(small, 3, step=step_, **library_).max() < ours.min() - 3
assert scores(small, 3, omega_hidden=1.0, step={"hidden": 30}).max() > ours.min()

# %% the notes' size: as many parameters as theirs, a quarter of the sides and of the width as many a pixel
theirs_ = sum(w.numel() for w in siren(1, 128, sine_output=True).parameters())
assert theirs_ == 50049
assert abs(sum(w.numel() for w in siren().parameters()) / 64**2 / (theirs_ / 256**2) - 1) < 0.1

# %% their log: near a half at first, and the last loss of the same order as the median here
last_ = np.median(fits["all four"][1][-11:].mean(axis=0))
assert 0.1 < last_ / (0.001795 * 10 / 11) < 10
assert abs(middle / last_ - 1) < 1
assert 0.4 < 0.562069 * 10 / 11 < 0.6
assert low <= middle <= high
assert [psnr(image, small) for image in fits["all four"][0]] == long["all four"]
assert len(shown) == 3
assert np.array_equal(
    shown[f"our recipe, {long['our recipe'][0]:.1f} dB"], fits["our recipe"][0][0]
)

# %% the cliff: what is measured
assert gain.shape == move.shape == (6, 6)
assert list(NETWORKS.values())[3:] == [{"width": 128}, {"depth": 2}, {"depth": 8}]
np.testing.assert_allclose(STEP_FACTORS, [0.5, 1, 2, 4, 8, 16])
grey_ = psnr(np.full_like(small, small.mean()), small)
gains_ = [
    scores(small, 2, width=16, step={"hidden": f}, training={"steps": 40}).mean() - grey_
    for f in STEP_FACTORS
]
np.testing.assert_allclose(gain[0], np.divide(gains_, max(gains_)), atol=0.03)
assert (gain.max(axis=1) == 1).all()
seen_, at_ = [], pixel_centres((16, 16)).to(device)
training_ = {"steps": 2, "watch": lambda net: seen_.append(net.phases(at_)[3].detach())}
fit(small, 3, width=32, step={"hidden": 4.0}, training=training_)
np.testing.assert_allclose(
    move[1, 3], (seen_[1] - seen_[0]).square().mean().sqrt().item(), rtol=1e-3
)
for row_, product_ in zip(gain, works, strict=True):
    assert product_ == 0.03 * max(f for f, g in zip(STEP_FACTORS, row_, strict=True) if g > 0.5)
for row_, moved_, most_ in zip(gain, move, reach, strict=True):
    assert most_ == max(m for m, g in zip(moved_, row_, strict=True) if g > 0.5)
assert reach.max() == move[gain > 0.5].max()
line_ = cliff_axis.get_lines()[1]
np.testing.assert_allclose(line_.get_xydata(), np.stack([move[1], gain[1]], axis=1))
angle_ = np.random.default_rng(0).normal(0, 1.3, 100000)
np.testing.assert_allclose(np.cos(angle_).mean(), np.exp(-(1.3**2) / 2), atol=0.01)

# %% the notes' width: what is measured
seen_, at_ = [], pixel_centres((16, 16)).to(device)
watch_ = {"steps": 2, "watch": lambda net: seen_.append(net.phases(at_)[3].detach())}
fit(small, 3, **NOTES | {"width": 128, "training": watch_})
np.testing.assert_allclose(
    deltas[128], (seen_[1] - seen_[0]).square().mean().sqrt().item(), rtol=1e-3
)
assert large.shape == (256, 256)
assert len(wide) == 2
np.testing.assert_allclose(grey, -10 * math.log10(small.var()))

# %% the answers: what they are read from
assert alike == [("gradient descent", "hidden", 4), ("Adam", "hidden", 2)]
assert loss == np.median(ours) - np.median(output["sin(30 z)"])
assert rest == np.median(ours) - np.median(output["30 z"])
assert products == dict(zip(WIDTHS, works[:4].round(2).tolist(), strict=True))

# %% in practice: half a radian a pixel, finer at twice the size, and a smaller step for wide layers
assert mine[0].omega_0 == 72
assert psnr(held_own, own) > 28
assert finer.shape == (192, 288, 3)
halved_ = finer.reshape(96, 2, 144, 2, 3).mean(axis=(1, 3))
assert psnr(halved_, own) > 25
whole_, half_ = (scores(small, 1, width=256, step={"hidden": s})[0] for s in (1, 1 / 2))
assert half_ > whole_ + 3


# %% asked elsewhere: biases outside of ω₀, coordinates that are pixel numbers, and ω₀ of one behind the first layer
original_ = siren


def siren(*sizes, outside=False, **options):
    """Start PyTorch's biases as in sin(ω₀ W x + b)."""
    network = original_(*sizes, default_biases=outside, **options)
    for layer in network:
        layer.bias.data /= 30 if outside else 1
    return network


assert abs(scores(small, 3, outside=True).mean() - ours.mean()) < 1
assert scores(small, 1, scale=len(small) / 2).max() < 3 - 10 * math.log10(small.var())
ones_ = scores(small, 3, omega_hidden=1.0, step={"hidden": 30})
np.testing.assert_allclose(ones_.mean(), scores(small, 3).mean(), atol=1)
assert scores(small, 3, omega_hidden=1.0).mean() < ours.mean() - 3

# %% where the spread of phases settles
v_ = settled(1, 0.3) ** 2
np.testing.assert_allclose(v_, 1 - math.exp(-2 * v_) + 0.3**2 / 3)
v_ = settled(2, 0.1) ** 2
np.testing.assert_allclose(v_, 4 * (1 - math.exp(-2 * v_)) + 0.1**2 / 3)
assert deep().shape == (6, 1, 1000, 512)
assert deep(gain=30.0)[0].std() > 20 * deep()[0].std()
bounds_ = (1, np.sqrt(6 / 512)), (1, 30 / np.sqrt(512)), (30, np.sqrt(6 / 512))
np.testing.assert_allclose([value for _, value in starts.values()], [settled(*b) for b in bounds_])
draw_ = torch.rand(1000, 2, generator=torch.Generator().manual_seed(2)).to(device)
within_ = siren(1, 512, 9).phases((2 * (draw_ - 0.5)).to(device))[3].detach()
np.testing.assert_allclose(deep()[0].cpu(), within_.cpu(), atol=1e-4)
np.testing.assert_allclose(
    ratios[1], starts["the code's biases"][0].std().item() / settled(*bounds_[1])
)
assert abs(farthest - 1) == max(abs(ratio - 1) for ratio in ratios)

# %% torn: the notes' grid gives other pixels' places, and rows first does not
np.testing.assert_array_equal(torn, as_told(cat, pairs))
assert torn.shape == cat.shape
assert not np.allclose(torn, cat)
values_ = np.arange(6.0).reshape(2, 3)
straight_ = np.array([[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]])
np.testing.assert_array_equal(as_told(values_, straight_), values_)
np.testing.assert_array_equal(as_told(values_, straight_[::-1]), values_[::-1, ::-1])
assert pairs[:3].tolist() == [[0, 0], [1, 0], [2, 0]]


# %% wrong, exercise 1: columns first
def grid_indices(shape):
    columns, rows = np.meshgrid(np.arange(shape[1]), np.arange(shape[0]))
    return np.stack([columns.ravel(), rows.ravel()], axis=1)


# %% wrong, exercise 1: right for squares only
def grid_indices(shape):
    side = shape[0]
    indices = np.stack(np.divmod(np.arange(np.prod(shape)), side), axis=1)
    return np.minimum(indices, np.array(shape) - 1)


# %% right, exercise 1: NumPy's own
def grid_indices(shape):
    return np.argwhere(np.ones(shape))


# %% wrong, exercise 2: the weights stay
def in_other_units(network, omega):
    other = copy.deepcopy(network)
    for layer in other[1:-1]:
        layer.omega_0 = omega
    return other


# %% wrong, exercise 2: the factor of the step upside down
def in_other_units(network, omega):
    other = copy.deepcopy(network)
    for layer in other[1:-1]:
        factor = layer.omega_0 / omega
        layer.weight.data *= factor
        layer.bias.data *= factor
        layer.omega_0, layer.step = omega, layer.step / factor
    return other


# %% wrong, exercise 2: the square, as for gradient descent
def in_other_units(network, omega):
    other = copy.deepcopy(network)
    for layer in other[1:-1]:
        factor = layer.omega_0 / omega
        layer.weight.data *= factor
        layer.bias.data *= factor
        layer.omega_0, layer.step = omega, layer.step * factor**2
    return other


# %% wrong, exercise 2: the step forgets what it was
def in_other_units(network, omega):
    other = copy.deepcopy(network)
    for layer in other[1:-1]:
        factor = layer.omega_0 / omega
        layer.weight.data *= factor
        layer.bias.data *= factor
        layer.omega_0, layer.step = omega, factor
    return other


# %% wrong, exercise 2: the biases stay
def in_other_units(network, omega):
    other = copy.deepcopy(network)
    for layer in other[1:-1]:
        factor = layer.omega_0 / omega
        layer.weight.data *= factor
        layer.omega_0, layer.step = omega, factor * layer.step
    return other


# %% wrong, exercise 2: the output too
def in_other_units(network, omega):
    other = copy.deepcopy(network)
    for layer in other[1:]:
        factor = layer.omega_0 / omega
        layer.weight.data *= factor
        layer.bias.data *= factor
        layer.omega_0, layer.step = omega, factor * layer.step
    return other


# %% wrong, exercise 2: in place
def in_other_units(network, omega):
    for layer in network[1:-1]:
        factor = layer.omega_0 / omega
        layer.weight.data *= factor
        layer.bias.data *= factor
        layer.omega_0, layer.step = omega, factor * layer.step
    return network


# %% right, exercise 2: by the state of the network
def in_other_units(network, omega):
    other = copy.deepcopy(network)
    factor = network[1].omega_0 / omega
    state = other.state_dict()
    for key in state:
        if 1 <= int(key.split(".")[0]) < len(other) - 1:
            state[key] = state[key] * factor
    other.load_state_dict(state)
    for index in range(1, len(other) - 1):
        other[index].omega_0 = omega
        other[index].step *= factor
    return other


# %% right, exercise 2: a new network, in single precision
def in_other_units(network, omega):
    runs, _, width = network[0].weight.shape
    other = siren(runs, width, len(network) - 1, omega_hidden=omega)
    with torch.no_grad():
        for one, was in zip(other, network, strict=True):
            factor = was.omega_0 / one.omega_0
            one.weight.copy_(factor * was.weight)
            one.bias.copy_(factor * was.bias)
            one.step = factor * was.step
    return other


# %% wrong, exercise 3: the middle one
def choose_omega(damaged, candidates):
    return sorted(candidates)[1]


# %% wrong, exercise 3: the best fit at the known pixels, which it has seen
def choose_omega(damaged, candidates):
    return min(candidates, key=lambda w: np.nanmean((filled(damaged, w) - damaged) ** 2))


# %% wrong, exercise 3: pixels that it has seen and pixels that it has not, together
def choose_omega(damaged, candidates):
    hide = np.random.default_rng(0).random(damaged.shape) < 0.25
    rest = np.where(hide, np.nan, damaged)
    return min(candidates, key=lambda w: np.nanmean((filled(rest, w) - damaged) ** 2))


# %% wrong, exercise 3: hides pixels behind the mean of the others
def choose_omega(damaged, candidates):
    hide = np.random.default_rng(0).random(damaged.shape) < 0.25
    rest = np.where(hide, np.nanmean(damaged), damaged)
    return min(candidates, key=lambda w: np.nanmean((filled(rest, w) - damaged)[hide] ** 2))


# %% wrong, exercise 3: whatever is nearest to the paper's
def choose_omega(damaged, candidates):
    return min(candidates, key=lambda w: abs(math.log(w / 30)))


# %% wrong, exercise 3: one block is hidden, and not pixels over the whole picture
def choose_omega(damaged, candidates):
    rest = damaged.copy()
    rest[20:40, 20:40] = np.nan
    lost = np.isnan(rest)
    return min(candidates, key=lambda w: np.nanmean((filled(rest, w) - damaged)[lost] ** 2))


# %% wrong, exercise 3: the worst at what it hides
def choose_omega(damaged, candidates):
    hide = np.random.default_rng(2).random(damaged.shape) < 0.2
    rest = np.where(hide, np.nan, damaged)
    return max(candidates, key=lambda w: np.nanmean((filled(rest, w) - damaged)[hide] ** 2))


# %% right, exercise 3: a checkerboard hides half of the pixels
def choose_omega(damaged, candidates):
    hide = np.indices(damaged.shape).sum(axis=0) % 2 == 0
    rest = np.where(hide, np.nan, damaged)
    return min(candidates, key=lambda w: np.nanmean((filled(rest, w) - damaged)[hide] ** 2))


# %% right, exercise 3: a twentieth of the pixels, by absolute differences
def choose_omega(damaged, candidates):
    hide = np.random.default_rng(5).random(damaged.shape) < 0.05
    rest = np.where(hide, np.nan, damaged)
    errors = [np.nanmean(abs(filled(rest, w) - damaged)[hide]) for w in candidates]
    return candidates[int(np.argmin(errors))]


# %% right, exercise 3: five folds
def choose_omega(damaged, candidates):
    fold = np.random.default_rng(7).integers(5, size=damaged.shape)

    def error(omega):
        parts = [filled(np.where(fold == k, np.nan, damaged), omega) for k in range(5)]
        held_out = np.choose(fold, parts)
        return np.nanmean((held_out - damaged) ** 2)

    return min(candidates, key=error)


# entry: fit(picture, training={"steps": 2})[1]

# other data for the checks, where an assignment is marked
# hidden, exercise 1: (3, 3), (2, 5), (5, 2), (1, 4) → (4, 4), (3, 7), (7, 3), (6, 1)
# hidden, exercise 2: (5, 30.0, 1.0, 1.0), (6, 3.0, 30.0, 0.5) → (15, 30.0, 2.0, 1.0), (16, 5.0, 20.0, 0.5)
# hidden, exercise 2: pixel_centres((5, 7)) → pixel_centres((6, 4))
# hidden, exercise 3: sin(0.9 * → sin(1.1 *
# hidden, exercise 3: default_rng(1) → default_rng(11)
# hidden, exercise 3: (3.0, 25.0, 90.0) → (90.0, 22.0, 4.0)
# hidden, exercise 3: (blurred, blurred, (5.0, 30.0, 90.0)) → (blurred, blurred, (28.0, 6.0, 85.0))
# hidden, exercise 3: noise, (5.0, 30.0, 90.0) → noise, (6.0, 85.0, 28.0)
# hidden, exercise 3: (3.0, 14.0, 60.0) → (55.0, 15.0, 4.0)
