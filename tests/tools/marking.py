"""Mark each exercise by itself: what a course carries beside its settings for nbgrader.

An exercise runs in a kernel of its own, and of the notebook's main line only those cells run whose
names the answer or the check uses. So an answer that kills its kernel, loops for ever or breaks a
name costs its own exercise. The file stands alone: a teacher's machine has no repository.
"""

import ast
import copy
import dis
import re
import types
from pathlib import Path

import nbformat
from nbclient.exceptions import DeadKernelError
from nbgrader import utils
from nbgrader.preprocessors import Execute, NbGraderPreprocessor

RECORD = "claims"  # each claim adds to it, and nothing is computed from it
MAGIC = re.compile(r"^( *)[%!].*", re.M)


class RestoreCells(NbGraderPreprocessor):
    """Put back, without an answer, each cell of the assignment that a submission lacks."""

    def preprocess(self, nb, resources):
        """Return the notebook with all cells, and the resources as they are."""
        names, course = resources["nbgrader"], self.parent.parent.coursedir
        folder = course.format_path(course.source_directory, ".", names["assignment"])
        return restored(nb, Path(folder, f"{names['notebook']}.ipynb")), resources


class ExecuteExercises(Execute):
    """Run each check, and before it what it needs, in a kernel of its own."""

    def preprocess(self, nb, resources):
        """Return the notebook with outputs in the cells that were needed.

        Where a check needs an earlier one, that runs as a copy: its outputs are its points.
        """
        whole = nb.cells
        for check in whole:
            if check.cell_type != "code" or not utils.is_grade(check):
                continue
            nb.cells = [
                copy.deepcopy(cell) if utils.is_grade(cell) and cell is not check else cell
                for cell in needed(whole, check)
            ]
            try:
                super().preprocess(nb, resources)
            except DeadKernelError:  # nbgrader gives all points to a check without an error
                check.outputs = [failure("The kernel died before this check was over.")]
            finally:
                nb.cells = whole
            for output in check.outputs:  # and none for a warning
                if output.get("name") == "stderr":
                    output.name = "stdout"
        return nb, resources


def restored(notebook, source):
    """Return a notebook with each marked cell of the file `source`, answers empty, in its order."""
    place = 0
    for cell in nbformat.read(source, 4).cells:
        there = [i for i, c in enumerate(notebook.cells) if grade_id(c) == grade_id(cell)]
        if not there:
            cell.source = "" if utils.is_solution(cell) else cell.source
            notebook.cells.insert(place, cell)
        place = 1 + (there[0] if there else place)
    return notebook


def failure(message):
    """Return an error as a cell's output."""
    return nbformat.v4.new_output(
        "error", ename="DeadKernelError", evalue=message, traceback=[message]
    )


def grade_id(cell):
    """Return nbgrader's name of a cell, or None."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def needed(cells, check):
    """Return the code cells that must run for a check: the set-up, the answer, what they name.

    The set-up is the first code cell, and the answer what stands between this check and the one
    before. A name leads to the last cell before that binds it, or to the first one after, since a
    function may use what is bound when it is called; and to those that change it in between.
    """
    before = [c for c in cells[: cells.index(check)] if c.cell_type == "code"]
    found = [Names(cell.source) for cell in [*before, check]]
    imported = set().union(*(names.imported for names in found))
    last = max((i for i, cell in enumerate(before) if utils.is_grade(cell)), default=-1)
    answer = [i for i, cell in enumerate(before) if i > last and utils.is_solution(cell)]
    chosen, todo = set(), [0, *answer, len(before)]
    while todo:
        user = todo.pop()
        if user in chosen:
            continue
        chosen.add(user)
        for name in found[user].used:
            binders = [i for i, names in enumerate(found[:-1]) if name in names.bound]
            binder = max((i for i in binders if i < user), default=min(binders, default=None))
            if binder is not None:
                todo.append(binder)
            if binder is not None and name not in imported | {RECORD}:
                changers = range(binder + 1, max(user, binder))
                todo += [i for i in changers if name in found[i].changed]
    return [cell for i, cell in enumerate([*before, check]) if i in chosen]


class Names:
    """The global names of a cell: `bound`, `used` before it binds them, `imported`, `changed`."""

    def __init__(self, source):
        self.bound, self.used, self.imported, self.changed = set(), set(), set(), set()
        try:
            tree = ast.parse(MAGIC.sub(r"\1pass", source))
        except SyntaxError:  # a student's; it fails by itself
            return
        code = compile(tree, "a cell", "exec")
        for step in dis.get_instructions(code):
            if step.opname == "LOAD_NAME" and step.argval not in self.bound:
                self.used.add(step.argval)
            elif step.opname == "STORE_NAME":
                self.bound.add(step.argval)
        self.used |= set(used_inside(code)) - self.bound
        for node in ast.walk(tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self.imported |= {(a.asname or a.name).split(".")[0] for a in node.names}
        self.changed = set(changed_in(tree))


def used_inside(code):
    """Yield the global names that the functions and classes in some code use."""
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            for step in dis.get_instructions(inner):
                if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                    yield step.argval
            yield from used_inside(inner)


def changed_in(tree):
    """Yield x for x[0] = 1, x.y = 1 and the statement x.append(1), outside functions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        yield from changed_in(node)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            node = node.value.func
        elif not isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del)):
            continue
        inside = node
        while isinstance(inside, (ast.Subscript, ast.Attribute)):
            inside = inside.value
        if inside is not node and isinstance(inside, ast.Name):
            yield inside.id
