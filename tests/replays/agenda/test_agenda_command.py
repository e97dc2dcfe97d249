import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from eventapp.replays.cli import agenda

PAGE = Path(__file__).parent / "reference.txt"


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(agenda, arguments, input=stdin)


def test_command_prints_json_by_itself():
    result = run(str(PAGE))

    assert result.exit_code == 0
    assert len(json.loads(result.stdout)["entries"]) == 17
    assert result.stderr == ""


@pytest.mark.parametrize("target", ["text", "webvtt", "youtube", "csv", "podlove", "ffmetadata"])
def test_command_prints_every_format_and_reads_it_from_standard_input(target):
    written = run(str(PAGE), "--to", target).stdout

    result = run("-", "--from", target, stdin=written)

    assert len(json.loads(result.stdout)["entries"]) == 17


def test_command_shows_warnings_beside_what_it_prints():
    result = run("-", "--to", "text", stdin="0:00 A\n99:99:99 foo\n5:30 B\n")

    assert result.exit_code == 0
    assert result.stdout == "00:00:00 A\n00:05:30 B\n"
    assert result.stderr == (
        "Line 2: “99:99:99 foo” doesn't start with a time that can be read; it was left out.\n"
    )


def test_command_keeps_warnings_inside_json():
    result = run("-", stdin="0:00 A\n99:99:99 foo\n5:30 B\n")

    assert result.stderr == ""
    assert [warning["line"] for warning in json.loads(result.stdout)["warnings"]] == [2]


@pytest.mark.parametrize(
    ("arguments", "stdin", "why"),
    [
        ((), "5:30 A\n0:00 B", "Line 2 starts at 00:00:00"),
        (("--duration", "0:05:00"), "5:30 A", "the recording ends at 00:05:00"),
        (("--duration", "300"), "5:30 A", "the recording ends at 00:05:00"),
        (("--duration", "soon"), "5:30 A", "Give seconds, or a length such as 1:30:00."),
        (("--from", "json"), "5:30 A", "The JSON can't be read"),
        ((), "", "No agenda found."),
    ],
)
def test_command_leaves_with_two_and_says_why(arguments, stdin, why):
    result = run("-", *arguments, stdin=stdin)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert why in result.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_command_reads_what_editors_save(encoding):
    result = run("-", "--to", "text", stdin="5:30 Hübs\r\n".encode(encoding))

    assert result.stdout == "00:05:30 Hübs\n"
    assert result.stderr == ""


def test_command_reads_old_windows_files_with_a_note():
    result = run("-", "--to", "text", stdin="5:30 Hübs".encode("cp1252"))

    assert result.stdout == "00:05:30 Hübs\n"
    assert "isn't UTF-8" in result.stderr
