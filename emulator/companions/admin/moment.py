"""The clock of the console, which knows its time zone: payloads say when they were made, and take their nonce from it."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC).astimezone()
