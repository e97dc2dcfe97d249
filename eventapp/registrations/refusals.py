"""What may be declined about a registration, and why, in words for the person who asked."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal


class RegistrationIsNotOpen(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Registration for this webinar isn't open yet."))


class RegistrationIsClosed(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Registration for this webinar is closed."))


class WebinarIsOver(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("This webinar is over, so there is nothing left to register for."))


class WebinarWasCancelled(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("This webinar has been cancelled, so nobody can register any more."))


class NameIsMissing(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Tell us your name, so that the organiser knows who is coming."))


class NameHoldsAddress(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Tell us your name alone please, without a web address."))


class AddressIsNoAddress(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("This doesn't look like an e-mail address. Please check it."))


class TooLateToCancel(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("This webinar is over, so there is nothing left to cancel."))


class OrganiserHasCancelled(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("The organiser has cancelled your registration. To come after all, ask them.")
        )


class OfferHasLapsed(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("This offer has run out, and the seat went to the next person in line.")
        )


class CannotDecide(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Nobody needs to decide on this registration any more."))


class CodeIsMissing(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("This webinar is by invitation: please enter the code you were sent."))


class CodeIsWrong(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l(
                "This code doesn't work here. Check it for typing mistakes. A personal code works "
                "only with the address it was sent to, and some codes work only so often: ask the "
                "organiser for another one."
            )
        )


class CodeIsUsedUp(CodeIsWrong):
    """Said in the same words: whoever guesses must not learn that a code was right."""


class CodeWasUsedMeanwhile(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l(
                "Your place was kept for a while, and by now the code that you registered with "
                "lets nobody else in. Please ask the organiser to register you."
            )
        )


class TooManyRegistered(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("Too many people were registered from here just now. Please try again in a minute.")
        )


class TooManyCodesTried(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l(
                "Too many codes that don't work were tried from your network. Please wait an hour "
                "and try again, or ask the organiser to register you."
            )
        )


class CodeIsTooShort(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("Please use at least 6 letters or digits, so that nobody guesses the code.")
        )


class CodesAreOfNoUse(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l(
                "Nobody can register for this webinar any more, so a code would be of no use. "
                "Nothing was made or sent."
            )
        )


class CodeExists(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("There is such a code for this webinar already."))


class GroupIsTooLarge(Refusal):
    def __init__(self, largest: int) -> None:
        super().__init__(_("You can register at most %(count)d people together.", count=largest))


class AddressIsTwiceInGroup(Refusal):
    def __init__(self, address: str) -> None:
        super().__init__(
            _(
                "%(address)s is there twice. Everybody needs an address of their own, for their "
                "personal link.",
                address=address,
            )
        )


class ClosesBeforeOpening(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Registration has to close after it opens."))


class TableIsTooLarge(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("This is more than 2 MB. Please split the table and import its parts."))


class TableIsEmpty(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("There is nobody in this table. Please choose a file, or paste it."))


class TableIsWorkbook(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l(
                "This is a workbook, not a CSV file. Open it in your spreadsheet program, and save "
                "it as CSV."
            )
        )


class TableIsNoText(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l(
                "This isn't a text file that we can read. Please save the table as CSV in UTF-8, "
                "and try that file."
            )
        )


class TableIsTooWide(Refusal):
    def __init__(self, most: int) -> None:
        super().__init__(
            _(
                "This table has more than %(count)d columns. Please keep the few that say who "
                "comes.",
                count=most,
            )
        )


class TableIsTooLong(Refusal):
    def __init__(self, most: int) -> None:
        super().__init__(
            _(
                "This table has more than %(count)d rows. Please split it and import its parts.",
                count=most,
            )
        )


class QuotesAreOdd(Refusal):
    def __init__(self, line: int) -> None:
        super().__init__(
            _(
                "The quotation marks in line %(line)d don't match: one is opened and never closed, "
                "or stands in the middle of a cell.",
                line=line,
            )
        )


class CellIsTooLong(Refusal):
    def __init__(self, line: int) -> None:
        super().__init__(
            _(
                "A cell in line %(line)d is far too long. Perhaps a quotation mark there is never "
                "closed.",
                line=line,
            )
        )


class ColumnsAreUnknown(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("Say which column holds people's names, and which one their e-mail addresses.")
        )


class ColumnIsTwice(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Two columns are said to be the same. Please choose one of them."))


class ImportHasBegun(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("This import has begun already, so its columns stay as they are."))


class TooManyInvited(Refusal):
    def __init__(self, most: int) -> None:
        super().__init__(_("Please invite at most %(count)d people at once.", count=most))


class NobodyIsChosen(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("None of those you chose can be dealt with in this way."))
