"""What came with an article goes along: the user's link, id and other columns."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree

from presseschau.models import Analysis, Article, Claim, Provenance, Sentence, TranslatedSentence, Usage
from presseschau.output.claims import claim_jsonld, claims_csv
from presseschau.output.tmx import tmx

OWN = {"url": "https://e.example/1", "id": "=77", "page": "5", 'a"<b>': "x & y"}


def analysis(own: dict[str, str]) -> Analysis:
    sentence = Sentence(n=1, role="body", text="Es gilt.", start=0, end=8, paragraph=1)
    article = Article(id="a", source="s", text="Es gilt.", text_sha256="b", sentences=(sentence,), metadata=own)
    row = TranslatedSentence(n=1, role="body", de="Es gilt.", en="It holds.", start=0, end=8, status="ok")
    made = Provenance(model="m", engine="e", prompts="p", usage=Usage(), repairs=0, versions={}, notice="n")
    claim = Claim(id="c1", text="It holds.", sentences=(1,), evidence=())
    return Analysis(article=article, translation=(row,), claims=(claim,), provenance=made)


def test_what_came_with_an_article_is_in_every_output_for_machines() -> None:
    made = analysis(OWN)
    (row,) = csv.DictReader(io.StringIO(claims_csv(made).removeprefix("\ufeff")))
    assert (row["url"], row["own_id"]) == ("https://e.example/1", "'=77")
    assert json.loads(row["metadata"]) == {"page": "5", 'a"<b>': "x & y"}
    article = json.loads(claim_jsonld(made))["@graph"][0]
    assert (article["url"], article["pagination"]) == ("https://e.example/1", "5")
    assert {one["propertyID"]: one["value"] for one in article["identifier"]} == {"sha256": "a", **OWN}
    props = {prop.get("type"): prop.text for prop in ElementTree.fromstring(tmx(made)).iter("prop")}
    assert {name: props[f"x-own-{name}"] for name in OWN} == OWN
    assert Analysis.model_validate_json(made.model_dump_json()) == made


def test_an_address_that_is_none_is_no_link_and_nothing_is_printed_where_nothing_came() -> None:
    assert "url" not in json.loads(claim_jsonld(analysis({"url": "javascript:alert(1)"})))["@graph"][0]
    assert '"metadata"' not in analysis({}).model_dump_json()
