"""The sentences that a chapter concludes, and where they and its claims are tried elsewhere."""

import nbformat
import pytest

from book.machine import results
from tests import beside

PATHS = results.notebooks()
CHAPTERS = [path for path in PATHS if not path.stem.startswith("_")]
DONE = [path for path in PATHS if path.stem not in beside.NOT_YET]
FEWEST = 5

each = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


@each
def test_a_conclusion_stands_on_the_page(path):
    cells = nbformat.read(path, 4).cells
    page = "\n".join(beside.plain(c.source) for c in cells if c.cell_type == "markdown")
    said = [sentence for sentence, _, _ in beside.conclusions_of(path)]
    assert [sentence for sentence in said if beside.plain(sentence) not in page] == []


@each
def test_a_conclusion_asserts(path):
    for sentence, _, source in beside.conclusions_of(path):
        assert len(sentence.split()) >= 3, sentence
        assert "assert" in source, sentence


@each_chapter
def test_a_chapter_holds_five_conclusions(path):
    enough = len(beside.conclusions_of(path)) >= FEWEST
    if path.stem in beside.NOT_YET:
        assert not enough, f"take {path.stem} off NOT_YET in tests/beside.py"
    else:
        assert enough


def test_what_is_not_yet_done_is_a_chapter():
    assert beside.NOT_YET <= {path.stem for path in CHAPTERS}
