"""What the chapter on recurrent networks in numbers must keep true."""

# %% the step worked out by hand, and the figure's decimals
assert abs(1.04 + 0.3 * 0.19 + 0.1 * 0.15 + 0.9 * 0.92 - (U[1] @ W)[0]) < 0.05
assert f"{(U[1] @ W)[0]:.2f} {states[1, 0]:.2f}" == "1.94 0.96"
np.testing.assert_allclose(states[0], np.tanh(W[0]))
np.testing.assert_allclose(states[2], np.tanh(W[2] + states[1] @ W[4:]))
np.testing.assert_allclose(scores, states @ W_y + b_y)
assert scores[1].argmax() != LETTERS.index("l")
assert (abs(states - H_printed) <= 0.05).all()
assert (abs(scores - Y_printed) <= 0.05).all()
assert not W[LETTERS.index("o")].any()

# %% a step with a bias, and a run of any length and size
rng_ = np.random.default_rng(0)
shapes_ = (9, 4), (4,), (4, 2), (2,)
W_, b_, W_out_, b_out_ = given_ = [rng_.normal(size=shape) for shape in shapes_]
x_, h_ = rng_.normal(size=5), rng_.normal(size=4)
new_, y_ = rnn_step(x_, h_, *given_)
np.testing.assert_allclose(new_, np.tanh(W_.T @ np.append(x_, h_) + b_))
np.testing.assert_allclose(y_, W_out_.T @ new_ + b_out_)
read_ = rng_.normal(size=(6, 5))
h_run_, y_run_ = run_rnn(read_, given_)
assert h_run_.shape == (6, 4)
assert y_run_.shape == (6, 2)
np.testing.assert_allclose(h_run_[0], rnn_step(read_[0], np.zeros(4), *given_)[0])
np.testing.assert_allclose(y_run_[5], rnn_step(read_[5], h_run_[4], *given_)[1])
np.testing.assert_array_equal(one_hot("loh"), np.eye(4)[[2, 3, 0]])

# %% the weights come from the figure: two decimals of the shortest solution
np.testing.assert_allclose(U_known[:, :4], one_hot("hell"))
np.testing.assert_allclose(U_known[1:, 4:], H[:-1])
assert not U_known[0, 4:].any()
np.testing.assert_allclose(U_known @ W_solved, np.arctanh(H), atol=1e-12)
for column, goal in zip(W_solved.T, np.arctanh(H).T, strict=True):
    np.testing.assert_allclose(column, np.linalg.lstsq(U_known, goal)[0], atol=1e-12)
np.testing.assert_allclose(W, W_solved, atol=0.006)
np.testing.assert_allclose(H @ with_bias[:3] + with_bias[3], Y_printed)
np.testing.assert_allclose(np.vstack([W_y, b_y]), with_bias, atol=0.006)
np.testing.assert_allclose(H.T @ missing, 0, atol=1e-12)
assert abs(missing[:, 2]).max() > 3 * abs(missing[:, [0, 1, 3]]).max()
assert abs(H - H_printed).max() <= 0.05

# %% the loss against SciPy and torch, also where scores lie far apart
from scipy.special import log_softmax as peer_log_softmax

for far_ in (1, 1000):
    y_ = np.random.default_rng(1).normal(size=(5, 4)) * far_
    np.testing.assert_allclose(log_softmax(y_), peer_log_softmax(y_, axis=-1))
    hit_ = np.array([3, 0, 1, 1, 2])
    peer_ = torch.nn.functional.cross_entropy(torch.from_numpy(y_), torch.from_numpy(hit_))
    np.testing.assert_allclose(cross_entropy(y_, np.eye(4)[hit_]), peer_.item())
assert cross_entropy(np.array([0.0, 1000.0]), np.array([1, 0])) == 1000
np.testing.assert_allclose(p.sum(axis=1), 1)
assert cross_entropy(scores, targets) > math.log(4)

# %% one step backwards, against automatic differentiation
last_ = torch.tensor(U[3]), *[torch.tensor(w, requires_grad=True) for w in (W, W_y)]
sums_ = last_[0] @ last_[1]
h_ = torch.tanh(sums_)
y_ = h_ @ last_[2] + torch.tensor(b_y)
loss_ = torch.nn.functional.cross_entropy(y_, torch.from_numpy(targets[3]))
slopes_ = torch.autograd.grad(loss_, [y_, h_, sums_, last_[1], last_[2]])
for slope_, ours in zip(slopes_, [d_y, d_h, delta, grad_W, grad_W_y], strict=True):
    np.testing.assert_allclose(ours, slope_.numpy(), atol=1e-14)
assert (grad_W[[0, 1, 3]] == 0).all()
assert grad_W_y[1, 3] == grad_W_y.min() < 0

# %% drawings: each number in its cell, names beside and above it
from matplotlib.collections import QuadMesh

figure_, axis_ = plt.subplots()
block(axis_, 2, 5, [[0.123, -4.5], [-0.001, 7]], ["a", "b"], ["c", "d"])
(mesh_,) = [artist for artist in axis_.collections if isinstance(artist, QuadMesh)]
found_ = {t.get_text(): t.get_position() for t in axis_.texts}
assert found_ == {
    "0.12": (2.5, 5.5),
    "−4.50": (3.5, 5.5),
    "0.00": (2.5, 6.5),
    "7.00": (3.5, 6.5),
    "a": (1.9, 5.5),
    "b": (1.9, 6.5),
    "c": (2.5, 4.8),
    "d": (3.5, 4.8),
}
np.testing.assert_allclose(mesh_.get_coordinates()[0, :, 0], [2, 3, 4])
np.testing.assert_allclose(mesh_.get_coordinates()[:, 0, 1], [5, 6, 7])
np.testing.assert_allclose(np.ravel(mesh_.get_array())[[0, 3]], np.tanh([0.12, 7]))
plt.close(figure_)
for t in range(4):
    texts_ = [text.get_text() for text in draw_step(t).axes[0].texts]
    shown_ = [text.replace("−", "-") for text in texts_]
    numbers_ = [float(text) for text in shown_ if text.lstrip("-").replace(".", "").isdigit()]
    wanted_ = [U[t], W.ravel(), U[t] @ W, states[t], np.append(states[t], 1)]
    wanted_ += [W_y.ravel(), b_y, scores[t]]
    np.testing.assert_allclose(numbers_, np.concatenate(wanted_), atol=0.00501)
    places_ = {s.get_text(): s.get_position() for s in draw_step(t).axes[0].texts}
    assert places_["▼"] == (3.6 + targets[t].argmax() + 0.5, 16)
assert labels[1] == "1, reads “e”"

# %% the gates: PyTorch's cells over several steps, extreme sums without a warning
for a_ in (-2000.0, 0.0, 3.0, 2000.0):
    np.testing.assert_allclose(sigmoid(a_), 0.5 * (1 + np.tanh(a_ / 2)), atol=1e-15)
assert sigmoid(0.0) == 0.5
np.testing.assert_allclose(sigmoid(3.0), 1 / (1 + np.exp(-3)))
torch.manual_seed(3)
cell_ = torch.nn.LSTMCell(5, 4, dtype=torch.float64)
gru_ = torch.nn.GRUCell(5, 4, dtype=torch.float64)
rng_ = np.random.default_rng(3)
x_, h_, c_ = rng_.normal(size=5), rng_.normal(size=4), rng_.normal(size=4)
tensors_ = [torch.from_numpy(v)[None] for v in (x_, h_, c_)]
w_x_, w_h_, b_x_, b_h_ = arrays(cell_)
assert [q.shape for q in arrays(cell_)] == [(5, 16), (4, 16), (16,), (16,)]
found_ = lstm_step(x_, h_, c_, np.vstack([w_x_, w_h_]), b_x_ + b_h_)
for ours, peer in zip(found_, cell_(tensors_[0], (tensors_[1], tensors_[2])), strict=True):
    np.testing.assert_allclose(ours, peer[0].detach(), atol=1e-14)
found_ = gru_step(x_, h_, *arrays(gru_))
np.testing.assert_allclose(found_, gru_(*tensors_[:2])[0].detach(), atol=1e-14)
r_, z_, n_ = gru_gates(x_, h_, *arrays(gru_))
np.testing.assert_allclose(found_, (1 - z_) * n_ + z_ * h_)
assert ((r_ > 0) & (r_ < 1) & (z_ > 0) & (z_ < 1)).all()

# %% the ledger of one step is the sum it looks like
held_ = dict(ledger)
np.testing.assert_allclose(
    held_["= new cell"],
    held_["LSTM: forget gate f"] * held_["times old cell"]
    + held_["+ input gate i"] * held_["times candidate g"],
)
np.testing.assert_allclose(held_["its tanh"], np.tanh(held_["= new cell"]))
np.testing.assert_allclose(held_["= new state"], held_["its tanh"] * held_["times output gate o"])
np.testing.assert_allclose(
    gru_step(x, old, *gru),
    held_["GRU: update gate z"] * held_["times old state"]
    + held_["+ (1 − z)"] * held_["times candidate n"],
)
np.testing.assert_array_equal(x, [0, 1, 0, 0])
np.testing.assert_array_equal(old, states[0])

# %% the five networks: torch's own, but for what their names say
torch.manual_seed(7)
plain_ = torch.nn.LSTM(4, 32)
made_ = new_network("LSTM, forget bias 3", 7)
shift_ = (made_.bias_ih_l0 - plain_.bias_ih_l0).detach().numpy()
np.testing.assert_allclose(shift_, np.repeat([0, 3, 0, 0], 32), atol=1e-6)
assert torch.equal(new_network("LSTM", 7).weight_hh_l0, plain_.weight_hh_l0)
assert torch.equal(made_.weight_hh_l0, plain_.weight_hh_l0)
turn_ = new_network("RNN, turning", 7).weight_hh_l0.detach()
np.testing.assert_allclose(turn_ @ turn_.T, np.eye(32), atol=1e-5)
assert abs(turn_ - torch.eye(32)).max() > 0.1
assert isinstance(new_network("GRU", 0), torch.nn.GRU)
assert not torch.equal(new_network("RNN", 0).weight_hh_l0, new_network("RNN", 1).weight_hh_l0)

# %% the sensitivity, against finite differences
for name in ("RNN", "GRU", "LSTM, forget bias 3"):
    layer_ = new_network(name, 2).double()
    two_ = "LSTM" in name
    n_ = 32 * (1 + two_)
    J_ = sensitivity(layer_, blanks[:4])
    assert J_.shape == (n_, n_)
    for k in (0, 5, n_ - 1):
        ends_ = []
        for eps_ in (1e-6, -1e-6):
            s_ = torch.zeros(1, 1, n_, dtype=torch.float64)
            s_[0, 0, k] = eps_
            state_ = tuple(q.contiguous() for q in s_.chunk(2, dim=2)) if two_ else s_
            with torch.no_grad():
                end_ = layer_(blanks[:4].double()[:, None], state_)[1]
            ends_.append((torch.cat(end_, dim=2) if two_ else end_)[0, 0])
        np.testing.assert_allclose(J_[:, k], ((ends_[0] - ends_[1]) / 2e-6), atol=1e-8)

# %% what the norms show: who fades, who does not, and that it is the largest singular value
assert list(gains) == list(NETWORKS)
for name in ("RNN", "GRU", "LSTM"):
    assert gains[name][-1] < np.finfo(np.float32).eps
    assert (np.diff(gains[name]) < 0).all()
assert gains["LSTM, forget bias 3"][-1] > 1
assert 1 > gains["RNN, turning"][-1] > 1e3 * gains["RNN"][-1]
five_ = [sensitivity(new_network("GRU", seed), blanks[:10]) for seed in range(5)]
sizes_ = sorted(np.linalg.svd(J, compute_uv=False)[0] for J in five_)
np.testing.assert_allclose(gains["GRU"][LAGS.index(10)], sizes_[2])
np.testing.assert_array_equal(blanks.sum(dim=1), np.eye(100)[0])

# %% the memory: a table of rates and seeds, letters counted from 0 to 4, norms after training
assert list(memory) == list(NETWORKS)
for result_ in memory.values():
    assert result_.shape == (3, 3, 2)
    assert set(result_[..., 0].ravel()) <= {0, 1, 2, 3, 4}
    assert (result_[..., 1] > 0).all()
again_ = [remember("GRU", 0.01, 0, lag=3, steps=60) for _ in range(2)]
assert again_[0] == again_[1]
assert again_[0][0] == 4, "three blanks are easily learned"
start_ = remember("GRU", 0.01, 4, lag=30, steps=0)
letter_ = np.eye(4)[[0]].tolist() + [[0.0] * 4] * 30
wanted_ = np.linalg.norm(sensitivity(new_network("GRU", 4), torch.tensor(letter_)), 2)
np.testing.assert_allclose(start_[1], wanted_, rtol=1e-4)
assert start_[0] <= 2
assert np.median(memory["LSTM"][..., 0]) <= 2, "the plain LSTM does not learn it in 200 steps"

# %% the smallest latch
np.testing.assert_allclose(h_latch, np.tanh(2 * h_latch), atol=1e-12)
np.testing.assert_allclose(h_latch[0], -h_latch[1])
moved_ = []
for start in (0.3, 0.7):
    h_ = start
    for _ in range(30):
        h_ = np.tanh(2 * h_)
    moved_.append(h_)
np.testing.assert_allclose(moved_, h_latch[1], atol=1e-9)
bend_ = [0.5 + 1e-3, 0.5 - 1e-3]
one_ = []
for h_ in bend_:
    one_.append(np.tanh(2 * np.tanh(2 * h_)))
first_ = np.tanh(2 * 0.5)
slope_ = 2 * (1 - first_**2) * 2 * (1 - np.tanh(2 * first_) ** 2)
np.testing.assert_allclose((one_[0] - one_[1]) / 2e-3, slope_, rtol=1e-4)
assert (change < 1e-15).all()
assert change[0] == change[1] > 0

# %% in practice: the text comes back, letter by letter
assert alphabet[codes.numpy()].tolist() == list(my_text)
said_ = "".join(alphabet[spoken])
assert len(said_) == len(my_text)
assert said_[0] == my_text[0]
right_ = (own_scores.argmax(dim=1) == codes[1:]).double().mean()
assert right_ > 0.9

# %% the least misfit: none where weights exist, and as a search would find it
rng_ = np.random.default_rng(4)
H_, w_ = rng_.normal(size=(5, 3)), rng_.normal(size=3)
np.testing.assert_allclose(least_misfit(H_, H_ @ w_, half=0), 0, atol=1e-8)
y_ = rng_.normal(size=5)
for half_ in (0, 0.05):
    least_ = least_misfit(H_, y_, half_)
    tries_ = np.linalg.lstsq(H_, y_)[0] + 0.3 * rng_.normal(size=(200_000, 3))
    reach_ = (abs(tries_ @ H_.T - y_) - half_ * abs(tries_).sum(1, keepdims=True)).max(1)
    assert least_ - 1e-7 <= reach_.min() < least_ + 0.1
assert least_misfit(H_, y_, 0.05) < least_misfit(H_, y_, 0)
for k in "heo":
    assert misfits[k] < 0.05 < misfits["l"] / 2
np.testing.assert_allclose(misfits["l"], least_misfit(H_printed, Y_printed[:, 2], 0.05))

# %% all gradients against finite differences, for a text of five letters
X_, goal_ = one_hot("olleh"), one_hot("helol")
given_ = new_weights(4, 3, np.random.default_rng(9))
loss_, slopes_ = loss_and_gradients(given_, X_, goal_)
np.testing.assert_allclose(loss_, cross_entropy(run_rnn(X_, given_)[1], goal_))
for k, place_ in ((0, (5, 1)), (0, (1, 2)), (1, (2,)), (2, (0, 3)), (3, (1,))):
    ends_ = []
    for eps_ in (1e-6, -1e-6):
        near_ = [w.copy() for w in given_]
        near_[k][place_] += eps_
        ends_.append(loss_and_gradients(near_, X_, goal_)[0])
    np.testing.assert_allclose(slopes_[k][place_], (ends_[0] - ends_[1]) / 2e-6, atol=1e-8)

# %% training: small repeatable starts, steps of the given rate, a falling loss
given_, again_ = (new_weights(4, 3, np.random.default_rng(9)) for _ in range(2))
for a, b in zip(given_, again_, strict=True):
    np.testing.assert_array_equal(a, b)
assert [w.shape for w in again_] == [(7, 3), (3,), (3, 4), (4,)]
drawn_ = np.concatenate([w.ravel() for w in new_weights(40, 25, np.random.default_rng(0))])
assert abs(drawn_).max() <= 0.2 < abs(drawn_).max() * 1.01
assert abs(drawn_.mean()) < 0.02
after_, losses_ = train(given_, X, targets, steps=1, rate=0.25)
loss_, slopes_ = loss_and_gradients(given_, X, targets)
assert losses_ == [loss_]
for a, w, g in zip(after_, given_, slopes_, strict=True):
    np.testing.assert_allclose(a, w - 0.25 * g)
assert curves.shape == (20, 300)
assert (curves[:, -1] < curves[:, 0]).all()

# %% the network speaks: at 0 the best letter, at 1 the softmax's shares, refusals named
import pytest

trained_ = runs[0][0]
assert sample(trained_, "h", 4, np.random.default_rng(0), 0) == "hello"
assert sample(trained_, "he", 3, np.random.default_rng(0), 0)[:2] == "he"
assert len(sample(trained_, "h", 0, np.random.default_rng(0))) == 1
for warmth_ in (1, 4):
    wanted_ = np.exp(log_softmax(run_rnn(one_hot("h"), weights)[1][0] / warmth_))
    rng_ = np.random.default_rng(1)
    drawn_ = [sample(weights, "h", 1, rng_, warmth_)[1] for _ in range(4000)]
    shares_ = np.array([drawn_.count(letter) / 4000 for letter in LETTERS])
    assert (abs(shares_ - wanted_) < 5 * np.sqrt(wanted_ * (1 - wanted_) / 4000)).all()
for bad_ in (-1, math.nan):
    with pytest.raises(ValueError, match="temperature"):
        sample(weights, "h", 1, rng_, bad_)

# %% the direct path is the product of the forget gates, and part of the whole
layer_ = new_network("LSTM, forget bias 3", 1).double()
left_ = direct_path(layer_, blanks[:3].double())
w_x_, w_h_, b_x_, b_h_ = arrays(layer_)
h_ = c_ = np.zeros(32)
product_ = np.ones(32)
for x_ in blanks[:3].numpy().astype(float):
    sums_ = x_ @ w_x_ + h_ @ w_h_ + b_x_ + b_h_
    product_ *= 1 / (1 + np.exp(-sums_[32:64]))
    with torch.no_grad():
        start_ = tuple(torch.from_numpy(v)[None, None] for v in (h_, c_))
        _, (end_h_, end_c_) = layer_(torch.from_numpy(x_)[None, None], start_)
    h_, c_ = end_h_[0, 0].numpy(), end_c_[0, 0].numpy()
np.testing.assert_allclose(left_, product_, rtol=1e-6)
whole_, alone_ = both_paths("LSTM", 1)
np.testing.assert_allclose(
    whole_,
    np.median(
        [
            np.linalg.norm(sensitivity(new_network("LSTM", k), blanks[:1])[32:, 32:], 2)
            for k in range(5)
        ]
    ),
)
assert 0.4 < alone_ < 0.8
np.testing.assert_allclose(whole_, alone_, rtol=1e-5)
assert ways.shape == (9, 2)
assert (ways[1:, 0] > ways[1:, 1]).all()
assert 0.001 < ways[-1, 1] < 0.5

# %% the unrolled unit and its slope, by finite differences; clipped steps are as long as allowed
for w_ in (0.9, 1.3, 1.6, -0.5):
    slope_ = (unrolled(w_ + 1e-6)[0] - unrolled(w_ - 1e-6)[0]) / 2e-6
    np.testing.assert_allclose(unrolled(w_)[1], slope_, rtol=1e-4, atol=1e-7)
h_ = 0.3
for _ in range(50):
    h_ = math.tanh(1.3 * h_ - 0.1)
np.testing.assert_allclose(unrolled(1.3)[0], h_)
end_, slope_ = unrolled(1.6)
step_ = descend(1.6, math.inf, rate=0.01, steps=1)
np.testing.assert_allclose(step_, [1.6, 1.6 - 0.02 * (end_ - 0.8) * slope_])
np.testing.assert_allclose(np.diff(descend(edge, 1.0, rate=0.05, steps=1)), 0.05)
assert abs(unrolled(edge)[0]) < 0.05
np.testing.assert_allclose(unrolled(clipped[-1])[0], 0.8, atol=0.01)
assert len(clipped) == 101
assert abs(free[-1]) > 100


# %% wrong, exercise 1: W itself
def other_weights():
    return W


# %% wrong, exercise 1: only the row of the letter that is not read
def other_weights():
    return W_solved + np.outer(np.eye(7)[3], np.zeros(3))


# %% wrong, exercise 1: another matrix, another figure
def other_weights():
    return W + 0.5


# %% right, exercise 1: the row of the letter o
def other_weights():
    changed = W.copy()
    changed[3] = 2.0
    return changed


# %% wrong, exercise 2: each array by itself
def clip(grads, limit):
    return [g * (limit / max(limit, np.linalg.norm(g))) for g in grads]


# %% wrong, exercise 2: each number by itself
def clip(grads, limit):
    return [np.clip(g, -limit, limit) for g in grads]


# %% wrong, exercise 2: always to the limit
def clip(grads, limit):
    norm = np.sqrt(sum((g**2).sum() for g in grads)) + 1e-12
    return [g * limit / norm for g in grads]


# %% wrong, exercise 2: the square of the norm
def clip(grads, limit):
    norm = sum((g**2).sum() for g in grads)
    return [g * (limit / max(limit, norm)) for g in grads]


# %% right, exercise 2: by PyTorch
def clip(grads, limit):
    given = [torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64)) for g in grads]
    for tensor, g in zip(given, grads, strict=True):
        tensor.grad = torch.from_numpy(g.copy())
    torch.nn.utils.clip_grad_norm_(given, limit)
    return [tensor.grad.numpy() for tensor in given]


# %% wrong, exercise 3: the logarithm of the lag
def forget_bias(lag, kept):
    return math.log(lag)


# %% wrong, exercise 3: one step only
def forget_bias(lag, kept):
    return math.log(kept / (1 - kept))


# %% wrong, exercise 3: the share that is lost
def forget_bias(lag, kept):
    gate = (1 - kept) ** (1 / lag)
    return math.log(gate / (1 - gate))


# %% right, exercise 3: by a root finder
def forget_bias(lag, kept):
    return brentq(lambda b: lag * math.log(sigmoid(b)) - math.log(kept), -5, 40)
