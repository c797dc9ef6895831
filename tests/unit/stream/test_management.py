"""The elements of stream management, and when each may come (XEP-0198 §3 to §6)."""

import pytest
from tests.unit.stream.driver import HEADER, Driver, auth

from palaver.stream import management
from palaver.stream.events import Acknowledged, AcknowledgementAsked, Enable, Resume
from palaver.stream.state import State

NS = management.NS
UNEXPECTED = (
    f"<failed xmlns='{NS}'>"
    "<unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>"
)
BAD = UNEXPECTED.replace("unexpected-request", "bad-request")


def told(driver: Driver, data: str) -> list[object]:
    """Feed, and return the events besides what the driver does by itself."""
    return list(driver.stream.receive(data.encode()))


def said(driver: Driver) -> str:
    return driver.stream.output().decode()


def to_binding() -> Driver:
    driver = Driver()
    for data in (HEADER, auth(), HEADER):
        driver.feed(data)
    return driver


def managed() -> Driver:
    driver = Driver().log_in()
    told(driver, f"<enable xmlns='{NS}'/>")
    return driver


@pytest.mark.parametrize(
    ("attributes", "event"),
    [
        ("", Enable(resume=False, seconds=None)),
        ("resume='true'", Enable(resume=True, seconds=None)),
        ("resume='1' max='60'", Enable(resume=True, seconds=60)),
        ("resume='false'", Enable(resume=False, seconds=None)),
    ],
)
def test_a_bound_stream_may_be_managed(attributes: str, event: Enable) -> None:
    assert told(Driver().log_in(), f"<enable xmlns='{NS}' {attributes}/>") == [event]


@pytest.mark.parametrize("wish", ["0", "-5", "soon", ""])
def test_a_wish_that_is_no_time_is_a_bad_request(wish: str) -> None:
    driver = Driver().log_in()
    driver.stream.output()
    assert told(driver, f"<enable xmlns='{NS}' max='{wish}'/>") == []
    assert said(driver) == BAD


def test_before_login_enabling_and_resuming_fail() -> None:
    driver = Driver()
    driver.feed(HEADER)
    for element in ("enable", "resume h='0' previd='x'"):
        told(driver, f"<{element} xmlns='{NS}'/>")
        assert said(driver) == UNEXPECTED
    assert driver.stream.state is State.NEGOTIATING


@pytest.mark.parametrize("element", ["a h='0'", "r"])
def test_before_login_acknowledgements_end_the_stream(element: str) -> None:
    driver = Driver()
    driver.feed(HEADER)
    driver.feed(f"<{element} xmlns='{NS}'/>")
    assert driver.condition == "not-authorized"


@pytest.mark.parametrize("element", ["a h='0'", "r", "resume h='0' previd='x'"])
def test_a_stream_that_is_not_managed_has_no_acknowledgements(element: str) -> None:
    driver = Driver().log_in()
    driver.stream.output()
    assert told(driver, f"<{element} xmlns='{NS}'/>") == []
    assert said(driver) == UNEXPECTED


def test_acknowledgements_are_told() -> None:
    driver = managed()
    events = told(driver, f"<a xmlns='{NS}' h='4294967295'/><r xmlns='{NS}'/>")
    assert events == [Acknowledged(4294967295), AcknowledgementAsked()]


def test_a_refused_client_may_ask_again() -> None:
    driver = managed()
    driver.stream.output()
    driver.stream.refuse_management("internal-server-error")
    assert "internal-server-error" in said(driver)
    assert told(driver, f"<enable xmlns='{NS}'/>") == [Enable(resume=False, seconds=None)]


def to_resuming() -> tuple[Driver, list[object]]:
    driver = to_binding()
    driver.stream.output()
    message = "<message to='x'/>"
    return driver, told(driver, f"<resume xmlns='{NS}' h='7' previd='token'/>{message}")


def test_a_resumed_stream_is_bound_and_what_came_behind_is_read_after_the_resending() -> None:
    driver, events = to_resuming()
    assert events == [Resume("token", 7)]
    assert driver.stream.resumed("token", 3) == []
    assert said(driver) == f"<resumed xmlns='{NS}' h='3' previd='token'/>"
    assert driver.stream.state is State.BOUND
    assert len(told(driver, "")) == 1


def test_after_a_failed_resumption_a_resource_may_be_bound() -> None:
    driver = to_binding()
    driver.stream.output()
    told(driver, f"<resume xmlns='{NS}' h='7' previd='token'/>")
    driver.stream.refuse_management("item-not-found", 12)
    assert said(driver).startswith(f"<failed xmlns='{NS}' h='12'><item-not-found")
    assert driver.stream.state is State.BINDING
