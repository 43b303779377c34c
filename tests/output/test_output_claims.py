"""Claims for spreadsheets (CSV), programs (JSONL) and the web of data (JSON-LD)."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_analysis import RICH, SLUGS, filled_with, hostile, own

from presseschau.models import Claim
from presseschau.output.claims import COLUMNS, claim_jsonld, claims_csv, claims_jsonl


def rows(analysis):
    return list(csv.DictReader(io.StringIO(claims_csv(analysis).removeprefix("\ufeff"))))


def test_the_csv_begins_with_a_bom_and_its_columns():
    first = claims_csv(own(RICH)).encode().split(b"\n")[0]
    assert first.startswith(b"\xef\xbb\xbf")
    assert first.decode("utf-8-sig") == ",".join(f'"{column}"' for column in COLUMNS)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_csv_has_a_row_a_claim(slug):
    for row, claim in zip(rows(own(slug)), own(slug).claims, strict=True):
        assert (row["id"], row["claim"], row["stance"]) == (claim.id, claim.text, claim.stance)
        assert row["speaker"] == (claim.speaker or "")
        assert row["german"] == " ".join(f"[{e.n}] {e.text}" for e in claim.evidence)
        assert row["supported"] == ("yes" if claim.supported else "no")
        assert row["via"] == "; ".join(claim.via)


@pytest.mark.parametrize("text", hostile())
def test_no_cell_of_the_csv_begins_a_formula(text):
    for row in rows(filled_with(text)):
        assert list(row) == list(COLUMNS)
        assert not any(cell.startswith(tuple("=+-@\t\r＝＋－＠")) for cell in row.values())


@given(st.text(max_size=20), st.sampled_from("=+-@"), st.text(alphabet=" \t\r\n\x00\u200b\ufeff\xa0", max_size=3))
def test_a_formula_is_found_behind_anything_unseen(text, sign, before):
    cell = rows(filled_with(f"{before}{sign}{text}"))[0]["claim"]
    assert cell.startswith(f"'{sign}")


@pytest.mark.parametrize("slug", SLUGS)
def test_a_line_of_jsonl_is_the_claim_with_its_article(slug):
    about = ("article", "source", "outlet", "agency", "published", "model")
    for line, claim in zip(claims_jsonl(own(slug)).splitlines(), own(slug).claims, strict=True):
        read = json.loads(line)
        assert read.pop("article") == own(slug).article.id
        assert Claim.model_validate({k: v for k, v in read.items() if k not in about}) == claim


@pytest.mark.parametrize("text", hostile())
def test_jsonl_keeps_one_line_a_claim(text):
    analysis = filled_with(text)
    lines = claims_jsonl(analysis).splitlines()  # splits at every line break that Unicode knows
    assert [json.loads(line)["text"] for line in lines] == [claim.text for claim in analysis.claims]


def test_no_claims_are_no_lines_and_no_rows():
    none = own(RICH).model_copy(update={"claims": None})
    assert claims_jsonl(none) == ""
    assert rows(none) == []


def test_a_claim_in_json_ld_names_speaker_chain_german_and_article():
    article, *claims = json.loads(claim_jsonld(own(RICH)))["@graph"]
    assert (article["@type"], article["identifier"]["value"]) == ("NewsArticle", own(RICH).article.id)
    assert article["datePublished"] == "2026-05-06T14:57:33"
    for node, claim in zip(claims, own(RICH).claims, strict=True):
        assert (node["@type"], node["text"], node["inLanguage"]) == ("Claim", claim.text, "en")
        assert node["author"] == {"name": claim.speaker, "alternateName": claim.speaker_de.text}
        assert [c["text"] for c in node["citation"]] == [e.text for e in claim.evidence]
        assert {c["inLanguage"] for c in node["citation"]} == {"de"}
        assert node["appearance"] == node["isBasedOn"] == {"@id": article["@id"]}
        assert all(f"via {name}" in node["creditText"] for name in claim.via)
        assert node["creativeWorkStatus"] == (claim.stance if claim.supported else "unsupported")


def test_a_claim_without_speaker_is_the_papers_own():
    plain_claim = own(RICH).claims[0].model_copy(update={"speaker": None, "speaker_de": None})
    _, node = json.loads(claim_jsonld(own(RICH).model_copy(update={"claims": (plain_claim,)})))["@graph"]
    assert node["author"] == {"@type": "Organization", "name": "AFP"}
    assert node["creditText"] == "stated by AFP"


@pytest.mark.parametrize("text", hostile())
def test_json_ld_may_stand_in_a_script_of_a_page(text):
    shown = claim_jsonld(filled_with(text))
    assert not set(shown) & set("<>&")
    assert json.loads(shown)["@graph"]
