"""Results from Python: what was stored is read back, shown, checked again and decided on, as the command line does."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from own_analysis import RICH, SLUGS, own

from note_sample import sample
from presseschau import results
from presseschau.checks.files.pairs import BadRow, Pair
from presseschau.errors import ConfigurationError, InputError, OutputError
from presseschau.notes import sealed
from presseschau.output import FORMATS, NOTE_FORMATS
from presseschau.pipeline.decisions import Decision, Decisions
from presseschau.stored import is_note, is_page

EVERY = [own(slug) for slug in SLUGS]
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "out.jsonl"
    path.write_text("".join(one.model_dump_json() + "\n" for one in EVERY))
    return path


def test_one_many_packed_and_a_folder_give_the_same(tmp_path: Path, archive: Path) -> None:
    assert list(results.read_results(archive)) == EVERY
    packed = tmp_path / "packed.jsonl.gz"
    packed.write_bytes(gzip.compress(archive.read_bytes()))
    assert list(results.read_results(packed)) == EVERY
    folder = tmp_path / "folder"
    (folder / "deeper").mkdir(parents=True)
    results.write(EVERY[0], folder / "a.json")
    packed.rename(folder / "deeper" / packed.name)
    results.write(EVERY[0], folder / "page.html")
    for name, text in [("b.txt", "Text"), ("c.json", '{"schema": "presseschau/run/1"}'), (".d.json", "{}")]:
        (folder / name).write_text(text)
    results.write_decisions(folder / "a.json", Decisions())
    assert list(results.read_results(str(folder))) == [EVERY[0], *EVERY]
    assert list(results.read_results([folder / "a.json", archive])) == [EVERY[0], *EVERY]


def test_one_article_of_many(archive: Path) -> None:
    second = EVERY[1]
    for name in (second.article.id[:12], second.article.source):
        assert list(results.read_results(archive, article=name)) == [second]
    with pytest.raises(InputError, match="holds no article nothing"):
        list(results.read_results(archive, article="nothing"))
    with pytest.raises(InputError, match="begin with ''"):
        list(results.read_results(archive, article=""))


DAMAGED = [
    (b"", "is empty"),
    (b"{}", "is not a result of presseschau"),
    (b'{"schema": "presseschau/analysis/2"}', "has the schema 'presseschau/analysis/2'"),
    (b'{"schema": "presseschau/note/1"}', "has the schema 'presseschau/note/1'"),
    (b"Guten Tag", "is not a result of presseschau"),
]


@pytest.mark.parametrize(("text", "says"), DAMAGED)
def test_what_is_no_result_is_refused(tmp_path: Path, text: bytes, says: str) -> None:
    path = tmp_path / "some.json"
    path.write_bytes(text)
    with pytest.raises(InputError, match=says):
        list(results.read_results(path))


@pytest.mark.parametrize("name", ["none.json", "none.jsonl.gz"])
def test_what_is_not_there_or_damaged_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        list(results.read_results(tmp_path / name))
    whole = gzip.compress(EVERY[0].model_dump_json().encode())
    for damaged in (whole[:-20], b"\x1f\x8b" + whole[30:], b"no gzip"):
        (tmp_path / "cut.json.gz").write_bytes(damaged)
        with pytest.raises(InputError, match=r"cut\.json\.gz cannot be read: "):
            list(results.read_results(tmp_path / "cut.json.gz"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no result"):
        list(results.read_results(tmp_path / "empty"))


def test_every_form_of_a_result_and_of_a_note(tmp_path: Path) -> None:
    for form in FORMATS:
        results.write(EVERY[0], tmp_path / f"one.{form}")
        made = results.render(EVERY[0], form)
        assert (tmp_path / f"one.{form}").read_bytes() == (made.encode() if isinstance(made, str) else made)
    for form in NOTE_FORMATS:
        results.write(sample(), tmp_path / f"note.{form}")
    for form in ("json", "html"):
        assert results.read_note(tmp_path / f"note.{form}") == sample()
        assert results.read_stored(tmp_path / f"note.{form}") == sample()
    with pytest.raises(ValueError, match="A result has no form 'pdf'; it can be csv, docx"):
        results.render(EVERY[0], "pdf")
    with pytest.raises(ValueError, match="A note has no form ''"):
        results.write(sample(), tmp_path / "noname")
    with pytest.raises(OutputError):
        results.write(EVERY[0], tmp_path / "none" / "one.md")


def test_many_into_one_file_or_a_folder(tmp_path: Path) -> None:
    results.write_all(iter(EVERY), tmp_path / "claims.csv")
    results.write_all(EVERY, tmp_path / "claims.jsonl")
    assert len((tmp_path / "claims.jsonl").read_text().splitlines()) == sum(len(one.claims or ()) for one in EVERY)
    results.write_all(EVERY, tmp_path / "pages", "json")
    assert list(results.read_results(tmp_path / "pages")) == EVERY
    with pytest.raises(OutputError):
        results.write_all(EVERY, tmp_path / "claims.csv", "html")


@pytest.mark.slow
def test_a_result_and_a_note_are_checked_again(tmp_path: Path, archive: Path) -> None:
    result = own(RICH)
    row = next(row for row in result.translation or () if re.search(r"\d", row.en or ""))
    wrong = row.model_copy(update={"en": re.sub(r"\d", "7", (row.en or "").replace("7", "8"))})
    edited = result.model_copy(
        update={"translation": tuple(wrong if one.n == row.n else one for one in result.translation or ())}
    )
    assert "error" in {f.severity for f in results.verify(edited) if f.sentence == row.n}
    assert [name for name, _ in results.verify_stored(archive)] == [one.article.id for one in EVERY]
    note = sealed(sample())
    results.write(note, tmp_path / "note.html")
    ((name, findings),) = results.verify_stored(tmp_path / "note.html")
    assert name == str(tmp_path / "note.html")
    assert findings == results.verify(note)
    with (tmp_path / "note.html").open("a") as page:
        page.write("<p>More.")
    ((_, changed),) = results.verify_stored(tmp_path / "note.html")
    assert [one.code for one in changed if one not in findings] == ["note.tampered"]


def test_pairs_from_a_file_or_from_anywhere(tmp_path: Path) -> None:
    right, wrong = ("Er zahlte 5 Euro.", "He paid 5 euros."), ("Er zahlte 5 Euro.", "He paid 8 euros.")
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(json.dumps({"de": de, "en": en}) for de, en in (right, wrong)) + "\nno JSON\n")
    assert [type(row) for row in results.read_pairs(path)] == [Pair, Pair, BadRow]
    found = {name: {one.severity for one in findings} for name, findings in results.check_pairs(path)}
    assert found == {"1": set(), "2": {"error"}, "3": {"error"}}
    assert dict(results.check_pairs([Pair("a", *right)])) == {"a": ()}
    with pytest.raises(InputError, match=r"pairs\.doc cannot be read"):
        list(results.check_pairs(tmp_path / "pairs.doc"))


def test_a_glossary_extends_the_built_in_one(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("source,target\nEuro,euro\n")
    assert len(results.read_glossary(tmp_path / "own.csv").entries) == len(results.read_glossary().entries) + 1
    with pytest.raises(ConfigurationError, match="cannot be read"):
        results.read_glossary(tmp_path / "none.csv")


def test_decisions_are_made_kept_and_applied(archive: Path) -> None:
    result = own(RICH)
    assert results.read_decisions(archive) == Decisions()
    assert results.apply_decisions(result, Decisions()) is result
    row, claim = (result.translation or ())[0], (result.claims or ())[0]
    decisions = Decisions().with_one(Decision.on(row, "edited", "My words.")).with_one(Decision.on(claim, "rejected"))
    results.write_decisions(archive, decisions)
    assert results.review_path(archive).name == "out.review.json"
    assert results.review_path(f"{archive}.gz") == results.review_path(archive)
    assert results.read_decisions(archive) == decisions
    decided = results.apply_decisions(result, decisions)
    assert (decided.translation or ())[0].en == "My words."
    assert len(decided.claims or ()) == len(result.claims or ()) - 1
    same = results.read_results(archive, article=result.article.id, reviewed=True)
    assert list(same) == [decided]
    results.review_path(archive).write_text("{}")
    assert results.read_decisions(archive) == Decisions()
    results.review_path(archive).write_text('{"schema_version": "presseschau/review/2"}')
    with pytest.raises(InputError, match="has the schema"):
        results.read_decisions(archive)


@pytest.mark.parametrize(
    ("text", "note", "page"),
    [
        (b'<!doctype html><script id="note">{}</script>', True, True),
        (b"  <!doctype html><p>An article's page, with no note in it.</p>", False, False),
        (b'{"schema": "presseschau/note/1"}', True, False),
        (b'{"text": "a page has <script id="note"> in it"}', False, False),
        (b'{"text": id="note"', False, False),
    ],
)
def test_what_is_a_note_and_what_a_page_of_one(text: bytes, note: bool, page: bool) -> None:
    assert (is_note(text), is_page(text)) == (note, page)
