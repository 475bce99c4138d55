"""Figures and tables get numbers and captions, pictures become light.

The caption stands in a cell's metadata (`caption`), so that the notebook stays plain. The figure of
the cell tagged `thumbnail` stands for its chapter. Pages carry WebP, each picture with its size,
loaded when it comes into view; the frames of a slider are files of their own.
"""

import base64
import hashlib
import html
import re
import shutil
from pathlib import Path

from docutils import nodes
from PIL import Image
from sphinx.transforms import SphinxTransform

from book.machine import pictures, results

THUMBNAILS = Path("_build", "thumbnails")
SIZED = (".png", ".jpeg", ".jpg", ".webp")


class Captions(SphinxTransform):
    """Put what a captioned cell shows into a figure, numbered within its page."""

    default_priority = 400  # before Sphinx collects the pictures

    def apply(self):
        """Number the figures and the tables of a page, each kind from one."""
        count = {"Figure": 0, "Table": 0}
        for cell in list(self.document.findall(nodes.container)):
            if "cell_metadata" not in cell:
                continue
            tags = cell["cell_metadata"].get("tags", [])
            caption = cell["cell_metadata"].get("caption")
            output = [n for n in cell if n.get("nb_element") == "cell_code_output"]
            if not caption or not output:
                continue
            figures = [n for n in output[0] if _is_figure(n)]
            kind, shown = ("Figure", figures) if figures else ("Table", list(output[0]))
            count[kind] += 1
            if figures and count[kind] == 1 and "thumbnail" not in tags:
                self.open_with_a_picture()
            self.wrap(shown, kind, count[kind], caption)

    def open_with_a_picture(self):
        """Put the thumbnail beside the question of a chapter that shows it large only far below."""
        if image := thumbnail(Path(self.env.docname).name, "opening-picture"):
            next(self.document.findall(nodes.section)).insert(1, image)

    def wrap(self, shown, kind, number, caption):
        """Move nodes into a figure, in the place of the first of them."""
        name = f"{kind.lower()}-{number}"
        figure = nodes.figure(ids=[name], classes=[f"{kind.lower()}-output"])
        shown[0].replace_self(figure)
        for node in shown[1:]:
            node.parent.remove(node)
        label = nodes.reference("", f"{kind} {number}", refid=name, classes=["caption-number"])
        figure += [*shown, nodes.caption("", "", label, nodes.Text(" "), *inline(caption))]


def _is_figure(node):
    raw = (n.astext() for n in node.findall(nodes.raw))
    return any(node.findall(nodes.image)) or any("frame-slider" in text for text in raw)


def inline(text):
    """Return the nodes of a line of Markdown: plain text, `code` and $formulas$."""
    kinds = {"`": nodes.literal, "$": nodes.math}
    parts = re.split(r"(`[^`]+`|\$[^$]+\$)", text)
    return [
        kinds[part[0]](part[1:-1], part[1:-1]) if part[:1] in kinds else nodes.Text(part)
        for part in parts
        if part
    ]


def thumbnail(chapter, name):
    """Return a chapter's thumbnail, of the given class, or None.

    It has no words of its own: it shows nothing that the figure on the page does not describe.
    """
    for file in (results.ROOT / THUMBNAILS).glob(f"*/{chapter}.webp"):
        address = f"/{file.relative_to(results.ROOT)}"
        return nodes.image(uri=address, alt="", classes=[name, file.parent.name])
    return None


def save_thumbnails(app):
    """Keep a small copy of the figure that stands for each chapter, as "picture" or as "plot"."""
    shutil.rmtree(results.ROOT / THUMBNAILS, ignore_errors=True)
    for path in results.notebooks():
        save_thumbnail(path, results.latest(path))


def save_thumbnail(path, notebook):
    """Do so for one chapter."""
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        for output in cell.get("outputs", []) if "thumbnail" in tags else []:
            if found := pictures.of(output):
                picture = pictures.opened(found[1])
                picture.thumbnail((480, 320), Image.Resampling.LANCZOS)
                kind = "picture" if pictures.PHOTOGRAPH in tags else "plot"
                file = results.ROOT / THUMBNAILS / kind / f"{path.stem}.webp"
                file.parent.mkdir(parents=True, exist_ok=True)
                picture.save(file, quality=85, method=6)


def finish_images(app, page, template, context, doctree):
    """Give each picture its size, load late what is not seen at first, take out the frames."""
    body = context.get("body")
    if not body or app.builder.format != "html":
        return
    seen = 0
    files = {new: Path(app.srcdir, old) for old, (_, new) in app.env.images.items()}

    def finish(match):
        nonlocal seen
        seen += 1
        tag, source = match[0], html.unescape(match[1])
        if source.startswith("data:"):
            name = _frame_file(source, Path(app.outdir, "_images"))
            tag = tag.replace(match[1], f"{context['pathto']('_images/', 1)}{name}")
            file = Path(app.outdir, "_images", name)
        else:
            file = files.get(Path(source).name, Path(source))
        if file.suffix not in SIZED:
            return tag
        width, height = Image.open(file).size
        lazy = ' loading="lazy" decoding="async"' if seen > 1 else ""
        return tag.replace("<img ", f'<img width="{width}" height="{height}"{lazy} ', 1)

    context["body"] = re.sub(r'<img [^>]*?src="([^"]+)"[^>]*>', finish, body)


def _frame_file(source, folder):
    """Write the picture of a data address into a file, and return its name."""
    kind, _, text = source.removeprefix("data:image/").partition(";base64,")
    data = base64.b64decode(text)
    name = f"{hashlib.sha256(data).hexdigest()[:32]}.{kind}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return name


def no_numbers_of_sphinx(app, config):
    """Leave the numbers to this extension: Sphinx would count through the whole book."""
    config.numfig = False
