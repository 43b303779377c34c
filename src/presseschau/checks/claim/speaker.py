"""`speaker.unknown` and `speaker.wrong`: who is said to have said it, against the German.

A claim's speaker must be a voice of its evidence: named there, or carried on from the sentences before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from presseschau.checks.bitext import bitext
from presseschau.checks.claim.foreign import own_text
from presseschau.checks.naming.english_name import body_nouns, english_body, house_term, is_body, same_body
from presseschau.checks.naming.glossary import house_glossary
from presseschau.checks.pair.bodies import bodies, may_be
from presseschau.checks.pair.other_voice import Sort
from presseschau.facts import compare, facts
from presseschau.facts.names.gazetteer import gazetteer
from presseschau.facts.names.kept_words import is_listed_noun
from presseschau.facts.names.name_words import german_names
from presseschau.facts.speech.carried import CARRIED_AT_MOST, own_report
from presseschau.facts.speech.english import attributions, telling
from presseschau.facts.speech.german import passed_on, relied_on, subjunctives
from presseschau.facts.speech.mentions import is_agent, nominative, without_article
from presseschau.facts.speech.voices import Voice, voices_of
from presseschau.facts.words import words
from presseschau.findings import Found, flag, told
from presseschau.lang import PAIR, SOURCE, cuts, listed, regex, table, vocabulary
from presseschau.models import Article, Sentence, Span


@lru_cache(maxsize=8)
def voices_in(article: Article) -> dict[int, Voice]:
    """Sentence number -> whose words it reports, for the sentences that report someone's."""
    found = voices_of([s.text for s in article.sentences], [s.paragraph for s in article.sentences])
    return {s.n: voice for s, voice in zip(article.sentences, found, strict=True) if voice}


def speaker_of(speaker: str, evidence: Sequence[Sentence], article: Article) -> Iterator[Found]:
    """One finding if `speaker` (English) is not a voice of the evidence; none where the German settles nothing.

    `speaker.unknown`: the name stands nowhere in the article. `speaker.wrong`: the German gives the words to someone
    else, or does not give them to this one.
    """
    if not evidence or not (own := telling(speaker)):
        return
    voices = [form for voice in _speakers(evidence, article) for form in (voice, *_with_office(voice, article))]
    relied = [s.text[slice(*place)] for s in evidence if (place := relied_on(s.text))]
    if any(names(speaker, german) for german in (*voices, *relied)):
        return
    a_name = any(word[0].isupper() and not _of_a_people(word) for word in own)
    if not names(speaker, own_text(article)):
        if a_name and not _people(own):
            message = f"“{speaker}” is given as the speaker but stands nowhere in the article."
            yield flag("speaker.unknown", message, scope="claim")
        return  # "a passer-by": every German word for it would have to be known
    if any(names(speaker, sentence.text) for sentence in evidence):
        printed = all(own_report(s.text) for s in evidence)  # the paper's own words are no person's
        here = [voice for voice in voices if any(voice in s.text for s in evidence)]
        settled = bool(here) and all(len(_nouns(voice)) > 1 for voice in here)  # "der Minister" may be any of them
        generic = any(_is(voice, "generic") for voice in voices)
        if generic or not (settled or printed):
            return
    if _no_person(own, article):
        unnamed = [voice for voice in voices if len(_nouns(voice)) == 1] if voices else [s.text for s in evidence]
        if any(may_be(german, speaker) for german in unnamed) or (a_name and _speaks_for(speaker, evidence, article)):
            return  # the public prosecutor's office: die Anklagebehörde; the company: Geschäftsführer Lipp
    if _body_meant(speaker, voices, evidence, article) or any(_stands_for(voice, own, article) for voice in voices):
        return
    if _goes_on(speaker, evidence, article) or (not voices and _found_by(speaker, evidence, article)):
        return
    if not a_name and any(_unknown_body(voice) for voice in voices):
        return  # "the state audit office" for the Landesrechnungshof: its English would have to be known
    message = (
        f"The German attributes these words to “{voices[0]}”, the claim to “{speaker}”."
        if voices
        else f"The sentences given as evidence do not say that “{speaker}” says this."
    )
    yield flag("speaker.wrong", message, scope="claim")


def another_body(speaker: str, evidence: Sequence[Sentence], article: Article) -> Iterator[Found]:
    """`body.changed` if `speaker` is another body or office than the one whose words the evidence reports."""
    voices = [voice for s in evidence if (voice := voices_in(article).get(s.n)) and voice.speaker]
    pairs = [bitext(voice.speaker or "", speaker) for voice in voices]
    found = [list(told(bodies(pair, own_text(article)), pair.de, pair.en)) for pair in pairs]
    if not voices or not all(found) or voices[0].sentence is None or voices[0].start is None:
        return  # another voice of the evidence may be meant
    item, named = found[0][0], article.sentences[voices[0].sentence]
    if place := item.de_span:
        start = named.start + voices[0].start + place.start
        there = Span(start=start, end=start + len(place.text), text=place.text)
        yield item._replace(de_span=there, en_span=None, sentence=named.n)


def said_in(text: str, evidence: Sequence[Sentence], article: Article, speaker: str | None) -> Iterator[Found]:
    """The same for whom the English of a claim or point names as the one who says it, beside its own `speaker`.

    Those through whom the words came (according to the newspaper ..., Berg said), and those in the evidence of whom its
    voice says that they said something (Berg said that Holm denied it), are not meant.
    """
    own = {one.name: None for one in attributions(text) if one.kind != "through" and one.name}
    voices = _speakers(evidence, article)
    through = [s.text[slice(*place)] for s in evidence for place in passed_on(s.text, (0, 0))]
    for name in own:
        if speaker and set(name.split()) & set(speaker.split()):
            continue
        settled = any(names(other, voice) for other in (*own, speaker or "") if other != name for voice in voices)
        others = (*through, *(s.text for s in evidence if settled))
        if not any(names(name, german) for german in others):
            yield from speaker_of(name, evidence, article)


def brought_in(evidence: Sequence[Sentence], article: Article) -> str:
    """German names that belong to the evidence though they do not stand in it: whose words it carries on, and first
    names of those it names by their surname."""
    numbers = {s.n for s in evidence}
    voices = [voice for s in evidence if (voice := voices_in(article).get(s.n))]
    carried = [
        voice.speaker
        for voice in voices
        if voice.speaker and voice.sentence is not None and article.sentences[voice.sentence].n not in numbers
    ]
    source = "\n".join(s.text for s in evidence)
    pairs = re.findall(r"\b([A-ZÄÖÜ][\w-]+)(?=\s([A-ZÄÖÜ][\w-]{2,})\b)", own_text(article))
    first = [one for one, name in pairs if one not in source and re.search(rf"\b{re.escape(name)}", source)]
    return "\n".join(dict.fromkeys((*carried, *first)))


def _speaks_for(speaker: str, evidence: Sequence[Sentence], article: Article) -> bool:
    """Is the voice of the evidence somebody with an office (Geschäftsführer Bänziger), and the speaker the body that is
    named there, or in the same paragraph up to two sentences before?"""
    places = {voice.sentence for s in evidence if (voice := voices_in(article).get(s.n))}
    places |= {article.sentences.index(s) - 1 for s in evidence if subjunctives(s.text)}
    for place in (place for place in places if place is not None and place >= 0):
        named = article.sentences[place]
        near = [s for s in article.sentences[max(0, place - BESIDE) : place + 1] if s.paragraph == named.paragraph]
        if regex(SOURCE, "carrying", "for_a_body").search(named.text) and any(names(speaker, s.text) for s in near):
            return True
    return False


BESIDE = 2
"""Sentences before the one that names who speaks, in which the body may be named for which he does."""


def _of_a_people(word: str) -> bool:
    """Is it German or Tajik, which a body may be called beside its name?"""
    known = gazetteer("en").single.get(word)
    return known is not None and known.kind != "place"


def _with_office(voice: str, article: Article) -> list[str]:
    """The surname of a voice with what stands before it elsewhere: Gründerin Leyla Aydin, for Aydin."""
    if voice != voice.split()[-1] or not voice[0].isupper():
        return []
    return re.findall(rf"\b(?:[A-ZÄÖÜ][\w-]+\s){{2,4}}{re.escape(voice)}\b", own_text(article))


def _goes_on(speaker: str, evidence: Sequence[Sentence], article: Article) -> bool:
    """Was the speaker the last one named before the evidence, which itself names nobody, or only by a word that may
    stand for him (er, die Ministerin), and carries on no voice from later? Or does the sentence behind it say so?"""
    numbers, since, refers = {s.n for s in evidence}, 0, True
    for s in evidence:
        voice = voices_in(article).get(s.n)
        may_report = regex(SOURCE, "carrying", "may_report").search
        refers = refers and (voice is not None or _refers(s.text) or may_report(s.text) is not None)
        if voice and voice.speaker and voice.sentence is not None:
            named, someone = article.sentences[voice.sentence].n, _someone(voice.speaker)
            if named in numbers and not someone:
                return False
            since = max(since, 0 if someone else named)
    first, last = min(numbers), max(numbers)
    behind = next((s.text for s in article.sentences if s.n == last + 1), "")
    if regex(SOURCE, "carrying", "said_so").match(behind) and names(speaker, behind):
        return True
    farthest = CARRIED_AT_MOST if refers else 3  # "It falls", when all that was said before is hers
    for s in reversed([s for s in article.sentences if max(since, first - farthest) <= s.n < first]):
        if names(speaker, s.text):
            return refers or (s.n in voices_in(article) and s.paragraph == evidence[0].paragraph)
        if any(one.kind in ("name", "known") for one in german_names(s.text)):
            return False
    return False


def _found_by(speaker: str, evidence: Sequence[Sentence], article: Article) -> bool:
    """Is it of those who find things out, no person, and does a sentence before tell of them (researchers, a study)?"""
    own = telling(speaker)
    if not any(word.lower().startswith(_researchers()) for word in own):
        return False
    first = min(s.n for s in evidence)
    near = [s.text for s in article.sentences if first - FOUND_BY <= s.n < first]
    found_by, group = regex(SOURCE, "carrying", "found_by").search, all(word.islower() for word in own)
    return any(found_by(text) and (group or names(speaker, text)) for text in near)


@cache
def _researchers() -> tuple[str, ...]:
    """How English words for those begin who find something out."""
    return next(row.english for row in table(PAIR, "speaker_sorts", Sort) if row.sort == "researchers")


FOUND_BY = 14
"""Sentences over which the findings of a study are told."""


def _someone(voice: str) -> bool:
    """Is it one noun that may stand for somebody named before: eine Sprecherin, die Grüne?"""
    voice = _bare(voice)
    one = len(_nouns(voice)) == 1 and without_article(voice) != voice
    return one and (_is(voice, "generic") or not is_body(_nouns(voice)[0]))


def _refers(sentence: str) -> bool:
    """Does it say er or sie, or der Mann, of someone named before?"""
    said = words(sentence)
    named = regex(SOURCE, "carrying", "one_named").search(sentence)
    return bool(named) or any(nominative(word.lower) or word.text in body_nouns("generic") for word in said)


def _people(own: Sequence[str]) -> bool:
    """Are these nobody by name, but analysts or residents, with the capital that opens a sentence?"""
    lower = own[0].lower()
    known = lower.endswith("s") and not listed("en", "words").isdisjoint((lower, lower[:-1]))
    return len(own) == 1 and (known or lower.endswith(("ists", "makers")))


def _speakers(evidence: Sequence[Sentence], article: Article) -> list[str]:
    """Whom the German gives the words of the evidence to."""
    found = [voice.speaker for s in evidence if (voice := voices_in(article).get(s.n)) and voice.speaker]
    return [voice for voice in found if not _no_speaker(voice)]


def _no_speaker(voice: str) -> bool:
    """Is it a thing that stands first (Brandstiftung hält sie für möglich)?"""
    return " " not in voice and is_listed_noun(voice.lower()) and not (is_agent(voice) or is_body(voice))


def _body_meant(speaker: str, voices: Sequence[str], evidence: Sequence[Sentence], article: Article) -> bool:
    """Do the evidence's words for a body (das Unternehmen) stand for this one, which has a name elsewhere?"""
    large = [word for word in telling(speaker) if word[0].isupper()]
    german = voices or [s.text for s in evidence]
    there = [noun for text in german for noun in _nouns(text) if noun in body_nouns("named")]
    if any(word.lower().endswith(noun.lower()) for word in large for noun in there):
        return True  # the Lahnbank: die Bank
    if not voices:
        initials = any(word.isupper() and len(word) > 1 for word in large)  # SC Rosenau: der Verein
        generic = any(noun in body_nouns("generic") for noun in there) and _no_person(large, article)
        unnamed = not large and any(noun in body_nouns("generic") for noun in there)  # the operator: das Unternehmen
        return bool(there) and (initials or generic or unnamed or _term(speaker, own_text(article)))
    if any(_is(voice, "government") for voice in voices) and _term(speaker, own_text(article)):
        return True  # the Federal Council: die Landesregierung
    if not large or not all(_is_of(voice, "named") and len(_nouns(voice)) < 3 for voice in voices):
        return False
    private = vocabulary(SOURCE, "body_roles")  # Unternehmen, Hersteller: no university is meant
    nouns = private if all(_nouns(voice)[-1] in private for voice in voices) else body_nouns("named")
    known = "|".join(nouns)
    named = "|".join(map(re.escape, large))
    beside = rf"(?i:{known})\w{{0,2}}\s[^.,;:]{{0,30}}?\b(?:{named})\b"
    return re.search(beside, own_text(article)) is not None


def _no_person(large: Sequence[str], article: Article) -> bool:
    """Is it a name that nowhere in the article stands behind a first name: Hagedorn, for das Unternehmen?"""
    if not large:
        return False
    before = re.findall(rf"\b([A-ZÄÖÜ][\w-]+) {re.escape(large[-1])}\b", own_text(article))
    return not any(one.text in before for one in german_names(own_text(article)) if one.kind in ("name", "known"))


def _bare(voice: str) -> str:
    """Without where it was said: die Ministerin in Berlin."""
    there = regex(SOURCE, "mentions", "spoke_there").match(voice)
    return there["who"] if there else voice


def _stands_for(voice: str, own: Sequence[str], article: Article) -> bool:
    """May the German words without a name stand for the speaker: is one put beside the other somewhere in the text?"""
    voice = _bare(voice)
    if len(_nouns(voice)) != 1:
        return False
    if _is(voice, "paper"):
        return own[-1].islower()
    noun = _nouns(voice)[0]
    forms = "|".join({noun, *(base for base, _ in cuts(SOURCE, noun, "noun") if len(base) > 3)})  # in any case
    beside = rf"\b(?:{forms}|\w+(?:{forms.lower()}))\w{{0,2}}\s(?:\w+\s){{0,3}}?\(?{re.escape(own[-1])}\b"
    return re.search(beside, own_text(article)) is not None


def _unknown_body(voice: str) -> bool:
    """Is it one noun, no name, of which no table has the English?"""
    if len(_nouns(voice)) > 1 and not _is(_bare(voice), "generic"):
        voice = _bare(voice)
    known = english_body(voice) or house_term(voice)
    return len(_nouns(voice)) == 1 and not known and without_article(voice) != voice


def _is(voice: str, use: str) -> bool:
    """Is the last noun of the mention one of these in `bodies.csv`?"""
    return bool(_nouns(voice)) and _nouns(voice)[-1] in body_nouns(use)


def _is_of(voice: str, use: str) -> bool:
    """The same in any case: ein Sprecher des Unternehmens."""
    last = _nouns(voice)[-1:]
    return any(form in body_nouns(use) for noun in last for form in (noun, *(b for b, _ in cuts(SOURCE, noun, "noun"))))


def _nouns(mention: str) -> list[str]:
    return re.findall(r"\b[A-ZÄÖÜ][\w-]+", without_article(mention))


def names(speaker: str, german: str) -> bool:
    """The last telling word of the speaker, mostly the family name, has a counterpart in the German; or most words."""
    if _term(speaker, german) or same_body(speaker, german):
        return True
    own = telling(speaker)
    known = [_stands(word, german) for word in own]
    return bool(known) and (known[-1] or sum(known) * 2 > len(known))


@lru_cache(maxsize=4096)
def _term(speaker: str, german: str) -> bool:
    """Is the speaker the English of a term of the house (Federal Council: Bundesrat)?"""
    name = re.sub(r"^the ", "", speaker.lower())
    return any(name == target.lower() for entry in house_glossary().entries_in(german) for target in entry.targets)


def _stands(word: str, german: str) -> bool:
    low = word.lower()
    if not {low, f"{low}s"}.isdisjoint(part for item in words(german) for part in (item.lower, *item.lower.split("-"))):
        return True
    if len(word) > 3 and not bitext(german, word).leftover:
        return True
    places = facts(word, "en").places  # Kazakh: kasachisch
    return bool(places) and not any(
        d.code == "place.added" for d in compare(facts(german, SOURCE), facts(word, "en"), "within")
    )
