"""Slides as PPTX: real titles and lists, so that readers and outlines find them."""

from datetime import datetime
from pathlib import Path

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.shapes.placeholder import SlidePlaceholder
from pptx.slide import Slide as PptxSlide
from pptx.text.text import TextFrame
from pptx.util import Inches, Length, Pt

from scripts.demo_assets.look import AMBER, DEEP, INK, MIST, PAPER, to_rgb
from scripts.demo_assets.slides import EVENT, NOTE, Deck, Slide

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, ACROSS = Inches(1.1), Inches(11.1)
TITLE_SLIDE, TITLE_AND_TEXT = 0, 1
SANS, SERIF = "DejaVu Sans", "DejaVu Serif"
MADE_AT = datetime(2019, 12, 5)  # noqa: DTZ001  python-pptx wants it without a zone.


def write_pptx(deck: Deck, *, path: Path) -> None:
    document = Presentation()
    document.slide_width, document.slide_height = WIDTH, HEIGHT
    document.core_properties.title = deck.title
    document.core_properties.author = deck.byline
    document.core_properties.created = document.core_properties.modified = MADE_AT
    title_slide = document.slides.add_slide(document.slide_layouts[TITLE_SLIDE])
    fill_title_slide(title_slide, deck=deck)
    for slide in deck.slides:
        fill_slide(document.slides.add_slide(document.slide_layouts[TITLE_AND_TEXT]), slide=slide)
    document.save(str(path))


def fill_title_slide(target: PptxSlide, *, deck: Deck) -> None:
    paint_ground(target, colour=INK)
    event = target.shapes.add_textbox(LEFT, Inches(1.6), ACROSS, Inches(0.5))
    write_text(event.text_frame, (EVENT,), font=SANS, size=20, colour=AMBER)
    title, byline = target.placeholders
    place(title, top=Inches(2.2), height=Inches(1.9))
    write_text(title.text_frame, (deck.title,), font=SERIF, size=44, colour=PAPER)
    place(byline, top=Inches(4.3), height=Inches(0.7))
    write_text(byline.text_frame, (deck.byline,), font=SANS, size=22, colour=MIST)
    add_note(target, colour=MIST)


def fill_slide(target: PptxSlide, *, slide: Slide) -> None:
    paint_ground(target, colour=PAPER)
    heading, body = target.placeholders
    place(heading, top=Inches(0.7), height=Inches(1.0))
    write_text(heading.text_frame, (slide.heading,), font=SERIF, size=36, colour=INK)
    place(body, top=Inches(2.0), height=Inches(4.5))
    write_text(body.text_frame, slide.points, font=SANS, size=24, colour=DEEP)
    add_note(target, colour=DEEP)


def paint_ground(target: PptxSlide, *, colour: str) -> None:
    target.background.fill.solid()
    target.background.fill.fore_color.rgb = RGBColor(*to_rgb(colour))
    stripe = target.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(0), Inches(0), Inches(0.2), HEIGHT)
    stripe.fill.solid()
    stripe.fill.fore_color.rgb = RGBColor(*to_rgb(AMBER))
    stripe.line.fill.background()


def add_note(target: PptxSlide, *, colour: str) -> None:
    note = target.shapes.add_textbox(LEFT, Inches(6.8), ACROSS, Inches(0.4))
    write_text(note.text_frame, (NOTE,), font=SANS, size=12, colour=colour)


def place(shape: SlidePlaceholder, *, top: Length, height: Length) -> None:
    shape.left, shape.top, shape.width, shape.height = LEFT, top, ACROSS, height
    shape.text_frame.vertical_anchor = MSO_ANCHOR.TOP


def write_text(
    frame: TextFrame, texts: tuple[str, ...], *, font: str, size: int, colour: str
) -> None:
    frame.word_wrap = True
    frame.text = "\n".join(texts)
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.space_after = Pt(size / 2)
        for run in paragraph.runs:
            run.font.name = font
            run.font.size = Pt(size)
            run.font.color.rgb = RGBColor(*to_rgb(colour))
