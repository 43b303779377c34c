"""Terms of an archive: names, offices, compounds, what they became; two ways first; a glossary that can be given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from in_process import presseschau
from output.own_analysis import RICH, own
from presseschau import archives, results
from presseschau.library.search import Question
from presseschau.library.store import Archive
from presseschau.models import Analysis
from presseschau.pipeline.decisions import Decision

PAIRS = [
    ("Der Haushaltsausschuss tagt.", "The budget committee meets."),
    ("Im Haushaltsausschuss gab es Streit.", "There was a dispute in the Budget Committee."),
    ("Der Haushaltsausschuss vertagte sich.", "The committee adjourned."),
    ("Den Haushaltsausschuss leitet Frau Berg.", "The committee is led by Ms Berg."),
    ("Bundeskanzler Merz sprach mit Wolodymyr Selenskyj.", "Federal Chancellor Merz spoke to Volodymyr Zelensky."),
    ("Bundeskanzler Merz rief Selenskyj an.", "Federal Chancellor Merz called Zelenskyy."),
    ("Selenskyj dankte dem Bundeskanzler.", "Zelensky thanked the Federal Chancellor."),
    ("Selenskyj reist weiter nach Brüssel.", "Zelenskyy travels on to Brussels."),
    ("Die Bundeswehr bleibt im Einsatz.", "They stay."),
    ("Die Wasserversorgung ist sicher, sagte Merz.", "The water supply is safe, Merz said."),
    ("Das sagte Sprecherin Anke Pagels am Montag.", "That is what spokeswoman Anke Pagels said on Monday."),
    ("Später kam Anke Pagels dazu.", "Later Anke Pagels joined them."),
    ("Die Wasserversorgung brach zusammen.", "The supply of water collapsed."),
]


def made(pairs: list[tuple[str, str]], source: str = "terms.txt", day: str = "2026-03-01") -> bytes:
    text, rows, at = "\n".join(de for de, _ in pairs), [], 0
    for n, (de, en) in enumerate(pairs, 1):
        rows.append({"n": n, "role": "body", "de": de, "en": en, "status": "ok", "start": at, "end": at + len(de)})
        at += len(de) + 1
    sentences = [
        {"n": row["n"], "role": "body", "text": row["de"], "start": row["start"], "end": row["end"], "paragraph": 1}
        for row in rows
    ]
    article = {"id": "0" * 64, "source": source, "text": text, "text_sha256": "", "published": day, "outlet": "Bote",
               "sentences": sentences}  # fmt: skip
    provenance = own(RICH).provenance.model_dump()
    given = {"article": article, "translation": rows, "summary": None, "claims": None, "provenance": provenance}
    return Analysis.model_validate(given).model_dump_json().encode()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with Archive(tmp_path / "archive.db") as opened:
        opened.put([made(PAIRS)])
    return tmp_path / "archive.db"


def told(archive: Path, **more: object) -> dict[str, tuple[str, int, dict[str, int]]]:
    return {
        term.german: (term.kind, term.count, {one.english.lower(): one.count for one in term.renderings})
        for term in archives.terms(archive, **more)
    }


def test_a_word_that_stays_as_it_is_in_the_english_became_itself(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive.db") as opened:
        opened.put([made([("Bei Nordlack brannte es.", "There was a fire at Nordlack, a maker of paints.")])])
    assert told(tmp_path / "archive.db", least=1)["Nordlack"][2] == {"nordlack": 1}


def test_names_offices_and_terms_with_their_renderings(archive: Path) -> None:
    found = told(archive)
    assert found["Haushaltsausschuss"] == ("term", 4, {"budget committee": 2, "committee": 2})
    assert found["Selenskyj"] == ("name", 4, {"zelensky": 2, "zelenskyy": 2})
    assert found["Bundeskanzler"] == ("office", 3, {"federal chancellor": 3})
    assert found["Merz"][2] == {"merz": 3}
    assert found["Pagels"] == ("name", 2, {"pagels": 2})
    assert found["Wasserversorgung"] == ("term", 2, {"water supply": 1, "supply of water": 1})
    assert "Bundeswehr" not in found  # nothing was found for it


def test_those_in_two_ways_come_first(archive: Path) -> None:
    found = archives.terms(archive)
    twice = [term.german for term in found if term.in_two_ways]
    assert twice == [term.german for term in found[: len(twice)]]
    assert {"Haushaltsausschuss", "Selenskyj"} == set(twice)  # once another is a slip
    out = presseschau("terms", str(archive)).out
    assert out.splitlines()[0].startswith("! ")
    listed = json.loads(presseschau("terms", str(archive), "--json", "--limit", "1").out)
    assert [one["in_two_ways"] for one in listed] == [True]


def test_filters_and_what_people_decided_hold(archive: Path) -> None:
    assert told(archive, question=Question(since="2026-03-02")) == {}
    assert "Merz" in told(archive, question=Question(outlet="bote"))
    rows = next(results.read_results(archive)).translation
    decisions = results.read_decisions(archive)
    for row in rows[2:4]:
        decisions = decisions.with_one(Decision.on(row, "edited", "The budget committee did."))
    results.write_decisions(archive, decisions)
    assert told(archive)["Haushaltsausschuss"][2] == {"budget committee": 4}


def test_the_glossary_can_be_given_to_the_checks(archive: Path, tmp_path: Path) -> None:
    file = tmp_path / "glossary.csv"
    assert presseschau("terms", str(archive), "-o", str(file)).code == 0
    glossary = results.read_glossary(file)
    assert any(entry.source == "Haushaltsausschuss" for entry in glossary.entries)
    pair = tmp_path / "pairs.jsonl"
    pair.write_text(json.dumps({"de": "Der Haushaltsausschuss tagt.", "en": "The panel meets."}) + "\n")
    codes = [finding.code for _, findings in results.check_pairs(pair, glossary) for finding in findings]
    assert any(code.startswith("glossary") or code.startswith("term") for code in codes)
    assert presseschau("terms", str(archive), "-o", str(file)).code == 0  # ours: it is replaced
