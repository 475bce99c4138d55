"""Run the chapters as other machines would: other processors, more threads, other seeds.

Usage: python -m tests.tools.processors [VARIANT ...] [-- NAME ...]

It collects every claim of every chapter, the ones that fail too, prints for each the smallest and
the largest value and how near to its bound that came, and exits with 1 where anything failed.
After a run with all variants the ranges are kept for the book's scoreboard.
"""

import json
import math
import os
import re
import sys
from pathlib import Path

import nbformat

from book.machine import execute, results
from tests import compare
from tests.support import tags

ROOT = Path(__file__).parents[2]

# what a library looks at when it chooses how to compute
AVX2 = {
    "ATEN_CPU_CAPABILITY": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "OPENBLAS_CORETYPE": "Haswell",
    "MKL_CBWR": "AVX2",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
}
PLAIN = {
    "ATEN_CPU_CAPABILITY": "default",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
    "OPENBLAS_CORETYPE": "Nehalem",
    "MKL_CBWR": "COMPATIBLE",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
}
# threads that wait must not keep others off the cores
FOUR_THREADS = {"OMP_NUM_THREADS": "4", "TF_NUM_INTRAOP_THREADS": "4", "OMP_WAIT_POLICY": "PASSIVE"}
VARIANTS = {"one": {}, "four": FOUR_THREADS, "avx2": AVX2, "plain": PLAIN, "seeds": {}}

COLLECT = "import helpers.claims\nhelpers.claims.Claims.refuse = lambda self, claim: None\n"
NEAR, SHARE = 3, 0.25
SHIFT = 1000  # from one set of seeds to the next
LEGEND = (
    f"! comes near its bound: less than {NEAR} times from a single one, or, between two, nearer to "
    f"one than {SHARE:.0%} of half the width"
)


def run(job):
    """Execute one chapter as one variant; return its claims and what failed, in words."""
    variant, path = job
    notebook, reference = nbformat.read(path, 4), nbformat.read(path, 4)
    seeds = variant == "seeds"
    failures = collect(path, notebook, preparation(notebook, int(seeds)), VARIANTS[variant])
    if not seeds:
        failures += printed_otherwise(notebook.cells, reference.cells)
    claims = results.claims_in(notebook)
    failures += [f"“{c.text}”: {c.value}, wanted {c.bound}" for c in claims if c.held is False]
    if not claims:
        failures.append("no claim was collected")
    print(f"{variant} {path.stem}: {len(claims)} claims, {len(failures)} failed", flush=True)
    return claims, failures


def collect(path, notebook, before, environment, after=()):
    """Execute a chapter after the code `before`, all cells; return what failed, in words.

    The outputs are those of this run. The cells `after` run in the same kernel, and their failures
    are left in their outputs.
    """
    own = notebook.cells
    notebook.cells = [nbformat.v4.new_code_cell(before), *own, *after]
    for cell in notebook.cells:
        if cell.cell_type == "code":  # what a run that breaks off did not reach is not its output
            cell.outputs, cell.execution_count = [], None
    client = execute.make_client(path, notebook, allow_errors=True)
    execute.running.add(client)
    failures = []
    try:
        client.execute(env=os.environ | environment)
    except Exception as error:  # a dead kernel is one more thing that failed
        failures.append(f"{type(error).__name__}: {error}")
    finally:
        execute.running.discard(client)
        notebook.cells = own
    return failures + list(failures_in(own))


def preparation(notebook, seeds=0, pictures=0):
    """Return the code that a kernel runs before a chapter: other seeds, other pictures."""
    code = COLLECT
    if seeds:
        text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
        for framework in ("torch", "tensorflow", "cv2"):
            if re.search(rf"\b{framework}\b", text):
                code += f"import {framework}\n"
        code += call_of("other_seeds", "move_seeds", SHIFT * seeds)
    if pictures:
        code += call_of("other_pictures", "change_pictures", pictures)
    return code


def call_of(module, function, argument):
    """Return the code that calls a function of a file beside this one, and leaves no name."""
    file = str(Path(__file__).with_name(f"{module}.py"))
    return f"__import__('runpy').run_path({file!r})[{function!r}]({argument})\n"


def failures_in(cells):
    """Yield each cell that raised and was not to."""
    for cell in cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error" and "raises-exception" not in tags(cell):
                yield f"cell {cell.id}: {output.ename}: {output.evalue}"


def printed_otherwise(cells, reference):
    """Yield each cell that printed something else than the committed notebook."""
    for cell, committed in zip(cells, reference, strict=True):
        if "nbval-check-output" in tags(cell):
            printed, wanted = (
                compare.Text("".join(o.text for o in c.outputs if o.output_type == "stream"))
                for c in (cell, committed)
            )
            if printed != wanted:
                yield f"cell {cell.id} printed {printed!r}, not {wanted!r}"


def room(claim):
    """Return how far a claim stays from its bound, where less than `NEAR` is near, and in words.

    For one bound it is how many times the value could grow or shrink. For two it is the distance
    to the nearer one, scaled so that `SHARE` of half their distance is `NEAR`: a value that errs by
    chance stays that far from the centre now and then, and is not near for that.
    """
    x, low, high = claim.number, claim.low, claim.high
    if x is None or (low is None and high is None) or low == high:
        return math.inf, "exact" if claim.held is not None else ""
    if low is not None and high is not None:
        share = min(x - low, high - x) / ((high - low) / 2)
        return NEAR * share / SHARE, f"{share:.0%} of half the width"
    bound = low if high is None else high
    if x == 0 or x * bound <= 0:
        return math.inf, f"{abs(x - bound):.3g} away"
    factor = abs(bound / x) if (high is None) == (bound < 0) else abs(x / bound)
    return factor, f"{factor:.3g}×"


def rows(claims):
    """Return (text, bound, smallest, largest, room, words) for each claim over the variants."""
    table = {}
    for claim in claims:
        table.setdefault(claim.text, []).append(claim)
    for text, same in table.items():
        nearest = min(same, key=lambda claim: room(claim)[0])
        if all(claim.number is not None for claim in same):
            same.sort(key=lambda claim: claim.number)
        yield text, nearest.bound, same[0].value, same[-1].value, *room(nearest)


def keep(path, **parts):
    """Keep what was measured of a chapter for its page and the scoreboard, beside other parts."""
    kept = {"chapters": {}}
    if results.PROCESSORS.exists():
        kept = json.loads(results.PROCESSORS.read_text("utf-8"))
    kept["chapters"].setdefault(path.stem, {}).update(parts)
    text = json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True)
    results.write_whole(results.PROCESSORS, text + "\n")


def valid_for(path):
    """Return with which code and processor something was measured."""
    code_hash = results.code_hash(nbformat.read(path, 4))
    return {"code_hash": code_hash, "processor": results.machine()["processor"]}


def main(arguments):
    """Run what is asked for and print the table; return the exit status."""
    split = arguments.index("--") if "--" in arguments else len(arguments)
    variants, names = arguments[:split] or list(VARIANTS), arguments[split + 1 :]
    known = {path.stem: path for path in results.notebooks() if not path.stem.startswith("_")}
    for what, given, may in (("VARIANT", variants, VARIANTS), ("NAME", names, known)):
        if unknown := [word for word in given if word not in may]:
            print(f"{what} is {', '.join(unknown)}; it may be {', '.join(may)}", file=sys.stderr)
            return 2
    paths = [known[name] for name in names or known]
    jobs = [(variant, path) for variant in variants for path in paths]
    found = dict(zip(jobs, execute.execute_all(jobs, run), strict=True))
    failed = 0
    for path in paths:
        print(f"\n{path.stem}")
        claims = [claim for (_, p), (cs, _) in found.items() if p == path for claim in cs]
        table = list(rows(claims))
        for text, bound, smallest, largest, near, words in table:
            mark = "!" if near < NEAR else " "
            print(f"{mark} {text} | {bound} | {smallest} | {largest} | {words}")
        for variant in variants:
            for failure in found[variant, path][1]:
                failed += 1
                print(f"FAILED as {variant}: {failure}")
        if variants == list(VARIANTS):
            ranges = {
                t: low if low == high else f"{low} to {high}" for t, _, low, high, *_ in table
            }
            keep(path, ranges=ranges, **valid_for(path))
    print(f"\n{LEGEND}")
    print(f"{len(paths)} chapters, as {', '.join(variants)}: {failed} failures")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        status = main(sys.argv[1:])
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        status = 130
    sys.exit(status)
