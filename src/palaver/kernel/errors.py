"""Errors of the kernel that are not the protocol's."""


class CommandError(Exception):
    """Refuses a command, with a text for whoever gave it.

    ``code`` is a short stable word for scripts, such as ``"not-found"`` or ``"exists"``.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class LoadError(Exception):
    """Says why an extension cannot be loaded."""
