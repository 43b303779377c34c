"""Whose words a German sentence gives: who is named as the source, and the word that says so; the chain that the words
came through; and how surely it is said.

The forms are the rules of `de/attribution.toml`, the verbs those of `de/saying.csv`, and of `de/standing.csv` for
those who say where they stand; `de/mood.toml` reads the Konjunktiv I, `de/carrying.toml` the chain, `de/stance.toml`
what is alleged, an opinion, predicted, planned or only reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from presseschau.facts.names.kept_words import is_german
from presseschau.facts.names.places import read as places
from presseschau.facts.speech.mentions import is_agent, is_document, is_mute, is_thing, is_topic
from presseschau.facts.words import lower_words
from presseschau.lang import SOURCE, Rule, any_of, regex, rules, vocabulary
from presseschau.patterns import late

Place = tuple[int, int]
"""Offsets in a sentence, end exclusive."""
_WORD = late(r"\w+")
_MOST_WORDS = 7
"""Words of a mention from which a name behind it is another one's."""
_MOST_INTRODUCING = 18
"""Words of a sentence that does no more than name who spoke."""


class Attribution(NamedTuple):
    """Words that name a source. `speaker` is the place of its name, or None; `pronoun`: the er, sie ... that stands for
    the speaker, or ""."""

    kind: str
    cue: Place
    speaker: Place | None
    pronoun: str


@lru_cache(maxsize=64)
def attributions(sentence: str) -> tuple[Attribution, ...]:
    """The attributions of a German sentence, the surest kind first; offsets count in the sentence.

    A verb of saying counts only if something said goes with it: a clause, a quotation, a colon, a Konjunktiv I. The
    end of the sentence before (!“ Der Minister sagte ...) is passed over.
    """
    rest = regex(SOURCE, "attribution", "rest").match(sentence)
    at = rest.end() if rest else 0
    found = tuple(_attributions(sentence[at:]))
    if not any(one.kind in ("verb", "so") for one in found) and (standing := _standpoint(sentence[at:])):
        found = (*found, standing)
    return tuple(
        one._replace(cue=_moved(one.cue, at), speaker=_moved(one.speaker, at) if one.speaker else None) for one in found
    )


def _moved(place: Place, by: int) -> Place:
    return place[0] + by, place[1] + by


def _attributions(sentence: str) -> Iterator[Attribution]:
    kinds = _kinds_in(sentence)
    speaks = not vocabulary(SOURCE, "saying").keys().isdisjoint(_WORD.findall(sentence))
    for rule in _rules_of(frozenset(kinds)):
        if rule.kind not in kinds or (not speaks and "{cue}" in rule.template):
            continue
        if (found := rule.regex.search(sentence)) is None:
            continue
        if rule.kind in ("verb", "wie", "so") and not _reports(
            sentence, found, rule.kind != "verb" or has_said(sentence)
        ):
            continue
        if rule.kind in ("verb", "wie") and _mute(found.groupdict().get("speaker") or "", found["cue"], sentence):
            continue
        if rule.kind in ("laut", "zufolge"):
            kinds.discard(rule.kind)  # the narrow form comes first
        yield _read(rule.kind, sentence, found)


@lru_cache(maxsize=256)
def _rules_of(kinds: frozenset[str]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules(SOURCE, "attribution").values() if rule.kind in kinds)


def _mute(mention: str, cue: str, sentence: str) -> bool:
    """Is it the object that comes first (Die Zahl der Verletzten gab die Polizei ...), a headline's topic, or a thing
    that does without words what the verb says (Der Fall bestätigt, dass ...)?"""
    if cue == ":":
        topic = is_topic(mention) and not sentence.startswith("So ")
        return topic or not (_quotes(sentence) or _heads(mention))
    wordless = cue.lower() in vocabulary(SOURCE, "saying", "thing") and not re.search(r":\s*[„»\"“]", sentence)
    return is_thing(mention) or (wordless and is_mute(mention))


def _read(kind: str, sentence: str, found: re.Match[str]) -> Attribution:
    groups = found.groupdict()
    pronoun = groups.get("pronoun") or ""
    named = None if pronoun or not groups.get("speaker") else whole_name(sentence, *found.span("speaker"))
    return Attribution(kind, found.span("cue"), named, pronoun)


def _kinds_in(sentence: str) -> set[str]:
    """The kinds of attribution that can be in `sentence`: a cheap look before the long patterns."""
    there = lower_words(sentence)
    kinds = set(there & {"laut", "zufolge", "so"})
    if "gemäß" in there or "gemäss" in there:
        kinds.add("laut")
    if there & {"nach", "laut", "zufolge", "berufung", "demnach", "dem", "sicht"}:
        kinds.add("angaben")
    if not there.isdisjoint(vocabulary(SOURCE, "saying")):
        kinds |= {"verb", "wie", "es heißt", "so"}
    lets = {"ließ", "liess", "ließen", "liessen", "lässt"}
    holds = {"meinung", "ansicht", "auffassung", "überzeugung", "standpunkt", "fest", "wissen"}
    if ":" in sentence or not there.isdisjoint(lets | holds):
        kinds |= {"verb", "es heißt"} if ":" in sentence else {"verb"}
    if sentence.startswith(("Das ", "Dies ")):
        kinds.add("das")
    if "zitier" in sentence:
        kinds |= {"zitiert", "wie"}
    return kinds


def whole_name(sentence: str, start: int, end: int) -> Place:
    """The mention with the name behind it (der Präsident, Ana Berg), without the place of the interview (bei Sky)."""
    behind = regex(SOURCE, "attribution", "apposition").match(sentence, end)
    if behind and len(sentence[start:end].split()) < _MOST_WORDS:
        return start, behind.end()
    beyond = regex(SOURCE, "attribution", "interview").search(sentence[start:end])
    return (start, start + beyond.start()) if beyond else (start, end)


def has_said(sentence: str) -> bool:
    """Does something said go with the verbs of the sentence: a clause, a quotation, a colon, a Konjunktiv I?"""
    return bool(regex(SOURCE, "attribution", "something_said").search(sentence) or subjunctives(sentence))


def _reports(sentence: str, found: re.Match[str], said: bool) -> bool:
    """Does the verb of saying that was `found` (group cue) report: with its particle, and with something `said`?"""
    verb = found["cue"].lower()
    before, after = sentence[: found.start("cue")], sentence[found.end("cue") :]
    particle = vocabulary(SOURCE, "saying").get(verb)
    if particle and not (
        re.search(rf"\b(?:{particle})(?=\s*(?:[,.:;“”\"]|$))", after)
        or re.search(rf"\b(?:{particle})\s*$", before)  # wie die Polizei bekannt gab
    ):
        return False
    if verb in vocabulary(SOURCE, "saying", "wordless") and regex(SOURCE, "attribution", "wordless").match(after):
        return False  # drohte einzustürzen, as the fire brigade said
    always = verb in vocabulary(SOURCE, "saying", "always") and not regex(SOURCE, "attribution", "promise").search(
        sentence
    )
    if (
        said or always or re.match(rf"(?:\s(?:{particle or '(?!)'}))?,", sentence[found.end() :])
    ):  # Er warnte, es brenne
        return True
    return before.rstrip().endswith(",") and bool(regex(SOURCE, "attribution", "tail").match(sentence[found.end() :]))


def _standpoint(sentence: str) -> Attribution | None:
    """Who says where it stands: Die Gewerkschaft fordert 7,5 Prozent; Conze nannte das „fatal“."""
    if lower_words(sentence).isdisjoint(vocabulary(SOURCE, "standing")):
        return None
    for rule in _rules_of(frozenset({"stand"})):
        found = rule.regex.search(sentence)
        if found is None or is_thing(mention := found["speaker"] or "") or (is_mute(mention) and not _quotes(sentence)):
            continue
        if _stands(found["cue"], found.end("cue"), sentence):
            return _read("verb", sentence, found)._replace(speaker=found.span("speaker") if found["speaker"] else None)
    return None


def _quotes(sentence: str) -> bool:
    return any(mark in sentence for mark in '„“"»«')


def _heads(mention: str) -> bool:
    """May it stand before the colon of a headline as the one who says it: a person, people, a body, a document?"""
    last = mention.split()[-1]
    place = any(one.kind == "place" and one.text == mention for one in places(mention, SOURCE))
    return not place and (is_agent(last) or is_document(mention) or not is_german(last.lower()))


def _stands(cue: str, end: int, sentence: str) -> bool:
    """Does the sentence hold what the verb needs to say where its subject stands?"""
    particle, quoted = vocabulary(SOURCE, "standing")[cue.lower()], _quotes(sentence)
    if particle in ("zurück", "ab", "an") and not quoted and (_is_act(sentence[end:]) or " sich " in sentence[end:]):
        return False
    bound = not particle or re.search(rf"\b{particle}\b", sentence[end:]) is not None
    if cue.lower() in vocabulary(SOURCE, "standing", "or"):
        return bound or quoted
    if cue.lower() in vocabulary(SOURCE, "standing", "figure"):
        return bound and (quoted or any(letter.isdigit() for letter in sentence))
    return bound and (quoted or cue.lower() not in vocabulary(SOURCE, "standing", "quote"))


def _is_act(said: str) -> bool:
    return regex(SOURCE, "attribution", "decided").search(said) is not None


def subject_before(sentence: str, mood: int) -> Place | None:
    """The subject of the clause that opens `sentence`, if the Konjunktiv I at offset `mood` stands in a later clause.

    "Die Opposition wirft ihm vor, er habe gelogen": the opposition says so.
    """
    found = regex(SOURCE, "attribution", "subject_first").match(sentence)
    return found.span("speaker") if found and found.end() <= mood else None


def introduces(sentence: str) -> bool:
    """Does it only say who said what stood before it ("Das teilte die Polizei am Montag mit")?"""
    short = len(sentence.split()) <= _MOST_INTRODUCING
    return short and regex(SOURCE, "attribution", "introduces").match(sentence) is not None


@lru_cache(maxsize=64)
def subjunctives(sentence: str) -> tuple[Place, ...]:
    """Offsets of the verbs of `sentence` that stand in an unmistakable Konjunktiv I (sei, habe, könne, komme).

    Forms that are Konjunktiv II as well (hätten, wären, könnten) are left out: they report in one case out of four.
    """
    forms = list(regex(SOURCE, "mood", "form").finditer(sentence))
    if not forms:
        return ()
    others = [match.span() for match in any_of(SOURCE, "mood", "other").finditer(sentence)]
    i_speak = regex(SOURCE, "mood", "first_person").search(sentence)
    return tuple(
        form.span()
        for form in forms
        if not (form["first"] and i_speak) and not any(start <= form.start() < end for start, end in others)
    )


def passed_on(sentence: str, speaker: tuple[int, int] | None) -> tuple[tuple[int, int], ...]:
    """Offsets of those through whom the words of `speaker` (its offsets in `sentence`) came, in order of the sentence.

    laut, zufolge and "wie ... berichtet" beside a verb of saying with a subject of its own; gegenüber; a paper,
    agency or station that was spoken to. Empty where the one who says it is the only one named.
    """
    found = {
        one.speaker
        for one in attributions(sentence)
        if speaker
        and one.speaker
        and one.kind in ("laut", "zufolge", "wie", "angaben")
        and not _same(one.speaker, speaker)
    }
    if speaker:
        for rule in (one for one in rules(SOURCE, "carrying").values() if one.kind == "through"):
            for match in rule.regex.finditer(sentence):
                if regex(SOURCE, "carrying", "medium").search(match["name"]):
                    found.add(match.span("name"))
    source = relied_on(sentence)
    apart = [span for span in found if not any(_same(span, other) for other in (speaker, source) if other)]
    return tuple(sorted(a for a in apart if not any(a != b and b[0] <= a[0] and a[1] <= b[1] for b in apart)))


def relied_on(sentence: str) -> tuple[int, int] | None:
    """Offsets of the one whose word the speaker relies on (unter Berufung auf, bezog sich auf Angaben des ...)."""
    rule = rules(SOURCE, "carrying")["relied_on"]
    found = rule.regex.search(sentence)
    return whole_name(sentence, *found.span("name")) if found else None


def _same(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


Stance = Literal["reported", "alleged", "planned", "predicted", "opinion"]
_KINDS: dict[str, Stance] = {
    "alleged": "alleged",
    "opinion": "opinion",
    "predicted": "predicted",
    "demanded": "planned",
    "possible": "predicted",
    "planned": "planned",
}
"""Kind of rule -> what it settles, in the order in which they are tried."""
_OWN = ("possible", "planned")
"""Kinds that settle nothing where somebody else says so."""


def stance(sentence: str, voiced: bool) -> Stance | None:
    """What the German of one sentence settles; None if it is plainly stated or its words settle nothing.

    `voiced`: the sentence reports someone's words. A forecast, a demand and a judgement stay what they are in someone
    else's words; other plans are then no more than reported. "soll ... haben" alleges, "soll ... werden" plans.
    """
    if regex(SOURCE, "stance", "question").search(sentence):
        return None
    reported = voiced or bool(subjunctives(sentence))
    for kind, settled in _KINDS.items():
        if not (reported and kind in _OWN) and any_of(SOURCE, "stance", kind).search(sentence):
            return settled
    return "reported" if reported else None
