"""The ledger of claims: each number that a chapter relies on, beside its bound and its reason."""

import html
import math
from dataclasses import asdict, dataclass

from IPython.display import display

MIME = "application/vnd.ask-predict-run-check.claims+json"


class ClaimError(AssertionError):
    """A claim that its measurement does not bear out."""


@dataclass(frozen=True)
class Claim:
    """One line of the ledger; `held` is None where a figure is only shown."""

    text: str
    value: str
    bound: str
    why: str
    held: bool | None


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
        self._enter(text, value, f"≤ {_number(bound)}", why, value <= bound)

    def above(self, text, value, bound, *, why):
        """Claim that `value` ≥ `bound`."""
        self._enter(text, value, f"≥ {_number(bound)}", why, value >= bound)

    def between(self, text, value, low, high, *, why):
        """Claim that `low` ≤ `value` ≤ `high`."""
        bound = f"{_number(low)} to {_number(high)}"
        self._enter(text, value, bound, why, low <= value <= high)

    def close(self, text, value, expected, *, within, why):
        """Claim that |`value` − `expected`| ≤ `within`."""
        bound = f"{_number(expected)} ± {_number(within)}"
        self._enter(text, value, bound, why, abs(value - expected) <= within)

    def equal(self, text, value, expected, *, why):
        """Claim that `value` == `expected`, exactly."""
        self._enter(text, value, f"= {_number(expected)}", why, value == expected)

    def show(self, text, value, *, why):
        """Show `value` without a bound; speed belongs here, since machines are busy."""
        self._enter(text, value, "", why, None)

    def _enter(self, text, value, bound, why, held):
        if held is not None:
            held = bool(held)
        claim = Claim(text, _number(value), bound, why, held)
        if any(c.text == text for c in self.claims):
            # a reader runs a cell twice: the newer measurement counts
            self.claims = [c for c in self.claims if c.text != text]
        if held is False:
            raise ClaimError(f"{self.chapter}: “{text}”: {claim.value}, wanted {bound} ({why})")
        self.claims.append(claim)
        print(f"{'measured:' if held is None else '✓'} {text}: {claim.value} ({bound})")

    def table(self):
        """Display the ledger, as a table to read and as data for the book's scoreboard."""
        if not self.claims:
            raise ValueError(f"the chapter {self.chapter!r} has claimed nothing yet")
        data = {"chapter": self.chapter, "claims": [asdict(claim) for claim in self.claims]}
        plain = "\n".join(f"{c.text}: {c.value} ({c.bound})" for c in self.claims)
        display(
            {"text/html": claims_html(self.chapter, self.claims), "text/plain": plain, MIME: data},
            raw=True,
        )


def claims_html(chapter, claims):
    """Return the claims of a chapter as an HTML table that scrolls where it is too wide."""
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Claim", "Measured", "Bound", "Why"))
    mark = {True: "✓ ", False: "✗ ", None: ""}
    rows = "".join(
        f'<tr><th scope="row">{mark[c.held]}{html.escape(c.text)}</th>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in (c.value, c.bound, c.why))
        + "</tr>"
        for c in claims
    )
    return (
        '<div role="region" tabindex="0" style="overflow-x:auto" '
        f'aria-label="Claims of the chapter {html.escape(chapter)}">'
        '<table class="claims" style="text-align:left">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _number(value):
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
