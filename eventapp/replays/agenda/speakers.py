"""The names of speakers in a published line: "… by Ann Lee and Bo Ek from the RCIA project".

A line that merely says "support by local authorities" names nobody. Where it cannot be told
whether words are a name, they are left alone: a missing speaker is added in a moment, a silly one
is published. The words are walked once, so the time is linear in the length of the line.
"""

from __future__ import annotations

import re

from .vocabulary import (
    AFTER_NAME,
    NOT_A_PERSON,
    ORGANISATIONS,
    OTHER_PARTICIPLES,
    PARTICLES,
    PERSONAL_TITLES,
    PREPOSITIONS,
    PRESENTING_PARTICIPLES,
    ROLES,
)

_BY = {"by", "par"}
_MOST_BYS = 5
_MOST_WORDS = 60
_LONGEST_NAME = 6

_PARENTHESES = re.compile(r"\([^()]{0,200}\)")
_SEPARATOR = re.compile(r",\s(?:and|&|et|und)\s|\s(?:and|&|et|und)\s|,\s?|;\s?")
_INITIAL_OR_SHORT = 3
_SHORTEST_FULL_NAME = 2


def find_speakers(title: str) -> tuple[str, ...]:
    """Return the names after the last "by" that is followed by any; titles like Dr. stay."""
    words = title.split(" ")
    places = [index for index, word in enumerate(words) if word.lower().lstrip("(") in _BY]
    for place in reversed(places[-_MOST_BYS:]):
        if not _can_name_somebody(words, place):
            continue
        if names := _read_names(" ".join(words[place + 1 : place + 1 + _MOST_WORDS])):
            return names
    return ()


def join_names(names: tuple[str, ...]) -> str:
    """Return "A", "A and B" or "A, B and C", which `find_speakers` reads."""
    if len(names) <= 1:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _can_name_somebody(words: list[str], place: int) -> bool:
    """Rule out "funded by …", "driven by …" and "step by step"."""
    if place == 0:
        return True
    before = words[place - 1].lower()
    if before in PRESENTING_PARTICIPLES:
        return True
    if before.endswith("ed") or before in OTHER_PARTICIPLES:
        return False
    after = words[place + 1].lower() if place + 1 < len(words) else ""
    return before != after.rstrip(".,;:")


def _read_names(tail: str) -> tuple[str, ...]:
    tail = " ".join(_PARENTHESES.sub(" ", tail).replace(")", " ").split())
    items, separators = _split_items(tail)
    first, has_affiliation = _read_name(items[0])
    if first is None:
        return ()
    names = [first]
    commas: list[str] = []
    for item, separator in zip(items[1:], separators, strict=True):
        name, next_has_affiliation = _read_name(item)
        if separator == ",":
            if name is not None and not has_affiliation:
                commas.append(name)
            continue
        if name is None or (has_affiliation and not next_has_affiliation):
            break
        if separator == "and":
            names += _keep_listed(commas, first=first)
        commas = []
        names.append(name)
        has_affiliation = next_has_affiliation
    return tuple(dict.fromkeys(names))


def _keep_listed(commas: list[str], *, first: str) -> list[str]:
    """Tell "Ann, Bo and Cy" from "Ann Lee, Canodrom and Bo Ek": an employer is mostly one word."""
    if " " not in first:
        return commas
    return [name for name in commas if " " in name]


def _split_items(tail: str) -> tuple[list[str], list[str]]:
    items, separators, start = [], [], 0
    for match in _SEPARATOR.finditer(tail):
        items.append(tail[start : match.start()])
        sign = match[0].strip()
        separators.append(sign if sign in {",", ";"} else "and")
        start = match.end()
    items.append(tail[start:])
    return items, separators


def _read_name(item: str) -> tuple[str | None, bool]:
    """Return the name an item begins with, and whether an affiliation follows it."""
    words = _skip_roles(item.split())
    name: list[str] = []
    rest = words
    while rest:
        word, rest = rest[0], rest[1:]
        bare, ends = _trim(word)
        if not _belongs_to_name(bare, name=name, following=rest):
            rest = [word, *rest]
            break
        name.append(bare)
        if ends or len(name) > _LONGEST_NAME:
            break
    else:
        ends = False
    is_whole = not rest or ends or rest[0].lower() in AFTER_NAME
    if not name or not is_whole or not _is_person(name):
        return None, False
    return " ".join(name), bool(rest)


def _skip_roles(words: list[str]) -> list[str]:
    """Drop "thematic expert" before a name; words that name no role stay and refuse the name."""
    lower = 0
    while lower < len(words) and words[lower][0].islower() and words[lower] not in PARTICLES:
        lower += 1
    roles = words[:lower]
    if roles and roles[-1].rstrip(":") in ROLES and not PREPOSITIONS & set(roles):
        words = words[lower:]
    while len(words) > _SHORTEST_FULL_NAME and words[0].lower() in ROLES - {"professor"}:
        words = words[1:]
    return words


def _trim(word: str) -> tuple[str, bool]:
    """Return the word without the sign that ends a phrase, and whether there was one."""
    if word.endswith(".") and (
        len(word) <= _INITIAL_OR_SHORT or word[:-1].lower() in PERSONAL_TITLES or "." in word[:-1]
    ):
        return word, False
    bare = word.rstrip(".,;:!?")
    return bare, bare != word


def _belongs_to_name(word: str, *, name: list[str], following: list[str]) -> bool:
    if _is_capitalised(word):
        return True
    if word.lower().rstrip(".") in PERSONAL_TITLES and not name:
        return True
    return word in PARTICLES and any(
        _is_capitalised(_trim(later)[0]) for later in _before_lower_case(following)
    )


def _before_lower_case(words: list[str]) -> list[str]:
    """Return the particles that come next and the one word after them."""
    count = 0
    while count < len(words) and words[count] in PARTICLES:
        count += 1
    return words[: count + 1]


def _is_capitalised(word: str) -> bool:
    if word[:2] in {"d'", "d’", "l'", "l’"}:
        word = word[2:]
    letters = word.replace("-", "").replace("'", "").replace("’", "").replace(".", "")
    return bool(word) and word[0].isalpha() and not word[0].islower() and _is_word(letters)


def _is_word(letters: str) -> bool:
    """Accept letters of any script, with the marks that some scripts put after a letter."""
    return not any(
        sign.isdigit() or sign.isspace() or sign in '/&+#@_"“”«»()[]' for sign in letters
    )


def _is_person(name: list[str]) -> bool:
    plain = [word.lower().rstrip(".") for word in name]
    if set(plain) & ORGANISATIONS or plain[0] in NOT_A_PERSON:
        return False
    own = [word for word in name if word.lower().rstrip(".") not in PERSONAL_TITLES]
    if not own or len(own) > _LONGEST_NAME - 1:
        return False
    is_acronym = len(own) == 1 and len(own[0]) > 1 and own[0].isascii() and own[0].isupper()
    return not is_acronym
