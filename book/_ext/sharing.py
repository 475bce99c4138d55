"""Sphinx extension: the address that a page gives for itself to those who share it."""

import re

PLACEHOLDER = "example"  # the owner in `_config.yml` until the book has a repository


def find_site(app, config):
    """Find where the pages will be: at `html.baseurl`, or with GitHub beside their repository."""
    owner, name = config.html_theme_options["repository_url"].rstrip("/").split("/")[-2:]
    if config.html_baseurl:
        config.html_baseurl = config.html_baseurl.rstrip("/") + "/"
    elif owner != PLACEHOLDER:
        config.html_baseurl = f"https://{owner}.github.io/{name}/"
    config.ogp_site_url = config.html_baseurl


def drop_address(app, page, template, context, doctree):
    """Leave the address out where there is none."""
    if doctree and not app.config.ogp_site_url:
        context["metatags"] = re.sub(r'<meta property="og:url"[^>]*>\n', "", context["metatags"])


def setup(app):
    """Register the extension."""
    app.connect("config-inited", find_site)
    app.connect("html-page-context", drop_address, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
