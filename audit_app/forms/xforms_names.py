"""Names and paths of XForms documents."""

from lxml import etree

XFORMS = "{http://www.w3.org/2002/xforms}"
XHTML = "{http://www.w3.org/1999/xhtml}"
JR = "{http://openrosa.org/javarosa}"
ODK = "{http://www.opendatakit.org/xforms}"


def tagged(element: etree._Element) -> bool:
    """Whether this is an element rather than a comment or an instruction."""
    return isinstance(element.tag, str)


def local(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def plain_attributes(element: etree._Element) -> dict[str, str]:
    """All attributes by local name; one without a namespace wins over one with."""
    out: dict[str, str] = {}
    for key, value in element.attrib.items():
        name = str(key)
        if name[0] != "{":
            out[name] = str(value)
        else:
            out.setdefault(name.rpartition("}")[2], str(value))
    return out


def names_of(path: str, base: tuple[str, ...]) -> tuple[str, ...]:
    """A path of names as a tuple, made absolute; prefixes are left out, as they carry no meaning."""
    text = path.strip()
    names = [] if text.startswith("/") else list(base)
    for raw in text.strip("/").split("/"):
        name = raw.strip().rpartition(":")[2]
        if name == "..":
            names = names[:-1]
        elif name not in {"", "."} and not name.startswith("current("):
            names.append(name)
    return tuple(names)
