"""How pages are made to read well: formulas, captions, links, and what is cut from them."""

import re
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from docutils import nodes
from fontTools.ttLib import TTFont

from book.machine import formulas, results
from book.machine.site import captions, light, terms

ROOT = Path(__file__).parents[1]
GLOSSARY = terms.read_terms((ROOT / "book" / "glossary.md").read_text("utf-8"))


def written(formula, display="inline"):
    """Return the elements of a formula as (tag, text), without those that only group."""
    root = ElementTree.fromstring(formulas.mathml(formula, display))
    found = [(node.tag.rpartition("}")[2], node.text) for node in root.iter()]
    return [pair for pair in found if pair[1]]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"e^{\mathrm i x}", [("mi", "e"), ("mtext", "i"), ("mi", "x")]),
        (r"k''(0)", [("mi", "k"), ("mo", "″"), ("mo", "("), ("mn", "0"), ("mo", ")")]),
        (r"\operatorname{diag}(a)", [("mi", "diag"), ("mo", "("), ("mi", "a"), ("mo", ")")]),
        (r"\sin^2 a", [("mi", "sin"), ("mn", "2"), ("mi", "a")]),
    ],
)
def test_letters_and_names_are_what_they_are(formula, expected):
    assert written(formula) == expected


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        (r"\Sigma", 'mathvariant="normal"'),
        (r"\lVert \frac{a}{b} \rVert", 'stretchy="false"'),
        (r"|k|", 'lspace="0" rspace="0"'),
        ("a/b", 'lspace="0.1em"'),
        ("[-1, 1]", '<mo form="prefix">−</mo>'),
        (r"n \log n", '<mi>n</mi><mspace width="0.17em" /><mi>log</mi><mspace width="0.17em" />'),
        (r"\log_{10} x", '</msub><mspace width="0.17em" /><mi>x</mi>'),
        (r"\log \text{RMSE}", '<mi>log</mi><mspace width="0.17em" /><mtext>RMSE</mtext>'),
        (r"f(x) \cos x", ')</mo><mspace width="0.17em" /><mi>cos</mi>'),
        (r"\mathcal L", "<mi>ℒ</mi>"),
        (r"\mathbb E x", "<mi>𝔼</mi>"),
        (r"A^\mathsf T", "<mi>𝖳</mi>"),
        (r"z \sim q", "<mo>∼</mo>"),
        (r"a \pm b", "<mo>±</mo>"),
        (r"x = \pm b", '<mo form="prefix">±</mo>'),
        (r"a \iff b", "<mo>⟺</mo>"),
        (r"\partial f", "<mi>∂</mi>"),
        (r"0, \dots, n", "<mi>…</mi>"),
        (r"n \to \infty", "<mi>∞</mi>"),
        (r"\hat x", ">ˆ</mo>"),
        (r"\tilde x", '<mover accent="true"><mi>x</mi>'),
        (r"x.", '<mo lspace="0" rspace="0">.</mo>'),
        (r"x_{t+1}", '<mo lspace="0" rspace="0">+</mo>'),
    ],
)
def test_formulas_are_set_as_tex_sets_them(formula, wanted):
    assert wanted in formulas.mathml(formula)


@pytest.mark.parametrize("formula", [r"\nosuchcommand x", r"\frac{a", r"\mathsf{Tr}", r"\bigl\|x"])
def test_what_is_no_formula_is_told(formula):
    with pytest.raises(ValueError, match=re.escape(formula)):
        formulas.mathml(formula)


def test_brackets_that_are_told_to_grow_do():
    assert 'minsize="1.2em"' in formulas.mathml(r"\bigl|x\bigr|")
    assert 'stretchy="false"' not in formulas.mathml(r"\bigl|x\bigr|")
    root = ElementTree.fromstring(formulas.mathml(r"\bigl(x\bigr)^2").replace(" xmlns=", " x="))
    assert root.find(".//msup/mrow/mo").get("symmetric") == "true"


def test_the_font_has_what_a_formula_draws(tmp_path):
    needed = formulas.signs(formulas.mathml(r"h_i = \sqrt{\alpha} \le \Sigma"))
    assert {"ℎ", "𝑖", "√", "𝛼", "≤", "Σ"} <= needed
    formulas.save_font(formulas.FONT, tmp_path / "cut.woff2", needed)
    assert (tmp_path / "cut.woff2").stat().st_size < 20_000
    with pytest.raises(ValueError, match="lacks"):
        formulas.save_font(formulas.FONT, tmp_path / "cut.woff2", {"あ"})


def test_roots_of_every_size_are_equally_wide(tmp_path):
    formulas.save_font(formulas.FONT, tmp_path / "cut.woff2", {"√"})
    with TTFont(tmp_path / "cut.woff2") as font:
        widths = [width for name, (width, _) in font["hmtx"].metrics.items() if name != ".notdef"]
    assert len(widths) > 3
    assert len(set(widths)) == 1


def test_a_comma_stays_with_its_formula():
    formula = '<span class="math notranslate"><math>x</math></span>'
    assert (
        formulas.keep_together(f"{formula}, then") == f'<span class="keep">{formula},</span> then'
    )
    assert formulas.keep_together(f"{formula} then") == f"{formula} then"


def test_a_caption_may_hold_code_and_formulas():
    found = [(type(node), node.astext()) for node in captions.inline("A `rank` of $r$ or less")]
    assert found == [
        (nodes.Text, "A "),
        (nodes.literal, "rank"),
        (nodes.Text, " of "),
        (nodes.math, "r"),
        (nodes.Text, " or less"),
    ]


def test_the_glossary_names_each_term_once_in_order():
    names = [form for forms in GLOSSARY for form in forms]
    assert len(GLOSSARY) > 50
    assert len({name.lower() for name in names}) == len(names)
    first = [forms[0].lower() for forms in GLOSSARY]
    assert first == sorted(first)


def test_every_term_of_the_glossary_is_used_in_a_chapter():
    chapters = [path for path in results.notebooks() if not path.stem.startswith("_")]
    prose = "\n".join(
        cell.source
        for path in chapters
        for cell in nbformat.read(path, 4).cells
        if cell.cell_type == "markdown"
    )
    assert [forms[0] for forms in GLOSSARY if not terms.search(forms, prose)] == []


@pytest.mark.parametrize(
    ("forms", "text", "found"),
    [
        (["rank"], "Ranks rise", "Ranks"),
        (["rank"], "a Frank answer", None),
        (["rank"], "low-rank", None),
        (["rank"], "ranking", None),
        (["essential matrix"], "two essential matrices", "essential matrices"),
        (["RANSAC"], "ransac", None),
        (["singular value decomposition", "SVD"], "the SVD", "SVD"),
    ],
)
def test_a_term_is_found_as_a_word(forms, text, found):
    match = terms.search(forms, text)
    assert (match[0] if match else None) == found


SHEET = """
.used, .unused { color: red }
.unused .used { color: red }
div:not(.unused) { color: red }
@media (max-width: 9px) { .unused { color: red } }
@font-face { font-family: "F" }
"""


def test_a_sheet_keeps_what_may_be_used():
    kept = re.sub(r"\s+", "", light.cut_sheet(SHEET, {"used"}))
    assert kept == '.used{color:red}div:not(.unused){color:red}@font-face{font-family:"F"}'


def test_a_page_loses_the_scripts_that_it_does_not_need():
    page = '<link href="a/keep.css?v=1" rel="stylesheet" /><script>kept()</script>'
    unused = '<script src="x/drop.js"></script><script>const THEBE_JS_URL = "x"</script>'
    assert light.without(["drop.js"], f"{page}{unused}{unused}") == page
