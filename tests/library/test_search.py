"""Search by words: forms, umlauts, compounds, both languages, filters; the archive's full text for other programs."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from in_process import presseschau
from presseschau import archives, results
from presseschau.errors import InputError
from presseschau.library.search import Question, terms
from presseschau.library.store import Archive
from presseschau.library.words import asked, folded, keys
from presseschau.models import Analysis
from presseschau.pipeline.decisions import Decision

ARTICLES = {
    "haushalt": (
        "Streit um den Bundeshaushalt",
        "Die Ärztekammer lehnt die Kürzungen in den Krankenhäusern ab.",
        "The medical association rejects the cuts in hospitals.",
        "Ärztekammer",
    ),
    "bruecke": (
        "Neue Brücke in Müllheim",
        "Der Bürgermeister Müller hat die Brücke am Montag eröffnet.",
        "Mayor Müller opened the bridge on Monday.",
        "Mayor Müller",
    ),
    "strasse": (
        "Strasse in Basel gesperrt",
        "Aerzte und Lehrerinnen protestierten gegen die Regierung, zwei Minister traten zurück.",
        "Doctors and teachers protested against the government, and two ministers resigned.",
        None,
    ),
}


def made(name: str, day: int) -> bytes:
    head, german, english, speaker = ARTICLES[name]
    text = f"{head}\n{german}"
    at = len(head) + 1
    places = [{"start": 0, "end": len(head)}, {"start": at, "end": at + len(german)}]
    rows = [
        {"n": 1, "role": "headline", "de": head, "en": f"Headline of {name}", "status": "ok", **places[0]},
        {"n": 2, "role": "body", "de": german, "en": english, "status": "ok", **places[1]},
    ]
    finding = {"code": "number.missing", "severity": "error", "message": "Gone.", "sentence": 2, "part": "translation"}
    found = [finding] if name == "bruecke" else []
    claim = {
        "id": "c1", "text": english, "sentences": [2], "speaker": speaker,
        "stance": "reported" if speaker else "asserted", "evidence": [{"n": 2, "text": german, **places[1]}],
    }  # fmt: skip
    rows[1]["findings"] = found
    if name == "haushalt":
        rows[1]["risk"] = {"value": 0.7, "reasons": ["a name is missing"]}
    article = {
        "id": f"{day:064x}", "source": f"{name}.txt", "text": text, "headline": head,
        "text_sha256": sha256(text.encode()).hexdigest(),
        "outlet": f"Der {name.capitalize()}bote", "published": f"2026-03-0{day}T10:00:00",
        "sentences": [{"n": r["n"], "role": r["role"], "text": r["de"], "paragraph": r["n"], "start": r["start"],
                       "end": r["end"]} for r in rows],
    }  # fmt: skip
    whole: dict[str, Any] = {
        "article": article, "translation": rows, "summary": None, "claims": [claim], "findings": found,
        "provenance": {"model": "m", "engine": "e", "prompts": "p", "usage": {}, "repairs": 0, "versions": {},
                       "notice": ""},
    }  # fmt: skip
    return Analysis.model_validate(whole).model_dump_json().encode()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "archive.db"
    with Archive(path) as opened:
        opened.put(made(name, day) for day, name in enumerate(ARTICLES, 1))
    return path


def found(archive: Path, text: str = "", **filters: Any) -> list[str]:
    hits = archives.search(archive, Question(text, **filters)).hits
    return [hit.article.source.removesuffix(".txt") for hit in hits]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Haushalt", ["haushalt"]),  # inside a compound
        ("haushalte", ["haushalt"]),
        ("Bundeshaushalts", ["haushalt"]),
        ("Krankenhaus", ["haushalt"]),
        ("Haus", ["haushalt"]),
        ("Kürzung", ["haushalt"]),
        ("Kuerzung", ["haushalt"]),
        ("Arzt", ["haushalt", "strasse"]),  # Ärztekammer, Aerzte
        ("Ärzte", ["haushalt", "strasse"]),
        ("Straße", ["strasse"]),
        ("Strasse", ["strasse"]),
        ("Mueller", ["bruecke"]),
        ("MÜLLER", ["bruecke"]),
        ("Brücken", ["bruecke"]),
        ("brucke", ["bruecke"]),
        ("eröffnen", ["bruecke"]),
        ("resign", ["strasse"]),  # resigned
        ("hospital", ["haushalt"]),
        ("minister government", ["strasse"]),
        ("Bürgermeister -Brücke", []),
        ("Minister -Brücke", ["strasse"]),
        ('"am Montag"', ["bruecke"]),
        ('"Montag am"', []),
        ("Krank*", ["haushalt"]),
        ("Bürger* Montag", ["bruecke"]),
        ("Haushalt Brücke", []),
        ("nirgends", []),
        ("", ["strasse", "bruecke", "haushalt"]),
    ],
)  # fmt: skip
def test_words_are_found_in_all_their_forms(archive: Path, text: str, expected: list[str]) -> None:
    assert sorted(found(archive, text)) == sorted(expected)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"speaker": "muller"}, ["bruecke"]),
        ({"speaker": "Mueller"}, ["bruecke"]),
        ({"speaker": "kammer", "stance": "reported"}, ["haushalt"]),
        ({"speaker": "kammer", "stance": "alleged"}, []),
        ({"stance": "asserted"}, ["strasse"]),
        ({"outlet": "haushalt"}, ["haushalt"]),
        ({"since": "2026-03-02"}, ["strasse", "bruecke"]),
        ({"until": "2026-03-02"}, ["bruecke", "haushalt"]),
        ({"since": "2026-03-02", "until": "2026-03-02"}, ["bruecke"]),
        ({"finding": "number"}, ["bruecke"]),
        ({"finding": "number.missing"}, ["bruecke"]),
        ({"finding": "num"}, []),
        ({"risk": 0.7}, ["haushalt"]),
        ({"risk": 0.05}, ["haushalt"]),
        ({"risk": 0.71}, []),
    ],
)  # fmt: skip
def test_filters_alone_and_with_words(archive: Path, filters: dict[str, str], expected: list[str]) -> None:
    assert found(archive, **filters) == expected
    assert found(archive, "Montag", **filters) == [name for name in expected if name == "bruecke"]
    assert found(archive, "Montag", order="newest", **filters) == found(archive, "Montag", **filters)


@pytest.mark.parametrize("text", ["", "Montag"])
def test_an_article_without_a_date_stands_where_it_came_in(tmp_path: Path, text: str) -> None:
    lines = [json.loads(made("bruecke", day)) for day in range(1, 5)]
    for day, line in enumerate(lines):
        line["article"] |= {"source": f"{day}.txt", "published": ("2026-03-01", None, "2026-03-02", None)[day]}
    with Archive(tmp_path / "archive.db") as opened:
        opened.put(json.dumps(line).encode() for line in lines)
        opened.database.run("UPDATE articles SET stored = '2026-03-01T12:00:00Z' WHERE source = '1.txt'")
    assert found(tmp_path / "archive.db", text, order="newest") == ["3", "2", "1", "0"]


def test_an_article_is_looked_up_and_not_looked_for(archive: Path) -> None:
    with Archive(archive, reads=True) as opened:
        assert list(opened.numbers("bruecke.txt")) == list(opened.numbers(f"{2:064x}"[:63] + "2")) == [2]
        asked: list[str] = []
        opened.database.connection.set_trace_callback(asked.append)
        list(opened.numbers("bruecke.txt"))
        opened.database.connection.set_trace_callback(None)
        plan = opened.database.all(f"EXPLAIN QUERY PLAN {asked[-1]}")
    assert plan
    assert not any("SCAN" in row[3] for row in plan)


def test_fields_that_have_no_column_come_back(archive: Path) -> None:
    with Archive(archive, reads=True) as opened:
        assert opened.read(1) == made("haushalt", 1)
        assert opened.database.one("SELECT exact FROM articles WHERE id = 1") == (None,)


def test_a_hit_shows_the_sentence_and_where_the_words_stand(archive: Path) -> None:
    result = archives.search(archive, "Brücke bridge")
    (hit,) = result.hits
    first = hit.sentences[0]
    assert (result.total, first.n, hit.article.english) == (1, 2, "Headline of bruecke")
    assert [first.german[a:b] for a, b in first.german_at] == ["Brücke"]
    assert [(first.english or "")[a:b] for a, b in first.english_at] == ["bridge"]


def test_a_hit_of_an_english_plural_shows_its_singular(archive: Path) -> None:
    (hit,) = archives.search(archive, Question("bridges")).hits
    assert [(one.n, [one.english[a:b] for a, b in one.english_at]) for one in hit.sentences] == [(2, ["bridge"])]


def test_pages_follow_each_other(archive: Path) -> None:
    pages = [archives.search(archive, Question("der"), most=1, skip=n) for n in range(4)]
    assert [page.total for page in pages[:-1]] == [pages[0].total] * 3
    whole = [hit.article.id for hit in archives.search(archive, "der").hits]
    assert [hit.article.id for page in pages for hit in page.hits] == whole


AWKWARD = ["a AND (", 'x" OR "y', "NEAR(a b)", "{german}: x", "a'; --", "ß*", "\ud800 a", "a^2 b:c"]


@pytest.mark.parametrize("text", AWKWARD)
def test_no_question_breaks_it(archive: Path, text: str) -> None:
    assert archives.search(archive, text).total <= 3


@pytest.mark.parametrize("text", ['"', "-", "***", "\0", "-nur"])
def test_a_question_without_a_word_is_refused(archive: Path, text: str) -> None:
    with pytest.raises(InputError, match="holds no word to look for"):
        archives.search(archive, text)


def test_a_question_is_read_into_words_and_phrases() -> None:
    told = [
        (term.text, term.phrase, term.without, term.begins) for term in terms("„neue Brücke“ -Bahn Wasser* CDU/CSU")
    ]
    assert told == [
        ("neue Brücke", True, False, False), ("Bahn", False, True, False), ("Wasser", False, False, True),
        ("CDU", False, False, False), ("CSU", False, False, False),
    ]  # fmt: skip


def test_keys_of_compounds() -> None:
    assert {"wasserversorgung", "versorgung", "wasser"} <= set(keys("Wasserversorgung"))
    assert {"regierung", "merkel"} <= set(keys("Merkelregierung"))
    assert {"streik", "warnen"} <= set(keys("Warnstreiks"))  # a verb before it
    assert "brand" in keys("Großbrand")
    assert ("tag" in keys("Freitag"), "franken" in keys("Frankreich")) == (False, False)
    assert "handlung" not in keys("Verhandlungen")  # no compound, a verb with its prefix
    assert "schaf" not in keys("Wirtschaft")
    assert folded("Müller") == folded("Mueller") == folded("MÜLLER")
    assert set(asked("Müller")) & set(keys("Müllers"))


def test_what_a_person_wrote_is_found_and_what_it_replaced_is_not(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive(path) as opened:
        opened.put([made("bruecke", 2)])
    row = next(results.read_results(path)).translation[1]
    decisions = results.read_decisions(path).with_one(
        Decision.on(row, "edited", "The lord mayor inaugurated the viaduct.")
    )
    results.write_decisions(path, decisions)
    assert (found(path, "viaduct"), found(path, "bridge"), found(path, "Brücke")) == (["bruecke"], [], ["bruecke"])
    (hit,) = archives.search(path, Question("viaduct")).hits
    assert [one.english for one in hit.sentences] == ["The lord mayor inaugurated the viaduct."]
    results.write_decisions(path, type(decisions)())
    assert (found(path, "viaduct"), found(path, "bridge")) == ([], ["bruecke"])
    archives.remember(path, decisions.decisions)
    assert (found(path, "viaduct"), results.read_decisions(path)) == (["bruecke"], decisions)
    archives.forget(path, decisions.decisions)
    assert (found(path, "viaduct"), results.read_decisions(path).decisions) == ([], ())


def test_a_headline_is_shown_as_people_want_it(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive(path) as opened:
        opened.put([made("bruecke", 2)])
    row = next(results.read_results(path)).translation[0]
    archives.remember(path, [Decision.on(row, "edited", "A new bridge in Müllheim")])
    assert archives.search(path, "Brücke").hits[0].article.english == "A new bridge in Müllheim"


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        (("--finding", "numbr"), "no finding or kind of finding numbr"),
        (("--finding", "numbr"), "number (as a figure is left out or changed)"),
        (("--since", "2026-03-02", "--until", "2026-03-01"), "2026-03-02 is after"),
    ],
)
def test_a_filter_that_nothing_can_pass_is_refused(archive: Path, filters: tuple[str, ...], said: str) -> None:
    ended = presseschau("search", str(archive), "Brücke", *filters)
    assert (ended.code, ended.out) == (2, "")
    assert said in " ".join(ended.err.split())


def test_the_command_prints_text_json_and_csv(archive: Path) -> None:
    ended = presseschau("search", str(archive), "Brücken")
    assert (ended.code, ended.err) == (0, "presseschau: 1 article.\n")
    assert "Der Bürgermeister Müller hat die *Brücke* am Montag eröffnet." in ended.out
    told = json.loads(presseschau("search", str(archive), "Brücken", "-f", "json").out)
    assert (told["total"], told["hits"][0]["article"]["source"]) == (1, "bruecke.txt")
    table = presseschau("search", str(archive), "Brücken", "-f", "csv").out.removeprefix("\ufeff")
    assert [row["n"] for row in csv.DictReader(io.StringIO(table))] == ["1", "2"]
    assert presseschau("search", str(archive), "--stance", "reported", "--limit", "1").err == (
        "presseschau: 2 articles, 1 to 1 shown.\n"
    )


def test_the_full_text_is_there_for_plain_sqlite(archive: Path) -> None:
    with closing(sqlite3.connect(archive)) as plain, plain:
        rows = plain.execute(
            "SELECT source FROM articles JOIN articles_fts ON doc = articles_fts.rowid "
            "WHERE articles_fts MATCH 'haushalt'"
        ).fetchall()
    assert rows == [("haushalt.txt",)]
