"""What the tests share: where the repository is, and how its commands are called."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ANYWHERE = "a book ü"  # a folder whose name has what a shell, a URL and ASCII have trouble with


def run(*command, cwd=ROOT, **options):
    """Run a command in a tree like the repository; return its status and what it printed."""
    # the tests are called by make: a make of their own is not a part of that one
    outer = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    inherited = {name: value for name, value in os.environ.items() if name not in outer}
    return subprocess.run(
        command,
        cwd=cwd,
        env=inherited | {"PYTHONPATH": str(cwd)},
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def make(verb, cwd=ROOT, **variables):
    """Call a verb of the Makefile with the environment that the tests run in."""
    given = [f"{name}={value}" for name, value in variables.items()]
    # a recipe hands BIN to a shell
    binaries = shlex.quote(str(Path(sys.executable).parent))
    return run("make", "READY=", f"BIN={binaries}", verb, *given, cwd=cwd)


def addresses(page):
    """Return where a page says that it is."""
    named = [node["content"] for node in page.select("meta[property='og:url']")]
    return named + [node["href"] for node in page.select("link[rel=canonical]")]


def tags(cell):
    return set(cell.metadata.get("tags", []))
