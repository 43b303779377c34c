"""`speaker.unknown` and `speaker.wrong`: who is said to have said it, against the German.

A claim's speaker must be a voice of its evidence: named there, or carried on from the sentences before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from presseschau.checks.bitext import bitext
from presseschau.checks.claim.called import (
    house_name,
    is_called,
    large_words,
    last_named,
    names,
    office_of,
    offices,
    persons,
    stands_somewhere,
)
from presseschau.checks.claim.foreign import own_text
from presseschau.checks.naming.english_name import body_nouns, english_body, house_term, is_body
from presseschau.checks.pair.bodies import bodies, is_institution, may_be
from presseschau.checks.pair.other_voice import Sort
from presseschau.facts import facts
from presseschau.facts.names.gazetteer import gazetteer
from presseschau.facts.names.kept_words import is_listed_noun
from presseschau.facts.names.name_words import german_names
from presseschau.facts.speech.carried import CARRIED_AT_MOST, own_report
from presseschau.facts.speech.english import attributions, is_generic, telling
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
    said_by = _speakers(evidence, article)
    voices = [form for one in said_by for form in (offices(one, article) if " " not in one else (one,))]
    relied = [s.text[slice(*place)] for s in evidence if (place := relied_on(s.text))]
    called = [form for one in said_by for form in offices(one, article)]
    if any(names(speaker, german) for german in (*called, *relied)):
        return
    if any(_is_called(speaker, voice, article) for voice in said_by):
        return
    a_name = any(word[0].isupper() and not _of_a_people(word) for word in own)
    if not (names(speaker, own_text(article)) or (a_name and stands_somewhere(speaker, own_text(article)))):
        if a_name and not _people(own):
            message = f"“{speaker}” is given as the speaker but stands nowhere in the article."
            yield flag("speaker.unknown", message, scope="claim")
        return  # "a passer-by": every German word for it would have to be known
    if not voices and any(_is_called(speaker, one, article) for s in evidence for one in persons(s.text, article)):
        return
    if named := [s for s in evidence if names(speaker, s.text)]:
        printed = all(own_report(s.text) for s in evidence)  # the paper's own words are no person's
        here = [voice for voice in voices if any(voice in s.text for s in evidence)]
        settled = bool(here) and all(len(_nouns(voice)) > 1 for voice in here)  # "der Minister" may be any of them
        settled = settled and all(any(voice in s.text for voice in here) for s in named)  # or does he answer it?
        generic = any(_is(voice, "generic") for voice in voices)
        if generic or not (settled or printed):
            return
    if _no_person(own, article):
        unnamed = [voice for voice in voices if len(_nouns(voice)) == 1] if voices else [s.text for s in evidence]
        if any(may_be(german, speaker) for german in unnamed) or _speaks_for(speaker, evidence, article):
            return  # the public prosecutor's office: die Anklagebehörde; the company: Geschäftsführer Lipp
    if _body_meant(speaker, voices, evidence, article) or any(_stands_for(voice, own, article) for voice in voices):
        return
    taken_up = bool(voices) and all(_may_take_up(voice, article) for voice in voices)
    if a_name and taken_up and _no_person(own, article) and last_named(speaker, evidence, article):
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


def _is_called(speaker: str, mention: str, article: Article) -> bool:
    """Is it what the article calls whom the mention names, and nobody else whose words it gives?"""
    return is_called(speaker, mention, article, [one.speaker for one in voices_in(article).values() if one.speaker])


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
        first = name.split()[0]
        if text.startswith(name) and first.lower() in listed("en", "words"):
            name = first.lower() + name[len(first) :]  # Police said: no name
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
    """Is the voice of the evidence, or who er or sie is, somebody with an office (Geschäftsführer Bänziger), and the
    speaker the body that is named there, or in the same paragraph up to two sentences before; or, of a firm, the one
    that the article is about?"""
    named_so, generic = _body_meant_by(speaker)
    if not (named_so or generic):
        return False
    who: dict[int, str] = {}  # by the sentence that names him
    for s in evidence:
        at, voice = article.sentences.index(s), voices_in(article).get(s.n)
        if voice and voice.speaker and voice.sentence is not None:
            who[voice.sentence] = " ".join(offices(voice.speaker, article))
        elif at and _refers(s.text):
            who[at - 1] = article.sentences[at - 1].text
        elif persons(s.text, article):
            who[at] = s.text
        if at and subjunctives(s.text):
            who.setdefault(at - 1, article.sentences[at - 1].text)
    top = [s for s in article.sentences if s.role == "headline" or s.n == 2]
    for place, office in who.items():
        named = article.sentences[place]
        near = [s for s in article.sentences[max(0, place - BESIDE) : place + 1] if s.paragraph == named.paragraph]
        if regex(SOURCE, "carrying", "for_a_firm").search(office):
            near += top
            if generic:
                return True
        elif not regex(SOURCE, "carrying", "for_a_body").search(named.text):
            continue
        if any(names(speaker, s.text) for s in near):
            return True
    return False


def _body_meant_by(speaker: str) -> tuple[bool, bool]:
    """Is it a name without an office (Brenk, but no spokesman for Brenk), or only a word for a body (the company)?"""
    if any(office_of(speaker) in vocabulary("en", "mentions", use) for use in ("title", "leads", "speaks")):
        return False, False
    return any(word[0].isupper() and not _of_a_people(word) for word in telling(speaker)), is_generic(speaker)


BESIDE = 2
"""Sentences before the one that names who speaks, in which the body may be named for which he does."""


def _of_a_people(word: str) -> bool:
    """Is it German or Tajik, which a body may be called beside its name?"""
    known = gazetteer("en").single.get(word)
    return known is not None and known.kind != "place"


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
    someone_meant = any(_someone(voice) for voice in _speakers(evidence, article))  # die Managerin: no firm
    farthest = CARRIED_AT_MOST if refers else 3  # "It falls", when all that was said before is hers
    for s in reversed([s for s in article.sentences if max(since, first - farthest) <= s.n < first]):
        if names(speaker, s.text) or any(_is_called(speaker, one, article) for one in persons(s.text, article)):
            return refers or (s.n in voices_in(article) and s.paragraph == evidence[0].paragraph)
        between = persons(s.text, article) if someone_meant else german_names(s.text)
        if any(isinstance(one, str) or one.kind in ("name", "known") for one in between):
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
    found = [(s, voice.speaker) for s in evidence if (voice := voices_in(article).get(s.n)) and voice.speaker]
    return [voice for s, voice in found if not (_no_speaker(voice) or _said_from(voice, s.text))]


def _said_from(voice: str, sentence: str) -> bool:
    """Is it only the town that the words came from (hieß es aus Bonn)?"""
    return f" aus {voice}" in sentence and any(one.text == voice for one in facts(voice, SOURCE).places)


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
        return bool(there) and (initials or generic or unnamed or house_name(speaker, own_text(article)))
    if any(_is(voice, "government") for voice in voices) and house_name(speaker, own_text(article)):
        return True  # the Federal Council: die Landesregierung
    if not large or not all(_is_of(voice, "named") and len(_nouns(voice)) < 3 for voice in voices):
        return False
    private = vocabulary(SOURCE, "body_roles")  # Unternehmen, Hersteller: no university is meant
    nouns = private if all(_nouns(voice)[-1] in private for voice in voices) else body_nouns("named")
    known = "|".join(nouns)
    named = "|".join(map(re.escape, large))
    beside = rf"(?i:{known})\w{{0,2}}\s[^.,;:]{{0,30}}?\b(?:{named})\b"
    return re.search(beside, own_text(article)) is not None


def _may_take_up(voice: str, article: Article) -> bool:
    """Is it a word for a body (die Klinik), of no other name in the article, and no institution known by itself?"""
    noun = without_article(voice)
    taken = " " not in noun and noun != voice and is_body(noun) and not is_institution(noun)
    return taken and re.search(rf"\b{noun}\s[A-ZÄÖÜ„»\"]", own_text(article)) is None


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
    return large_words(without_article(mention))
