"""The shape of a question."""

from __future__ import annotations

import secrets

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from eventapp.questions.refusals import QuestionIsEmpty, QuestionIsTooLong
from eventapp.questions.rules import LONGEST_NAME, LONGEST_QUESTION


def new_submission_key() -> str:
    return secrets.token_urlsafe(16)


class AskForm(FlaskForm):  # type: ignore[misc]
    """`submission_key` makes a question that is sent twice one question."""

    text = TextAreaField(
        _l("Your question"),
        validators=[
            DataRequired(QuestionIsEmpty().message),
            Length(max=LONGEST_QUESTION, message=QuestionIsTooLong().message),
        ],
    )
    author_name = StringField(
        _l("Your name"),
        description=_l("Leave this empty to ask anonymously."),
        validators=[Length(max=LONGEST_NAME, message=_l("Keep it to 80 characters."))],
    )
    submission_key = HiddenField(
        default=new_submission_key, validators=[DataRequired(), Length(max=64)]
    )
