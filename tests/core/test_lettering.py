"""Text in pictures: every script has a font, and everything fits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from eventapp.core import lettering
from eventapp.core.lettering import Style, draw_line, fit_line, fit_text, measure

STYLE = Style(size=40)
SIZES = (60, 50, 40, 30)
SCRIPTS = {
    "latin": "Ĝardeno",
    "greek": "Κήπος",
    "cyrillic": "Сад",
    "armenian": "Այգի",
    "hebrew": "גן",
    "arabic": "حديقة",
    "devanagari": "बगीचा",
    "bengali": "বাগান",
    "gurmukhi": "ਬਾਗ",
    "gujarati": "બાગ",
    "oriya": "ବଗିଚା",
    "tamil": "தோட்டம்",
    "telugu": "తోట",
    "kannada": "ತೋಟ",
    "malayalam": "തോട്ടം",
    "sinhala": "වත්ත",
    "thai": "สวน",
    "lao": "ສວນ",
    "myanmar": "ဥယျာဉ်",
    "georgian": "ბაღი",
    "ethiopic": "የአትክልት",
    "khmer": "សួន",
    "japanese": "庭にわ",
    "chinese": "花园",
    "korean": "정원",
    "symbols": "→★☆✓⇒∞≈≤Ⅳ▶■●♪◆√∑⌘⏰⊕∈③½₂",
    "emoji": "🎉",
}


def ink(text: str, style: Style = STYLE) -> bytes:
    """The picture of a line, to be compared."""
    image = Image.new("L", (600, 100), 255)
    draw_line(
        ImageDraw.Draw(image), (10, 60), text, style=style, fill="black", is_right_to_left=False
    )
    return image.tobytes()


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_sign_has_a_glyph(name):
    signs = [sign for sign in SCRIPTS[name] if sign.isalnum() or name in {"symbols", "emoji"}]

    without = [sign for sign in signs if not lettering._has_glyph(lettering._script_of(sign), sign)]

    assert without == []


def test_sign_that_no_font_has_is_drawn_as_a_box():
    assert ink("\u13a0") == ink("\u13a1") != ink(" ")


def test_arabic_letters_are_joined():
    if not lettering.HAS_SHAPING:
        pytest.skip("There is no FriBiDi on this machine, so Pillow shapes nothing.")

    joined = measure("حديقة", STYLE)

    assert joined < 0.95 * sum(measure(letter, STYLE) for letter in "حديقة")


def test_han_characters_look_as_in_the_language_that_writes_them():
    looks = {ink("直骨", Style(size=40, language=tag)) for tag in ("ja", "zh", "zh-Hant", "ko")}

    assert len(looks) >= 3


def test_signs_are_put_in_order_where_nothing_shapes_them(monkeypatch):
    monkeypatch.setattr(lettering, "HAS_SHAPING", False)

    parts = list(lettering._list_parts("אב (גד) ab", is_right_to_left=True))

    assert "".join(lettering._shown(part) for part, _script in parts) == "ab (דג) בא"


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_is_drawn_where_nothing_shapes_it(monkeypatch, name):
    monkeypatch.setattr(lettering, "HAS_SHAPING", False)
    lettering._open_font.cache_clear()

    try:
        assert ink(SCRIPTS[name]) != ink(" ")
        assert 0 < measure(SCRIPTS[name], STYLE) < 1000
    finally:
        lettering._open_font.cache_clear()


@given(st.text(max_size=120), st.sampled_from([60, 150, 400]))
def test_lines_are_no_wider_than_they_may_be(text, width):
    setting = fit_text(text, width=width, height=150, sizes=SIZES, style=STYLE)

    assert setting.height <= 150
    assert all(
        measure(line, setting.style) <= width or len(line.strip("…")) <= 1 for line in setting.lines
    )


def test_short_text_is_set_large_and_long_text_small():
    short = fit_text("Hubs", width=400, height=200, sizes=SIZES, style=STYLE)
    long = fit_text("Hubs in towns " * 5, width=400, height=200, sizes=SIZES, style=STYLE)

    assert (short.style.size, short.lines) == (60, ("Hubs",))
    assert long.style.size < 60
    assert " ".join(long.lines) == ("Hubs in towns " * 5).strip()


def test_text_that_never_fits_ends_with_an_ellipsis():
    setting = fit_text("Hubs in towns " * 50, width=400, height=200, sizes=SIZES, style=STYLE)

    assert setting.style.size == 30
    assert setting.lines[-1].endswith("…")


def test_japanese_breaks_between_signs_but_not_before_a_stop():
    setting = fit_text(
        "小さな町の、創造的な場所。" * 2, width=330, height=900, sizes=(60,), style=STYLE
    )

    assert len(setting.lines) > 2
    assert not any(line.startswith(("、", "。")) for line in setting.lines)


def test_korean_breaks_at_spaces():
    text = "작은 도시의 창의적인 공간"

    setting = fit_text(text, width=330, height=900, sizes=(60,), style=STYLE)

    assert " ".join(setting.lines) == text


def test_no_line_holds_a_single_short_word():
    setting = fit_text("Creative hubs in small a", width=560, height=900, sizes=(60,), style=STYLE)

    assert setting.lines[-1] != "a"


def test_line_that_is_too_long_is_cut():
    line = fit_line("A very long name of a site", width=200, style=STYLE)

    assert line.endswith("…")
    assert measure(line, STYLE) <= 200
