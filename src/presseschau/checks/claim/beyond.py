"""What a claim says beyond its evidence without a fact of its own: all for some, a cause, the other order of time.

Each is found only where the German of the evidence has no word at all that could account for it (`de/beyond.toml`).
"""

from __future__ import annotations

from collections.abc import Iterator

from presseschau.checks.bitext import Bitext
from presseschau.findings import Remark
from presseschau.lang import SOURCE, regex

CODE = "meaning.turned"
KINDS = {
    "all": "The claim says “{said}” of what the German does not say of all.",
    "cause": "The claim gives a cause (“{said}”), which the German does not.",
    "after": "The German says before; the claim says “{said}”.",
    "before": "The German says after; the claim says “{said}”.",
}


def beyond(pair: Bitext) -> Iterator[Remark]:
    """At most one remark for each kind, with the English words."""
    for kind, message in KINDS.items():
        said = regex("en", "beyond", kind).search(pair.en)
        if said and regex(SOURCE, "beyond", kind).search(pair.de) is None:
            yield Remark(CODE, None, said.span(), message.format(said=said.group()), "warning")
