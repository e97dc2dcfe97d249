"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.architecture.sources import ROOT, Module, called_name, list_modules, walk_modules

MOST_LINES = 400
MOST_LINES_OF_TESTS = 650  # A file of tests is read one test at a time.
VAGUE_NAMES = {"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
VAGUE_CLASS = re.compile(r"\w*(Manager|Helper|Service|DAO)$")
CLOCK = re.compile(r"(.*\.)?(datetime\.(now|utcnow|today)|date\.today|time\.time(_ns)?)")
TRANSLATING = {"_", "_l", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext", "pgettext"}

Function = (ast.FunctionDef, ast.AsyncFunctionDef)


def find_calls(name: re.Pattern[str], *, except_in: str = "") -> list[str]:
    return [
        module.at(node)
        for module, node in walk_modules()
        if isinstance(node, ast.Call)
        and name.fullmatch(called_name(node))
        and module.name != except_in
    ]


def list_written_files() -> list[Path]:
    return [
        path
        for folder in ("bench", "eventapp", "scripts", "templates", "tests")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".css", ".html", ".js", ".py", ".txt"} and "assets" not in path.parts
    ]


def test_imports_stand_at_the_top_of_their_file():
    inside = {
        module.at(statement)
        for module, node in walk_modules()
        if isinstance(node, Function)
        for statement in ast.walk(node)
        if isinstance(statement, ast.Import | ast.ImportFrom)
    }

    assert sorted(inside) == []


def test_clock_is_read_by_core_clock_alone():
    assert find_calls(CLOCK, except_in="eventapp/core/clock.py") == []


def test_clock_is_asked_through_its_module():
    """A name imported on its own would go on telling the real time in tests that stop the clock."""
    direct = [
        module.at(node)
        for module, node in walk_modules()
        if isinstance(node, ast.ImportFrom) and node.module == "eventapp.core.clock"
    ]

    assert direct == []


def test_transactions_are_committed_by_core_db_alone():
    assert find_calls(re.compile(r".*\.commit"), except_in="eventapp/core/db.py") == []


def test_environment_is_read_by_config_alone():
    readers = [
        module.at(node)
        for module, node in walk_modules()
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        # That one is the request's own (WSGI), not the process's.
        and ast.unparse(node) != "request.environ"
        and module.name != "config.py"
    ]

    assert readers == []


def test_nothing_is_printed():
    assert find_calls(re.compile("print")) == []


def test_files_are_short_enough_to_read():
    long = [
        path.relative_to(ROOT).as_posix()
        for path in list_written_files()
        if len(path.read_text("utf-8").splitlines())
        > (MOST_LINES_OF_TESTS if "tests" in path.parts else MOST_LINES)
    ]

    assert long == []


def test_files_are_named_for_what_is_in_them():
    vague = [
        path.relative_to(ROOT).as_posix()
        for path in list_written_files()
        if VAGUE_NAMES & {part.partition(".")[0] for part in path.relative_to(ROOT).parts}
    ]

    assert vague == []


def test_classes_are_named_for_what_they_are():
    vague = [
        module.at(node)
        for module, node in walk_modules()
        if isinstance(node, ast.ClassDef) and VAGUE_CLASS.fullmatch(node.name)
    ]

    assert vague == []


def test_rules_are_given_the_time():
    readers = [
        module.name
        for module in list_modules()
        if is_called(module, "rules") and "clock" in imported_names(module)
    ]

    assert readers == []


def test_messages_to_translate_are_written_out():
    """Put together at run time, a message would never be found in a catalogue."""
    built = [
        module.at(node)
        for module, node in walk_modules()
        if isinstance(node, ast.Call)
        and called_name(node) in TRANSLATING
        and not (node.args and isinstance(node.args[0], ast.Constant))
    ]

    assert built == []


def is_called(module: Module, purpose: str) -> bool:
    """Whether a module serves a purpose, as one file or as a package of that name."""
    return purpose in {Path(module.name).stem, Path(module.name).parent.name}


def imported_names(module: Module) -> set[str]:
    return {
        alias.name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
