"""What the chapter on gradients in TensorFlow must keep true."""

# %% the points and the start are the tutorial's, and the gradient by hand is that of the cost
assert len(x) == len(y) == n == 17
np.testing.assert_allclose([x.sum(), y.sum()], [105.967, 40.235], rtol=0, atol=2)
step = 1e-6
for W_, b_ in ((1.0, -1.0), (0.3, 0.5)):

    def c(W, b):
        return ((W * x + b - y) ** 2).sum() / (2 * n)

    by_steps = (c(W_ + step, b_) - c(W_ - step, b_), c(W_, b_ + step) - c(W_, b_ - step))
    np.testing.assert_allclose(
        list(gradient_by_hand(W_, b_).values()), np.array(by_steps) / (2 * step), rtol=1e-7
    )
    np.testing.assert_allclose(
        cost({"W": tf.constant(W_, tf.float64), "b": b_}), c(W_, b_), rtol=1e-14
    )
assert list(gradient_by_hand(1.0, 2.0)) == ["W", "b"]

# %% the graph has the question's cost and variables
assert two == ["weight:0", "bias:0"]
np.testing.assert_allclose(run_graph(graph_cost), cost(variables(**start)), rtol=1e-5)
np.testing.assert_allclose(run_graph(pred), start["W"] * x + start["b"], rtol=1e-6)
assert [v.name for v in everything] == [
    *two,
    "beta1_power:0",
    "beta2_power:0",
    "weight/Adam:0",
    "weight/Adam_1:0",
    "bias/Adam:0",
    "bias/Adam_1:0",
]
assert [g is None for g in gradients_of_all] == [False] * 2 + [True] * 6
with graph.as_default():
    assert [v.name for v in v1.trainable_variables()] == two

# %% gradients come in the order of the request, in pairs with their variable
np.testing.assert_allclose(run_graph(gradients)[0], by_hand["W"], rtol=1e-5)
np.testing.assert_allclose(run_graph(gradients)[2], by_hand["b"], rtol=1e-5)
np.testing.assert_allclose(
    run_graph(gradients)[1], start["W"] * (start["W"] * x + start["b"] - y) / n, rtol=1e-4
)
with graph.as_default():
    turned = tf.gradients(graph_cost, [bias, weight])
np.testing.assert_allclose(run_graph(turned), [by_hand["b"], by_hand["W"]], rtol=1e-5)
assert [v.name for _, v in pairs] == two
np.testing.assert_allclose(found, [by_hand["W"], by_hand["b"]], rtol=1e-5)

# %% the printed tape: two inputs a step, and the chain rule by hand
assert [len(inputs) for _, inputs in steps] == [2] * 5
r_ = start["W"] * x[0] + start["b"] - y[0]
np.testing.assert_allclose(
    [s.value for s, _ in steps], [3.3, 2.3, r_, r_ / 2, r_**2 / 2], rtol=1e-12
)
np.testing.assert_allclose(
    [d for _, i in steps for _, d in i], [3.3, 1, 1, 1, 1, 1, r_, 0.5, r_, r_ / 2], rtol=1e-12
)

# %% our tape against TensorFlow's, on random programs
draw = np.random.default_rng(0)
for _ in range(30):
    own, numbers = Tape(), draw.normal(size=4)
    ours = [Number(float(v), own) for v in numbers]
    theirs = [tf.Variable(v, dtype=tf.float64) for v in numbers]
    with tf.GradientTape() as peer:
        a, c = list(ours), [t + 0.0 for t in theirs]
        for _ in range(12):
            i, j = draw.integers(len(a), size=2)
            if draw.random() < 0.5:
                a.append(a[i] + a[j])
                c.append(c[i] + c[j])
            else:
                a.append(a[i] * a[j])
                c.append(c[i] * c[j])
        total = c[-1] + c[-2]
    np.testing.assert_allclose([t.value for t in a], [float(t) for t in c], rtol=1e-12)
    expected = peer.gradient(total, theirs)
    found_ = own.gradient([a[-1], a[-2]], ours)
    for mine, its in zip(found_, expected, strict=True):
        assert (mine is None) == (its is None)
        assert mine is None or abs(mine - float(its)) <= 1e-10 * max(1, abs(mine))

# %% a tape is played once, and leaves None where no path leads
import pytest

own = Tape()
p, q = Number(2.0, own), Number(3.0, own)
r_ = p * p
assert own.gradient([r_], [q, p, r_]) == [None, 4.0, 1.0]
assert own.steps is None
with pytest.raises(RuntimeError, match="this tape has been played"):
    own.gradient([r_], [p])
own = Tape()
made = own.record(5.0)
assert made.value == 5.0
assert made.tape is own
assert own.steps == [(made, ())]

# %% squares are half the squared residuals, and the slopes of all points their sum
own = Tape()
W_, b_ = Number(0.5, own), Number(2.0, own)
each_ = squares(own, W_, b_, [(1.0, 2.0), (3.0, -1.0)])
np.testing.assert_allclose([s.value for s in each_], [0.125, 10.125])
assert len(each) == 17
assert slopes[1] is None
np.testing.assert_allclose([slopes[2], slopes[0]], [n * by_hand["W"], n * by_hand["b"]], rtol=1e-12)

# %% TensorFlow's tape by list, by name and by nesting
import pytest

assert list(as_dict) == ["W", "b"]
assert as_list == [as_dict["b"], as_dict["W"]]
np.testing.assert_allclose(as_list, [by_hand["b"], by_hand["W"]], rtol=1e-13)
nested = recorded.gradient(value, [parameters["W"], {"rest": [parameters["b"]]}])
assert nested == [as_dict["W"], {"rest": [as_dict["b"]]}]
assert as_dict["W"].dtype == tf.float64
made = variables(p=1.0, q=[2.0, 3.0])
assert list(made) == ["p", "q"]
assert {v.dtype for v in made.values()} == {tf.float64}
with tf.GradientTape() as once:
    target = cost(parameters)
once.gradient(target, parameters)
with pytest.raises(RuntimeError, match="non-persistent"):
    once.gradient(target, parameters)

# %% samples add up to the gradient of the sum
np.testing.assert_allclose(of_each, (start["W"] * x + start["b"] - y) * x, rtol=1e-12)
np.testing.assert_allclose(of_sum, n * by_hand["W"], rtol=1e-12)

# %% every lost gradient has the right cost, or that of a rounded W, and is None; every cure finds it
assert list(none) == list(lost)
assert set(lost) - set(cured) == {"no connection"}
least_cost = float(cost(variables(**start)))
for source, function in lost.values():
    np.testing.assert_allclose(float(function(source)), least_cost, rtol=1e-13)
    assert slope(source, function) is None
for cure, source, function in cured.values():
    np.testing.assert_allclose(float(function(source)), least_cost, rtol=1e-13)
    np.testing.assert_allclose(
        float(slope(source, function, "watch" in cure)), by_hand["W"], rtol=1e-13
    )
assert all(g is None for g in none.values())
np.testing.assert_allclose([float(g) for g in found_again.values()], by_hand["W"], rtol=1e-13)
assert {k for k, (cure, *_) in cured.items() if "watch" in cure} == {
    "unwatched constant",
    "trainable=False",
}
with tf.GradientTape() as t_:
    target = C(tf.constant(1.0, tf.float64))
assert float(t_.gradient(target, W64, unconnected_gradients=tf.UnconnectedGradients.ZERO)) == 0
assert float(zero) == 0
assert type(moved) is type(W64)
assert float(slope(tf.Variable(1.4), lambda v: 3 * round_through(v))) == 3
assert float(round_through(tf.constant(1.6))) == 2
assert slope(tf.constant(3.0), lambda v: v**2, watch=True).numpy() == 6
assert slope(tf.constant(3.0), lambda v: v**2) is None
assert var().numpy() == 1
assert var().dtype == tf.float64
assert var(2.0, trainable=False).trainable is False

# %% a gradient by name refuses what has none, by name
import pytest

for bad, words in (
    (1.0, "other is float; it must be"),
    (tf.Variable(1), "other is int32"),
    (np.float64(1), "other is float64"),
):
    with pytest.raises(TypeError, match=words):
        gradient_of(cost, parameters | {"other": bad})
with pytest.raises(ValueError, match=r"\['other'\] do not reach the result"):
    gradient_of(cost, parameters | {"other": var()})
made = gradient_of(
    lambda p: tf.reduce_sum(p["a"] ** 3) + p["c"],
    {"a": tf.constant([1.0, 2.0]), "c": tf.constant(1.0)},
)
np.testing.assert_allclose(made["a"], [3, 12])
np.testing.assert_allclose(made["c"], 1)

# %% Hessians by hand: the line's, a cubic's, and those with zeros
np.testing.assert_allclose(H, [[(x * x).mean(), x.mean()], [x.mean(), 1]], rtol=1e-13)
found_ = hessian(lambda p: p["a"] ** 2 * p["b"] + tf.sin(p["b"]), variables(a=3.0, b=0.5))
np.testing.assert_allclose(found_, [[1, 6], [6, -np.sin(0.5)]], rtol=1e-12)
np.testing.assert_array_equal(
    hessian(lambda p: p["a"] ** 2 + p["b"], variables(a=3.0, b=1.0)), [[2, 0], [0, 0]]
)
np.testing.assert_array_equal(
    hessian(lambda p: p["a"] + p["b"], {k: tf.constant(1.0) for k in "ab"}), np.zeros((2, 2))
)

# %% the exact gradient is that of fractions, and PyTorch's of the same cost
np.testing.assert_allclose([exact["W"], exact["b"]], [by_hand["W"], by_hand["b"]], rtol=1e-14)
assert W0 == 1
assert b0 == -1
assert len(pairs_of) == 17
np.testing.assert_allclose(
    [float(by_torch[k]) for k in "Wb"], [by_hand[k] for k in "Wb"], rtol=1e-14
)

# %% forwards and backwards agree with the formula
t_ = many.numpy()
expected = np.cos(t_) * np.roll(t_, 1) ** 2 + 2 * t_ * np.roll(np.sin(t_), -1)
np.testing.assert_allclose(backwards(), expected, rtol=1e-10)
np.testing.assert_allclose(forwards(), expected, rtol=1e-10)
assert many.shape == (200,)
np.testing.assert_allclose(bumps(many), (np.sin(t_) * np.roll(t_, 1) ** 2).sum(), rtol=1e-12)
np.testing.assert_allclose(product, H @ [2, -3], rtol=1e-12)

# %% a slope from above is a vector times the jacobian
np.testing.assert_allclose(float(weighted), np.linspace(-1, 1, n) @ of_each.numpy(), rtol=1e-12)

# %% Nones dropped before zip: b stays, and strict would stop it
import pytest

assert wrong[1] == start["b"]
np.testing.assert_allclose(wrong[0], (y.mean() + 1) / x.mean(), rtol=1e-9)
with pytest.raises(ValueError, match="shorter"):
    train_filtered(1, strict=True)
np.testing.assert_allclose(train_filtered(1)[0], start["W"] - 0.01 * by_hand["b"], rtol=1e-12)

# %% the reader's own cost: the gradient is that of differences, and one step was made
for k, p in {"scale": 2.0, "shift": np.array([0.5, -1.0])}.items():
    t_ = np.tanh(2.0 * np.array([0.5, -1.0]))
    slope_ = 2 * t_ * (1 - t_**2)
    expected = (slope_ * np.array([0.5, -1.0])).sum() if k == "scale" else slope_ * 2.0
    np.testing.assert_allclose(my_gradient[k], expected, rtol=1e-10)
    np.testing.assert_allclose(my_parameters[k], p - 0.1 * expected, rtol=1e-5)
np.testing.assert_allclose(differences.ravel(), my_gradient["shift"], atol=1e-5)

# %% the custom root mean square has the plain one's values and slopes, and zero at zero
for values_ in ([3.0, -4.0], [1.0], [1e-3, 2.0, 5.0]):
    np.testing.assert_allclose(rms(var(values_)), plain_rms(var(values_)), rtol=1e-14)
    np.testing.assert_allclose(rms(var(values_)), np.sqrt(np.mean(np.square(values_))), rtol=1e-14)
    np.testing.assert_allclose(
        slope(var(values_), lambda r: 3 * rms(r)),
        slope(var(values_), lambda r: 3 * plain_rms(r)),
        rtol=1e-12,
    )
np.testing.assert_array_equal(slope(var([0.0, 0.0]), rms), [0, 0])
assert np.isnan(slope(var([0.0, 0.0]), plain_rms)).all()

# %% the three ways to make 200 steps arrive at the same place
arrived = {}
for name, way in ways.items():
    for k in moving:
        moving[k].assign(start[k])
    way()
    arrived[name] = [float(v) for v in moving.values()]
W_, b_ = start.values()
for _ in range(200):
    g_ = gradient_by_hand(W_, b_)
    W_, b_ = W_ - 0.01 * g_["W"], b_ - 0.01 * g_["b"]
for place in arrived.values():
    np.testing.assert_allclose(place, [W_, b_], rtol=1e-10)
np.testing.assert_allclose(scaled(2.0), 2 * by_hand["W"], rtol=1e-12)


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


# %% wrong, exercise 2: the sum instead of the mean
def three_gradients(a, c, d):
    p = variables(a=a, c=c, d=d)
    with tf.GradientTape() as tape:
        target = tf.reduce_sum((p["a"] * x**2 + p["c"] * x + p["d"] - y) ** 2)
    return tape.gradient(target, p)


# %% right, exercise 2: constants that are watched
def three_gradients(a, c, d):
    p = {k: tf.constant(v, tf.float64) for k, v in zip("acd", (a, c, d), strict=True)}
    return gradient_of(lambda p: tf.reduce_mean((p["a"] * x**2 + p["c"] * x + p["d"] - y) ** 2), p)


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
            row = outer.gradient(g, parameters, unconnected_gradients=ZERO)
            total = {k: total[k] + row[k] * tf.reshape(v[name], [-1])[i] for k in total}
    return total


# %% wrong, exercise 3: only the diagonal blocks
def hessian_vector(function, parameters, v):
    found = {}
    for name in list(parameters)[:2]:
        with tf.GradientTape() as outer:
            outer.watch(parameters)
            g = tf.reduce_sum(gradient_of(function, parameters)[name] * v[name])
        found[name] = outer.gradient(g, parameters[name], unconnected_gradients=ZERO)
    return found


# %% right, exercise 3: forward over reverse
def hessian_vector(function, parameters, v):
    values = [tf.convert_to_tensor(p) for p in parameters.values()]
    tangents = [tf.cast(v[k], values[0].dtype) for k in parameters]
    with tf.autodiff.ForwardAccumulator(values, tangents) as accumulator:
        g = gradient_of(function, dict(zip(parameters, values, strict=True)))
    slopes = accumulator.jvp(list(g.values()), unconnected_gradients=ZERO)
    return dict(zip(parameters, slopes, strict=True))
