"""What people decide on stored results: made, kept beside a result or in an archive, read back, and applied."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from presseschau.errors import InputError, misfit
from presseschau.library.schema import is_archive
from presseschau.storage.files import write_file

if TYPE_CHECKING:
    from presseschau.models import Analysis, Claim, TranslatedSentence
    from presseschau.pipeline.decisions import Corrections, Decision, Decisions, Kind, Verdict

    Item = TranslatedSentence | Claim


def review_path(result: str | Path) -> Path:
    """Where the decisions about a result lie: result.json -> result.review.json, so for any ending but an archive's,
    which holds its own."""
    if is_archive(Path(result)):
        return Path(result)
    return Path(str(result).removesuffix(".gz")).with_suffix(".review.json")


def read_decisions(result: str | Path) -> Decisions:
    """The decisions beside a result, or in an archive; none if there is no such file. Raises InputError for a file that
    is no review."""
    from presseschau.pipeline.decisions import SCHEMA, Decisions

    if is_archive(Path(result)):
        from presseschau.library import memory
        from presseschau.library.store import Archive

        if not Path(result).exists():
            return Decisions()
        with Archive(Path(result), reads=True) as archive:
            return memory.read_decisions(archive)
    path = review_path(result)
    try:
        found = Decisions.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Decisions()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    except ValidationError as error:
        raise InputError(f"{path} is not a review of presseschau ({misfit(error)}). Fix it or move it away.") from None
    if found.schema_version != SCHEMA:
        raise InputError(f"{path} has the schema {found.schema_version!r}; this version reads {SCHEMA!r}.")
    return found


def read_memory(archive: str | Path) -> Decisions:
    """What people decided about sentences in an archive, to be `Options.memory`. Raises InputError if there is none."""
    from presseschau.library import memory
    from presseschau.library.store import Archive
    from presseschau.pipeline.decisions import Decisions

    with Archive(Path(archive), reads=True) as opened:
        known = memory.read_decisions(opened).decisions
    return Decisions(decisions=tuple(one for one in known if one.kind == "sentence"))


def write_decisions(result: str | Path, decisions: Decisions) -> None:
    """Puts the decisions beside a result, or into an archive, in place of those that are there. Raises OutputError."""
    if is_archive(Path(result)):
        from presseschau.library import memory
        from presseschau.library.store import Archive

        with Archive(Path(result)) as archive:
            memory.write_decisions(archive, decisions)
        return
    write_file(review_path(result), decisions.model_dump_json(indent=1) + "\n")


def decide(
    about: TranslatedSentence | Claim,
    verdict: Verdict,
    english: str | None = None,
    *,
    corrections: Corrections | None = None,
    by: str | None = None,
) -> Decision:
    """What a person decides now about a sentence or a claim of a result; `Decisions.with_one` takes it up,
    `Decisions.without` takes it back.

    `english` is what stands from now on, None for what is rejected. `corrections` of a claim: its `speaker` (None: the
    article itself), `stance` and `when` (an ISO date, None: none). Raises ValueError for a stance or date that is none.
    """
    from presseschau.pipeline.decisions import Decision

    now = datetime.now(UTC)
    return Decision.on(about, verdict, english, corrections=corrections, by=by, at=now)


def standing(item: Item, decisions: Decisions) -> tuple[Item, Decision | None]:
    """A sentence or claim of a result, which is as the model wrote it, as it stands since a person decided, and that
    decision; as it is, and None, where nobody did. What was rejected is as the model wrote it."""
    known = subject(item)
    last = next((d for d in reversed(decisions.decisions) if (d.kind, d.german, d.was) == known), None)
    if last is None or last.english is None:
        return item, last
    made = {"status": "human", "decided": last.verdict, "decided_by": last.by, "decided_at": last.at}
    kept = last.claim or item
    return kept.model_copy(update={**made, "text" if last.claim else "en": last.english}), last


def subject(item: Item) -> tuple[Kind, str, str]:
    """By what a decision about the item is known: its kind, the German, and what the model wrote."""
    from presseschau.pipeline.decisions import Decision

    decision = Decision.on(item, "rejected")
    return decision.kind, decision.german, decision.was


def decide_again(
    item: Item, now: Item, english: str | None, *, corrections: Corrections | None = None, by: str | None = None
) -> Decision:
    """The decision that `english` stands for an item (None: nothing) that stands as `now`: accepted if it is what the
    model wrote, else edited. Raises ValueError as `decide` does."""
    from presseschau.models import Claim

    written = item.text if isinstance(item, Claim) else item.en or ""
    verdict: Verdict = "rejected" if english is None else "accepted" if english == written else "edited"
    decision = decide(now, verdict, english, corrections=corrections or None, by=by)
    return decision.model_copy(update={"was": written, "verdict": verdict})


def apply_decisions(analysis: Analysis, decisions: Decisions) -> Analysis:
    """The analysis as people want it: what they accepted or wrote has the status "human", what they rejected is gone.

    A decision is about the German, so it also holds for another run; where the German has changed it does not.
    """
    if not decisions.decisions:
        return analysis
    from presseschau.pipeline.decisions import decided

    return decided(analysis, decisions)
