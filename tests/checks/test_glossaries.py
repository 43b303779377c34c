"""Glossary files in the shapes people have them, and what user and built-in entries do."""

from __future__ import annotations

from pathlib import Path

import pytest

from presseschau.checks import Glossary, GlossaryEntry, UnreadableError, check_glossary, house_glossary, load_glossary


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "terms.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("source,target,forbidden,note\nMaßnahme,measure|step,arrangement,legal\n", "utf-8"),
        ("Maßnahme;measure|step;arrangement;legal\n", "cp1252"),
        ("# our terms\nnote\tforbidden\tenglish\tgerman\nlegal\tarrangement\tmeasure | step\tMaßnahme\n", "utf-8-sig"),
    ],
)
def test_files_are_read(tmp_path: Path, text: str, encoding: str) -> None:
    glossary = load_glossary(written(tmp_path, text, encoding))

    assert glossary.entries == (GlossaryEntry("Maßnahme", ("measure", "step"), ("arrangement",), "legal"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("source,target\nBund,\n", "line 2"),
        ("source,target\n,federation\n", "no German"),
        ("Bund\x00,x", "not a CSV"),
    ],
)
def test_bad_files_name_the_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        load_glossary(written(tmp_path, text))


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"nowhere\.csv cannot be read"):
        load_glossary(tmp_path / "nowhere.csv")


def test_a_users_entry_is_an_order_and_the_house_only_hints() -> None:
    user = Glossary((GlossaryEntry("Bund", ("federal government",), ("federation",)),))
    house = Glossary((GlossaryEntry("Bund", ("federal government",), ("federation",), house=True),))

    def grades(glossary: Glossary) -> list[str]:
        return [
            finding.severity
            for english in ("The federation pays.", "It pays.")
            for finding in check_glossary("Der Bund zahlt.", english, glossary)
        ]

    assert grades(user) == ["error", "error"]
    assert grades(house) == ["warning"]


def test_the_user_overrides_the_house() -> None:
    both = house_glossary().extended(Glossary((GlossaryEntry("Kiew", ("Kiev",), ("Kyiv",)),)))

    assert check_glossary("Er reist nach Kiew.", "He is travelling to Kiev.", both) == ()
    assert check_glossary("Er reist nach Kiew.", "He is travelling to Kyiv.", both)[0].code == "glossary.forbidden"


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Die Staatsanwälte klagen an.", ["Staatsanwalt"]),
        ("Ex-Kremlchefs Rat", ["Kremlchef"]),
        ("die Bundeskanzlerin", ["Bundeskanzler"]),
        ("im Auswärtigen Amt", ["Auswärtige Amt"]),
        ("Die Bundestagswahl naht.", ["Bundestagswahl"]),
        ("Kiewer Zeitung, in Kiew", ["Kiew"]),
        ("Der Kremltrakt", []),
    ],
)
def test_terms_are_found_in_their_forms(text: str, terms: list[str]) -> None:
    assert [entry.source for entry in house_glossary().entries_in(text)] == terms


def test_the_spelling_option_changes_what_comes_first_and_accepts_both() -> None:
    british, american = house_glossary("british"), house_glossary("american")
    (first,), (second,) = (g.entries_in("der Verteidigungsminister") for g in (british, american))

    assert first.targets[0] == "defence minister"
    assert second.targets[0] == "defense minister"
    assert check_glossary("Der Verteidigungsminister kam.", "The defense minister came.", british) == ()


def test_no_house_entry_forbids_what_it_wants() -> None:
    for entry in house_glossary().entries:
        assert not set(map(str.lower, entry.targets)) & set(map(str.lower, entry.forbidden)), entry.source
        assert entry.targets, entry.source


def test_house_entries_pass_their_own_check() -> None:
    for entry in house_glossary().entries:
        for target in entry.targets:
            assert check_glossary(entry.source, target, Glossary((entry,))) == (), (entry.source, target)
