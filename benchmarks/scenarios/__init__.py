"""The scenarios, in the order of the table."""

from benchmarks.scenarios.closed_loop import ClosedLoop
from benchmarks.scenarios.federated import Federated
from benchmarks.scenarios.logins import Logins
from benchmarks.scenarios.memory import Memory
from benchmarks.scenarios.pipelined import Pipelined
from benchmarks.scenarios.presence import Presence
from benchmarks.scenarios.publishing import Publishing
from benchmarks.scenarios.reliable import Reliable
from benchmarks.scenarios.resumption import Resumptions
from benchmarks.scenarios.rooms import LARGE_CROWD, LARGEST_CROWD, Crowd, Room
from benchmarks.scenarios.roster import Roster
from benchmarks.scenarios.scenario import Scenario

ALL: tuple[Scenario, ...] = (
    Pipelined(),
    Pipelined(archive=True),
    Pipelined(tls=True),
    Pipelined(tls=True, archive=True),
    Reliable(),
    Federated(),
    Federated(archive=True),
    ClosedLoop(1),
    ClosedLoop(50),
    ClosedLoop(1, tls=True),
    ClosedLoop(50, tls=True),
    ClosedLoop(1, archive=True),
    ClosedLoop(50, archive=True),
    ClosedLoop(1, tls=True, archive=True),
    ClosedLoop(50, tls=True, archive=True),
    Logins(),
    Resumptions(),
    Resumptions(tokens=True),
    Memory(),
    Presence(),
    Publishing(),
    Room(),
    Room(archive=True),
    Crowd(),
    Crowd(LARGE_CROWD),
    Crowd(LARGEST_CROWD),
    Roster(),
)
