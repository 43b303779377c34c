"""translation: English asked for by sentence number, checked against the German, asked again where it failed.

Of several translations of one sentence that stands which, of those with the fewest findings, is most like the others,
since what a model is sure of it says each time. The first answer is the ordinary one, the same request as without
samples; the others are asked for at a temperature, at once where a server gives several answers to a prompt that it
reads once (`asking.Asker.samples`). Each is kept under a number of its own, so that more samples buy only what is new.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import partial

from pydantic import BaseModel, ConfigDict

from presseschau import checks
from presseschau.errors import AnswerError, PresseschauError, RefusedAnswer
from presseschau.facts.chrf import chrf
from presseschau.models import Article, Finding, Message, Request, Sentence, Status, TranslatedSentence
from presseschau.pipeline.answer_schema import STRING, fixed, record, row
from presseschau.pipeline.asking import Options, Work, echo, failure
from presseschau.pipeline.meanings import known_strangers, look_for_strangers
from presseschau.pipeline.numbered import Window, addressed_to_models, messages, number_list, shown

TEMPERATURE = 0.5
"""Of the others: tried with 0.5."""


def agreed(
    answers: Sequence[Mapping[int, str]], faults: Sequence[Mapping[int, tuple[int, int]]] = ()
) -> dict[int, str]:
    """For each number, of the texts with the fewest `faults` (errors, warnings; a mapping for each answer, or none) the
    one most like all others (chrF, both ways); of several the one of the earliest answer.

    Without faults a sentence that most answers have shifted would win (`tests/measure/consensus.py`).
    """
    rows: dict[int, list[tuple[tuple[int, int], str]]] = {}
    for answer, found in zip(answers, faults or [{}] * len(answers), strict=True):
        for n, text in answer.items():
            rows.setdefault(n, []).append((found.get(n, (0, 0)), text))
    return {n: _likest(rows[n]) for n in sorted(rows)}


def agreement(text: str, others: Sequence[str]) -> float | None:
    """How like a text is to others of the same, 0 to 100; None if there are none."""
    return sum(chrf(text, other) + chrf(other, text) for other in others) / (2 * len(others)) if others else None


def _likest(rows: Sequence[tuple[tuple[int, int], str]]) -> str:
    texts, least = [text for _, text in rows], min(faults for faults, _ in rows)

    def likeness(i: int) -> float:
        return sum(chrf(texts[i], other) + chrf(other, texts[i]) for j, other in enumerate(texts) if j != i)

    sound = [i for i, (faults, _) in enumerate(rows) if faults == least]
    return texts[max(sound, key=lambda i: (round(likeness(i), 6), -i))]


ANSWER_TOKENS_PER_CHARACTER = 0.45
"""English tokens for a German character, with room to spare (measured 0.22 to 0.30 with Qwen and o200k)."""


class NumberedEnglish(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    n: int
    en: str


class TranslationAnswer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    sentences: list[NumberedEnglish]


def request(
    window: Window, wanted: Collection[int], options: Options, notes: Mapping[int, str]
) -> Request[TranslationAnswer]:
    """What to ask for the `wanted` sentences of a window. `notes` says per sentence what was wrong the last time."""
    own = [s for s in window.own if s.n in wanted]
    numbers = tuple(s.n for s in own)
    task = options.prompts.render(
        "translate/task",
        numbers=number_list(numbers),
        first=numbers[0],
        english=options.english,
        notes=notes_text(numbers, notes, options),
    )
    return Request(
        task="translate",
        messages=messages(options.prompts, window, task),
        answer=TranslationAnswer,
        tight=record(sentences=row([record(n=fixed(n), en=STRING) for n in numbers])),
        max_tokens=tokens(own),
        probabilities=options.risk is not None,
    )


def notes_text(numbers: Collection[int], notes: Mapping[int, str], options: Options) -> str:
    """The notes on these sentences in the words of the prompt, or nothing."""
    prompts = options.prompts
    said = "\n".join(prompts.render("translate/note", n=n, reason=notes[n]) for n in numbers if n in notes)
    return prompts.render("translate/notes", notes=said) if said else ""


def tokens(own: Sequence[Sentence]) -> int:
    """How many tokens the English of these sentences may take."""
    return 100 + 20 * len(own) + round(sum(len(s.text) for s in own) * ANSWER_TOKENS_PER_CHARACTER)


def english_of(answer: TranslationAnswer, wanted: Collection[int]) -> dict[int, str]:
    """Sentence number -> English, for the wanted numbers that were answered once and not with white space."""
    times = Counter(s.n for s in answer.sentences)
    return {s.n: " ".join(s.en.split()) for s in answer.sentences if s.n in wanted and times[s.n] == 1 and s.en.strip()}


def in_view(work: Work, window: Window, known: Mapping[int, str]) -> tuple[Message, ...]:
    """The conversation in which the model has just translated this window as `known` says; none if it has not.

    What follows it reads the English too. A server that caches prefixes need not read any of it again where `known`
    is what it answered, hence the same request, and JSON without spaces, as the embedded engine writes it.
    """
    if not known:
        return ()
    rows = [{"n": n, "en": shown(known[n])} for n in window.numbers if n in known]
    said = json.dumps({"sentences": rows}, ensure_ascii=False, separators=(",", ":"))
    asked = request(window, window.numbers, work.options, {})
    return (*asked.messages, Message(role="assistant", content=said))


async def translation(work: Work) -> tuple[TranslatedSentence, ...]:
    """A row for every sentence, in order; one that is still missing has a finding. Raises the failure if none came."""
    earlier = {s.n: work.options.earlier[s.text] for s in work.article.sentences if s.text in work.options.earlier}
    english, errors = await translated(work, earlier)
    if not english and errors and isinstance(errors[0], RefusedAnswer):
        raise errors[0]  # asking again does not help
    await look_for_strangers(work, rows(work.article, english))
    findings = check(work, english)
    repaired: set[int] = set()
    for _ in range(work.options.rounds):
        failing = [n for n, found in findings.items() if n not in earlier and any(f.severity != "info" for f in found)]
        if not failing or not all(isinstance(error, AnswerError) for error in errors):
            break
        by_number = {s.n: s for s in work.article.sentences}
        notes = {n: work.note(findings[n], by_number[n].text, english[n]) for n in failing if n in english}
        known = {n: en for n, en in english.items() if n not in failing}
        # What came back cut or broken is asked for in smaller pieces; a small model that copied or lost itself, too.
        half = -(-max(len(window.numbers) for window in work.windows) // 2) if errors else None
        again, errors = await translated(work, known, notes, most=work.manner.piece or half)
        await look_for_strangers(work, rows(work.article, english | again))
        after = check(work, english | again)
        kept = {n for n in failing if n in again and checks.better(after[n], findings[n])}
        if not kept:
            break
        repaired |= kept
        english |= {n: again[n] for n in kept}
        findings = check(work, english)
    if not english and errors:
        raise errors[0]
    missing = [s.n for s in work.article.sentences if s.n not in english]
    if missing and errors:
        work.failures.append(failure("translation", errors[-1], missing))
    work.repairs += len(repaired)
    findings |= {n: (*findings[n], echo("translation", n)) for n in missing if n in work.echoed["translation"]}
    return tuple(_row(s, english.get(s.n), findings[s.n], s.n in repaired) for s in work.article.sentences)


async def translated(
    work: Work, known: Mapping[int, str], notes: Mapping[int, str] | None = None, most: int | None = None
) -> tuple[dict[int, str], list[PresseschauError]]:
    """`known` plus English for every number that is not in it, as far as the model gave it, and the failures.

    English with words of the instructions counts as not given (`work.echoed`). `most` sentences are asked for in one
    request; None asks for a window's at once.
    First pass, windows of a long article, repair and human edits are all this call.
    """
    english = dict(known)
    german = {s.n: s.text for s in work.article.sentences}
    errors: list[PresseschauError] = []
    asked = []
    apart = addressed_to_models(work.article) if work.manner.apart else frozenset()
    for window in work.windows:
        missing = [n for n in window.numbers if n not in known]
        for wanted in ([n for n in missing if n not in apart], [n for n in missing if n in apart]):
            size = most or max(1, len(wanted))
            asked += [
                partial(_asked, work, window, wanted[start : start + size], notes or {})
                for start in range(0, len(wanted), size)
            ]
    for outcome in await work.every(asked):
        if isinstance(outcome, PresseschauError):
            errors.append(outcome)
        else:
            echoed = {n for n, en in outcome.items() if work.options.echoed(en, german[n])}
            work.echoed["translation"] |= echoed
            for n, en in outcome.items():
                if n not in echoed:
                    english[n] = checks.respelled(en, german[n])
                    work.heard_of(en, english[n])
    return english, errors


async def _asked(work: Work, window: Window, wanted: Sequence[int], notes: Mapping[int, str]) -> dict[int, str]:
    asked = (work.manner.request or request)(window, wanted, work.options, notes)
    if work.options.samples == 1:
        return english_of(await work.ask(asked), wanted)

    answers = [english_of(one, wanted) for one in await work.samples(asked, work.options.samples, TEMPERATURE)]
    german = {s.n: s.text for s in window.own}
    sound = [{n: en for n, en in answer.items() if not work.options.echoed(en, german[n])} for answer in answers]
    faults = []
    for answer in sound:
        pairs = [(s, answer.get(s.n)) for s in window.own if s.n in wanted]
        found = checks.check_translation(pairs, work.options.glossary)
        faults.append({n: checks.badness(findings) for n, findings in found.items()})
    work.notes.add(
        f"Of {work.options.samples} translations of each sentence the one with the fewest findings stands, and of "
        "several such the one most like the others."
    )
    chosen = answers[0] | agreed(sound, faults)
    for n, en in chosen.items():
        said = [answer[n] for answer in sound if n in answer]
        likeness = agreement(en, said[: said.index(en)] + said[said.index(en) + 1 :]) if en in said else None
        if likeness is not None:
            work.agreed[en] = likeness
    return chosen


def check(work: Work, english: Mapping[int, str]) -> dict[int, tuple[Finding, ...]]:
    """Findings by sentence number, `()` for a sentence without."""
    pairs = rows(work.article, english)
    return checks.check_translation(pairs, work.options.glossary, known_strangers(work, pairs))


def rows(article: Article, english: Mapping[int, str]) -> list[tuple[Sentence, str | None]]:
    return [(s, english.get(s.n)) for s in article.sentences]


def flawed(work: Work, english: Mapping[int, str]) -> dict[int, tuple[Finding, ...]]:
    """Sentence number -> the errors of its English in `english`, for the sentences that have one.

    Nothing else may rest on these. Errors of leaving out do not count: who repeats such a sentence says less, and
    nothing wrong.
    """
    if not english:
        return {}
    found = check(work, english)
    errors = {n: tuple(f for f in findings if _wrong(f)) for n, findings in found.items() if n in english}
    return {n: findings for n, findings in errors.items() if findings}


def _wrong(finding: Finding) -> bool:
    left_out = finding.code.endswith(".missing") or finding.code == "content.omitted"
    return finding.severity == "error" and not left_out


def _row(sentence: Sentence, en: str | None, findings: tuple[Finding, ...], repaired: bool) -> TranslatedSentence:
    status: Status = "repaired" if repaired else "ok"
    if any(f.severity != "info" for f in findings):
        status = "flagged" if en else "missing"
    return TranslatedSentence(
        n=sentence.n,
        role=sentence.role,
        de=sentence.text,
        en=en,
        start=sentence.start,
        end=sentence.end,
        status=status,
        findings=findings,
    )
