"""Take one page of the book: have it built anew, or take pictures of it.

Usage: python -m tests.tools.page renew|look NAME

NAME is a chapter or a page of prose, such as siren or teaching. `renew` has the next build, which
keeps the other pages, make this one. `look` writes the page into `_build/look` as it shows in the
light, in the dark and on a phone, in pieces that are small enough to look at.
"""

import io
import sys

from PIL import Image
from playwright.sync_api import sync_playwright

from book.machine import prints, results
from book.machine.chromium import CHROMIUM, FLAGS

LOOK = results.ROOT / "_build" / "look"
# the colour scheme, the width and the height of the screen; a piece has two screens
SHOWN = {
    "light": ("light", 1280, 900),
    "dark": ("dark", 1280, 900),
    "phone": ("light", 390, 844),
}


def known():
    """Return {NAME: the page}, such as "siren": "notebooks/siren"."""
    return {page.rpartition("/")[2]: page for page in prints.pages()}


def renew(page):
    """Forget what Sphinx keeps of a page: its source may be the same, and its result newer."""
    (results.ROOT / "_build" / ".doctrees" / f"{page}.doctree").unlink(missing_ok=True)


def look(page):
    """Write the pictures of a built page, and tell where they are."""
    name = page.rpartition("/")[2]
    LOOK.mkdir(parents=True, exist_ok=True)
    for old in LOOK.glob(f"{name}-*.png"):
        old.unlink()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for kind, (scheme, width, height) in SHOWN.items():
            shown = browser.new_page(
                viewport={"width": width, "height": height}, color_scheme=scheme
            )
            shown.goto((prints.HTML / f"{page}.html").as_uri(), wait_until="load")
            # a picture below the screen is loaded when it comes into view
            shown.evaluate("""async () => {
                const images = [...document.images];
                images.forEach(image => image.loading = "eager");
                await Promise.all(images.map(image => image.decode().catch(() => null)));
            }""")
            whole = Image.open(io.BytesIO(shown.screenshot(full_page=True)))
            tops = range(0, whole.height, 2 * height)
            for number, top in enumerate(tops, 1):
                piece = whole.crop((0, top, width, min(top + 2 * height, whole.height)))
                piece.save(LOOK / f"{name}-{kind}-{number:02}.png")
            print(f"_build/look/{name}-{kind}-01.png to {len(tops):02}", flush=True)
        browser.close()


def main(verb, name):
    """Do what is asked for; return the exit status."""
    if name not in known():
        print(f"NAME is {name}; it may be {', '.join(known())}: what _toc.yml has", file=sys.stderr)
        return 2
    page = known()[name]
    if verb == "renew":
        renew(page)
    elif CHROMIUM is None:
        print("There is no Chromium on this machine to take pictures with.", file=sys.stderr)
        return 2
    else:
        look(page)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
