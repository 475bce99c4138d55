"""What the chapter on matrix factorisation must keep true."""

# %% concludes: Where the free numbers outnumber the known pixels, the recipe is worse than the mean colour.
free_ = np.array([k * (sum(SHAPE) - k) for k in ranks])[:, None]
known_ = (1 - np.array(proportions)) * np.prod(SHAPE)
assert (free_ > known_).sum() >= 2
assert (psnrs[free_ > known_] < average).all()

# %% concludes: The ridge gains in all three cases. The mean matters most for the row
recipe_, ridge_, both_ = (repaired[n] for n in ("the recipe", "ridge", "ridge, mean"))
assert all(ridge_[case] > recipe_[case] for case in cases)
assert max(cases, key=lambda case: both_[case] - ridge_[case]) == "row"
assert both_["row"] > ridge_["row"] + 1

# %% concludes: Where the count forbids the rank, the small start gains too, but less than the ridge.
known_ = {case: (~mask).sum().item() for case, mask in cases.items()}
forbidden_ = [case for case in cases if known_[case] < 64 * (sum(SHAPE) - 64)]
assert forbidden_ == ["half", "nine tenths"]
recipe_, small_, ridge_ = (repaired[n] for n in ("the recipe", "small start", "ridge"))
assert all(recipe_[case] < small_[case] < ridge_[case] for case in forbidden_)

# %% concludes: With half missing it is far ahead of the mean colour: the recipe's large start is part of the failure.
assert repaired["small start"]["half"] > repaired["mean colour"]["half"] + 3
assert repaired["the recipe"]["half"] < repaired["mean colour"]["half"]

# %% concludes: A table in Going deeper needs that; this picture does not.
starts_ = [half_db(factorize_als(one, 64, ridge_for["half"], seed=s).completed) for s in range(3)]
assert max(starts_) - min(starts_) < 0.25
assert max(errors["one start"]) > 1.4 * max(errors["eight starts"])

# %% concludes: Five sweeps come within half a decibel of a thousand steps of Adam with ridge and mean.
for case, db in repaired["ridge, mean"].items():
    assert abs(repaired["sweeps: 5"][case] - db) < 0.5

# %% concludes: What is held out chooses nearly as well as the holes would.
for k in guess:
    assert real[k][np.argmax(guess[k])] > max(real[k]) - 0.5

# %% concludes: In scattered holes and in the row, the mean of four neighbours beats the matrix.
for name in ("half", "nine tenths", "900 pixels", "row"):
    assert scores["membrane"][name] > scores["rank alone"][name]

# %% concludes: The chain gains in scattered holes and in the row.
assert all(gains[name] > 0 for name in holes if name != "block")

# %% concludes: shuffled, the best of all these pairs gains next to nothing over the best ridge without a chain
best_ = {title: np.max([pairs[title, ridge] for ridge in RIDGES], 0) for title in tables}
assert best_["shuffled"].max() - best_["shuffled"][0] < 0.5
assert best_["in order"].max() - best_["in order"][0] > 1

# %% concludes: neighbouring pixels still tell more on four of our five pictures
assert sum(found_[2] > found_[0] for found_ in versus.values()) == 4

# here only, neighbouring pixels still tell more on four of our five pictures: a count of these five

# %% concludes: On the other four, rank and chain stay within one and a half decibels of the membrane, ahead or behind.
others_ = [found_ for name_, found_ in versus.items() if name_ != "brick"]
assert max(abs(both_ - drum_) for _, both_, drum_, _ in others_) < 1.5

# %% concludes: In this block the four copies chose $\gamma$ badly
tried_ = [metrics(image, by_chain(masked["block"], c), block)[1] for c in FAR[2:6]]
assert max(tried_) > metrics(image, by_chain(masked["block"], chain_for["block"]), block)[1] + 1

# here only, In this block the four copies chose $\gamma$ badly: it is said of one block of one picture

# %% concludes: another $\gamma$ fills it better by a decibel
assert max(true) > true[int(np.argmax(told))] + 1

# here only, another $\gamma$ fills it better by a decibel: it is said of one block of one picture

# %% concludes: At 45 degrees the chain has lost its lead, and the plate fills about as well as before.
leads_ = [both_ - thin_ for both_, thin_ in by_angle.values()]
assert leads_[0] > 3
assert leads_[-1] < 0.5
plates_ = [thin_ for _, thin_ in by_angle.values()]
assert plates_[-1] > plates_[0] - 1

# here only, At 45 degrees the chain has lost its lead, and the plate fills about as well as before.: it is said of the brick wall

# %% concludes: Taking away the chain costs something on all five pictures.
assert len(versus) == 5
assert all(found_[0] < found_[1] for found_ in versus.values())

# %% concludes: rank and chain together are ahead of the plate
alone_, both_, drum_, thin_ = versus["brick"]
assert both_ > max(alone_, drum_, thin_) + 1
assert drum_ < alone_

# here only, rank and chain together are ahead of the plate: it is said of the brick wall, as the page says of grass the contrary

# %% concludes: At the six places, the copies choose stronger chains than a random tenth, and on average those fill the block better.
assert (np.array(taken["copies"]) >= taken["random tenth"]).all()
assert np.mean(in_block["copies"]) > np.mean(in_block["random tenth"]) + 1

# %% concludes: With one start the fit misses on some of these draws; with the least f of eight it comes near the error of a measurement on each.
assert sum(error_ > 1.2 for error_ in errors["one start"]) >= 1
assert max(errors["eight starts"]) < 1.2

# %% concludes: That fit is far ahead of the nearest rows on each draw.
for eight_, near_ in zip(errors["eight starts"], errors["nearest rows"], strict=True):
    assert eight_ < near_ / 3

# elsewhere, draw-holes: SHAPE = (144, 176) → SHAPE = (160, 192): a larger picture
# elsewhere, hold-out: k=64 → k=48: a lower rank
# elsewhere, draw-holes: (0.5, 0.9) → (0.6, 0.9): six tenths missing instead of half
# elsewhere, chain-table: ridge=0.01 → ridge=0.03: another ridge beside the chain
# entry: fill(picture, *(np.arange(np.prod(np.shape(picture)[:2])).reshape(np.shape(picture)[:2]) % 3 == i for i in (1, 2)))

# %% holes: exactly as many as asked, in every channel, and the picture itself is left alone
import pytest

for shape in ((3, 7, 9), (1, 8, 5)):
    img = torch.rand(shape, generator=torch.Generator().manual_seed(0))
    before_ = img.clone()
    hidden, mask = mask_image(img, 0.25, np.random.default_rng(0))
    assert mask.sum() == round(0.25 * mask.numel())
    assert torch.equal(hidden.isnan(), mask.expand(shape))
    assert torch.equal(hidden[:, ~mask], img[:, ~mask])
    assert mask_image(img, 1, np.random.default_rng(0))[1].all()
    hidden, mask = random_mask_image(img, np.random.default_rng(0), count=3)
    assert mask.sum() == 3
    assert torch.equal(hidden.isnan(), mask.expand(shape))
    assert torch.equal(img, before_)
for shape in ((7, 9), (7, 9, 3), (2, 7, 9)):
    with pytest.raises(ValueError, match=r"it must be \(1 or 3, H, W\)"):
        mask_image(torch.rand(shape), 0.25, np.random.default_rng(0))
with pytest.raises(TypeError):
    random_mask_image(img, np.random.default_rng(0), 0.5)
assert few.sum() == 900
assert abs(most.float().mean() - 0.9) < 1e-4
assert abs(half.float().mean() - 0.5) < 0.11
assert block.nonzero().min(0)[0].tolist() == [65, 81]
assert block.sum() == 900
assert row.nonzero()[:, 0].unique().tolist() == [80]
assert row.sum() == SHAPE[1]
for name, mask in holes.items():
    assert torch.equal(masked[name].isnan(), mask.expand_as(image))

# %% pictures for the eye: magenta where missing, grey in three channels, cut to [0, 1]
img = torch.tensor([[[0.5, torch.nan], [1.5, -1.0]]])
np.testing.assert_array_equal(picture(img)[0], [[0.5, 0.5, 0.5], [1, 0, 1]])
np.testing.assert_array_equal(picture(img)[1], [[1, 1, 1], [0, 0, 0]])
colours = torch.rand(3, 4, 5)
np.testing.assert_array_equal(picture(colours), colours.movedim(0, 2))

# %% prepare: zeros in the holes, the mean of what is known; what has no entries or infinity is refused
import pytest

A_ = torch.tensor([[[1.0, torch.nan], [3.0, 5.0]], [[2.0, 2.0], [torch.nan, 5.0]]])
B_, M_, mean_ = prepare(A_)
assert mean_.flatten().tolist() == [3, 3]
assert M_.tolist() == [[[1, 0], [1, 1]], [[1, 1], [0, 1]]]
assert B_.tolist() == [[[-2, 0], [0, 2]], [[-1, -1], [0, 2]]]
for wrong_ in (torch.inf, torch.nan):
    A_[1] = wrong_
    with pytest.raises(ValueError, match="A must hold floats, finite or NaN"):
        prepare(A_)
with pytest.raises(ValueError, match="A must hold floats"):
    prepare(torch.ones(3, 3, dtype=torch.uint8))
assert prepare(np.array([[1.0, np.nan], [3.0, 5.0]]))[2] == 3

# %% a half-sweep is a regression for each row, for tall, wide and batched tables
for m, n, k, ridge in ((9, 6, 2, 0.3), (5, 11, 3, 2.0), (4, 4, 1, 0.01)):
    draw_ = torch.Generator().manual_seed(m)
    B_, H_ = (torch.randn(2, r, n, generator=draw_, dtype=torch.float64) for r in (m, k))
    M_ = (torch.rand(2, m, n, generator=draw_) < 0.6).double()
    W_ = solve_rows(*equations(B_ * M_, M_, H_, ridge))
    for c in range(2):
        for i in range(m):
            known = M_[c, i] > 0
            X_ = np.vstack([H_[c][:, known].T, np.sqrt(ridge) * np.eye(k)])
            y_ = np.concatenate([B_[c, i, known], np.zeros(k)])
            np.testing.assert_allclose(W_[c, i], np.linalg.lstsq(X_, y_)[0], atol=1e-12)
    f_ = objective(B_, M_, W_, H_, ridge)
    misfit = ((M_ * (B_ - W_ @ H_)) ** 2).sum((1, 2))
    np.testing.assert_allclose(f_, misfit + ridge * ((W_**2).sum((1, 2)) + (H_**2).sum((1, 2))))

# %% with the chain, all rows at once solve the dense system; one row alone has no neighbour
for m, n, k, chain in ((9, 6, 2, 0.3), (5, 11, 3, 2.0), (1, 4, 2, 0.7), (6, 5, 1, 0.4)):
    draw_ = torch.Generator().manual_seed(m)
    B_, H_ = (torch.randn(2, r, n, generator=draw_, dtype=torch.float64) for r in (m, k))
    M_ = (torch.rand(2, m, n, generator=draw_) < 0.6).double()
    left_, right_ = equations(B_ * M_, M_, H_, 0.2)
    W_ = solve_chain(left_.clone(), right_, chain)
    step_ = np.diff(np.eye(m), axis=0)
    for c in range(2):
        dense_ = np.kron(chain * step_.T @ step_, np.eye(k))
        for i in range(m):
            dense_[i * k : i * k + k, i * k : i * k + k] += left_[c, i].numpy()
        wanted_ = np.linalg.solve(dense_, right_[c].flatten().numpy()).reshape(m, k)
        np.testing.assert_allclose(W_[c], wanted_, atol=1e-12)
    assert solve_chain(left_.float(), right_.float(), chain).dtype == torch.float32

# %% starts are normal, of the scale asked for, and repeatable
W_, H_ = random_start(torch.zeros(2, 300, 200), 7, 0.1, seed=3)
assert (W_.shape, H_.shape) == ((2, 300, 7), (2, 7, 200))
assert abs(W_.std() / 0.1 - 1) < 0.1
assert abs(H_.std() / 0.1 - 1) < 0.1
assert torch.equal(W_, random_start(torch.zeros(2, 300, 200), 7, 0.1, seed=3)[0])
assert not torch.equal(W_, random_start(torch.zeros(2, 300, 200), 7, 0.1, seed=4)[0])
assert random_start(torch.zeros(2, 3).double(), 1, 0.1, 0)[0].dtype == torch.float64

# %% the sweeps never raise f, with the chain or without, and complete a table of low rank
import pytest

draw_ = torch.Generator().manual_seed(1)
left_, right_ = (torch.randn(n, 2, generator=draw_, dtype=torch.float64) for n in (40, 30))
exact_ = 2 + left_ @ right_.T
A_ = exact_.masked_fill(torch.rand(40, 30, generator=draw_) < 0.3, torch.nan)
B_, M_, _ = prepare(A_)
lasts_ = []
for sweeps_ in (1, 2, 3, 10, 60):
    fit_ = factorize_als(A_, 3, ridge=1e-3, sweeps=sweeps_)
    lasts_.append(objective(B_, M_, fit_.W, fit_.H, 1e-3))
assert (np.diff(lasts_) <= 1e-9 * lasts_[0].item()).all()
np.testing.assert_allclose(fit_.completed, A_.nanmean() + fit_.W @ fit_.H)
assert torch.dist(fit_.completed, exact_) < 0.01 * torch.linalg.norm(exact_)
lasts_ = []
for sweeps_ in range(1, 9):
    solve_ = functools.partial(solve_chain, chain=0.5)
    fit_ = factorize_als(A_, 3, 0.1, sweeps_, solve_)
    steps_ = fit_.W.diff(dim=0).square().sum() + fit_.H.diff(dim=1).square().sum()
    lasts_.append(objective(B_, M_, fit_.W, fit_.H, 0.1) + 0.5 * steps_)
assert (np.diff(lasts_) <= 1e-9 * lasts_[0].item()).all()
for k in (0, 31, 2.5, 20.0):
    for fit_by_ in (factorize, factorize_als):
        with pytest.raises(ValueError, match=f"k is {k}; it must be a whole number"):
            fit_by_(A_, k)
assert factorize_als(A_.numpy(), np.int64(3)).completed.shape == (40, 30)
for wrong_ in ({"ridge": 0.0}, {"ridge": -1.0}, {"ridge": np.nan}, {"sweeps": 0}):
    with pytest.raises(ValueError, match="both must be positive"):
        factorize_als(A_, 3, **wrong_)
alone = factorize_als(masked["half"][1], 5)
np.testing.assert_allclose(
    alone.completed, factorize_als(masked["half"][1:2], 5).completed[0], atol=1e-4
)

# %% scores: RMSE and PSNR of the masked pixels only
truth_, found_ = torch.zeros(3, 4, 4), torch.zeros(3, 4, 4)
mask = torch.zeros(4, 4, dtype=torch.bool)
mask[1, 2] = True
found_[:, 1, 2], found_[:, 0, 0] = 0.1, 5
np.testing.assert_allclose(metrics(truth_, found_, mask), (0.1, 20), rtol=1e-5)
found_[:, 1, 2] = torch.tensor([0.1, -3, 0.1])  # cut to [0, 1]
np.testing.assert_allclose(metrics(truth_, found_, mask)[0], 0.1 * (2 / 3) ** 0.5, rtol=1e-5)

# %% Adam: its first step is its rate, options change what they name, and it ends where the sweeps do
A_ = masked["half"][1:2, :30, :40]
for scale_ in (1, 0.01):
    W_, H_ = random_start(A_, 4, scale_, seed=0)
    first_ = factorize(A_, 4, steps=1, scale=scale_)
    for x_, begun_ in ((first_.W, W_), (first_.H, H_)):
        np.testing.assert_allclose(abs(x_ - begun_).max(), 0.01, rtol=1e-3)
    np.testing.assert_allclose(first_.completed, first_.W @ first_.H)
B_, M_, mean_ = prepare(A_)
fits_ = [
    factorize(A_, 4, steps=1500, lr=0.03, centred=True, ridge=0.5),
    factorize_als(A_, 4, sweeps=200),
]
ends_ = [objective(B_, M_, fit_.W, fit_.H, 0.5).item() for fit_ in fits_]
np.testing.assert_allclose(*ends_, rtol=0.02)
np.testing.assert_allclose(fits_[0].completed, mean_ + fits_[0].W @ fits_[0].H, atol=1e-5)
assert torch.equal(factorize(A_, 4, steps=7).W, factorize(A_, 4, steps=7).W)
lone_, paired_ = factorize(A_, 4, steps=50), factorize(torch.cat([A_, A_.flip(1)]), 4, steps=50)
assert paired_.completed.shape == (2, 30, 40)
assert lone_.completed.shape == A_.shape

# %% the recipe's defaults: 1000 steps at rate 0.01, from normal noise, about zero, without a ridge
import inspect

defaults_ = {n: p.default for n, p in inspect.signature(factorize).parameters.items()}
names_ = ("steps", "lr", "scale", "centred", "ridge")
assert [defaults_[n] for n in names_] == [1000, 0.01, 1, False, 0]
for mask, A_ in zip(cases.values(), green, strict=True):
    assert torch.equal(A_.isnan(), mask)
    assert torch.equal(A_[~mask], image[1][~mask])

# %% hold-out: hides what it is told to, judges by what was known there

asked_ = []


def complete_(A, setting):
    asked_.append(A)
    return torch.full_like(A, setting)


A_ = torch.ones(2, 60, 50)
A_[:, :20] = torch.nan
held_ = torch.rand(60, 50, generator=torch.Generator().manual_seed(0)) < 0.1
errors_ = hold_out(A_, held_, complete_, [0.5, 1.0])
np.testing.assert_allclose(errors_, [0.5, 0])
assert torch.equal(asked_[0].isnan(), A_.isnan() | held_)
assert torch.equal(asked_[0].isnan(), asked_[1].isnan())
assert tenth.sum() == round(0.1 * SHAPE[0] * SHAPE[1])

# %% copies of a hole: four, a quarter of both sides away, none of the hole itself
import pytest

dot_ = torch.zeros(40, 60, dtype=torch.bool)
dot_[20, 30] = True
assert copies(dot_).nonzero().tolist() == [[10, 15], [10, 45], [30, 15], [30, 45]]
stripes_, most_ = torch.zeros(2, 40, 60, dtype=torch.bool)
stripes_[::2] = True
most_[6:] = True
for wrong_ in (stripes_, most_, dot_ | True):
    with pytest.raises(ValueError, match="mask must leave room"):
        copies(wrong_)
assert not (held["block"] & block).any()
assert held["block"].sum() == 4 * block.sum()
assert held["row"].sum() == 2 * row.sum()
assert all(held[name] is tenth for name in ("half", "nine tenths", "900 pixels"))

# %% what is chosen lies inside the grid, where there is a choice
for name in holes:
    assert chain_for[name] in (FAR if name == "block" else STRENGTHS)[1:-1]
    assert name == "row" or ridge_for[name] in STRENGTHS[1:-1]
for k in guess:
    assert STRENGTHS[int(np.argmax(guess[k]))] in STRENGTHS[1:-1]
again_ = hold_out(one, tenth, by_rank, [0.5])[0]
np.testing.assert_allclose(guess[64][2], -20 * np.log10(again_), atol=0.01)
np.testing.assert_allclose(real[64][2], metrics(truth, by_rank(one, 0.5), half)[1], atol=0.01)
assert list(guess) == list(real) == [8, 20, 64]
assert ridge_for["half"] == chosen(masked["half"], tenth, by_rank)

# %% at the chosen ridge, a rank that is too high costs little; more rank is better than too little
bests_ = [real[k][int(np.argmax(guess[k]))] for k in (8, 20, 64)]
assert bests_[1] - 0.5 < bests_[2]
assert bests_[0] < bests_[1]
assert real[64][0] < real[20][0] - 1

# %% rivals: each keeps what is known and fills every hole, in grey and colour
for A_ in (masked["half"][:, :40, :50], masked["half"][:1, :50, :40]):
    known = ~A_.isnan()
    for rival_ in (membrane, plate):
        filled_ = rival_(A_)
        assert filled_.shape == A_.shape
        assert filled_.isfinite().all()
        assert (filled_ - A_)[known].abs().max() <= 1e-6
odd_ = masked["900 pixels"][:, :30, :40].clone()
odd_[1, 5, 5] = torch.nan
for rival_ in (membrane, plate):
    assert rival_(odd_).isfinite().all()  # a pixel without its green is missing

# %% the membrane: each missing pixel is the mean of its neighbours, at the rim too
drum_ = membrane(masked["nine tenths"].double())
sums_, counts_ = torch.zeros_like(drum_), torch.zeros_like(drum_)
for axis_ in (1, 2):
    for a_, b_ in (((1, None), (None, -1)), ((None, -1), (1, None))):
        to_, of_ = [slice(None)] * 3, [slice(None)] * 3
        to_[axis_], of_[axis_] = slice(*a_), slice(*b_)
        sums_[tuple(to_)] += drum_[tuple(of_)]
        counts_[tuple(to_)] += 1
gap_ = (drum_ - sums_ / counts_)[:, holes["nine tenths"]].abs().max()
assert gap_ < 1e-10
known_ = masked["nine tenths"].nan_to_num(0.5)
assert drum_.min() >= known_.min() - 1e-9
assert drum_.max() <= known_.max() + 1e-9

# %% the block at six places: inside the picture, each choice inside its grid, scored in the hole
assert [len(found_) for found_ in (*in_block.values(), *taken.values())] == [6] * 6
assert {chain_ for title_ in taken for chain_ in taken[title_]} <= set(FAR[1:-1])
assert (max(ups) + 30, max(lefts) + 30) == (SHAPE[0] - 9, SHAPE[1] - 9)
there_ = torch.zeros_like(block)
there_[max(ups) : max(ups) + 30, max(lefts) : max(lefts) + 30] = True
A_ = hide(image[1:2], there_)
for title_, hidden_ in (("random tenth", tenth), ("copies", copies(there_))):
    found_ = [by_chain(hide(A_, hidden_), chain_, k=20) for chain_ in FAR]
    errors_ = [rmse(x[0][hidden_ & ~there_], image[1][hidden_ & ~there_]) for x in found_]
    assert taken[title_][-1] == FAR[int(np.argmin(errors_))]
    filled_ = by_chain(A_, taken[title_][-1], k=20)
    np.testing.assert_allclose(in_block[title_][-1], metrics(truth, filled_, there_)[1])
for title_, rival_ in (("membrane", membrane), ("plate", plate)):
    np.testing.assert_allclose(in_block[title_][-1], metrics(truth, rival_(A_), there_)[1])
assert np.mean(in_block["membrane"]) > np.mean(in_block["copies"]) - 0.25

# %% the tables show what they say, and known pixels are kept
import contextlib
import io

with contextlib.redirect_stdout(io.StringIO()) as out_:
    fill_holes("again", lambda name, A: by_rank(A, ridge_for[name]))
numbers = [float(x) for x in out_.getvalue().split()[1:]]
assert scores["again"] == scores["rank alone"]
for number, (name, mask) in zip(numbers, holes.items(), strict=True):
    assert abs(metrics(image, filled["again"][name], mask)[1] - number) <= 0.05 + 1e-9
    assert torch.equal(filled["again"][name][:, ~mask], image[:, ~mask])
    assert gains[name] == scores["rank and chain"][name] - scores["rank alone"][name]
del scores["again"], filled["again"]
five_ = factorize_als(green, 64).completed
with contextlib.redirect_stdout(io.StringIO()) as out_:
    show_cases("again", five_)
numbers = [float(x) for x in out_.getvalue().split()[1:]]
for x, number, mask in zip(five_, numbers, cases.values(), strict=True):
    assert abs(metrics(image[1], x, mask)[1] - number) <= 0.05 + 1e-9
assert repaired.pop("again") == repaired["sweeps: 5"]
for name, complete in (("rank and chain", by_chain), ("rank alone", by_rank)):
    setting_ = (chain_for if complete is by_chain else ridge_for)["block"]
    wanted_ = complete(masked["block"], setting_)[:, block]
    torch.testing.assert_close(filled[name]["block"][:, block], wanted_)
torch.testing.assert_close(filled["plate"]["row"], plate(masked["row"]))
wanted_ = masked["row"].nanmean((1, 2))
torch.testing.assert_close(filled["mean colour"]["row"][:, 80, 4], wanted_)
for i_, way_ in enumerate(ways):
    wanted_ = metrics(truth, filled[way_]["half"][1:2], half)[1]
    np.testing.assert_allclose(versus["astronaut"][i_], wanted_)
for i_, rival_ in ((2, membrane), (3, plate)):
    wall_ = walls["brick"][0]
    wanted_ = metrics(wall_, rival_(hide(wall_, half)), half)[1]
    np.testing.assert_allclose(versus["brick"][i_], wanted_)
    torch.testing.assert_close(walls["brick"][1 + i_], rival_(hide(wall_, half)))
fill_in_ = functools.partial(by_chain, chain=0.1, ridge=0.01)
np.testing.assert_allclose(pairs["in order", 0.01][1], half_db(fill_in_(one)))
np.testing.assert_allclose(pairs["shuffled", 0.01][1], half_db(shuffled(fill_in_, one)))
np.testing.assert_allclose(pairs["in order", 0.5][0], half_db(by_rank(one, 0.5)), rtol=1e-3)

# %% shuffled and back is the same; the membrane is far behind the matrix by then
assert sorted(order.tolist()) == list(range(SHAPE[0]))
assert sorted(place.tolist()) == list(range(SHAPE[1]))
met_ = []
same_ = shuffled(lambda A: met_.append(A) or A, half_green)
assert torch.equal(same_.nan_to_num(7), half_green.nan_to_num(7))
assert not torch.equal(met_[0].nan_to_num(7), half_green.nan_to_num(7))
assert half_db(shuffled(membrane, one)) < half_db(by_ridge(one)) - 3

# %% the lead in standard errors, by its formula
near_, far_ = ((filled[t]["half"] - image).square() for t in ("membrane", "rank alone"))
gap_ = (torch.where(half, far_ - near_, 0).sum(0)).numpy()
bands_ = [gap_[i : i + 16].sum() for i in range(0, SHAPE[0], 16)]
wanted_ = np.mean(bands_) / (np.std(bands_, ddof=1) / np.sqrt(len(bands_)))
np.testing.assert_allclose(lead("membrane", "half"), wanted_, rtol=1e-3)
assert lead("rank and chain", "half") > 3

# %% the grid: scores by rank and proportion, and a grey picture works as well
from unittest import mock

assert rmses.shape == psnrs.shape == (3, 3)
np.testing.assert_allclose(psnrs, -20 * np.log10(rmses), atol=1e-3)
with mock.patch("matplotlib.pyplot.show"):
    for channels in (1, 3):
        found_ = plot_image_completion(image[:channels, :20, :30], (0.2, 0.6), (1, 2, 3), device)
        assert found_[0].shape == found_[1].shape == (3, 2)
        assert [a.get_title() for a in plt.gcf().axes][:2] == ["20% missing", "60% missing"]
        assert plt.gcf().axes[2].get_title() == f"rank 1: {found_[1][0, 0]:.1f} dB"
        plt.close()
draw_ = np.random.default_rng(0)
tables_, masks_ = zip(*(mask_image(image, p, draw_) for p in (0.1, 0.5, 0.9)), strict=True)
again_ = metrics(image, factorize(torch.stack(tables_), 2).completed[2], masks_[2])
np.testing.assert_allclose((rmses[0, 2], psnrs[0, 2]), again_, rtol=1e-3)

# %% distances: rank four, one in five heard, errors in the unit of the noise
whole_, told_, hidden_ = draw_distances(np.random.default_rng(3))
phones_, beacons_ = np.random.default_rng(3).random((2, 100, 2))
np.testing.assert_allclose(whole_, ((phones_[:, None] - beacons_) ** 2).sum(-1), atol=1e-12)
assert np.linalg.matrix_rank(whole_) == 4
assert told_.isnan().sum() == 8000
assert hidden_.sum() == 1000
off_ = (told_ - whole_)[~told_.isnan()]
assert abs(off_.std() / 0.02 - 1) < 0.1
silent_ = heard.isnan()
for name_, (impute_, settings_) in imputers.items():
    tried_ = hold_out(heard, aside, impute_, settings_)
    gap_ = (impute_(heard, settings_[int(np.argmin(tried_))]) - exact)[silent_]
    np.testing.assert_allclose(errors[name_][-1], gap_.square().mean().sqrt() / 0.02)
    assert len(errors[name_]) == 6

# %% of several starts, the one with the least f is kept, and the first is the lone start
B_, M_, _ = prepare(heard.expand(8, 100, 100))
fits_ = factorize_als(heard.expand(8, 100, 100), 4, 0.01, sweeps=30)
f_ = objective(B_, M_, fits_.W, fits_.H, 0.01)
assert f_.max() > 1.2 * f_.min()
torch.testing.assert_close(by_starts(heard, (4, 0.01)), fits_.completed[f_.argmin()])
lone_ = factorize_als(heard, 4, 0.01, sweeps=30).completed
torch.testing.assert_close(by_starts(heard, (4, 0.01), starts=1), lone_)

# %% the turned wall: not turned, it is the wall of the table at half its size
still_ = load_image("brick", [2 * side for side in SHAPE])[..., 1]
halves_ = (still_[::2] + still_[1::2])[:, ::2] + (still_[::2] + still_[1::2])[:, 1::2]
np.testing.assert_allclose(turned[3][0], halves_[40:100, 60:130] / 4, atol=1e-5)
assert list(by_angle) == [0, 10, 45]
assert len(turned) == 12
wall_ = torch.from_numpy(tilted.mean((1, 3)))[None].to(image)
assert (
    chosen(hide(wall_, half), tenth, by_chain)
    == chosen(hide(walls["brick"][0], half), tenth, by_chain)
    == 0.1
)
for place_, (both_, thin_) in zip((0, 4, 8), by_angle.values(), strict=True):
    seen_, filled_, bent_, wall_ = turned[place_ : place_ + 4]
    assert torch.equal(seen_.isnan()[0], half[40:100, 60:130])
    there_ = seen_.isnan()
    for found_, db_ in ((filled_, both_), (bent_, thin_)):
        # a cut of the picture, whose error is near that of the whole
        assert abs(-10 * np.log10((found_ - wall_)[there_].square().mean()) - db_) < 3

# %% the membrane is behind the plate in every hole but the block
for name in holes:
    assert (scores["membrane"][name] < scores["plate"][name]) == (name != "block")

# %% the chain for the block and its table come from one grid
for chain_, told_, true_ in zip(FAR, told, true, strict=True):
    held_ = hold_out(green_block, copies(block), by_low, [chain_])[0]
    np.testing.assert_allclose(told_, -20 * np.log10(held_), atol=0.01)
    np.testing.assert_allclose(
        true_, metrics(truth, by_chain(green_block, chain_, k=20), block)[1], atol=0.01
    )

# %% the reader's own picture: known pixels stay, four fifths come back; bad masks are refused
import pytest

assert lost.sum() == round(0.8 * lost.size)
np.testing.assert_array_equal(restored[~lost], mine[~lost])
assert psnr(restored, mine) > psnr(np.where(lost[..., None], mine.mean((0, 1)), mine), mine) + 5
gone_ = np.where(lost[..., None], np.nan, mine)
again_, way_ = fill(gone_, torch.from_numpy(lost), hidden.tolist())
assert way_ == how
np.testing.assert_allclose(again_, restored, atol=1e-5)
grey_, _ = fill(mine[..., 1], lost, hidden)
assert grey_.shape == lost.shape
np.testing.assert_array_equal(grey_[~lost], mine[..., 1][~lost])
for wrong_ in (lost[:-1], lost.astype(int)):
    for both_ in ((wrong_, hidden), (lost, wrong_)):
        with pytest.raises(ValueError, match="lost and held must be booleans"):
            fill(mine, *both_)
for shown_ in (np.zeros_like(lost), lost, ~lost, lost | hidden | ~lost):
    with pytest.raises(ValueError, match=r"held hides \d+ known pixels; they must be some"):
        fill(mine, lost, shown_)
with pytest.raises(ValueError, match="held hides 0 known pixels"):
    fill(mine, np.ones_like(lost), hidden)
spot_, aside_ = np.eye(9, dtype=bool).reshape(9, 3, 3)[[4, 1]]
for least_ in (mine[:3, :3], mine[:3, :3, 1]):
    assert fill(least_, spot_, aside_)[0].shape == least_.shape
    for bad_, cut_ in ((least_ + 1, 3), (least_ - 1, 3), (least_[:2], 2), (least_[:, :2], 3)):
        where_ = np.s_[:cut_, : bad_.shape[1]]
        with pytest.raises(ValueError, match="it must be 3 × 3 or more, in"):
            fill(bad_, spot_[where_], aside_[where_])
small_ = masked["half"][:, :20, :30]
assert torch.equal(by_rank(small_, 0.5), by_rank(small_, 0.5, k=20))

# %% the reader's own picture: the way that is chosen predicts the held pixels best
for name_, held_ in (("brick", hidden), ("chelsea", hidden)):
    photo_ = load_image(name_, mine.shape[:2])
    lost_ = random_mask(mine.shape[:2], 0.5, np.random.default_rng(0))
    _, way_ = fill(photo_, lost_, held_)
    A_ = hide(torch.from_numpy(photo_).movedim(2, 0), torch.from_numpy(lost_))
    errors_ = {
        w: hold_out(A_, torch.from_numpy(held_), lambda A, f: f(A), [f])[0] for w, f in WAYS.items()
    }
    assert errors_[way_] == min(errors_.values())

# %% a column of which nothing is known: the mean of the table, or with the chain its neighbours
table_ = torch.arange(8.0)[:, None] + torch.arange(6.0)
empty_ = table_.clone()
empty_[:, 3] = torch.nan
plain_ = factorize_als(empty_, 2, 0.1).completed
np.testing.assert_allclose(plain_[:, 3], empty_.nanmean(), atol=1e-5)
solve_ = functools.partial(solve_chain, chain=0.01)
linked_ = factorize_als(empty_, 2, 0.001, sweeps=30, solve=solve_).completed
assert (linked_ - table_)[:, 3].abs().max() < 0.5


# %% wrong, exercise 1: the constant that a mean gives
def fold_in(a, H, mean, ridge):
    return torch.full_like(a, 0.3)


# %% wrong, exercise 1: no ridge
def fold_in(a, H, mean, ridge):
    known = ~a.isnan()
    return mean + torch.linalg.lstsq(H[:, known].T, a[known] - mean).solution @ H


# %% wrong, exercise 1: known entries put back
def fold_in(a, H, mean, ridge):
    known = ~a.isnan()
    h = H[:, known]
    w = torch.linalg.solve(h @ h.T + ridge * torch.eye(len(H)).to(H), h @ (a[known] - mean))
    return torch.where(known, a, mean + w @ H)


# %% right, exercise 1: by NumPy, with a ridge as more equations
def fold_in(a, H, mean, ridge):
    known = ~a.isnan()
    X = np.vstack([H[:, known].T, np.sqrt(ridge) * np.eye(len(H))])
    y = np.concatenate([a[known] - mean, np.zeros(len(H))])
    return (mean + torch.from_numpy(np.linalg.lstsq(X, y)[0]) @ H).numpy()


# %% right, exercise 1: by the chapter's own half-sweep, in single precision
def fold_in(a, H, mean, ridge):
    a, H = a.float(), H.float()
    known = (~a.isnan()).float()
    w = solve_rows(*equations((a - mean.float()).nan_to_num(0)[None], known[None], H, ridge))
    return (mean.float() + w @ H)[0]


# %% wrong, exercise 2: weights of their own
def joint(A, k, ridge):
    return factorize_als(A, k, ridge).completed


# %% wrong, exercise 2: one below the other, as a matrix (CH, W)
def joint(A, k, ridge):
    means = A.nanmean((1, 2), keepdim=True)
    tall = (A - means).flatten(0, 1)
    return means + factorize_als(tall, k, ridge).completed.unflatten(0, (len(A), -1))


# %% wrong, exercise 2: without the ridge
def joint(A, k, ridge):
    means = A.nanmean((1, 2), keepdim=True)
    wide = torch.cat(list(A - means), dim=1)
    parts = factorize_als(wide, k, 1e-3).completed.chunk(len(A), dim=1)
    return means + torch.stack(parts)


# %% right, exercise 2: by cat and chunk, in double precision, from another start, fifteen sweeps
def joint(A, k, ridge):
    means = A.nanmean((1, 2), keepdim=True).double()
    wide = torch.cat(list(A - means), dim=1)
    parts = factorize_als(wide, k, ridge, sweeps=15, seed=3).completed.chunk(len(A), dim=1)
    return means + torch.stack(parts)


# %% wrong, exercise 3: a chain, whatever the graph
def solve_graph(left, right, graph):
    return solve_chain(left, right, 0.5)


# %% wrong, exercise 3: each pair counted twice
def solve_graph(left, right, graph):
    m, k = right.shape
    laplacian = 2 * (graph.sum(1).diag() - graph)
    system = torch.kron(laplacian, torch.eye(k).to(laplacian)) + torch.block_diag(*left)
    return torch.linalg.solve(system, right.flatten()).reshape(m, k)


# %% wrong, exercise 3: neighbours pull, but the row itself does not resist
def solve_graph(left, right, graph):
    m, k = right.shape
    system = torch.block_diag(*left) - torch.kron(graph, torch.eye(k).to(graph))
    return torch.linalg.solve(system, right.flatten()).reshape(m, k)


# %% right, exercise 3: rounds in which each row takes its neighbours as given
def solve_graph(left, right, graph):
    left = left + (graph.sum(1)[:, None, None] * torch.eye(right.shape[1]).to(left))
    W = torch.zeros_like(right)
    for _ in range(3000):
        W = solve_rows(left, right + graph @ W)
    return W


# %% right, exercise 3: by gradient descent, its weights still in the graph of the gradients
def solve_graph(left, right, graph):
    W = torch.zeros_like(right).requires_grad_()
    descent = torch.optim.LBFGS(
        [W], max_iter=500, tolerance_grad=1e-10, line_search_fn="strong_wolfe"
    )

    def loss():
        descent.zero_grad()
        pulls = (graph * (W[:, None] - W).square().sum(-1)).sum() / 2
        f = torch.einsum("mi,mij,mj->", W, left, W) - 2 * (W * right).sum() + pulls
        f.backward()
        return f

    descent.step(loss)
    return W * 1


# other data for the checks, where an assignment is marked
# hidden, exercise 1: (4, 0.1, 60), (3, 2.0, 60), (3, 2.0, 25) → (5, 0.3, 50), (2, 1.0, 40), (3, 1.5, 35)
# hidden, exercise 3: (7, 2, 0), (7, 2, 1), (12, 3, 2) → (8, 2, 10), (9, 3, 11), (11, 3, 12)
# hidden, exercise 2: (masked["half"][:, :60, :80], 4, 0.3) → (masked["half"][:, 20:70, :70], 5, 0.4)
# hidden, exercise 2: [:, 30:100, :50], 12, 0.3 → [:, 10:80, 20:70], 11, 0.4
