"""What the chapter on gradients in TensorFlow must keep true."""

# equivalent, exercise-3-costs: tf.linalg.matvec(tf.tanh(signals @ p['A']), p['c']) ** 2 → tf.linalg.matvec(tf.tanh(signals @ p['A']), p['c']) * 2: another cost with a Hessian
# equivalent, count-products: autograph=False → autograph=True: the functions branch nowhere, so nothing is rewritten

# %% concludes: In this chain, the groups were added in the reverse order.
assert len(groups) >= 5
assert list(groups) == [f"{name}_grad" for name in reversed(forward)]
kept_order = [op.name for op in before if op.name in forward]
assert kept_order == forward

# %% concludes: The call has computed no number: each answer is a tensor of the graph, without a value.
assert all(isinstance(answer, tf.Tensor) and answer.graph is graph for answer in asked)
assert not any(hasattr(answer, "numpy") for answer in asked)


# %% concludes: The list of operations has each behind its inputs.
position_ = {op.name: k for k, op in enumerate(graph.get_operations())}
assert len(position_) > len(before)
for op_ in graph.get_operations():
    assert all(position_[u.op.name] < position_[op_.name] for u in op_.inputs)

# %% concludes: the answers have the order of the request
import itertools

for order_ in itertools.permutations([weight, bias, X]):
    with graph.as_default():
        for walk_ in (tf.gradients, walk_back):
            answers_ = run_graph(walk_(graph_cost, list(order_)))
            for source_, answer_ in zip(order_, answers_, strict=True):
                if source_ is X:
                    assert answer_.shape == (n,)
                else:
                    wanted_ = by_hand["W" if source_ is weight else "b"]
                    np.testing.assert_allclose(answer_, wanted_, rtol=1e-4, atol=1e-5)

# %% concludes: A target that is given twice counts twice.
once_, twice_ = (long.gradient(each * k, [b_n, W_n]) for k in (1, 2))
np.testing.assert_allclose(twice_, 2 * np.array(once_), rtol=1e-12)
double_ = recorded.gradient([value, value], parameters)
for name_, slope_ in as_dict.items():
    np.testing.assert_allclose(double_[name_], 2 * slope_, rtol=1e-6)
with graph.as_default():
    double_ = run_graph(tf.gradients([graph_cost, graph_cost], [weight, bias]))
np.testing.assert_allclose(double_, 2 * np.array(run_graph(asked)), rtol=1e-5)

# %% concludes: has lost both gradients of the other head without a word
assert list(by_name) == ["kernel", "bias"]
assert set(by_name.values()) == {None}
assert [v.path for v, g in zip(learned, answers, strict=True) if g is not None] == [
    "line/kernel",
    "line/bias",
]

# %% concludes: paths repeat too where layers have the same name, as in a model and its clone
assert len({v.path for v in learned}) == len(learned)
clone_ = keras.models.clone_model(model)
assert [v.path for v in clone_.trainable_variables] == [v.path for v in learned]

# %% concludes: With `unconnected_gradients="zero"` each `None` becomes a zero, which hides the first two kinds.
for row_ in PAIRS.splitlines()[::2]:
    program_ = [part.strip() for part in row_.split("|")[1:]]
    assert run_program(*program_)[1] is None
    assert float(run_program(*program_, unconnected_gradients="zero")[1]) == 0

# %% concludes: `tf.sign` reports the zero that `tf.round` withholds.
assert float(run_program("", "c = C(tf.sign(W))")[1]) == 0
assert run_program("", "c = C(tf.round(W))")[1] is None


# %% concludes: The walk has two products for the second layer, by its weights and by its input. It has one for the first layer, whose input is data.
def products_of_walk_(with_data):
    """Return how many products the walk adds, with the slope by the data or without."""

    @tf.function(autograph=False)
    def traced_():
        with tf.GradientTape() as tape_:
            if with_data:
                tape_.watch(batch)
            value_ = wide_cost()
        return tape_.gradient(value_, [*wide, batch])

    operations_ = traced_.get_concrete_function().graph.get_operations()
    return sum(op.type == "MatMul" for op in operations_) - products[0]


assert products[0] == 2
assert products[1] - products[0] == products_of_walk_(False) == 3
assert products_of_walk_(True) == 4

# %% concludes: a tape records no operation if it follows none of its inputs, so the lines after a gap would have `None` too
for loses_ in ("tf.constant(np.exp(W.numpy()))", "tf.stop_gradient(W)"):
    lines_ = [f"e = {loses_}", "s = e / 2", "c = C(s)"]
    names_ = globals() | {"W": tf.Variable(w)}
    with tf.GradientTape(persistent=True) as tape_:
        for line_ in lines_:
            exec(line_, names_)
    assert [tape_.gradient(names_["c"], names_[k]) for k in "se"] == [None, None]
    lost_, *kept_ = slopes_by_line(lines_)
    assert lost_ is None
    assert None not in kept_
    np.testing.assert_allclose(kept_[0], kept_[1] / 2, rtol=1e-6)

# %% concludes: The line with the arrow has lost the gradient: its own slope is there, and above it stand `None`, zeros or NaN.
assert len(by_line) == 6
for lost_, kept_ in zip(by_line[::2], by_line[1::2], strict=True):
    assert float(lost_[-1]) == float(kept_[-1]) == 1
assert [slope is None for slope in by_line[0]] == [True, False, False, False]
assert None not in by_line[1]
zero_, leaky_ = np.array(by_line[2]), np.array(by_line[3])
np.testing.assert_array_equal(zero_ == 0, [True, True, False, False])
assert leaky_.all()
np.testing.assert_allclose(leaky_[0] / leaky_[2], 0.2, rtol=1e-6)
np.testing.assert_array_equal(np.isnan(by_line[4]), [True, True, False, False])
assert by_line[4][2] == 0
np.testing.assert_array_equal(by_line[5], [0, 0, 0, 0, 1])
slope_ = float(run_program("", "c = C(tf.exp(W) / 2)")[1])
np.testing.assert_allclose(float(by_line[1][0]), slope_, rtol=1e-6)
box_ = tf.Variable(0 * w)
for loses_ in (  # other steps that lose it are found as well
    "u = tf.round(v)",
    "u = tf.stop_gradient(v)",
    "u = tf.cast(tf.cast(v, tf.int32), x.dtype)",
    "u = box_.assign(v)",
):
    found_ = slopes_by_line(["v = W * 2", loses_, "s = u + 1", "c = C(s)"])
    assert [slope is None for slope in found_] == [True, True, False, False, False]

# %% a line may use a name again, or leave a number of NumPy
for lines_, lost_ in (
    (["u = W - 5", "u = tf.nn.relu(u)", "c = C(u)"], [True, True, False, False]),
    (["W = tf.exp(W)", "W = tf.stop_gradient(W)", "c = C(W)"], [True, True, False, False]),
    (["up=np.exp(W.numpy())", "c = C(up)"], [True, False, False]),
):
    found_ = slopes_by_line(lines_)
    assert [s is None or float(s) == 0 for s in found_] == lost_
    assert float(found_[-1]) == 1

# %% concludes: A whole number has no slope of its own: then look at the line that makes it.
found_ = slopes_by_line(["u = W * 1", "i = tf.cast(u, tf.int32)", "c = C(tf.cast(i, x.dtype))"])
assert [slope is None for slope in found_] == [True, True, True, False]

# %% concludes: So it finds a line that loses the gradient, but not a tape that does not look, or a step that ran too early.
for lines_ in (["c = C(W)"], ["W = W - w / 8", "c = C(W)"]):
    assert None not in slopes_by_line(lines_)

# %% concludes: One NaN spoils the sum. `None` stands there only if all of them lose the gradient; if only some do, the sum is a wrong number
whole_ = slopes_by_line(["u = W * 2", "p = u + 0", "q = u + 0", "s = p + q", "c = C(s)"])
some_ = slopes_by_line(
    ["u = W * 2", "p = u + 0", "q = tf.stop_gradient(u)", "s = p + q", "c = C(s)"]
)
all_ = slopes_by_line(
    ["u = W * 2", "p = tf.round(u)", "q = tf.stop_gradient(u)", "s = p + q", "c = C(s)"]
)
nan_ = slopes_by_line(["u = W - w", "p = u + 0", "q = u / 0", "s = p + q", "c = C(p) + 0 * q"])
assert [slope is None for slope in all_] == [True, True, False, False, False, False]
np.testing.assert_allclose(2 * np.array(some_[:2]), whole_[:2], rtol=1e-6)
np.testing.assert_array_equal(np.isnan(nan_[:4]), [True, True, False, False])

# %% concludes: The tape gives half of the second slope, since each factor brings the same.
eps_ = np.finfo(FLOAT).eps
for cost_, reaches_ in ((C, 1), (costs["C(W · W), one factor by NumPy"], 0.5)):
    # delta is 1/1024: rounding of the two costs, and the third derivative of C(W²)
    slack_ = (n + 9) * eps_ * 1024 * (abs(start["W"] * x) * abs(w) + sizes) ** 2
    third_ = 12 * abs(w) * (x * x).mean() * (reaches_ < 1)
    by_tape_, by_difference_ = np.ravel(tf.test.compute_gradient(cost_, [tf.constant(w)]))
    off_ = abs(by_tape_ - reaches_ * by_difference_)
    assert off_ <= slack_.mean() + third_ / 1024**2 / 6
    assert off_ < abs(by_tape_) / 100
np.testing.assert_allclose(costs["C(W · W), one factor by NumPy"](tf.constant(w)), C(w * w))
np.testing.assert_allclose(
    gradient_of(lambda p: costs["C(W · W), one factor by NumPy"](p["W"]), {"W": tf.Variable(w)})[
        "W"
    ],
    np.ravel(tf.test.compute_gradient(lambda W: C(W * W), [tf.constant(w)]))[0] / 2,
    rtol=1e-5,
)

# %% concludes: The remedy is a second `tf.where` *inside* the branch, which gives it a harmless divisor.
for offset_ in (0, 1e-3, -0.7):  # beside zero the mended quotient has its right derivative
    with tf.GradientTape() as tape_:
        u_ = tf.Variable(offset_, dtype=tf.float64)
        safe_ = tf.where(u_ == 0, 1, u_)
        c_ = tf.where(u_ == 0, 1, tf.sin(u_) / safe_)
    wanted_ = np.cos(offset_) / offset_ - np.sin(offset_) / offset_**2 if offset_ else 0
    np.testing.assert_allclose(tape_.gradient(c_, u_), wanted_, rtol=1e-8)

# %% concludes: The default `tf.image.resize` gives a right gradient, but the operation that computes it has no derivative for its own input: the Hessian is zero without a word.
half_, full_ = tf.constant(0.5), tf.constant(1.0)
for s_ in (half_, full_):
    slope_ = gradient_of(resized, {"s": s_})["s"]
    np.testing.assert_allclose(slope_, 2 * s_ * resized({"s": full_}), rtol=1e-5)
assert hessian(resized, {"s": full_}) == 0
whole_ = 2 * resized({"s": full_}).numpy()
np.testing.assert_allclose(compared[1][1], whole_ * compared[1][2], atol=1e-5 * whole_)
with tf.Graph().as_default():
    u_ = v1.placeholder("float", (1, 4, 4, 1))
    (slope_,) = tf.gradients(tf.reduce_sum(tf.image.resize(u_, (8, 8)) ** 2), u_)
    assert slope_ is not None
    assert tf.gradients(slope_, u_) == [None]


# %% concludes: for others, nearly so if $v$ is small
def quartic_(p):
    return p["a"] ** 4


one_ = tf.constant(1.0, tf.float64)
for v_, near_ in ((1.0, False), (1e-3, True)):
    before_, after_ = (gradient_of(quartic_, {"a": one_ + step})["a"] for step in (0.0, v_))
    ratio_ = float(after_ - before_) / (hessian(quartic_, {"a": one_})[0, 0] * v_)
    assert near_ == (ratio_ < 1.1)

# %% concludes: The cost falls, and the line is wrong: `b` never moves, and `W` moves until the gradient *of* `b` is zero.
assert float(C(*best)) * 1.5 < float(C(*slipped)) < float(value)
assert slipped[1] == start["b"]
rest_ = (y.mean() - start["b"]) / x.mean()
eps_ = np.finfo(FLOAT).eps
noise_ = eps_ * (50 * abs(rest_) + (n + 9) * terms[1]) / x.mean()
within_ = abs(w - rest_) * (1 - 0.01 * x.mean()) ** 400 + noise_
assert abs(slipped[0] - rest_) <= within_

# elsewhere, data: FLOAT = np.float64 → FLOAT = np.float32: single precision
# elsewhere, data: {"W": FLOAT(1.0), "b": FLOAT(-1.0)} → {"W": FLOAT(-2.3), "b": FLOAT(4.0)}: another start
# elsewhere, data: y = np.array(y_12 → y = 6 - 2 * np.array(y_12: a falling line
# elsewhere, keras: Dense(8, "tanh" → Dense(64, "relu": a wider layer of another kind
# elsewhere, keras: ("line", "spare") → ("line", "spare", "third"): three heads

# %% the points and the start are the tutorial's, and the gradient by hand is that of the cost
assert len(x) == len(y) == n == 17
np.testing.assert_allclose([x.sum(), y.sum()], [105.893, 40.226], rtol=1e-6)
assert start == {"W": 1, "b": -1}
step_ = 1e-6
for name_ in "Wb":
    sides_ = [float(C(**(start | {name_: start[name_] + s}))) for s in (step_, -step_)]
    np.testing.assert_allclose(by_hand[name_], (sides_[0] - sides_[1]) / 2e-6, rtol=1e-7)
np.testing.assert_allclose(C(2.0, 0.5), ((2 * x + 0.5 - y) ** 2).sum() / 34, rtol=1e-14)
np.testing.assert_allclose(C(2.0), ((2 * x - 1 - y) ** 2).sum() / 34, rtol=1e-14)

# %% the gradient by hand is exact but for rounding
from fractions import Fraction

W_, b_, *points_ = (Fraction(float(v)) for v in (*start.values(), *x, *y))
r_ = [W_ * u + b_ - v for u, v in zip(points_[:n], points_[n:], strict=True)]
exact_ = [sum(r * u for r, u in zip(r_, points_[:n], strict=True)) / n, sum(r_) / n]
np.testing.assert_allclose(list(by_hand.values()), list(map(float, exact_)), rtol=1e-14)

# %% the graph has the question's cost, variables and what Adam adds
import pytest

np.testing.assert_allclose(run_graph(graph_cost), value, rtol=1e-5)
np.testing.assert_allclose(run_graph(pred), start["W"] * x + start["b"], rtol=1e-6)
names_ = ["beta1_power:0", "beta2_power:0"]
names_ += [f"{v}/Adam{k}:0" for v in ("weight", "bias") for k in ("", "_1")]
assert none_of == names_
assert [v.name for v in everything] == ["weight:0", "bias:0", *names_]
with graph.as_default():
    assert [v.name for v in v1.trainable_variables()] == ["weight:0", "bias:0"]
for found_ in (turned, {v.name[0]: g for g, v in paired}):
    values_ = run_graph(found_)
    np.testing.assert_allclose(values_["b"], by_hand["b"], rtol=1e-5)
    np.testing.assert_allclose(values_["W" if found_ is turned else "w"], by_hand["W"], rtol=1e-5)
assert [v.name for _, v in paired] == ["weight:0", "bias:0"]
with graph.as_default():
    (X_slope_,) = tf.gradients(graph_cost, [X])
    with pytest.raises(TypeError, match="Failed to convert elements"):
        tf.gradients(graph_cost, {"W": weight, "b": bias})
np.testing.assert_allclose(run_graph(X_slope_), start["W"] * residuals / n, rtol=1e-4)

# %% the call adds operations, under the names of those before
assert (len(before), len(before) + len(added)) == (26, 96)
assert sum(groups.values()) == len(added) - 3
assert all(op.name.startswith("gradients/") for op in added)
assert forward == ["Mul", "Add", "sub", "Pow", "Sum", "truediv"]

# %% our walk on other graphs: a tensor used twice, a source that does not arrive, products of matrices
with tf.Graph().as_default() as graph_:
    u_ = v1.placeholder(tf.float64, (2, 3), name="u")
    v_ = v1.placeholder(tf.float64, (3, 2), name="v")
    z_ = v1.placeholder(tf.float64, (), name="z")
    product_ = tf.matmul(u_, v_)
    target_ = tf.reduce_sum(tf.tanh(product_) * product_) + tf.reduce_mean(tf.exp(u_))
    usual_, graph = graph, graph_
    try:
        walked_ = walk_back(target_, [v_, z_, u_])
    finally:
        graph = usual_
    theirs_ = tf.gradients(target_, [v_, z_, u_])
    assert walked_[1] is None
    assert theirs_[1] is None
    draw_ = np.random.default_rng(0)
    feed_ = {u_: draw_.normal(size=(2, 3)), v_: draw_.normal(size=(3, 2))}
    with v1.Session() as session_:
        pairs_ = session_.run([walked_[::2], theirs_[::2]], feed_)
    for mine_, its_ in zip(*pairs_, strict=True):
        np.testing.assert_allclose(mine_, its_, rtol=1e-12)
np.testing.assert_allclose(run_graph(walked), run_graph(asked), rtol=1e-6)

# %% our walk through operations with several results, of which some or one is used
for k_ in ((0, 1), (1,), (2, 0)):
    for take_ in (tf.unstack, lambda u: tf.split(u, 4)):
        with tf.Graph().as_default() as graph_:
            u_ = v1.placeholder(tf.float64, (4,))
            parts_ = take_(u_ * u_)
            target_ = tf.add_n([tf.reduce_sum(parts_[k] ** (k + 1)) for k in k_])
            usual_, graph = graph, graph_
            try:
                (walked_,) = walk_back(target_, [u_])
            finally:
                graph = usual_
            (theirs_,) = tf.gradients(target_, u_)
            with v1.Session() as session_:
                mine_, its_ = session_.run([walked_, theirs_], {u_: [1.0, -2.0, 3.0, 0.5]})
        np.testing.assert_allclose(mine_, its_, rtol=1e-12)
        assert np.count_nonzero(its_) == len(k_)

# %% tf.gradients works in a tf.function only
import pytest

with pytest.raises(RuntimeError, match="not supported when eager execution"):
    tf.gradients(C(parameters["W"]), parameters["W"])
traced_ = tf.function(lambda: tf.gradients(C(**parameters), list(parameters.values())))
np.testing.assert_allclose(traced_(), list(by_hand.values()), rtol=1e-12)

# %% the tape of one point: values, derivatives and slopes by hand
r_ = residuals[0]
values_ = {name: node.value for name, node in nodes.items()}
wanted_ = {"W": 1, "x": 3.3, "b": -1, "−y": -1.7, "½": 0.5, "W x": 3.3, "W x + b": 2.3}
wanted_ |= {"r": r_, "½ r": r_ / 2, "½ r²": r_**2 / 2}
assert list(values_) == list(wanted_)
np.testing.assert_allclose(list(values_.values()), list(wanted_.values()), rtol=1e-12)
np.testing.assert_allclose(
    [d for _, pairs in short.steps for _, d in pairs],
    [3.3, 1, 1, 1, 1, 1, r_, 0.5, r_, r_ / 2],
    rtol=1e-12,
)
slopes_ = short.gradient([nodes["½ r²"]], nodes.values())
wanted_ = [r_ * 3.3, r_, r_, r_, r_ * r_, r_, r_, r_, r_, 1]
np.testing.assert_allclose(slopes_, wanted_, rtol=1e-12)


# %% the slider: values forwards, then slopes backwards, and two that arrive at the residual
def texts_(k):
    return [text.get_text() for text in frames[k].axes[0].texts if text.get_text()]


assert labels == [f"{way}, {k}" for way in ("forwards", "backwards") for k in range(6)]
assert len(frames) == 12
for k_ in range(6):
    said_ = texts_(k_)
    assert [name for name in nodes if name in said_] == list(nodes)[: 5 + k_]
    assert len(said_) == 2 * k_ + 2 * (5 + k_)
arrived_ = []
for k_ in range(6, 12):
    found_ = [t for t in frames[k_].axes[0].texts if t.get_color() == "C1" and t.get_text()]
    arrived_.append([t.get_text() for t in found_])
    for text_ in found_:
        (below_,) = [
            name
            for name, node in nodes.items()
            if place[node][0] == text_.get_position()[0]
            and abs(place[node][1] - 0.3 - text_.get_position()[1]) < 1e-9
        ]
        assert below_
assert [len(found) for found in arrived_] == [1, 3, 4, 6, 8, 10]
assert "0.3" in arrived_[1]
assert arrived_[2].count("0.6") == 2
shown_ = {t.get_position(): t.get_text() for t in frames[-1].axes[0].texts}
for name_, node_ in nodes.items():
    u_, v_ = place[node_]
    assert shown_[u_, v_ + 0.2] == name_
    assert shown_[u_, v_ - 0.05] == f"{node_.value:.3g}"
    (slope_,) = short.gradient([nodes["½ r²"]], [node_])
    assert shown_[u_, v_ - 0.3] == f"{slope_:.3g}"
for result_, pairs_ in short.steps:
    for number_, derivative_ in pairs_:
        middle_ = np.add(place[result_], place[number_]) / 2 + (0, 0.05)
        assert shown_[tuple(middle_)] == f"{derivative_:.3g}"
        assert place[number_][0] < place[result_][0]
assert len(set(place.values())) == len(nodes)
html_ = frame_slider(frames, labels, "steps", start=last + 2).data
assert 'value="7"' in html_

# %% the figure of the graph shows each operation beside its group
axis_ = graph_figure.axes[0]
shown_ = {t.get_text(): t.get_position() for t in axis_.texts if t.get_text()}
for k_, name_ in enumerate(forward):
    assert shown_[name_] == (0, k_)
    assert shown_[f"{name_}_grad ({groups[f'{name_}_grad']})"] == (2, k_)
    read_ = {u.op for op in added if op.name.split("/")[1] == f"{name_}_grad" for u in op.inputs}
    forward_op_ = graph.get_operation_by_name(name_)
    allowed_ = {u.op for u in forward_op_.inputs} | ({forward_op_} if name_ == "Pow" else set())
    assert set() < read_ & set(before) <= allowed_
    assert (forward_op_ in read_) == (name_ == "Pow")
for k_, entry_ in ((0, "X, weight"), (1, "bias"), (2, "Y"), (3, "2"), (5, "2n")):
    assert shown_[f"{entry_} →"][0] < 0
    assert shown_[f"{entry_} →"][1] == k_
assert shown_["→ by weight"][1] == 0
assert shown_["→ by bias"][1] == 1
assert shown_["→ by bias"][0] == shown_["→ by weight"][0] > 2
assert shown_["cost"] == (0, 6)
assert shown_["1"] == (2, 6)
arrows_ = {(a.xyann, a.xy) for a in axis_.texts if hasattr(a, "xyann")}
wanted_ = {((0, k), (0, k + 1)) for k in range(6)} | {((2, k + 1), (2, k)) for k in range(6)}
assert arrows_ > wanted_
dotted_ = arrows_ - wanted_
assert len(dotted_) == 6
assert all(0 < a[0] < b[0] < 2 and a[1] == b[1] for a, b in dotted_)
(left_, right_), (bottom_, top_) = axis_.get_xlim(), axis_.get_ylim()
for u_, v_ in shown_.values():
    assert left_ < u_ < right_
    assert top_ < v_ < bottom_
assert not axis_.axison

# %% our tape against TensorFlow's, on random programs
draw_ = np.random.default_rng(0)
for _ in range(30):
    own_, numbers_ = Tape(), draw_.normal(size=4)
    ours_ = [Number(float(v), own_) for v in numbers_]
    theirs_ = [tf.Variable(v) for v in numbers_]
    with tf.GradientTape() as peer_:
        a_, c_ = list(ours_), [t + 0.0 for t in theirs_]
        for _ in range(12):
            i_, j_ = draw_.integers(len(a_), size=2)
            if draw_.random() < 0.5:
                a_.append(a_[i_] + a_[j_])
                c_.append(c_[i_] + c_[j_])
            else:
                a_.append(a_[i_] * a_[j_])
                c_.append(c_[i_] * c_[j_])
        targets_ = [c_[-1], c_[-2], c_[-1]]
    np.testing.assert_allclose([t.value for t in a_], [float(t) for t in c_], rtol=1e-12)
    expected_ = peer_.gradient(targets_, theirs_)
    found_ = own_.gradient([a_[-1], a_[-2], a_[-1]], ours_)
    for mine_, its_ in zip(found_, expected_, strict=True):
        assert (mine_ is None) == (its_ is None)
        assert mine_ is None or abs(mine_ - float(its_)) <= 1e-10 * max(1, abs(mine_))

# %% a tape leaves None where no path leads, and can be played again
own_ = Tape()
p_, q_ = Number(2.0, own_), Number(3.0, own_)
r_ = p_ * p_
for _ in range(2):
    assert own_.gradient([r_], [q_, p_, r_]) == [None, 4, 1]
made_ = own_.record(5.0)
assert (made_.value, made_.tape) == (5.0, own_)
assert own_.steps[-1] == (made_, ())
assert len(each) == 17
np.testing.assert_allclose([t.value for t in each], residuals**2 / 2, rtol=1e-12)
own_ = long.gradient(each, [b_n, unused, W_n])
assert own_[1] is None
wanted_ = [n * by_hand["b"], n * by_hand["W"]]
np.testing.assert_allclose(own_[::2], wanted_, rtol=1e-12)
assert unused.value == 3

# %% TensorFlow's tape by list, by name and by nesting; samples add up to the gradient of the sum
assert list(as_dict) == ["W", "b"]
W_, b_ = parameters.values()
assert recorded.gradient(value, [b_, W_]) == [as_dict["b"], as_dict["W"]]
nested_ = recorded.gradient(value, [W_, {"rest": [b_]}])
assert nested_ == [as_dict["W"], {"rest": [as_dict["b"]]}]
assert as_dict["W"].dtype == tf.float64
np.testing.assert_allclose(of_sum, n * by_hand["W"], rtol=1e-12)
np.testing.assert_allclose(halves, residuals**2 / 2, rtol=1e-12)

# %% the Keras model: a frozen layer, two heads, and the cost of the first
assert [v.path for v in model.variables][:2] == ["features/kernel", "features/bias"]
assert [v.path for v in learned] == [
    f"{h}/{k}" for h in ("line", "spare") for k in ("kernel", "bias")
]
assert [tuple(v.shape) for v in learned[:2]] == [(8, 1), (1,)]
first_, spare_ = model(x[:, None])
np.testing.assert_allclose(model_cost(), np.mean((first_[:, 0] - y) ** 2) / 2, rtol=1e-5)
assert shapes == [[8, 1], [1], None, None]
hidden_ = np.tanh(x[:, None] @ model.variables[0].numpy() + model.variables[1].numpy())
found_ = hidden_ @ learned[0].numpy() + learned[1].numpy()
np.testing.assert_allclose(first_, found_, rtol=1e-4, atol=1e-5)
assert not np.allclose(first_, spare_)

# %% every bad program gives None and every good one the gradient, of W as it then is
assert len(PAIRS.splitlines()) == 18
assert sum(nones) == len(nones) == 9
assert [g is None for _, g in tried] == 9 * [True, False]
assert [row.startswith("  ") for row in PAIRS.splitlines()] == 9 * [False, True]
for W_, g_ in tried[1::2]:
    wanted_ = ((float(W_) * x + start["b"] - y) * x).mean()
    np.testing.assert_allclose(float(g_), wanted_, rtol=1e-12)
    assert float(W_) == (0.875 if W_ is tried[9][0] else 1)
assert float(other) == 1
for line_ in ("c = C(f(W))", "c = C(tf.round(W))"):  # the cost is the rounded one
    names_ = globals() | {"W": tf.Variable(1.4 * w), "f": tf.grad_pass_through(tf.round)}
    exec(line_, names_)
    np.testing.assert_allclose(names_["c"], C(w), rtol=1e-12)
assert run_program("W = tf.Variable(3.0)", "c = W**2")[1].numpy() == 6
assert float(run_program("", "c = W")[0]) == w

# %% other answers: no number, a zero, NaN and an error
import pytest

assert run_program("", "c = C(w)")[1] is None
assert float(run_program("", "c = C(w)", unconnected_gradients="zero")[1]) == 0
for value_, slope_ in ((4.9, 0), (5.1, 1)):  # below and above the corner of the rectifier
    found_ = run_program(f"W = tf.Variable({value_})", "c = tf.nn.relu(W - 5)")[1]
    assert float(found_) == slope_
with pytest.raises(LookupError, match="AdjustHue"):
    run_program("", "c = tf.image.adjust_hue(W * [[[1.0, 0.0, 0.0]]], 0.1)")

# %% asked elsewhere: each case
import pytest

u_ = tf.Variable(2.0)  # 29942: a tensor that was computed before the tape
v_ = u_ + 3.0
with tf.GradientTape() as tape_:
    z_ = v_ + 4.0
assert tape_.gradient(z_, v_) is None
with tf.Graph().as_default():
    v_ = v1.placeholder("float", ()) + 3.0
    (slope_,) = tf.gradients(v_ + 4.0, v_)
    with v1.Session() as session_:
        assert session_.run(slope_) == 1
box_ = tf.Variable(0.0)  # 54532: through the state of a variable
with tf.GradientTape(persistent=True) as tape_:
    bad_ = box_.assign(u_) ** 2
    good_ = tf.grad_pass_through(box_.assign)(u_) ** 2
assert tape_.gradient(bad_, u_) is None
assert float(tape_.gradient(good_, u_)) == 4
for function_ in (tf.floor, tf.round):  # 897
    with tf.GradientTape() as tape_:
        z_ = function_(u_)
    assert tape_.gradient(z_, u_) is None
with tf.GradientTape() as tape_:  # 62145
    z_ = tf.image.adjust_contrast(u_ * [[[1.0, 0.0, 0.0]]], 2.0)
with pytest.raises(LookupError, match="gradient registry has no entry for: AdjustContrast"):
    tape_.gradient(z_, u_)
layer_ = keras.layers.RandomContrast(0.5, seed=1)
u_ = tf.Variable(np.random.default_rng(0).random((2, 4, 4, 3)), dtype=tf.float32)
with tf.GradientTape() as tape_:
    changed_ = layer_(u_, training=True)
    z_ = tf.reduce_sum(changed_**2)
assert abs(changed_ - u_).numpy().max() > 0.01
assert np.count_nonzero(tape_.gradient(z_, u_)) > 90

# %% a gradient by name refuses what has none, by name
import pytest


def total_(p):
    return C(p["W"], p["b"])


for bad_, kind_, words_ in (
    (1.0, TypeError, "other is 1.0; it must be a floating-point tensor"),
    (tf.Variable(1), TypeError, "other is <tf.Variable"),
    (np.float64(1), TypeError, "other is np.float64"),
    (tf.Variable(1.0), ValueError, "the gradient of other is None; it must be finite"),
):
    with pytest.raises(kind_, match=words_):
        gradient_of(total_, parameters | {"other": bad_})
with pytest.raises(
    TypeError, match=r"function returns .*1\.0.*; it must be a floating-point scalar"
):
    gradient_of(lambda p: np.square(p["W"]), parameters)
with pytest.raises(TypeError, match="it must be a floating-point scalar"):
    gradient_of(lambda p: p["W"] * x, parameters)
with pytest.raises(
    TypeError, match=r"function returns .*int32.*it must be a floating-point scalar"
):
    gradient_of(lambda p: tf.cast(p["W"], tf.int32), parameters)
one_ = tf.Variable(3.0)
with pytest.raises(ValueError, match=r"a dict of different tensors.*the names are \['a', 'b'\]"):
    gradient_of(lambda p: p["a"] * p["b"], {"a": one_, "b": one_})
kept_ = keras.Variable(2.0)
with pytest.raises(ValueError, match=r"a dict of different tensors.*the names are \['a', 'b'\]"):
    gradient_of(lambda p: p["a"] * p["b"], {"a": kept_, "b": kept_.value})
np.testing.assert_array_equal(hessian(lambda p: p["a"] ** 3, {"a": kept_}), [[12]])
with pytest.raises(TypeError, match=r"a is <tf.RaggedTensor.*it must be a floating-point tensor"):
    gradient_of(lambda p: 1.0, {"a": tf.ragged.constant([[1.0, 2.0], [3.0]])})
with pytest.raises(ValueError, match=r"the names are \[\]"):
    gradient_of(total_, {})
for half_ in (tf.bfloat16, tf.float16):
    for shape_ in ((), (1, 1), (2,)):
        for make_ in (tf.identity, tf.Variable):
            u_ = make_(tf.fill(shape_, tf.cast(2, half_)))
            slope_ = gradient_of(lambda p: tf.reduce_sum(p["a"] ** 2), {"a": u_})["a"]
            assert slope_.dtype == half_
            np.testing.assert_array_equal(tf.cast(slope_, tf.float32), np.full(shape_, 4))
moved_ = {"W": tf.Variable(w)}
with pytest.raises(ValueError, match="function assigns W; it must only read it"):
    gradient_of(lambda p: p["W"].assign(2 * p["W"]) ** 2, moved_)
assert float(gradient_of(lambda p: p["W"] ** 3, moved_)["W"]) == 12
with pytest.raises(ValueError, match=r"the gradient of W is .*nan"):
    gradient_of(lambda p: tf.sqrt(tf.square(p["W"] - 2)), moved_)
with pytest.raises(ValueError, match="the gradient of spare/kernel is None"):
    gradient_of(lambda _: model_cost(), learned)
with pytest.raises(
    ValueError, match=r"with different paths; the names are .*spare/bias.*spare/bias"
):
    gradient_of(lambda _: 0, learned + keras.models.clone_model(model).trainable_variables)
for bad_, paths_ in (
    (keras.Sequential([keras.layers.Dense(2)]).trainable_variables, r"\[\]"),
    (list(parameters.values()), r"\[None, None\]"),
    (parameters["W"], r"\[None\]"),
):
    with pytest.raises(ValueError, match=f"sources may be a dict of .* are {paths_}"):
        gradient_of(total_, bad_)
with pytest.raises(RuntimeError, match=r"gradient_of may not run in a tf\.function"):
    tf.function(lambda: gradient_of(total_, parameters), autograph=False)()
with_nan_ = {"a": tf.constant([1.0, 2.0, np.nan])}
slope_ = gradient_of(lambda p: tf.reduce_sum(p["a"][:2] ** 2), with_nan_)["a"]
np.testing.assert_array_equal(slope_, [2, 4, 0])
made_ = gradient_of(
    lambda p: tf.reduce_sum(p["a"] ** 3) + p["c"],
    {"a": tf.constant([1.0, 2.0]), "c": tf.constant(1.0)},
)
np.testing.assert_allclose(made_["a"], [3, 12])
np.testing.assert_allclose(made_["c"], 1)
frozen_ = gradient_of(
    lambda _: model_cost(), model.variables[:2] + mine
)  # frozen ones can be asked for
assert list(frozen_) == [v.path for v in model.variables[:4]]
table_ = keras.layers.Embedding(5, 2)
table_.build()
slope_ = gradient_of(
    lambda _: tf.reduce_sum(table_(np.array([1, 1, 3]))), table_.trainable_variables
)
np.testing.assert_array_equal(slope_[table_.embeddings.path][:, 0], [0, 2, 0, 1, 0])

# %% in practice: the cost falls, and a tape's gradients agree with differences
assert list(gradient_of(lambda _: model_cost(), mine)) == ["line/kernel", "line/bias"]
assert model_cost() < model_value / 5
found_, (differences_,) = tf.test.compute_gradient(C, [tf.constant(w)])
np.testing.assert_allclose(found_, by_hand["W"], rtol=1e-12)
np.testing.assert_allclose(differences_, by_hand["W"], rtol=1e-6)

# %% errors are told against the sum of the absolute terms, in the epsilon of their precision
sizes_ = np.abs(x) + 1 + np.abs(y)  # W is 1 and b is −1
np.testing.assert_allclose(terms, [(sizes_ * x).mean(), sizes_.mean()], rtol=1e-12)
np.testing.assert_allclose(our_tape, list(by_hand.values()), rtol=1e-12)
told_ = {claim.text: claim for claim in claims.claims if "in ε" in claim.text}
gradients_ = {"our tape": our_tape, "TensorFlow's tape": list(as_dict.values())}
gradients_["our walk over the graph"] = run_graph(walked)
for name_, gradient_ in gradients_.items():
    dtype_ = np.float32 if "graph" in name_ else np.float64
    off_ = abs(np.array(gradient_, float) - list(by_hand.values())) / terms
    claim_ = told_[f"{name_} against the formula, in ε"]
    np.testing.assert_allclose(claim_.number, off_.max() / np.finfo(dtype_).eps, atol=1e-9)
    assert claim_.high == 26

# %% a Keras optimiser warns if some gradients are None, and names the paths
import pytest

plain_ = keras.optimizers.SGD(0.0)
with pytest.warns(UserWarning, match=r"do not exist for variables .'spare/kernel', 'spare/bias'"):
    plain_.apply_gradients(zip(answers, learned, strict=True))

# %% zip would stop what filtering does
import pytest

with pytest.raises(ValueError, match="shorter"):
    list(zip(theta.values(), [1, 2], strict=True))
assert float(theta["gain"]) != w
np.testing.assert_allclose(best, np.polynomial.Polynomial.fit(x, y, 1).convert().coef[::-1])

# %% Hessians by hand: the line's, a cubic's, and those with zeros
np.testing.assert_allclose(H, [[(x * x).mean(), x.mean()], [x.mean(), 1]], rtol=1e-13)
np.testing.assert_allclose(run_graph(again), H, rtol=1e-5)
two_ = {"a": tf.Variable(3.0), "b": tf.Variable(0.5)}
found_ = hessian(lambda p: p["a"] ** 2 * p["b"] + tf.sin(p["b"]), two_)
np.testing.assert_allclose(found_, [[1, 6], [6, -np.sin(0.5)]], rtol=1e-6)
found_ = hessian(lambda p: p["a"] ** 2 + p["b"], two_)
np.testing.assert_array_equal(found_, [[2, 0], [0, 0]])
found_ = hessian(lambda p: p["a"] + p["b"], {k: tf.constant(1.0) for k in "ab"})
np.testing.assert_array_equal(found_, np.zeros((2, 2)))

# %% the Hessian refuses what is no scalar tensor, by name
import pytest

for bad_ in (tf.constant([1.0, 2.0]), 1.0):
    with pytest.raises(TypeError, match=r"b is .*; it must be a scalar tensor"):
        hessian(lambda p: tf.reduce_sum(p["b"] ** 2), {"a": tf.constant(1.0), "b": bad_})
with pytest.raises(TypeError, match=r"(?s)line/kernel is .*; it must be a scalar tensor"):
    hessian(lambda _: model_cost(), mine)


# %% the custom root mean square has the plain one's values and slopes, and zero at zero
def slope_of_(function, r):
    r = tf.constant(r, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(r)
        result = 3 * function(r)
    return tape.gradient(result, r).numpy()


for r_ in ([3.0, -4.0], [1.0], [1e-3, 2.0, 5.0]):
    r_ = np.array(r_)
    np.testing.assert_allclose(rms(tf.constant(r_)), np.sqrt(np.mean(r_**2)), rtol=1e-14)
    np.testing.assert_allclose(plain_rms(tf.constant(r_)), np.sqrt(np.mean(r_**2)), rtol=1e-14)
    np.testing.assert_allclose(slope_of_(rms, r_), slope_of_(plain_rms, r_), rtol=1e-12)
np.testing.assert_array_equal(slope_of_(rms, [0.0, 0.0]), [0, 0])
assert np.isnan(slope_of_(plain_rms, [0.0, 0.0])).all()
for tiny_ in (1e-200, 1e200):
    np.testing.assert_allclose(slope_of_(rms, [tiny_, tiny_]), [1.5, 1.5], rtol=1e-12)
    np.testing.assert_allclose(rms(tf.constant([tiny_], tf.float64)), tiny_, rtol=1e-12)


# %% wrong, exercise 1: the quotient without a record
def divide(a, b):
    return Number(a.value / b.value, a.tape)


# %% wrong, exercise 1: the sign of the second derivative
def divide(a, b):
    return a.tape.record(a.value / b.value, (a, 1 / b.value), (b, a.value / b.value**2))


# %% wrong, exercise 1: the divisor is taken for a constant
def divide(a, b):
    return a.tape.record(a.value / b.value, (a, 1 / b.value))


# %% right, exercise 1: by a reciprocal and the product that is there
def divide(a, b):
    return a * a.tape.record(1 / b.value, (b, -1 / b.value**2))


# %% wrong, exercise 2: only the constant is mended
def three_gradients(a, c, d):
    a, c, d = (
        tf.Variable(a, dtype=tf.float64),
        tf.Variable(c, dtype=tf.float64),
        tf.Variable(int(d)),
    )
    straight = c * x
    with tf.GradientTape() as tape:
        target = tf.reduce_mean((a * x**2 + straight + tf.cast(d, tf.float64) - y) ** 2)
    return tape.gradient(target, {"a": a, "c": c, "d": d})


# %% wrong, exercise 2: zeros for what is not found
def three_gradients(a, c, d):
    a, c, d = tf.constant(a, tf.float64), tf.Variable(c, dtype=tf.float64), tf.Variable(int(d))
    straight = c * x
    with tf.GradientTape() as tape:
        target = tf.reduce_mean((a * x**2 + straight + tf.cast(d, tf.float64) - y) ** 2)
    return tape.gradient(target, {"a": a, "c": c, "d": d}, unconnected_gradients="zero")


# %% wrong, exercise 2: a real number is cut to a whole one
def three_gradients(a, c, d):
    p = {k: tf.Variable(v, dtype=tf.float64) for k, v in zip("acd", (a, c, int(d)), strict=True)}
    with tf.GradientTape() as tape:
        target = tf.reduce_mean((p["a"] * x**2 + p["c"] * x + p["d"] - y) ** 2)
    return tape.gradient(target, p)


# %% wrong, exercise 2: the sum instead of the mean
def three_gradients(a, c, d):
    p = {k: tf.Variable(v, dtype=tf.float64) for k, v in zip("acd", (a, c, d), strict=True)}
    with tf.GradientTape() as tape:
        target = tf.reduce_sum((p["a"] * x**2 + p["c"] * x + p["d"] - y) ** 2)
    return tape.gradient(target, p)


# %% right, exercise 2: constants that are watched
def three_gradients(a, c, d):
    p = {k: tf.constant(v, tf.float64) for k, v in zip("acd", (a, c, d), strict=True)}
    return gradient_of(lambda p: tf.reduce_mean((p["a"] * x**2 + p["c"] * x + p["d"] - y) ** 2), p)


# %% wrong, exercise 1: a Number as a derivative
def divide(a, b):
    return a.tape.record(a.value / b.value, (a, 1 / b.value), (b, a * b))


# %% wrong, exercise 2: the gradient of d in single precision
def three_gradients(a, c, d):
    a, c, d = tf.Variable(a, dtype=x.dtype), tf.Variable(c, dtype=x.dtype), tf.Variable(float(d))
    with tf.GradientTape() as tape:
        target = tf.reduce_mean((a * x**2 + c * x + tf.cast(d, x.dtype) - y) ** 2)
    return tape.gradient(target, {"a": a, "c": c, "d": d})


# %% wrong, exercise 1: pairs turned around
def divide(a, b):
    return a.tape.record(a.value / b.value, (1 / b.value, a), (-a.value / b.value**2, b))


# %% wrong, exercise 2: the formula by hand, without a tape
def three_gradients(a, c, d):
    r = a * x**2 + c * x + d - y
    return {"a": 2 * (r * x**2).mean(), "c": 2 * (r * x).mean(), "d": 2 * r.mean()}


# %% wrong, exercise 3: the whole Hessian by a map over its rows
def hessian_vector(function, parameters, v):
    sizes_ = [int(tf.size(p)) for p in parameters.values()]
    with tf.GradientTape(persistent=True) as outer:
        outer.watch(parameters)
        g = gradient_of(function, parameters)
        flat = tf.concat([tf.reshape(t, [-1]) for t in g.values()], 0)

    def row(e):
        r = outer.gradient(flat, parameters, output_gradients=e, unconnected_gradients="zero")
        return tf.concat([tf.reshape(t, [-1]) for t in r.values()], 0)

    rows = tf.vectorized_map(row, tf.eye(sum(sizes_), dtype=flat.dtype))
    product = tf.linalg.matvec(rows, tf.concat([tf.reshape(t, [-1]) for t in v.values()], 0))
    parts = tf.split(product, sizes_)
    return {k: tf.reshape(t, v[k].shape) for k, t in zip(parameters, parts, strict=True)}


# %% right, exercise 3: two tapes in a tf.function with arguments
def hessian_vector(function, parameters, v):
    @tf.function(autograph=False)
    def product(parameters, v):
        with tf.GradientTape() as outer:
            outer.watch(parameters)
            with tf.GradientTape() as inner:
                inner.watch(parameters)
                cost = function(parameters)
            g = inner.gradient(cost, parameters)
        return outer.gradient(g, parameters, output_gradients=v, unconnected_gradients="zero")

    return product(parameters, v)


# %% wrong, exercise 3: the whole Hessian by batch_jacobian
def hessian_vector(function, parameters, v):
    shapes = [p.shape for p in parameters.values()]
    sizes = [int(np.prod(shape)) for shape in shapes]

    def named(z):
        parts = zip(parameters, tf.split(z, sizes), shapes, strict=True)
        return {k: tf.reshape(part, shape) for k, part, shape in parts}

    def flat(parts):
        return tf.concat([tf.reshape(parts[k], [-1]) for k in parameters], 0)

    z = flat(parameters)[None]
    with tf.GradientTape(persistent=True) as outer:
        outer.watch(z)
        with tf.GradientTape() as inner:
            inner.watch(z)
            cost = function(named(z[0]))
        g = inner.gradient(cost, z)
    return named(tf.linalg.matvec(outer.batch_jacobian(g, z)[0], flat(v)))


# %% wrong, exercise 3: the whole Hessian, a row for each run of a traced function
def hessian_vector(function, parameters, v):
    shapes = [p.shape for p in parameters.values()]
    sizes = [int(np.prod(shape)) for shape in shapes]

    def named(z):
        parts = zip(parameters, tf.split(z, sizes), shapes, strict=True)
        return {k: tf.reshape(part, shape) for k, part, shape in parts}

    def flat(parts):
        return tf.concat([tf.reshape(parts[k], [-1]) for k in parameters], 0)

    z = flat(parameters)

    @tf.function(autograph=False)
    def row(e):
        with tf.GradientTape() as outer:
            outer.watch(z)
            with tf.GradientTape() as inner:
                inner.watch(z)
                cost = function(named(z))
            g = inner.gradient(cost, z)
        return outer.gradient(g, z, output_gradients=e)

    rows = tf.stack([row(e) for e in tf.unstack(tf.eye(sum(sizes), dtype=z.dtype))])
    return named(tf.linalg.matvec(rows, flat(v)))


# %% wrong, exercise 3: the key left out whose product is zero
def hessian_vector(function, parameters, v):
    with tf.GradientTape() as outer:
        outer.watch(parameters)
        g = gradient_of(function, parameters)
    rows = outer.gradient(g, parameters, output_gradients=v)
    return {k: row for k, row in rows.items() if row is not None}


# %% wrong, exercise 3: by the whole Hessian
def hessian_vector(function, parameters, v):
    with tf.GradientTape() as outer:
        outer.watch(parameters)
        g = gradient_of(function, parameters)
    rows = outer.jacobian(g["A"], parameters)
    return {k: tf.reduce_sum(rows[k], axis=0) for k in parameters}


# %% wrong, exercise 3: a tape for each entry
def hessian_vector(function, parameters, v):
    total = {k: tf.zeros_like(p) for k, p in parameters.items()}
    for name in parameters:
        for i in range(tf.size(parameters[name])):
            with tf.GradientTape() as outer:
                outer.watch(parameters)
                g = tf.reshape(gradient_of(function, parameters)[name], [-1])[i]
            row = outer.gradient(g, parameters, unconnected_gradients="zero")
            total = {k: total[k] + row[k] * tf.reshape(v[name], [-1])[i] for k in total}
    return total


# %% wrong, exercise 3: the whole Hessian by tf.gradients, a row for each entry
def hessian_vector(function, parameters, v):
    names = list(parameters)

    @tf.function(autograph=False)
    def product(parameters, v):
        sources = [parameters[k] for k in names]
        flat = tf.concat([tf.reshape(v[k], [-1]) for k in names], 0)
        gradient, found = tf.gradients(function(parameters), sources), {}
        for k, g in zip(names, gradient, strict=True):
            rows = [
                tf.gradients(entry, sources, unconnected_gradients="zero")
                for entry in tf.unstack(tf.reshape(g, [-1]))
            ]
            rows = [tf.concat([tf.reshape(part, [-1]) for part in row], 0) for row in rows]
            found[k] = tf.reshape(tf.linalg.matvec(tf.stack(rows), flat), g.shape)
        return found

    return product(parameters, v)


# %% right, exercise 3: tf.gradients twice, with slopes from above
def hessian_vector(function, parameters, v):
    names = list(parameters)

    @tf.function(autograph=False)
    def product(parameters, v):
        sources, above = ([d[k] for k in names] for d in (parameters, v))
        gradient = tf.gradients(function(parameters), sources)
        return tf.gradients(gradient, sources, grad_ys=above, unconnected_gradients="zero")

    return dict(zip(names, product(parameters, v), strict=True))


# %% wrong, exercise 3: only the diagonal blocks
def hessian_vector(function, parameters, v):
    found = {}
    for name in parameters:
        with tf.GradientTape() as outer:
            outer.watch(parameters)
            g = tf.reduce_sum(gradient_of(function, parameters)[name] * v[name])
        found[name] = outer.gradient(g, parameters[name], unconnected_gradients="zero")
    return found


# %% wrong, exercise 3: differences of gradients
def hessian_vector(function, parameters, v):
    h = 2.0**-17
    ahead, behind = (
        gradient_of(function, {k: p + s * v[k] for k, p in parameters.items()}) for s in (h, -h)
    )
    return {k: (ahead[k] - behind[k]) / (2 * h) for k in parameters}


# %% wrong, exercise 3: None where the product is zero
def hessian_vector(function, parameters, v):
    with tf.GradientTape() as outer:
        outer.watch(parameters)
        g = gradient_of(function, parameters)
    return outer.gradient(g, parameters, output_gradients=v)


# %% right, exercise 3: the gradient of a dot product, flattened
def hessian_vector(function, parameters, v):
    with tf.GradientTape() as outer:
        outer.watch(parameters)
        g = gradient_of(function, parameters)
        dot = sum(
            tf.tensordot(tf.reshape(g[k], [-1]), tf.reshape(v[k], [-1]), 1) for k in parameters
        )
    return outer.gradient(dot, parameters, unconnected_gradients=tf.UnconnectedGradients.ZERO)


# %% right, exercise 3: forward over reverse
def hessian_vector(function, parameters, v):
    values = [tf.convert_to_tensor(p) for p in parameters.values()]
    tangents = [tf.cast(v[k], values[0].dtype) for k in parameters]
    with tf.autodiff.ForwardAccumulator(values, tangents) as accumulator:
        g = gradient_of(function, dict(zip(parameters, values, strict=True)))
    slopes = accumulator.jvp(list(g.values()), unconnected_gradients="zero")
    return dict(zip(parameters, slopes, strict=True))


# other data for the checks, where an assignment is marked
# hidden, exercise 1: (3.0, 4.0), (-1.5, 0.5), (2.0, -8.0) → (5.0, 2.0), (-0.5, 1.5), (3.0, -7.0)
# hidden, exercise 2: (0.01, 0.2, 1), (-0.3, 2, 0.5) → (0.02, -0.4, 2), (-0.2, 1, 0.3)
# hidden, exercise 3: default_rng(1) → default_rng(11)
