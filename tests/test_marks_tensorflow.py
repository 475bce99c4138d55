"""nbgrader marks what is handed in for a chapter in TensorFlow; `make marks` tries all chapters."""

from tests.support import ROOT
from tests.tools import marks

NAME = "tensorflow_gradients"


def test_what_is_handed_in_gets_what_it_must(tmp_path):
    path = ROOT / "notebooks" / f"{NAME}.ipynb"
    found = [(student, got) for student, _, got, _ in marks.marked(path, tmp_path)]
    assert found == [(student, wanted) for student, _, wanted in marks.submissions(path)]
    marks.nbgrader(tmp_path, "generate_feedback", NAME, "--student", "loop")
    page = tmp_path / "feedback" / "loop" / NAME / f"{NAME}.html"
    assert "CellTimeoutError" in page.read_text("utf-8")
