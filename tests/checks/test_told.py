"""Which cited sentence a claim tells, and its time from there; the paper's own reports are nobody's words."""

from __future__ import annotations

from presseschau.checks import check_claim
from presseschau.checks.claim.grounding import grounded
from presseschau.ingest import read_article
from presseschau.models import Claim, Evidence

ARTICLE = read_article(
    "Werft streicht Stellen\n\n"
    "Geschäftsführer Jan Holm will die Beschäftigten am 17. März treffen. "
    "Am Dienstag hatte er angekündigt, bis zum 30. Juni 420 Stellen zu streichen. "
    "Im Artikel vom 3. März schrieben wir, Jan Holm habe die Werft verkauft.",
    source="t",
)


def test_the_time_is_that_of_the_sentence_told() -> None:
    cited = ARTICLE.sentences[1:3]
    evidence = tuple(Evidence(n=s.n, start=s.start, end=s.end, text=s.text) for s in cited)
    text = "On Tuesday Jan Holm had announced that 420 jobs would be cut by 30 June."
    found = grounded(Claim(id="c1", text=text, sentences=tuple(s.n for s in cited), evidence=evidence), ARTICLE)
    assert found.when is not None
    assert found.when.text == "Am Dienstag"


def test_what_the_paper_printed_is_no_persons_word() -> None:
    (printed,) = [s for s in ARTICLE.sentences if s.text.startswith("Im Artikel")]
    found = check_claim("Jan Holm said he had sold the shipyard.", [printed], ARTICLE, "Jan Holm")
    assert "speaker.wrong" in [item.code for item in found]
