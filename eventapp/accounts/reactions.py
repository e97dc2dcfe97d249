"""What follows for accounts."""

from __future__ import annotations

from flask_security.recoverable import generate_reset_password_token

from eventapp.accounts.events import PasswordForgotten
from eventapp.accounts.queries import find_user
from eventapp.core.mailer import Recipient, queue_mail, site_address


def send_reset_link(event: PasswordForgotten) -> None:
    """Send the way to a new password, if the address is an account's that may sign in."""
    user = find_user(event.address)
    if user is None or not user.active:
        return
    token = generate_reset_password_token(user)  # type: ignore[no-untyped-call]
    queue_mail(
        "account_reset_instructions",
        to=Recipient(name=user.name, address=user.email, language=event.language),
        context={"reset_url": site_address("security.reset_password", token=token)},
    )
