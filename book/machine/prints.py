"""Make one PDF or one EPUB of the built book.

Usage: python -m book.machine.prints pdf|epub

Both are made of the pages in `_build/html`: what works on a screen alone (buttons, folded parts,
sliders) is laid open, and links lead to the place in the same file. Chromium prints the PDF.
"""

import html
import io
import shutil
import sys
import tempfile
import uuid
import zipfile
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import jinja2
import yaml
from bs4 import BeautifulSoup
from matplotlib import get_data_path
from matplotlib.font_manager import fontManager
from PIL import Image
from playwright.sync_api import sync_playwright
from pygments.formatters import HtmlFormatter
from pypdf import PdfReader

from book.machine import chromium, results, setup_cell

HTML = results.ROOT / "_build" / "html"
TEMPLATES = Path(__file__).parent / "templates"
FOOTER = """<div style="width: 100%; font: 8px sans-serif; text-align: center">
<span class="pageNumber"></span></div>"""
PAPER = {
    "format": "A4",
    "outline": True,
    "tagged": True,
    "print_background": True,
    "display_header_footer": True,
    "header_template": "<span></span>",
    "footer_template": FOOTER,
    "margin": {"top": "18mm", "bottom": "18mm", "left": "20mm", "right": "20mm"},
}
FILL = "numbers => numbers.forEach((n, i) => document.querySelectorAll('nav .number')[i].append(n))"
TYPES = {
    ".xhtml": "application/xhtml+xml",
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".jpg": "image/jpeg",
}


def pages():
    """Return the names of the book's pages in order, such as "notebooks/siren"."""
    toc = yaml.safe_load((results.ROOT / "_toc.yml").read_text("utf-8"))
    return [toc["root"], *(c["file"] for part in toc["parts"] for c in part["chapters"])]


def release():
    """Return what the record for citing says of the book: title, version, date, abstract."""
    return yaml.safe_load((results.ROOT / "CITATION.cff").read_text("utf-8"))


def article(page):
    """Return the body of a page, laid open for paper."""
    soup = BeautifulSoup((HTML / f"{page}.html").read_text("utf-8"), "html.parser")
    body = soup.select_one("article.bd-article")
    for node in body.select("script, style, button, .headerlink, .toctree-wrapper"):
        node.decompose()
    for image in body.select("img.opening-picture"):
        image.decompose()  # it stands large below
    for details in body.select("details"):
        details.name, details["class"] = "div", "folded"
        details.attrs.pop("open", None)
        title = BeautifulSoup('<p class="folded-title"></p>', "html.parser").p
        title.string = details.summary.find("p").text
        details.summary.replace_with(title)
    for slider in body.select(".frame-slider"):
        for frame in slider.select("img"):
            if "display:block" not in frame["style"]:
                frame.decompose()
        label = slider.label
        text = f"{label.contents[0]}: {label.output.text} (on the screen, a slider)"
        label.replace_with(BeautifulSoup(f"<p>{html.escape(text)}</p>", "html.parser"))
    for image in body.select("img"):
        del image["loading"], image["decoding"]
        image["src"] = str((HTML / page).parent.joinpath(image["src"]).resolve())
    return body


def relink(body, page, known, place):
    """Turn the ids and the links of a page into those of one file: `place(page, id)`."""
    for node in body.select("[id]"):
        node["id"] = f"{PurePosixPath(page).name}--{node['id']}"
    for link in body.select("a[href]"):
        parts = urlsplit(link["href"])
        if parts.scheme:
            continue
        target = page if not parts.path else _resolve(page, parts.path)
        if target in known:
            link["href"] = place(target, unquote(parts.fragment))
        else:
            link.unwrap()  # to a page that only the screen has, such as the index


def _resolve(page, path):
    file = (HTML / page).parent.joinpath(path).resolve()
    return (
        str(file.relative_to(HTML.resolve()).with_suffix(""))
        if HTML.resolve() in file.parents
        else ""
    )


def render(name, **values):
    """Fill one of the templates beside this file."""
    loader = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True)
    public = setup_cell.is_public()
    return loader.get_template(name).render(book=release(), public=public, **values)


def style():
    """Return the style sheet of paper, with the colours of code."""
    colours = HtmlFormatter(style="a11y-high-contrast-light").get_style_defs(".highlight")
    return (TEMPLATES / "print.css").read_text("utf-8") + colours


def faces():
    """Return the rules for the fonts of the PDF, which Matplotlib brings along."""
    ours = [font for font in fontManager.ttflist if font.fname.startswith(get_data_path())]
    return "\n".join(
        f'@font-face {{ font-family: "{font.name}"; font-style: {font.style}; '
        f"font-weight: {font.weight}; src: url({Path(font.fname).as_uri()}) }}"
        for font in ours
        if font.name in ("DejaVu Sans", "DejaVu Sans Mono", "DejaVu Serif")
    )


def parts(place, keep):
    """Yield (stem, title, address, body) of each page, its ids and links by `place(page, id)`.

    `keep(name, data)` takes the bytes of a picture and returns its address.
    """
    names = pages()
    for page in names:
        body = article(page)
        relink(body, page, names, place)
        for image in body.select("img"):
            image["src"] = keep(*picture(Path(image["src"])))
        yield PurePosixPath(page).name, body.h1.text.strip(), place(page, ""), body


def make_pdf(target):
    """Print the book in Chromium, twice: the contents take their pages from the first print."""
    folder = Path(tempfile.mkdtemp())

    def place(page, name):
        return f"#{PurePosixPath(page).name}" + (f"--{name}" if name else "")

    def keep(name, data):
        (folder / name).write_bytes(data)
        return name

    book = list(parts(place, keep))
    text = render(
        "print.html",
        style=faces()
        + style().replace("formulas.woff2", (HTML / "_static/formulas.woff2").as_uri()),
        contents=[(title, address) for _, title, address, _ in book],
        bodies=[(stem, body.decode_contents()) for stem, _, _, body in book],
    )
    file = folder / "book.html"
    file.write_text(text, "utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.CHROMIUM, args=chromium.FLAGS)
        page = browser.new_page()
        page.goto(file.as_uri(), wait_until="load")
        page.evaluate("() => document.fonts.ready")
        page.pdf(path=target, **PAPER)
        page.evaluate(FILL, first_pages(target, [stem for stem, *_ in book]))
        page.pdf(path=target, **PAPER)
        browser.close()
    shutil.rmtree(folder)


def first_pages(file, names):
    """Return the numbers of the pages of a PDF on which the places with these names are."""
    with PdfReader(file) as pdf:
        places = [pdf.named_destinations[f"/{name}"] for name in names]
        return [pdf.get_destination_page_number(place) + 1 for place in places]


def make_epub(target):
    """Pack the book as EPUB 3, each page a file, pictures as JPEG and PNG, which readers know."""
    files = {"style.css": style().encode()}
    files["formulas.woff2"] = (HTML / "_static/formulas.woff2").read_bytes()

    def place(page, name):
        stem = PurePosixPath(page).name
        return f"{stem}.xhtml" + (f"#{stem}--{name}" if name else "")

    def keep(name, data):
        files[f"images/{name}"] = data
        return f"images/{name}"

    contents = []
    for _, title, address, body in parts(place, keep):
        for node in body.select("[tabindex]"):
            del node["tabindex"]
        text = render("epub/page.xhtml", title=title, body=body.decode_contents())
        files[address] = text.encode()
        contents.append((title, address))
    files["nav.xhtml"] = render("epub/nav.xhtml", contents=contents).encode()
    spine = [address for _, address in contents]
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, f"{setup_cell.address()}/{release()['version']}")
    items = [
        (name, TYPES[PurePosixPath(name).suffix], b"<math" in data) for name, data in files.items()
    ]
    files["content.opf"] = render(
        "epub/content.opf", items=items, spine=spine, id=identifier
    ).encode()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        book.writestr("META-INF/container.xml", render("epub/container.xml"))
        for name, data in files.items():
            book.writestr(f"EPUB/{name}", data)


def picture(path):
    """Return a name and the bytes of a picture, JPEG or PNG, which all readers of EPUB show."""
    image, data = Image.open(path).convert("RGB"), io.BytesIO()
    colours = image.getcolors(256)
    image.save(data, "png", optimize=True) if colours else image.save(data, "jpeg", quality=85)
    return path.with_suffix(".png" if colours else ".jpg").name, data.getvalue()


def main(kind):
    """Make the file, and say where it is; return the exit status."""
    if kind not in ("pdf", "epub"):
        print(f"KIND is {kind}; it may be pdf or epub", file=sys.stderr)
        return 2
    if kind == "pdf" and chromium.CHROMIUM is None:
        print("make pdf needs Chromium; on Debian: apt-get install chromium", file=sys.stderr)
        return 2
    target = results.ROOT / "_build" / f"ask-predict-run-check.{kind}"
    {"pdf": make_pdf, "epub": make_epub}[kind](target)
    print(f"The book is at {target.relative_to(results.ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
