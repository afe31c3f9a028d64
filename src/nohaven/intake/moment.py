"""Points in time as inputs write them."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(text: object) -> datetime | None:
    """An ISO 8601 time as aware UTC; one without a zone is taken as UTC; None where it is none."""
    if not isinstance(text, str):
        return None
    try:
        time = datetime.fromisoformat(text.strip())
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):  # overflow: year 1 or 9999 shifted by its zone
        return None
