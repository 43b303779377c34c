"""Every option of a group can be set by a variable: the command line wins over it, and it over the default."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import fields
from enum import Enum
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
import typer
from typer.testing import CliRunner

import in_process
from presseschau.cli import groups
from presseschau.cli.environment import variables, variables_of
from presseschau.cli.groups import grouped
from tools.make_environment_table import BEGIN, DOCS, END, table

GROUPS = [group for group in vars(groups).values() if hasattr(group, "panel")]
OPTIONS = [
    pytest.param(group, field, id=f"{group.__name__}.{field.name}") for group in GROUPS for field in fields(group)
]
ARTICLE = "fixtures/articles/own/bahn-warnstreik.txt"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith(("PRESSESCHAU_", "OPENAI_"))}
    return in_process.program(arguments, known | {"COLUMNS": "300"} | environment, Path.cwd())


def two_values(group: type, field: str) -> tuple[str | None, str | None]:
    """Two values that the option takes, in the words of a shell; a switch has one: None is that it is not given."""
    taken = get_type_hints(group)[field]
    plain = next((kind for kind in get_args(taken) if kind is not type(None)), taken)
    if plain is bool:
        return None, "1"
    if isinstance(plain, type) and issubclass(plain, Enum):
        one, other = [str(member.value) for member in plain][:2]
        return one, other
    return {int: ("1", "2"), float: ("0.5", "2.5"), Path: ("a/one", "b/other")}.get(plain, ("one", "other"))


@pytest.mark.parametrize(("group", "field"), OPTIONS)
def test_the_command_line_wins_over_the_variable_and_that_over_the_default(group, field, monkeypatch):
    seen = []

    def command(options):
        seen.append(getattr(options, field.name))

    command.__annotations__ = {"options": group, "return": None}
    app = typer.Typer()
    app.command()(grouped(command))
    for name in variables_of(field.name, get_type_hints(group, include_extras=True)[field.name].__metadata__[0].envvar):
        monkeypatch.delenv(name, raising=False)
    flag = next(v.option for v in variables() if v.names[0] == f"PRESSESCHAU_{field.name.upper()}")
    typed, set_so = two_values(group, field.name)
    variable = f"PRESSESCHAU_{field.name.upper()}"

    def told(arguments: list[str], environment: dict[str, str]) -> object:
        done = CliRunner().invoke(app, arguments, env=environment)
        assert done.exit_code == 0, done.output
        value = seen.pop()
        return value.value if isinstance(value, Enum) else value

    default = field.default.value if isinstance(field.default, Enum) else field.default
    assert told([], {}) == default
    assert told([], {variable: ""}) == default
    assert str(told([], {variable: set_so})) == ("True" if typed is None else set_so)
    if typed is None:
        assert told([flag], {variable: "0"}) is True
        assert told([], {variable: "0"}) is False
    else:
        assert str(told([flag, typed], {variable: set_so})) == typed


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("PRESSESCHAU_SAMPLES", "many", "PRESSESCHAU_SAMPLES (in the environment): it must be a valid integer"),
        ("PRESSESCHAU_FOLLOW", "perhaps", "PRESSESCHAU_FOLLOW (in the environment): it must be 1 (yes) or 0 (no)"),
        ("PRESSESCHAU_ENGLISH", "scots", "PRESSESCHAU_ENGLISH (in the environment): 'scots' is not one of"),
        ("PRESSESCHAU_PRICE", "cheap", "--price (set by PRESSESCHAU_PRICE) 'cheap' is not of the form IN,OUT"),
        ("PRESSESCHAU_MAP", "cheap", "--map (set by PRESSESCHAU_MAP) 'cheap' is not of the form"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable(variable, value, says):
    done = run("article", ARTICLE, "--dry-run", **{variable: value})
    assert done.returncode == 2
    assert says in " ".join(done.stderr.split())


def test_a_value_from_the_command_line_names_no_variable():
    done = run("article", ARTICLE, "--dry-run", "--samples", "99")
    assert (done.returncode, "PRESSESCHAU" in done.stderr) == (2, False)


def test_what_only_a_reader_needs_may_be_set_without_one():
    set_so = {"PRESSESCHAU_READER_BASE_URL": "http://127.0.0.1:9/v1", "PRESSESCHAU_READER_API_KEY_FILE": "key"}
    assert run("article", ARTICLE, "--dry-run", "--no-cache", **set_so).returncode == 0
    assert (
        run("article", ARTICLE, "--dry-run", "--no-cache", "--reader-base-url", "http://127.0.0.1:9/v1").returncode == 2
    )


def test_doctor_shows_what_is_set_but_no_secret(tmp_path):
    done = run(
        "doctor",
        PRESSESCHAU_MODEL="local:none.gguf",
        PRESSESCHAU_ENGLISH="american",
        PRESSESCHAU_CACHE="postgresql://press:geheim@127.0.0.1:9/x",
        PRESSESCHAU_READER_API_KEY="sk-geheim",
        PRESSESCHAU_MODELS=str(tmp_path),
    )
    assert "environment: PRESSESCHAU_ENGLISH = american\n" in done.stdout
    assert "environment: PRESSESCHAU_CACHE = postgresql://press@127.0.0.1:9/x\n" in done.stdout
    assert "environment: PRESSESCHAU_READER_API_KEY set\n" in done.stdout
    assert re.search(r"environment: \d+ other variables may be set \(--all lists them\)\n", done.stdout)
    assert "PRESSESCHAU_BASE_URL" not in done.stdout
    every = run("doctor", "--all", PRESSESCHAU_MODEL="local:none.gguf", PRESSESCHAU_MODELS=str(tmp_path))
    assert "environment: PRESSESCHAU_BASE_URL is not set. --base-url: " in every.stdout
    assert "geheim" not in done.stderr + done.stdout


def test_the_table_in_the_docs_is_the_one_of_today():
    text = DOCS.read_text("utf-8")
    assert text.partition(BEGIN)[2].partition(END)[0] == table(), "python tests/tools/make_environment_table.py"
