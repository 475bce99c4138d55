"""`make book` in a small repository of its own: it always gives a book, and says what failed."""

import functools
import html
import http.server
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

import nbformat
import pytest
from bs4 import BeautifulSoup

from book.machine import results, setup_cell, site
from tests.support import ANYWHERE, ROOT, addresses, make, run

PARTS = ["Makefile", "_config.yml", "requirements.txt", "constraints.txt", "helpers", "book"]
CLAIM = """from helpers.claims import Claims
claims = Claims("Small")
claims.below("size", {}, 2, why="of a reason")
claims.table()"""
TOC = """format: jb-book
root: book/welcome
parts:
  - chapters:
      - file: notebooks/good
      - file: notebooks/bad
      - file: book/scoreboard
"""


def write(tree, name, source):
    cells = [
        nbformat.v4.new_markdown_cell(f"# A {name} chapter", id="title"),
        nbformat.v4.new_code_cell(source, id="one"),
    ]
    cells[1].outputs = [nbformat.v4.new_output("stream", text="committed earlier\n")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["language_info"] = {"name": "python"}
    (tree / "notebooks").mkdir(exist_ok=True)
    nbformat.write(notebook, tree / "notebooks" / f"{name}.ipynb")


@pytest.fixture
def tree(tmp_path):
    tree = tmp_path / ANYWHERE
    tree.mkdir()
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, tree / part)
    (tree / "book" / "welcome.md").write_text("# A small book\n")
    (tree / "_toc.yml").write_text(TOC)
    return tree


def text_of(page):
    return html.unescape(re.sub(r"<[^>]*>", "", page.read_text("utf-8")))


def test_a_chapter_that_fails_costs_a_notice_and_not_the_book(tree):
    write(tree, "good", CLAIM.format(1))
    write(tree, "bad", CLAIM.format(3))
    done = make("book", tree)
    assert done.returncode != 0
    pages = tree / "_build" / "html"
    assert (pages / "index.html").exists()
    good, bad = (text_of(pages / f"notebooks/{name}.html") for name in ("good", "bad"))
    message = "Small: “size”: 3, wanted ≤ 2"
    assert "did not run to its end" in bad
    assert message in bad
    assert "committed earlier" in bad
    assert "did not run to its end" not in good
    assert "committed earlier" not in good
    assert "not on this machine" in text_of(pages / "book/scoreboard.html")
    told = [line for line in done.stderr.splitlines() if line.startswith("bad: failed")]
    assert told == [f"bad: failed: cell one, line 3: ClaimError: {message} (of a reason)"]
    assert "Traceback" not in done.stderr

    write(tree, "bad", CLAIM.format(1))
    counted_elsewhere(tree, "bad")
    done = make("book", tree)
    assert done.returncode == 0
    assert "1 of 2 notebooks to execute" in done.stdout
    mended, board = (text_of(pages / f"{n}.html") for n in ("notebooks/bad", "book/scoreboard"))
    assert "did not run to its end" not in mended
    for text in (mended, board):
        assert "here and in 2 of 3 runs elsewhere" in text
    assert "“a is so”: here and in all 3 runs elsewhere" in board
    assert "elsewhere" not in text_of(pages / "notebooks/good.html")


def counted_elsewhere(tree, name):
    """Keep what `make elsewhere` would have counted for a chapter of the tree."""
    notebook = nbformat.read(tree / "notebooks" / f"{name}.ipynb", 4)
    counted = {"runs": 3, "counts": {"size": 2, "a is so": 3}, "here_only": {}}
    counted |= {"conclusions": ["a is so"], "code_hash": results.code_hash(notebook)}
    counted["conclusions_hash"] = results.conclusions_hash("no_such_chapter")
    kept = {"chapters": {name: {"elsewhere": counted}}}
    (tree / "book" / "machine" / "processors.json").write_text(json.dumps(kept), "utf-8")


@pytest.mark.parametrize(
    ("owner", "base", "site"),
    [
        ("example", "", None),
        ("me", "", "https://me.github.io/book"),
        ("me", "https://b.org/1", "https://b.org/1"),
    ],
)
def test_buttons_and_addresses_wait_until_the_book_is_public(tree, owner, base, site):
    write(tree, "good", "1 + 1")
    write(tree, "bad", "1 + 1")
    address = f"https://github.com/{owner}/book"
    settings = (tree / "_config.yml").read_text("utf-8").replace(setup_cell.address(), address)
    settings = settings.replace("\nhtml:\n", f'\nhtml:\n  baseurl: "{base}"\n')
    (tree / "_config.yml").write_text(settings, "utf-8")
    assert make("book", tree).returncode == 0
    text = (tree / "_build/html/notebooks/good.html").read_text("utf-8")
    colab = f"https://colab.research.google.com/github/{owner}/book/blob/main/notebooks/good"
    for target in (colab, "https://mybinder.org", f"{address}/issues", f'"{address}"'):
        assert (target in text) == (site is not None), target
    assert ("github.com" in text) == (site is not None)
    here = [f"{site}/notebooks/good.html"] * 2 if site else []
    assert addresses(BeautifulSoup(text, "html.parser")) == here


def test_a_warning_turns_the_build_red_and_leaves_the_book(tree):
    write(tree, "good", CLAIM.format(1))
    write(tree, "bad", CLAIM.format(1))
    (tree / "book" / "welcome.md").write_text("# A small book\n\n[nowhere](nowhere.md)\n")
    done = make("book", tree)
    assert done.returncode != 0
    assert "nowhere.md" in done.stderr
    for page in ("index", "notebooks/good", "notebooks/bad"):
        assert (tree / "_build" / "html" / f"{page}.html").exists()


@pytest.fixture
def interruptible():
    """Let a child be interrupted: it inherits an ignored SIGINT, as of `nohup`, but no handler."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_run_ends_in_one_line(tree):
    write(tree, "good", "open('begun', 'w').close()\nimport time\ntime.sleep(600)")
    process = subprocess.Popen(
        [sys.executable, "-m", "book.machine.execute"],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree)},
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (tree / "notebooks" / "begun").exists():
        assert process.poll() is None
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert told == "stopped; what was finished is kept\n"
    assert process.returncode == 130
    assert list((tree / "_build").rglob("good-*")) == []


def execute(tree, *arguments):
    return run(sys.executable, "-m", "book.machine.execute", *arguments, cwd=tree)


def test_what_is_stale_is_executed_and_written_as_it_is_committed(tree):
    """The outputs of the result, the set-up cell of the template, nothing of the machine."""
    end = setup_cell.END
    write(tree, "good", f"import sys\ndef with_helpers():\n    return []\n{end}\n1 + 1")
    path = tree / "notebooks" / "good.ipynb"
    notebook = nbformat.read(path, 4)
    notebook.metadata["author"] = "me"
    notebook.cells[1].metadata.update({"tags": ["hide-cell"], "scrolled": True})
    nbformat.write(notebook, path)
    done = execute(tree, "good")
    assert done.returncode == 0
    assert done.stdout.startswith("1 of 1 notebooks to execute\ngood: executed in ")
    assert int(done.stdout.split()[-2]) < 600
    assert nbformat.read(path, 4) == notebook  # without --write it stays as it is
    done = execute(tree, "good", "--write")
    assert (done.returncode, done.stdout) == (0, "0 of 1 notebooks to execute\n")
    written = nbformat.read(path, 4)
    _, cell = written.cells
    assert cell.source == f"{setup_cell.fetching()}\n1 + 1"
    assert [output.data["text/plain"] for output in cell.outputs] == ["2"]
    assert cell.metadata == {"tags": ["hide-cell"]}
    assert set(written.metadata) == {"kernelspec", "language_info", "code_hash"}
    assert path.read_text("utf-8").endswith("}\n")


def test_all_are_executed_and_what_failed_is_told_with_advice(tree):
    write(tree, "good", "1 + 1")
    write(tree, "bad", "1 / 0")
    done = execute(tree, "other")
    assert (done.returncode, done.stderr) == (2, "NAME is other; it may be bad, good\n")
    assert execute(tree).returncode == 1
    done = execute(tree, "--failed")
    assert done.returncode == 1
    failed, advice = done.stderr.splitlines()
    assert failed == "bad: failed: cell one, line 1: ZeroDivisionError: division by zero"
    assert "make lab" in advice
    done = execute(tree)
    assert done.stdout.startswith("1 of 2 notebooks to execute\n")
    write(tree, "bad", "1 + 1")
    assert execute(tree).returncode == 0
    done = execute(tree, "--failed")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_dead_link_turns_make_links_red(tree):
    """On a server of our own; a DOI is asked for at its registry."""
    (tree / "_toc.yml").write_text("format: jb-book\nroot: book/welcome\n")
    (tree / "alive.html").write_text("alive")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tree)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for page, green in (("alive", True), ("dead", False)):
            link = f"http://127.0.0.1:{server.server_port}/{page}.html"
            (tree / "book" / "welcome.md").write_text(f"# A small book\n\n[a link]({link})\n")
            done = make("links", tree)
            assert (done.returncode == 0) == green, done.stderr
            assert (f"broken link: {link}" in done.stderr) != green
        server.shutdown()
    assert site.registered(None, "https://doi.org/10.1/a") == "https://doi.org/api/handles/10.1/a"
    assert site.registered(None, "https://arxiv.org/abs/1") is None
