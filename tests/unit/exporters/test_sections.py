from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporters.document import (
    Bullets,
    KeyFigures,
    Language,
    LineChart,
    Paragraph,
    RiskMatrix,
    Section,
    Subheading,
    Table,
    Timeline,
)
from exporters.figures import trend_chart
from exporters.formatting import Formatter
from exporters.sections import normalise_section
from exporters.text import clean_text
from tests.unit.exporters.samples import SECTIONS, TREND

ENGLISH, FRENCH = Formatter("en"), Formatter("fr")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda children: st.lists(children, max_size=5) | st.dictionaries(st.text(max_size=12), children, max_size=5),
    max_leaves=25,
)
KNOWN = st.dictionaries(
    st.sampled_from([*("categories", "milestones", "risks", "issues", "commentary", "commentary_fr", "trend")]),
    JSON
    | st.lists(
        st.dictionaries(
            st.sampled_from([
                *("id", "name", "category", "planned_amount", "forecast_amount", "actual_amount", "baseline_date"),
                *("forecast_date", "completion_date", "probability", "cost_impact", "status", "progress_percentage"),
            ]),
            JSON | st.sampled_from(["2026-01-01", 0.5, 10, {"low": 1, "most_likely": 2, "high": 3}]),
            max_size=6,
        ),
        max_size=4,
    ),
    max_size=4,
)  # fmt: skip


def by_id(wanted: str, language: Language = "en") -> Section:
    raw = next(section for section in SECTIONS if wanted in (section.get("id"), section.get("section_id")))
    return normalise_section(raw, Formatter(language))


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for child in value.values():
            yield from texts(child)
    elif isinstance(value, list):
        for child in value:
            yield from texts(child)


def words(text: str) -> list[str]:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return []  # a date is shown in the reader's way
    return [word for word in re.split(r"\s+", clean_text(text)) if word and word not in {"-", "*", "•"}]


def shown(section: Section) -> str:
    dumped = json.loads(section.model_dump_json())
    return " ".join(texts([dumped["title"], dumped["blocks"]]))


@settings(max_examples=300, deadline=None)
@given(JSON | KNOWN)
def test_no_content_crashes_the_normaliser_or_loses_a_word(content: Any) -> None:
    section = normalise_section({"id": "x", "name": "X", "content": content}, ENGLISH)
    assert Section.model_validate_json(section.model_dump_json()) == section
    found = set(words(shown(section)))
    joined = shown(section).replace("; ", " ")
    for text in texts(content):
        for word in words(text):
            assert word in found or word in joined


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_no_section_crashes_the_normaliser(raw: Any) -> None:
    assert normalise_section(raw, FRENCH, position=3).title


def test_content_as_deep_as_can_be_doesnt_end_the_normaliser() -> None:
    deep: Any = "the bottom"
    for level in range(5_000):
        deep = {"inner": deep} if level % 2 else [deep]
    section = normalise_section({"name": "Deep", "content": deep}, ENGLISH)
    assert "the bottom" in shown(section)


@pytest.mark.parametrize("keys", [("id", "name"), ("section_id", "title")])
def test_both_spellings_of_a_sections_keys_are_read(keys: tuple[str, str]) -> None:
    section = normalise_section({keys[0]: "budget", keys[1]: "Budget", "content": "Well."}, ENGLISH)
    assert (section.id, section.title) == ("budget", "Budget")
    assert section.blocks == (Paragraph(text="Well."),)


def test_a_section_that_is_mere_text_still_has_a_title() -> None:
    section = normalise_section("Only text.", FRENCH, position=4)
    assert (section.id, section.title) == ("section-4", "Section 4")
    assert section.blocks == (Paragraph(text="Only text."),)


@pytest.mark.parametrize("content", [None, "", [], {}])
def test_an_empty_section_says_so(content: Any) -> None:
    section = normalise_section({"id": "a", "name": "A", "content": content}, ENGLISH)
    assert section.blocks == (Paragraph(text="Nothing was reported for this section.", style="note"),)


def test_what_stands_beside_the_content_is_kept() -> None:
    section = normalise_section({"id": "a", "content": "Inside.", "appendix": "Outside."}, ENGLISH)
    assert "Inside." in shown(section)
    assert "Outside." in shown(section)


def test_lines_that_were_only_wrapped_run_on() -> None:
    wrapped = "This line was wrapped by the one who wrote it, at about ninety characters,\nand goes on here.\n\nNext."
    first, second = normalise_section({"content": wrapped}, ENGLISH).blocks
    assert isinstance(first, Paragraph)
    assert first.text.endswith("characters, and goes on here.")
    assert second == Paragraph(text="Next.")


def test_lines_with_dashes_become_points() -> None:
    (block,) = normalise_section({"content": "- one\n- two"}, ENGLISH).blocks
    assert isinstance(block, Bullets)
    assert [item.text for item in block.items] == ["one", "two"]


def test_categories_become_a_typed_table_with_variance_total_and_chart() -> None:
    _, french, chart, table = by_id("budget_status").blocks
    assert isinstance(french, Paragraph)
    assert french.language == "fr"
    assert chart.type == "chart"
    assert isinstance(table, Table)
    assert [column.title for column in table.columns] == ["Category", "Planned", "Actual", "Forecast", "Variance"]
    assert [column.kind for column in table.columns] == ["term", "money", "money", "money", "money"]
    assert table.rows[0][-1] == Decimal(-86_200)
    assert table.total == ("Total", Decimal(1_034_000), Decimal("665986.5"), Decimal(1_111_200), Decimal(-77_200))


def test_risks_have_their_three_points_side_by_side_and_a_matrix() -> None:
    chart, table, none = by_id("risks_issues").blocks
    assert isinstance(chart, RiskMatrix)
    assert "R-09" in chart.finding
    assert isinstance(table, Table)
    assert [column.group for column in table.columns if column.group] == ["Cost impact"] * 3 + [
        "Schedule impact (days)"
    ] * 3
    kinds = {column.key: column.kind for column in table.columns}
    assert kinds["cost_impact.low"] == "money"
    assert kinds["schedule_impact_days.high"] == "days"
    assert kinds["due_date"] == "date"
    assert kinds["probability"] == "percent"
    assert none == Paragraph(text="Issues: none reported.", style="note")


def test_milestones_have_a_timeline_and_progress_as_fractions() -> None:
    chart, table = by_id("schedule_status", "fr").blocks
    assert isinstance(chart, Timeline)
    assert "49 jours" in chart.finding
    assert isinstance(table, Table)
    progress = [column.key for column in table.columns].index("progress_percentage")
    assert [row[progress] for row in table.rows] == [Decimal(1), Decimal("0.7")]


def test_charts_can_be_left_out() -> None:
    section = normalise_section(SECTIONS[5], ENGLISH, charts=False)
    assert not any(block.type == "chart" for block in section.blocks)


def test_a_section_in_the_other_language_is_marked() -> None:
    assert by_id("sommaire").language == "fr"
    assert by_id("sommaire", "fr").language is None


def test_the_curve_says_how_far_behind_it_is() -> None:
    chart = trend_chart(TREND, ENGLISH)
    assert isinstance(chart, LineChart)
    assert chart.finding == "Earned value is $40,000 behind plan; the work done has cost $81,234 more than it is worth."


def test_short_values_stand_together_and_nested_ones_under_their_name() -> None:
    content = {"budget_utilization": 0.85, "ai_generated_summary": "A summary.", "outlook": {"next_month": "Quiet."}}
    summary, facts, heading, _ = normalise_section({"content": content}, ENGLISH).blocks
    assert summary == Paragraph(text="A summary.")
    assert isinstance(facts, KeyFigures)
    assert (facts.figures[0].value, facts.figures[0].kind) == (Decimal("0.85"), "percent")
    assert heading == Subheading(text="Outlook")
