"""`speaker.wrong` and `speaker.unknown` for a sentence of the note: whom it gives the words to, against its claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from presseschau.checks.claim.called import names
from presseschau.checks.note.overlap import content, covered, key
from presseschau.facts import compare, facts
from presseschau.facts.speech.english import EnglishAttribution, attributions, clauses, is_generic, telling
from presseschau.findings import Found, flag
from presseschau.models import Span
from presseschau.notes import Source, SourceClaim

OTHERS = 0.6
"""Share of a clause's content words that another speaker's claim has, and no claim of the named one, when it is his."""

Cited = tuple[SourceClaim, Source]


def spoken(text: str, cited: Sequence[Cited]) -> Iterator[Found]:
    """A finding for each one who is named as saying something and is no voice of the claims, or says something else."""
    for one in attributions(text):
        yield from _unknown(one, text, cited)
    for clause in clauses(text):
        yield from _exchanged(clause, text, cited)


def voices(cited: Cited) -> tuple[str, ...]:
    """Everyone whose word a claim is or through whom it came: in English, and as the German names the speaker."""
    one, source = cited
    claim = one.claim
    inside = [name for each in attributions(claim.text) for name in each.names]
    named = [claim.speaker, *claim.via, claim.relies_on, source.outlet, source.agency, source.author]
    german = [claim.speaker_de.text] if claim.speaker_de else []
    return tuple(name for name in (*named, *german, *inside) if name)


def _unknown(one: EnglishAttribution, text: str, cited: Sequence[Cited]) -> list[Found]:
    every = [voice for each in cited for voice in voices(each)]
    if any(meant(name, every) for name in one.names) or (every and all(is_generic(name) for name in one.names)):
        return []
    name = one.names[0]
    there = any(name.casefold() in c.claim.text.casefold() for c, _ in cited)
    there = there or any(names(name, e.text) for c, _ in cited for e in c.claim.evidence)
    code = "speaker.wrong" if there or every else "speaker.unknown"
    said = f"; they give {_listed(every)}" if every else ""
    message = f"The cited claims do not give this as the words of “{name}”{said}."
    return [flag(code, message, scope="note", en=_place(text, name))]


def meant(name: str, voices: Sequence[str]) -> bool:
    """Is one of `voices` (English, or German mentions) whom `name` means?

    A name is known by its last word, or by two thirds of its words that have capitals (Kiel University Hospital); an
    office or role by half of its words. "Plant manager Berg" is not plant manager Asmus.
    """
    own = telling(name)
    if not own:
        return True
    proper = own[-1][0].isupper()
    counted = [word for word in own if word[0].isupper()] if proper else list(own)
    enough = 2 / 3 if proper else 1 / 2
    for voice in voices:
        others = {key(word) for word in telling(voice)}
        if key(own[-1]) in others or sum(key(word) in others for word in counted) >= enough * len(counted):
            return True
        if not proper and others and key(telling(voice)[-1]) in map(key, own):
            return True
        if names(own[-1] if proper else name, voice):
            return True
    return False


def named(speaker: str, text: str) -> bool:
    """Does `text` name the speaker, by the last word that tells (mostly the family name)?"""
    last = telling(speaker)[-1:]
    return bool(last) and key(last[0]) in {key(word) for word in content(text)}


def _exchanged(clause: str, text: str, cited: Sequence[Cited]) -> Iterator[Found]:
    """The clause names one of the speakers and tells what only another one says."""
    inside = {c.claim.speaker for c, _ in cited if c.claim.speaker and named(c.claim.speaker, clause)}
    others = [each for each in cited if each[0].claim.speaker and each[0].claim.speaker not in inside]
    if len(inside) != 1 or not others:
        return
    (name,) = inside
    mine = [each for each in cited if each not in others]
    figures = _figures(clause, mine) - _figures(clause, cited)
    words = set(content(clause)) - set(content(" ".join(filter(None, (c.claim.speaker for c, _ in cited)))))
    by_mine = len(words & covered(clause, [c.claim.text for c, _ in mine]))
    best = max(others, key=lambda each: len(words & covered(clause, [each[0].claim.text])))[0].claim
    by_other = len(words & covered(clause, [best.text]))
    if figures or (words and by_other >= OTHERS * len(words) and by_mine <= (1 - OTHERS) * len(words)):
        what = f"“{sorted(figures)[0]}”" if figures else "this"
        message = f"The cited claims do not give {what} as the words of “{name}” but of “{best.speaker}”."
        yield flag("speaker.wrong", message, scope="note", en=_place(text, name))


def _figures(clause: str, cited: Sequence[Cited]) -> set[str]:
    """The figures of the clause that these claims do not have."""
    source = "\n".join(c.claim.text for c, _ in cited)
    found = compare(facts(source, "en"), facts(clause, "en"), "within")
    return {d.target.text for d in found if d.target and d.code.startswith("number.") and not d.weak}


def _listed(voices: Sequence[str]) -> str:
    return ", ".join(f"“{voice}”" for voice in list(dict.fromkeys(voices))[:3])


def _place(text: str, name: str) -> Span | None:
    start = text.find(name)
    return Span(start=start, end=start + len(name), text=name) if start >= 0 else None
