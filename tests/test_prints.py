"""The built pages as files: captions, links, index; and the PDF and the EPUB made of them."""

import re
import sys
import zipfile
from pathlib import PurePosixPath
from xml.etree import ElementTree

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from pypdf import PdfReader

from book.machine import prints, setup_cell
from book.machine.chromium import CHROMIUM
from tests.support import ROOT, addresses, run

PAGES = prints.pages()
CHAPTERS = [page for page in PAGES if page.startswith("notebooks/")]
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module", params=CHAPTERS)
def chapter(request):
    """The name of a chapter's page, its notebook, and the page."""
    notebook = nbformat.read(ROOT / f"{request.param}.ipynb", 4)
    text = (prints.HTML / f"{request.param}.html").read_text("utf-8")
    return request.param, notebook, BeautifulSoup(text, "html.parser")


def test_a_chapter_is_described_by_its_question(chapter):
    _, _, page = chapter
    told = [
        page.select_one(f"meta[{kind}]")["content"]
        for kind in ("name=description", "property='og:description'")
    ]
    assert told[0] == told[1]
    assert len(told[0]) > 40, "the question of a chapter has more than 40 letters"
    assert not re.search(r"\\|The question", told[0])


def test_a_page_names_the_book_and_gives_no_other_address(chapter):
    name, _, page = chapter
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    assert page.select_one("meta[property='og:site_name']")["content"] == config["title"]
    owner, book = setup_cell.address().split("/")[-2:]
    site = config["html"].get("baseurl", f"https://{owner}.github.io/{book}")
    assert addresses(page) == [f"{site}/{name}.html"] * (2 if setup_cell.is_public() else 0)


def test_formulas_need_no_variant_that_browsers_ignore():
    text = "\n".join((prints.HTML / f"{page}.html").read_text("utf-8") for page in PAGES)
    assert text.count("<math ") > 500
    assert set(re.findall(r'mathvariant="([^"]*)"', text)) == {"normal"}


def test_figures_and_tables_are_numbered_in_order(chapter):
    _, notebook, page = chapter
    captions = page.select("figcaption")
    wanted = [cell for cell in notebook.cells if "caption" in cell.metadata]
    assert len(captions) == len(wanted)
    assert len(captions) > 2, "a chapter has three captions at least, of figures and of tables"
    count = {"Figure": 0, "Table": 0}
    for caption in captions:
        kind, number = caption.select_one(".caption-number").text.split()
        count[kind] += 1
        assert int(number) == count[kind]
        assert caption.find_parent("figure")["id"] == f"{kind.lower()}-{number}"
        assert (kind == "Figure") == bool(caption.find_parent("figure").select("img"))


def test_terms_lead_to_the_glossary_once(chapter):
    name, _, page = chapter
    links = [a["href"] for a in page.select("a:has(span.std-term)")]
    assert len(links) > 5, "a chapter uses six terms of book/glossary.md at least, or adds its own"
    assert len(set(links)) == len(links)
    glossary = BeautifulSoup((prints.HTML / "book/glossary.html").read_text("utf-8"), "html.parser")
    ids = {f"../book/glossary.html#{node['id']}" for node in glossary.select("dt[id]")}
    assert set(links) <= ids
    index = (prints.HTML / "genindex.html").read_text("utf-8")
    assert index.count(f"{name}.html#term-use-") == len(links)


def test_citations_lead_to_the_list_and_the_list_to_the_works(chapter):
    _, _, page = chapter
    items = {f"#{item['id']}": item for item in page.select("li[id^=reference-]")}
    cited = {a["href"] for a in page.select("a.citation")}
    missing = set(items) - {"#reference-1"} - cited  # the first is the question's
    assert not missing, f"no sentence cites {[items[item].text for item in missing]}"
    assert cited <= set(items)
    assert len(cited) > 1, "a chapter cites two works at least"
    for item in items.values():
        assert item.select("a[href^=http]"), f"a reference has a link: {item.text}"
        assert not item.select("a.citation")


@pytest.fixture(scope="module")
def epub(tmp_path_factory):
    file = tmp_path_factory.mktemp("prints") / "book.epub"
    prints.make_epub(file)
    with zipfile.ZipFile(file) as book:
        assert book.namelist()[0] == "mimetype"
        yield {name: book.read(name) for name in book.namelist()}


@pytest.fixture(scope="module")
def trees(epub):
    """The pages of the EPUB, which are well-formed, as trees."""
    return {
        PurePosixPath(name).name: ElementTree.fromstring(data)
        for name, data in epub.items()
        if name.endswith(".xhtml")
    }


def test_every_page_is_in_the_epub_and_in_its_contents(epub, trees):
    names = [f"{PurePosixPath(page).name}.xhtml" for page in PAGES]
    assert [a.get("href") for a in trees["nav.xhtml"].iter(f"{XHTML}a")] == names
    package = epub["EPUB/content.opf"].decode()
    items = dict(re.findall(r'id="([^"]*)" href="([^"]*)"', package))
    assert [items[ref] for ref in re.findall(r'idref="([^"]*)"', package)] == names
    assert {f"EPUB/{name}" for name in items.values()} | {
        "mimetype",
        "META-INF/container.xml",
        "EPUB/content.opf",
    } == set(epub)


def test_links_and_pictures_of_the_epub_are_there(epub, trees):
    ids = {name: {node.get("id") for node in tree.iter()} for name, tree in trees.items()}
    for name, tree in trees.items():
        for link in tree.iter(f"{XHTML}a"):
            if re.match(r"\w+:", link.get("href")):
                continue
            target, _, place = link.get("href").partition("#")
            assert target in trees
            assert not place or place in ids[target], (name, link.get("href"))
        for image in tree.iter(f"{XHTML}img"):
            assert f"EPUB/{image.get('src')}" in epub


def test_nothing_of_the_screen_is_in_the_epub(trees):
    sliders = [
        node
        for tree in trees.values()
        for node in tree.iter(f"{XHTML}figure")
        if node.get("class") == "frame-slider"
    ]
    committed = [path.read_text("utf-8") for path in ROOT.glob("notebooks/[!_]*.ipynb")]
    assert len(sliders) == sum(text.count('class=\\"frame-slider') for text in committed) > 0
    assert {len(list(slider.iter(f"{XHTML}img"))) for slider in sliders} == {1}
    for tree in trees.values():
        tags = {node.tag.rpartition("}")[2] for node in tree.iter()}
        assert not tags & {"script", "button", "input", "details", "summary", "label"}


@pytest.fixture(scope="module")
def pdf(tmp_path_factory):
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    file = tmp_path_factory.mktemp("prints") / "book.pdf"
    prints.make_pdf(file)
    with PdfReader(file) as pdf:
        yield pdf


def test_the_pdf_has_pages_an_outline_and_tags(pdf):
    assert len(pdf.pages) > 150
    assert pdf.root_object["/StructTreeRoot"]["/K"]
    fonts = [font for page in pdf.pages for font in page["/Resources"].get("/Font", {}).values()]
    assert any("STIXTwoMath" in font["/BaseFont"] for font in fonts)
    links = [note["/A"] for page in pdf.pages for note in page.get("/Annots", []) if "/A" in note]
    assert any("/URI" in link for link in links)


def test_the_contents_of_the_pdf_name_the_pages_where_the_chapters_begin(pdf):
    text = pdf.pages[1].extract_text()
    entries = re.findall(r"^\d+\. (.+) (\d+)$", text, re.MULTILINE)
    assert len(entries) == len(PAGES)
    for title, number in entries:
        words = pdf.pages[int(number) - 1].extract_text().split()
        assert words[: len(title.split())] == title.split()
        assert words[-1] == number
    titles = [item.title for item in pdf.outline if not isinstance(item, list)]
    assert titles == ["Contents", *(title for title, _ in entries)]
    links = [note["/Dest"] for note in pdf.pages[1]["/Annots"]]
    assert links == [f"/{PurePosixPath(page).name}" for page in PAGES]


def test_another_kind_is_refused():
    done = run(sys.executable, "-m", "book.machine.prints", "odt")
    assert done.returncode == 2
    assert done.stderr == "KIND is odt; it may be pdf or epub\n"
