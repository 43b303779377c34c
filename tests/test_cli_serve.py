"""`serve` before it serves: what it refuses, and what it says then."""

from __future__ import annotations

import importlib.util
import os
import socket
from pathlib import Path
from unittest.mock import patch

import pytest

from in_process import presseschau
from presseschau.desk.app import default_archive


def test_other_machines_need_a_password(tmp_path: Path) -> None:
    with patch.dict(os.environ):
        os.environ.pop("PRESSESCHAU_DESK_PASSWORD", None)
        got = presseschau("serve", str(tmp_path / "a.db"), "--listen", "0.0.0.0")
        assert got.code == 4
        assert "PRESSESCHAU_DESK_PASSWORD" in got.err
        (tmp_path / "empty").write_text("\n")
        assert presseschau("serve", str(tmp_path / "a.db"), "--listen", "::",
                           "--password-file", str(tmp_path / "empty")).code == 4  # fmt: skip
        missing = presseschau("serve", str(tmp_path / "a.db"), "--listen", "::", "--password-file", str(tmp_path / "x"))
        assert missing.code == 4
        assert "cannot be read" in missing.err
    assert not (tmp_path / "a.db").exists()


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        got = presseschau("serve", str(tmp_path / "a.db"), "--port", str(other.getsockname()[1]))
    assert got.code == 4
    assert "--port 0" in got.err


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    assert presseschau("serve", str(tmp_path / "a.jsonl")).code == 2
    (tmp_path / "text.db").write_text("not a database, only a text that is long enough to be looked at" * 40)
    got = presseschau("serve", str(tmp_path / "text.db"))
    assert got.code == 74
    assert "not a database" in got.err


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == "uvicorn" else found(name))
    got = presseschau("serve", str(tmp_path / "a.db"))
    assert got.code == 4
    assert "pip install 'presseschau[desk]'" in got.err


def test_a_data_folder_that_cannot_be_made_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    got = presseschau("serve", "--port", "0")
    assert (got.code, "cannot be written" in got.err, "Name an archive elsewhere" in got.err) == (74, True, True)


def test_its_own_archive_lies_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "new" / "share"))
    assert default_archive() == tmp_path / "new" / "share" / "presseschau" / "archive.db"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert presseschau("serve", "--port", str(other.getsockname()[1])).code == 4
    assert default_archive().exists()
