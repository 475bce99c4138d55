"""Failures that IPython does not report, made errors of the cell in which they are noticed.

The client of Jupyter knows of an exception that a cell raises. It is told nothing of a shell
command that fails, of an exception in a thread, in a task of asyncio or in a finaliser, of an
error inside `get_ipython().run_cell` or `%run`, of one that an object meets while it is displayed.
A reader sees some of these and misses what should have come of the others.

A cell that fails on purpose has the tag `raises-exception`; a shell command that may fail is
written `!command || true`.
"""

import gc
import logging
import sys
import threading
import warnings
from pathlib import Path

# This file runs in the kernel, by its path, and leaves no name among those of the notebook.
START, END = (
    f"__import__('runpy').run_path({str(Path(__file__).resolve())!r})[{name!r}](get_ipython())"
    for name in ("listen", "end")
)
SECONDS = 5  # that a thread has to come to its end, after the last cell


def watch(client):
    """Let nothing fail silently in what an nbclient `client` executes; return the client."""
    client.on_notebook_start = lambda notebook: client.kc.execute(START, silent=True)
    client.on_cell_executed = refuse_shown
    return client


def refuse_shown(cell, cell_index, execute_reply):
    """Make a traceback among the outputs of a cell an error of the cell, whoever wrote it."""
    shown = [output for output in cell.outputs if output.output_type == "error"]
    printed = "".join(output.text for output in cell.outputs if output.get("name") == "stderr")
    if "Traceback (most recent call last)" in printed:
        last = printed.rstrip().rpartition("\n")[2]
        shown.append({"ename": "on stderr", "evalue": last, "traceback": [printed]})
    reply = execute_reply["content"]
    # ipykernel calls an error in displaying the value of a cell NoneType
    if shown and reply.get("ename") in (None, "NoneType"):
        reply.update(shown[0], status="error")


def listen(shell):
    """Make the failures that this kernel would only print, or not even that, errors of a cell."""
    missed = []

    def in_thread(args):
        if args.exc_type is not SystemExit:  # which is a way to end a thread
            missed.append(args.exc_value)

    def in_loop(record):
        if record.levelno >= logging.ERROR:
            error = record.exc_info[1] if record.exc_info else RuntimeError(record.getMessage())
            missed.append(error)
        return record.levelno < logging.ERROR

    def raise_missed(result):
        while missed:
            try:
                raise missed.pop(0)
            except BaseException as error:
                shell.showtraceback()
                result.error_in_exec = result.error_in_exec or error

    shell.system_raise_on_error = True
    shell.ask_exit = sys.exit  # `exit` would end the kernel a moment later, without an error
    threading.excepthook = in_thread
    sys.unraisablehook = lambda args: missed.append(args.exc_value)
    logging.getLogger("asyncio").addFilter(in_loop)
    warnings.filterwarnings("error", "coroutine .* was never awaited", RuntimeWarning)
    shell.events.register("post_run_cell", raise_missed)


def end(shell):
    """End a notebook as a program ends: threads come to their end, names go; then print a line.

    Where the line is not among the outputs, a cell has taken the standard output away.
    """
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.main_thread():
            thread.join(SECONDS)
    shell.reset()
    gc.collect()
    print("the end")
