"""What the sign-in says, in our words instead of the library's."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

_WRONG_PAIR = _l("This address and this password don't go together. Please check both.")
_LINK_IS_ON_ITS_WAY = _l("If there is an account with this address, a link is on its way to it.")
_MISSING_PASSWORD = _l("Please type your password.")

MESSAGES = {
    "GENERIC_AUTHN_FAILED": (_WRONG_PAIR, "error"),
    "USER_DOES_NOT_EXIST": (_WRONG_PAIR, "error"),
    "INVALID_PASSWORD": (_l("This is not your present password. Please check it."), "error"),
    "PASSWORD_NOT_PROVIDED": (_MISSING_PASSWORD, "error"),
    "EMAIL_NOT_PROVIDED": (_l("Please type your e-mail address."), "error"),
    "INVALID_EMAIL_ADDRESS": (
        _l("Please check this address: it should look like name@example.org."),
        "error",
    ),
    "GENERIC_RECOVERY": (_LINK_IS_ON_ITS_WAY, "info"),
    "PASSWORD_RESET_REQUEST": (_LINK_IS_ON_ITS_WAY, "info"),
    "PASSWORD_INVALID_LENGTH": (
        _l("Please choose a password of at least %(length)s characters."),
        "error",
    ),
    "RETYPE_PASSWORD_MISMATCH": (_l("The two are not the same. Please type it again."), "error"),
    "PASSWORD_IS_THE_SAME": (_l("This is the password you have now. Choose another."), "error"),
    "PASSWORD_CHANGE": (_l("Your password is changed."), "success"),
    "PASSWORD_RESET": (_l("Your new password is saved, and you are signed in."), "success"),
    "PASSWORD_RESET_NO_LOGIN": (
        _l("Your new password is saved. Please sign in with it."),
        "success",
    ),
    "PASSWORD_RESET_EXPIRED": (_l("This link is too old by now. Please ask for another."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (
        _l("This link doesn't work. Please ask for another."),
        "error",
    ),
    "ANONYMOUS_USER_REQUIRED": (_l("You are signed in already."), "info"),
}


def security_messages() -> dict[str, tuple[str, str]]:
    """Return the messages under the names that Flask-Security reads from the configuration."""
    return {f"SECURITY_MSG_{name}": message for name, message in MESSAGES.items()}
