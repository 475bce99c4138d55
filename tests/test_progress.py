import pytest

from helpers.progress import progress


@pytest.mark.parametrize("total", [1, 7, 20, 300])
def test_line_is_full_after_the_last_call(capsys, total):
    tick = progress("fit", total)
    lengths = []
    for _ in range(total):
        tick()
        lengths.append(capsys.readouterr().out.count("."))
    assert sum(lengths) == 20
    assert max(lengths) <= 20 // total + 1  # the dots come as the work does


def test_label_comes_first(capsys):
    progress("fit", 3, dots=3)()
    assert capsys.readouterr().out.split() == ["fit", "."]


def test_no_work_is_refused():
    with pytest.raises(ValueError, match="total is 0"):
        progress("fit", 0)
