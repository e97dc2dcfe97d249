"""`python -m eventapp receive-mail`: the end of a mail server's pipe."""

from __future__ import annotations

from typing import BinaryIO

import click
from flask.cli import ScriptInfo, pass_script_info
from structlog import get_logger

from eventapp.core.reply_addresses import reply_address
from eventapp.messages.incoming.parts import LARGEST
from eventapp.messages.incoming.reception import receive

EX_TEMPFAIL = 75  # As sysexits.h has it, which Windows lacks.
PIECE = 64 * 1024

log = get_logger(__name__)


@click.command("receive-mail")
@click.option(
    "--recipient", "recipients", multiple=True, help="Whom the envelope names; may be repeated."
)
@click.argument("message", type=click.File("rb"), default="-")
@pass_script_info
def receive_mail(info: ScriptInfo, message: BinaryIO, recipients: tuple[str, ...]) -> None:
    """Take in a message that came to REPLY_ADDRESS, from standard input.

    Ends with 0 when the message is kept, whatever it holds, and with 75 (EX_TEMPFAIL in sysexits.h)
    when it could not be: then the mail server tries again later, and nothing is lost.
    """
    raw = _read(message)
    try:
        with info.load_app().app_context():
            _check_is_expected()
            receive(raw, recipients=recipients)
    except click.ClickException as error:
        error.show()
        raise SystemExit(EX_TEMPFAIL) from error
    except Exception as error:
        log.exception("mail_not_received")
        raise SystemExit(EX_TEMPFAIL) from error


def _check_is_expected() -> None:
    if reply_address() is None:
        raise click.ClickException(
            "REPLY_ADDRESS is empty, so no replies are received: set it to the address whose mail "
            "is piped to this command."
        )


def _read(message: BinaryIO) -> bytes:
    """Return the beginning of a message; the rest is read too, or its sender would complain."""
    raw = message.read(LARGEST)
    while message.read(PIECE):
        pass
    return raw
