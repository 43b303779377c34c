"""Every rule finds its `yes`, not its `no`, and without it a public function reads one of its `yes` differently."""

import gc
import importlib
import pkgutil
import re
from collections import Counter
from dataclasses import replace
from functools import _lru_cache_wrapper, cache
from pathlib import Path

import pytest
from required import holds
from witness import WITNESSES

import presseschau
from presseschau.lang import Example, any_of, regex, rules, table, tables, vocabulary
from presseschau.lang.words import Entry, forms

LANG = Path(presseschau.__file__).parent / "lang"
FILES = sorted((path.parent.name, path.stem) for path in LANG.glob("*/*.toml"))
RULES = [(lang, concept, id_) for lang, concept in FILES for id_ in rules(lang, concept)]
DATA = {
    "gazetteer", "_german", "lexicon", "_weights", "_ordinary", "_names", "house_glossary", "poles", "_by_english",
    "_known", "_shipped", "left_words",
}  # fmt: skip
"""Caches of tables only, which no rule can change: filling them again takes long."""


@pytest.fixture(scope="module")
def caches():
    """The caches of all rooms in which something read with a rule may lie; patterns that rooms compile stay in re."""
    re._MAXCACHE = 20_000
    for room in ("facts", "checks", "ingest", "briefing", "pipeline"):
        for module in pkgutil.walk_packages([str(LANG.parent / room)], f"presseschau.{room}."):
            importlib.import_module(module.name)
    gc.unfreeze()  # conftest.py has set aside what was there when the tests were collected
    wrappers = [cached for cached in gc.get_objects() if isinstance(cached, _lru_cache_wrapper)]
    gc.freeze()
    ours = (cached for cached in wrappers if (cached.__module__ or "").startswith("presseschau."))
    return [
        c for c in ours if c.__name__ not in DATA and (c in (any_of, regex) or "presseschau.lang" not in c.__module__)
    ]


def read(lang, rule, example):
    return WITNESSES[rule.witness](lang.removesuffix("_en"), example)


@cache
def read_with_all(lang, concept):
    """What the witnesses read in each `yes` of a file, in one go: patterns are compiled once for all its rules."""
    return {id_: [read(lang, rule, example) for example in rule.yes] for id_, rule in rules(lang, concept).items()}


@pytest.mark.parametrize(("lang", "concept", "id_"), RULES)
def test_a_rule_finds_its_own_examples_only(lang, concept, id_):
    rule = rules(lang, concept)[id_]
    assert rule.yes
    missed = [one.text for one in rule.yes if not rule.regex.search(one.text)]
    assert not missed, f"the pattern does not find these of its `yes`: {missed}"
    caught = [example.text for example in rule.no if rule.regex.search(example.text)]
    assert not caught, f"the pattern finds these of its `no`: {caught}"
    for pieces in filter(None, (rule.needs, rule.also)):
        assert holds(rule.pattern, pieces), f"it can match without any of its pieces {pieces}"


@pytest.mark.parametrize(
    ("lang", "concept"), sorted({(lang, concept) for lang, concept, id_ in RULES if rules(lang, concept)[id_].sign})
)
def test_nothing_fits_a_rule_without_its_sign(lang, concept):
    every = rules(lang, concept).values()
    texts = [example.text for rule in every for example in (*rule.yes, *rule.no)]
    for rule in (one for one in every if one.sign):
        whole = re.compile(rule.pattern)
        found = [text for text in texts if whole.search(text)]
        assert found
        assert not [text for text in found if not rule.sign_regex.search(text)]


@pytest.mark.parametrize(("lang", "concept"), FILES)
def test_a_file_is_read_quickly_and_the_same(lang, concept):
    whole = tables.document(lang, concept)
    assert tables._read_quickly(tables.text(lang, concept + ".toml")) == {
        id_: {key: value for key, value in entry.items() if key not in ("yes", "no")}
        if isinstance(entry, dict)
        else entry
        for id_, entry in whole.items()
    }


@pytest.mark.parametrize(("lang", "concept", "id_"), RULES)
def test_a_rule_is_missed_when_it_is_gone(lang, concept, id_, caches, monkeypatch):
    rule = rules(lang, concept)[id_]
    with_it = read_with_all(lang, concept)[id_]
    gone = replace(rule, template=f"(?!)(?:{rule.template})", needs=("\0",))  # not even compiled
    monkeypatch.setitem(rules(lang, concept), id_, gone)
    for cached in caches:
        cached.cache_clear()
    missed = any(read(lang, rule, example) != before for example, before in zip(rule.yes, with_it, strict=True))
    monkeypatch.undo()
    for cached in caches:
        cached.cache_clear()
    kinds = sorted({other.kind for other in rules(lang, concept).values()} - {rule.kind})
    assert missed, (
        f"without lang/{lang}/{concept}.toml [{id_}] the witness “{rule.witness}” (tests/lang/witness.py) reads "
        f"all its `yes` as before: another rule does the same, or nothing asks for "
        f"the kind “{rule.kind}” (others: {kinds})"
    )


def test_a_word_stands_once_and_serves_a_use_that_something_asks_for():
    """No line of a word table can be switched off, as a rule is; this is what would be wrong with one."""
    asked = "".join(path.read_text("utf-8") for path in (*LANG.parent.rglob("*.py"), *LANG.glob("*/*.toml")))
    twice, uses = [], Counter()
    for path in sorted(LANG.glob("*/*.csv")):
        _, heading = next(tables.lines(path.parent.name, path.name))
        if not set(heading.split(",")) <= set(Entry._fields):
            continue
        rows = table(path.parent.name, path.stem, Entry)
        stands = Counter((form, use) for row in rows for form in forms(row.word) for use in row.use or ("",))
        twice += [f"{path.parent.name}/{path.name}: {form} {use}" for (form, use), n in stands.items() if n > 1]
        uses.update((path.stem, use) for row in rows for use in row.use)
    assert not twice, f"already there: {twice}"
    unknown = [one for one, n in uses.items() if n == 1 and f'"{one[1]}"' not in asked and f".{one[1]}}}" not in asked]
    assert not unknown, f"no other word has this use, and nothing asks for it: {unknown}"


def test_forms_in_brackets_are_written_out():
    assert list(forms("sag(t|te)")) == ["sagt", "sagte"]
    assert list(forms("kein(e|er)?")) == ["kein", "keine", "keiner"]
    assert list(forms("no(-)?one('s)?")) == ["noone", "noone's", "no-one", "no-one's"]


def test_words_have_values_uses_and_regions():
    assert vocabulary("de", "months")["Jänner"] == "1"
    assert "Jan" not in vocabulary("de", "months", "full")
    assert vocabulary("en", "weekdays", lower=True)["sunday"] == "7"


def test_a_pair_of_texts_is_one_example():
    assert Example("Er kam.", "He came.").other == "He came."
    assert re.search(rules("en", "negation")["contracted"].pattern, "didn't")


def test_a_fault_in_a_file_names_file_and_line(monkeypatch):
    for content, message in (
        ("# x\nword,value\nMai\n", "line 3"),
        ("word,meaning\nMai,5\n", "line 1.*meaning"),
        ("word,region\nFeber,XX\n", "line 2.*region"),
    ):
        monkeypatch.setattr(tables, "text", lambda folder, name, content=content: content)
        with pytest.raises(ValueError, match=rf"lang/de/some\.csv, {message}"):
            tables._table.__wrapped__("de", "some", Entry)
    assert table("de", "months", Entry)[0].word == "Januar"
