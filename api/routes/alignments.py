"""Sentences of a document beside those of its translation."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(prefix="/v1/translation-pairs", tags=["translation pairs"])
