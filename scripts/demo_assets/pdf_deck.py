"""Slides as PDF, one page a slide, 16:9."""

from pathlib import Path

from reportlab.lib.colors import HexColor
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from scripts.demo_assets.look import AMBER, DEEP, FONTS, INK, MIST, PAPER
from scripts.demo_assets.slides import EVENT, NOTE, Deck, Slide

WIDTH, HEIGHT = 960, 540
MARGIN = 80
SANS, SERIF = "DejaVuSans", "DejaVuSerif"


def write_pdf(deck: Deck, *, path: Path) -> None:
    for name in (SANS, SERIF):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=1, lang="en")
    canvas.setTitle(deck.title)
    canvas.setAuthor(deck.byline)
    draw_title_page(canvas, deck=deck)
    for number, slide in enumerate(deck.slides, start=2):
        draw_slide_page(canvas, slide=slide, number=number)
    canvas.save()


def draw_title_page(canvas: Canvas, *, deck: Deck) -> None:
    fill_page(canvas, colour=INK)
    draw_lines(canvas, EVENT, top=400, font=SANS, size=17, colour=AMBER)
    top = draw_lines(canvas, deck.title, top=345, font=SERIF, size=44, colour=PAPER)
    draw_lines(canvas, deck.byline, top=top - 18, font=SANS, size=20, colour=MIST)
    draw_lines(canvas, NOTE, top=44, font=SANS, size=11, colour=MIST)
    canvas.showPage()


def draw_slide_page(canvas: Canvas, *, slide: Slide, number: int) -> None:
    fill_page(canvas, colour=PAPER)
    canvas.bookmarkPage(slide.heading)
    canvas.addOutlineEntry(slide.heading, slide.heading)
    top = draw_lines(canvas, slide.heading, top=438, font=SERIF, size=34, colour=INK)
    top -= 30
    for point in slide.points:
        canvas.setFillColor(HexColor(AMBER))
        canvas.circle(MARGIN + 5, top + 7, 5, stroke=0, fill=1)
        top = draw_lines(canvas, point, top=top, font=SANS, size=21, colour=DEEP, left=MARGIN + 30)
        top -= 18
    draw_lines(canvas, f"{number}   {NOTE}", top=30, font=SANS, size=10, colour=DEEP)
    canvas.showPage()


def fill_page(canvas: Canvas, *, colour: str) -> None:
    canvas.setFillColor(HexColor(colour))
    canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
    canvas.setFillColor(HexColor(AMBER))
    canvas.rect(0, 0, 14, HEIGHT, stroke=0, fill=1)


def draw_lines(
    canvas: Canvas, text: str, *, top: float, font: str, size: int, colour: str, left: int = MARGIN
) -> float:
    """Draw `text` from the baseline `top` downwards; the baseline for what follows comes back."""
    canvas.setFont(font, size)
    canvas.setFillColor(HexColor(colour))
    for line in simpleSplit(text, font, size, WIDTH - MARGIN - left):
        canvas.drawString(left, top, line)
        top -= size * 1.3
    return top
