"""HTML from Markdown as mail programs want it: they know style="" and little else."""

from __future__ import annotations

import re

from markupsafe import Markup

SERIF = "Georgia,'Times New Roman',serif"
STYLES = {
    "h1": f"margin:0 0 16px;font:700 24px/1.25 {SERIF};color:#1d1e24;",
    "h2": f"margin:24px 0 12px;font:700 19px/1.3 {SERIF};color:#1d1e24;",
    "h3": f"margin:20px 0 8px;font:700 17px/1.3 {SERIF};color:#1d1e24;",
    "p": "margin:0 0 16px;",
    "ul": "margin:0 0 16px;padding:0 0 0 24px;",
    "ol": "margin:0 0 16px;padding:0 0 0 24px;",
    "li": "margin:0 0 4px;",
    "blockquote": "margin:0 0 16px;padding:0 0 0 14px;border-left:3px solid #b9b5a8;",
    "a": "color:#3346c2;",
    "pre": "margin:0 0 16px;white-space:pre-wrap;",
    "code": "font-family:Menlo,Consolas,monospace;font-size:14px;",
    "hr": "margin:24px 0;border:0;border-top:1px solid #e2dfd6;",
    "table": "margin:0 0 16px;border-collapse:collapse;",
    "th": "padding:6px 12px 6px 0;text-align:left;",
    "td": "padding:6px 12px 6px 0;",
}
TAG = re.compile(rf"<({'|'.join(STYLES)})(?=[\s>])")


def style_for_mail(html: Markup) -> Markup:
    """Return the same HTML with the look of the house's messages on each tag."""
    return Markup(TAG.sub(_with_style, html))  # noqa: S704 - only constants are added


def _with_style(tag: re.Match[str]) -> str:
    plain = ' class="plain"' if tag[1] == "a" else ""
    return f'<{tag[1]}{plain} style="{STYLES[tag[1]]}"'
