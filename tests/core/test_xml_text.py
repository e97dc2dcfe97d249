"""What XML takes of a text."""

from __future__ import annotations

from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from hypothesis import given
from hypothesis import strategies as st

from eventapp.core.xml_text import xml_text


@given(st.text())
def test_any_text_makes_a_document_that_can_be_read(text):
    ET.fromstring(f"<a>{escape(xml_text(text))}</a>")


def test_what_xml_takes_stays():
    assert xml_text("Zoë \t\n\u202e🎉<&") == "Zoë \t\n\u202e🎉<&"
    assert xml_text("a\x00\x0b\ufffe\uffff\x1fb") == "ab"
