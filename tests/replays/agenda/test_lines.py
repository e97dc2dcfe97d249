"""Kinds and speakers, as far as the words of one line say them."""

import pytest

from eventapp.replays.agenda.lines import read_line
from eventapp.replays.agenda.speakers import find_speakers, join_names


@pytest.mark.parametrize(
    ("title", "speakers"),
    [
        ("Talk by Ann Lee", ("Ann Lee",)),
        ("Talk by Ann Lee and Bo Ek", ("Ann Lee", "Bo Ek")),
        ("Talk by Ann Lee, Bo Ek and Cy da Silva", ("Ann Lee", "Bo Ek", "Cy da Silva")),
        ("Talk by Ann, Bo and Cy", ("Ann", "Bo", "Cy")),
        ("Talk by Ana Núñez-García & Zoë O’Neill", ("Ana Núñez-García", "Zoë O’Neill")),
        ("Talk by Dr. Ann Lee", ("Dr. Ann Lee",)),
        ("Talk by Prof. Dr. J.-P. van der Berg from RCIA", ("Prof. Dr. J.-P. van der Berg",)),
        ("by Berta Pérez from RCIA project", ("Berta Pérez",)),
        ("Talk by Ann Lee from RCIA and Bo Ek from CREADIS3", ("Ann Lee", "Bo Ek")),
        ("Talk by Ann Lee (RCIA) and Bo Ek (Namur)", ("Ann Lee", "Bo Ek")),
        ("Talk by Ann Lee, University of Malta", ("Ann Lee",)),
        ("Talk by Ann Lee, Canodrom and Bo Ek, RCIA", ("Ann Lee", "Bo Ek")),
        ("Talk by Ann Lee from Research and Innovation Malta", ("Ann Lee",)),
        ("Introduction by thematic expert Luc Schmerber", ("Luc Schmerber",)),
        ("Opening by Mayor Ann Lee", ("Ann Lee",)),
        ("Panel moderated by Luc Schmerber", ("Luc Schmerber",)),
        ("Keynote by Ann Lee: how hubs grow", ("Ann Lee",)),
        ("Talk (by Ann Lee)", ("Ann Lee",)),
        ("Talk by Ann Lee on governance by local authorities", ("Ann Lee",)),
        ("Exposé par Delphine Coderniaux", ("Delphine Coderniaux",)),
        ("Talk by J. R. Smith.", ("J. R. Smith",)),
        ("Talk by 山田太郎", ("山田太郎",)),
        ("Talk by Berta PÉREZ", ("Berta PÉREZ",)),
        ("Support by local authorities", ()),
        ("Support by local authorities in Malta", ()),
        ("Larissa by bike", ()),
        ("Funded by European Union", ()),
        ("Driven by Creative Minds", ()),
        ("Step by Step", ()),
        ("Talk by the mayor of Namur", ()),
        ("Reports by EU and UNESCO", ()),
        ("Report by European Commission", ()),
        ("Due by Monday", ()),
        ("Standby", ()),
        ("Talk by", ()),
        ("", ()),
    ],
)
def test_find_speakers_names_people_and_nobody_else(title, speakers):
    assert find_speakers(title) == speakers


@pytest.mark.parametrize("names", [("Ann Lee",), ("Ann Lee", "Bo Ek"), ("Ann", "Bo", "Cy")])
def test_join_names_is_read_back(names):
    assert find_speakers(f"Talk by {join_names(names)}") == names


@pytest.mark.parametrize(
    ("line", "kind", "title"),
    [
        ("Q&A: What is it?", "question", "What is it?"),
        ("Q & A : What is it?", "question", "What is it?"),
        ("Q: What is it?", "question", "What is it?"),
        ("Question 3: What is it?", "question", "What is it?"),
        ("Q2 – What is it?", "question", "What is it?"),
        ("Q&A", "other", "Q&A"),
        ("Q&A:", "other", "Q&A"),
        ("Question-based design", "other", "Question-based design"),
        ("Welcome", "introduction", "Welcome"),
        ("Begrüßung", "introduction", "Begrüßung"),
        ("Presentation on lunch programmes", "presentation", "Presentation on lunch programmes"),
        ("How we break things by Ann Lee", "presentation", "How we break things by Ann Lee"),
        ("Panel discussion", "panel", "Panel discussion"),
        ("Panel discussion led by Ann Lee", "panel", "Panel discussion led by Ann Lee"),
        ("Solar panels by Ann Lee", "presentation", "Solar panels by Ann Lee"),
        ("Round table", "panel", "Round table"),
        ("Lunch break", "break", "Lunch break"),
        ("Coffee", "break", "Coffee"),
        ("Pause", "break", "Pause"),
        ("Break-even analysis", "other", "Break-even analysis"),
        ("Breakout rooms", "other", "Breakout rooms"),
        ("Wrap-up", "other", "Wrap-up"),
    ],
)
def test_read_line_finds_the_kind_and_keeps_the_words(line, kind, title):
    entry = read_line(line)

    assert (entry.kind, entry.title) == (kind, title)
