"""Run chapters on other data: other pictures, other seeds, and what a chapter itself names.

Usage: python -m tests.tools.elsewhere [NAME ...]

Each chapter runs with three other pictures of the same kind for those that scikit-image brings
along, if it loads one; with five other sets of seeds; and with each change that a line
`# elsewhere, CELL: BEFORE → AFTER: WHAT IT MEANS` of tests/chapters/NAME.py makes. For each claim
and each conclusion it is counted in how many of these runs it held, and kept for the page and the
scoreboard. What a line `# here only, CLAIM OR SENTENCE: REASON` names is not counted.

That something does not hold elsewhere is a result. The exit status is 1 where a cell raised, or a
conclusion raised anything but AssertionError.
"""

import sys

import nbformat

from book.machine import execute, results
from tests import beside
from tests.tools import other_pictures, processors

PICTURES, SEEDS = 3, 5


def runs_of(path):
    """Yield (what is other, the notebook, the code before it) for each run of a chapter."""
    notebook = nbformat.read(path, 4)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    bundled = (name for kind in other_pictures.KINDS for name in kind)
    if "load_image" in code and any(f'"{name}"' in code for name in bundled):
        for step in range(1, PICTURES + 1):
            before = processors.preparation(notebook, pictures=step)
            yield f"pictures {step}", nbformat.read(path, 4), before
    for number in range(1, SEEDS + 1):
        before = processors.preparation(notebook, seeds=number)
        yield f"seeds {number}", nbformat.read(path, 4), before
    for change in beside.elsewhere_of(path):
        changed = changed_notebook(nbformat.read(path, 4), *change)
        yield change[-1], changed, processors.preparation(changed)


def changed_notebook(notebook, cell_id, before, after, meaning):
    """Return a notebook with `after` in the place of `before` in one cell.

    Raises ValueError where there is no such cell, or `before` does not stand there exactly once.
    """
    cells = [cell for cell in notebook.cells if cell.get("id") == cell_id]
    if len(cells) != 1 or cells[0].source.count(before) != 1:
        raise ValueError(f"elsewhere, {meaning}: {before!r} must stand once in the cell {cell_id}")
    cells[0].source = cells[0].source.replace(before, after)
    return notebook


def run(job):
    """Execute one run of a chapter; return its claims, {conclusion: held}, and errors in words."""
    path, title, notebook, before = job
    sentences = beside.conclusions_of(path)
    file = beside.file_of(path)
    after = [
        nbformat.v4.new_code_cell(beside.in_kernel(source, file, line))
        for _, line, source in sentences
    ]
    errors = processors.collect(path, notebook, before, {}, after)
    held = {}
    for (sentence, _, _), cell in zip(sentences, after, strict=True):
        raised = [output for output in cell.outputs if output.output_type == "error"]
        held[sentence] = cell.execution_count is not None and not raised
        errors += [
            f"“{sentence}”: {error.ename}: {error.evalue}"
            for error in raised
            if error.ename != "AssertionError"
        ]
    claims = results.claims_in(notebook)
    not_held = [c.text for c in claims if c.held is False] + [s for s in held if not held[s]]
    print(f"{path.stem}, {title}: {len(not_held)} do not hold, {len(errors)} errors", flush=True)
    return claims, held, errors


def report(path, found):
    """Print the table of a chapter and keep it; return the number of errors.

    `found` maps what was other in a run to what the run returned.
    """
    texts = {c.text: "" for c in results.claims_in(nbformat.read(path, 4)) if c.held is not None}
    texts |= {c.text: "" for claims, _, _ in found.values() for c in claims if c.held is not None}
    every = [claim for claims, _, _ in found.values() for claim in claims]
    for text, _, low, high, *_ in processors.rows(every):
        if text in texts:
            texts[text] = f" | {low} | {high}" if low != high else f" | {low}"
    conclusions = [sentence for sentence, _, _ in beside.conclusions_of(path)]
    here_only = beside.here_only_of(path, [*texts, *conclusions])
    counts = {}
    print(f"\n{path.stem}, {len(found)} runs elsewhere")
    for text in [*texts, *conclusions]:
        if text in here_only:
            print(f"  here only: {text}: {here_only[text]}")
            continue
        failed = [
            title
            for title, (claims, held, _) in found.items()
            if not held.get(text, any(c.held for c in claims if c.text == text))
        ]
        counts[text] = len(found) - len(failed)
        where = f" | not: {'; '.join(failed)}" if failed else ""
        print(f"{counts[text]:3} of {len(found)} | {text}{texts.get(text, '')}{where}")
    errors = [f"{title}: {error}" for title, (_, _, es) in found.items() for error in es]
    for error in errors:
        print(f"ERROR with {error}")
    if path.stem.startswith("_"):
        return len(errors)  # the template has no page
    measured = {
        "runs": len(found),
        "counts": counts,
        "here_only": here_only,
        "conclusions": conclusions,
        "conclusions_hash": results.conclusions_hash(path),
    }
    processors.keep(path, elsewhere=measured | processors.valid_for(path))
    return len(errors)


def main(names):
    """Run the chapters that are asked for and print their tables; return the exit status."""
    paths = results.chosen(names, template=bool(names))
    if paths is None:
        return 2
    jobs = [(path, *one) for path in paths for one in runs_of(path)]
    done = list(zip(jobs, execute.execute_all(jobs, run), strict=True))
    errors = 0
    for path in paths:
        errors += report(path, {job[1]: found for job, found in done if job[0] == path})
    return 1 if errors else 0


if __name__ == "__main__":
    try:
        status = main(sys.argv[1:])
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        status = 130
    sys.exit(status)
