"""What stands beside a chapter, in tests/chapters/NAME.py: cells, conclusions and notes.

A cell `# %% concludes: SENTENCE` asserts a sentence of the page from what the chapter computed.
Comment lines say more of it:

    # elsewhere, CELL: BEFORE → AFTER: WHAT IT MEANS   a change with which `make elsewhere` runs it
    # here only, CLAIM OR SENTENCE: REASON             what is not to hold there
    # accepted, exercise N: ANSWER: REASON             what the check may accept of tests/trials.py
    # hidden, exercise N: BEFORE → AFTER               other data for the check, where it is marked
    # entry: EXPRESSION of picture                     what bad pictures are handed to
"""

import re
from itertools import pairwise
from pathlib import Path

# what a kernel runs for a cell of tests/chapters: the cell, then the check of an exercise, if any
BESIDE = """
def run_beside(source, file, check, refused):
    names = globals()
    before = dict(names)
    try:
        exec(compile(source, file, "exec"), names)
        try:
            exec(compile(check, "the check of the exercise", "exec"), names)
        except AssertionError:
            if not refused:
                raise
        else:
            assert not refused, "the check of the exercise accepts this answer"
    finally:
        for name in names.keys() - before.keys():
            del names[name]
        names.update(before)
"""

CONCLUDES = "concludes: "
ANSWER = re.compile(r"(wrong|right), exercise (\d+): \S")
ELSEWHERE = re.compile(r"^# elsewhere, ([a-z0-9-]+): (.+) → (.+): (\S.*)$", re.M)
ACCEPTED = re.compile(r"^# accepted, exercise (\d+): (.+?): (\S.*)$", re.M)
HIDDEN = re.compile(r"^# hidden, exercise (\d+): (.+) → (.+)$", re.M)
ENTRY = re.compile(r"^# entry: (\S.*)$", re.M)
HERE_ONLY = re.compile(r"^# here only, (.+)$", re.M)


def file_of(notebook):
    """Return where the checks beside a notebook stand."""
    notebook = Path(notebook)
    return notebook.parents[1] / "tests" / "chapters" / f"{notebook.stem}.py"


def text_of(notebook):
    """Return the text beside a notebook, which may be none."""
    file = file_of(notebook)
    return file.read_text("utf-8") if file.exists() else ""


def checks_of(notebook):
    """Return (title, first line, source) for each cell of the file beside a notebook."""
    lines = text_of(notebook).splitlines()
    starts = [i for i, line in enumerate(lines) if line.startswith("# %%")]
    return [
        (lines[i].removeprefix("# %%").strip(), i + 1, "\n".join(lines[i:j]))
        for i, j in pairwise([*starts, len(lines)])
    ]


def conclusions_of(notebook):
    """Return (sentence, first line, source) for each conclusion of a chapter."""
    return [
        (title.removeprefix(CONCLUDES), line, source)
        for title, line, source in checks_of(notebook)
        if title.startswith(CONCLUDES)
    ]


def in_kernel(source, file, line, check="", refused=False):
    """Return the code that runs a cell of `file` in a chapter's kernel, and a check after it."""
    text = "\n" * (line - 1) + source
    return f"{BESIDE}\nrun_beside({text!r}, {str(file)!r}, {check!r}, {refused})"


def elsewhere_of(notebook):
    """Return (cell id, before, after, what it means) for each change that a chapter names."""
    return ELSEWHERE.findall(text_of(notebook))


def here_only_of(notebook, texts):
    """Return {text: reason} for the claims and conclusions, among `texts`, said to hold only here.

    Raises ValueError for a line that names none of them, or that has no reason.
    """
    found = {}
    for said in HERE_ONLY.findall(text_of(notebook)):
        named = [text for text in texts if said.startswith(f"{text}: ")]
        if not named:
            raise ValueError(f"“{said}” is no claim or conclusion with ': ' and a reason")
        text = max(named, key=len)
        found[text] = said.removeprefix(f"{text}: ")
    return found


def accepted_of(notebook, exercise):
    """Return the answers made from a solution that the check of an exercise may accept."""
    found = ACCEPTED.findall(text_of(notebook))
    return [title for number, title, _ in found if int(number) == exercise]


def hidden_of(notebook, exercise, check):
    """Return the check of an exercise with other data.

    Raises ValueError where no line names other data, or where what it changes does not stand in
    the check exactly once.
    """
    changes = [c for c in HIDDEN.findall(text_of(notebook)) if int(c[0]) == exercise]
    if not changes:
        raise ValueError(f"no line “# hidden, exercise {exercise}: BEFORE → AFTER”")
    for _, before, after in changes:
        if check.count(before) != 1:
            raise ValueError(f"hidden, exercise {exercise}: {before!r} must stand once in it")
        check = check.replace(before, after)
    return check


def entries_of(notebook):
    """Return the expressions of `picture` that take a reader's picture."""
    return ENTRY.findall(text_of(notebook))


def plain(markdown):
    """Return the letters of a text: without links, marks of Markdown and formulas, and blanks."""
    return re.sub(r"[*_`$\s]", "", re.sub(r"\[([^]]*)\]\([^)\s]*\)", r"\1", markdown))
