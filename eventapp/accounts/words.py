"""What the sign-in says, in our words instead of the library's."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

_WRONG_PAIR = _l("The e-mail address or password is wrong. Please check both.")
LINK_IS_ON_ITS_WAY = _l("If there is an account with this address, a link is on its way.")
_MISSING_PASSWORD = _l("Please enter your password.")

MESSAGES = {
    "GENERIC_AUTHN_FAILED": (_WRONG_PAIR, "error"),
    "USER_DOES_NOT_EXIST": (_WRONG_PAIR, "error"),
    "INVALID_PASSWORD": (_l("This is not your current password. Please check it."), "error"),
    "PASSWORD_NOT_PROVIDED": (_MISSING_PASSWORD, "error"),
    "EMAIL_NOT_PROVIDED": (_l("Please enter your e-mail address."), "error"),
    "INVALID_EMAIL_ADDRESS": (
        _l("Please check this address: it should look like name@example.org."),
        "error",
    ),
    "PASSWORD_INVALID_LENGTH": (
        _l("Please choose a password of at least %(length)s characters."),
        "error",
    ),
    "RETYPE_PASSWORD_MISMATCH": (
        _l("The passwords don't match. Please enter them again."),
        "error",
    ),
    "PASSWORD_IS_THE_SAME": (
        _l("This is already your password. Please choose a different one."),
        "error",
    ),
    "PASSWORD_CHANGE": (_l("Your password has been changed."), "success"),
    "PASSWORD_RESET": (_l("Your new password is saved, and you are signed in."), "success"),
    "PASSWORD_RESET_NO_LOGIN": (
        _l("Your new password is saved. Please sign in with it."),
        "success",
    ),
    "PASSWORD_RESET_EXPIRED": (_l("This link has expired. Please ask for a new one."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (
        _l("This link doesn't work. Please ask for a new one."),
        "error",
    ),
    "ANONYMOUS_USER_REQUIRED": (_l("You are already signed in."), "info"),
}


def security_messages() -> dict[str, tuple[str, str]]:
    """Return the messages under the names that Flask-Security reads from the configuration."""
    return {f"SECURITY_MSG_{name}": message for name, message in MESSAGES.items()}
