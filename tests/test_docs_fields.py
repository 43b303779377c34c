"""Every field of every output has its words, and docs/fields.md is what they make."""

import json
import runpy
from pathlib import Path

from in_process import presseschau
from presseschau.output.schemas import meanings

ROOT = Path(__file__).parent.parent
MADE = runpy.run_path(str(ROOT / "tests/tools/make_fields.py"))


def test_every_field_has_its_words_and_no_words_lack_a_field():
    assert {name: sorted(words) for name, words in meanings().items()} == {
        name: sorted(fields) for name, fields in MADE["wanted"]().items()
    }
    assert all(words.strip() for of_one in meanings().values() for words in of_one.values())


def test_the_page_is_fresh():
    assert (ROOT / "docs/fields.md").read_text("utf-8") == MADE["page"](), "run tests/tools/make_fields.py"


def test_the_schema_says_what_a_field_means():
    shape = json.loads(presseschau("schema").out)
    assert shape["$defs"]["Claim"]["properties"]["relies_on"]["description"] == meanings()["Claim"]["relies_on"]
    assert all("description" in one for part in shape["$defs"].values() for one in part.get("properties", {}).values())
