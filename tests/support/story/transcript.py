"""What was said while a story was played, for the message that tells why it failed."""

import re
import time
from collections import deque

_SHOWN = 20
_SECRETS = re.compile(r"(<(?:auth|response|challenge|success)\b[^>]*>)[^<]+")


class Transcript:
    """Keeps the last exchanges of all actors, with the seconds since the story began."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._entries: deque[tuple[float, str, str]] = deque(maxlen=_SHOWN)

    def note(self, actor: str, direction: str, xml: str) -> None:
        """Add one piece of XML that the actor sends or receives."""
        if "barrier-" in xml:
            return
        harmless = _SECRETS.sub(r"\1...", xml).strip()
        words = f"{actor} {direction}: {harmless}"
        self._entries.append((time.monotonic() - self._began, actor, words))

    def summarise(self, actor: str, words: str) -> None:
        """Replace what an actor said and heard since it connected, its login, by one line."""
        kept = [entry for entry in self._entries if entry[1] != actor]
        self._entries.clear()
        self._entries.extend(kept)
        self._entries.append((time.monotonic() - self._began, actor, f"{actor} {words}"))

    def __str__(self) -> str:
        lines = [
            f"+{at:.3f} " + words.replace("\n", "\n        ") for at, _, words in self._entries
        ]
        return "\n".join(lines)
