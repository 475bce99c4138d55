"""Terms lead to the glossary, citations to the list at a chapter's end.

A notebook holds plain words and plain links, which Jupyter and Colab show as they are. In the book
the first use of each term of the glossary in a chapter becomes a link to it and an entry of the
index, and a link to a work that the chapter lists leads to its place in the list.
"""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from book.machine import results

GLOSSARY = results.ROOT / "book" / "glossary.md"
# a title, a link or a formula is not a place for another link
NO_LINK = nodes.title | nodes.reference | nodes.literal | nodes.math | nodes.caption | nodes.image
NO_LINK |= addnodes.pending_xref


def read_terms(text):
    """Return the terms of a glossary in Markdown, each with its other forms, as lists."""
    inside = text.partition("```{glossary}\n")[2].partition("```")[0]
    blocks = re.split(r"\n\n(?=\S)", inside.strip())
    return [re.findall(r"^(?=\S)(?!:).+$", block, re.M) for block in blocks]


class FirstUses(SphinxTransform):
    """Link the first use of a term in a chapter, and put it into the index."""

    default_priority = 700  # before Sphinx collects the entries of the index

    def apply(self):
        """Go through the prose from the top, with the terms that are left."""
        if not self.env.docname.startswith("notebooks/") or not GLOSSARY.exists():
            return
        self.title = next(self.document.findall(nodes.title)).astext()
        self.left = read_terms(GLOSSARY.read_text("utf-8"))
        for text in list(self.document.findall(nodes.Text)):
            if _is_prose(text):
                self.link(text)

    def link(self, text):
        """Link what stands first of the terms that are left, and go on with the rest."""
        found = [(match, forms) for forms in self.left if (match := search(forms, str(text)))]
        if not found:
            return
        # at one place the longer term counts: "random Fourier feature" and not "feature"
        match, forms = min(found, key=lambda pair: (pair[0].start(), -len(pair[0][0])))
        self.left.remove(forms)
        name = nodes.make_id(f"term-use-{forms[0]}")
        term = nodes.inline("", match[0], classes=["std", "std-term"])
        link = addnodes.pending_xref("", term, reftarget=forms[0], refdoc=self.env.docname)
        link.attributes.update(refdomain="std", reftype="term", refwarn=True, refexplicit=True)
        rest = nodes.Text(str(text)[match.end() :])
        entry = ("single", f"{forms[0]}; {self.title}", name, "", None)
        index = addnodes.index(entries=[entry])
        place = nodes.inline("", "", link, ids=[name])
        text.parent.replace(text, [nodes.Text(str(text)[: match.start()]), index, place, rest])
        self.link(rest)


def search(forms, text):
    """Return the first match of a term in a text, in the singular or the plural, or None.

    A name in capitals, such as LSTM or Adam, is no common word in small letters.
    """
    plural = "|".join(re.escape(form).replace("matrix", "matri(?:x|ces)") for form in forms)
    case = re.I if forms[0] == forms[0].lower() else 0
    return re.search(rf"(?<![\w-])(?:{plural})(?:s|es)?(?![\w-])", text, case)


def _is_prose(text):
    node, in_paragraph = text.parent, False
    while node is not None:
        if isinstance(node, NO_LINK):
            return False
        if isinstance(node, nodes.container) and "cell_metadata" in node:
            return False
        in_paragraph |= isinstance(node, nodes.paragraph)
        if isinstance(node, nodes.section) and "references" in node["ids"]:
            return False
        node = node.parent
    return in_paragraph


class Citations(SphinxTransform):
    """Lead a link in a sentence to the list of references, if the list has the same address."""

    default_priority = 700

    def apply(self):
        """Name the items of the list, and turn the links to their addresses."""
        sections = [s for s in self.document.findall(nodes.section) if "references" in s["ids"]]
        if not sections:
            return
        items = {}
        for number, item in enumerate(sections[0].findall(nodes.list_item), 1):
            for link in item.findall(nodes.reference):
                if "refuri" in link:
                    item["ids"] = [f"reference-{number}"]
                    items.setdefault(link["refuri"], item)
        inside = set(map(id, sections[0].findall(nodes.reference)))
        for link in self.document.findall(nodes.reference):
            item = items.get(link.get("refuri"))
            if item is not None and id(link) not in inside:
                del link["refuri"]
                link["refid"] = item["ids"][0]
                link["reftitle"] = item.astext()
                link["classes"] = ["citation"]
