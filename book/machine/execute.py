"""Execute the notebooks that have no valid result, as many at a time as cores and memory hold.

Usage: python -m book.machine.execute [--write | --failed] [NAME ...]

Without a NAME, all of them. `--write` then puts the outputs into the committed notebooks. A
notebook that fails leaves a note of that, which the book shows above the committed outputs, and
`--failed` prints; the exit status is then 1.
"""

import contextlib
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import joblib
import nbformat
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from book.machine import failures, results, setup_cell

CELL_SECONDS = 300
CGROUPS = Path("/sys/fs/cgroup")
KERNEL_BYTES = 3e9  # the heaviest chapter takes 2.1e9 at its peak
COLOURS = re.compile(r"\x1b\[[\d;]*m")  # of a terminal, in a traceback
ADVICE = (
    "A chapter that failed shows its committed outputs under a notice. Run `make book` again if "
    "the machine was short of memory or time. Otherwise look at the chapter with `make lab`, and "
    "tell us the line above and your processor."
)
running = set()
stopped = Event()  # a kernel that we killed did not fail


def make_client(path, notebook, **options):
    """Return a client that executes `notebook` where it lies, in a kernel of its own."""
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=40"],  # no warning about TCP for each kernel
        **options,
    )
    return failures.watch(client)


def execute(path):
    """Execute one notebook in a fresh kernel and keep its result; return what went wrong."""
    name, start = path.stem, time.perf_counter()
    notebook = nbformat.read(path, 4)

    def progress(cell, cell_index):
        if cell.cell_type == "code":
            seconds = time.perf_counter() - start
            print(
                f"{name}: cell {cell_index + 1}/{len(notebook.cells)}, {seconds:.0f} s",
                flush=True,
            )

    raised = []  # the cells that raised; the last of them was not to
    client = make_client(path, notebook, on_cell_execute=progress if sys.stdout.isatty() else None)
    client.on_cell_error = lambda cell, cell_index, execute_reply: raised.append(cell.id)
    running.add(client)
    try:
        client.execute()
    except CellExecutionError as error:
        message = f"cell {raised[-1]}{line_of(error)}: {error.ename}: {error.evalue}".strip()
    except CellTimeoutError:
        message = f"a cell ran for more than {client.timeout} seconds"
    except DeadKernelError:
        message = "the kernel died"
    except Exception as error:  # whatever it is, the book is still to be built
        message = f"{type(error).__name__}: {error}"
    else:
        seconds = time.perf_counter() - start
        results.store(path, notebook, seconds)
        print(f"{name}: executed in {seconds:.0f} s", flush=True)
        return None
    finally:
        running.discard(client)
    if stopped.is_set():
        return "stopped"
    results.store_failure(path, notebook, message)
    print(f"{name}: failed: {message}", flush=True)
    return message


def line_of(error):
    """Return at which line of its cell a run stopped, in words, if a traceback says so."""
    line = re.search(r"Cell In\[\d+\], line (\d+)", COLOURS.sub("", error.traceback))
    return f", line {line[1]}" if line else ""


def execute_all(paths, work=execute):
    """Call `work`, which runs a kernel, for each path; return what it returned."""
    pool = ThreadPoolExecutor(max_workers=at_once(joblib.cpu_count(), free_memory()))
    try:
        return list(pool.map(work, paths))
    except KeyboardInterrupt:
        pool.shutdown(wait=False, cancel_futures=True)
        stop_kernels()
        raise
    finally:
        pool.shutdown()


def at_once(cores, free):
    """Return how many kernels run at a time on so many cores and bytes of free memory."""
    return max(1, min(cores, int(free // KERNEL_BYTES)))


def free_memory():
    """Return how many bytes this process may hope for: what is free, within its container."""
    free = psutil.virtual_memory().available
    for limit in ("memory.max", "memory/memory.limit_in_bytes"):  # of cgroups, version 2 and 1
        with contextlib.suppress(OSError, ValueError):  # there is none, or it is "max"
            free = min(free, int((CGROUPS / limit).read_text()))
    return free


def stop_kernels():
    """Kill the kernels that run, so that the threads which wait for them come to an end."""
    stopped.set()
    for client in list(running):
        process = getattr(getattr(client.km, "provisioner", None), "process", None)
        if process is not None:
            process.kill()


def write(path):
    """Write a notebook as it is committed: its result's outputs, nothing of the machine."""
    notebook = nbformat.read(path, 4)
    results.with_outputs(notebook, results.load(path, notebook))
    normalise(notebook)
    results.write_whole(path, nbformat.writes(notebook) + "\n")


def normalise(notebook):
    """Keep of the metadata what a reader's Jupyter needs, and bring the set-up cell up to date."""
    setup_cell.replace(notebook, setup_cell.fetching())
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
        for key in set(cell.metadata) - {"tags", "mystnb", "caption"}:
            del cell.metadata[key]


def main(arguments):
    """Execute what is stale, then write if asked; return the exit status."""
    names = [a for a in arguments if not a.startswith("-")]
    paths = results.chosen(names, template=True)
    if paths is None:
        return 2
    if "--failed" in arguments:
        return report(paths)
    stale = [path for path in paths if results.load(path, nbformat.read(path, 4)) is None]
    print(f"{len(stale)} of {len(paths)} notebooks to execute", flush=True)
    messages = execute_all(stale)
    if "--write" in arguments:
        for path in paths:
            if results.load(path, nbformat.read(path, 4)):
                write(path)
    return 1 if any(messages) else 0


def report(paths):
    """Print a line for each notebook whose run failed, and what to do; return the exit status."""
    failures = {path.stem: results.load_failure(path, nbformat.read(path, 4)) for path in paths}
    failures = {name: failure for name, failure in failures.items() if failure}
    for name, failure in failures.items():
        print(f"{name}: failed: {failure['message']}", file=sys.stderr)
    if failures:
        print(ADVICE, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parents[2])
    try:
        status = main(sys.argv[1:])
    except KeyboardInterrupt:
        print("stopped; what was finished is kept", file=sys.stderr)
        status = 130
    sys.exit(status)
