"""TMX: the pairs of an analysis, read back by an XML parser and by our own reader of pairs."""

import pytest
from lxml import etree
from own_analysis import RICH, SLUGS, filled_with, hostile, own

from presseschau.checks.files.pairs import Pair, read_pairs
from presseschau.output.inert import one_line
from presseschau.output.sentence_pairs import tmx

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
