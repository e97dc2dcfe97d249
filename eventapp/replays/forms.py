"""The shape of what organisers hand in for a replay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError
from wtforms.widgets import TextArea, TextInput

from eventapp.core.errors import Refusal
from eventapp.core.forms import many_lines, one_line
from eventapp.core.uploads import UploadIsRefused, check_captions, check_recording
from eventapp.replays.actions import EntryWords, VideoUpload
from eventapp.replays.addresses import VideoAddress, parse_address
from eventapp.replays.agenda.timecodes import format_timecode, parse_timecode
from eventapp.replays.labels import kind_label, list_languages
from eventapp.replays.measuring import measure_recording
from eventapp.replays.models import ChapterKind
from eventapp.replays.rules import Entry, in_recording
from eventapp.replays.timing import Timing, join_cuts

NOTHING = 0
LONGEST_SECONDS = 1_000 * 3600.0
LARGEST_AGENDA_FILE = 2_000_000
MINUS = "−"
MOST_CUTS = 100
CUT = re.compile(r"\s*(?:-->|-|–|—|\bto\b)\s*")


class TimeField(Field):  # type: ignore[misc]
    """A time within a recording, in seconds; typed as 1:19:33, 5:30 or 330.

    With `is_signed` a minus may stand before it. Nothing typed is None.
    """

    widget = TextInput()

    def __init__(self, *args: Any, is_signed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_signed = is_signed
        self.typed: str | None = None

    def process_formdata(self, values: list[str]) -> None:
        if not values:
            return
        self.typed = one_line(values[0])
        self.data = self._read(self.typed) if self.typed else None

    def _read(self, text: str) -> float:
        sign = 1
        if self.is_signed and text[:1] in {"-", "+", MINUS, "–"}:
            sign, text = (1 if text[0] == "+" else -1), text[1:]
        try:
            seconds = parse_timecode(text)
        except ValueError as error:
            raise ValueError(_("Please enter a time such as 1:19:33, 5:30 or 330.")) from error
        if seconds > LONGEST_SECONDS:
            raise ValueError(_("That is longer than a recording can be."))
        return sign * seconds

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else format_signed(self.data)


def format_signed(seconds: float) -> str:
    """Return "00:00:12", or "-00:00:12" for a negative time."""
    return ("-" if seconds < 0 else "") + format_timecode(abs(seconds))


# -- the recording -----------------------------------------------------------------------------


class RecordingFileForm(FlaskForm):  # type: ignore[misc]
    """A recording as a file; `upload` is what was handed in, once it has been looked into."""

    recording = FileField(_l("Recording"))
    upload: VideoUpload | None = None

    def validate_recording(self, field: FileField) -> None:
        if not field.data:
            raise ValidationError(_("Please choose a file."))
        stream = field.data.stream
        try:
            kind = check_recording(stream)
            duration = measure_recording(stream)
        except Refusal as refusal:
            raise ValidationError(refusal.message) from refusal
        self.upload = VideoUpload(
            content=stream, name=field.data.filename or "", kind=kind, duration=duration
        )


class RecordingAddressForm(FlaskForm):  # type: ignore[misc]
    """A recording that lies elsewhere; `video` is where."""

    address = StringField(
        _l("Address of the video"),
        validators=[
            DataRequired(_l("Please paste the address of the video.")),
            Length(max=2000, message=_l("Please use at most 2,000 characters.")),
        ],
        filters=[one_line],
    )
    address_length = TimeField(_l("Length"))
    video: VideoAddress | None = None

    def validate_address(self, field: StringField) -> None:
        try:
            self.video = parse_address(field.data)
        except Refusal as refusal:
            raise ValidationError(refusal.message) from refusal


class CutsField(Field):  # type: ignore[misc]
    """Parts that were cut out, one a line as "0:10:00 - 0:15:30"; pairs of seconds."""

    widget = TextArea()

    def process_formdata(self, values: list[str]) -> None:
        if not values:
            return
        self.typed = many_lines(values[0])
        lines = [line for line in self.typed.splitlines() if line.strip()]
        if len(lines) > MOST_CUTS:
            raise ValueError(_("A recording can have at most %(most)s cuts.", most=MOST_CUTS))
        self.data = join_cuts(_read_cut(line) for line in lines)

    def _value(self) -> str:
        typed: str | None = getattr(self, "typed", None)
        return format_cuts(self.data or ()) if typed is None else typed


def _read_cut(line: str) -> tuple[float, float]:
    try:
        start, end = (parse_timecode(part.strip()) for part in CUT.split(line.strip()))
    except ValueError as error:
        raise ValueError(
            _("Please write each cut as two times, such as 0:10:00 - 0:15:30: %(line)s", line=line)
        ) from error
    if not start < end <= LONGEST_SECONDS:
        raise ValueError(_("A cut ends after it begins: %(line)s", line=line))
    return start, end


def format_cuts(cuts: Iterable[tuple[float, float]]) -> str:
    return "\n".join(f"{format_timecode(start)} - {format_timecode(end)}" for start, end in cuts)


class AdjustForm(FlaskForm):  # type: ignore[misc]
    """How the recording lies on the agenda's clock, and its length."""

    offset = TimeField(_l("Shift all times by"), is_signed=True)
    length = TimeField(_l("Length of the recording"))
    cuts = CutsField(_l("Parts that were cut out"))

    def timing(self) -> Timing:
        return Timing(offset=self.offset.data or 0.0, cuts=self.cuts.data or ())


# -- the agenda --------------------------------------------------------------------------------


class ImportForm(FlaskForm):  # type: ignore[misc]
    """An agenda as text, typed or in a file; the file, once read, stands in the text field."""

    text = TextAreaField(_l("The agenda as text"), filters=[many_lines])
    file = FileField(_l("Or a file"))
    offset = TimeField(_l("Shift all times by"), is_signed=True)

    def validate_file(self, field: FileField) -> None:
        if not field.data:
            return
        content = field.data.stream.read(LARGEST_AGENDA_FILE + 1)
        if len(content) > LARGEST_AGENDA_FILE:
            raise ValidationError(_("This file is far larger than an agenda. Is it the right one?"))
        try:
            self.text.data = many_lines(content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise ValidationError(
                _(
                    "This isn't a text file. Please save it as plain text (UTF-8) and choose it "
                    "again."
                )
            ) from error


class EntryForm(FlaskForm):  # type: ignore[misc]
    """One entry of the agenda, with its time in the recording."""

    start = TimeField(_l("Time"), validators=[InputRequired(_l("Please enter a time."))])
    kind = SelectField(_l("Kind"))
    title = TextAreaField(
        _l("Title"),
        validators=[
            DataRequired(_l("Please give the entry a title.")),
            Length(max=1000, message=_l("Please use at most 1,000 characters.")),
        ],
        filters=[one_line],
    )
    speakers = StringField(
        _l("Speakers"),
        validators=[Length(max=1000, message=_l("Please use at most 1,000 characters."))],
        filters=[one_line],
    )
    section = StringField(
        _l("Section heading"),
        validators=[Length(max=200, message=_l("Please use at most 200 characters."))],
        filters=[one_line],
    )
    parent = SelectField(_l("Belongs to"), coerce=int)

    def __init__(
        self, entries: Sequence[Entry], *, timing: Timing, entry: Entry | None = None
    ) -> None:
        super().__init__(data=_values_of(entry, entries, timing=timing) if entry else None)
        self.kind.choices = [(kind.value, kind_label(kind)) for kind in ChapterKind]
        self.parent.choices = [
            (NOTHING, _("Nothing: a separate entry")),
            *(_parent_choice(other, timing) for other in entries if _can_be_parent(other, entry)),
        ]

    def words(self) -> EntryWords:
        names = (name.strip() for name in self.speakers.data.split(","))
        return EntryWords(
            start=self.start.data or 0.0,
            kind=ChapterKind(self.kind.data),
            title=self.title.data,
            speakers=tuple(name for name in names if name),
            section=self.section.data,
            parent_id=self.parent.data or None,
        )


def _values_of(entry: Entry, entries: Sequence[Entry], *, timing: Timing) -> dict[str, Any]:
    parent = entries[entry.parent].chapter_id if entry.parent is not None else NOTHING
    return {
        "start": in_recording(entry, timing=timing),
        "kind": entry.kind.value,
        "title": entry.title,
        "speakers": ", ".join(entry.speakers),
        "section": entry.section,
        "parent": parent,
    }


def _can_be_parent(other: Entry, entry: Entry | None) -> bool:
    is_itself = entry is not None and other.chapter_id == entry.chapter_id
    return other.kind != ChapterKind.QUESTION and other.parent is None and not is_itself


def _parent_choice(other: Entry, timing: Timing) -> tuple[int, str]:
    start = format_timecode(in_recording(other, timing=timing), milliseconds=False)
    return other.chapter_id or NOTHING, f"{start} {other.title}"


# -- captions ----------------------------------------------------------------------------------


class CaptionsForm(FlaskForm):  # type: ignore[misc]
    """Captions in one language; `webvtt` is what they say, in the form that browsers read."""

    language = SelectField(_l("Language"))
    captions = FileField(_l("Captions"))
    webvtt: str = ""

    def __init__(self, *args: Any, language: str) -> None:
        super().__init__(*args, data={"language": language})
        self.language.choices = list_languages()

    def validate_captions(self, field: FileField) -> None:
        if not field.data:
            raise ValidationError(_("Please choose a file."))
        try:
            self.webvtt = check_captions(field.data.stream)
        except UploadIsRefused as refusal:
            raise ValidationError(refusal.message) from refusal
