"""Public functions in which a rule must show: `WITNESSES[rule.witness](language, example)`."""

from presseschau.checks import check_pair
from presseschau.facts import compare, facts, moments


def _pair(lang, example):
    german, english = (example.text, example.other) if lang == "de" else (example.other, example.text)
    return compare(facts(german, "de"), facts(english, "en")), check_pair(german, english)


WITNESSES = {
    "facts": lambda lang, example: facts(example.text, lang),
    "moments": lambda lang, example: moments.moments(example.text, "2026-05-15"),
    "pair": _pair,
}
