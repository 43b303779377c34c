"""No list of more than eight words of a language outside `lang/`."""

from word_lists import FORMATS, lists, outside


def test_words_stand_in_lang():
    found = {name: words for name, words in outside().items() if name not in FORMATS}
    assert found == {}, "put words into lang/ (see the docstring of lang/__init__.py)"


def test_what_is_no_language_is_still_there():
    assert FORMATS.keys() <= outside().keys()


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
