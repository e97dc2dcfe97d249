"""Why an upload is declined, in words that say what was expected and what to do."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal

LARGEST_CAPTIONS = 2 * 1024 * 1024


class UploadIsRefused(Refusal):
    """A file we can't take; each kind below has its own answer."""

    answer: ClassVar[str]

    def __init__(self) -> None:
        super().__init__(self.answer)


class NotAPresentation(UploadIsRefused):
    """The content is none of the kinds of presentation we take."""

    answer = _l(
        "This doesn't look like a presentation. Please choose a PDF, a PowerPoint file (.pptx) "
        "or an OpenDocument presentation (.odp). Most programs can save as PDF."
    )


class PresentationIsIncomplete(NotAPresentation):
    """The file begins as a presentation and stops before its end."""

    answer = _l(
        "The end of this file is missing: the upload may have been cut short. Please open the "
        "file to check that it is complete, then choose it again."
    )


class PresentationHasMacros(NotAPresentation):
    """The presentation carries programs, which we don't hand on to others."""

    answer = _l(
        "This presentation contains macros, which we don't accept. Please save it without macros "
        "(.pptx) or as PDF, then choose that file."
    )


class NotAVideo(UploadIsRefused):
    """The content is no recording that browsers play."""

    answer = _l(
        "This doesn't look like a recording that browsers can play. "
        "Please choose an MP4 or a WebM file, or sound alone as M4A or MP3."
    )


class VideoIsIncomplete(NotAVideo):
    """The file begins as a recording and stops before its end."""

    answer = _l(
        "The end of this recording is missing: the upload may have been cut short. Please play it "
        "to the end to check, then choose it again."
    )


class NotCaptions(UploadIsRefused):
    """The content is neither WebVTT nor SubRip in UTF-8, or holds not one caption."""

    answer = _l(
        "This doesn't look like a caption file. Please choose a WebVTT (.vtt) or SubRip (.srt) "
        "file that is saved as UTF-8 and has at least one caption."
    )


class CaptionsAreTooLarge(NotCaptions):
    """More text than the captions of any webinar."""

    def __init__(self) -> None:
        super().__init__()
        self.message = _(
            "This file is larger than %(megabytes)s MB, far more than captions need. Please check "
            "that it is the right one.",
            megabytes=LARGEST_CAPTIONS // (1024 * 1024),
        )


class CaptionTimeIsWrong(NotCaptions):
    """A caption's time can't be read, or it ends before it starts; `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.message = _(
            "The time on line %(line)s can't be read, or it ends before it starts. Please correct "
            "that line, then choose the file again.",
            line=line,
        )


class NotAPicture(UploadIsRefused):
    """The content is no picture that we can open."""

    answer = _l(
        "This doesn't look like a picture we can open. "
        "Please choose a JPEG, PNG or WebP file; drawings can be saved as PNG."
    )


class PictureIsTooLarge(NotAPicture):
    """Opened, the picture would take more memory than we give to one of its kind."""

    def __init__(self, most_pixels: int) -> None:
        super().__init__()
        self.message = _(
            "This picture has more than %(megapixels)s million pixels. "
            "Please choose a smaller version.",
            megapixels=most_pixels // 1_000_000,
        )


class PictureTakesTooLong(NotAPicture):
    """Opening the picture would keep everybody waiting."""

    answer = _l(
        "This picture takes too long to open. Please open it in a picture program, "
        "save it again as JPEG or PNG, and choose that file."
    )
