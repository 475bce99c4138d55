"""The results of executed notebooks, kept until something that they depend on changes.

A result is the executed notebook in `_build/results`, under a name that holds the hash of the
notebook's code, of the helpers, and of the installed packages that these import, with what they
bring along. A result that is there and whole is valid; so nothing has to be declared stale. A run
that failed leaves a note of what went wrong in the same place, until a run succeeds or something
changes.
"""

import ast
import contextlib
import functools
import hashlib
import importlib.metadata
import json
import os
import platform
import re
import sys
import tempfile
import threading
from importlib.metadata import version
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from book.machine import pictures
from helpers.claims import MIME, Claim

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "_build" / "results"
PROCESSORS = ROOT / "book" / "machine" / "processors.json"
# the last line of what finds the helpers, in a set-up cell; what stands above it changes no result
END_OF_BOOTSTRAP = "\nsys.path[:0] = with_helpers()"
# of the checks beside a chapter: the cells that conclude, and where they are tried
CONCLUSIONS = re.compile(
    r"^# (?:elsewhere|here only), .*|^# %% concludes: .*(?:\n(?!# %%).*)*", re.M
)
PARSING = threading.Lock()  # Python 3.11 counts the depth of a tree for all threads together
VERSIONS = {
    "NumPy": ["numpy"],
    "PyTorch": ["torch"],
    "TensorFlow": ["tensorflow", "tensorflow-cpu"],
}


def notebooks():
    """Return the paths of the chapters and of their template."""
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


def chosen(names, template=False):
    """Return the paths of the named chapters, or of all; None, and say so, if a name is unknown.

    The template is among them if `template` says so.
    """
    known = {path.stem: path for path in notebooks() if template or path.stem[0] != "_"}
    if unknown := [name for name in names if name not in known]:
        print(f"NAME is {', '.join(unknown)}; it may be {', '.join(known)}", file=sys.stderr)
        return None
    return [known[name] for name in names or known]


def code_hash(notebook):
    """Return the hash of a notebook's code cells, comments and layout left out."""
    return hashlib.sha256("\n".join(codes(notebook)).encode()).hexdigest()[:16]


def codes(notebook):
    """Return the code of each cell, without comments, layout and what finds the helpers."""
    transform = TransformerManager().transform_cell
    sources = [c.source for c in notebook.cells if c.cell_type == "code"]
    return [_shape(transform(source.rpartition(END_OF_BOOTSTRAP)[2])) for source in sources]


def result_path(path, notebook):
    """Return where the result of `notebook`, read from `path`, is kept."""
    digest = hashlib.sha256(code_hash(notebook).encode())
    digest.update(str(sys.version_info[:2]).encode())
    for source in sorted((ROOT / "helpers").glob("*.*")):
        text = source.read_text("utf-8")
        digest.update((_shape(text) if source.suffix == ".py" else text).encode())
    for name in sorted(packages(frozenset(modules(notebook)))):
        digest.update(f"{name}=={version(name)}".encode())
    return RESULTS / f"{Path(path).stem}-{digest.hexdigest()[:16]}.ipynb"


def modules(notebook):
    """Return the modules of other packages that a notebook and its helpers import, sorted."""
    found, todo = set(), codes(notebook)
    while todo:
        nodes = list(ast.walk(_parse(todo.pop())))
        names = {n.module for n in nodes if isinstance(n, ast.ImportFrom)}
        names |= {alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names}
        helpers = [name for name in names - found if name.startswith("helpers.")]
        todo += [
            ROOT.joinpath(*h.split(".")).with_suffix(".py").read_text("utf-8") for h in helpers
        ]
        found |= names
    tops = {name.partition(".")[0] for name in found}
    return sorted(tops - sys.stdlib_module_names - {"helpers"})


@functools.cache
def packages(modules):
    """Return the installed packages that have these modules, with all that they require."""
    distributions = _distributions()
    todo = ["ipykernel", *(name for module in modules for name in distributions.get(module, []))]
    found = set()
    while todo:
        name = canonicalize_name(todo.pop())
        if name not in found:
            with contextlib.suppress(importlib.metadata.PackageNotFoundError):
                wanted = map(Requirement, importlib.metadata.requires(name) or [])
                todo += [r.name for r in wanted if not r.marker or r.marker.evaluate({"extra": ""})]
                found.add(name)
    return found


@functools.cache
def _distributions():
    return importlib.metadata.packages_distributions()  # slow: it reads every package's list


def store(path, notebook, seconds):
    """Keep an executed notebook as the result for `path`, in place of older ones."""
    pictures.lighten(notebook)
    notebook.metadata["run"] = {"seconds": round(seconds, 1)} | machine()
    target = result_path(path, notebook)
    write_whole(target, nbformat.writes(notebook))
    _forget(path, but=target)


def store_failure(path, notebook, message):
    """Note that a run of the notebook failed, with `message`, in place of older results."""
    target = result_path(path, notebook).with_suffix(".failed")
    write_whole(target, json.dumps({"message": message} | machine()))
    _forget(path, but=target)


def load(path, notebook):
    """Return the valid result for `notebook`, or None; a file that is no result is none."""
    try:
        result = nbformat.read(result_path(path, notebook), 4)
        same = codes(result) == codes(notebook)
    except (
        *(OSError, ValueError, SyntaxError, AttributeError, KeyError, TypeError),
        nbformat.ValidationError,
    ):
        return None
    return result if same and "run" in result.metadata else None


def latest(path):
    """Return the notebook at `path` with the outputs of its valid result, if there is one."""
    notebook = nbformat.read(path, 4)
    result = load(path, notebook)
    return with_outputs(notebook, result) if result else notebook


def load_failure(path, notebook):
    """Return what the last run of `notebook` failed with and where, as a dict, or None."""
    try:
        text = result_path(path, notebook).with_suffix(".failed").read_text("utf-8")
        failure = json.loads(text)
        return failure if {"message", "processor"} <= set(failure) else None
    except (OSError, ValueError, TypeError):
        return None


def claims_in(notebook):
    """Return the ledger that a notebook displays, as its last output of our MIME type."""
    ledgers = [
        output.data[MIME]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]
    return [Claim(**claim) for claim in ledgers[-1]["claims"]] if ledgers else []


def ranges(path, notebook):
    """Return what `make processors` measured: from the text of a claim to its range, in words.

    It is empty where the notebook has changed since.
    """
    return _measured(path, notebook, lambda chapter: chapter).get("ranges", {})


def elsewhere(path, notebook):
    """Return what `make elsewhere` counted: {claim: in words where it held}, and for conclusions.

    The first is empty where the notebook has changed since, the second also where a conclusion
    has, or a line that says where it is tried.
    """
    found = _measured(path, notebook, lambda chapter: chapter["elsewhere"])
    if not found:
        return {}, {}
    runs = found["runs"]
    words = {text: f"here only: {reason}" for text, reason in found["here_only"].items()}
    for text, held in found["counts"].items():
        many = f"all {runs}" if held == runs else f"{held} of {runs}"
        words[text] = f"here and in {many} runs elsewhere"
    conclusions = {text: words.pop(text) for text in found["conclusions"]}
    same = found["conclusions_hash"] == conclusions_hash(path)
    return words, conclusions if same else {}


def _measured(path, notebook, part):
    """Return a part of what was measured of a chapter, or {} where the notebook has changed."""
    try:
        found = part(json.loads(PROCESSORS.read_text("utf-8"))["chapters"][Path(path).stem])
        return found if found["code_hash"] == code_hash(notebook) else {}
    except (OSError, KeyError):
        return {}


def conclusions_hash(path):
    """Return the hash of a chapter's conclusions and of where they are tried."""
    file = ROOT / "tests" / "chapters" / f"{Path(path).stem}.py"
    text = file.read_text("utf-8") if file.exists() else ""
    parts = CONCLUSIONS.findall(text)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def machine():
    """Return the processor and the versions that numbers may depend on."""
    processor = platform.processor() or platform.machine()
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        processor = next(ln.split(":")[1].strip() for ln in lines if ln.startswith("model name"))
    versions = {"Python": platform.python_version()}
    for name, packages in VERSIONS.items():
        for package in packages:
            with contextlib.suppress(importlib.metadata.PackageNotFoundError):
                versions.setdefault(name, version(package))
    return {"processor": processor, "versions": versions}


def write_whole(target, text):
    """Write a file whole or not at all: an interrupted run leaves the old one as it was."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=target.parent, suffix=".part")
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(beside, target)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def with_outputs(notebook, result):
    """Give a notebook the outputs of its result; the code is the same, the prose may be newer."""
    executed = iter(c for c in result.cells if c.cell_type == "code")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            source = next(executed)
            cell.outputs, cell.execution_count = (
                source.outputs,
                source.execution_count,
            )
    return notebook


def _forget(path, but):
    stem = Path(path).stem
    for old in RESULTS.glob(f"{stem}-{'?' * 16}.*"):
        if old != but:
            old.unlink(missing_ok=True)  # another run may have been faster


def _parse(source):
    with PARSING:
        return ast.parse(source)


def _shape(source):
    # unparse drops comments and layout: reformatting makes no result stale
    try:
        return ast.unparse(_parse(source))
    except SyntaxError:  # a run tells where; until then a string stands for the code
        return repr(source)
