"""What the header of a stream means for its stanzas, which must be the same without it.

Stanzas are kept as bytes that are valid where jabber:client is the default namespace. Those of
another stream, and those that use what its header declares, are written again where that shows.
"""

from collections.abc import Sequence
from typing import Final

from palaver.wire import element, ns
from palaver.wire.events import Nonza
from palaver.wire.stanza import Stanza

LANG: Final = f"{ns.XML} lang"

_DEFAULT_AGAIN: Final = (b" xmlns='jabber:client'", b' xmlns="jabber:client"')
_SPELT: Final = b"&#"  # a namespace may be spelt with character references
_REMEMBERED: Final = 64  # combinations of children


class Context:
    """What a header declares.

    ``namespace``     of the stanzas; empty for none
    ``declarations``  the prefixes, as written in a start tag
    ``reserved``      the same, as they show up in a name
    ``foreign``       whether it is the stream of a server or a component
    """

    __slots__ = ("_declarations", "_keys", "_namespace", "_reserved", "_words", "foreign")

    def __init__(self, namespace: str, declarations: str, reserved: tuple[bytes, ...]) -> None:
        self._namespace = namespace
        self._declarations = declarations
        self._reserved = reserved
        self._words = (namespace.encode(), *reserved, _SPELT)
        self._keys: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.foreign = ":" in namespace and namespace != ns.CLIENT

    def depends(self, data: bytes) -> bool:
        """Tell whether bytes may mean something else in another stream.

        Those that have neither ":" nor "&" do not.
        """
        for word in self._words:  # noqa: SIM110 - a generator would take three times as long
            if word in data:
                return True
        return False

    def in_client(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return names of children as they are where jabber:client is the default namespace."""
        found = self._keys.get(names)
        if found is None:
            if len(self._keys) >= _REMEMBERED:
                self._keys.clear()
            found = self._keys[names] = self._translated(names)
        return found

    def _translated(self, names: Sequence[str]) -> tuple[str, ...]:
        own = f"{self._namespace} "
        return tuple(
            ns.qname(ns.CLIENT, name[len(own) :]) if name.startswith(own) else name
            for name in names
        )

    def read(
        self,
        kind: str | None,
        attrs: dict[str, str],
        raw: bytes,
        head: int,
        inner: bytes,
        names: list[str],
        places: list[int],
    ) -> Stanza | Nonza:
        """Return what the bytes of a top-level element are, of which nothing is known yet."""
        if kind is None:
            return Nonza(element.parse(raw, self._namespace, self._declarations))
        if LANG in attrs:
            attrs["xml:lang"] = attrs.pop(LANG)
        if self._stands_alone(raw, head, inner):
            keys = self._translated(names) if self.foreign else tuple(names)
            return Stanza(kind, attrs, inner, keys, tuple(places))
        return self._rewritten(kind, attrs, raw)

    def _stands_alone(self, raw: bytes, head: int, inner: bytes) -> bool:
        """Tell whether the inner bytes mean the same under an opening tag of ours."""
        if any(prefix in inner for prefix in self._reserved):
            return False
        declarations = raw.count(b"xmlns", 0, head)
        if declarations == 0:
            return self._namespace == ns.CLIENT or not self.depends(inner)
        plain = declarations == 1 and raw.startswith(_DEFAULT_AGAIN, raw.index(b"xmlns") - 1)
        return plain and self._namespace == ns.CLIENT

    def _rewritten(self, kind: str, attrs: dict[str, str], raw: bytes) -> Stanza:
        """Return the stanza with its children written again, on a tree, in jabber:client."""
        tree = element.parse(raw, self._namespace, self._declarations)
        element.rename_namespace(tree, self._namespace, ns.CLIENT)
        parts = [(child.key, child.to_bytes()) for child in tree]
        places = [0]
        for _, part in parts:
            places.append(places[-1] + len(part))
        inner = b"".join(part for _, part in parts)
        return Stanza(kind, attrs, inner, tuple(key for key, _ in parts), tuple(places[:-1]))
