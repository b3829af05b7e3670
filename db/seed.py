"""Load the sample data that lies in `db/samples`. Loading it again adds nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import yaml
from sqlalchemy import create_engine, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from db.models import (
    Activity,
    ActivityLink,
    AiInsight,
    AuthUser,
    Base,
    CalendarException,
    CostLine,
    JobDescription,
    JobMetadata,
    Milestone,
    PmrReport,
    PmrTemplate,
    Project,
    ProjectCalendar,
    ProjectMember,
    Risk,
    TranslationPair,
    User,
    UserPermission,
)
from db.session import engine_url

SAMPLES = Path(__file__).parent / "samples"


def load_samples(url: str, folder: Path = SAMPLES) -> dict[str, int]:
    """Load every sample in one transaction; return how many rows of each table are new. `url` is the migrator's."""
    engine = create_engine(engine_url(url), hide_parameters=True, connect_args={"options": "-c timezone=UTC"})
    loaded: dict[str, int] = {}
    with Session(engine) as session, session.begin():
        for model, row in sample_rows(folder):
            name = model.__tablename__
            loaded[name] = loaded.get(name, 0) + insert_if_new(session, model, row)
        for document in sorted((folder / "job_descriptions").glob("*.md")):
            loaded["job_descriptions"] = loaded.get("job_descriptions", 0) + load_job_description(session, document)
        programme = read_yaml(folder / "programme.yaml")
        loaded["users"] = load_users(session, programme["people"])
        loaded["translation_pairs"] = pair_translations(session, **programme["translation"])
    engine.dispose()
    return loaded


def sample_rows(folder: Path) -> Iterator[tuple[type[Base], Mapping[str, Any]]]:
    """Yield the rows of the monthly reports in the order that foreign keys ask for."""
    programme = read_yaml(folder / "programme.yaml")
    for person in programme["people"]:
        names = {"full_name": person["display_name"], "title": person["role"]}
        yield AuthUser, {"id": person["id"], "email": person["email"], "raw_user_meta_data": names}
    for template in programme["templates"]:
        yield PmrTemplate, template
    for path in sorted((folder / "projects").glob("*.yaml")):
        yield from project_rows(read_yaml(path))
    for path in sorted((folder / "plans").glob("*.yaml")):
        yield from plan_rows(read_yaml(path))
    for path in sorted((folder / "reports").glob("*.yaml")):
        report = read_yaml(path)
        insights = report.pop("insights", ())
        yield PmrReport, report
        for insight in insights:
            yield AiInsight, {**insight, "report_id": report["id"]}


def project_rows(project: dict[str, Any]) -> Iterator[tuple[type[Base], Mapping[str, Any]]]:
    """Yield a project and its members."""
    members = project.pop("members")
    yield Project, {**project, "manager_id": project["manager"]}
    for member in members:
        yield ProjectMember, {"project_id": project["id"], "user_id": member["person"], "role": member["role"]}


def plan_rows(plan: dict[str, Any]) -> Iterator[tuple[type[Base], Mapping[str, Any]]]:
    """Yield a project's calendars, milestones, activities with their links, cost lines and risks."""
    project = plan["project"]
    yield from calendar_rows(project, plan["calendars"])
    for milestone in plan["milestones"]:
        yield Milestone, {**owned(project, "milestone", milestone["name"]), **milestone}
    for activity in plan["activities"]:
        yield Activity, activity_row(project, plan["data_date"], activity)
    yield from chain.from_iterable(link_rows(project, activity) for activity in plan["activities"])
    for line in plan["cost_lines"]:
        yield CostLine, cost_line_row(project, line)
    for risk in plan["risks"]:
        yield Risk, {**owned(project, "risk", risk["title"]), **risk}


def calendar_rows(
    project: str, calendars: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[type[Base], Mapping[str, Any]]]:
    """Yield a project's calendars, each with the days that differ from its week."""
    for calendar in calendars:
        key = owned(project, "calendar", calendar["name"])
        yield ProjectCalendar, {**key, **calendar}
        for exception in calendar.get("exceptions", ()):
            of_calendar = {"id": row_id(project, calendar["name"], exception["start_date"]), "calendar_id": key["id"]}
            yield CalendarException, {**of_calendar, **exception}


def activity_row(project: str, data_date: str, activity: Mapping[str, Any]) -> dict[str, Any]:
    """Spell out an activity's three points, its constraint and what it refers to."""
    row = {**owned(project, "activity", activity["code"]), **activity, **three_points("duration", activity["duration"])}
    row["data_date"] = data_date
    for thing in ("calendar", "milestone"):
        if thing in activity:
            row[f"{thing}_id"] = row_id(project, thing, activity[thing])
    if "start_no_earlier_than" in activity:
        row |= {
            "constraint_type": "start_no_earlier_than",
            "constraint_date": activity["start_no_earlier_than"],
        }
    return row


def link_rows(project: str, activity: Mapping[str, Any]) -> Iterator[tuple[type[Base], Mapping[str, Any]]]:
    """Yield a finish-to-start link from everything that the activity comes after."""
    for code in activity.get("after", ()):
        yield (
            ActivityLink,
            {
                **owned(project, "link", f"{code} {activity['code']}"),
                "predecessor_id": row_id(project, "activity", code),
                "successor_id": row_id(project, "activity", activity["code"]),
            },
        )


def cost_line_row(project: str, line: Mapping[str, Any]) -> dict[str, Any]:
    """Spell out a cost line's three points and its activity."""
    row = {**owned(project, "cost line", line["code"]), **line, **three_points("amount", line["amount"])}
    if "activity" in line:
        row["activity_id"] = row_id(project, "activity", line["activity"])
    return row


def three_points(what: str, points: Sequence[float]) -> dict[str, float]:
    """Name the three points of an estimate as the columns are named."""
    names = (f"optimistic_{what}", f"most_likely_{what}", f"pessimistic_{what}")
    return dict(zip(names, points, strict=True))


def owned(project: str, *name: str) -> dict[str, str]:
    """Give a row of a project its keys."""
    return {"id": row_id(project, *name), "project_id": project}


def row_id(project: str, *name: str) -> str:
    """Return the id of a row that the sample files name within its project: always the same one."""
    return str(uuid5(UUID(project), " ".join(name)))


def insert_if_new(session: Session, model: type[Base], row: Mapping[str, Any]) -> int:
    """Insert the columns that the model has; return 1 when the row is new (or taken over)."""
    columns = {column.key for column in model.__mapper__.column_attrs}
    values = {name: value for name, value in row.items() if name in columns}
    new = insert(model).values(values)
    if model is PmrTemplate:
        # The migrations made the default templates under the same ids: the sample office takes them over, once.
        statement = new.on_conflict_do_update(
            index_elements=["id"], set_=values, where=PmrTemplate.created_by.is_(None)
        ).returning(PmrTemplate.id)
    else:
        statement = new.on_conflict_do_nothing().returning(*model.__mapper__.primary_key)
    return len(session.execute(statement).all())


def load_job_description(session: Session, path: Path) -> int:
    """Load one document with its tombstone data; return 1 when it is new."""
    content = path.read_text(encoding="utf-8")
    _, front_matter, body = content.split("---\n", 2)
    tombstone = yaml.safe_load(front_matter)
    row = {
        **tombstone,
        "raw_content": body.strip() + "\n",
        "file_path": path.name,
        "file_hash": sha256(content.encode()).hexdigest(),
    }
    if not insert_if_new(session, JobDescription, row):
        return 0
    job_id = session.scalars(
        select(JobDescription.id).where(
            JobDescription.job_number == row["job_number"], JobDescription.language == row["language"]
        )
    ).one()
    insert_if_new(session, JobMetadata, {**tombstone, "job_id": job_id})
    return 1


def load_users(session: Session, people: Sequence[Mapping[str, Any]]) -> int:
    """Load the people of the job-description database, with what they may do; return how many are new.

    Nobody logs in with them: a hash that no password has.
    """
    new = 0
    for person in people:
        if "description_role" not in person:
            continue
        first, _, last = person["display_name"].partition(" ")
        user = {
            "username": person["email"].partition("@")[0],
            "email": person["email"],
            "password_hash": "!",
            "first_name": first,
            "last_name": last,
            "role": person["description_role"],
            "preferred_language": person.get("language", "en"),
        }
        new += insert_if_new(session, User, user)
        if "descriptions" in person:
            user_id = session.scalars(select(User.id).where(User.email == person["email"])).one()
            permission = {
                "user_id": user_id,
                "resource_type": "job_description",
                "permission_type": person["descriptions"],
            }
            insert_if_new(session, UserPermission, permission)
    return new


def pair_translations(session: Session, *, translator: str, reviewer: str) -> int:
    """Pair each English description with the French one of the same number; return how many pairs are new."""
    english, french = aliased(JobDescription), aliased(JobDescription)
    named = session.execute(select(User.email, User.id).where(User.email.in_([translator, reviewer])))
    people = {email: user_id for email, user_id in named}  # noqa: C416 - mypy knows no dict of rows
    pairs = session.execute(
        select(english.id, french.id)
        .join(french, english.job_number == french.job_number)
        .where(english.language == "en", french.language == "fr")
    )
    return sum(
        insert_if_new(
            session,
            TranslationPair,
            {
                "source_job_id": source,
                "target_job_id": target,
                "source_language": "en",
                "target_language": "fr",
                "translator_id": people[translator],
                "reviewer_id": people[reviewer],
            },
        )
        for source, target in pairs
    )


def read_yaml(path: Path) -> dict[str, Any]:
    """Read one sample file. YAML's dates become text, so that JSON columns can hold them."""
    content: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=PlainLoader)  # noqa: S506 - a SafeLoader
    return content


class PlainLoader(yaml.SafeLoader):
    """The safe loader, but dates stay text."""


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
