"""Set the address of the repository wherever it stands.

Usage: python book/_ext/publish.py URL

The outputs of the notebooks stay: no result depends on the address. The hash of the code, which
covers it, is written anew.
"""

import re
import sys

import execute
import nbformat
import results

PLACES = ("_config.yml", "*.md", "*.cff", "*.toml", "book/*.md", "book/*.json", "notebooks/*.ipynb")


def main(url):
    """Replace the address that `_config.yml` names by `url`; return the exit status."""
    new = url.removesuffix("/").removesuffix(".git")
    if not re.fullmatch(r"https://github\.com/[\w-]+/[\w.-]+", new, re.ASCII):
        print(f"URL is '{url}'; it may be https://github.com/OWNER/NAME", file=sys.stderr)
        return 2
    old = re.escape(execute.address()) + r"(?![\w-])"
    before = {p: p.read_text("utf-8") for place in PLACES for p in results.ROOT.glob(place)}
    after = {path: re.sub(old, new, text) for path, text in before.items()}
    for path in results.notebooks():
        hashes = [results.code_hash(nbformat.reads(text[path], 4)) for text in (before, after)]
        for holder in (path, results.PROCESSORS):
            after[holder] = after[holder].replace(*hashes)
    changed = [path for path in before if after[path] != before[path]]
    for path in changed:
        path.write_text(after[path], "utf-8")
    print(f"the address is {new}; {len(changed)} files changed")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
