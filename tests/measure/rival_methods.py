"""Three other ways to have a model translate an article, written anew from the descriptions of programs that use them.

Each is a function from German sentences to English text. None has a schema or a check of the meaning.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence

Ask = Callable[[str], Awaitable[str]]

PLAIN = "Translate this German article into British English. Translate every sentence.\n\n"
CLAIMS = """List who says what in this German newspaper article, in English, one statement a line, in the form
SPEAKER: STATEMENT
For what the newspaper itself reports write PAPER as the speaker. Write nothing else.

"""

LINES = """Translate these {n} lines of a German newspaper article into British English. \
Answer with exactly {n} lines, each \
with the number of its line, a colon and its translation. Do not merge lines, do not leave one out, add nothing.
{before}
{lines}
"""
AGAIN = """There was a problem with your last answer: it had the lines {had}, but {n} lines were asked for \
({wanted}). Do it \
again, and keep every line apart.

"""
BATCH = 10

DRAFT = """You are a translator from German into British English. Translate the text below. Answer with the translation
alone, without explanations.

{german}
"""
REFLECT = """You are an editor of translations from German into British English. \
Read the German text and its translation, and
list what should be better: accuracy (additions, mistranslations, omissions, German left in), fluency, style, terms.
Write one suggestion a line, and nothing else.

GERMAN:
{german}

TRANSLATION:
{english}
"""
IMPROVE = """You are an editor of translations from German into British English. \
Here are a German text, its translation, and an
expert's suggestions. Answer with the improved translation alone.

GERMAN:
{german}

TRANSLATION:
{english}

SUGGESTIONS:
{suggestions}
"""


async def plain(ask: Ask, german: Sequence[str]) -> str:
    """One prompt with the whole article."""
    return await ask(PLAIN + "\n".join(german))


async def in_batches(ask: Ask, german: Sequence[str]) -> str:
    """Ten numbered lines at once; a batch whose answer has not exactly its lines is asked for once more, with what was
    wrong, and the answer with more of its lines stands (as llm-subtrans does with subtitles)."""
    english: list[str] = []
    for start in range(0, len(german), BATCH):
        numbered = dict(enumerate(german[start : start + BATCH], start + 1))
        before = f"\nWhat was translated before: {' '.join(english[-2:])}\n" if english else ""
        prompt = LINES.format(
            n=len(numbered), before=before, lines="\n".join(f"{n}: {text}" for n, text in numbered.items())
        )
        found = _lines(await ask(prompt), numbered)
        if len(found) < len(numbered):
            wanted, had = (", ".join(map(str, numbers)) for numbers in (numbered, found))
            again = _lines(
                await ask(AGAIN.format(had=had or "none", n=len(numbered), wanted=wanted) + prompt), numbered
            )
            found = max(found, again, key=len)
        english += [found[n] for n in numbered if n in found]
    return "\n".join(english)


def _lines(answer: str, numbered: dict[int, str]) -> dict[int, str]:
    found = re.findall(r"^\W*(\d+)\s*[:.)]\s*(\S.*)$", answer, re.MULTILINE)
    return {int(n): text.strip() for n, text in found if int(n) in numbered}


async def reflected(ask: Ask, german: Sequence[str]) -> str:
    """A draft, what an editor says of it, and the draft improved by that (as translation-agent does)."""
    text = "\n".join(german)
    english = await ask(DRAFT.format(german=text))
    suggestions = await ask(REFLECT.format(german=text, english=english))
    return await ask(IMPROVE.format(german=text, english=english, suggestions=suggestions))


async def claims(ask: Ask, german: Sequence[str]) -> list[tuple[str | None, str]]:
    """One plain prompt for who says what: (speaker, None for the paper; statement)."""
    found = []
    for line in (await ask(CLAIMS + "\n".join(german))).splitlines():
        speaker, colon, said = re.sub(r"^[\s\d.*)-]+", "", line).partition(":")
        if colon and said.strip() and len(speaker.split()) <= 8 and said.strip() != "STATEMENT":
            name = speaker.strip("* ")
            found.append((None if name.upper() == "PAPER" else name, said.strip("* ")))
    return found
