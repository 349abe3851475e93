"""Documents for tests of the readers, written as XML by hand: what Word writes, and what it may.

``docx`` and ``odt`` return bytes. The short makers below (``par``, ``num`` …) name the parts of
WordprocessingML that the readers must know.
"""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def docx(body: str, **parts: str) -> bytes:
    """Pack a body and further parts by name (``numbering=…``, ``styles=…``, ``footnotes=…``)."""
    names = {"document": f"<w:body>{body}</w:body>", **parts}
    roots = {"document": "document", "numbering": "numbering", "styles": "styles"}
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.'
        f'{"document.main" if name == "document" else name}+xml"/>'
        for name in names
    )
    links = "".join(
        f'<Relationship Id="r{name}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>'
        for name in parts
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
        "</Relationships>",
        "word/_rels/document.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{links}</Relationships>",
    }
    for name, content in names.items():
        root = roots.get(name, name)
        files[f"word/{name}.xml"] = f"{_HEAD}<w:{root} {_SPACES}>{content}</w:{root}>"
    return zipped(files)


def run(text: str, properties: str = "") -> str:
    inside = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inside}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def par(*contents: str, style: str = "", num: tuple[int, int] | None = None, more: str = "") -> str:
    """A paragraph; plain strings are text, what begins with «<» is XML; ``num`` is (id, level)."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if num:
        properties += f'<w:numPr><w:ilvl w:val="{num[1]}"/><w:numId w:val="{num[0]}"/></w:numPr>'
    inside = "".join(each if each.startswith("<") else run(each) for each in contents)
    return f"<w:p><w:pPr>{properties}{more}</w:pPr>{inside}</w:p>"


def level(place: int, form: str, style: str = "decimal", *, start: int = 1, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:lvlText w:val="{form}"/><w:lvlJc w:val="left"/></w:lvl>'
    )


def abstract(name: int, *levels: str, before: str = "", after: str = "") -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{name}"><w:multiLevelType w:val="multilevel"/>'
        f"{before}{''.join(levels)}{after}</w:abstractNum>"
    )


def numbering(name: int, abstract_name: int, *overrides: str) -> str:
    return (
        f'<w:num w:numId="{name}"><w:abstractNumId w:val="{abstract_name}"/>'
        f"{''.join(overrides)}</w:num>"
    )


def start_over(place: int, start: int = 1) -> str:
    return f'<w:lvlOverride w:ilvl="{place}"><w:startOverride w:val="{start}"/></w:lvlOverride>'


def paragraph_style(
    name: str, properties: str, based_on: str = "", *, default: bool = False
) -> str:
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    mark = ' w:default="1"' if default else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"{mark}><w:name w:val="{name}"/>{base}'
        f"<w:pPr>{properties}</w:pPr></w:style>"
    )


def list_style(name: str, number: int) -> str:
    return (
        f'<w:style w:type="numbering" w:styleId="{name}"><w:name w:val="{name}"/>'
        f'<w:pPr><w:numPr><w:numId w:val="{number}"/></w:numPr></w:pPr></w:style>'
    )


def row(*cells: str) -> str:
    inside = "".join(
        each if each.startswith("<w:tc>") else f"<w:tc><w:tcPr/>{each}</w:tc>" for each in cells
    )
    return f"<w:tr>{inside}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def text_box(content: str) -> str:
    """As Word writes it: the new form, and the old one for old readers, with the same words."""
    inside = f"<w:txbxContent>{content}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor>'
        '<wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="box"/><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"<wps:wsp><wps:spPr/><wps:txbx>{inside}</wps:txbx><wps:bodyPr/></wps:wsp>"
        "</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )
