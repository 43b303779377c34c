"""No list of more than eight words of a language outside `lang/`, and hardly a file that names the source language."""

from word_lists import FORMATS, SRC, lists, outside

NAMES_GERMAN = {
    "facts/fact.py",  # the type
    *("facts/names/gazetteer.py", "facts/names/persons.py", "facts/names/roles.py", "facts/time/dates.py"),  # grammar
    *(f"facts/numbers/{name}.py" for name in ("amounts", "numerals", "read", "written_forms")),
    *("briefing/sources.py", "checks/files/pairs.py", "checks/files/tmx.py", "checks/naming/glossary.py"),  # a field
    *("cli/offline.py", "library/rows.py", "models.py", "output/tables.py", "results.py"),  # the same field
    "library/versions.py",  # the same field
    "llm/local/firefox.py",  # its model is that of one pair
}


def test_words_stand_in_lang():
    found = {name: words for name, words in outside().items() if name not in FORMATS}
    assert found == {}, "put words into lang/ (see the docstring of lang/__init__.py)"


def test_what_is_no_language_is_still_there():
    assert FORMATS.keys() <= outside().keys()


def test_the_source_language_is_named_in_lang_alone():
    named = {path.relative_to(SRC).as_posix() for path in SRC.rglob("*.py") if '"de"' in path.read_text("utf-8")}
    assert {name for name in named if not name.startswith("lang/")} == NAMES_GERMAN, "say SOURCE (presseschau.lang)"


def test_what_counts_as_a_list():
    nine = ["eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]
    assert list(lists(f"A = {nine}")) == [("A", 9)]
    assert list(lists(f"A = {nine[:8]}")) == []
    assert list(lists(f"A: set = {dict.fromkeys(nine, 1)}")) == [("A", 9)]
    assert list(lists(f"A = {dict.fromkeys(nine, (1, 'x'))}")) == [("A", 9)]
    assert list(lists(f"A = '{' '.join(nine)}'\nB = A.split()")) == [("A", 9)]
    assert list(lists(f"def a():\n    return f'(?:{'|'.join(nine)})'")) == [("a", 9)]
    assert list(lists(f"A = 'This is a message of more than {len(nine)} words, and no list of them.'")) == []
    assert list(lists(f"def f():\n    '''{'|'.join(nine)}'''")) == []
    assert list(lists(f"A = Literal[{', '.join(map(repr, nine))}]")) == []
    assert list(lists(f"A = {{{', '.join(f'{name!r}: {name}' for name in nine)}}}")) == []  # fields of the program
