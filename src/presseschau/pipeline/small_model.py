"""All that a model needs that is too small for instructions and JSON, and only translates.

It is asked for translations in few words and short windows, and answers in numbered lines (`llm/local/grammar.py`; it
would write a quotation mark that ends a JSON string). Its claims and its summary are the checked translations of
telling sentences, since it copied or spoilt them when it was asked ("kills 14" where 14 were injured); speaker, chain
and stance are read from the German by code. `analysis.py` puts these three in the place of the ordinary ones.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from presseschau import checks
from presseschau.findings import flag
from presseschau.models import (
    EVIDENCE_ROLES,
    READ_FIRST,
    Claim,
    Evidence,
    Finding,
    Message,
    Point,
    Request,
    Sentence,
    Summary,
)
from presseschau.pipeline.answer_schema import STRING, fixed, record, row
from presseschau.pipeline.asking import Manner, Options, Work
from presseschau.pipeline.claims import MOST_CLAIMS, checked
from presseschau.pipeline.numbered import Window, addressed_to_models, numbered
from presseschau.pipeline.summary import SummaryPart, check, part_findings
from presseschau.pipeline.translation import TranslationAnswer, flawed, notes_text, tokens

MOST_ENGLISH_PER_GERMAN = 2
"""Characters of English for one of German that an answer in lines may have; measured on news: 0.8 to 1.3."""


USUAL = "translate/lines"


def request(
    window: Window, wanted: Collection[int], options: Options, notes: Mapping[int, str], form: str = USUAL
) -> Request[TranslationAnswer]:
    """What to ask for the `wanted` sentences of a window, worded as the prompt `form`; one that a model has for itself
    is all that it is told.

    It is told no terms: told any, it puts them into the German and leaves the rest as it is
    (`tests/measure/translation_quality.py`). Code respells names, and repair names what is still wrong.
    """
    own = [s for s in window.own if s.n in wanted]
    said = notes_text([s.n for s in own], notes, options)
    task = options.prompts.render(form, english=options.english, notes=said and said + "\n\n", sentences=numbered(own))
    system = [Message(role="system", content=options.prompts.render("shared/system"))] if form == USUAL else []
    rows = [record(n=fixed(s.n), en={**STRING, "maxLength": MOST_ENGLISH_PER_GERMAN * len(s.text) + 40}) for s in own]
    return Request(
        task="translate",
        messages=(*system, Message(role="user", content=task)),
        answer=TranslationAnswer,
        tight=record(sentences=row(rows)),
        max_tokens=tokens(own),
        probabilities=options.risk is not None,
    )


def manner(form: str) -> Manner:
    """How such a model is asked, in the prompt `form` ("": the usual one).

    Windows of about 25 sentences, for it loses itself in more. Four in a repair: enough to follow an "er" or a
    quotation. It is not shown in one request what an article says to models and what it says to readers.
    """
    return Manner(window=3_000, piece=4, apart=True, request=partial(request, form=form or USUAL))


async def claims(work: Work, known: Mapping[int, str]) -> tuple[Claim, ...]:
    """The telling sentences in English as claims; speaker, chain and stance are read from the German by code.

    One whose translation says what the German does not is not supported.
    """
    article = work.article
    errors = flawed(work, known)
    told = {*checks.telling(article.sentences, MOST_CLAIMS), *checks.must_cite(article)}
    told -= addressed_to_models(article)
    sentences = [s for s in article.sentences if s.n in told and s.n in known]
    return tuple(
        _marked(checked(article, _plain(s, known[s.n], i)), errors.get(s.n, ())) for i, s in enumerate(sentences, 1)
    )


def _plain(s: Sentence, english: str, i: int) -> Claim:
    return Claim(id=f"c{i}", text=english, sentences=(s.n,), evidence=(Evidence.of(s),))


def _marked(claim: Claim, errors: Sequence[Finding]) -> Claim:
    """The claim with the errors of the translation that it repeats, where its own check has not found them."""
    new = [f.model_copy(update={"claim": claim.id, "part": "claims"}) for f in errors]
    new = [f for f in new if f.code not in {own.code for own in claim.findings}]
    if not errors:
        return claim
    return claim.model_copy(update={"findings": (*claim.findings, *new), "supported": False, "status": "flagged"})


async def summary(work: Work, known: Mapping[int, str]) -> tuple[Summary, tuple[Finding, ...]] | None:
    """The summary and its findings; None for an article without a sentence that may be cited."""
    barred = addressed_to_models(work.article)
    if not any(s.role in EVIDENCE_ROLES and s.n not in barred for s in work.article.sentences):
        return None
    made = _selected(work, known)
    unfit = () if made.bottom_line else (flag("summary.unfit").stamped(part="summary"),)
    return made, (*unfit, *check(work.article, made))


def _trusted(work: Work, s: Sentence, english: str) -> bool:
    """Is it more likely right than wrong?"""
    usual = work.engine.info.demonstration
    return (work.risks.get(s.n) or checks.risk(s.text, english, (), demonstration=usual)).value < READ_FIRST


def _selected(work: Work, known: Mapping[int, str]) -> Summary:
    """The first sound translated sentence as bottom line, and the most telling one of each stretch of the rest; nothing
    if there is none.

    Sound: its translation has no error, neither as one nor as a point that cites this sentence, it can stand alone, and
    it is more likely right than wrong.
    """
    article, wrong = work.article, frozenset(flawed(work, known))
    barred = addressed_to_models(article) | wrong
    sound = [
        s
        for s in article.sentences
        if s.role in EVIDENCE_ROLES
        and s.n in known
        and s.n not in barred
        and checks.stands_alone(known[s.n])
        and not checks.badness(part_findings(article, SummaryPart("point", known[s.n], (s.n,))))[0]
        and _trusted(work, s, known[s.n])
    ]
    titles = (known[s.n] for s in article.sentences if s.role == "headline" and s.n in known and s.n not in wrong)
    fitting = (t for t in titles if not checks.badness(part_findings(article, SummaryPart("headline", t, ())))[0])
    if not sound:
        return Summary(headline=next(fitting, ""), bottom_line=None, points=(), unknown=checks.not_known(article))
    first, *rest = sound
    count = min(work.options.points, len(rest))
    stretches = [rest[i * len(rest) // count : (i + 1) * len(rest) // count] for i in range(count)]
    chosen = [n for stretch in stretches for n in checks.telling(stretch, 1)]
    return Summary(
        headline=next(fitting, known[first.n]),
        bottom_line=known[first.n],
        bottom_line_sentences=(first.n,),
        points=tuple(Point(text=known[n], sentences=(n,)) for n in chosen),
        unknown=checks.not_known(article),
    )
