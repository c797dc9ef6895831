"""What users are told whose account is disabled."""

from datetime import UTC, datetime

from palaver.kernel.storage import AccountRecord


def notice(record: AccountRecord) -> str:
    """Return the text that goes with ``account-disabled``: until when, and the reason given."""
    told = "The account is disabled"
    if record.disabled_until is not None:
        until = datetime.fromtimestamp(record.disabled_until // 1_000_000, UTC)
        told += f" until {until:%Y-%m-%dT%H:%M:%SZ}"
    return f"{told}: {record.disabled_reason}" if record.disabled_reason else f"{told}."
