"""The slides: what is on them, and how they show and move in a browser."""

import html
import re

import nbformat
import pytest

from book.machine import pictures, slides
from tests import test_pages
from tests.support import make, tags
from tests.test_chapters import CHAPTERS, main_line

browser = test_pages.browser


@pytest.fixture(scope="module", params=CHAPTERS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture(scope="module")
def decks(request):
    """What `make slides` writes of the chapters that are tested."""
    items = [item for item in request.session.items if "decks" in getattr(item, "fixturenames", ())]
    names = sorted({item.callspec.params["path"].stem for item in items})
    done = make("slides", NAME=" ".join(names))
    assert done.returncode == 0, done.stderr
    return slides.SLIDES


@pytest.fixture
def deck(decks, path):
    return (decks / f"{path.stem}.html").read_text("utf-8")


def test_the_main_line_is_on_the_slides_and_nothing_else(path):
    notebook = nbformat.read(path, 4)
    deck, main = slides.page(notebook), main_line(notebook)
    text = html.unescape(re.sub(r"<[^>]+>", "", deck))
    hidden = {"hide-cell", "hide-input"}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert (cell.source in text) == (cell in main and not tags(cell) & hidden), cell.id
    for cell in main:
        for output in cell.get("outputs", []):
            found = pictures.of(output)
            assert not found or found[1] in deck


def test_the_question_comes_first_and_the_answer_last(path, deck):
    title = nbformat.read(path, 4).cells[0].source.splitlines()[0].removeprefix("# ")
    headings = re.findall(r"<(h[12])>(?:<small>.*?</small>)?(.*?)</\1>", deck)
    assert headings[0] == ("h1", html.escape(title, quote=False))
    titles = list(dict.fromkeys(heading for _, heading in headings))
    assert titles.index("Predict") < titles.index("In practice") < titles.index("The short answer")
    assert titles[-1] == "The short answer"
    assert "Going deeper" not in titles


def test_a_deck_needs_nothing_beside_it(deck):
    needed = re.findall(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=(\S{8})", deck)
    assert set(needed) <= {'"data:im'}
    assert not re.search(r"@import|url\((?!data:)", deck)
    assert "$" not in re.sub(r"<pre.*?</pre>|<script.*</script>|data:[^\"]*", "", deck, flags=re.S)


def test_a_name_that_is_no_chapter_is_refused(capsys):
    assert slides.main(["no_chapter"]) == 2
    assert "no_chapter" in capsys.readouterr().err


# how far what a slide holds reaches over its edge, and the least size of its prose
MEASURE = """() => [...document.querySelectorAll("section")].map(slide => ({
    over: Math.max(slide.scrollHeight - slide.clientHeight, slide.scrollWidth - slide.clientWidth),
    size: parseFloat(getComputedStyle(slide).fontSize),
    figures: [...slide.querySelectorAll(":scope > img, .frame-slider")].map(f => f.clientHeight),
}))"""


@pytest.mark.skipif(test_pages.CHROMIUM is None, reason="there is no Chromium on this machine")
def test_a_deck_shows_and_moves(browser, decks, path):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    foreign, errors = [], []
    page.on("request", lambda r: foreign.append(r.url) if r.url.startswith("http") else None)
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.goto((decks / f"{path.stem}.html").as_uri(), wait_until="load")
    found = page.evaluate(MEASURE)
    assert [number for number, slide in enumerate(found, 1) if slide["over"] > 0] == []
    assert min(slide["size"] for slide in found) >= 24
    figures = [height for slide in found for height in slide["figures"]]
    assert min(figures, default=0) >= 240, "a figure is small, or there is none"

    last = len(found) - 1
    for key, slide in {
        "ArrowRight": 1,
        "PageDown": 2,
        "ArrowLeft": 1,
        "End": last,
        "Home": 0,
    }.items():
        page.keyboard.press(key)
        assert page.evaluate("scrollY / innerHeight") == slide, key
    for bar in page.locator(".frame-slider input").all():
        bar.scroll_into_view_if_needed()
        before = page.evaluate("scrollY")
        bar.press("End")
        assert bar.input_value() == bar.get_attribute("max")
        assert page.evaluate("scrollY") == before
    assert not foreign
    assert not errors
    page.close()


def test_a_long_table_is_cut_at_blank_lines():
    groups = ["a\nb\nc\nd"] * 9 + ["one\n" * 40]
    text = "\n\n".join(groups)
    found = slides.parts(text)
    assert "\n\n".join(found) == text.rstrip("\n")
    assert len(found) == 4
    assert slides.parts("a\n\nb\n") == ["a\n\nb"]
