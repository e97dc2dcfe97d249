"""What an uploaded file is, judged by its content and never by its name.

Every check is given a seekable binary stream, reads a bounded part of it, leaves it rewound, and
raises a refusal that says what was expected and what to do.
"""

from __future__ import annotations

from eventapp.core.uploads.captions import check_captions
from eventapp.core.uploads.names import safe_download_name
from eventapp.core.uploads.pictures import Picture, clean_picture
from eventapp.core.uploads.presentations import check_presentation
from eventapp.core.uploads.recordings import check_recording, recognise_recording
from eventapp.core.uploads.refusals import (
    CaptionsAreTooLarge,
    CaptionTimeIsWrong,
    NotAPicture,
    NotAPresentation,
    NotAVideo,
    NotCaptions,
    PictureIsTooLarge,
    PictureTakesTooLong,
    PresentationHasMacros,
    PresentationIsIncomplete,
    UploadIsRefused,
    VideoIsIncomplete,
)
from eventapp.core.uploads.streams import UploadKind
from eventapp.core.uploads.videos import check_video

__all__ = [
    "CaptionTimeIsWrong",
    "CaptionsAreTooLarge",
    "NotAPicture",
    "NotAPresentation",
    "NotAVideo",
    "NotCaptions",
    "Picture",
    "PictureIsTooLarge",
    "PictureTakesTooLong",
    "PresentationHasMacros",
    "PresentationIsIncomplete",
    "UploadIsRefused",
    "UploadKind",
    "VideoIsIncomplete",
    "check_captions",
    "check_presentation",
    "check_recording",
    "check_video",
    "clean_picture",
    "recognise_recording",
    "safe_download_name",
]
