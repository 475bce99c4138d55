"""The Sphinx extension of the book: what its pages have beyond Jupyter Book's.

The events are connected here alone, in the order in which Sphinx emits them.
"""

from book.machine.site import captions, chapters, downloads, formulas, light, sharing, terms

DOI, REGISTRY = "https://doi.org/", "https://doi.org/api/handles/"


def registered(app, uri):
    """Return where `make links` asks for a DOI: the publisher behind it often refuses robots."""
    return uri.replace(DOI, REGISTRY, 1) if uri.startswith(DOI) else None


def setup(app):
    """Register the extension; README.md of the machine gives the reason of each priority."""
    app.add_directive("chapters", chapters.Chapters)
    app.add_directive("scoreboard", chapters.Scoreboard)
    inline, block = formulas.visit("inline"), formulas.visit("block")
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    app.connect("config-inited", sharing.find_site)
    app.connect("config-inited", captions.no_numbers_of_sphinx, priority=900)
    app.connect("builder-inited", captions.save_thumbnails)
    app.connect("source-read", chapters.read_result)
    app.add_transform(captions.Captions)
    app.add_transform(terms.FirstUses)
    app.add_transform(terms.Citations)
    app.connect("env-updated", formulas.cut_font)
    app.connect("html-page-context", sharing.describe, priority=400)
    app.connect("html-page-context", formulas.keep_on_page)
    app.connect("html-page-context", downloads.offer_student, priority=502)
    app.connect("html-page-context", sharing.drop_address, priority=900)
    app.connect("html-page-context", captions.finish_images, priority=950)
    app.connect("build-finished", downloads.write_editions)
    app.connect("build-finished", light.lighten, priority=900)
    app.connect("linkcheck-process-uri", registered)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
