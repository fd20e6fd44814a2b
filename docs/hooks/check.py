"""Fails the build if a link of the site leads nowhere, or if a page loads something from another host."""

from __future__ import annotations

import logging
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

_LOG = logging.getLogger("mkdocs.hooks.check")
#: What a browser fetches by itself.
_LOADED = {(tag, "src") for tag in ("script", "img", "iframe", "source")} | {("link", "href"), ("object", "data")}
_STYLE = re.compile(r"""(?:url\(\s*['"]?|@import\s+['"])(https?:)?//""")


class _Page(HTMLParser):
    """The links, what is loaded and the anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value is None:
                continue
            if name == "id" or (tag, name) == ("a", "name"):
                self.anchors.add(value)
            if (tag, name) == ("a", "href"):
                self.links.add(value)
            if (tag, name) in _LOADED:
                self.loaded.add(value)


def on_post_build(config: Any) -> None:
    """Look at every page that was built."""
    site = Path(config["site_dir"])
    pages = {file: _Page(file.read_text(encoding="utf-8")) for file in sorted(site.rglob("*.html"))}
    for file, page in pages.items():
        if file.name == "404.html":  # Its links begin at the root of a host.
            continue
        for link in sorted(page.links | page.loaded):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                if link in page.loaded:
                    _LOG.warning("%s loads %s", file.relative_to(site), link)
                continue
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                _LOG.warning("%s: %s leads nowhere", file.relative_to(site), link)
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
                _LOG.warning("%s: %s has no such anchor", file.relative_to(site), link)
    for file in sorted(site.rglob("*.css")):
        if _STYLE.search(file.read_text(encoding="utf-8")):
            _LOG.warning("%s loads something from another host", file.relative_to(site))
