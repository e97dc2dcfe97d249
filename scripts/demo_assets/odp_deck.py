"""Slides as ODP, with real titles and lists."""

from pathlib import Path

from odf import dc, draw, meta, style, text
from odf.element import Element
from odf.namespaces import DRAWNS, PRESENTATIONNS
from odf.opendocument import OpenDocument, OpenDocumentPresentation

from scripts.demo_assets.look import AMBER, DEEP, INK, MIST, PAPER
from scripts.demo_assets.slides import EVENT, NOTE, Deck, Slide

WIDTH, HEIGHT, LEFT, ACROSS = "28cm", "15.75cm", "2.4cm", "23.2cm"
SANS, SERIF = "DejaVu Sans", "DejaVu Serif"

# Name of a style: typeface, size, colour and space below.
LETTERS = {
    "Event": (SANS, "18pt", AMBER, "0cm"),
    "DeckTitle": (SERIF, "40pt", PAPER, "0cm"),
    "Byline": (SANS, "20pt", MIST, "0cm"),
    "Heading": (SERIF, "32pt", INK, "0cm"),
    "Point": (SANS, "22pt", DEEP, "0.5cm"),
    "NoteOnInk": (SANS, "11pt", MIST, "0cm"),
    "NoteOnPaper": (SANS, "11pt", DEEP, "0cm"),
}


def write_odp(deck: Deck, *, path: Path) -> None:
    document = OpenDocumentPresentation()
    document.meta.addElement(dc.Title(text=deck.title))
    document.meta.addElement(meta.InitialCreator(text=deck.byline))
    add_styles(document)
    document.presentation.addElement(make_title_page(deck))
    for number, slide in enumerate(deck.slides, start=2):
        document.presentation.addElement(make_page(slide, number=number))
    document.save(str(path))


def add_styles(document: OpenDocument) -> None:
    layout = style.PageLayout(name="Wide")
    layout.addElement(
        style.PageLayoutProperties(
            margin="0cm", pagewidth=WIDTH, pageheight=HEIGHT, printorientation="landscape"
        )
    )
    document.automaticstyles.addElement(layout)
    document.masterstyles.addElement(style.MasterPage(name="Plain", pagelayoutname=layout))
    for name, colour in (("OnInk", INK), ("OnPaper", PAPER)):
        page = style.Style(name=name, family="drawing-page")
        page.addElement(style.DrawingPageProperties(fill="solid", fillcolor=colour))
        document.automaticstyles.addElement(page)
    bare = style.Style(name="Bare", family="graphic")
    bare.addElement(style.GraphicProperties(fill="none", stroke="none"))
    document.automaticstyles.addElement(bare)
    stripe = style.Style(name="Stripe", family="graphic")
    stripe.addElement(style.GraphicProperties(fill="solid", fillcolor=AMBER, stroke="none"))
    document.automaticstyles.addElement(stripe)
    add_letters(document)
    add_bullets(document)


def add_letters(document: OpenDocument) -> None:
    for name in (SANS, SERIF):
        document.fontfacedecls.addElement(style.FontFace(name=name, fontfamily=f"'{name}'"))
    for name, (font, size, colour, below) in LETTERS.items():
        letters = style.Style(name=name, family="paragraph")
        letters.addElement(style.ParagraphProperties(marginbottom=below))
        letters.addElement(style.TextProperties(fontname=font, fontsize=size, color=colour))
        document.automaticstyles.addElement(letters)


def add_bullets(document: OpenDocument) -> None:
    bullets = text.ListStyle(name="Bullets")
    level = text.ListLevelStyleBullet(level="1", bulletchar="•")
    level.addElement(style.ListLevelProperties(minlabelwidth="0.9cm"))
    level.addElement(style.TextProperties(color=AMBER))
    bullets.addElement(level)
    document.automaticstyles.addElement(bullets)


def make_title_page(deck: Deck) -> Element:
    page = start_page("Title", ground="OnInk")
    add_frame(page, EVENT, letters="Event", top="3.6cm", height="1.2cm")
    add_frame(page, deck.title, letters="DeckTitle", top="5cm", height="4cm", role="title")
    add_frame(page, deck.byline, letters="Byline", top="9.3cm", height="1.4cm", role="subtitle")
    add_frame(page, NOTE, letters="NoteOnInk", top="14.2cm", height="0.9cm")
    return page


def make_page(slide: Slide, *, number: int) -> Element:
    page = start_page(f"Slide {number}", ground="OnPaper")
    add_frame(page, slide.heading, letters="Heading", top="1.5cm", height="2cm", role="title")
    box = add_box(page, top="4.2cm", height="9.4cm", role="outline")
    points = text.List(stylename="Bullets")
    for point in slide.points:
        item = text.ListItem()
        item.addElement(text.P(stylename="Point", text=point))
        points.addElement(item)
    box.addElement(points)
    add_frame(page, NOTE, letters="NoteOnPaper", top="14.2cm", height="0.9cm")
    return page


def start_page(name: str, *, ground: str) -> Element:
    page = draw.Page(name=name, masterpagename="Plain")
    page.setAttrNS(DRAWNS, "style-name", ground)
    stripe = draw.Rect(x="0cm", y="0cm", width="0.4cm", height=HEIGHT)
    stripe.setAttrNS(DRAWNS, "style-name", "Stripe")
    page.addElement(stripe)
    return page


def add_frame(
    page: Element, words: str, *, letters: str, top: str, height: str, role: str | None = None
) -> None:
    box = add_box(page, top=top, height=height, role=role)
    box.addElement(text.P(stylename=letters, text=words))


def add_box(page: Element, *, top: str, height: str, role: str | None) -> Element:
    frame = draw.Frame(x=LEFT, y=top, width=ACROSS, height=height)
    frame.setAttrNS(DRAWNS, "style-name", "Bare")
    if role:
        frame.setAttrNS(PRESENTATIONNS, "class", role)
    box = draw.TextBox()
    frame.addElement(box)
    page.addElement(frame)
    return box
