"""The way back: how likely the German is, given its English and nothing else. English that says something else does not
lead back to it.

The model is asked to translate the English into German, and may write nothing but the German that is there: what it
says of each token's probability is what is wanted: above all of the nouns, since one that was rendered wrongly does not
come back. One request a sentence, about as many tokens as the translation.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from pydantic import BaseModel, ConfigDict

from presseschau.errors import AnswerError, ConfigurationError, PresseschauError
from presseschau.models import Article, Message, Request, Sureness, TranslatedSentence
from presseschau.patterns import late
from presseschau.pipeline.answer_schema import exactly, record
from presseschau.pipeline.asking import Engine, Options, Work, failure
from presseschau.pipeline.numbered import shown

_TOKENS_PER_CHARACTER = 0.6
_LONGEST = 1_000
"""German characters; a longer sentence has no way back."""
_QUOTED = late(r'"([^"]*)"')


class GermanAnswer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    de: str


def check_way_back(engine: Engine) -> None:
    """Raises ConfigurationError for an engine that does not say how likely its words are."""
    if not engine.info.probabilities:
        raise ConfigurationError(
            f"--risk deep needs to know how likely {engine.info.model} finds each word, which it does not say there: "
            "the embedded model, llama.cpp's server and vLLM do, asked one by one. Use --risk plain."
        )


async def ways_back(work: Work, rows: Sequence[TranslatedSentence]) -> dict[int, Sureness]:
    """How likely the German is by sentence number. An endpoint or a budget that ends is a failure of
    the article; the translation stands. Raises ConfigurationError if nothing says any."""
    wanted = [row for row in rows if row.en and len(row.de) <= _LONGEST]
    outcomes = await work.every([partial(_back, work, row) for row in wanted])
    ended = [one for one in outcomes if isinstance(one, PresseschauError) and not isinstance(one, AnswerError)]
    work.failures += [failure("translation", error) for error in ended[:1]]
    return {row.n: value for row, value in zip(wanted, outcomes, strict=False) if isinstance(value, Sureness)}


async def _back(work: Work, row: TranslatedSentence) -> Sureness | None:
    asked = request(row.de, row.en or "", work.options)
    answer = await work.engine.ask(asked)
    work.usage += answer.usage
    if asked.forced in answer.sure:
        return answer.sure[asked.forced]
    if not (answer.sure or answer.cached):
        raise ConfigurationError(
            f"The server of {work.engine.info.model} gives no probabilities, which --risk deep needs. Use --risk plain."
        )
    return None


def request(german: str, english: str, options: Options) -> Request[GermanAnswer]:
    """What to ask: this German is the only answer there may be, as `forcible` has it."""
    german = forcible(german)
    return Request(
        task="way back",
        messages=(Message(role="user", content=options.prompts.render("risk/back", english=shown(english))),),
        answer=GermanAnswer,
        tight=record(de=exactly(german)),
        max_tokens=50 + round(len(german) * _TOKENS_PER_CHARACTER),
        probabilities=True,
        forced=german,
    )


def forcible(german: str) -> str:
    """The German on one line without what JSON escapes: „ “ for plain marks of quotation. Where it must write an
    escape, llama.cpp's grammar may end the text at any word (seen with '"Man hat uns eine Baugrube gezeigt"')."""
    return _QUOTED.sub(r"„\1“", shown(german)).replace('"', "“").replace("\\", "/")


def expected(article: Article, options: Options) -> list[Request[GermanAnswer]]:
    """The requests to come: the German stands in for its English."""
    return [request(s.text, s.text, options) for s in article.sentences if len(s.text) <= _LONGEST]
