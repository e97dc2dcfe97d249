"""Make the demonstration's files again: `python -m scripts.make_demo_assets [kind …]`.

Run by a developer after a change; the results are committed, so nobody needs this to run eventapp.
It needs reportlab, python-pptx, odfpy, Pillow and PyAV, and Debian's DejaVu fonts.
"""

import argparse
from collections.abc import Callable

from eventapp.demo.content.creative_hubs import CHAPTERS, CREATIVE_HUBS, RECORDING
from eventapp.demo.content.shapes import ASSETS
from scripts.demo_assets.captions import make_captions
from scripts.demo_assets.cover import make_cover
from scripts.demo_assets.presentations import make_presentations
from scripts.demo_assets.recording import make_recording

FOLDER = ASSETS / "creative-hubs"

MAKERS: dict[str, Callable[[], None]] = {
    "captions": lambda: make_captions(
        CHAPTERS, duration=RECORDING.duration, path=ASSETS / RECORDING.captions
    ),
    "cover": lambda: make_cover(FOLDER / "cover.webp"),
    "presentations": lambda: make_presentations(FOLDER),
    "recording": lambda: make_recording(
        CHAPTERS,
        title=CREATIVE_HUBS.title,
        duration=RECORDING.duration,
        path=ASSETS / RECORDING.file,
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the demonstration's files again.")
    parser.add_argument("kinds", nargs="*", metavar="kind", help=", ".join(MAKERS))
    kinds = parser.parse_args().kinds or list(MAKERS)
    for kind in kinds:
        MAKERS[kind]()
        print(f"made {kind}")


if __name__ == "__main__":
    main()
