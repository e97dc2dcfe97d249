"""The presentations, each in the format its file name asks for."""

from pathlib import Path

from scripts.demo_assets.odp_deck import write_odp
from scripts.demo_assets.pdf_deck import write_pdf
from scripts.demo_assets.pptx_deck import write_pptx
from scripts.demo_assets.slides import DECKS

WRITERS = {".pdf": write_pdf, ".pptx": write_pptx, ".odp": write_odp}


def make_presentations(folder: Path) -> None:
    for deck in DECKS:
        path = folder / deck.file
        WRITERS[path.suffix](deck, path=path)
