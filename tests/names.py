"""A name means one thing in a chapter: which names are bound to two different things."""

import ast
import re

MAGIC = re.compile(r"^( *)[%!].*", re.M)
AT_HAND = {"_", "figure", "axes", "axis"}  # each cell draws a figure of its own


def bound_twice(codes):
    """Return the names that these code cells bind to two different things, each with its cell.

    A name may be bound again by a call of the same function, in the same place of what it returns,
    or as the target of another loop; inside a loop, in the other branch and by `+=` it may change.
    The function that an exercise begins, its solution defines once more.
    """
    first, found = {}, []
    for cell in codes:
        tags = cell.metadata.get("tags", [])
        for name, kind in bindings(ast.parse(MAGIC.sub(r"\1pass", cell.source)).body):
            if kind == "definition" and "exercise" in tags:
                kind = "start"
            before = first.get(name)
            first.setdefault(name, kind)
            again = before == kind and kind not in ("value", "definition")
            solved = before == "start" and kind == "definition" and "solution" in tags
            if before and name not in AT_HAND and not again and not solved:
                found.append(f"{name} in {cell.id}")
    return found


def bindings(statements):
    """Yield (name, what kind of thing it is bound to) for statements at top level."""
    for node in statements:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name, "definition"
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield alias.asname or alias.name.split(".")[0], f"import of {alias.name}"
            continue
        heads = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        for walrus in (n for head in heads for n in ast.walk(head) if isinstance(n, ast.NamedExpr)):
            yield from targets(walrus.target, walrus.value)
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from targets(target, node.value)
        elif isinstance(node, ast.AnnAssign) and node.value:
            yield from targets(node.target, node.value)
        elif isinstance(node, ast.For):
            for name in ast.walk(node.target):
                if isinstance(name, ast.Name):
                    yield name.id, "loop"
        elif isinstance(node, ast.With):
            for item in node.items:
                if item.optional_vars:
                    yield from targets(item.optional_vars, item.context_expr)
            yield from bindings(node.body)
        elif isinstance(node, ast.If):
            here = dict(bindings(node.body))
            yield from here.items()
            yield from (other for other in bindings(node.orelse) if other[0] not in here)


def targets(target, value, place=""):
    """Yield (name, kind) for the names in the target of an assignment of `value`."""
    if isinstance(target, ast.Name):
        call = isinstance(value, ast.Call)
        yield target.id, f"call of {ast.unparse(value.func)}{place}" if call else "value"
    elif isinstance(target, (ast.Tuple, ast.List)):
        elements = getattr(value, "elts", [])
        for number, one in enumerate(target.elts):
            inner = one.value if isinstance(one, ast.Starred) else one
            if len(elements) == len(target.elts):
                yield from targets(inner, elements[number])
            else:
                yield from targets(inner, value, f"{place}[{number}]")
