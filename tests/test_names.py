"""The rule that a name means one thing in a notebook."""

import nbformat
import pytest

from tests import names


@pytest.mark.parametrize(
    ("first", "second", "fine"),
    [
        ("R = a @ b", "R = 3", False),
        ("R = load(1)", "R = load(2)", True),
        ("R = load(1)", "R = other(2)", False),
        ("R, t = load(1)", "S, t = other(2)", False),
        ("R, t = load(1)", "t, R = load(2)", False),
        ("x = 1", "x += 1", True),
        ("x = 1", "for x in range(3):\n    pass", False),
        ("for x in 'ab':\n    y = x", "for x in 'cd':\n    y = x", True),
        ("def f():\n    x = 1", "def g():\n    x = 2", True),
        ("def f():\n    pass", "f = 3", False),
        ("def f():\n    pass", "def f():\n    return 1", False),
        ("with open('a') as f:\n    x = 1", "x = 2", False),
        ("import numpy as np", "import numpy as np", True),
        ("import numpy as np", "np = 3", False),
        ("if a:\n    x = 1\nelse:\n    x = 2", "y = 1", True),
        ("if a:\n    x = 1", "x = 2", False),
        ("_ = 1", "_ = 'two'", True),
        ("x: int = 1", "x = 2", False),
        ("y = (x := 1)", "x = 2", False),
    ],
)
def test_the_rule_of_names(first, second, fine):
    cells = [nbformat.v4.new_code_cell(source) for source in (first, second)]
    assert (names.bound_twice(cells) == []) == fine
