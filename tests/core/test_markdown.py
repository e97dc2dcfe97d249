from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eventapp.core.markdown import Heading, outline, plain_text, render_markdown

REL = 'rel="noopener nofollow"'


def seek(seconds: int) -> str:
    return f"?t={seconds}"


class Tags(HTMLParser):
    """Collects what a browser would see as tags, whatever the text looks like."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


# -- what is shown -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a* **b** `c` ~~d~~", "<p><em>a</em> <strong>b</strong> <code>c</code> <s>d</s></p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
        ("```py\na < b\n```", "<pre><code>a &lt; b\n</code></pre>\n"),
        ("Tom & Jerry <3", "<p>Tom &amp; Jerry &lt;3</p>\n"),
        ("", ""),
    ],
)
def test_markdown_is_shown(text, html):
    assert render_markdown(text) == html


def test_headings_begin_below_the_pages_own():
    html = render_markdown("# a\n\n## b\n\n###### c")

    assert html == "<h2>a</h2>\n<h3>b</h3>\n<h6>c</h6>\n"


def test_headings_begin_where_the_page_says():
    html = render_markdown("# a\n\n## b", top_heading=4)

    assert html == "<h4>a</h4>\n<h5>b</h5>\n"


def test_largest_heading_of_a_text_is_the_pages_next():
    html = render_markdown("## a\n\n#### b\n\n### c")

    assert html == "<h2>a</h2>\n<h4>b</h4>\n<h3>c</h3>\n"


def test_table_says_its_alignment_by_class():
    html = render_markdown("| a | b | c |\n|--:|:-:|---|\n| 1 | 2 | 3 |")

    cells = [attrs for tag, attrs in Tags(html).seen if tag == "td"]
    assert cells == [{"class": "align-right"}, {"class": "align-center"}, {}]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("[a](https://x.example/?a=1&b=2)", "https://x.example/?a=1&b=2"),
        ("[a](/webinars/)", "/webinars/"),
        ("<https://x.example>", "https://x.example"),
        ("<me@x.example>", "mailto:me@x.example"),
        ("[a][1]\n\n[1]: http://x.example 'title'", "http://x.example"),
    ],
)
def test_link_leads_where_it_says(text, address):
    [link] = [attrs for tag, attrs in Tags(render_markdown(text)).seen if tag == "a"]

    assert link["href"] == address
    assert link["rel"] == "noopener nofollow"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("![A *b*](https://x.example/p.png)", f'<a href="https://x.example/p.png" {REL}>A b</a>'),
        ("![](https://x.example/p.png)", f'<a href="https://x.example/p.png" {REL}>https://x.example/p.png</a>'),
        ("[![in](/p.png)](/b)", f'<a href="/b" {REL}>in</a>'),
    ],
)  # fmt: skip
def test_picture_becomes_a_link_to_it(text, html):
    assert render_markdown(text) == f"<p>{html}</p>\n"


# -- links to times ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("01:19:33", 4773),
        ("1:19:33", 4773),
        ("19:33", 1173),
        ("0:00", 0),
        ("75:30", 4530),
        ("100:00:01", 360_001),
    ],
)
def test_time_in_brackets_becomes_a_link(text, seconds):
    html = render_markdown(f"see [{text}].", time_links=seek)

    assert html == f'<p>see <a href="?t={seconds}" data-seek="{seconds}" {REL}>{text}</a>.</p>\n'


@pytest.mark.parametrize(
    "text",
    ["[99:99:99]", "[1:60]", "[1:61:00]", "[1234:00]", "[12]", "[1:2]", "[ 1:02]", "[1:02", "1:02"],
)
def test_what_is_no_time_stays_text(text):
    assert render_markdown(text, time_links=seek) == f"<p>{text}</p>\n"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("`[19:33]`", "<p><code>[19:33]</code></p>\n"),
        ("```\n[19:33]\n```", "<pre><code>[19:33]\n</code></pre>\n"),
        ("    [19:33]", "<pre><code>[19:33]\n</code></pre>\n"),
        ("\\[19:33]", "<p>[19:33]</p>\n"),
        ("[19:33](/a)", f'<p><a href="/a" {REL}>19:33</a></p>\n'),
        ("[at [19:33]](/a)", f'<p><a href="/a" {REL}>at [19:33]</a></p>\n'),
        ("[*at [19:33]*](/a)", f'<p><a href="/a" {REL}><em>at [19:33]</em></a></p>\n'),
        ("![at [19:33]](/a)", f'<p><a href="/a" {REL}>at 19:33</a></p>\n'),
        ("[19:33]\n\n[19:33]: /a", f'<p><a href="/a" {REL}>19:33</a></p>\n'),
    ],
)
def test_time_in_code_or_in_a_link_is_left_alone(text, html):
    assert render_markdown(text, time_links=seek) == html


def test_times_are_links_wherever_words_are():
    html = render_markdown("# [0:01]\n\n- *[0:02]* [[0:03]]\n\n|[0:04]|\n|-|", time_links=seek)

    seconds = [attrs["data-seek"] for tag, attrs in Tags(html).seen if tag == "a"]
    assert seconds == ["1", "2", "3", "4"]


def test_times_stay_text_where_nothing_can_be_sought():
    assert render_markdown("[19:33]") == "<p>[19:33]</p>\n"


def test_time_without_an_address_stays_text():
    html = render_markdown("[19:33]", time_links=lambda _seconds: None)

    assert html == "<p>[19:33]</p>\n"


# -- what people try ---------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java\nscript:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](<javascript:alert(1)>)",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "![a](data:image/png;base64,AAAA)",
    "![a](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    "[a](vbscript:x) [b](file:///etc/passwd) [c](ftp://x)",
    '[a](/x "\\" onclick=alert(1)")',
    '[a](/x" onclick="alert(1))',
    "[a](http://[::1)",
    "`</code><script>`",
    '```"><script>\nx\n```',
    "|<svg/onload=alert(1)>|\n|-|\n|<iframe>|",
    "&lt;script&gt; &#60;script&#62;",
    "<!-- --><style>*{}</style><a href=x style=x data-seek=1>",
]
ALLOWED = {"href", "title", "rel", "data-seek", "class", "start"}


def check_is_harmless(html: str) -> None:
    for tag, attrs in Tags(html).seen:
        assert tag not in {"script", "style", "img", "iframe", "svg", "object", "form", "h1"}
        assert set(attrs) <= ALLOWED
        address = re.sub(r"[\s\x00-\x20]", "", attrs.get("href") or "").lower()
        assert not address.startswith(("javascript:", "data:", "vbscript:", "file:", "ftp:"))
    assert "<script" not in html.lower()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_harmless(text):
    check_is_harmless(render_markdown(text, time_links=seek))


MARKS = (
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "!",
    "`",
    "*",
    "_",
    "~~",
    "|",
    "\n",
    "    ",
    "# ",
    "- ",
    "> ",
)
TRICKS = (
    *("javascript:", "JAVASCRIPT:alert(1)", "data:text/html,", "https://x", "&#106;", "\\", '"'),
    *("<script>", "onload=x", "<a href=", "[1:02]", "[a]: ", "\x00", "\t", "x"),
)
PIECES = st.sampled_from((*MARKS, *TRICKS))


@given(text=st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
@example(text="[[0:01]](javascript:x)")
@settings(max_examples=300, deadline=None)
def test_any_text_is_harmless(text):
    html = render_markdown(text, time_links=seek)

    check_is_harmless(html)
    assert "<a" not in re.sub(r"<a [^>]*>.*?</a>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("piece", ["[", "![", "[0:1", "[0:01]", "*a_", "> ", "[a](", "|", "`", "<"])
def test_time_grows_with_the_length_alone(piece):
    short, long = (piece * (length // len(piece)) for length in (4_000, 16_000))

    fourfold = measure(long) / max(measure(short), 0.002)

    assert fourfold < 10


def measure(text: str) -> float:
    def once() -> float:
        started = time.process_time()
        render_markdown(text, time_links=seek)
        return time.process_time() - started

    return min(once() for _ in range(2))


def test_two_hundred_thousand_brackets_are_rendered():
    text = "[" * 200_000

    assert render_markdown(text) == f"<p>{text}</p>\n"


NESTING = ("*", "_", "**", "*_", "~~", "`", "[", "![", "> ", "- ", "1. ", ">", "](")
CLOSERS = {"[": "]", "![": "](x)", "> ": "", "- ": "", "1. ": "", ">": "", "](": ")"}


@given(nests=st.lists(st.tuples(st.sampled_from(NESTING), st.integers(1, 9_000)), max_size=3))
@example(nests=[("*", 9_000)])
@example(nests=[("> ", 20), ("_", 8_000)])
@settings(max_examples=30, deadline=None)
def test_marks_nested_as_deep_as_a_form_takes_are_read(nests):
    opened = "".join(mark * times for mark, times in nests)
    closed = "".join(CLOSERS.get(mark, mark[::-1]) * times for mark, times in reversed(nests))
    text = f"{opened}a{closed}"[:20_000]

    render_markdown(text, time_links=seek)
    plain_text(text, max_length=300)

    assert len(plain_text(text)) <= 3 * len(text)


# -- plain text --------------------------------------------------------------------------------


def test_plain_text_keeps_the_shape_without_the_marks():
    text = (
        "# Title\n\n*One* & `two`\nthree\n\n1. a\n2. b\n   - c\n\n> quote\n\n"
        "| x | y |\n|---|---|\n| 1 |   |\n\n---\n\n```\ncode\n```"
    )

    assert plain_text(text) == (
        "Title\n\nOne & two\nthree\n\n1. a\n2. b\n   - c\n\nquote\n\nx | y\n1 | \n\ncode"
    )


def test_plain_text_writes_addresses_that_words_hide():
    text = "[Hubs](https://x.example) <https://y.example> <me@x.example> ![A](/p.png)"

    assert plain_text(text) == (
        "Hubs (https://x.example) https://y.example me@x.example A (/p.png)"
    )


@pytest.mark.parametrize(
    ("length", "summary"),
    [
        (100, "Title One two, three a b"),
        (24, "Title One two, three a b"),
        (23, "Title One two, three a…"),
        (21, "Title One two, three…"),
        (20, "Title One two…"),
        (4, "Tit…"),
        (1, "…"),
    ],
)
def test_summary_is_cut_between_words(length, summary):
    text = "# Title\n\n*One* [two](https://x.example), three\n\n- a\n- b"

    assert plain_text(text, max_length=length) == summary


@given(text=st.text(max_size=200), length=st.integers(1, 60))
@settings(max_examples=150, deadline=None)
def test_summary_is_one_line_within_its_length(text, length):
    summary = plain_text(text, max_length=length)

    assert len(summary) <= length
    assert summary == " ".join(summary.split())


# -- outline -----------------------------------------------------------------------------------


def test_outline_names_headings_and_keeps_their_anchors_apart() -> None:
    assert outline("## Räume & *Geld*\n\n### Räume\n\n## Räume\n\n##\n\n## 场地 2") == [
        Heading(1, "Räume & Geld", "part-räume-geld"),
        Heading(2, "Räume", "part-räume"),
        Heading(1, "Räume", "part-räume-2"),
        Heading(1, "场地 2", "part-场地-2"),
    ]


def test_outline_numbers_past_an_anchor_that_words_have_taken() -> None:
    anchors = [heading.anchor for heading in outline("# a 2\n\n# a\n\n# a\n\n# a")]

    assert anchors == ["part-a-2", "part-a", "part-a-3", "part-a-4"]


def test_headings_carry_the_anchors_of_the_outline_where_wanted() -> None:
    text = '# a" onclick="b\n\n> # [c](https://example.org)\n\n# <b>'

    seen = Tags(render_markdown(text, with_anchors=True)).seen

    ids = [attrs["id"] for tag, attrs in seen if tag.startswith("h")]
    assert ids == [heading.anchor for heading in outline(text)]
    assert {name for tag, attrs in seen if tag.startswith("h") for name in attrs} == {"id"}


def test_headings_have_no_anchors_unless_wanted() -> None:
    assert render_markdown("# a") == "<h2>a</h2>\n"
