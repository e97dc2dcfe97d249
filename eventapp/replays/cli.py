"""`python -m eventapp agenda`: agendas and chapters from the command line, without an app."""

from __future__ import annotations

import codecs
from typing import BinaryIO

import click
from flask_babel import gettext as _

from .agenda import (
    FORMATS,
    AgendaRefused,
    AgendaWarning,
    find_problems,
    parse_agenda,
    parse_timecode,
    write_agenda,
)

_REFUSED = 2
_MOST_BYTES = 20_000_000


class DurationType(click.ParamType[float]):
    """Seconds, or a time such as 1:30:00."""

    name = "duration"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return seconds, or explain what a length looks like."""
        if isinstance(value, float):
            return value
        try:
            return parse_timecode(str(value))
        except ValueError:
            self.fail(_("Give seconds, or a length such as 1:30:00."), param, ctx)


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option(
    "--to",
    "target",
    type=click.Choice(FORMATS),
    default="json",
    show_default=True,
    help="The format to print.",
)
@click.option(
    "--from",
    "source",
    type=click.Choice(FORMATS),
    help="The format FILE is in; recognised from its content if not given.",
)
@click.option(
    "--duration",
    type=DurationType(),
    help="The recording's length, as seconds or H:MM:SS. Later times are refused.",
)
def agenda(file: BinaryIO, *, target: str, source: str | None, duration: float | None) -> None:
    """Read an agenda or a list of chapters from FILE (- for standard input) and print it.

    Exits with 2 and says why if there is no agenda, or its times can't be right.
    """
    text, notes = decode_text(file.read(_MOST_BYTES))
    try:
        parsed = parse_agenda(text, format=source, duration=duration)
    except AgendaRefused as refusal:
        click.echo(str(refusal.message), err=True)
        raise SystemExit(_REFUSED) from refusal
    notes += find_problems(parsed, format=target)
    for note in notes if target == "json" else [*parsed.warnings, *notes]:
        click.echo(_show_warning(note), err=True)
    written = write_agenda(parsed, format=target, duration=duration)
    click.echo(written.encode(), nl=False)


def decode_text(data: bytes) -> tuple[str, list[AgendaWarning]]:
    """Return the text of a file: UTF-8, UTF-16 with its mark, or else Windows-1252 with a note."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace"), []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        message = _("The file isn't UTF-8; it was read as Windows-1252. Check the accents.")
        return data.decode("cp1252", errors="replace"), [AgendaWarning(None, message)]


def _show_warning(warning: AgendaWarning) -> str:
    if warning.line is None:
        return warning.message
    shown: str = _("Line %(line)s: %(message)s", line=warning.line, message=warning.message)
    return shown
