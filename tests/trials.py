"""What the runner tries by itself in a chapter's kernel: answers that fool a check, bad pictures.

It runs there by its path, so it leaves no name among those of the notebook.
"""

import ast
import copy
import functools
import inspect
import math
import re
from pathlib import Path

import numpy as np

RESULT, ARGUMENT, NAN = "always its first result", "always the first {}", "NaN"
REMEMBERED = "on other data, its results on the page's"
NO_FUNCTION = "no function"  # that the solution defines is called by the check
GREY = np.random.default_rng(0).random((64, 96), dtype=np.float32)
COLOUR = np.random.default_rng(1).random((64, 96, 3), dtype=np.float32)


def with_one(picture, value):
    """Return a picture with `value` in one channel of one pixel."""
    picture = picture.copy()
    picture[(5, 7, 1)[: picture.ndim]] = value
    return picture


# a reader's picture may be any of these; each comes in grey and in colour where there are both
BAD_PICTURES = {
    "floats to 255": [255 * GREY, 255 * COLOUR],
    "bytes": [(255 * GREY).astype(np.uint8), (255 * COLOUR).astype(np.uint8)],
    "RGBA": [np.dstack([COLOUR, np.ones_like(GREY)])],
    "channels first": [np.moveaxis(COLOUR, 2, 0)],
    "one NaN": [with_one(GREY, np.nan), with_one(COLOUR, np.nan)],
    "one infinity": [with_one(GREY, np.inf), with_one(COLOUR, np.inf)],
    "one pixel": [GREY[:1, :1], COLOUR[:1, :1]],
    "one row": [GREY[:1], COLOUR[:1]],
    "flat": [np.full_like(GREY, 0.5), np.full_like(COLOUR, 0.5)],
    "3 × 2000": [np.resize(GREY, (3, 2000)), np.resize(COLOUR, (3, 2000, 3))],
}


def call_of(function, *arguments):
    """Return the code that calls a function of this file in a kernel, with its names first."""
    listed = "".join(f", {argument!r}" for argument in arguments)
    file = str(Path(__file__).resolve())
    return f"__import__('runpy').run_path({file!r})[{function!r}](globals(){listed})"


def fool(names, solution, check, hidden, accepted):
    """Refuse a check that accepts what is made of the solution without understanding it.

    Such answers are a function that always returns its first result, one for each argument that
    keeps the argument's first value, and one that returns NaN. Functions that the solution defines
    are replaced, one at a time, in the calls that the check makes, not in those of one another.
    Classes and values are not replaced. An answer that fails in any way is refused. `hidden`, the
    check with other data, must accept the solution and refuse its results on the page's data.

    `names` are those of the kernel, `solution` and `check` the sources of the cells, and `accepted`
    what the check may accept, in the words of the report.
    """
    code = compile(check, "the check of the exercise", "exec")
    own = {
        node.name: names[node.name]
        for node in ast.parse(solution).body
        if isinstance(node, ast.FunctionDef)
    }
    results = {name: [] for name in own}

    def kept(name, result):
        results[name].append(result)
        return result

    recorded = {name: lambda call, name=name: kept(name, call()) for name in own}
    run_check(names, code, own, recorded)
    called = [name for name in own if results[name]]
    found = set() if called else {NO_FUNCTION}
    for name in called:
        for title, reply in replies(own[name], results[name]).items():
            try:
                run_check(names, code, own, {name: reply})
            except Exception:
                continue
            found.add(title if len(called) == 1 else f"{name}, {title}")
    other = compile(hidden, "the check with other data", "exec")
    run_check(names, other, own, {})
    for name in called:
        try:
            run_check(names, other, own, {name: remembered(results[name])})
        except Exception:
            continue
        found.add(REMEMBERED if len(called) == 1 else f"{name}, {REMEMBERED}")
    for told, wrong in (
        ("accepts an answer made from the solution", found - set(accepted)),
        ("refuses what is said to be accepted", set(accepted) - found),
    ):
        assert not wrong, f"the check of the exercise {told}: {'; '.join(sorted(wrong))}"


def run_check(names, code, functions, reply_of):
    """Run a check while `reply_of` answers its calls of some functions; restore all names."""
    before, inside = dict(names), []

    def replaced(function, reply):
        signature = inspect.signature(function)

        @functools.wraps(function)
        def answer(*arguments, **options):
            if inside:
                return function(*arguments, **options)
            bound = signature.bind(*arguments, **options)
            bound.apply_defaults()
            inside.append(function)
            try:
                return reply(Call(function, bound))
            finally:
                inside.pop()

        return answer

    try:
        for name, function in functions.items():
            names[name] = replaced(function, reply_of.get(name, Call.__call__))
        exec(code, names)
    finally:
        for name in names.keys() - before.keys():
            del names[name]
        names.update(before)


class Call:
    """A call of a function, to be made, with its arguments by their names."""

    def __init__(self, function, bound):
        self.function, self.arguments, self.bound = function, bound.arguments, bound

    def __call__(self):
        """Make the call."""
        return self.function(*self.bound.args, **self.bound.kwargs)


def replies(function, results):
    """Return {title: what answers a call} for each answer made of a function."""
    found = {RESULT: first_result()}
    for argument in inspect.signature(function).parameters:
        found[ARGUMENT.format(argument)] = first_argument(argument)
    if any(has_nan(with_nan(result)) for result in results):
        found[NAN] = lambda call: with_nan(call())
    return found


def first_result():
    """Return what answers every call with the result of the first one."""
    first = []

    def reply(call):
        if not first:
            first.append(copied(call()))
        return copied(first[0])

    return reply


def remembered(results):
    """Return what answers the calls with these results, one after the other, and then the last."""
    left = list(map(copied, results))

    def reply(call):
        return left.pop(0) if len(left) > 1 else copied(left[0])

    return reply


def first_argument(argument):
    """Return what answers every call with the first value of one argument."""
    first = []

    def reply(call):
        if not first:
            first.append(copied(call.arguments[argument]))
        call.arguments[argument] = copied(first[0])
        return call()

    return reply


def copied(value):
    """Return a copy that later changes do not reach, or the value where it cannot be copied."""
    try:
        return copy.deepcopy(value)
    except Exception:  # whatever a type raises: tensors with a history, iterators
        return value


def with_nan(value):
    """Return a result whose numbers are NaN: of arrays, tensors, numbers, and what holds them."""
    if isinstance(value, dict):
        return {key: with_nan(inner) for key, inner in value.items()}
    if type(value) in (list, tuple):
        return type(value)(map(with_nan, value))
    if isinstance(value, tuple):  # with named fields
        return type(value)(*map(with_nan, value))
    is_number = isinstance(value, (int, float, complex)) and not isinstance(value, bool)
    if is_number or (hasattr(value, "dtype") and "bool" not in str(value.dtype)):
        try:
            return value * math.nan
        except Exception:  # texts, and TensorFlow's whole numbers
            return value
    return value


def has_nan(value):
    """Return whether there is NaN in a result."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return any(map(has_nan, value))
    return bool(np.any(np.asarray(value != value)))


def try_picture(names, entry, kind):
    """Refuse an entry, an expression of `picture`, that meets a bad picture badly.

    Good is a result without NaN, or a ValueError or TypeError that says what may be given.
    """
    for picture in BAD_PICTURES[kind]:
        names["picture"] = picture.copy()
        told = f"a picture of shape {picture.shape}, {kind}"
        try:
            result = eval(entry, names)
        except (ValueError, TypeError) as error:
            if not re.search("must be|it may be", str(error)):
                raise AssertionError(f"{told}: this error does not say what may be") from error
        else:
            assert not has_nan(result), f"{told}: NaN comes back"
