"""The parts of a .docx or .odt: a ZIP with XML inside, from a stranger.

Parts are unpacked in a stream up to a limit that holds for all of them together: what the ZIP's
own headers say of sizes is not believed, and pictures are never unpacked at all.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from xml.etree.ElementTree import Element, ParseError  # types; the parser is defusedxml's

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from resolutions.recognition.readers.refusals import MAX_UNPACKED, Unreadable

_MAX_PARTS = 5_000
_MAX_ELEMENTS = 1_500_000
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError)


class Archive:
    """A ZIP in memory; raises ``Unreadable`` for what is damaged, encrypted or a bomb."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self.names = frozenset(self._zip.namelist())
        except _BROKEN as error:
            raise Unreadable("damaged") from error
        if len(self.names) > _MAX_PARTS:
            raise Unreadable("bomb")
        self._left = MAX_UNPACKED

    def part(self, name: str) -> bytes:
        """Return the bytes of one part; empty where there is none."""
        if name not in self.names:
            return b""
        if self._zip.getinfo(name).flag_bits & 1:
            raise Unreadable("password")
        try:
            with self._zip.open(name) as stream:
                data = stream.read(self._left + 1)
        except RuntimeError as error:  # zipfile's word for encryption it meets only here
            raise Unreadable("password") from error
        except _BROKEN as error:
            raise Unreadable("damaged") from error
        self._left -= len(data)
        if self._left < 0:
            raise Unreadable("bomb")
        return data

    def tree(self, name: str) -> Element | None:
        """Return the root of an XML part with local names («p», «val»); None where there is none.

        Namespaces are dropped because the strict and the transitional variety of a format differ
        in nothing else; no element that is read carries two attributes of one local name.
        """
        data = self.part(name)
        if not data:
            return None
        if data.count(b"<") > 2 * _MAX_ELEMENTS:
            raise Unreadable("bomb")
        try:
            root: Element = fromstring(data, forbid_dtd=True)
        except DefusedXmlException as error:
            raise Unreadable("bomb") from error
        except (ParseError, LookupError, ValueError) as error:
            raise Unreadable("damaged") from error
        _drop_namespaces(root.iter())
        return root


def _drop_namespaces(elements: Iterable[Element]) -> None:
    for element in elements:
        element.tag = element.tag.rpartition("}")[2]
        attributes = element.attrib
        for name in [name for name in attributes if name[0] == "{"]:
            attributes[name.rpartition("}")[2]] = attributes.pop(name)


def whole(written: str | None, otherwise: int = 0) -> int:
    """Read a whole number of the file; what is none, or absurdly long, is ``otherwise``."""
    return int(written) if written and re.fullmatch(r"-?[0-9]{1,9}", written) else otherwise
