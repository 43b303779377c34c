"""Markup is taken apart in linear time, and the same however it comes in pieces."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presseschau.ingest.formats.text import BlockParser, blocks_of_fragment


@pytest.mark.parametrize(
    ("markup", "blocks"),
    [
        ("<p>Der Rat</p><p>tagt</p>", "Der Rat\n\ntagt"),
        ("<p title='a > b'>Rat<br>tagt", "Rat\ntagt"),
        ('<p data-x="a" title="1 > 0 <b>">Rat</p>', "Rat"),
        ("1 < 2 &lt; 3 <3 &amp; &#228; &nbsp;x", "1 < 2 < 3 <3 & ä x"),
        ("<!-- <p>weg</p> -->da<!-->auch<!doctype x><?php x ?>", "daauch"),
        ("<script>if (a<b) '</p>'</script>da<STYLE>p{}</Style >auch", "daauch"),
        ("<div style='display:none'>weg<p>weg</p><br>weg</div>da<p hidden>weg</p>", "da"),
        ("<p>ohne <b", "ohne <b"),
        ("<p>ohne <!-- Ende <p>da", "ohne Ende\n\nda"),
        ('<a href="ohne Ende>Rat</a> tagt', "Rat tagt"),
        ("Er sagte <q>ja</q>.", "Er sagte „ja“."),
    ],
)
def test_what_is_text(markup: str, blocks: str) -> None:
    assert blocks_of_fragment(markup) == blocks


@given(st.lists(st.text(alphabet="<>/!-= \"'apbrscript&;", max_size=12), max_size=12))
def test_pieces_change_nothing(pieces: list[str]) -> None:
    parser = BlockParser()
    for piece in pieces:
        parser.feed(piece)
    assert "\n\n".join(parser.finished(last=True)) == blocks_of_fragment("".join(pieces))


@pytest.mark.parametrize(
    "piece",
    ["<b x=1 ", '<a href="', "<a href='x>", "<!--", "<!-- -", "<script>", "</", "<", "&#", "<p hidden>", '<i a="b" '],
)
@pytest.mark.parametrize("end", ["", ">", '">', "-->"])
def test_it_takes_linear_time(piece: str, end: str) -> None:
    begun = time.process_time()
    blocks_of_fragment(piece * (400_000 // len(piece)) + end)
    assert time.process_time() - begun < 5
