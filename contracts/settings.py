"""What a process is told by its environment. Reading the environment itself is left to whoever starts the process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from contracts.errors import DrayError

PREFIX = "DRAY_"
# Names that every tool of the field knows, so they carry no prefix of ours.
COMMON_NAMES = {
    "database_url": "DATABASE_URL",
    "redis_url": "REDIS_URL",
    "openai_api_key": "OPENAI_API_KEY",
    "openai_base_url": "OPENAI_BASE_URL",
}


class BadSettings(DrayError):
    """The environment lacks something this process needs."""


class Settings(BaseModel):
    """Settings of one process. Times are in seconds."""

    model_config = ConfigDict(frozen=True)

    database_url: str = Field(min_length=1, description="postgresql://… as the role of this process")
    redis_url: str = Field("redis://127.0.0.1:6379/0", description="The broker")
    storage_dir: Path = Field(Path("var/storage"), description="Where files are stored")
    openai_api_key: SecretStr | None = Field(None, description="Without one, local means do the work of models")
    openai_base_url: str | None = Field(None, description="Where OpenAI's API is; its own address when absent")
    openai_model: str = Field("gpt-5-mini", description="The model that proposes wording")
    openai_embedding_model: str = Field("text-embedding-3-small", description="The model that embeds texts")
    upload_max_bytes: int = Field(100_000_000, ge=1, description="The largest file that people may hand in")
    lease_seconds: float = Field(30.0, gt=0, description="How long a claim holds without a heartbeat")
    heartbeat_seconds: float = Field(8.0, gt=0, description="How often a worker extends its leases")
    grace_seconds: float = Field(
        20.0, ge=0, description="How long a worker that is told to stop lets its runs go on before it gives them back"
    )
    cancel_grace_seconds: float = Field(
        10.0, gt=0, description="How long a run that is told to stop may take to do so before its process is killed"
    )
    poll_seconds: float = Field(1.0, gt=0, description="How often the relay looks without being woken")
    rescue_seconds: float = Field(5.0, gt=0, description="How often the relay looks for lost runs")
    ring_timeout_seconds: float = Field(60.0, gt=0, description="When a ring that nobody answered is rung again")
    relay_batch: int = Field(200, ge=1, description="Runs that one look of the relay may dispatch")
    relay_window: int = Field(400, ge=1, description="Runs of a queue that may lie in the broker unclaimed")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read `DATABASE_URL`, `REDIS_URL` and every `DRAY_…` variable that names a field.

        Raises:
            BadSettings: a value is missing or wrong; the message names the variable.
        """
        names = {field: COMMON_NAMES.get(field, PREFIX + field.upper()) for field in cls.model_fields}
        given = {field: environment[name] for field, name in names.items() if environment.get(name)}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            faults = "; ".join(f"{names[str(fault['loc'][0])]}: {fault['msg']}" for fault in error.errors())
            raise BadSettings(f"The environment is not complete. {faults}") from error
