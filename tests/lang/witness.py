"""Public functions in which a rule must show: `WITNESSES[rule.witness](language, example)`."""

from presseschau.checks import check_pair
from presseschau.facts import compare, facts, moments
from presseschau.ingest import agencies, byline, credits, dateline, dates


def _pair(lang, example):
    german, english = (example.text, example.other) if lang == "de" else (example.other, example.text)
    return compare(facts(german, "de"), facts(english, "en")), check_pair(german, english)


def _credits(lang, example):
    line = example.other or example.text
    return (
        credits.read_credit(line),
        credits.trailing_credit(line),
        credits.inner_credit(line),
        credits.outlet_in(line),
        credits.is_signature(line),
        credits.credited_person(line),
    )


WITNESSES = {
    "facts": lambda lang, example: facts(example.text, lang),
    "moments": lambda lang, example: moments.moments(example.text, "2026-05-15"),
    "pair": _pair,
    "dates": lambda lang, example: dates.read_line(example.text),
    "dateline": lambda lang, example: dateline.read_dateline(example.text),
    "place": lambda lang, example: dateline.read_place(example.other or example.text, example.other or example.text),
    "byline": lambda lang, example: byline.read_byline(example.other or example.text),
    "names": lambda lang, example: byline.bare_names(example.text),
    "credits": _credits,
    "agencies": lambda lang, example: agencies.agency_in(example.text),
}
