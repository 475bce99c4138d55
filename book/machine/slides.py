"""Write slides of the chapters' main lines, each deck a file that needs nothing beside it.

Usage: python -m book.machine.slides [NAME ...]

Without a NAME, all chapters. The deck follows from the cells alone: a heading begins a slide, a
figure fills most of one, what finds no room goes to the next, long code is folded, and the short
answer comes last. `slides.html` lays it out and moves it.
"""

import base64
import html
import io
import math
import re
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import jinja2
import nbformat
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.dollarmath import dollarmath_plugin
from PIL import Image
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from book.machine import formulas, pictures, results
from helpers.claims import MARKS

TEMPLATES = Path(__file__).parent / "templates"
SLIDES = results.ROOT / "_build" / "slides"
ROOM, WIDTH = 13.5, 74  # the lines of a slide, and their characters
FEW = 3  # so few lines do not stand alone: what follows becomes smaller
FIGURE = 8.5  # the lines that a figure takes beside words
PRE = 0.73  # the height of a line of code
SHORT = 8  # the lines of code that are shown


def formula(tex, options):
    """Return a formula as MathML."""
    block = options["display_mode"]
    drawn = formulas.mathml(tex, "block" if block else "inline")
    return drawn if block else f'<span class="math notranslate">{drawn}</span>'


def font(text):
    """Return the font of a deck's formulas as a data address, cut to what it needs."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "formulas.woff2")
        formulas.save_font(formulas.FONT, file, formulas.signs(text), ["ssty"])
        return f"data:font/woff2;base64,{base64.b64encode(file.read_bytes()).decode()}"


MARKDOWN = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, renderer=formula)


@dataclass
class Slide:
    """A heading (its part of the chapter, its title), what stands below, and small print."""

    heading: tuple[str, str]
    body: list[str] = field(default_factory=list)
    small: list[str] = field(default_factory=list)
    lines: float = 0


def page(notebook):
    """Return a chapter's deck as a page of HTML."""
    first = notebook.cells[0].source
    head, _, answer = first.partition("**The short answer.**")
    title, _, question = head.removeprefix("# ").partition("**The question.**")
    end = [cell.source.startswith("## Going deeper") for cell in notebook.cells].index(True)
    last = nbformat.v4.new_markdown_cell(f"## The short answer\n\n{answer}")
    template = jinja2.Template(
        (results.ROOT / "book/machine/templates/slides.html").read_text("utf-8")
    )
    text = template.render(
        title=title.strip(),
        question=MARKDOWN.render(question.strip()),
        slides=pack(items([*notebook.cells[1:end], last], title.strip())),
        style=HtmlFormatter().get_style_defs(".code"),
    )
    drawn = "".join(re.findall(r"<math.*?</math>", text, re.S))
    text = text.replace("formulas.woff2", font(drawn))
    text = formulas.keep_together(text)
    return re.sub(r'href="(\w+)\.ipynb', r'href="\1.html', text)


def pack(items):
    """Put (heading, HTML, lines) on slides, in order; what takes no line is small print."""
    slides = []
    for heading, block, lines in items:
        last = slides[-1] if slides else Slide(("", ""))
        if last.heading != heading or (last.lines > FEW and last.lines + lines > ROOM):
            slides.append(Slide(heading))
        (slides[-1].body if lines else slides[-1].small).append(block)
        slides[-1].lines += lines
    return slides


def items(cells, chapter):
    """Yield (heading, HTML, lines) for each block of prose, code or output."""
    part = title = ""
    for cell in cells:
        if "hide-cell" in cell.metadata.get("tags", []):
            part, title = "", chapter  # what follows the set-up is the hook
        elif cell.cell_type == "code":
            yield from (((part, title), *block) for block in code_blocks(cell))
        else:
            prose = cell.source.partition("**Time:**")[0]
            for node in SyntaxTreeNode(MARKDOWN.parse(prose)).children:
                block = MARKDOWN.renderer.render(node.to_tokens(), MARKDOWN.options, {})
                if node.type != "heading":
                    yield (part, title), block, height(block)
                elif node.tag == "h2":
                    part, title = "", inner(block)
                else:
                    part, title = part or title, inner(block)


def inner(block):
    """Return what stands inside an element."""
    return block.strip().partition(">")[2].rpartition("<")[0]


def height(block):
    """Return about how many lines a block of prose takes."""
    parts = re.split(r"</(?:p|li|tr|div)>", block)
    visible = [len(html.unescape(re.sub(r"<[^>]*>|\s+", " ", part)).strip()) for part in parts]
    return sum(0.4 + math.ceil(n / WIDTH) for n in visible if n) + block.count("<mfrac") / 2


def code_blocks(cell):
    """Return (HTML, lines) for the outputs of a cell, and for its code, if shown."""
    blocks = [block for output in cell.outputs for block in output_blocks(output, cell)]
    if "hide-input" in cell.metadata.get("tags", []):
        return blocks
    lines = len(cell.source.splitlines())
    code = (
        f"<pre class=code>{highlight(cell.source, PythonLexer(), HtmlFormatter(nowrap=True))}</pre>"
    )
    if lines <= SHORT and all(block.startswith("<pre") for block, _ in blocks):
        shown = [block for block, n in blocks if n]
        taken = PRE * lines + 0.5 + sum(n for _, n in blocks)
        return [(code + "".join(shown), taken), *(block for block in blocks if not block[1])]
    defined = ", ".join(re.findall(r"^(?:def|class) (\w+)", cell.source, re.M))
    return [*blocks, (f"<details><summary>code {defined}</summary>{code}</details>", 0)]


def output_blocks(output, cell):
    """Yield (HTML, lines) for what an output shows; claims are small print."""
    data = output.get("data", {})
    text = output.get("text") or data.get("text/plain", "")
    if found := pictures.of(output):
        kind, picture = found
        alt = html.escape(cell.metadata.get("mystnb", {}).get("image", {}).get("alt", ""))
        yield f'<img src="data:{kind};base64,{picture}" alt="{alt}">', figure_height(picture)
    elif slider := re.search(r"base64,([^\"]+)", data.get("text/html", "")):
        yield data["text/html"], figure_height(slider[1])
    elif text.startswith(tuple(MARKS.values())):
        yield printed(text), 0
    elif "text/html" in data:
        yield data["text/html"], printed_height(text)
    else:
        for part in parts(text):
            yield printed(part), printed_height(part)


def printed(text):
    """Return printed text as HTML."""
    return f"<pre>{html.escape(text)}</pre>"


def printed_height(text):
    """Return how many lines printed text takes."""
    return PRE * len(text.splitlines()) + 0.5


def parts(text):
    """Return printed text, cut at blank lines into parts that each find room on a slide."""
    first, *groups = text.rstrip("\n").split("\n\n")
    found = [first]
    for group in groups:
        joined = f"{found[-1]}\n\n{group}"
        if printed_height(joined) > ROOM:
            found.append(group)
        else:
            found[-1] = joined
    return found


def figure_height(data):
    """Return how many lines a figure takes; a tall one fills a slide."""
    width, high = Image.open(io.BytesIO(base64.b64decode(data))).size
    return ROOM if high > 0.8 * width else min(FIGURE, 28.6 * high / width)


def main(names):
    """Write the decks of the named chapters, or of all; return the exit status."""
    paths = results.chosen(names)
    if paths is None:
        return 2
    SLIDES.mkdir(parents=True, exist_ok=True)
    for path in paths:
        (SLIDES / f"{path.stem}.html").write_text(page(results.latest(path)), "utf-8")
    print(f"The slides are in {SLIDES.relative_to(results.ROOT)}; the arrow keys move them.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
