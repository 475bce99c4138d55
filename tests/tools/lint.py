"""Run ruff, and name each cell of a notebook by its id, where ruff counts: "cell 19".

Usage: python -m tests.tools.lint check|format [OPTION ...] [PATH ...]
"""

import json
import re
import subprocess
import sys
from pathlib import Path

# a line names a notebook with one of its cells, or a cell of the notebook named last
FILE = re.compile(r"(\S+\.ipynb):cell ")
CELL = re.compile(r"((?:\.ipynb:|::: )cell )(\d+)")


def with_ids(text, folder=Path()):
    """Return what ruff printed in `folder`, with the ids of cells in place of their numbers."""
    lines, ids = [], {}
    for line in text.splitlines(keepends=True):
        if file := FILE.search(line):
            cells = json.loads((folder / file[1]).read_text("utf-8"))["cells"]
            ids = {str(number): cell["id"] for number, cell in enumerate(cells, 1)}
        if cell := CELL.search(line):
            line = line[: cell.start(2)] + ids[cell[2]] + line[cell.end(2) :]
        lines.append(line)
    return "".join(lines)


def main(arguments):
    """Run ruff and print what it says; return its exit status."""
    command = [sys.executable, "-m", "ruff", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    print(with_ids(done.stdout), end="", flush=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
