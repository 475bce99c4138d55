"""Run a command, unless it has passed before and nothing that it may read has changed since.

Usage: python -m tests.tools.unchanged LABEL [FOLDER ...] -- COMMAND ...

What it may read is every file of the repository, and those in each FOLDER, which is built; and the
command, the Python, the installed packages and the browser. `_build/passed/LABEL` holds the digest
of all this while the command has passed, so a fresh clone has none, and `make clean` forgets it.
"""

import hashlib
import importlib.metadata
import subprocess
import sys
from pathlib import Path

from book.machine.chromium import CHROMIUM

# what is built, installed or kept by a tool; the rest of the repository may be read by a test
LEFT_OUT = {".git", ".venv", "_build", "__pycache__", ".hypothesis", ".ipynb_checkpoints"}
LEFT_OUT |= {".pytest_cache", ".ruff_cache"}


def files(folder, left_out=()):
    """Yield the files in a folder and in its folders, in order."""
    for path in sorted(folder.iterdir()):
        if path.name in left_out:
            continue
        if path.is_dir():
            yield from files(path, left_out)
        elif path.is_file():
            yield path


def digest(root, folders, command):
    """Return the digest of all that a command may read in the repository at `root`."""
    packages = sorted(f"{d.name} {d.version}" for d in importlib.metadata.distributions())
    told = hashlib.sha256(repr((command, sys.version, packages, CHROMIUM)).encode())
    for path in [*files(root, LEFT_OUT), *(f for built in folders for f in files(root / built))]:
        told.update(f"\n{path.relative_to(root)} ".encode())
        told.update(hashlib.sha256(path.read_bytes()).digest())
    return told.hexdigest()


def main(arguments, root=Path()):
    """Run the command if it has to; return its exit status."""
    split = arguments.index("--")
    (label, *folders), command = arguments[:split], arguments[split + 1 :]
    passed = root / "_build" / "passed" / label
    before = digest(root, folders, command)
    if passed.exists() and passed.read_text() == before:
        print(f"{label}: nothing has changed since all of them passed; to run them: rm {passed}")
        return 0
    passed.unlink(missing_ok=True)
    status = subprocess.run(command, cwd=root, check=False).returncode
    if status == 0 and digest(root, folders, command) == before:  # nobody wrote meanwhile
        passed.parent.mkdir(parents=True, exist_ok=True)
        passed.write_text(before)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
