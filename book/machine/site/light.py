"""What the pages do not use is not sent.

After the build it drops scripts and style sheets that no page needs, cuts from the style sheets
the rules for classes that do not occur, and from the icon fonts the icons that do not.
"""

import re
from itertools import pairwise
from pathlib import Path

import tinycss2

from book.machine import formulas

# of the theme: icons as scripts (the fonts have them too), thebe, tabs and cards; and the search,
# which only the page of results does
UNUSED = ("fontawesome.js", "sphinx-thebe", "design-tabs.js", "sphinx-design")
SEARCH = ("searchtools.js", "language_data.js", "searchindex.js")
LOADED = re.compile(
    r'\s*<(?:script|link)\b[^>]*(?:src|href)="([^"]*\.(?:js|css)[^"]*)"[^>]*>(?:</script>)?'
)
# the theme sets thebe up on each page, twice on some
INLINE = re.compile(r"\s*<script>const THEBE_JS_URL[^<]*</script>")
WORD = re.compile(r"[A-Za-z_][\w-]*")


def lighten(app, exception):
    """Make a finished book light."""
    if exception or app.builder.name != "html":
        return
    root = Path(app.outdir)
    pages = sorted(root.rglob("*.html"))
    for page in pages:
        unused = UNUSED if page.name == "search.html" else UNUSED + SEARCH
        page.write_text(without(unused, page.read_text("utf-8")), "utf-8")
    static = root / "_static"
    sheets = sorted(static.rglob("*.css"))
    named = "\n".join(file.read_text("utf-8") for file in [*pages, *sheets])
    for file in static.rglob("*"):
        unnamed = file.suffix in (".js", ".css", ".txt") and file.name not in named
        if unnamed or file.suffix == ".map":  # which only comments name
            file.unlink()
    code = "\n".join(file.read_text("utf-8") for file in [*pages, *static.rglob("*.js")])
    words = set(WORD.findall(code))
    for sheet in static.rglob("*.css"):
        sheet.write_text(cut_sheet(sheet.read_text("utf-8"), words), "utf-8")
    cut_icons(static)


def without(unused, text):
    """Return a page that does not load the scripts and the style sheets with these names."""
    text = INLINE.sub("", text)
    return LOADED.sub(lambda tag: "" if any(map(tag[1].__contains__, unused)) else tag[0], text)


def cut_sheet(text, words):
    """Return a style sheet without the rules whose classes are not among the words."""
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    return "\n".join(kept for rule in rules if (kept := _kept(rule, words)))


def _kept(rule, words):
    if rule.type == "at-rule":
        if rule.content is None or rule.lower_at_keyword not in ("media", "supports", "layer"):
            return rule.serialize()
        inside = cut_sheet(tinycss2.serialize(rule.content), words)
        head = f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}"
        return f"{head}{{{inside}}}" if inside else ""
    if rule.type != "qualified-rule":
        return rule.serialize()
    used = [part for part in _selectors(rule.prelude) if _classes(part) <= words]
    selector = ",".join(map(tinycss2.serialize, used))
    return f"{selector}{{{tinycss2.serialize(rule.content)}}}" if used else ""


def _selectors(prelude):
    parts = [[]]
    for token in prelude:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _classes(selector):
    # those within :not(…) and its like do not count: without them the rule holds the more
    return {name.value for dot, name in pairwise(selector) if dot == "." and name.type == "ident"}


def cut_icons(static):
    """Cut the icon fonts down to the icons that the style sheets still name."""
    sheets = "\n".join(file.read_text("utf-8") for file in static.rglob("*.css"))
    needed = set(re.findall(r"[\ue000-\uf8ff]", sheets))  # icons have private numbers
    for font in static.rglob("fa-*.woff2"):
        formulas.save_font(font, font, needed, strict=False)
        font.with_suffix(".ttf").unlink(missing_ok=True)  # for browsers of before 2016
