"""What the forms of several features share: tidy text, web addresses, pictures, larger uploads."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from flask import Blueprint, Flask, current_app, request
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.file import FileField
from wtforms import Field, Form, IntegerField
from wtforms.validators import ValidationError

from eventapp.core.uploads import Picture, UploadIsRefused, clean_picture

FORM_AROUND_A_FILE = 2 * 1024 * 1024
# Visitors type a name, an address, a question, or the details and answers of a group. Whether two
# megabytes are an address takes a second to find out, even for a form that says they are too long.
LARGEST_OF_VISITORS = 256 * 1024
MOST_DIGITS = 18


def one_line(text: str | None) -> str:
    """Return the text in one line, without characters that can't be seen or stored."""
    return " ".join(many_lines(text).split())


def many_lines(text: str | None) -> str:
    """Return the text with plain line ends, without characters that can't be stored."""
    plain = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in plain if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(kept).strip()


def read_moment(text: str | None) -> datetime | None:
    """Return the moment that a hidden field carries, or None where it is empty or was altered."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def read_move(sent: Mapping[str, str]) -> int:
    """Return by how many places something is moved: -1 for up, 1 for down, else 0."""
    return {"up": -1, "down": 1}.get(sent.get("to", ""), 0)


def is_web_address(text: str) -> bool:
    """Whether the text is an http(s) address with a host, fit to be a link."""
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    has_gaps = any(c.isspace() or unicodedata.category(c) == "Cc" for c in text)
    return parts.scheme in {"http", "https"} and has_host and not has_gaps


class WebAddress:
    """Accepts http and https addresses, and nothing typed at all."""

    def __call__(self, _form: Form, field: Field) -> None:
        if field.data and not is_web_address(field.data):
            raise ValidationError(
                _l("Please enter a full web address that starts with https:// or http://.")
            )


def is_mail_address(text: str) -> bool:
    """Whether mail of every server reaches the address: its part before the @ is ASCII."""
    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True


class MailAddress:
    """Accepts e-mail addresses that can be written to."""

    def __call__(self, _form: Form, field: Field) -> None:
        if not is_mail_address(field.data or ""):
            raise ValidationError(
                _l("Please check this address: it should look like name@example.org.")
            )


class WholeNumberField(IntegerField):  # type: ignore[misc]
    """A whole number that the database can hold; one with more digits is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and len(valuelist[0].strip()) > MOST_DIGITS:
            raise ValueError(self.gettext("Not a valid integer value."))
        super().process_formdata(valuelist)


class PictureField(FileField):  # type: ignore[misc]
    """An upload that is opened, made smaller and written anew; `picture` is what came of it."""

    def __init__(self, *args: Any, max_side: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.max_side = max_side
        self.picture: Picture | None = None

    def process_data(self, _value: object) -> None:
        """Start empty: what is stored is a file of ours, not an upload."""
        self.data: Any = None

    def post_validate(self, _form: Form, validation_stopped: bool) -> None:  # noqa: FBT001 - WTForms' signature
        if validation_stopped or not self.data:
            return
        try:
            self.picture = clean_picture(self.data.stream, max_side=self.max_side)
        except UploadIsRefused as refusal:
            raise ValidationError(refusal.message) from refusal


def init_app(app: Flask) -> None:
    @app.url_value_preprocessor
    def keep_visitors_forms_small(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
        """Runs before `allow_uploads`, and before the form is read for its CSRF token."""
        is_reading = request.method in {"GET", "HEAD"}
        if not is_reading and not current_user.is_authenticated:
            request.max_content_length = LARGEST_OF_VISITORS


def allow_uploads(blueprint: Blueprint, *, setting: str, endpoints: Collection[str]) -> None:
    """Let forms at `endpoints` carry a file of the size that `setting` names, in bytes.

    Runs before the form is read for its CSRF token, which is before any view; visitors may not
    send so much, since they would be turned away only after it had arrived.
    """
    names = {f"{blueprint.name}.{endpoint}" for endpoint in endpoints}

    @blueprint.url_value_preprocessor
    def raise_limit(endpoint: str | None, _values: dict[str, Any] | None) -> None:
        if endpoint in names and current_user.is_authenticated:
            largest: int = getattr(current_app.config["EVENTAPP"], setting)
            request.max_content_length = largest + FORM_AROUND_A_FILE
