"""The shape of every chapter, of its template, and of the book around them."""

import importlib.metadata
import re
import statistics
from collections import Counter
from pathlib import Path

import nbformat
import pytest
import yaml

from book.machine import pictures, results, setup_cell
from tests import names
from tests.beside import ANSWER, checks_of
from tests.support import ROOT, tags
from tests.tools import faults

PATHS = results.notebooks()
CHAPTERS = [path for path in PATHS if not path.stem.startswith("_")]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
HEADINGS = [
    "Before you start",
    "Predict",
    "Run",
    "Check",
    "Where it breaks",
    "In practice",
    "Going deeper",
    "Exercises",
    "What we claimed, what we measured",
    "Asked elsewhere",
    "References",
]
KINDS = {
    "exercise",
    "solution",
    "check",
    "hide-cell",
    "hide-input",
    "nbval-check-output",
    "raises-exception",
    "picture",
    "thumbnail",
}
NO_OUTPUT = "no output that it needs; `make notebooks NAME=…` runs the chapter"
RANDOM = re.compile(r"[0-9a-f]{8}(-|$)")  # an id that nobody chose
IPYTHON = re.compile(r"\s*(?:%{1,2}[a-z]|!|get_ipython\b)")  # a magic, a shell command
ENTRIES = ("_toc.yml", "README.md", "book/teaching.md")  # of each chapter
TO_DO = re.compile(r"\*to do\*|# to do\b")
ENTRY = """### {title}

- **The belief.** …
- **Talk about it.** …
- **And about this.** …
- **In class.** …
- **To hand in.** …
"""


@pytest.fixture(scope="module", params=PATHS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture(scope="module")
def notebook(path):
    notebook = nbformat.read(path, 4)
    nbformat.validate(notebook)
    return notebook


@pytest.fixture(scope="module")
def codes(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def prose(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def test_the_question_and_a_short_answer_come_first(prose):
    assert re.match(r"# \S", prose[0]), "the first cell begins with the title: # A noun phrase"
    for words in ("**The question.**", "**The short answer.**"):
        assert words in prose[0], f"the first cell has a paragraph that begins with {words}"
    titles = sum(len(re.findall(r"^# ", text, re.M)) for text in prose)
    assert titles == 1, "only the title has one #; parts have ##, and headings in them ###"


def test_the_bones_are_there_in_order(prose):
    found = re.findall(r"^## (.*)$", "\n".join(prose), re.M)
    absent = {"Asked elsewhere"} - set(found)  # not every chapter has it yet
    wanted = [heading for heading in HEADINGS if heading not in absent]
    assert found == wanted, f"the headings with ## are, in this order: {', '.join(wanted)}"


def test_a_reader_is_told_what_to_expect(prose):
    before = "".join(text for text in prose if text.startswith("## Before you start"))
    for words in ("You will be able to", "**You should know**", "**Time:**"):
        assert words in before, f"the cell “Before you start” says: {words}"


def test_the_set_up_cell_is_the_books(codes):
    assert codes[0].source.startswith(setup_cell.fetching()), (
        "the first code cell begins as the template's does, up to `with_helpers()`; "
        "`make notebooks` brings these lines up to date"
    )
    assert "use_style()" in codes[0].source, "the set-up cell calls use_style()"
    assert "hide-cell" in tags(codes[0]), "the set-up cell has the tag hide-cell"


def test_only_the_set_up_cell_speaks_to_ipython(codes):
    for cell in codes[1:]:
        ipython = [line for line in cell.source.splitlines() if IPYTHON.match(line)]
        assert not ipython, (
            f"cell {cell.id}: {ipython[0].strip()}: some of these fail with no more than a printed "
            "word; say it in Python, as with subprocess.run(…, check=True)"
        )


def test_the_last_cell_shows_the_ledger(codes):
    assert codes[-1].source == "claims.table()", "the last code cell is: claims.table()"


def test_the_committed_outputs_belong_to_the_code(path, notebook, codes):
    hint = f"the outputs are of other code; run: make notebooks NAME={path.stem}"
    assert notebook.metadata.get("code_hash") == results.code_hash(notebook), hint
    assert [cell.execution_count for cell in codes] == list(range(1, len(codes) + 1)), hint


def test_no_error_or_warning_stands_in_the_outputs(codes):
    for cell in codes:
        for output in cell.outputs:
            assert output.get("name") != "stderr", (
                f"cell {cell.id} warns: {output.get('text')}: mend the cause, or catch the warning"
            )
            assert output.output_type != "error" or "raises-exception" in tags(cell), (
                f"cell {cell.id} raises; one that is meant to has the tag raises-exception"
            )


def test_nothing_of_the_machine_is_committed(path, notebook):
    hint = f"an editor left more in the metadata; run: make notebooks NAME={path.stem}"
    assert set(notebook.metadata) == {"kernelspec", "language_info", "code_hash"}, hint
    found = set().union(*(cell.metadata for cell in notebook.cells))
    assert found <= {"tags", "mystnb", "caption"}, hint
    folders = re.findall(r"/(?:home|root|tmp|Users|work)/\w+", path.read_text("utf-8"))
    assert folders == [], "an output or the text names a folder of this machine"


def test_cells_have_readable_ids_and_known_tags(notebook):
    for cell in notebook.cells:
        chosen = re.fullmatch(r"[a-z][a-z0-9-]*", cell.id) and not RANDOM.match(cell.id)
        assert chosen, (
            f"cell {cell.id}: an id says what is in the cell, as first-fit; "
            "change it in the file, where it stands as text, since JupyterLab makes random ones"
        )
        unknown = tags(cell) - KINDS
        assert not unknown, f"cell {cell.id}: {unknown} is no tag; there are {sorted(KINDS)}"


def test_every_figure_says_in_words_what_it_shows(codes):
    for cell in codes:
        if any(map(pictures.of, cell.outputs)):
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            assert len(alt.split()) >= 5, (
                f"cell {cell.id}: its metadata says in five words or more what the figure shows, "
                'for who does not see it: "mystnb": {"image": {"alt": "…"}}'
            )


def is_figure(cell):
    shown = [output.get("data", {}) for output in cell.outputs]
    slider = any("frame-slider" in data.get("text/html", "") for data in shown)
    return slider or any(map(pictures.of, cell.outputs))


def test_every_figure_has_a_caption(codes):
    for cell in codes:
        caption = cell.metadata.get("caption", "")
        assert len(caption.split()) >= 5 or not is_figure(cell), (
            f"cell {cell.id}: its metadata says what the figure means, in five words or more: "
            '"caption": "…"'
        )
        assert not caption or cell.outputs, f"cell {cell.id} has a caption and {NO_OUTPUT}"


def test_one_figure_stands_for_the_chapter(codes):
    shown = [cell for cell in codes if "thumbnail" in tags(cell)]
    assert len(shown) == 1, "one cell, with the figure that stands for the chapter, has the tag"
    assert any(map(pictures.of, shown[0].outputs)), f"cell {shown[0].id} has {NO_OUTPUT}"


def test_a_chapter_has_its_place_in_the_story(prose):
    story = [text for text in prose if text.startswith("**Before and after.**")]
    assert len(story) == 1, "under the ledger one cell begins with **Before and after.**"
    assert re.search(r"\]\(\w+\.ipynb\)", story[0]), (
        "“Before and after” links a neighbour: [SIREN](siren.ipynb)"
    )


def test_what_is_listed_is_cited_in_a_sentence(prose):
    listed = "".join(text for text in prose if text.startswith("## References"))
    said = "\n".join(text for text in prose if not text.startswith("## References"))
    for line in listed.splitlines()[3:]:  # the first credits the question
        addresses = re.findall(r"\]\((http[^)\s]+)\)", line)
        assert not addresses or any(f"({address})" in said for address in addresses), (
            f"no sentence cites, with the same address: {line}"
        )


def test_checked_outputs_are_there(codes):
    for cell in codes:
        assert "nbval-check-output" not in tags(cell) or cell.outputs, (
            f"cell {cell.id} has the tag nbval-check-output and {NO_OUTPUT}"
        )


def measure(cells):
    """Return the words of the prose and the lines of each code cell."""
    words = sum(len(cell.source.split()) for cell in cells if cell.cell_type == "markdown")
    codes = [cell.source.splitlines() for cell in cells if cell.cell_type == "code"]
    return words, [sum(bool(line.strip()) for line in lines) for lines in codes]


def main_line(notebook):
    starts = [cell.source.startswith("## Going deeper") for cell in notebook.cells]
    return notebook.cells[: starts.index(True)]


def test_a_chapter_keeps_the_measure(notebook, codes):
    words, lines = measure(main_line(notebook))
    assert words <= 1700, "the words before “Going deeper”: 1700 at most"
    assert len(lines) <= 28, "the code cells before “Going deeper”: 28 at most"
    assert sum(lines) <= 300, "the lines of code before “Going deeper”: 300 at most"
    _, lines = measure(notebook.cells)
    assert len(lines) <= 45, "the code cells of the chapter: 45 at most"
    assert sum(lines) <= 500, "the lines of code of the chapter: 500 at most"
    assert statistics.median(lines) <= 10, "half of the code cells have 10 lines at most"
    sizes = dict(zip((cell.id for cell in codes), lines, strict=True))
    del sizes[codes[0].id]
    assert {name: size for name, size in sizes.items() if size > 25} == {}, (
        "a code cell has 25 lines at most; these have more: take them apart"
    )


def test_a_chapter_makes_five_to_ten_claims(path, notebook):
    made = [claim.text for claim in results.claims_in(notebook) if claim.held is not None]
    assert 5 <= len(made) <= 10 or path.stem == "_template", (
        "five to ten claims have a bound; those that are only shown do not count; "
        "the ledger is the one of the last `make notebooks`"
    )


def minutes(cells):
    """Return how long reading takes: 180 words a minute, 4 seconds a line of code, to 5 minutes."""
    words, lines = measure(cells)
    return max(5, 5 * round((words / 180 + sum(lines) * 4 / 60) / 5))


def test_the_time_is_computed(notebook, prose):
    main, whole = minutes(main_line(notebook)), minutes(notebook.cells)
    reading = f"{main} minutes to read" + f" ({whole} with everything)" * (whole > main)
    assert re.search(
        rf"\*\*Time:\*\* {re.escape(reading)}, \d+ seconds to run\.", "".join(prose)
    ), f"type under “Before you start”: **Time:** {reading}, N seconds to run."


def test_checks_stand_beside_a_chapter(path, codes):
    file = f"tests/chapters/{path.stem}.py"
    assert (ROOT / file).exists(), f"copy tests/chapters/_template.py to {file} and write checks"
    titles = [title for title, _, _ in checks_of(path)]
    assert titles, f"{file} has no cell; each begins with a line: # %% what it checks"
    assert all(titles), f"a cell of {file} has no title behind # %%"
    twice = [title for title, count in Counter(titles).items() if count > 1]
    assert twice == [], f"two cells of {file} have one title"
    answers = Counter(match.groups() for title in titles if (match := ANSWER.match(title)))
    exercises = range(1, sum("exercise" in tags(cell) for cell in codes) + 1)
    few = [n for n in exercises if answers["wrong", f"{n}"] < 2 or answers["right", f"{n}"] < 1]
    assert few == [], (
        f"these exercises need two wrong answers and a right one in {file}, besides the solution: "
        "cells that begin with “# %% wrong, exercise 1: …” and “# %% right, exercise 1: …”"
    )


def test_what_makes_no_difference_is_a_fault_that_can_be_planted(path):
    known = {fault[:2] for fault in faults.faults(nbformat.read(path, 4))}
    assert all(change.split(" → ")[0] != change.split(" → ")[1] for _, change in known)
    gone = faults.equivalents(path.stem).keys() - known
    assert gone == set(), (
        f"tests/chapters/{path.stem}.py lists as equivalent what is no fault of the notebook (any "
        f"more); the faults of a cell: make faults NAME={path.stem} CELL=…"
    )


def to_do(path):
    """Yield where *to do* stands, as `make chapter` writes it, in what belongs to a chapter."""
    title = title_of(path)
    for cell in nbformat.read(path, 4).cells:
        if TO_DO.search(f"{cell.source}\n{cell.metadata}"):
            yield f"{path.name}, cell {cell.id}"
    beside = f"tests/chapters/{path.stem}.py"
    for file in filter(Path.exists, (ROOT / beside, *map(ROOT.joinpath, ENTRIES))):
        part = ""
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            part = line if line.startswith("#") else part
            names_it = re.search(rf"notebooks/{path.stem}\b", line)
            belongs = file.stem == path.stem or names_it or part == f"### {title}"
            if belongs and TO_DO.search(line):
                yield f"{file.relative_to(ROOT)}, line {number}"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_nothing_is_left_to_do(path):
    found = list(to_do(path))
    assert found == [], "write these, and take the words “to do” away:\n" + "\n".join(found)


def test_a_name_means_one_thing(codes):
    assert names.bound_twice(codes) == [], "these names stand for another thing further up; rename"


def test_no_measured_number_is_typed_into_prose(prose):
    beside = r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\]\([^)]*\)|https?://\S+"
    for text in prose:
        if not text.startswith("## References"):
            plain = re.sub(beside, " ", text, flags=re.S)
            typed = re.findall(r"(?<![\w.])\d+\.\d+(?!\w*\.)", plain)
            assert typed == [], (
                f"typed into “{text[:60]}…”: let the run print a number, and say where"
            )


def test_prose_reads_the_same_in_jupyter_and_in_the_book(prose):
    for text in prose:
        plain = re.sub(r"```.*?```|`[^`]*`", " ", text, flags=re.S)
        found = re.search(
            r"^:::|\{[a-z:]+\}`|</?[a-z]+[ >]", text if ":::" in text else plain, re.M
        )
        assert not found, f"plain Markdown alone, no directive, role or HTML: {found[0]}"


def test_every_column_of_a_table_has_a_name(prose):
    # a screen reader announces the header before each cell
    for header in re.findall(r"^\|(.*)\|\n\|[-:| ]+\|$", "\n".join(prose), re.M):
        assert all(name.strip() for name in header.split("|")), f"name each column: |{header}|"


def test_links_between_chapters_lead_somewhere(path, prose):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", "\n".join(prose)):
        assert "://" in target or (path.parent / target).exists(), f"there is no {target}"


def test_exercises_are_task_starter_solution_and_check(notebook, codes):
    starts = [i for i, cell in enumerate(codes) if "exercise" in tags(cell)]
    tasks = [text for text in (cell.source for cell in notebook.cells) if text.startswith("### Ex")]
    assert len(starts) >= 3, "three exercises at least; a starter cell has the tag exercise"
    assert [task.split(":")[0] for task in tasks] == [
        f"### Exercise {number}" for number in range(1, len(starts) + 1)
    ], "before each starter cell stands its task, in a cell that begins with “### Exercise 1: …”"
    for i in starts:
        hint = f"after cell {codes[i].id} stand one tagged solution and hide-cell, one check"
        following = [tags(cell) for cell in codes[i + 1 : i + 3]]
        assert following[:1] == [{"solution", "hide-cell"}], hint
        assert "check" in set().union(*following[1:]), hint
    for kind in ("solution", "check"):
        count = sum(kind in tags(cell) for cell in codes)
        assert count == len(starts), f"each exercise has one cell with the tag {kind}"


def test_a_chapter_is_light(path):
    assert path.stat().st_size < 4_000_000, "4 MB at most: fewer or smaller figures and frames"


def title_of(path):
    return nbformat.read(path, 4).cells[0].source.splitlines()[0].removeprefix("# ")


def listed():
    return [c["file"] for part in TOC["parts"] for c in part["chapters"]]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_is_in_the_contents_and_in_the_readme(path):
    file = f"notebooks/{path.stem}"
    assert listed().count(file) == 1, f"_toc.yml has once, in a part of the book: - file: {file}"
    row = f"| [{title_of(path)}](notebooks/{path.name}) | "
    assert row in (ROOT / "README.md").read_text("utf-8"), (
        f"the table of chapters in README.md has the row: {row}What it asks, in a line |"
    )


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_page_for_teachers_has_the_chapter(path):
    page = (ROOT / "book" / "teaching.md").read_text("utf-8")
    title = title_of(path)
    entries = dict(re.findall(r"^### (.*)\n\n((?:- .*\n)+)", page, re.M))
    wanted = ENTRY.format(title=title)
    begins = re.findall(r"^- \*\*.*?\*\*", entries.get(title, ""), re.M)
    assert begins == re.findall(r"^- \*\*.*?\*\*", wanted, re.M), (
        f"under “Chapter by chapter” book/teaching.md has the entry:\n{wanted}"
    )
    link = f"[{title}](../notebooks/{path.name})"
    assert f"Open the chapter: {link}" in page, f"under the entry stands: Open the chapter: {link}"
    assert labs(page).count(path.stem) == 1, (
        "the table of the labs in book/teaching.md has the row: "
        f"| [a short title](../notebooks/{path.name}) | what it needs |"
    )


def labs(page):
    return re.findall(r"^\| \[.*?\]\(\.\./notebooks/(\w+)\.ipynb\)", page, re.M)


def test_what_is_listed_is_there():
    files = {f"notebooks/{path.stem}" for path in CHAPTERS}
    assert {file for file in listed() if file.startswith("notebooks/")} - files == set()
    page = (ROOT / "book" / "teaching.md").read_text("utf-8")
    assert set(labs(page)) - {path.stem for path in CHAPTERS} == set()


def test_the_readme_names_every_verb_of_the_makefile():
    verbs = re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.M)
    readme = (ROOT / "README.md").read_text("utf-8")
    missing = [verb for verb in verbs if f"make {verb}" not in readme]
    assert missing == [], "the table of verbs in README.md names every verb of the Makefile"


def test_every_direct_dependency_is_named():
    packages = importlib.metadata.packages_distributions()
    pins = re.findall(r"^([\w-]+)==", (ROOT / "requirements.txt").read_text("utf-8"), re.M)
    named = {pin.lower().replace("_", "-") for pin in pins}
    sources = [cell.source for path in PATHS for cell in nbformat.read(path, 4).cells]
    for folder in ("helpers", "book", "tests"):
        sources += [file.read_text("utf-8") for file in (ROOT / folder).rglob("*.py")]
    found = set(re.findall(r"^(?:import|from) (\w+)", "\n".join(sources), re.M)) & set(packages)
    missing = {
        module
        for module in found - {"helpers", "book", "tests"}
        if not {name.lower().replace("_", "-") for name in packages[module]} & named
    }
    assert missing == set(), "name the package of these modules in requirements.txt"
