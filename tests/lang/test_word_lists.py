"""No list of more than eight words outside `lang/`; what is there today may only become less."""

from word_lists import allowed, counts, lists


def test_no_new_words_outside_lang():
    today, most = counts(), allowed()
    grown = {module: (n, most.get(module, (0, ""))[0]) for module, n in today.items() if n > most.get(module, (0,))[0]}
    assert grown == {}, "put words into lang/ (see the docstring of lang/__init__.py)"


def test_the_list_of_what_is_left_is_true():
    today = counts()
    left = {module: (n, today.get(module, 0)) for module, (n, _) in allowed().items() if n > today.get(module, 0)}
    assert left == {}, "less is left than word_lists_outside.txt says: run tests/lang/word_lists.py"


def test_what_counts_as_a_list():
    nine = ["eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]
    assert list(lists(f"A = {nine}")) == [9]
    assert list(lists(f"A = {nine[:8]}")) == []
    assert list(lists(f"A = {dict.fromkeys(nine, 1)}")) == [9]
    assert list(lists(f"A = '{' '.join(nine)}'\nB = A.split()")) == [9]
    assert list(lists(f"A = f'(?:{'|'.join(nine)})'")) == [9]
    assert list(lists(f"A = 'This is a message of more than {len(nine)} words, and no list of them.'")) == []
    assert list(lists(f"def f():\n    '''{'|'.join(nine)}'''")) == []
