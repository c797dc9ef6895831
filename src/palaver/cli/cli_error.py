"""How a command fails: exit codes a script can rely on, and the error that carries them."""

from enum import IntEnum


class Exit(IntEnum):
    """What the process returns, each with its meaning for the help text."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> "Exit":
        """Make a member of a code and its meaning."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    OK = 0, "done"
    FAILED = 1, "refused or failed"
    USAGE = 2, "wrong command line"
    CONFIGURATION = 3, "wrong configuration"
    NOT_RUNNING = 4, "the server is needed and not running"
    IN_USE = 5, "another process uses the data directory"
    STORAGE = 6, "the database is unreachable, or of a newer version"
    INTERRUPTED = 130, "interrupted"


def exit_of(code: str) -> Exit:
    """Return the exit code for the word with which a command refuses."""
    return {
        "bad-duration": Exit.USAGE,
        "bad-role": Exit.USAGE,
        "storage-unavailable": Exit.STORAGE,
    }.get(code, Exit.FAILED)


class CliError(Exception):
    """Ends the command: with an exit code, a stable word for scripts, and a text for people."""

    def __init__(self, exit_code: Exit, code: str, text: str) -> None:
        super().__init__(text)
        self.exit_code = exit_code
        self.code = code
        self.text = text
