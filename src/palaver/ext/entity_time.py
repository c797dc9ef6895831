"""Entity time: a host tells its clock and its offset from UTC (XEP-0202)."""

from datetime import UTC, datetime
from typing import ClassVar, Final

from palaver.kernel.extension import Answer, Extension, Request, Target, Xep, iq
from palaver.wire.element import Element

NS: Final = "urn:xmpp:time"


class EntityTime(Extension):
    """Answers for the host."""

    name: ClassVar = "entity_time"
    implements: ClassVar = (Xep(202, "2.0"), Xep(82, "1.1.1"))
    features: ClassVar = (NS,)

    @iq("get", NS, "time", to=Target.HOST)
    def time(self, _request: Request) -> Answer:
        """Tell the time (XEP-0202 §2)."""
        moment = datetime.fromtimestamp(self.server.clock.now(), UTC).astimezone()
        tzo = Element("tzo", NS, None, offset(moment))
        return Element("time", NS, None, tzo, Element("utc", NS, None, utc(moment)))


def utc(moment: datetime) -> str:
    """Write a moment as a DateTime in UTC, to the second (XEP-0082 §3.2).

    ``moment`` knows its time zone.
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def offset(moment: datetime) -> str:
    """Write the offset of a moment's time zone as ``+hh:mm`` or ``-hh:mm`` (XEP-0082 §2.1).

    UTC is written as ``+00:00``, not as ``Z``, because clients look for digits.
    """
    away = moment.utcoffset()
    if away is None:
        raise ValueError("the moment has no time zone")
    minutes = round(away.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"
