"""Formulas on the pages: MathML in place of a script that draws them, and its font."""

import html
from pathlib import Path

from docutils import nodes
from sphinx.util.logging import getLogger

from book.machine.formulas import FONT, keep_together, mathml, save_font, signs


def visit(display):
    """Return what writes a formula in HTML."""
    # a wide one is scrolled on a phone, with the keyboard too
    tag = 'div tabindex="0"' if display == "block" else "span"

    def write(writer, node):
        try:
            text = mathml(node.astext(), display)
        except ValueError as error:
            getLogger(__name__).warning("%s", error, location=node)
            text = html.escape(node.astext())
        writer.body.append(f'<{tag} class="math notranslate">{text}</{tag.split()[0]}>')
        raise nodes.SkipNode

    return write


def keep_on_page(app, page, template, context, doctree):
    """Do so on a page."""
    context["body"] = keep_together(context.get("body", ""))


def cut_font(app, env):
    """Write the font with the signs of all formulas into a folder of static files."""
    needed = set()
    for docname in env.found_docs:
        for node in env.get_doctree(docname).findall():
            if isinstance(node, nodes.math | nodes.math_block):
                try:
                    needed |= signs(mathml(node.astext()))
                except ValueError:
                    continue  # told where the formula is written
    folder = Path(app.outdir).parent / "static"
    save_font(FONT, folder / "formulas.woff2", needed, ["ssty"])
    app.config.html_static_path.append(str(folder))
