"""The chain that words came through: who passed them on, and whose word the speaker relies on.

"..., sagte Jussupow laut der Agentur Silkpress - und berief sich auf ein Schreiben Rachmatows": Jussupow speaks,
Silkpress passes it on, Rachmatow is whom he relies on.
"""

from __future__ import annotations

from presseschau.facts.speech.german import attributions, whole_name
from presseschau.lang import SOURCE, regex, rules


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
