"""Plant random faults in a chapter and see whether its run and the checks beside it notice them.

Usage: python -m tests.tools.faults NAME [--count 20] [--seed SEED] [--cell CELL]

A fault changes one operator, comparison, sign, transpose, index or default in the code that
computes; what only draws, prints or claims is left alone, and so are seeds, the set-up cell and
what a reader is to write. The chapter runs with each fault in a copy of the repository. A fault in
a function of a solution is an answer like a reader's: the check of the exercise alone must notice
it. A change that makes no difference may be listed with its reason in tests/chapters/NAME.py, in
the words that the report uses:

    # equivalent, CELL: BEFORE → AFTER: REASON

The exit status is 1 if more than one fault in twenty survives. With a CELL nothing runs: the faults
that could be planted in it are listed.
"""

import argparse
import ast
import copy
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from book.machine import execute
from tests.support import tags

ROOT = Path(__file__).parents[2]

PARTS = ["conftest.py", "pyproject.toml", "requirements.txt", "constraints.txt"]
PARTS += ["helpers", "book/machine"]
PARTS += [f"tests/{name}.py" for name in ("__init__", "beside", "compare", "trials")]
ONE_IN = 20
FAILURE = re.compile(r"^(?:FAILED|ERROR) \S+?::(.*?)(?: - .*)?$", re.M)
EQUIVALENT = re.compile(r"^# equivalent, ([a-z0-9-]+): (.+ → .+): (\S.*)$", re.M)

OTHER_OPERATORS = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div, ast.Add],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Div],
    ast.Mod: [ast.FloorDiv],
    ast.Pow: [ast.Mult],
    ast.MatMult: [ast.Mult],
    ast.BitAnd: [ast.BitOr],
    ast.BitOr: [ast.BitAnd],
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.And: [ast.Or],
    ast.Or: [ast.And],
}
DROPPED = {"T", "mT", "mH", "H", "conj", "detach", "transpose", "real"}
# calls that make what a reader looks at, or that choose a seed
LEFT_ALONE = re.compile(
    r"claims|print|display|HTML|plt|plotting|ax\w*|fig\w*|(show|plot|draw|label|frame)_\w+"
    r"|\w*[sS]lider|default_rng|manual_seed|set_random_seed|Generator"
)


def sites(tree):
    """Yield (node, its parent, what may replace it) for each place where a fault can be planted."""
    nodes = [(tree, None)]
    while nodes:
        node, parent = nodes.pop()
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Call) and left_alone(node)):
            continue
        for field, value in ast.iter_fields(node):
            if field not in ("decorator_list", "returns", "annotation"):
                values = value if isinstance(value, list) else [value]
                nodes += [(child, node) for child in values if isinstance(child, ast.AST)]
        if changed := list(faults_of(node, parent)):
            yield node, parent, changed


def left_alone(call):
    names = [n.id if isinstance(n, ast.Name) else n.attr for n in chain(call.func)]
    return any(LEFT_ALONE.fullmatch(name) for name in (names[0], names[-1]) if names)


def chain(node):
    """Return the names of a dotted expression, from last to first."""
    found = []
    while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
        found += [node] if isinstance(node, ast.Attribute) else []
        node = node.func if isinstance(node, ast.Call) else node.value
    return found + (
        [node] if isinstance(node, ast.Name) else [ast.Name("", ast.Load())] * (not found)
    )


def faults_of(node, parent):
    """Yield what could stand in the place of a node."""
    if isinstance(node, (ast.BinOp, ast.BoolOp, ast.AugAssign)):
        text = isinstance(
            getattr(node, "left", None), (ast.JoinedStr, ast.Constant)
        ) and isinstance(getattr(node.left, "value", ""), str)
        for other in [] if text else OTHER_OPERATORS.get(type(node.op), []):
            yield replaced(node, op=other())
    elif isinstance(node, ast.Compare):
        for other in OTHER_OPERATORS.get(type(node.ops[0]), []):
            yield replaced(node, ops=[other(), *node.ops[1:]])
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not, ast.Invert)):
        yield node.operand
    elif isinstance(node, ast.Attribute) and node.attr in DROPPED:
        if not isinstance(parent, ast.Call) or parent.func is not node:
            yield node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in DROPPED and not (
            isinstance(node.func.value, ast.Name) and node.func.value.id in ("np", "torch", "tf")
        ):
            yield node.func.value
    elif isinstance(parent, ast.keyword) and parent.arg in ("linewidth", "strict", "random_state"):
        return
    elif isinstance(node, ast.Constant) and isinstance(
        parent, (ast.arguments, ast.keyword, ast.Subscript, ast.Slice, ast.BinOp)
    ):
        if isinstance(node.value, bool):
            yield ast.Constant(not node.value)
        elif isinstance(node.value, int):
            yield ast.Constant(node.value + 1)
        elif isinstance(node.value, float):
            yield ast.Constant(node.value * 2 or 1.0)


def replaced(node, **fields):
    new = copy.copy(node)
    for field, value in fields.items():
        setattr(new, field, value)
    return new


class Plant(ast.NodeTransformer):
    """Put `new` where `old` stands."""

    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit(self, node):
        return self.new if node is self.old else self.generic_visit(node)


def faults(notebook):
    """Return (cell id, the change in words, the cell's code with it) for every possible fault."""
    found = []
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in codes[1:]:
        if not {"exercise", "check", "hide-input"} & tags(cell):
            for number, (_, _, changed) in enumerate(sites(parsed(cell)[1])):
                for choice in range(len(changed)):
                    tree, part = parsed(cell)
                    node, parent, again = list(sites(part))[number]
                    shown = parent if isinstance(node, ast.Constant) else node
                    before = in_a_line(shown)
                    planted = Plant(node, again[choice]).visit(tree)
                    after = in_a_line(shown if shown is parent else again[choice])
                    code = ast.unparse(ast.fix_missing_locations(planted))
                    found.append((cell.id, f"{before} → {after}", code))
    return found


def parsed(cell):
    """Return the tree of a cell and the part that gets faults: of a solution, its definitions."""
    tree = ast.parse(cell.source)
    if "solution" not in tags(cell):
        return tree, tree
    defined = [n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))]
    return tree, ast.Module(defined, [])


def in_a_line(node):
    return " ".join(ast.unparse(node).split())


def equivalents(name):
    """Return {(cell id, change): reason} of the changes that are known to make no difference."""
    file = ROOT / "tests" / "chapters" / f"{name}.py"
    text = file.read_text("utf-8") if file.exists() else ""
    return {(cell, change): reason for cell, change, reason in EQUIVALENT.findall(text)}


def noticed(name, notebook, solution=None):
    """Run a notebook with the checks beside it; return the first thing that failed, or None.

    With the id of a `solution` only the exercise's check is asked, and nothing runs after it.
    """
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        for part in [*PARTS, f"tests/chapters/{name}.py"]:
            (tree / part).parent.mkdir(parents=True, exist_ok=True)
            copy_of = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy_of(ROOT / part, tree / part)
        path = tree / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir()
        command = [sys.executable, "-m", "pytest", "-rfE", "--color", "no", "--tb", "no"]
        command += ["--nbval-lax", "--nbval-cell-timeout", "120", str(path)]
        command += ["-k", "not tried"]  # what fools a check says nothing of a fault
        check = None
        if solution:
            check = cut_after_check(notebook, solution)
            (tree / f"tests/chapters/{name}.py").write_text("", "utf-8")
        else:
            command.append("-x")
        nbformat.write(notebook, path)
        try:
            done = subprocess.run(
                command,
                cwd=tree,
                env=os.environ | {"PYTHONPATH": str(tree)},
                capture_output=True,
                text=True,
                timeout=600,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "it ran for ten minutes"
        if done.returncode == 0:
            return None
        failed = FAILURE.findall(done.stdout)
        if check and failed:
            return check if check in failed else None
        return failed[0] if failed else done.stdout[-300:] + done.stderr[-300:]


def cut_after_check(notebook, solution):
    """Cut a notebook after the check of a solution, and return the check's id."""
    ids = [cell.id for cell in notebook.cells]
    after = notebook.cells[ids.index(solution) :]
    check = next(cell.id for cell in after if "check" in tags(cell))
    notebook.cells = notebook.cells[: ids.index(check) + 1]
    return check


def list_faults(name, notebook, cell_id):
    """Print the faults that can be planted in a cell; return the exit status."""
    cells = [cell.id for cell in notebook.cells if cell.cell_type == "code"]
    if cell_id not in cells:
        print(f"CELL is {cell_id}; it may be {', '.join(cells)}", file=sys.stderr)
        return 2
    same = equivalents(name)
    found = [(cell, change) for cell, change, _ in faults(notebook) if cell == cell_id]
    for cell, change in found:
        reason = same.get((cell, change))
        print(f"{cell}: {change}" + (f": makes no difference: {reason}" if reason else ""))
    print(f"{len(found)} faults; none was planted")
    return 0


def main():
    """Plant the faults that are asked for and report; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name")
    parser.add_argument("--count", type=int, default=20, help="how many faults")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--cell", help="only list the faults of this cell")
    options = parser.parse_args()
    name = options.name
    known = [file.stem for file in sorted((ROOT / "tests" / "chapters").glob("*.py"))]
    if name not in known:
        print(f"NAME is {name}; it may be {', '.join(known)}", file=sys.stderr)
        return 2
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", 4)
    if options.cell:
        return list_faults(name, notebook, options.cell)
    if failure := noticed(name, notebook):
        print(f"the chapter is red without a fault: {failure}", file=sys.stderr)
        return 2
    same = equivalents(name)
    possible = [fault for fault in faults(notebook) if fault[:2] not in same]
    chosen = random.Random(options.seed).sample(possible, min(options.count, len(possible)))
    print(
        f"{name}: {len(chosen)} of {len(possible)} faults, {len(same)} more make no difference; "
        f"seed {options.seed}",
        flush=True,
    )

    def work(fault):
        cell_id, change, code = fault
        changed = copy.deepcopy(notebook)
        cell = next(cell for cell in changed.cells if cell.id == cell_id)
        cell.source = code
        failure = noticed(name, changed, cell_id if "solution" in tags(cell) else None)
        what = f"noticed by {failure}" if failure else "SURVIVED"
        print(f"{cell_id}: {change}: {what}", flush=True)
        return failure is None

    survived = sum(execute.execute_all(chosen, work))
    print(f"{len(chosen) - survived} of {len(chosen)} noticed")
    return 1 if survived * ONE_IN > len(chosen) else 0


if __name__ == "__main__":
    try:
        status = main()
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)
