"""The translation memory."""

from __future__ import annotations

from pydantic import ConfigDict

from api.schemas.base import FILE_ID
from contracts.args.memory import EmbedMemory, ImportMemory, LookUpMemory


class ImportRequest(ImportMemory):
    """Ask for a TMX file to be read into the memory."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"file_id": FILE_ID, "domain": "work descriptions", "embed": True}]}
    )


class EmbeddingRequest(EmbedMemory):
    """Ask for vectors for the texts that have none."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class LookupRequest(LookUpMemory):
    """Ask for translations of a text."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "The work is done mainly in an office.", "source_language": "en", "target_language": "fr"}
            ]
        }
    )
