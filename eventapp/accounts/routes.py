"""The way to a new password, which answers every address alike.

The library looks the account up and writes the mail while a person waits, so that the time it takes
tells who has an account. Here the request writes down what was asked, and a worker does the rest.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventapp.accounts.events import PasswordForgotten
from eventapp.accounts.forms import ForgottenPasswordForm
from eventapp.accounts.words import LINK_IS_ON_ITS_WAY
from eventapp.core.access import public
from eventapp.core.db import record, transaction
from eventapp.core.i18n import choose_language


@public
def forgot_password() -> ResponseReturnValue:
    """Stand in for the library's view of this name."""
    form = ForgottenPasswordForm()
    if form.validate_on_submit():
        with transaction():
            record(PasswordForgotten(address=form.email.data or "", language=choose_language()))
        flash(str(LINK_IS_ON_ITS_WAY), "info")
        return redirect(url_for("security.forgot_password"))
    return render_template("security/forgot_password.html", forgot_password_form=form)
