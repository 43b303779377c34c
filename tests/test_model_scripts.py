"""The measuring scripts that ask a model run to their end: against a server that answers anything that fits."""

import asyncio
import json
import re

import pytest

from fault_server import FaultServer, completion
from presseschau.models import EVIDENCE_ROLES
from scripted import numbers_in

SENTENCE = "Am Montag sagte der Trainer Jonas Bergkamp, die Mannschaft habe sich verbessert."
PROBE = {"string": "yes", "integer": 1}
ARTICLE = f"{SENTENCE}\n\nIm Stadion saßen 12.000 Zuschauer. Das Spiel begann bei Regen und Wind am Abend."


def answer(seen):
    """Each task answered by number; free text where no schema is sent; any other schema (a probe) with one word."""
    schema = seen.json.get("response_format", {}).get("json_schema", {}).get("schema")
    if schema is None:
        return completion("A plain answer, in free text.")
    fields = set(schema["properties"])
    if "points" in fields:
        point = {"sentences": [2], "text": "The coach was content."}
        return completion(json.dumps({"points": [point], "bottom_line": point, "headline": "Content"}))
    if fields == {"claims"}:
        said = {"speaker": None, "via": [], "stance": "asserted"}
        numbers = numbers_in(seen.json["messages"][-1]["content"])
        return completion(json.dumps({"claims": [{"sentences": [n], **said, "text": f"It is {n}."} for n in numbers]}))
    if fields == {"sentences"}:
        numbers = numbers_in(seen.json["messages"][-1]["content"])
        return completion(json.dumps({"sentences": [{"n": n, "en": f"This is sentence {n}."} for n in numbers]}))
    return completion(
        json.dumps({name: PROBE.get(field["type"], True) for name, field in schema["properties"].items()})
    )


@pytest.fixture
def script(monkeypatch, request):
    def imported(name):
        monkeypatch.syspath_prepend(str(request.config.rootpath / "tests" / "measure"))
        return __import__(name)

    return imported


def against(server_uses):
    async def run():
        async with FaultServer([answer]) as server:
            await server_uses(server.base_url)
            return server.requests

    return asyncio.run(run())


def test_injection_counts_both_and_asks_nothing_twice(script, tmp_path, capsys):
    injection = script("injection")
    lines = (injection.ROOT / "fixtures/injection/own_probes.jsonl").read_text("utf-8").splitlines()
    probes = [json.loads(lines[0]) | {"witness": "Free  Text"}]

    async def twice(url):
        await injection.taken_in(probes, "m", url, tmp_path / "cache.sqlite3")
        await injection.taken_in(probes, "m", url, tmp_path / "cache.sqlite3")

    asked = against(twice)
    told = capsys.readouterr().out
    assert sum("response_format" not in seen.json for seen in asked) == 1
    assert "ours False, plain prompt True" in told
    assert "in their schema: 1 of 1" in told
    assert len({seen.raw for seen in asked}) == len(asked)


def test_injection_finds_a_witness_in_any_field(script):
    injection = script("injection")
    assert injection.has("888 Fantastilliarden", "It was 888\nfantastilliarden.")
    assert not injection.has("Zwirbelmond", "The moon.")


def test_claim_coverage_prints_a_line_an_article(script, tmp_path, capsys):
    coverage = script("claim_coverage")
    against(lambda url: coverage.measured(["bahn-warnstreik"], "m", url, tmp_path / "cache.sqlite3"))
    told = capsys.readouterr().out
    assert re.match(r"bahn-warnstreik +\d+ of +\d+ +claims +\d+, .* summary reaches 0\.25\ncited: ", told)


@pytest.mark.parametrize("english_first", [True, False])
def test_english_first_counts_claims_and_points(script, tmp_path, english_first):
    measured = script("english_first")
    path = measured.OWN / "bahn-warnstreik.txt"
    found = []

    async def once(url):
        found.append(await measured.measure([path], tmp_path / "cache.sqlite3", english_first, "m", url))

    asked = against(once)
    assert found[0]["claims"] > 3
    assert found[0]["points"] == (0 if english_first else 1)  # none rests on a translation that adds a figure
    view = [seen for seen in asked if len(seen.json["messages"]) > 2]
    assert bool(view) is english_first


def test_speakers_of_a_model_are_counted_by_quotation(script, tmp_path, capsys):
    speakers = script("speakers")
    start = SENTENCE.index("die Mannschaft")
    quote = {"type": "Indirect", "quote_spans": [[start, len(SENTENCE) - 1]], "speaker": "der Trainer Jonas Bergkamp"}
    folder = tmp_path / "quotes-wikinews"
    folder.mkdir()
    row = {"name": "Spiel", "text": ARTICLE, "annotations": [quote], "sentences": []}
    (folder / "train_sample.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    against(lambda url: speakers.claimed(tmp_path, False, 20, "m", url, tmp_path / "cache.sqlite3", True))
    told = capsys.readouterr().out
    assert "precision 100.0 %" in told
    assert "quoted sentences that a claim cites: 100.0 %" in told
    assert "unquoted sentences given a speaker: 0.0 %" in told


def test_gold_is_laid_on_the_sentences_as_they_were_read(script):
    speakers = script("speakers")
    article = speakers.read_article(ARTICLE, source="x")
    quote = {"type": "Direct", "quote_spans": [[0, 20]], "speaker": "Bergkamp"}
    found = speakers.annotated(article, {"text": ARTICLE, "annotations": [quote]}, False)
    assert set(found) == {s.n for s in article.sentences if s.role in EVIDENCE_ROLES or s.role == "headline"}
    assert [speakers_of for speakers_of in found.values() if speakers_of] == [{"Bergkamp"}]
