"""The student edition: chapters without solutions and outputs, one function, offered twice.

As a Sphinx extension it lays the edition beside the source of each chapter and names it in the
page's menu of downloads. As a command, `python book/_ext/downloads.py`, it fills _build/student.
"""

from pathlib import Path

import nbformat
import results

STUDENT = results.ROOT / "_build" / "student"
NOTE = (
    "**The student edition.** The solutions of the exercises are in the book, below each exercise, "
    "and so is what the cells print and draw. The checks are here: they refuse the starters."
)


def write_student(path, target):
    """Write the notebook at `path` without its solutions and outputs to `target`."""
    notebook = nbformat.read(path, 4)
    notebook.metadata.pop("code_hash", None)
    notebook.cells = [c for c in notebook.cells if "solution" not in c.metadata.get("tags", [])]
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell(NOTE, id="student-edition"))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)


def offer_student(app, pagename, templatename, context, doctree):
    """Write the edition of a chapter into the built book, and add it to the page's downloads."""
    if context.get("page_source_suffix") != ".ipynb":
        return
    name = f"_sources/{pagename}_student.ipynb"
    write_student(app.env.doc2path(pagename), Path(app.outdir, name))
    group = next(b for b in context["header_buttons"] if b["label"] == "download-buttons")
    button = {
        "type": "link",
        "url": context["pathto"](name, 1),
        "text": "without solutions",
        "tooltip": "Download notebook without solutions",
        "icon": "fas fa-graduation-cap",
        "label": "download-student-button",
    }
    group["buttons"].insert(1, button)


def setup(app):
    """Register the extension."""
    app.connect("html-page-context", offer_student, priority=502)  # the theme's buttons come at 501
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


if __name__ == "__main__":
    for chapter in results.notebooks():
        if not chapter.stem.startswith("_"):
            write_student(chapter, STUDENT / chapter.name)
