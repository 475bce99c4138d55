import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.claims import MIME, Claim, ClaimError, Claims, claims_html

numbers = st.floats(-1e9, 1e9)


@given(numbers, numbers)
def test_one_of_below_and_above_holds_unless_equal(value, bound):
    claims = Claims("c")
    held = []
    for name in ("below", "above"):
        try:
            getattr(claims, name)(name, value, bound, why="w")
            held.append(name)
        except ClaimError:
            pass
    assert held == [n for n, h in (("below", value <= bound), ("above", value >= bound)) if h]


@pytest.mark.parametrize(
    ("method", "arguments", "options"),
    [
        ("below", (2.0, 1.0), {}),
        ("above", (1.0, 2.0), {}),
        ("between", (3.0, 1.0, 2.0), {}),
        ("between", (0.5, 1.0, 2.0), {}),
        ("close", (1.2, 1.0), {"within": 0.1}),
        ("close", (0.8, 1.0), {"within": 0.1}),
        ("equal", (2, 3), {}),
    ],
)
def test_a_false_claim_raises_with_its_name_value_and_reason(method, arguments, options):
    with pytest.raises(ClaimError, match=r"chapter: “the claim”.*the reason"):
        getattr(Claims("chapter"), method)("the claim", *arguments, **options, why="the reason")


@pytest.mark.parametrize("method", ["below", "above", "equal"])
def test_nan_fails(method):
    with pytest.raises(ClaimError):
        getattr(Claims("c"), method)("x", math.nan, 1.0, why="w")


@pytest.mark.parametrize("value", [0.5, np.float32(0.5), np.array(0.5), np.float64(0.5)])
def test_scalars_of_every_kind_are_written_alike(value, capsys):
    Claims("c").below("x", value, 1, why="w")
    assert capsys.readouterr().out == "✓ x: 0.5 (≤ 1)\n"


def test_what_is_shown_is_never_held(capsys):
    claims = Claims("c")
    claims.show("speed", "2×", why="w")
    assert claims.claims == [Claim("speed", "2×", "", "w", None)]
    assert capsys.readouterr().out == "measured: speed: 2×\n"


def test_a_cell_that_runs_twice_claims_once():
    claims = Claims("c")
    claims.below("x", 1, 2, why="w")
    claims.below("x", 0, 2, why="w")
    assert [c.value for c in claims.claims] == ["0"]


def test_a_claim_that_fails_later_replaces_its_older_success():
    claims = Claims("c")
    claims.below("x", 1, 2, why="w")
    with pytest.raises(ClaimError):
        claims.below("x", 3, 2, why="w")
    assert claims.claims == [Claim("x", "3", "≤ 2", "w", False, 3, None, 2)]


@pytest.mark.parametrize(
    ("method", "arguments", "options", "interval"),
    [
        ("below", (1.0, 2.0), {}, (None, 2)),
        ("above", (np.float32(2), 1), {}, (1, None)),
        ("between", (1, 0, 2), {}, (0, 2)),
        ("close", (1.0, 1.5), {"within": 0.5}, (1, 2)),
        ("equal", (3, 3), {}, (3, 3)),
        ("equal", ("a", "a"), {}, (None, None)),
        ("below", (0.0, math.inf), {}, (None, None)),
    ],
)
def test_a_claim_keeps_its_numbers(method, arguments, options, interval):
    claims = Claims("c")
    getattr(claims, method)("x", *arguments, **options, why="w")
    (claim,) = claims.claims
    assert (claim.low, claim.high) == interval
    assert claim.number == (None if arguments[0] == "a" else arguments[0])


def test_the_table_has_further_columns_with_a_dash_where_nothing_is_known():
    claims = Claims("c")
    claims.below("x", 1, 2, why="w")
    claims.below("y", 1, 2, why="w")
    page = claims_html("c", claims.claims, {"Over processors": {"x": "0.9 to 1.1"}})
    assert "Over processors</th>" in page
    assert "<td>≤ 2</td><td>w</td><td>0.9 to 1.1</td></tr>" in page
    assert "<td>≤ 2</td><td>w</td><td>–</td></tr>" in page


def test_table_is_shown_as_html_and_as_data(monkeypatch):
    shown = []
    monkeypatch.setattr("helpers.claims.display", lambda data, raw: shown.append(data))
    claims = Claims("a < b")
    claims.below("x < y", 1, 2, why="w & v")
    claims.table()
    (data,) = shown
    assert data[MIME]["claims"] == [
        {"text": "x < y", "value": "1", "bound": "≤ 2", "why": "w & v", "held": True}
        | {"number": 1, "low": None, "high": 2}
    ]
    assert "x &lt; y" in data["text/html"]
    assert "w &amp; v" in data["text/html"]
    assert data["text/html"] == claims_html("a < b", claims.claims)


def test_an_empty_ledger_is_refused():
    with pytest.raises(ValueError, match="has claimed nothing"):
        Claims("c").table()
