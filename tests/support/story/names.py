"""Translation between the hosts a story names and the hosts it is played on."""

import re
from collections.abc import Iterable


class Names:
    """Gives each host of a story one of its own on the server.

    ``localhost`` becomes, say, ``s7.story.localhost``. So every story begins with fresh accounts,
    though the texts show plain names. Names are replaced wherever they stand as a host's name,
    also behind a service's: ``muc.localhost``.
    """

    def __init__(self, hosts: Iterable[str], number: int) -> None:
        self.hosts = {host: f"s{number}.story.{host}" for host in hosts}
        self._to_server = [
            (re.compile(rf"(?<![\w-]){re.escape(host)}(?![\w-]|\.\w)"), real)
            for host, real in self.hosts.items()
        ]

    def to_server(self, text: str) -> str:
        """Replace a story's hosts by the server's."""
        for pattern, real in self._to_server:
            text = pattern.sub(real, text)
        return text

    def serves(self, address: str) -> bool:
        """Tell whether an address is an account or a room of one of the story's hosts."""
        return address.rpartition("@")[2].removeprefix("conference.") in self.hosts.values()

    def to_story(self, text: str) -> str:
        """Replace the server's hosts by the story's."""
        for host, real in self.hosts.items():
            text = text.replace(real, host)
        return text
