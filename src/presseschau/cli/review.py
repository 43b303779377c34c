"""`review`: a person accepts, edits, corrects or rejects what a stored result says, sentence by sentence and claim by
claim."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from presseschau.cli.options import OneArticle

if TYPE_CHECKING:
    from presseschau.library.memory import Offer
    from presseschau.models import Analysis, Claim, Finding, TranslatedSentence
    from presseschau.pipeline.decisions import Corrections, Decision, Decisions

    Item = TranslatedSentence | Claim

_QUESTION = "accept, edit, reject, skip, back, undo or quit? [a/e/r/s/b/u/q] "
_QUESTION_CLAIM = "accept, edit, correct, reject, skip, back, undo or quit? [a/e/c/r/s/b/u/q] "
_LETTERS = frozenset("aecro")
"""What decides, beside what moves."""
_ITSELF = "-"
T = TypeVar("T")


def review(
    result: Annotated[Path, typer.Argument(help="What `article --json` or `batch` wrote.", show_default=False)],
    every: Annotated[bool, typer.Option("--all", help="Every sentence, not only those with a finding.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also what was decided before.")] = False,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="NAME", envvar="PRESSESCHAU_REVIEWER", help="Who decides: kept and shown."),
    ] = None,
    editor: Annotated[bool, typer.Option("--editor", help="Edit in $VISUAL or $EDITOR, not in the prompt.")] = False,
    article: OneArticle = None,
) -> None:
    """Accept, edit or reject sentences and claims, and correct speaker, stance and time of claims.

    Decisions lie beside the result, with who made them (--by, else your login name) and when, and win on every later
    run; those in an archive (.db) also wherever the same German comes again, and o takes what is offered for like
    German. An edit begins with the text that stands; b goes back to the item before, u takes the last decision back.
    """
    from presseschau.errors import InputError
    from presseschau.results import read_decisions, read_results, review_path

    if str(result) == "-":
        raise InputError("A review needs a file, so that its decisions can lie beside it. Save the result first.")
    chosen = read_results(result, article=article)
    session = _Session(result, read_decisions(result), by or login(), editor)
    session.ask(_items(chosen, session.decisions, every=every, again=again))
    kept = session.decisions.decisions
    where = f" They are in {review_path(result)}." if kept else ""
    made = len(session.made)
    print(f"{made} decision{'s' * (made != 1)}, {len(kept)} in all.{where}", file=sys.stderr)


def login() -> str | None:
    """The login name; None where there is none, as in a container with a user without a name."""
    from getpass import getuser

    try:
        return getuser()
    except (KeyError, OSError):
        return None


def _items(chosen: Iterable[Analysis], before: Decisions, *, every: bool, again: bool) -> Iterator[Item]:
    """What is to be decided, one article after the other, as the models wrote it."""
    from presseschau.reviews import subject

    done = {(d.kind, d.german, d.was) for d in before.decisions}
    for analysis in chosen:
        rows = [
            row
            for row in analysis.translation or ()
            if every or row.status == "missing" or any(f.severity != "info" for f in row.findings)
        ]
        found: list[Item] = [*rows, *(analysis.claims or ())]
        yield from (item for item in found if again or subject(item) not in done)


class _Session:
    """What a person decides from beginning to end; each decision is on the disk before the next item is shown."""

    def __init__(self, result: Path, decisions: Decisions, by: str | None, editor: bool) -> None:
        self.decisions = decisions
        self.made: list[tuple[int, Decisions]] = []
        """The decisions of this session: the item's place, and all decisions as they were before."""
        self._result, self._by, self._editor = result, by, editor

    def ask(self, items: Iterator[Item]) -> None:
        """Asks about one item after the other, back and forth, until the person stops or there are no more."""
        seen: list[Item] = []
        at = 0
        while True:
            if at == len(seen):
                if (new := next(items, None)) is None:
                    return
                seen.append(new)
            step = self._decided(seen[at], at)
            if step is None:
                return
            at = max(0, step)

    def _decided(self, item: Item, at: int) -> int | None:
        """The place of the item to go on with once the person has said something about this one; None to stop."""
        from presseschau.cli.terminal import tell

        now, said = self._present(item)
        tell("\n" + "\n".join((*_lines(now), *said)))
        while True:
            choice = (_line(_QUESTION_CLAIM if _is_claim(item) else _QUESTION) or "q").strip().lower()[:1]
            if choice == "q":
                return None
            if choice == "s":
                return at + 1
            if choice == "b":
                if not at:
                    tell("This is the first.")
                return at - 1
            if choice == "u" and self.made:
                place, before = self.made.pop()
                self._keep(before)
                tell("The last decision is taken back.")
                return place
            if choice == "u":
                tell("Nothing was decided since you began. --again shows what was decided before.")
            elif decision := self._decision(choice, item, now):
                self.made.append((at, self.decisions))
                self._keep(self.decisions.with_one(decision))
                if choice == "c":
                    tell(f"The claim is {decision.verdict} with this; u takes it back.")
                return at + 1
            elif choice not in _LETTERS:
                tell("Answer with one of the letters in brackets.")

    def _keep(self, decisions: Decisions) -> None:
        """Writes what is otherwise than before: what others decided since this session began stays."""
        from presseschau.archives import forget, remember
        from presseschau.library.schema import is_archive
        from presseschau.results import read_decisions, write_decisions

        before, now = ({(d.kind, d.german, d.was): d for d in one.decisions} for one in (self.decisions, decisions))
        gone = [decision for key, decision in before.items() if key not in now]
        made = [decision for key, decision in now.items() if before.get(key) != decision]
        if is_archive(self._result):
            forget(self._result, gone)
            remember(self._result, made)
        else:
            there = read_decisions(self._result)
            for decision in gone:
                there = there.without(decision)
            for decision in made:
                there = there.with_one(decision)
            write_decisions(self._result, there)
        self.decisions = decisions

    def _present(self, item: Item) -> tuple[Item, list[str]]:
        """The item as it stands, as a person decided where one did, and what is to be said of that."""
        from presseschau.output.wording import decided_by
        from presseschau.reviews import standing

        now, last = standing(item, self.decisions)
        if last is None:
            return item, [f"  Offered ({one.likeness:.0f} %): {one.english}" for one in self._offers(item)]
        made = {"status": "human", "decided": last.verdict, "decided_by": last.by, "decided_at": last.at}
        return now, [f"  Decided: {decided_by(now.model_copy(update=made))}"]

    def _offers(self, item: Item) -> list[Offer]:
        """What people wrote for German like this, as far as an archive remembers it."""
        from presseschau.archives import offers
        from presseschau.library.schema import is_archive
        from presseschau.models import Claim

        return offers(self._result, item.de) if not isinstance(item, Claim) and is_archive(self._result) else []

    def _decision(self, choice: str, item: Item, now: Item) -> Decision | None:
        """What the person chose; None if that was nothing, and is asked again."""
        from presseschau.reviews import decide_again

        stands = _english(now)
        corrections: Corrections = {}
        if choice == "r":
            text = None
        elif choice == "a" or (choice == "c" and _is_claim(item)):
            text = stands
            corrections = _corrections(now) if choice == "c" else {}
        elif choice == "o" and (offered := self._offers(item)):
            text = offered[0].english
        elif choice == "e":
            text = " ".join((self._edited(stands) or "").split())
        else:
            return None
        if text == "" or (choice == "c" and not corrections):
            return None
        return decide_again(item, now, text, corrections=corrections, by=self._by)

    def _edited(self, text: str) -> str | None:
        if not self._editor:
            return _line("English: ", text)
        import click

        return click.edit(text) or text


def _corrections(claim: Item) -> Corrections:
    """What of the claim the person says otherwise; what is left as it stands is not in it."""
    from typing import get_args

    from presseschau.cli.terminal import tell
    from presseschau.models import Claim, Stance
    from presseschau.pipeline.decisions import corrected

    assert isinstance(claim, Claim)
    stances = get_args(Stance)
    day = claim.when.date if claim.when else None
    while True:
        speaker = _line(f"Speaker ({_ITSELF} for the article itself): ", claim.speaker or _ITSELF)
        stance = _line(f"Stance ({', '.join(stances)}): ", claim.stance)
        when = _line(f"When, as 2026-05-14, 2026-05 or 2026 ({_ITSELF} for no time): ", day or _ITSELF)
        said = {"speaker": _said(speaker, claim.speaker), "stance": (stance or "").strip() or claim.stance}
        corrections: Corrections = {**said, "when": _said(when, day)}  # type: ignore[typeddict-item]  # checked next
        try:
            changed = corrected(claim, corrections)
        except ValueError as error:
            tell(error)
            if speaker is None:
                return {}
            continue
        return corrections if changed != claim else {}


def _said(answer: str | None, before: str | None) -> str | None:
    """The answer; None for -, and what was before for an empty one."""
    text = " ".join((answer or "").split())
    return None if text == _ITSELF else text or before


def _line(question: str, text: str = "") -> str | None:
    """A line from the person, who at a terminal finds `text` in it to be changed; None at the end of the input."""
    if text and sys.stdin.isatty() and sys.stdout.isatty():
        return _prefilled(question, text)
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline() or None


def _prefilled(question: str, text: str) -> str | None:
    from presseschau.cli.terminal import shown

    try:
        import readline
    except ImportError:  # not on Windows
        import click

        return click.edit(text) or text
    seen = shown(text)
    readline.set_startup_hook(lambda: readline.insert_text(seen))
    try:
        said = input(question)
    except EOFError:
        return None
    finally:
        readline.set_startup_hook()
    return text if said == seen else said


def _is_claim(item: Item) -> bool:
    from presseschau.models import Claim

    return isinstance(item, Claim)


def _english(item: Item) -> str:
    from presseschau.models import Claim

    return item.text if isinstance(item, Claim) else item.en or ""


def _lines(about: Item) -> list[str]:
    from presseschau.models import Claim
    from presseschau.output.wording import told_when

    if not isinstance(about, Claim):
        english = f"  English: {about.en or '-'}"
        head = f"Sentence {about.n} ({about.role})"
        return [head, f"  German:  {about.de}", english, *_told(about.findings)]
    chain = "".join(f", via {name}" for name in about.via) + (f", relying on {about.relies_on}" * bool(about.relies_on))
    said = f"{about.speaker or 'the article'}{chain} ({about.stance})"
    german = [f"  German {e.n}: {e.text}" for e in about.evidence]
    when = [f"  When:    {told_when(about.when)}"] if about.when else []
    head = f"Claim {about.id}, said by {said}"
    return [head, *german, f"  English: {about.text}", *when, *_told(about.findings)]


def _told(findings: tuple[Finding, ...]) -> list[str]:
    return [f"  {f.severity}: {f.message}" for f in findings if f.severity != "info"]
