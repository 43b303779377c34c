"""An Article for reading in a terminal."""

from __future__ import annotations

from presseschau.models import Article
from presseschau.output.inert import plain


def article_text(article: Article) -> str:
    """What is article, numbered; what was set aside, with the reason; what was repaired."""
    lines = [
        f"{name}: {plain(value)}"
        for name, value in (
            ("source", article.source),
            ("topic", article.topic),
            ("published", article.published),
            ("updated", article.updated),
            ("outlet", article.outlet),
            ("agency", article.agency),
            ("author", article.author),
            *((plain(name), value) for name, value in article.metadata.items()),
        )
        if value
    ]
    paragraph = None
    for sentence in article.sentences:
        if sentence.paragraph != paragraph:
            lines.append("")
            paragraph = sentence.paragraph
        role = "" if sentence.role == "body" else f" {sentence.role}"
        when = f" ({sentence.when})" if sentence.when else ""
        lines.append(f"[{sentence.n}]{role}{when} {plain(sentence.text)}")
    if article.kept:
        lines += ["", "Kept, not numbered:"]
        lines += [f"  {kept.role}: {_short(kept.text)}" for kept in article.kept]
    if article.dropped:
        lines += ["", "Set aside, not part of this article:"]
        lines += [f"  {dropped.reason}: {_short(dropped.text)}" for dropped in article.dropped]
    if article.repairs:
        lines += ["", "Repaired:"]
        for repair in article.repairs:
            codec = f" ({repair.codec})" if repair.codec else ""
            lines.append(f"  {repair.count} x {repair.kind}{codec}: {plain(', '.join(repair.examples[:3]))}")
    if article.findings:
        lines += ["", "Findings:"]
        lines += [f"  {finding.severity} {finding.code}: {plain(finding.message)}" for finding in article.findings]
    return "\n".join(lines)


def _short(text: str) -> str:
    one_line = plain(" ".join(text.split()))
    return one_line if len(one_line) <= 100 else one_line[:99] + "…"
