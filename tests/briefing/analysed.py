"""The 18 articles of fixtures/briefing as a good model would have them analysed, grounded and checked as in a run."""

import json
from functools import lru_cache
from pathlib import Path

import presseschau
from presseschau.models import Analysis, Claim, Evidence, Point, Provenance, Summary, TranslatedSentence, Usage
from presseschau.pipeline.claims import checked

FIXTURES = Path(__file__).parent.parent.parent / "fixtures" / "briefing"
EXPECTED = json.loads((FIXTURES / "expected.json").read_text("utf-8"))
NOTHING = Provenance(model="scripted", engine="", prompts="", usage=Usage(), repairs=0, versions={}, notice="")


def stem(analysis):
    return Path(analysis.article.source).stem


@lru_cache(maxsize=1)
def analysed():
    """In the order of their file names."""
    return tuple(_analysis(path) for path in sorted(FIXTURES.glob("*.txt")))


def _analysis(path):
    article = presseschau.read(str(path))
    answers = json.loads((FIXTURES / "answers" / f"{path.stem}.json").read_text("utf-8"))
    return Analysis(
        article=article,
        translation=tuple(
            TranslatedSentence(
                n=s.n,
                role=s.role,
                de=s.text,
                en=answers["translation"][str(s.n)],
                start=s.start,
                end=s.end,
                status="ok",
            )
            for s in article.sentences
        ),
        summary=_summary(answers["summary"]),
        claims=tuple(claim(article, i, **row) for i, row in enumerate(answers["claims"], 1)),
        provenance=NOTHING,
    )


def _summary(answer):
    return Summary(
        headline=answer["headline"],
        bottom_line=answer["bottom_line"]["text"],
        bottom_line_sentences=tuple(answer["bottom_line"]["sentences"]),
        points=tuple(Point(text=p["text"], sentences=tuple(p["sentences"])) for p in answer["points"]),
    )


def claim(article, i, text, sentences, speaker=None, via=(), stance="asserted"):
    evidence = tuple(
        Evidence(n=s.n, start=s.start, end=s.end, text=s.text) for s in article.sentences if s.n in sentences
    )
    made = Claim(
        id=f"c{i}", text=text, sentences=tuple(sentences), evidence=evidence, speaker=speaker, via=via, stance=stance
    )
    return checked(article, made)
