"""`rendered`: every format, the same bytes for the same analysis, nothing heavy before it is needed."""

import json
import subprocess
import sys

import pytest
from own_analysis import RICH, SLUGS, filled_with, hostile, own

from presseschau.models import Analysis
from presseschau.output import FORMATS, rendered

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
