"""Formulas are MathML, made at build, in a font cut to the signs that they need.

So a page needs no script to draw them, and the PDF and the EPUB show the same.
"""

import functools
import html
import logging
import re
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from fontTools import subset
from latex2mathml.converter import convert

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells each step
FONT = Path(find_spec("ziamath").origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"
NAMESPACE = "http://www.w3.org/1998/Math/MathML"
# after one of these a minus is a sign, and takes no space
OPENING = set("([{,;=≈≠<>≤≥⋅×→±")


@functools.cache
def mathml(formula, display="inline"):
    """Return a LaTeX formula as a MathML element, "inline" or "block".

    Raises ValueError for what cannot be converted.
    """
    # one letter in <mi> would be slanted, in <mtext> it stands upright
    upright = re.sub(r"\\mathrm\s*(?:\{(\w)\}|(\w))", r"\\text{\1\2}", formula)
    if len(re.findall(r"(?<!\\)\{", formula)) != len(re.findall(r"(?<!\\)\}", formula)):
        raise ValueError(f"the formula {formula} opens and closes braces unequally often")
    try:
        text = convert(upright, display=display)
    except Exception as error:
        raise ValueError(f"the formula {formula} is no LaTeX: {error!r}") from error
    if left := re.search(r"\\\w+|<merror", text):
        raise ValueError(f"the formula {formula} holds {left[0]}, which is not known")
    root = ElementTree.fromstring(text.replace(f' xmlns="{NAMESPACE}"', ""))
    for node in list(root.iter()):
        _mend(node)
    root.set("xmlns", NAMESPACE)
    return ElementTree.tostring(root, encoding="unicode")


def _mend(node):
    """Give one element and its children what latex2mathml leaves to be desired."""
    if node.tag == "mi" and re.fullmatch("[Α-Ω]", node.text or ""):
        node.set("mathvariant", "normal")  # capital Greek stands upright in TeX
    if node.tag == "mo" and not {"minsize", "form"} & set(node.attrib):
        if node.text in ("|", "‖", "∥"):  # they grow only where \left or \bigl asks for it
            node.attrib.update(stretchy="false", lspace="0", rspace="0")
        elif node.text == "/":
            node.attrib.update(lspace="0.1em", rspace="0.1em")
    if node.tag == "msup" and node[1].text in ("′", "″"):
        node.tag, node[1].tag = "mrow", "mo"  # the sign itself is raised, and has its size
        node[1].attrib.update(lspace="0", rspace="0")
    for child in node:
        if (name := _function_name(child)) is not None:
            name.tag = "mi"
            name.attrib.clear()
    if node.tag in ("math", "mrow", "msqrt", "mtd"):
        for before, after in pairwise(list(node)):
            if after.text == "−" and before.text in OPENING:
                after.set("form", "prefix")
            tags = {before.tag, after.tag}
            beside = _function_name(before) is not None or _function_name(after) is not None
            if beside and not tags & {"mo", "mspace", "mtext"}:
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
    """Return the characters that MathML draws: a lone letter in <mi> is drawn in italics."""
    plain = set(html.unescape(re.sub(r"<[^>]*>", "", text)))
    italic = {slanted(letter) for letter in re.findall(r"<mi>(.)</mi>", text)}
    return plain | italic | set("√" if "<msqrt" in text else "")


def slanted(letter):
    """Return the mathematical italic of a Latin or Greek letter, others as they are."""
    if letter == "h":
        return "ℎ"
    for first, last, start in (("A", "Z", 0x1D434), ("a", "z", 0x1D44E), ("α", "ω", 0x1D6FC)):
        if first <= letter <= last:
            return chr(start + ord(letter) - ord(first))
    return {"∂": "𝜕", "ϕ": "𝜙", "ϵ": "𝜖"}.get(letter, letter)


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
        cut = subset.Subsetter(options)
        cut.populate(text="".join(needed))
        cut.subset(font)
        subset.save_font(font, str(target), options)
