"""The rendered book in a real browser: light and dark, on a desk and on a phone."""

import functools
import http.server
import re
import threading
from pathlib import Path
from urllib.parse import urljoin

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import sync_playwright

from book.machine import prints, setup_cell
from book.machine.chromium import CHROMIUM, FLAGS

ROOT = Path(__file__).parents[1]
HTML = ROOT / "_build" / "html"
SCREENS = {"desk": (1280, 900), "phone": (390, 844)}
PAGES = prints.pages()
CHAPTERS = [page for page in PAGES if page.startswith("notebooks/")]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")


@pytest.fixture(scope="module")
def site():
    """The address of the built book, served on this machine."""
    assert HTML.is_dir(), "the book is not built; `make html` does that"
    handler = type(
        "Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None}
    )
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=HTML)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """A page opened in a fresh context, with what went wrong on the way."""

    def __init__(self, browser, site, page, scheme="light", screen="desk"):
        width, height = SCREENS[screen]
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        self.page = self.context.new_page()
        self.foreign, self.missing, self.errors = [], [], []
        self.page.on(
            "request", lambda r: self.foreign.append(r.url) if self.leaves(r.url, site) else 0
        )
        self.page.on("response", lambda r: self.missing.append(r.url) if r.status >= 400 else 0)
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else 0)
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        assert self.page.goto(f"{site}{page}.html", wait_until="load").ok

    @staticmethod
    def leaves(url, site):
        return not url.startswith((site, "data:", "blob:"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()


@pytest.mark.parametrize("page", PAGES)
def test_page_asks_no_other_host_and_logs_no_error(browser, site, page):
    with Visit(browser, site, page) as visit:
        visit.page.wait_for_timeout(300)
        assert not visit.foreign, "a page asks no other host: keep what it needs in the book"
        assert not visit.missing
        assert not visit.errors


@pytest.mark.parametrize("page", PAGES)
def test_formulas_are_drawn_in_their_own_font(browser, site, page):
    with Visit(browser, site, page) as visit:
        written = visit.page.locator("span.math, div.math").count()
        drawn = visit.page.evaluate(
            """() => [...document.querySelectorAll("math")].filter(formula => {
                const box = formula.getBoundingClientRect();
                return box.width > 1 && box.height > 1 || !formula.checkVisibility();
            }).length"""
        )
        assert drawn == written
        visit.page.evaluate("() => document.fonts.ready")
        fonts = visit.page.evaluate("() => [...document.fonts].map(f => [f.family, f.status])")
        assert not written or ["Book Formulas", "loaded"] in [[f.strip('"'), s] for f, s in fonts]


@pytest.mark.parametrize("page", CHAPTERS)
def test_the_first_screen_shows_question_answer_and_a_picture_from_far_below(browser, site, page):
    for screen, (_, height) in SCREENS.items():
        with Visit(browser, site, page, screen=screen) as visit:
            pictures = visit.page.locator("img.opening-picture").all()
            first = visit.page.locator("figure.figure-output").first
            near = first.evaluate("figure => !!figure.closest('.tag_thumbnail')")
            assert len(pictures) == (0 if near else 1)
            words = [
                visit.page.get_by_text(f"The {part}.").first
                for part in ("question", "short answer")
            ]
            for part in words + pictures:
                box = part.bounding_box()
                assert box["y"] + box["height"] <= height, (
                    f"question, short answer and picture need the first {screen} screen: shorten"
                )


def test_the_window_shows_every_chapter(browser, site):
    with Visit(browser, site, PAGES[0]) as visit:
        cards = visit.page.locator("div.chapter-card")
        assert cards.count() == len(CHAPTERS)
        for card in cards.all():
            card.scroll_into_view_if_needed()
            image = card.locator("img")
            visit.page.wait_for_function("image => image.complete", arg=image.element_handle())
            assert image.evaluate("image => image.naturalWidth") >= 200
            assert "minutes to read" in card.text_content()


def test_a_search_finds_the_chapter(browser, site):
    with Visit(browser, site, PAGES[0]) as visit:
        visit.page.keyboard.press("Control+k")
        visit.page.keyboard.type("jitter")
        visit.page.keyboard.press("Enter")
        visit.page.wait_for_url("**/search.html?q=jitter")
        found = visit.page.locator("#search-results li a", has_text="Gaussian-process prior")
        found.first.wait_for(timeout=10_000)
        assert not visit.errors


@pytest.mark.parametrize("page", CHAPTERS)
def test_dark_pages_turn_plots_and_leave_photographs(browser, site, page):
    with Visit(browser, site, page, "dark") as visit:
        for image in visit.page.locator("div.cell_output img").all():
            photograph = image.evaluate("image => !!image.closest('.tag_picture')")
            turned = image.evaluate("image => getComputedStyle(image).filter")
            assert (turned == "none") == photograph


def test_the_book_is_light():
    """A page comes with at most 400 KB of its own besides pictures, the book fits in 30 MB."""
    assert sum(file.stat().st_size for file in HTML.rglob("*") if file.is_file()) < 30e6
    assert not list(HTML.rglob("*.map"))
    shared = [file for kind in ("js", "css", "woff2") for file in HTML.rglob(f"*.{kind}")]
    assert sum(file.stat().st_size for file in shared if file.name != "searchindex.js") < 500e3
    for page in (HTML / "notebooks").glob("*.html"):
        text = page.read_text("utf-8")
        assert len(text) < 400e3
        assert "data:image" not in text
        images = re.findall(r"<img [^>]*_images[^>]*>", text)
        assert len(images) > 1, f"{page.stem} has fewer than two pictures"
        assert all('width="' in image and 'height="' in image for image in images)
        assert all('loading="lazy"' in image for image in images[1:])


def violations(page, options):
    """Return what axe-core finds."""
    page.evaluate(AXE_FILE_PATH.read_text("utf-8"))
    run = "async options => (await axe.run(options)).violations"
    found = page.evaluate(run, options)
    return [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found]


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("page", PAGES)
def test_page_is_accessible(browser, site, page, screen):
    with Visit(browser, site, page, screen=screen) as visit:
        assert not violations(visit.page, {"rules": {"color-contrast": {"enabled": False}}})


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_text_stands_out_from_its_background(browser, site, page, scheme):
    with Visit(browser, site, page, scheme) as visit:
        # axe measures every word of code: three of each kind tell as much, in a tenth of the time
        visit.page.evaluate(
            """() => {
                const seen = {};
                document.querySelectorAll("div.highlight pre span").forEach(word => {
                    seen[word.className] = (seen[word.className] ?? 0) + 1;
                    if (seen[word.className] > 3) word.remove();
                });
            }"""
        )
        assert not violations(visit.page, {"runOnly": ["color-contrast"]})


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_wider_than_a_phone(browser, site, page):
    with Visit(browser, site, page, screen="phone") as visit:
        wide = visit.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, "something is wider than a phone; make look shows what"


@pytest.mark.parametrize("page", CHAPTERS)
def test_chapter_can_be_downloaded(browser, site, page):
    with Visit(browser, site, page) as visit:
        for label, edition, solutions in (("source", "", True), ("student", "_student", False)):
            link = visit.page.locator(f"a.btn-download-{label}-button").first.get_attribute("href")
            assert link.endswith(f"_sources/{page}{edition}.ipynb")
            cells = visit.page.request.get(urljoin(visit.page.url, link)).json()["cells"]
            found = [tag for cell in cells for tag in cell["metadata"].get("tags", [])]
            first = next(cell for cell in cells if cell["cell_type"] == "code")
            assert setup_cell.packed() in "".join(first["source"])
            assert "check" in found
            assert ("solution" in found) == solutions


@pytest.mark.parametrize("page", CHAPTERS)
def test_sliders_move_by_keyboard(browser, site, page):
    with Visit(browser, site, page) as visit:
        for slider in visit.page.locator("figure.frame-slider").all():
            bar, output = slider.locator("input"), slider.locator("output")
            for key, frame in (("Home", 0), ("ArrowRight", 1), ("End", -1)):
                bar.press(key)
                shown = [image for image in slider.locator("img").all() if image.is_visible()]
                assert len(shown) == 1
                label = slider.locator("img").all()[frame].get_attribute("data-label")
                assert shown[0].get_attribute("data-label") == label == output.text_content()
                assert bar.get_attribute("aria-valuetext") == label
