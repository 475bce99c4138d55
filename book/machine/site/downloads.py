"""Notebooks to take along: each chapter with and without solutions, able to run where it lands.

As a Sphinx extension it lays both beside the pages and names the second in the page's menu of
downloads. As a command, `python -m book.machine.site.downloads`, it fills _build/student.
"""

import filecmp
from pathlib import Path

import nbformat

from book.machine import results, setup_cell

STUDENT = results.ROOT / "_build" / "student"
NOTE = (
    "**The student edition.** The solutions of the exercises are in the book, below each exercise, "
    "and so is what the cells print and draw. The checks are here: they refuse the starters."
)


def edition(notebook):
    """Make a notebook complete in itself: it carries the helpers."""
    notebook.metadata.pop("code_hash", None)
    first = setup_cell.replace(notebook, setup_cell.carrying(notebook))
    first.metadata.update(setup_cell.FOLDED)
    return notebook


def student(notebook):
    """Make a notebook complete in itself, without its solutions and outputs."""
    edition(notebook)
    notebook.cells = [c for c in notebook.cells if "solution" not in c.metadata.get("tags", [])]
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell(NOTE, id="student-edition"))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def offer_student(app, pagename, templatename, context, doctree):
    """Add the edition without solutions to the downloads of a chapter's page."""
    if context.get("page_source_suffix") != ".ipynb":
        return
    group = next(b for b in context["header_buttons"] if b["label"] == "download-buttons")
    button = {
        "type": "link",
        "url": context["pathto"](f"_sources/{pagename}_student.ipynb", 1),
        "text": "without solutions",
        "tooltip": "Download notebook without solutions",
        "icon": "fas fa-graduation-cap",
        "label": "download-student-button",
    }
    group["buttons"].insert(1, button)


def write_editions(app, exception):
    """Write both editions of each notebook that Sphinx has just put, as it is, beside its page."""
    for name in sorted(app.env.found_docs):
        path = Path(app.outdir, "_sources", f"{name}.ipynb")
        without = path.with_stem(f"{path.stem}_student")
        if path.exists() and filecmp.cmp(path, app.env.doc2path(name), shallow=False):
            nbformat.write(edition(nbformat.read(path, 4)), path)
            nbformat.write(student(nbformat.read(path, 4)), without)


if __name__ == "__main__":
    STUDENT.mkdir(parents=True, exist_ok=True)
    for chapter in results.notebooks():
        if not chapter.stem.startswith("_"):
            nbformat.write(student(nbformat.read(chapter, 4)), STUDENT / chapter.name)
