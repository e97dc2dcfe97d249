"""What people type about their account, where the library's own form says too much."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField
from wtforms.validators import DataRequired

from eventapp.core.forms import MailAddress, one_line


class ForgottenPasswordForm(FlaskForm):  # type: ignore[misc]
    """Looks at the shape of the address alone."""

    email = EmailField(
        _l("E-mail"),
        validators=[DataRequired(_l("Please type your e-mail address.")), MailAddress()],
        filters=[one_line],
    )
