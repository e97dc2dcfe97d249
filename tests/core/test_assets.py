from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from eventapp.core import assets
from eventapp.core.access import access_of

STATIC = Path(assets.__file__).parents[1] / "static"
TEMPLATES = Path(assets.__file__).parents[2] / "templates"
SHARED_SCRIPTS = ("theme", "local-times", "flash", "dialog", "copy", "reorder")
KILOBYTE = 1024

# Text on ground, as the components pair them.
READABLE_PAIRS = [
    *[
        (ink, ground)
        for ink in ("ink", "ink-soft", "ink-faint")
        for ground in ("paper", "surface", "sunken", "accent-soft")
    ],
    *[("accent", ground) for ground in ("paper", "surface", "sunken", "accent-soft")],
    *[("bad", ground) for ground in ("paper", "surface", "bad-soft")],
    *[("ink", f"{tone}-soft") for tone in ("good", "warn", "bad")],
    ("accent-strong", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("good", "good-soft"),
    ("warn", "warn-soft"),
    ("on-live", "live"),
    ("surface", "bad"),
    ("paper", "ink"),
]


@pytest.fixture
def site(tmp_path: Path) -> Flask:
    """An application with nothing but a copy of the assets."""
    for kind in ("css", "js"):
        (tmp_path / kind).mkdir()
        for path in (STATIC / kind).glob(f"*.{kind}"):
            (tmp_path / kind / path.name).write_text(path.read_text("utf-8"), "utf-8")
    return build_site(tmp_path)


def build_site(static: Path) -> Flask:
    app = Flask("site", static_folder=str(static))
    assets.init_app(app)
    return app


def address(app: Flask, expression: str) -> str:
    with app.test_request_context():
        return render_template_string("{{ " + expression + " }}")


# -- how they are served -----------------------------------------------------------------------


def test_stylesheet_holds_every_file_in_the_declared_order(site: Flask) -> None:
    answer = site.test_client().get(address(site, "stylesheet_url()"))

    parts = [(STATIC / "css" / f"{name}.css").read_text("utf-8") for name in assets.CSS_ORDER]
    assert answer.mimetype == "text/css"
    assert answer.text == "\n".join(parts)


@pytest.mark.parametrize("expression", ["stylesheet_url()", "module_url('reorder')"])
def test_asset_under_its_own_version_is_kept_for_good(site: Flask, expression: str) -> None:
    answer = site.test_client().get(address(site, expression))

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/assets/app.old.css", "/assets/js/old/reorder.js"])
def test_asset_asked_for_under_another_version_is_not_kept(site: Flask, path: str) -> None:
    answer = site.test_client().get(path)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_asset_is_compressed_for_those_who_take_it(site: Flask) -> None:
    client = site.test_client()
    url = address(site, "stylesheet_url()")

    plain = client.get(url)
    packed = client.get(url, headers={"Accept-Encoding": "gzip, br"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data) == plain.data


def test_script_has_the_type_that_modules_need(site: Flask) -> None:
    answer = site.test_client().get(address(site, "module_url('copy')"))

    assert answer.mimetype == "text/javascript"


def test_unknown_script_is_not_found(site: Flask) -> None:
    answer = site.test_client().get("/assets/js/any/none.js")

    assert answer.status_code == 404


def test_template_naming_an_unknown_script_fails(site: Flask) -> None:
    with pytest.raises(LookupError, match="none"):
        address(site, "module_url('none')")


def test_version_changes_with_any_script(site: Flask) -> None:
    before = address(site, "module_url('copy')")
    static = Path(site.static_folder or "")
    (static / "js" / "theme.js").write_text("// changed", "utf-8")

    after = address(build_site(static), "module_url('copy')")

    assert before.rsplit("/", 1)[1] == after.rsplit("/", 1)[1]
    assert before != after


def test_assets_are_open_to_anyone(site: Flask) -> None:
    marks = [access_of(site, name) for name in ("assets.stylesheet", "assets.script")]

    assert marks == ["public", "public"]


# -- what they hold ----------------------------------------------------------------------------


def test_every_css_file_has_its_place_in_the_order() -> None:
    files = {path.stem for path in (STATIC / "css").glob("*.css")}

    assert files == set(assets.CSS_ORDER)


def test_stylesheet_stays_light() -> None:
    stylesheet = assets.read_assets(STATIC).stylesheet

    assert len(stylesheet.compressed) <= 19 * KILOBYTE


def test_shared_scripts_stay_light() -> None:
    scripts = assets.read_assets(STATIC).scripts

    assert sum(len(scripts[name].compressed) for name in SHARED_SCRIPTS) <= 6 * KILOBYTE


def test_stylesheet_loads_nothing() -> None:
    text = assets.read_assets(STATIC).stylesheet.text

    assert re.findall(r"@import|@font-face|url\(", text) == []


def test_every_token_used_is_declared() -> None:
    text = assets.read_assets(STATIC).stylesheet.text

    used = set(re.findall(r"var\((--[\w-]+)", text))

    assert used - set(re.findall(r"(--[\w-]+):", text)) == set()


def markup_of(path: Path) -> str:
    """Return a template's own HTML, without its comments and instructions."""
    text = re.sub(r"{#.*?#}", "", path.read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)


def test_templates_hold_no_inline_script_or_style() -> None:
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)")

    offenders = [
        path.relative_to(TEMPLATES).as_posix()
        for folder in ("layouts", "components", "errors")
        for path in (TEMPLATES / folder).rglob("*.html")
        if inline.search(markup_of(path))
    ]

    assert offenders == []


# -- colours -----------------------------------------------------------------------------------


def colours(opening: str) -> dict[str, str]:
    """Return the colour tokens of the block of tokens.css that begins with `opening`."""
    text = (STATIC / "css" / "tokens.css").read_text("utf-8")
    block = text.split(opening, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block))


LIGHT = colours(":root {")
DARK = colours(':root[data-theme="dark"] {')


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    red, green, blue = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_dark_by_wish_and_dark_by_choice_are_the_same() -> None:
    assert colours(':root:not([data-theme="light"]) {') == DARK


def test_dark_changes_every_colour() -> None:
    assert DARK.keys() == LIGHT.keys()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), READABLE_PAIRS)
def test_text_is_readable_on_its_ground(theme: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(theme[ink], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "surface", "sunken"])
def test_edge_of_a_control_can_be_seen(theme: dict[str, str], ground: str) -> None:
    assert contrast(theme["line-strong"], theme[ground]) >= 3
