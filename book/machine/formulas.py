"""Formulas are MathML, made at build, in a font cut to the signs that they need.

So a page needs no script to draw them, and the PDF and the EPUB show the same.
"""

import functools
import html
import logging
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from fontTools import subset
from latex2mathml.converter import convert

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells each step
FONT = Path(__file__).parent / "fonts" / "STIXTwoMath-Regular.woff2"
NAMESPACE = "http://www.w3.org/1998/Math/MathML"
# after one of these a minus is a sign, and takes no space
OPENING = set("([{,;=≈≠<>≤≥⋅×→±")
TIGHT = {"lspace": "0", "rspace": "0"}
OPERATORS = {
    ".": TIGHT,
    "/": {"lspace": "0.1em", "rspace": "0.1em"},
    # they grow only where \left or \bigl asks for it
    **dict.fromkeys("|‖∥", {"stretchy": "false"} | TIGHT),
}
ACCENTS = {"^": "ˆ", "~": "˜"}
# the letters that a lone one in <mi> is drawn with: all, whichever the book needs
ITALIC = {
    *("ℎ", *map(chr, range(0x1D434, 0x1D455))),
    *map(chr, [*range(0x1D456, 0x1D468), *range(0x1D6FC, 0x1D71C)]),
}


@functools.cache
def mathml(formula, display="inline"):
    """Return a LaTeX formula as a MathML element, "inline" or "block".

    Raises ValueError for what cannot be converted.
    """
    # the signs of an alphabet are found only in braces; an upright letter is <mtext>, as browsers
    # slant a lone one in <mi>
    braced = re.sub(r"(\\math[a-z]+)\s+(\w)", r"\1{\2}", formula)
    upright = re.sub(r"\\mathrm\{(\w)\}", r"\\text{\1}", braced)
    if len(re.findall(r"(?<!\\)\{", formula)) != len(re.findall(r"(?<!\\)\}", formula)):
        raise ValueError(f"the formula {formula} opens and closes braces unequally often")
    try:
        text = convert(upright, display=display)
    except Exception as error:
        raise ValueError(f"the formula {formula} is no LaTeX: {error!r}") from error
    # browsers honour no variant but this one
    if left := re.search(r'\\[^\s<]+|<merror|mathvariant="(?!normal)[^"]*"', text):
        raise ValueError(f"the formula {formula} holds {left[0]}, which cannot be drawn")
    root = ElementTree.fromstring(text.replace(f' xmlns="{NAMESPACE}"', ""))
    for node in reversed(list(root.iter())):  # from the signs to the whole
        _mend(node)
    root.set("xmlns", NAMESPACE)
    return ElementTree.tostring(root, encoding="unicode")


def _mend(node):
    """Give one element and its children what latex2mathml leaves to be desired."""
    text = node.text or ""
    if node.tag == "mi" and re.fullmatch("[Α-Ω]", text):
        node.set("mathvariant", "normal")  # capital Greek stands upright in TeX
    elif node.tag == "mi" and re.fullmatch("[~±:;⟵-⟿]", text):
        node.tag, node.text = "mo", text.replace("~", "∼")
    elif node.tag == "mo" and text in ("∂", "∞", "…"):
        node.tag = "mi"
    elif node.tag == "mo" and "minsize" in node.attrib:  # of \bigl and \bigr
        node.attrib.update({"symmetric": "true"} | TIGHT)
    elif node.tag == "mo" and "form" not in node.attrib:  # \left and \right have it
        node.attrib.update(OPERATORS.get(text, {}))
    if node.tag == "msup" and node[1].text in ("′", "″"):
        node.tag, node[1].tag = "mrow", "mo"  # the sign itself is raised, and has its size
        node[1].attrib.update(TIGHT)
    if node.tag in ("msub", "msup", "msubsup", "munder", "mover", "munderover"):
        for operator in (mo for script in node[1:] for mo in script.iter("mo")):
            operator.attrib.update(TIGHT)  # TeX sets scripts tightly
        if "minsize" in node[0].attrib:  # Chromium lets a bracket grow only within a row
            row = ElementTree.Element("mrow")
            row.append(node[0])
            node[0] = row
    if node.tag == "mover" and node[1].text in ACCENTS:
        node[1].text = ACCENTS[node[1].text]
        node.set("accent", "true")
    for child in node:
        if (name := _function_name(child)) is not None:
            name.tag = "mi"
            name.attrib.clear()
    if node.tag in ("math", "mrow", "msqrt", "mtd"):
        for before, after in pairwise(list(node)):
            if after.text in ("−", "±") and before.text in OPENING:
                after.set("form", "prefix")
            named = _function_name(after) is not None
            closed = named and before.text in (")", "]")
            beside = named or _function_name(before) is not None
            if closed or (beside and not {before.tag, after.tag} & {"mo", "mspace"}):
                space = ElementTree.Element("mspace", width="0.17em")
                node.insert(list(node).index(after), space)


def _function_name(node):
    """Return the element of an upright name such as log, perhaps with an index, or None."""
    if node.tag in ("msub", "msup", "msubsup"):
        node = node[0]
    text = node.text or ""
    is_name = node.tag in ("mi", "mo") and len(text) > 1 and text.isalpha() and text != "mod"
    return node if is_name else None


def signs(text):
    """Return the characters that MathML may draw."""
    return set(html.unescape(re.sub(r"<[^>]*>", "", text))) | ITALIC | set("√")


def keep_together(text):
    """Keep a full stop or a comma on the line of the formula before it."""
    inline = r'(<span class="math notranslate">(?:(?!</span>).)*</span>[.,;:?!)]+)'
    return re.sub(inline, r'<span class="keep">\1</span>', text)


def save_font(source, target, needed, features=(), strict=True):
    """Write a font file with no more than the characters needed, as WOFF 2.

    Raises ValueError for a character that the font lacks, if that is strictly wanted.
    """
    options = subset.Options(flavor="woff2", layout_features=list(features))
    needed = {sign for sign in needed if not sign.isspace() or sign == "\xa0"}
    target.parent.mkdir(parents=True, exist_ok=True)
    with subset.load_font(source, options) as font:
        missing = needed - set(map(chr, font.getBestCmap()))
        if missing and strict:
            raise ValueError(f"the font {source.name} lacks {sorted(missing)}")
        _even_roots(font)
        cut = subset.Subsetter(options)
        cut.populate(text="".join(needed))
        cut.subset(font)
        subset.save_font(font, str(target), options)


def _even_roots(font):
    """Give all sizes of the root the smallest width: Chromium leaves room for the widest."""
    sizes = [name for name in font.getGlyphOrder() if name.startswith("uni221A.")]
    for name in sizes:
        width, left = font["hmtx"][name]
        scale = font["hmtx"]["uni221A"][0] / width
        font["glyf"][name].coordinates.scale((scale, 1))
        font["hmtx"][name] = round(width * scale), round(left * scale)
