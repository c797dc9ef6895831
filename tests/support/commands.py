"""Ad-hoc commands as a client runs them (XEP-0050)."""

from dataclasses import dataclass

from tests.support.house import Client

from palaver.wire import escape
from palaver.wire.element import Element

NS = "http://jabber.org/protocol/commands"
NS_FORMS = "jabber:x:data"


class Refused(Exception):  # noqa: N818 - says what happened
    """An error came: its condition, its type, the condition of the protocol, and its text."""

    def __init__(self, answer: Element) -> None:
        error = answer.find("error", "jabber:client")
        assert error is not None
        children = {child.ns: child for child in error if child.name != "text"}
        stanza_error = children["urn:ietf:params:xml:ns:xmpp-stanzas"]
        self.answer = answer
        self.condition = stanza_error.name
        self.type = error.get("type")
        self.detail = children[NS].name if NS in children else ""
        self.text = error.text_of("text", "urn:ietf:params:xml:ns:xmpp-stanzas")
        super().__init__(f"{self.condition} {self.detail} {self.text}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A ``<command/>`` that came."""

    command: Element

    @property
    def session(self) -> str:
        return self.command.get("sessionid", "")

    @property
    def status(self) -> str | None:
        return self.command.get("status")

    @property
    def notes(self) -> list[tuple[str | None, str]]:
        return [(note.get("type"), note.text) for note in self.command.find_all("note")]

    @property
    def actions(self) -> tuple[str | None, set[str]]:
        actions = self.command.find("actions")
        assert actions is not None
        return actions.get("execute"), {action.name for action in actions}

    @property
    def form(self) -> Element:
        form = self.command.find("x", NS_FORMS)
        assert form is not None
        return form

    @property
    def values(self) -> dict[str, list[str]]:
        """The values of the form by the names of the fields."""
        return {
            field.get("var", ""): [value.text for value in field.find_all("value")]
            for field in self.form.find_all("field")
        }


def submitted(fields: dict[str, str | list[str]], kind: str = "submit") -> str:
    """Write a form that was filled in."""
    written = ""
    for var, value in fields.items():
        values = [value] if isinstance(value, str) else value
        texts = "".join(f"<value>{escape.text(each)}</value>" for each in values)
        written += f"<field var='{var}'>{texts}</field>"
    return f"<x xmlns='{NS_FORMS}' type='{kind}'>{written}</x>"


async def give(
    client: Client,
    node: str,
    *,
    to: str | None = None,
    session: str | None = None,
    action: str | None = None,
    inner: str = "",
    lang: str | None = None,
) -> Answer:
    """Send one ``<command/>`` and return what comes back; raises `Refused`."""
    attrs = {"node": node, "sessionid": session, "action": action, "xml:lang": lang}
    written = "".join(f" {key}='{value}'" for key, value in attrs.items() if value is not None)
    host = to or client.session.host.name
    answer = await client.ask(
        f"<iq type='set' id='c' to='{host}'><command xmlns='{NS}'{written}>{inner}</command></iq>"
    )
    if answer.get("type") == "error":
        raise Refused(answer)
    command = answer.find("command", NS)
    assert command is not None
    return Answer(command)


async def run(
    client: Client, node: str, fields: dict[str, str | list[str]] | None = None, **options: str
) -> Answer:
    """Begin a command and, where it asks for something, fill its form in."""
    begun = await give(client, node, **options)
    if fields is None:
        return begun
    return await give(client, node, session=begun.session, inner=submitted(fields), **options)
