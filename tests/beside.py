"""What stands beside a chapter, in tests/chapters/NAME.py: cells, conclusions and notes.

A cell `# %% concludes: SENTENCE` asserts a sentence of the page from what the chapter computed. A
note is a comment line `# KIND, WHAT: …`; each kind is read where it is used.
"""

import re
from itertools import pairwise
from pathlib import Path

CONCLUDES = "concludes: "
# chapters whose sentences are not held yet: nothing is tried there, and this list only shrinks
NOT_YET = {
    "conv_pseudo_inverse",
    "essential_matrix",
    "gp_prior_samples",
    "iwae_vs_vae",
    "mf_inpainting",
    "random_fourier_features",
    "rnn_numerics",
    "svd_compression_tensorflow",
    "svd_compression_torch",
    "tensorflow_gradients",
}


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


def plain(markdown):
    """Return the letters of a text: without links, marks of Markdown and formulas, and blanks."""
    return re.sub(r"[*_`$\s]", "", re.sub(r"\[([^]]*)\]\([^)\s]*\)", r"\1", markdown))
