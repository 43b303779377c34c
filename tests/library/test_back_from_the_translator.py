"""Edited XLIFF, TMX and CSV are read as decisions: what was changed is changed, and nothing else."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from in_process import presseschau
from output.own_analysis import RICH, SLUGS, own
from presseschau import archives, results
from presseschau.library.memory import offers
from presseschau.library.store import Archive

X = "urn:oasis:names:tc:xliff:document:2.0"
T = "{http://www.w3.org/XML/1998/namespace}lang"
Said = dict[tuple[str, int], str | None]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with Archive(tmp_path / "archive.db") as opened:
        opened.put(own(slug).model_dump_json().encode() for slug in SLUGS)
    return tmp_path / "archive.db"


def english(source: Path) -> Said:
    return {
        (one.article.source, row.n): row.en
        for one in results.read_results(source, reviewed=True)
        for row in one.translation or ()
    }


def chosen(source: Path, many: int = 50) -> dict[str, str]:
    """German of sentences that stand once, and what a translator writes for each."""
    said = [row.de for slug in SLUGS for row in own(slug).translation or ()]
    once = [german for german in said if said.count(german) == 1]
    return {german: f"Edited {n}: <ä & „so“>." for n, german in enumerate(random.Random(22).sample(once, many))}


def edit_xliff(file: Path, wanted: dict[str, str]) -> None:
    ElementTree.register_namespace("", X)
    tree = ElementTree.parse(file)
    for segment in tree.iter(f"{{{X}}}segment"):
        source, target = segment.find(f"{{{X}}}source"), segment.find(f"{{{X}}}target")
        if source.text in wanted:
            target = ElementTree.SubElement(segment, f"{{{X}}}target") if target is None else target
            target.text = wanted[source.text]
            segment.set("state", "reviewed")
    tree.write(file, "utf-8", xml_declaration=True)


def edit_tmx(file: Path, wanted: dict[str, str]) -> None:
    tree = ElementTree.parse(file)
    for unit in tree.iter("tu"):
        seg = {tuv.get(T): tuv.find("seg") for tuv in unit.iter("tuv")}
        if seg["de"].text in wanted:
            seg["en"].text = wanted[seg["de"].text]
    tree.write(file, "utf-8", xml_declaration=True)


def edit_csv(file: Path, wanted: dict[str, str]) -> None:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    for row in rows:
        row["en"] = wanted.get(row["de"], row["en"])
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, rows[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "edit"), [("e.xlf", edit_xliff), ("e.tmx", edit_tmx), ("e.csv", edit_csv)])
def test_fifty_edited_sentences_change_exactly_those(archive: Path, name: str, edit) -> None:
    file, before, wanted = archive.with_name(name), english(archive), chosen(archive)
    if name == "e.tmx":  # holds what has English
        wanted = {german: text for german, text in wanted.items() if _english_of(german)}
    assert presseschau("export", str(archive), "-o", str(file)).code == 0
    ended = presseschau("import", str(archive), str(file))
    assert ended.err == f"presseschau: {file}: 0 sentences edited.\n"
    edit(file, wanted)
    ended = presseschau("import", str(archive), str(file), "--by", "Anna Berg")
    assert (ended.code, ended.err) == (0, f"presseschau: {file}: {len(wanted)} sentences edited.\n")
    german = {(f"{slug}.txt", row.n): row.de for slug in SLUGS for row in own(slug).translation or ()}
    assert english(archive) == {key: wanted.get(german[key], text) for key, text in before.items()}
    assert archives.import_edits(archive, file) == (0, 0)
    (one, *_) = results.read_decisions(archive).decisions
    assert (one.verdict, one.by, (one.at or "")[:2]) == ("edited", "Anna Berg", "20")
    again = [one.model_dump_json() for one in results.read_results(archive)]
    assert again == [own(slug).model_dump_json() for slug in SLUGS]  # what the model wrote stays in the file


def _english_of(german: str) -> str | None:
    return next(row.en for slug in SLUGS for row in own(slug).translation or () if row.de == german)


def test_it_goes_beside_a_jsonl_as_well(tmp_path: Path) -> None:
    out, file = tmp_path / "out.jsonl", tmp_path / "edited.xlf"
    out.write_text("".join(own(slug).model_dump_json() + "\n" for slug in SLUGS))
    archives.export(out, file)
    wanted, before = chosen(out), english(out)
    edit_xliff(file, wanted)
    assert presseschau("import", str(out), str(file)).err == f"presseschau: {file}: 50 sentences edited.\n"
    changed = {key for key, text in english(out).items() if before[key] != text}
    assert len(changed) == 50
    assert (tmp_path / "out.review.json").exists()


def test_foreign_german_is_counted_and_a_second_edit_wins(archive: Path) -> None:
    row = own(RICH).translation[3]
    file = archive.with_name("edited.csv")
    file.write_text(f'de,en\n"{row.de}",First.\nDas steht nirgends.,It is nowhere.\n', "utf-8")
    assert archives.import_edits(archive, file) == (1, 1)
    file.write_text(f'de,en\n"{row.de}",Second.\n', "utf-8")
    assert archives.import_edits(archive, file) == (1, 0)
    assert english(archive)[f"{RICH}.txt", row.n] == "Second."


def test_xliff_of_other_programs(tmp_path: Path, archive: Path) -> None:
    row = own(RICH).translation[3]
    file = tmp_path / "old.xlf"
    file.write_text(
        '<?xml version="1.0"?><xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="x" '
        'source-language="de" target-language="en" datatype="plaintext"><body><trans-unit id="7">'
        f'<source>{row.de}</source><target>By <g id="1">hand</g><ph id="2">&lt;br&gt;</ph>.</target><alt-trans>'
        "<source>Nein</source><target>No</target></alt-trans></trans-unit></body></file></xliff>",
        "utf-8",
    )
    assert archives.import_edits(archive, file) == (1, 0)
    assert english(archive)[f"{RICH}.txt", row.n] == "By hand."
    bomb = tmp_path / "bomb.xlf"
    bomb.write_text('<!DOCTYPE x [<!ENTITY a "b">]><xliff version="2.1">&a;</xliff>')
    assert "declares XML entities" in presseschau("import", str(archive), str(bomb)).err
    assert "does not exist" in presseschau("import", str(tmp_path / "none.db"), str(file)).err
    assert not (tmp_path / "none.db").exists()
    bomb.write_text("<tmx/>")
    assert "is not XLIFF" in presseschau("import", str(archive), str(bomb)).err


def test_what_was_decided_holds_wherever_the_german_comes_again(archive: Path) -> None:
    row = own(RICH).translation[3]
    file = archive.with_name("edited.csv")
    file.write_text(f'de,en\n"{row.de}",A person wrote this.\n', "utf-8")
    archives.import_edits(archive, file)
    copy = re.sub('"source":"[^"]*"', '"source":"other-paper.txt"', own(RICH).model_dump_json(), count=1)
    with Archive(archive) as opened:
        opened.put([copy.encode()])
        one, near, nothing = (
            offers(opened, german) for german in (row.de, row.de.replace(" und ", " sowie ") + " Mehr.", "Ganz anders.")
        )
    assert english(archive)["other-paper.txt", row.n] == "A person wrote this."
    assert (one[0].english, one[0].likeness) == ("A person wrote this.", 100)
    assert (near[0].english, near[0].german) == ("A person wrote this.", " ".join(row.de.split()))
    assert 80 <= near[0].likeness < 100
    assert nothing == []


def test_review_offers_what_was_written_for_german_like_this(archive: Path) -> None:
    row = own(RICH).translation[3]
    file = archive.with_name("edited.csv")
    file.write_text(f'de,en\n"{row.de}",A person wrote this.\n', "utf-8")
    archives.import_edits(archive, file)
    near = own(RICH).model_dump_json().replace(row.de, row.de.replace("Monat", "Jahr"))
    with Archive(archive) as opened:
        opened.put([near.replace('"source":"', '"source":"near-', 1).encode()])
    asked = ("review", str(archive), "--all", "--article", f"near-{RICH}.txt")
    ended = presseschau(*asked, said="s\ns\ns\no\nq\n")
    assert (ended.code, "Offered (97 %): A person wrote this." in ended.out) == (0, True)
    assert english(archive)[f"near-{RICH}.txt", row.n] == "A person wrote this."
