"""What `make` says when the machine lacks something. Nothing of this machine is asked, except where it says so."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from cli import preflight

SOURCE = Path(preflight.__file__)


def test_an_old_python_is_named_with_its_cure() -> None:
    (problem,) = preflight.python_problems((3, 6, 15), "/usr/bin/python3.6")

    assert "Python 3.11 or newer is needed, this is 3.6.15 (/usr/bin/python3.6)" in problem
    assert_names_a_package_for_each_system(problem)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 13, 2), (4, 0, 0)])
def test_a_new_python_is_no_problem(version: tuple[int, ...]) -> None:
    assert preflight.python_problems(version) == []


def test_it_can_be_read_by_the_pythons_that_it_complains_about() -> None:
    ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 6))
    assert "from __future__ import annotations" not in SOURCE.read_text(encoding="utf-8")


def test_missing_libraries_are_listed_at_once() -> None:
    (problem,) = preflight.library_problems(can_open=lambda _: False)

    assert all(label in problem for label in preflight.PANGO_LIBRARIES)
    assert_names_a_package_for_each_system(problem)


@pytest.mark.parametrize("label", sorted(preflight.PANGO_LIBRARIES))
def test_one_missing_library_is_named(label: str) -> None:
    names = preflight.PANGO_LIBRARIES[label]
    (problem,) = preflight.library_problems(can_open=lambda name: name not in names)

    assert f"missing ({label})" in problem


def test_any_name_of_a_library_will_do() -> None:
    present = {names[-1] for names in preflight.PANGO_LIBRARIES.values()}
    assert preflight.library_problems(can_open=present.__contains__) == []


def test_the_libraries_are_those_that_weasyprint_opens() -> None:
    weasyprint = pytest.importorskip("weasyprint")
    source = (Path(weasyprint.__file__).parent / "text" / "ffi.py").read_text(encoding="utf-8")

    for names in preflight.PANGO_LIBRARIES.values():
        assert all(f"'{name}'" in source for name in names)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (problem,) = preflight.folder_problems([tmp_path / "new" / "var", Path("/proc/dray")])

    assert "/proc/dray" in problem
    assert "DRAY_VAR" in problem
    assert not (tmp_path / "new").exists()


def test_a_python_without_ensurepip_is_named_with_its_package(tmp_path: Path) -> None:
    def find(name: str) -> object:
        if name == "ensurepip":
            raise ImportError(name)
        return None

    (problem,) = preflight.venv_problems(tmp_path, find)
    assert "-venv" in problem
    assert_names_a_package_for_each_system(problem)


def test_an_environment_that_is_there_needs_no_ensurepip(tmp_path: Path) -> None:
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()

    def find(name: str) -> object:
        raise AssertionError(name)

    assert preflight.venv_problems(tmp_path, find) == []


def test_all_problems_come_at_once_and_the_exit_code_is_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(preflight, "python_problems", lambda: ["old Python"])
    monkeypatch.setattr(preflight, "library_problems", lambda: ["no Pango"])
    monkeypatch.setenv("DRAY_VAR", "/proc/dray")

    assert preflight.main() == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == ["dray: old Python", "dray: no Pango"]
    assert "/proc/dray" in lines[2]


def assert_names_a_package_for_each_system(problem: str) -> None:
    assert "\n" not in problem
    for words in ("Debian/Ubuntu: apt install ", "Fedora: dnf install ", "macOS: brew install "):
        assert words in problem
