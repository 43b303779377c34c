"""`rendered`: every format, the same bytes for the same analysis, nothing heavy before it is needed. TMX is read back
by an XML parser and by our own reader of pairs.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from lxml import etree
from own_analysis import RICH, SLUGS, filled_with, hostile, own

from presseschau.checks.files.pairs import Pair, read_pairs
from presseschau.models import Analysis
from presseschau.output import FORMATS, rendered
from presseschau.output.inert import one_line
from presseschau.output.sentence_pairs import tmx

TEXTS = [format for format in FORMATS if not format.startswith("docx")]


@pytest.mark.parametrize("format", TEXTS)
@pytest.mark.parametrize("slug", SLUGS)
def test_every_own_article_is_rendered_in_every_format_and_ends_in_a_newline(slug, format):
    text = rendered(own(slug), format)
    assert text.endswith("\n")
    assert text.encode("utf-8")


@pytest.mark.parametrize("format", TEXTS)
def test_the_same_analysis_gives_the_same_bytes(format):
    again = Analysis.model_validate_json(own(RICH).model_dump_json())
    assert rendered(own(RICH), format) == rendered(again, format)


@pytest.mark.parametrize("format", TEXTS)
def test_an_analysis_without_any_part_is_rendered(format):
    bare = own(RICH).model_copy(update={"translation": None, "summary": None, "claims": None, "findings": ()})
    assert rendered(bare, format).endswith("\n") or format == "jsonl"  # no claims, no lines


STEERING = {
    *map(chr, [*range(10), *range(11, 32), *range(127, 160)]),
    *"\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029",
}


@pytest.mark.parametrize("text", hostile())
def test_no_format_lets_a_terminal_be_steered(text):
    filled = filled_with(text)
    for format in ("json", "jsonl", "jsonld", "md", "csv", "html", "tmx", "xliff", "txt"):
        assert not STEERING & set(rendered(filled, format).removeprefix("\ufeff")), format


@pytest.mark.parametrize("text", hostile())
def test_json_gives_back_the_very_text(text):
    read = Analysis.model_validate_json(rendered(filled_with(text), "json"))
    assert read == filled_with(text)


def test_another_format_is_an_error():
    with pytest.raises(KeyError):
        rendered(own(RICH), "pdf")


def test_json_is_the_analysis():
    assert json.loads(rendered(own(RICH), "json"))["schema"] == "presseschau/analysis/1"


def test_only_html_loads_jinja():
    ask = (
        "import sys; sys.path.insert(0, sys.argv[1]); from own_analysis import own, RICH;"
        "from presseschau.output import rendered, FORMATS;"
        "[rendered(own(RICH), f) for f in FORMATS if f != 'html']; print('jinja2' in sys.modules);"
        "rendered(own(RICH), 'html'); print('jinja2' in sys.modules)"
    )
    command = [sys.executable, "-c", ask, str(__file__).rsplit("/", 1)[0]]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def units(analysis):
    root = etree.fromstring(tmx(analysis).encode(), etree.XMLParser(resolve_entities=False))
    assert (root.tag, root.get("version")) == ("tmx", "1.4")
    return root.findall("body/tu")


@pytest.mark.parametrize("slug", SLUGS)
def test_our_own_reader_gets_the_pairs_back(slug, tmp_path):
    path = tmp_path / "pairs.tmx"
    path.write_text(tmx(own(slug)), encoding="utf-8")
    wanted = [Pair(str(row.n), one_line(row.de), one_line(row.en)) for row in own(slug).translation if row.en]
    assert list(read_pairs(path)) == wanted


def test_a_missing_sentence_is_no_unit_and_a_finding_is_a_note():
    by_number = {unit.get("tuid"): unit for unit in units(own(RICH))}
    assert "8" not in by_number
    assert len(by_number["14"].findall("note")) == 2
    assert by_number["17"].findtext("prop") == "human"


@pytest.mark.parametrize("text", hostile())
def test_hostile_text_stays_in_its_segment(text):
    for unit in units(filled_with(text)):
        assert [child.get(LANG) for child in unit.findall("tuv")] == ["de", "en"]
        assert all(len(seg) == 0 for seg in unit.iter("seg"))
        written = {(seg.text or "").replace("\ufffe", "") for seg in unit.iter("seg")}
        assert written == {one_line(text).replace("\ufffe", "").replace("\uffff", "")}
