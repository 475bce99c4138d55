"""What a page says of itself to those who search or share it, and what waits for an address."""

import html
import re

from docutils import nodes

from book.machine import formulas, setup_cell


def find_site(app, config):
    """Find where the pages will be: at `html.baseurl`, or with GitHub beside their repository.

    While the repository has no address, no button is shown that would lead nowhere.
    """
    if config.html_baseurl:
        config.html_baseurl = config.html_baseurl.rstrip("/") + "/"
    elif setup_cell.is_public():
        owner, name = setup_cell.address().rstrip("/").split("/")[-2:]
        config.html_baseurl = f"https://{owner}.github.io/{name}/"
    config.ogp_site_url = config.html_baseurl
    if not setup_cell.is_public():
        options = {"use_repository_button": False, "use_issues_button": False, "launch_buttons": {}}
        config.html_theme_options = config.html_theme_options | options


def drop_address(app, page, template, context, doctree):
    """Leave the address of a page out where there is none."""
    if doctree and not app.config.ogp_site_url:
        context["metatags"] = re.sub(r'<meta property="og:url"[^>]*>\n', "", context["metatags"])


def describe(app, page, template, context, doctree):
    """Describe a chapter to those who search or share it: its question, formulas in plain signs."""
    first = next(doctree.findall(nodes.paragraph), None) if doctree else None
    if page.startswith("notebooks/") and first:
        question = first.deepcopy()
        for formula in list(question.findall(nodes.math)):
            signs = re.sub(r"<[^>]*>", "", formulas.mathml(formula.astext()))
            formula.replace_self(nodes.Text(signs))
        text = question.astext().removeprefix("The question. ")
        context["meta"] = (context.get("meta") or {}) | {"og:description": text}
        context["metatags"] += f'\n<meta name="description" content="{html.escape(text)}" />'
