"""Execute the notebooks that have no valid result, two at a time.

Usage: python book/_ext/execute.py [--write] [NAME ...]

Without a NAME, all of them. `--write` then puts the outputs into the committed notebooks.
"""

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
import results
import yaml
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

CELL_SECONDS = 300


def execute(path):
    """Execute one notebook in a fresh kernel and keep its result; return the error, if any."""
    name, start = path.stem, time.perf_counter()
    notebook = nbformat.read(path, 4)

    def progress(cell, cell_index):
        if cell.cell_type == "code":
            seconds = time.perf_counter() - start
            print(
                f"{name}: cell {cell_index + 1}/{len(notebook.cells)}, {seconds:.0f} s",
                flush=True,
            )

    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=40"],  # no warning about TCP for each kernel
        on_cell_execute=progress if sys.stdout.isatty() else None,
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return f"{name}: {error}"
    except Exception as error:  # a dead kernel or a cell that takes too long
        return f"{name}: {type(error).__name__}: {error}"
    results.store(path, notebook, time.perf_counter() - start)
    print(f"{name}: executed in {time.perf_counter() - start:.0f} s", flush=True)
    return None


def write(path):
    """Write a notebook as it is committed: its result's outputs, nothing of the machine."""
    notebook = nbformat.read(path, 4)
    results.with_outputs(notebook, results.load(path, notebook))
    normalise(notebook)
    nbformat.write(notebook, path)


def normalise(notebook):
    """Keep of the metadata what a reader's Jupyter needs, and point Colab at the repository."""
    address = yaml.safe_load((results.ROOT / "_config.yml").read_text())["repository"]["url"]
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
            "code_hash": results.code_hash(notebook),
        }
    )
    notebook.nbformat_minor = 5
    for cell in notebook.cells:
        for key in set(cell.metadata) - {"tags", "mystnb"}:
            del cell.metadata[key]
        lines = cell.source.splitlines()
        cell.source = "\n".join(
            f"{line.partition('git+')[0]}git+{address}"
            if "%pip" in line and "git+" in line
            else line
            for line in lines
        )


def main(arguments):
    """Execute what is stale, then write if asked; return the exit status."""
    names = [a for a in arguments if not a.startswith("-")]
    known = {path.stem: path for path in results.notebooks()}
    if unknown := [name for name in names if name not in known]:
        print(
            f"NAME is {', '.join(unknown)}; it may be {', '.join(known)}",
            file=sys.stderr,
        )
        return 2
    paths = [known[name] for name in names or known]
    stale = [path for path in paths if results.load(path, nbformat.read(path, 4)) is None]
    print(f"{len(stale)} of {len(paths)} notebooks to execute", flush=True)
    with ProcessPoolExecutor(max_workers=max(1, os.cpu_count() or 1)) as pool:
        errors = [error for error in pool.map(execute, stale) if error]
    for error in errors:
        print(error, file=sys.stderr)
    if "--write" in arguments and not errors:
        for path in paths:
            write(path)
    return 1 if errors else 0


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parents[2])
    sys.exit(main(sys.argv[1:]))
