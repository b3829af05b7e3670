"""Simulations of cost and schedule risk."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(prefix="/v1/simulations", tags=["simulations"])
