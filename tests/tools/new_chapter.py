"""Begin a chapter: write all that belongs to one, with *to do* where the author's words go.

Usage: python -m tests.tools.new_chapter NAME

The notebook and the checks beside it are copies of the templates. The entries stand last in
`_toc.yml`, in the table of `README.md` and on the page `book/teaching.md`. It needs no package, so
nothing has to be installed before.
"""

import json
import re
import sys
from pathlib import Path

ENTRY = """
### {title}

- **The belief.** *to do*: “What many believe before the run.” What the run shows.
- **Talk about it.** *to do*: a question that has no single answer.
- **And about this.** *to do*: another one.
- **In class.** *to do*: where students get stuck in an exercise, and what helps them.
- **To hand in.** *to do*: one exercise with its check passed, and a sentence that shows why.

Open the chapter: [{title}](../notebooks/{name}.ipynb)
"""
NEXT = """\
notebooks/{name}.ipynb, tests/chapters/{name}.py: copies of the templates
_toc.yml, README.md, book/teaching.md: an entry in each, and a lab on the page for teachers
Next: write it with `make lab`; `make notebooks NAME={name}` runs it and keeps its outputs; \
`make test NAME={name}` tells what is still to do; CONTRIBUTING.md tells how a chapter is made."""


def wrong(name, root=Path()):
    """Return why a chapter cannot have this name, or None."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        return f"NAME is '{name}'; it must be a word like my_topic: make chapter NAME=my_topic"
    files = [f"notebooks/{name}.ipynb", f"tests/chapters/{name}.py"]
    taken = [file for file in files if (root / file).exists()]
    return f"NAME is {name}, which is taken: there is {' and '.join(taken)}" if taken else None


def notebook(template, title):
    """Return the text of the template's notebook under another title, without its outputs."""
    copied = json.loads(template)
    del copied["metadata"]["code_hash"]
    copied["cells"][0]["source"][0] = f"# {title}\n"
    for cell in copied["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = [line.replace("Chapter template", title) for line in cell["source"]]
            cell["outputs"], cell["execution_count"] = [], None
    return json.dumps(copied, indent=1, ensure_ascii=False) + "\n"


def after_last(pattern, text, line):
    """Return the text with a line put after the last one that the pattern matches."""
    last = list(re.finditer(rf"^{pattern}.*\n", text, re.M))[-1]
    return text[: last.end()] + line + "\n" + text[last.end() :]


def write(name, root=Path()):
    """Write a new chapter into the repository at `root`."""
    title = name.replace("_", " ").capitalize()
    link = f"[{title}](notebooks/{name}.ipynb)"
    place = f"      - file: notebooks/{name}  # to do: move it to the part where it belongs"
    row = f"| {link} | *to do*: what does it ask, in a line? |"
    lab = f"| {link.replace('(', '(../')} | *to do*: what a student must know |"

    def text(file):
        return (root / file).read_text("utf-8")

    files = {
        f"notebooks/{name}.ipynb": notebook(text("notebooks/_template.ipynb"), title),
        f"tests/chapters/{name}.py": text("tests/chapters/_template.py"),
        "_toc.yml": after_last(r" +- file: notebooks/", text("_toc.yml"), place),
        "README.md": after_last(r"\| \[.*\]\(notebooks/", text("README.md"), row),
        "book/teaching.md": after_last(r"\| \[.*\]\(\.\./notebooks/", text("book/teaching.md"), lab)
        + ENTRY.format(title=title, name=name),
    }
    for file, new in files.items():
        (root / file).write_text(new, "utf-8")


if __name__ == "__main__":
    name = " ".join(sys.argv[1:])
    if why := wrong(name):
        print(why, file=sys.stderr)
        sys.exit(2)
    write(name)
    print(NEXT.format(name=name))
