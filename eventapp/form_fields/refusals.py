"""Why the form can't be changed so, or why an answer can't be read, in words that help."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal


class FieldIsRefused(Refusal):
    """Each kind below has its own answer."""

    answer: ClassVar[str]

    def __init__(self) -> None:
        super().__init__(self.answer)


class FormIsFull(FieldIsRefused):
    answer = _l("The form has 40 fields already, which is as many as it can have.")


class FormHasChanged(FieldIsRefused):
    answer = _l("The form has changed in the meantime. Reload the page and try again.")


class FieldHasChanged(FieldIsRefused):
    answer = _l(
        "Someone else saved this field after you opened it. What you typed is still here. Save "
        "again to replace their version with yours."
    )


class KindIsFixed(FieldIsRefused):
    answer = _l(
        "People have answered this field, so its kind has to stay. Take the field off the form and "
        "add a new one instead: the answers are kept."
    )


class OptionsAreMissing(FieldIsRefused):
    answer = _l("Please give at least two options, each on a line of its own.")


class TooManyOptions(FieldIsRefused):
    answer = _l("Please give at most 50 options.")


class OptionIsTooLong(FieldIsRefused):
    answer = _l("Please use at most 200 characters for each option.")


class OptionIsTwice(Refusal):
    def __init__(self, text: str) -> None:
        super().__init__(_("“%(text)s” is there twice. Each option must differ.", text=text))


class ConsentTextIsMissing(FieldIsRefused):
    answer = _l("Please write what people agree to.")


class ConditionComesTooLate(Refusal):
    """A field would stand before the one that decides whether it is shown."""

    def __init__(self, *, label: str, deciding: str) -> None:
        super().__init__(
            _(
                "“%(label)s” is shown only for one answer to “%(deciding)s”, so it has to come "
                "after it. The form is as it was.",
                label=label,
                deciding=deciding,
            )
        )


class ConditionIsGone(Refusal):
    """What decides whether a field is shown would no longer be on the form."""

    def __init__(self, *, label: str) -> None:
        super().__init__(
            _(
                "“%(label)s” is shown only for one answer that could then no longer be given. "
                "Change when “%(label)s” is shown first. The form is as it was.",
                label=label,
            )
        )


class NumberIsUnclear(FieldIsRefused):
    answer = _l("Please write a number in digits, such as 12 or -3.5, without spaces or units.")


class NumberHasThousands(FieldIsRefused):
    answer = _l(
        "We can't tell whether this comma marks thousands or decimals. Please write a number such "
        "as 1500 or 1.5."
    )
