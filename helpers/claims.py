"""The ledger of claims: each number that a chapter relies on, beside its bound and its reason."""

import html
import math
from dataclasses import asdict, dataclass

from IPython.display import display

MIME = "application/vnd.ask-predict-run-check.claims+json"
MARKS = {True: "✓", False: "✗", None: "measured:"}


class ClaimError(AssertionError):
    """A claim that its measurement does not bear out."""


@dataclass(frozen=True)
class Claim:
    """One line of the ledger; `held` is None where a figure is only shown.

    `number`, `low` and `high` are the value and its bounds once more, for whoever compares
    machines; each is None where there is none.
    """

    text: str
    value: str
    bound: str
    why: str
    held: bool | None
    number: float | None = None
    low: float | None = None
    high: float | None = None


class Claims:
    """Collects a chapter's claims; one that fails raises `ClaimError` at once.

    Each method takes the claim in words, what was measured, its bound, and `why` the bound is
    what it is. A NaN fails every claim.
    """

    def __init__(self, chapter):
        self.chapter = chapter
        self.claims = []

    def below(self, text, value, bound, *, why):
        """Claim that `value` ≤ `bound`."""
        self._enter(text, value, f"≤ {number_text(bound)}", why, value <= bound, high=bound)

    def above(self, text, value, bound, *, why):
        """Claim that `value` ≥ `bound`."""
        self._enter(text, value, f"≥ {number_text(bound)}", why, value >= bound, low=bound)

    def between(self, text, value, low, high, *, why):
        """Claim that `low` ≤ `value` ≤ `high`."""
        bound = f"{number_text(low)} to {number_text(high)}"
        self._enter(text, value, bound, why, low <= value <= high, low, high)

    def close(self, text, value, expected, *, within, why):
        """Claim that |`value` − `expected`| ≤ `within`."""
        bound = f"{number_text(expected)} ± {number_text(within)}"
        held = abs(value - expected) <= within
        self._enter(text, value, bound, why, held, expected - within, expected + within)

    def equal(self, text, value, expected, *, why):
        """Claim that `value` == `expected`, exactly."""
        bound = f"= {number_text(expected)}"
        self._enter(text, value, bound, why, value == expected, expected, expected)

    def show(self, text, value, *, why):
        """Show `value` without a bound; speed belongs here, since machines are busy."""
        self._enter(text, value, "", why, None)

    def refuse(self, claim):
        """Raise `ClaimError` for a claim that failed."""
        raise ClaimError(
            f"{self.chapter}: “{claim.text}”: {claim.value}, wanted {claim.bound} ({claim.why})"
        )

    def _enter(self, text, value, bound, why, held, low=None, high=None):
        if held is not None:
            held = bool(held)
        numbers = map(_finite, (value, low, high))
        claim = Claim(text, number_text(value), bound, why, held, *numbers)
        # a reader runs a cell twice: the newer measurement counts
        self.claims = [c for c in self.claims if c.text != text] + [claim]
        if held is False:
            self.refuse(claim)
        beside = f" ({bound})" if bound else ""
        print(f"{MARKS[held]} {text}: {claim.value}{beside}")

    def table(self):
        """Display the ledger, as a table to read and as data for the book's scoreboard."""
        if not self.claims:
            raise ValueError(f"the chapter {self.chapter!r} has claimed nothing yet")
        data = {"chapter": self.chapter, "claims": [asdict(claim) for claim in self.claims]}
        plain = "\n".join(f"{MARKS[c.held]} {c.text}: {c.value} {c.bound}" for c in self.claims)
        display(
            {"text/html": claims_html(self.chapter, self.claims), "text/plain": plain, MIME: data},
            raw=True,
        )


def claims_html(chapter, claims, columns=None):
    """Return the claims of a chapter as an HTML table that scrolls where it is too wide.

    `columns` maps the name of a further column to its cells: from the text of a claim to words,
    such as what it measured on several processors.
    """
    columns = columns or {}
    names = ["Claim", "Measured", "Bound", "Why", *columns]
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = ""
    for c in claims:
        cells = [c.value, c.bound, c.why, *(column.get(c.text, "–") for column in columns.values())]
        mark = "" if c.held is None else f"{MARKS[c.held]} "
        rows += f'<tr><th scope="row">{mark}{html.escape(c.text)}</th>'
        rows += "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"
    return (
        '<div role="region" tabindex="0" style="overflow-x:auto" '
        f'aria-label="Claims of the chapter {html.escape(chapter)}">'
        '<table class="claims" style="text-align:left">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _finite(value):
    """Return `value` as a float, or None where it is no finite number."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def number_text(value):
    """Return a number as a reader wants it: integers whole, the rest with four digits."""
    if isinstance(value, str):
        return value
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, (bool, int)):
        return str(value)
    if isinstance(value, float):
        if math.isfinite(value) and value != 0 and not 1e-3 <= abs(value) < 1e5:
            return f"{value:.2e}"
        return f"{value:.4g}"
    return str(value)
