"""Another translator as a reader: its English beside ours, from translations written by hand as it would give them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive_world import translated, write_articles
from fault_server import Reply, Seen, completion, json_reply
from in_process import presseschau
from presseschau.analysis import Options, analyze
from presseschau.checks import differs
from presseschau.errors import ModelError
from presseschau.ingest import read_article
from presseschau.llm.local import firefox
from scripted import ScriptedEngine, wanted
from test_cli import served
from test_second_reader import RIGHT, TEXT, WRONG

__all__ = ["served"]  # a fixture

RECORDED = Path(__file__).parents[1] / "fixtures/translations/other_translator.jsonl"
SAID = {row["de"]: row["en"] for row in map(json.loads, RECORDED.read_text("utf-8").splitlines())}


class Recorded:
    name = "recorded/1"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def english(self, sentences):
        self.asked += sentences
        return [SAID.get(sentence, "") for sentence in sentences]


@pytest.fixture
def recorded(monkeypatch):
    """Stands where Firefox's would."""
    made = Recorded()
    monkeypatch.setattr(firefox, "firefox_translator", lambda models: made)
    return made


@pytest.mark.parametrize(
    ("german", "ours", "grade"),
    [
        ("Der Angeklagte wurde am Freitag freigesprochen.", "The accused was acquitted on Friday.", None),
        ("Der Angeklagte wurde am Freitag freigesprochen.", "The accused was convicted on Friday.", "warning"),
        ("Der Rat hat den Plan nicht beschlossen.", "The council has not decided on the plan.", None),
        ("Der Rat hat den Plan nicht beschlossen.", "The council has decided on the plan.", "warning"),
        ("Die Gemeinde zahlt 12 Millionen Franken an das Spital.", "The municipality pays the hospital 12m francs.",
         None),
        ("Die Gemeinde zahlt 12 Millionen Franken an das Spital.", "The commune pays the hospital 12,000 francs.",
         "warning"),
        ("Monatelang herrschte zwischen den Nachbarn Funkstille.", "The neighbours had been silent for months.",
         None),
        ("Monatelang herrschte zwischen den Nachbarn Funkstille.",
         "Disputes over contracts dominated the monthly radio broadcasts.", "info"),
    ],
)  # fmt: skip
def test_facts_and_poles_are_warnings_and_many_words_of_its_own_a_note(german, ours, grade):
    found = [item.severity for item in differs(german, ours, SAID[german], "It")]
    assert found == ([grade] if grade else [])


def test_where_the_german_says_that_the_other_errs_nothing_is_said():
    german, ours = "Die Gemeinde zahlt 12 Millionen Franken.", "The municipality is paying 12 million francs."
    assert not list(differs(german, ours, "The municipality is paying 13 million francs.", "It"))


async def test_both_texts_are_kept_and_ours_stands():
    engine = ScriptedEngine(lambda request: {"sentences": [{"n": n, "en": english[n]} for n in wanted(request)]})
    english = {**RIGHT, 3: "The harbour has been brave for 10 years."}
    made = Recorded()
    options = Options(tasks=("translate",), rounds=0, translator=made)
    analysis = await analyze(read_article(TEXT, source="t"), engine, options)
    (row,) = [row for row in analysis.translation if row.beside]
    assert (row.n, row.en, row.beside) == (3, english[3], "The harbour has been idle for years.")
    (found,) = [f for f in analysis.findings if f.code == "reader.differs"]
    assert (found.sentence, found.severity) == (3, "warning")
    assert row.beside in found.message
    assert analysis.provenance.versions["translator"] == "recorded/1"


def replied(seen: Seen) -> Reply:
    numbers = [n for n in RIGHT if f"[{n}] " in seen.json["messages"][-1]["content"]]
    return completion(json.dumps({"sentences": [{"n": n, "en": {**RIGHT, 2: WRONG}[n]} for n in numbers]}))


def test_what_it_said_is_kept_beside_the_answers(served, tmp_path: Path, recorded) -> None:
    server, article = served([replied]), tmp_path / "a.txt"
    article.write_text(TEXT, encoding="utf-8")
    given = (
        "translate", str(article), "-m", "m", "--base-url", server.base_url, "--cache", str(tmp_path / "c.sqlite3"),
        "--translator-reader", "--json", "-q", "--repair-rounds", "0",
    )  # fmt: skip
    first = presseschau(*given)
    assert recorded.asked == list(SAID)[:4]
    again = presseschau(*given)
    assert (len(recorded.asked), len(server.requests)) == (4, 1)
    assert json.loads(first.out)["translation"] == json.loads(again.out)["translation"]


def test_verify_asks_it_and_its_exit_code_does_not_depend_on_it(tmp_path: Path, recorded) -> None:
    pairs = tmp_path / "pairs.jsonl"
    row = {"id": "1", "de": "Der Rat tagt heute.", "en": "The council met 3 times."}
    pairs.write_text(json.dumps(row) + "\n", encoding="utf-8")
    alone = presseschau("verify", "--pairs", str(pairs))
    done = presseschau("verify", "--pairs", str(pairs), "--translator-reader")
    codes = [{f["code"] for f in json.loads(run.out)["findings"]} for run in (alone, done)]
    assert codes[1] - codes[0] == {"reader.differs"}
    assert done.code == alone.code


@pytest.mark.parametrize("command", ["article", "batch", "verify"])
def test_without_its_model_nothing_is_paid(served, tmp_path: Path, command, monkeypatch) -> None:
    server = served([translated])
    monkeypatch.setenv("PRESSESCHAU_MODELS", str(tmp_path))
    source = write_articles(tmp_path / "in.jsonl", range(1))
    where = ("--pairs", str(source)) if command == "verify" else (str(source), "-m", "m", "--base-url", server.base_url)
    out = ("-o", str(tmp_path / "out.jsonl")) if command == "batch" else ()
    done = presseschau(command, *where, *out, "--translator-reader")
    assert done.code == 4, done.err
    assert "presseschau model pull firefox-de-en" in done.err
    assert not server.requests


def test_what_cannot_be_fetched_or_was_changed_is_said(served, tmp_path: Path, monkeypatch) -> None:
    nothing = served([json_reply({"data": []})])
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", nothing.base_url)
    monkeypatch.setenv("PRESSESCHAU_MODELS", str(tmp_path))
    done = presseschau("model", "pull", firefox.FIREFOX)
    assert done.code == 75, done.err
    assert "cannot be fetched" in done.err
    folder = tmp_path / "firefox/de-en"
    folder.mkdir(parents=True)
    for name in ("model.deen.bin", "vocab.deen.spm"):
        (folder / name).write_bytes(name.encode())
    hashes = {path.name: firefox._sha256(path) for path in folder.iterdir()}
    (folder / "sha256.json").write_text(json.dumps(hashes))
    assert presseschau("model", "pull", firefox.FIREFOX).out.strip() == str(folder)  # offline from then on
    made = firefox.FirefoxTranslator(folder)
    with pytest.raises(ModelError, match="cannot be used"):
        made.english(["Guten Tag."])
    (folder / "vocab.deen.spm").write_bytes(b"something else")
    with pytest.raises(ModelError, match=r"vocab\.deen\.spm .* not as it was fetched"):
        firefox.firefox_translator(tmp_path)
