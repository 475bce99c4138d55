"""nbgrader marks what is handed in for a chapter in each framework; `make marks` tries all."""

import pytest

from tests.support import ROOT
from tests.tools import marks


@pytest.mark.parametrize("name", ["tensorflow_gradients", "svd_compression_torch"])
def test_what_is_handed_in_gets_what_it_must(name, tmp_path):
    path = ROOT / "notebooks" / f"{name}.ipynb"
    found = [(student, got) for student, _, got, _ in marks.marked(path, tmp_path)]
    assert found == [(student, wanted) for student, _, wanted in marks.submissions(path)]
    marks.nbgrader(tmp_path, "generate_feedback", name, "--student", "loop")
    page = tmp_path / "feedback" / "loop" / name / f"{name}.html"
    assert "CellTimeoutError" in page.read_text("utf-8")
