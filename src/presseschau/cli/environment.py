"""What the environment sets: for every option of a group a variable, and what only a variable can say.

An option on the command line wins over its variable, and that over the default.
"""

from __future__ import annotations

import os
from dataclasses import fields
from typing import Any, NamedTuple, get_type_hints

PREFIX = "PRESSESCHAU_"


class Variable(NamedTuple):
    """`option`: what it sets, with `panel`, that option's part of the help; a secret is never shown."""

    names: tuple[str, ...]
    option: str
    panel: str
    says: str
    secret: bool = False

    @property
    def set_as(self) -> str | None:
        """The name under which it is set, None if it is not; an empty one is not."""
        return next((name for name in self.names if os.environ.get(name)), None)

    def shown(self) -> str:
        """Its value as it may be shown; "" if it is not set."""
        from presseschau.storage.postgres import DatabaseUrl

        value = os.environ.get(self.set_as or "", "")
        url = DatabaseUrl.read(value) if value and self.option == "--cache" else None  # its password is not
        return "set" if value and self.secret else str(url) if url else value


_OTHERS = (
    Variable(("OPENAI_API_KEY",), "-", "Keys", "The key of the endpoint.", secret=True),
    Variable(
        (f"{PREFIX}READER_API_KEY",),
        "-",
        "Keys",
        "The key of the second reader where its endpoint is another.",
        secret=True,
    ),
    Variable(("PGPASSWORD",), "-", "Keys", "The password of a cache that machines share.", secret=True),
    Variable((f"{PREFIX}REVIEWER",), "--by", "People", "Who decides in review, and who edited what is imported."),
)


def variables_of(field: str, named: str | list[str] | None) -> list[str]:
    """The variables of a group's option: its own, and those that it had by another name."""
    also = [named] if isinstance(named, str) else named or []
    return list(dict.fromkeys([f"{PREFIX}{field.upper()}", *also]))


def variables() -> list[Variable]:
    """All that the program reads, in the order of the help."""
    from presseschau.cli import groups

    found: list[Variable] = []
    for group in vars(groups).values():
        if not hasattr(group, "panel"):
            continue
        hints = get_type_hints(group, include_extras=True)
        for field in fields(group):
            option = hints[field.name].__metadata__[0]
            flags = [flag for flag in option.param_decls or () if flag.startswith("--")]
            flag = flags[0] if flags else f"--{field.name.replace('_', '-')}"
            names = tuple(variables_of(field.name, option.envvar))
            found.append(Variable(names, flag, group.panel, option.help))
    return [*found, *_OTHERS]


def named_by(context: Any) -> dict[str, str]:
    """Of a command's options those that were set by a variable, with its name."""
    found: dict[str, str] = {}
    for parameter in context.command.params:
        names = [parameter.envvar] if isinstance(parameter.envvar, str) else parameter.envvar or []
        if "ENVIRONMENT" in str(context.get_parameter_source(parameter.name)):
            variable = next(name for name in names if os.environ.get(name))
            found |= dict.fromkeys(parameter.opts, variable)
    return found


def from_environment(field: str, value: object) -> bool:
    """Whether a group's option has what its own variable says (given by hand as well or not)."""
    return str(value) == os.environ.get(f"{PREFIX}{field.upper()}")
