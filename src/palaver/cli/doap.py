"""Writes the description of the project that lists of XMPP software read (XEP-0453)."""

from collections.abc import Iterator
from importlib.metadata import metadata
from itertools import groupby

from palaver.cli import implemented
from palaver.cli.implemented import Extensions, Implemented
from palaver.specifications import Xep
from palaver.wire.escape import text

_HEAD = """\
<?xml version='1.0' encoding='UTF-8'?>
<!-- Made from the code by `make docs`: do not edit. -->
<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'
         xmlns='http://usefulinc.com/ns/doap#'
         xmlns:xmpp='https://linkmauve.fr/ns/xmpp-doap#'>
  <Project>
    <name>Palaver</name>"""
_FACTS = """\
    <license rdf:resource='https://www.apache.org/licenses/LICENSE-2.0'/>
    <language>en</language>
    <programming-language>Python</programming-language>
    <os>Linux</os>
    <category rdf:resource='https://linkmauve.fr/ns/xmpp-doap#category-server'/>"""
_TAIL = """\
  </Project>
</rdf:RDF>
"""


def doap(extensions: Extensions) -> str:
    """Describe the project in RDF/XML, with every RFC and XEP that its parts declare."""
    return "\n".join(
        [
            _HEAD,
            f"    <shortdesc xml:lang='en'>{text(metadata('palaver')['Summary'])}</shortdesc>",
            _FACTS,
            *(f"    <implements rdf:resource='{each.what.url}'/>" for each in implemented.rfcs()),
            *_supported(implemented.xeps(extensions)),
            _TAIL,
        ]
    )


def _supported(found: list[Implemented]) -> Iterator[str]:
    """Write each XEP once, though several parts may implement some of it."""
    for _, parts in groupby(found, key=lambda each: each.what.number):
        xeps = [each.what for each in parts if isinstance(each.what, Xep)]
        yield "    <implements>"
        yield "      <xmpp:SupportedXep>"
        yield f"        <xmpp:xep rdf:resource='{xeps[0].url}'/>"
        status = "partial" if all(xep.partial for xep in xeps) else "complete"
        yield f"        <xmpp:status>{status}</xmpp:status>"
        yield f"        <xmpp:version>{xeps[0].version}</xmpp:version>"
        notes = "; ".join(xep.note for xep in xeps if xep.note).replace("`", "")
        if notes:
            yield f"        <xmpp:note xml:lang='en'>{text(notes)}</xmpp:note>"
        yield "      </xmpp:SupportedXep>"
        yield "    </implements>"
