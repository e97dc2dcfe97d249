"""The shape of a question."""

from __future__ import annotations

import secrets

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from eventapp.questions.refusals import QuestionIsEmpty, QuestionIsTooLong
from eventapp.questions.reply_refusals import FollowUpIsEmpty, FollowUpIsTooLong
from eventapp.questions.reply_rules import LONGEST_FOLLOW_UP
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
        validators=[Length(max=LONGEST_NAME, message=_l("Keep it to 80 characters."))],
    )
    is_anonymous = BooleanField(_l("Ask anonymously"))
    # What the form told its asker: only then do moderators read the name of an anonymous one.
    shows_name_to_desk = HiddenField(validators=[Length(max=1)])
    submission_key = HiddenField(
        default=new_submission_key, validators=[DataRequired(), Length(max=64)]
    )


class FollowUpForm(FlaskForm):  # type: ignore[misc]
    """More words under one's own question; `submission_key` makes what is sent twice one."""

    text = TextAreaField(
        _l("Your follow-up"),
        validators=[
            DataRequired(FollowUpIsEmpty().message),
            Length(max=LONGEST_FOLLOW_UP, message=FollowUpIsTooLong().message),
        ],
    )
    submission_key = HiddenField(
        default=new_submission_key, validators=[DataRequired(), Length(max=64)]
    )


class ChangeForm(FlaskForm):  # type: ignore[misc]
    """One's own question in other words."""

    text = TextAreaField(
        _l("Your question"),
        validators=[
            DataRequired(QuestionIsEmpty().message),
            Length(max=LONGEST_QUESTION, message=QuestionIsTooLong().message),
        ],
    )
