"""`dray export`: a report becomes a file."""

# ruff: noqa: PLC0415 - heavy modules are imported when the command runs, so that `dray --help` is quick
from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import typer

from cli.commands.up import AsJson
from contracts.errors import DrayError

if TYPE_CHECKING:
    from cli.api_client import ApiClient

LATEST = "latest"
MOST_REPORTS = 200  # that the API lists at once
SHOWN_REPORTS = 10

Format = Literal["pdf", "excel", "word", "powerpoint", "slides"]
Report = Mapping[str, Any]
FORMATS: Mapping[str, Format] = {
    ".pdf": "pdf",
    ".xlsx": "excel",
    ".docx": "word",
    ".pptx": "powerpoint",
    ".html": "slides",
}


class NoSuchReport(DrayError):
    """None of the reports that you may see fits."""


class WrongEnding(DrayError):
    """The file's name says another format."""


class SeveralReports(DrayError):
    """Several reports fit."""


class DamagedFile(DrayError):
    """The file that arrived is not the one that was stored: run the command again."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(export)


def export(
    report: Annotated[
        str,
        typer.Argument(
            help="The report: its id, words that only its title, project and month (2026-10) have, or `latest`, "
            "the first of the newest month."
        ),
    ],
    *,
    format: Annotated[
        Format | None,
        typer.Option("--format", "-f", help="The file's format; from the ending that --out names, else pdf."),
    ] = None,
    language: Annotated[
        Literal["en", "fr"] | None, typer.Option(help="Language of labels, dates and numbers; else the report's own.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="A folder, or a file's name with its ending; else the current folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Export a monthly report and save the file."""
    from cli.asking import calling_api, perform, print_json

    wanted = choose_format(format, out)
    with calling_api() as api:
        chosen = choose(api, report)
        options = {"language": language} if language else {}
        run = perform(api, f"/v1/reports/{chosen['id']}/exports", {"format": wanted, "options": options}, quiet=as_json)
        exported = api.get(f"/v1/exports/{run['id']}")
        file = save(api, exported, out)
    if as_json:
        print_json({"export_id": exported["id"], "report": chosen, "file": file, "size": exported["file_size"],
                    "sha256": exported["sha256"]})  # fmt: skip
    else:
        typer.echo(f"{file}  ({exported['file_size'] / 1000:.0f} kB)")


def choose_format(format: Format | None, out: Path | None) -> Format:
    """Find the format that is meant: what is said, what the file's ending says, else a PDF.

    Raises:
        WrongEnding: they differ, or nothing is written with such an ending.
    """
    ending = "" if out is None or out.is_dir() else out.suffix.lower()
    if not ending:
        return format or "pdf"
    told = FORMATS.get(ending)
    if told is None:
        raise WrongEnding(
            f"No report is written as {ending}: name a file with one of {', '.join(FORMATS)}, or a folder."
        )
    if format not in (None, told):
        raise WrongEnding(f"--format {format} and the ending {ending} of {out} differ: leave one of them out.")
    return told


def choose(api: ApiClient, wanted: str) -> Report:
    """Find the report that is meant: an id is taken as it is, anything else is looked for in the API's list.

    Raises:
        NoSuchReport: none fits.
        SeveralReports: more than one does.
    """
    if id_ := read_id(wanted):
        return {"id": str(id_)}
    return pick(api.get(f"/v1/reports?limit={MOST_REPORTS}")["items"], wanted)


def pick(reports: Sequence[Report], wanted: str) -> Report:
    """The one report that has all the words; of several versions of the same month the newest."""
    if not reports:
        raise NoSuchReport("You may see no report yet.")
    if wanted.strip().lower() == LATEST:
        return reports[0]
    words = plain(wanted).split()
    found = [report for report in reports if words and all(word in plain(described(report)) for word in words)]
    if not found:
        raise NoSuchReport(f"No report has {wanted!r} in its title, project or month. There are:{listing(reports)}")
    if len({(report["project"], report["period"]) for report in found}) > 1:
        raise SeveralReports(f"{len(found)} reports have {wanted!r}. Say more, or give an id:{listing(found)}")
    return max(found, key=lambda report: int(report["version"]))


def read_id(text: str) -> UUID | None:
    """A report's id, if the text is one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def plain(text: str) -> str:
    """The text without accents and capitals, so that it can be typed on any keyboard."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def described(report: Report) -> str:
    """What a report is looked up by, and shown as."""
    return f"{report['title']} ({report['project']}, {report['period']}, v{report['version']})"


def listing(reports: Sequence[Report]) -> str:
    """The reports one below the other, with their ids."""
    lines = [f"\n  {report['id']}  {described(report)}" for report in reports[:SHOWN_REPORTS]]
    more = len(reports) - len(lines)
    return "".join(lines) + (f"\n  and {more} more" if more > 0 else "")


def save(api: ApiClient, exported: Mapping[str, Any], out: Path | None) -> Path:
    """Download the file of an export; a name of the asker's own is only taken once the whole file is there."""
    from tempfile import TemporaryDirectory

    folder, name = (out.parent, out.name) if out and out.suffix and not out.is_dir() else (out or Path(), None)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".dray-") as temporary:
        arrived = api.download(exported["download_url"], Path(temporary), fallback=exported["id"])
        check(arrived, exported)
        return arrived.replace(folder / (name or arrived.name)).absolute()


def check(file: Path, exported: Mapping[str, Any]) -> None:
    """Hold what arrived against what the API says of it.

    Raises:
        DamagedFile: they differ.
    """
    from hashlib import file_digest

    with file.open("rb") as content:
        if file_digest(content, "sha256").hexdigest() != exported["sha256"]:
            raise DamagedFile
