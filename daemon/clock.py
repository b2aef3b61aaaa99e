"""The only place that reads the wall clock; everything else is told the time."""

from __future__ import annotations

from datetime import datetime, tzinfo


def now(zone: tzinfo) -> datetime:
    """The present moment in this time zone."""
    return datetime.now(zone)
