from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any, cast, get_args
from uuid import UUID

import pytest

from cli.api_client import ApiClient
from cli.commands.export import DamagedFile, Format, NoSuchReport, SeveralReports, choose, pick, save
from contracts.args.reports import ExportFormat


def listed(number: int, title: str, project: str, period: str = "2026-10", version: int = 1) -> dict[str, Any]:
    return {"id": str(UUID(int=number)), "title": title, "project": project, "period": period, "version": version}


REPORTS = [
    listed(1, "Heron Reach - Monthly Report", "Heron Reach Locks", version=2),
    listed(2, "Heron Reach - Monthly Report", "Heron Reach Locks", version=1),
    listed(3, "Numérisation - Rapport mensuel", "Numérisation des plans"),
    listed(4, "Heron Reach - Monthly Report", "Heron Reach Locks", "2026-09"),
]


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        *(("latest", 1), (" Latest", 1), ("heron 2026-10", 1), ("HERON locks 2026-10 v1", 2)),
        *(("numerisation", 3), ("rapport mensuel", 3), ("2026-09", 4)),
    ],
)
def test_a_report_is_found_by_what_only_it_has(wanted: str, number: int) -> None:
    assert pick(REPORTS, wanted)["id"] == str(UUID(int=number))


def test_a_name_that_several_have_is_answered_with_their_ids() -> None:
    with pytest.raises(SeveralReports, match="3 reports have 'heron'") as caught:
        pick(REPORTS, "heron")
    assert str(UUID(int=4)) in str(caught.value)
    assert str(UUID(int=3)) not in str(caught.value)


@pytest.mark.parametrize("wanted", ["kingfisher", "", "  ", "heron numerisation"])
def test_a_name_that_none_has_is_answered_with_those_there_are(wanted: str) -> None:
    with pytest.raises(NoSuchReport, match="Numérisation des plans, 2026-10, v1"):
        pick(REPORTS, wanted)


def test_where_there_is_no_report_it_says_so() -> None:
    with pytest.raises(NoSuchReport, match="no report yet"):
        pick([], "latest")


def test_a_long_list_is_cut() -> None:
    with pytest.raises(SeveralReports, match="and 15 more"):
        pick([listed(number, f"Report {number}", f"Project {number}") for number in range(25)], "report")


class FakeApi:
    """Answers with one file."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def download(self, path: str, folder: Path, *, fallback: str) -> Path:
        file = folder / f"{fallback}{path.replace('/', '-')}.html"
        file.write_bytes(self.content)
        return file


def fake(content: bytes = b"slides") -> ApiClient:
    return cast("ApiClient", FakeApi(content))


EXPORTED = {"id": "1", "download_url": "/d", "sha256": sha256(b"slides").hexdigest()}


@pytest.mark.parametrize(
    ("out", "expected"),
    [(None, "1-d.html"), (".", "1-d.html"), ("new/folder", "new/folder/1-d.html"), ("new/deck.html", "new/deck.html")],
)
def test_the_file_is_saved_where_it_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str | None, expected: str
) -> None:
    monkeypatch.chdir(tmp_path)
    saved = save(fake(), EXPORTED, None if out is None else Path(out))
    assert saved == tmp_path / expected
    assert saved.read_bytes() == b"slides"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [saved]


def test_a_damaged_file_does_not_replace_a_good_one(tmp_path: Path) -> None:
    good = tmp_path / "deck.html"
    good.write_text("the last one")
    with pytest.raises(DamagedFile):
        save(fake(b"slid"), EXPORTED, good)
    assert good.read_text() == "the last one"
    assert list(tmp_path.iterdir()) == [good]


def test_an_id_is_taken_as_it_is() -> None:
    assert choose(fake(), str(UUID(int=7)).upper()) == {"id": str(UUID(int=7))}


def test_the_command_takes_every_format_that_the_kind_takes() -> None:
    assert set(get_args(Format)) == set(ExportFormat)
