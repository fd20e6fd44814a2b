"""Gives the site pages for files outside docs/ that its pages link to, so that a link is right in a clone and there."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[2]
#: Pages of their own; every other file is shown as it is, below ``source``.
PAGES = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "examples/programs/README.md": "guides/languages.md",
}
LANGUAGES = {".sql": "sql", ".py": "python", ".md": "markdown", ".go": "go", ".js": "js", ".json": "json"}
_LINK = re.compile(r"\]\(([^)\s#]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: Any) -> Files:
    """Add a page for each file to which a page links."""
    texts = {f"docs/{file.src_uri}": file.content_string for file in files if file.src_uri.endswith(".md")}
    for path, target in PAGES.items():
        texts[path] = (ROOT / path).read_text(encoding="utf-8")
        files.append(File.generated(config, target, content=_moved(texts[path], path, target)))
    linked = {target for path, text in texts.items() for target in _outside(text, path)}
    for path in sorted(linked - PAGES.keys()):
        files.append(File.generated(config, _target(path), content=_shown(path)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Let links to files outside docs/ lead to their pages."""
    source = page.file.src_uri
    if source in PAGES.values() or source.startswith("source/"):
        return markdown
    return _moved(markdown, f"docs/{source}", source)


def _resolve(link: str, path: str) -> str | None:
    if re.match(r"[\w+.-]+:", link):
        return None
    return os.path.normpath(os.path.join(os.path.dirname(path), link))


def _outside(text: str, path: str) -> set[str]:
    found = {_resolve(link, path) for link, _ in _LINK.findall(text)}
    return {target for target in found if target and not target.startswith("docs/") and (ROOT / target).exists()}


def _target(path: str) -> str:
    """Return the page of a file of the project."""
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    return PAGES.get(path) or f"source/{path}.md"


def _moved(text: str, path: str, page: str) -> str:
    """Return a text of the project with the links that it needs as a page of the site."""

    def replace(match: re.Match[str]) -> str:
        resolved = _resolve(match[1], path)
        if resolved is None or not (ROOT / resolved).exists():
            return match[0]
        link = os.path.relpath(_target(resolved), os.path.dirname(page) or ".")
        return f"]({link}{match[2] or ''})"

    return _LINK.sub(replace, text)


def _shown(path: str) -> str:
    file = ROOT / path
    head = f"---\nsearch:\n  exclude: true\n---\n# {path}\n\n"
    if file.is_dir():
        names = sorted(child.name + "/" * child.is_dir() for child in file.iterdir() if child.name != "__pycache__")
        return head + "\n".join(f"- `{name}`" for name in names) + "\n"
    language = LANGUAGES.get(file.suffix, "")
    return f"{head}````{language}\n{file.read_text(encoding='utf-8').rstrip()}\n````\n"
