"""Everything that can be said without a model about a German sentence and its English, and about all of an article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from presseschau.checks.agreement import agreement
from presseschau.checks.bitext import Bitext, bitext
from presseschau.checks.meta import meta
from presseschau.checks.naming.consistent import inconsistent, named_elsewhere
from presseschau.checks.naming.glossary import Glossary, wrong_terms
from presseschau.checks.pair.another_language import in_another_language
from presseschau.checks.pair.bodies import bodies
from presseschau.checks.pair.doer import changed
from presseschau.checks.pair.dropped import dropped
from presseschau.checks.pair.leaks import links, repetition
from presseschau.checks.pair.moved import moved
from presseschau.checks.pair.omission import cut_short, omission
from presseschau.checks.pair.opposites import opposites, siblings
from presseschau.checks.pair.other_voice import other_voice
from presseschau.checks.pair.shifted import exchanged, shifted, unrelated
from presseschau.checks.pair.strangers import Stranger, strangers
from presseschau.checks.pair.turned import turned
from presseschau.checks.pair.untranslated import german_left, named_so, surnames
from presseschau.facts.speech.voices import voices_of
from presseschau.findings import Found, Remark, told
from presseschau.models import Finding, Sentence

if TYPE_CHECKING:
    from presseschau.facts.encoder import Encoder


LONGEST = 6_000
"""Characters of a sentence, German or English; a longer one is made to keep checks busy."""


def check_pair(de: str, en: str, *, n: int | None = None, glossary: Glossary | None = None) -> tuple[Finding, ...]:
    """All findings about `en` as the translation of `de`; `de_span` counts in `de`, `en_span` in `en`.

    `n` is the sentence number set into the findings; `glossary` is checked if given. An empty `en` is
    `coverage.missing`. Text that is no translation at all (left in German, talk about the task, another sentence's) is
    said once, without the facts that it lacks.
    """
    return tuple(item.stamped(sentence=n) for item in pair_findings(bitext(de, en), glossary))


def check_pairs(
    pairs: Sequence[tuple[str, str]], glossary: Glossary | None = None, encoder: Encoder | None = None
) -> list[tuple[Finding, ...]]:
    """What `check_pair` finds in each of several pairs, neighbours or not; with an encoder also English that speaks of
    something else."""
    rows: Iterable[Bitext] = (bitext(de, en) for de, en in pairs)  # each is let go when it is checked
    strange = strangers(rows := [*rows], encoder) if encoder else {}
    said = {i: one.found("The English speaks of something else than the German.") for i, one in strange.items()}
    return [
        tuple(item.stamped() for item in _joined(said.get(i), pair_findings(row, glossary)))
        for i, row in enumerate(rows)
    ]


def pair_findings(pair: Bitext, glossary: Glossary | None) -> Iterator[Found]:
    """The same, not yet stamped."""
    remarks = _remarks(pair, glossary)
    return told(remarks, pair.de, pair.en)


def _remarks(pair: Bitext, glossary: Glossary | None) -> Iterator[Remark]:
    """Each check in its turn; what one says in other words is not said again."""
    if not pair.english.words:
        if pair.german.words:
            yield Remark("coverage.missing")
        return
    if max(len(pair.de), len(pair.en)) > LONGEST:
        message = f"This is no sentence: of more than {LONGEST:,} characters no fact is compared."
        yield Remark("input.unchecked", message=message)
        return
    left, talk = in_another_language(pair) or german_left(pair), meta(pair)
    yield from talk
    yield from left
    if talk or any(item.en is None for item in left):  # the whole sentence
        return
    facts = agreement(pair)
    foreign = unrelated(pair)
    if any(item.severity == "error" for item in foreign):
        yield from foreign
        return
    yield from exchanged(facts) or foreign
    yield from cut_short(pair) or omission(pair, facts) or dropped(pair)
    yield from repetition(pair)
    yield from links(pair.de, pair.en)
    yield from facts
    yield from moved(pair)
    said = {item.code for item in facts}
    found: list[Remark] = []
    if "direction.reversed" not in said:  # the same, said better
        numbers = any(code.startswith("number.") for code in said)
        found = list(opposites(pair)) or ([] if numbers else list(siblings(pair)))
    if "agent.changed" not in said:
        yield from changed(pair)
    yield from turned(pair)
    found += other_voice(pair)
    places = {place for item in found for place in (item.de, item.en)}
    yield from found
    yield from (item for item in bodies(pair) if places.isdisjoint((item.de, item.en)))
    if glossary:
        yield from wrong_terms(pair.de, pair.en, glossary)


STANDS_ALONE = ("coverage.missing", "language.untranslated", "content.meta", "repetition.loop", "content.url")
"""What is still worth saying of English that belongs to another sentence; its facts are those of the other one."""


def check_translation(
    pairs: Sequence[tuple[Sentence, str | None]],
    glossary: Glossary | None = None,
    strange: Mapping[int, Stranger] | None = None,
) -> dict[int, tuple[Finding, ...]]:
    """Findings by sentence number; a sentence without findings is in it with `()`.

    `pairs` are neighbours in the article's order. `de_span` counts in `Article.text`, `en_span` in the sentence's
    English. None or empty English is `coverage.missing`; English that belongs to a neighbour `coverage.shifted`, and so
    is what `strange` says of a sentence by its number (`strangers`).
    """
    rows = [(sentence, bitext(sentence.text, en or "")) for sentence, en in pairs]
    elsewhere = {n: _said(n, one) for n, one in (strange or {}).items()} | shifted(rows)
    speakers = _speakers([sentence for sentence, _ in rows])
    people = set().union(*(surnames(pair.german.words) for _, pair in rows))
    numbered = [(sentence.n, pair) for sentence, pair in rows]
    otherwise = inconsistent([row for row in numbered if row[0] not in elsewhere])
    found: dict[int, tuple[Finding, ...]] = {}
    for sentence, pair in rows:
        own = [item for item in pair_findings(pair, glossary) if not named_so(item, people, pair)]
        own = [item._replace(severity="info") if named_elsewhere(item, numbered) else item for item in own]
        own += otherwise.get(sentence.n, ())
        all_of_it = _joined(elsewhere.get(sentence.n), (_named(item, speakers.get(sentence.n)) for item in own))
        found[sentence.n] = tuple(
            item.stamped(sentence=sentence.n, part="translation", offset=sentence.start) for item in all_of_it
        )
    return found


def article_strangers(pairs: Sequence[tuple[Sentence, str | None]], encoder: Encoder) -> dict[int, Stranger]:
    """The sentences of an article whose English is another one's, by number, for `check_translation`."""
    found = strangers([bitext(s.text, en or "") for s, en in pairs], encoder, neighbours=True)
    number = [s.n for s, _ in pairs]
    return {number[i]: replace(one, of=number[one.of] if one.of is not None else None) for i, one in found.items()}


def _said(n: int, stranger: Stranger) -> Found:
    if stranger.of is not None:
        return stranger.found(f"The English of sentence {n} belongs to sentence {stranger.of}.")
    return stranger.found(f"The English of sentence {n} speaks of something else than its German.")


def _joined(strange: Found | None, own: Iterable[Found]) -> Iterator[Found]:
    if strange:
        yield strange
    for item in own:
        if not strange or item.code in STANDS_ALONE:
            yield item


def _speakers(sentences: Sequence[Sentence]) -> dict[int, str]:
    """Who speaks in each sentence, carried over from the sentences before."""
    voices = voices_of([one.text for one in sentences], [one.paragraph for one in sentences])
    return {one.n: voice.speaker for one, voice in zip(sentences, voices, strict=True) if voice and voice.speaker}


def _named(item: Found, speaker: str | None) -> Found:
    """A lost voice with the speaker's name, so that the repair can name him."""
    if item.code != "voice.lost" or speaker is None or item.de_span is None or speaker in item.message:
        return item
    message = f"The German reports what {speaker} says (“{item.de_span.text}”); the English states it as a fact."
    return item._replace(message=message)
