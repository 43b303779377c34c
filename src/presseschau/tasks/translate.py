"""translate: English by sentence number."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping

from pydantic import BaseModel, ConfigDict

from presseschau.models import Lines, Message, Request
from presseschau.tasks.numbered import Window, messages, number_list, numbered, shown
from presseschau.tasks.prompt import Prompts
from presseschau.tasks.schema import STRING, fixed, record, row

ANSWER_TOKENS_PER_CHARACTER = 0.45
"""English tokens for a German character, with room to spare (measured 0.22 to 0.30 with Qwen and o200k)."""


MOST_ENGLISH_PER_GERMAN = 2
"""Characters of English for one of German that an answer in lines may have; measured on news: 0.8 to 1.3."""


class NumberedEnglish(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    n: int
    en: str


class TranslationAnswer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    sentences: list[NumberedEnglish]


def request(
    window: Window,
    wanted: Collection[int],
    prompts: Prompts,
    *,
    english: str,
    notes: Mapping[int, str],
    lines: bool = False,
) -> Request[TranslationAnswer]:
    """What to ask for the `wanted` sentences of a window. `notes` says per sentence what was wrong the last time.

    `lines`: in few words, to be answered in lines, for a model too small for instructions and JSON
    (`tests/measure/translation_quality.py`). It is told no terms: told any, it puts them into the German and leaves
    the rest as it is. Code respells names, and repair names what is still wrong.
    """
    own = [s for s in window.own if s.n in wanted]
    numbers = tuple(s.n for s in own)
    most = tuple(MOST_ENGLISH_PER_GERMAN * len(s.text) + 40 for s in own)
    told = "\n".join(prompts.render("translate/note", n=n, reason=notes[n]) for n in numbers if n in notes)
    told = prompts.render("translate/notes", notes=told) if told else ""
    asked: tuple[Message, ...]
    if lines:
        asked = (
            Message(role="system", content=prompts.render("shared/system")),
            Message(
                role="user",
                content=prompts.render(
                    "translate/lines",
                    english=english,
                    notes=told and told + "\n\n",
                    sentences=numbered(own),
                ),
            ),
        )
    else:
        task = prompts.render(
            "translate/task", numbers=number_list(numbers), first=numbers[0], english=english, notes=told
        )
        asked = messages(prompts, window, task)
    return Request(
        task="translate",
        messages=asked,
        answer=TranslationAnswer,
        tight=record(sentences=row([record(n=fixed(n), en=STRING) for n in numbers])),
        lines=Lines(numbers, most, rows="sentences", number="n", text="en") if lines else None,
        max_tokens=100 + 20 * len(numbers) + round(sum(len(s.text) for s in own) * ANSWER_TOKENS_PER_CHARACTER),
    )


def english(answer: TranslationAnswer, wanted: Collection[int]) -> dict[int, str]:
    """Sentence number -> English, for the wanted numbers that were answered once and not with white space."""
    times = Counter(s.n for s in answer.sentences)
    return {s.n: " ".join(s.en.split()) for s in answer.sentences if s.n in wanted and times[s.n] == 1 and s.en.strip()}


def in_view(
    window: Window, known: Mapping[int, str], prompts: Prompts, *, english: str, lines: bool = False
) -> tuple[Message, ...]:
    """The conversation in which the model has just translated this window as `known` says.

    What follows it reads the English too. A server that caches prefixes need not read any of it again where `known`
    is what it answered, hence the same request, and lines or JSON without spaces, as the embedded engine writes it.
    """
    answered = {n: shown(known[n]) for n in window.numbers if n in known}
    if lines:
        said = "\n".join(f"[{n}] {en}" for n, en in answered.items())
    else:
        rows = [{"n": n, "en": en} for n, en in answered.items()]
        said = json.dumps({"sentences": rows}, ensure_ascii=False, separators=(",", ":"))
    asked = request(window, window.numbers, prompts, english=english, notes={}, lines=lines)
    return (*asked.messages, Message(role="assistant", content=said))
