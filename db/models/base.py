"""The declarative base and the column types that several tables share."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import DateTime, MetaData, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

# PostgreSQL's own default names, so that constraints made by plain SQL and by models agree.
NAMING = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "pk": "%(table_name)s_pkey",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
}


class Base(DeclarativeBase):
    """The base of every model."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[Any] = {datetime: DateTime(timezone=True), dict[str, Any]: JSONB, list[Any]: JSONB}


GENERATED_UUID = text("gen_random_uuid()")
EMPTY_OBJECT = text("'{}'::jsonb")
EMPTY_LIST = text("'[]'::jsonb")
NOW = func.now()

# The tables of the job-description database hold UTC in timestamps without a zone.
UTC_WITHOUT_ZONE = DateTime(timezone=False)

UuidKey = Annotated[uuid.UUID, mapped_column(Uuid, primary_key=True, server_default=GENERATED_UUID)]
