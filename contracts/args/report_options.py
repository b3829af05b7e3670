"""What the asker of a report may choose."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class ReportOptions(BaseModel):
    """How a report is shown. The same options hold for every format."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    include_ai_insights: bool = Field(True, description="Show the section of insights")
    include_charts: bool = Field(True, description="Draw charts beside the tables")
    include_raw_data: bool = Field(False, description="Add the figures behind the charts as tables")
    sections: tuple[str, ...] | None = Field(None, description="Only these section ids, in this order; all when absent")
    language: Literal["en", "fr"] | None = Field(None, description="Language of labels, dates and numbers")
    paper: Literal["letter", "a4"] = Field("letter", description="Paper size of paged formats")
