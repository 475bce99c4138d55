"""Chapters show their latest results; the shop window and the scoreboard."""

import re
from pathlib import Path

import nbformat
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from book.machine import results
from book.machine.site import captions
from helpers.claims import MIME, Claim, claims_html


def read_result(app, docname, source):
    """Give a chapter the outputs of its latest run before it is read."""
    path = Path(app.env.doc2path(docname))
    if path.suffix != ".ipynb":
        return
    notebook = nbformat.reads(source[0], 4)
    if result := results.load(path, notebook):
        results.with_outputs(notebook, result)
    elif failure := results.load_failure(path, notebook):
        notebook.cells.insert(1, notice(failure))
    elsewhere, _ = results.elsewhere(path, notebook)
    for number, cell in enumerate(c for c in notebook.cells if c.cell_type == "code"):
        prompt = "A solution" if "solution" in cell.metadata.get("tags", []) else "Set-up"
        if number == 0 or prompt != "Set-up":
            cell.metadata["mystnb"] = {"code_prompt_show": prompt, "code_prompt_hide": prompt}
        for output in cell.get("outputs", []):
            if ledger := output.get("data", {}).pop(MIME, None):  # the table is for the page
                output.data["text/html"] = ledger_html(ledger, elsewhere)
    source[0] = nbformat.writes(notebook)


def ledger_html(ledger, elsewhere):
    """Return a chapter's table of claims, with where else they held if that was counted."""
    claims = [Claim(**claim) for claim in ledger["claims"]]
    return claims_html(ledger["chapter"], claims, {"Holds": elsewhere} if elsewhere else {})


def notice(failure):
    """Return the cell that says above a chapter why it shows other outputs than this machine's."""
    message = failure["message"].replace("`", "'").replace("\n", " ")
    return nbformat.v4.new_markdown_cell(
        ":::{warning}\n"
        f"This chapter did not run to its end on this machine ({failure['processor']}):\n\n"
        f"``` {message} ```\n\n"
        "The outputs below are the ones that are committed with the book.\n"
        ":::"
    )


class Chapters(SphinxDirective):
    """`{chapters}`: the parts of the book with their chapters as cards.

    A card has a figure of the chapter's run, its question, how long it takes, and with what.
    """

    def run(self):
        """Return the cards."""
        content = nodes.container()
        for part in self.env.external_site_map.root.subtrees[1:]:
            names = [str(name) for name in part.items if str(name).startswith("notebooks/")]
            if names:
                content += nodes.rubric("", part.caption)
                content += nodes.container("", *map(self.card, names), classes=["cards"])
        return [content]

    def card(self, name):
        """Return the card of one chapter."""
        path = results.ROOT / f"{name}.ipynb"
        notebook = nbformat.read(path, 4)
        first, before = (cell.source for cell in notebook.cells[:2])
        title = first.splitlines()[0].removeprefix("# ")
        question = first.partition("**The question.**")[2].partition("\n\n")[0].strip()
        card = nodes.container(classes=["chapter-card"])
        if picture := captions.thumbnail(path.stem, "card-picture"):
            card += picture
        lines = [f"[{title}](/{name}.ipynb)", "", question, "", facts(notebook, before)]
        self.state.nested_parse(StringList(lines), self.content_offset, card)
        return card


def facts(notebook, before):
    """Return how long a chapter takes, and its framework, as one line."""
    imports = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    uses = [
        name for name in ("tensorflow", "torch") if re.search(rf"^import {name}", imports, re.M)
    ]
    framework = {"tensorflow": "TensorFlow", "torch": "PyTorch"}[uses[0]] if uses else "NumPy"
    reading, running = re.search(r"(\d+) minutes to read.*?(\d+) seconds to run", before).groups()
    return f"{framework} · {reading} minutes to read · {running} seconds to run"


def concluded(conclusions):
    """Return what a chapter concludes, each sentence with where it holds, as a list."""
    items = [
        nodes.list_item("", nodes.paragraph(text=f"“{sentence.rstrip('.')}”: {where}"))
        for sentence, where in conclusions.items()
    ]
    return [nodes.paragraph(text="It concludes:"), nodes.bullet_list("", *items)]


class Scoreboard(SphinxDirective):
    """`{scoreboard}`: every chapter of the book with its claims, as measured when it last ran."""

    def run(self):
        """Return a table of the chapters, and after it a section for each."""
        lines = ["| Chapter | Claims held | Figures shown | Last run |", "|---|---|---|---|"]
        sections, machines = [], set()
        for docname in self.env.external_site_map:
            path = Path(self.env.doc2path(docname))
            if path.suffix != ".ipynb":
                continue
            notebook = nbformat.read(path, 4)
            result = results.load(path, notebook)
            run = result.metadata["run"] if result else None
            if run:
                versions = ", ".join(f"{name} {v}" for name, v in run["versions"].items())
                machines.add(f"{run['processor']}, {versions}")
            claims = results.claims_in(result or notebook)
            held = sum(claim.held is True for claim in claims)
            title = notebook.cells[0].source.splitlines()[0].removeprefix("# ")
            seconds = f"{run['seconds']:.0f} s" if run else "not on this machine"
            lines.append(
                f"| [{title}](/{path.relative_to(results.ROOT)}) "
                f"| {held} | {len(claims) - held} | {seconds} |"
            )
            elsewhere, conclusions = results.elsewhere(path, notebook)
            columns = {"Over processors": results.ranges(path, notebook), "Holds": elsewhere}
            table = nodes.raw(text=claims_html(title, claims, columns), format="html")
            name = nodes.make_id(f"claims-{path.stem}")
            section = nodes.section("", nodes.title(text=title), table, ids=[name])
            if conclusions:
                section += concluded(conclusions)
            sections.append(section)
        lines += ["", *(f"Last run on: {machine}." for machine in sorted(machines))]
        summary = nodes.container()
        self.state.nested_parse(StringList(lines), self.content_offset, summary)
        return [summary, *sections]
