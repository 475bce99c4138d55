"""Answers that fool a check and bad pictures, tried here without a kernel."""

import numpy as np
import pytest
import torch

from tests import trials

POWER = "def power(x, n=2):\n    return x**n"
OTHER = "assert power(11, 3) == 1331"


def accepted(solution, check, said=(), hidden=OTHER):
    """Return what a check accepts of the answers made from a solution."""
    names = {"np": np, "torch": torch}
    exec(solution, names)
    before = dict(names)
    try:
        trials.fool(names, solution, check, hidden, said)
    except AssertionError as error:
        return str(error).partition(": ")[2].split("; ")
    finally:
        assert names == before
    return []


@pytest.mark.parametrize(
    ("check", "found"),
    [
        ("assert power(3) == 9", ["always its first result", "always the first n", "first x"]),
        ("assert (power(3), power(4)) == (9, 16)", ["always the first n"]),
        ("assert (power(3, 1), power(3, 2)) == (3, 9)", ["always the first x"]),
        ("assert (power(3, 1), power(4, n=2)) == (3, 16)", []),
        ("assert not any(abs(power(x, n) - x**n) > 0 for x, n in ((3, 1), (4, 2)))", ["NaN"]),
        ("assert 2 < power(3, 1) < 4 and power(5, 0) == 1 == power(n=0, x=1)", ["first x"]),
        (
            "power(3, 1) == [3, power(4, 2)]",
            ["always its first result", "first n", "first x", "NaN"],
        ),
    ],
)
def test_a_check_is_fooled_where_it_tries_too_little(check, found):
    told = accepted(POWER, check)
    assert len(told) == len(found)
    assert all(title.endswith(end) for title, end in zip(sorted(told), sorted(found), strict=True))


def test_what_is_said_to_be_accepted_is():
    check = "assert (power(3), power(4)) == (9, 16)"
    assert accepted(POWER, check, ["always the first n"]) == []
    assert accepted(POWER, check, ["always the first n", "NaN"]) == ["NaN"]


def test_a_function_may_call_itself_and_another():
    solution = "def sign(n):\n    return 1 - 2 * (n % 2)\n"
    solution += "def total(n):\n    return n and sign(n) + total(n - 1)"
    hidden = "assert [total(n) for n in (2, 5)] == [0, -1] and sign(2) == 1"
    check = "assert [total(n) for n in (3, 4)] == [-1, 0]"
    assert accepted(solution, check, hidden=hidden) == []
    check = "assert [total(n) for n in (3, 4)] == [-1, 0] and sign(1) == -1"
    assert accepted(solution, check, hidden=hidden) == [
        f"sign, always {w}" for w in ("its first result", "the first n")
    ]
    assert accepted(solution, "assert True", hidden=hidden) == ["no function"]


def test_the_check_with_other_data_refuses_what_is_remembered():
    check = "assert (power(3, 1), power(4, n=2)) == (3, 16)"
    told = [trials.REMEMBERED]
    assert accepted(POWER, check, hidden="assert power(4, 2) == 16") == []
    assert accepted(POWER, check, hidden="assert power(4, 2) > 2") == told
    assert accepted(POWER, check, hidden="assert power(3, 1) == 3") == told
    assert accepted(POWER, check, told, hidden="assert power(3, 1) == 3") == []
    names = {}
    exec(POWER, names)
    with pytest.raises(AssertionError, match="cube"):
        trials.fool(names, POWER, check, "assert power(2, 3) == 9, 'a cube'", [])


@pytest.mark.parametrize(
    "value",
    [
        *(2.5, 3, 1j, np.float32(1), np.arange(3), torch.ones(2), torch.arange(2)),
        *((1.0, "a"), [torch.ones(2, requires_grad=True)], {"a": (None, 1)}),
    ],
)
def test_numbers_become_nan_and_nothing_else(value):
    assert not trials.has_nan(value)
    assert trials.has_nan(trials.with_nan(value))
    assert type(trials.with_nan(value)) in (type(value), float, np.float64)


@pytest.mark.parametrize("value", [True, None, "a", np.ones(2, bool), torch.ones(2) > 0, [print]])
def test_what_is_no_number_stays(value):
    assert not trials.has_nan(trials.with_nan(value))


@pytest.mark.parametrize(
    ("entry", "kinds"),
    [
        ("picture.shape", []),
        ("float(picture.mean())", ["one NaN"]),
        ("[1, {'a': (picture,)}]", ["one NaN"]),
        ("picture.reshape(-1, 48)", ["one NaN", "one pixel"]),
        ("refuse(picture)", []),
        ("picture[2, 2]", ["one pixel", "one row"]),
    ],
)
def test_a_bad_picture_is_met_well(entry, kinds):
    def refuse(picture):
        raise ValueError("picture is bad; it must be good")

    red = []
    for kind in trials.BAD_PICTURES:
        try:
            trials.try_picture({"refuse": refuse}, entry, kind)
        except (AssertionError, IndexError):
            red.append(kind)
    assert red == kinds
