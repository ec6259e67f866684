"""Reads an XForm into a form definition: model, rules, lists and texts."""

from collections.abc import Iterator, Mapping

from lxml import etree

from audit_app.errors import ImportRefused
from audit_app.forms.body import BodyReader, action_of, read_text
from audit_app.forms.definition import (
    Action,
    Bind,
    Control,
    FormDefinition,
    RepeatRule,
    Seed,
    Slot,
    Text,
    Translations,
)
from audit_app.forms.tree import ATTRIBUTE, DOCUMENT, Node
from audit_app.forms.xforms_names import (
    JR,
    XFORMS,
    XHTML,
    local,
    names_of,
    plain_attributes,
    tagged,
)

MAX_DEPTH = 100
"""How deep groups may nest."""


def read_form(xform: str | bytes) -> FormDefinition:
    """The definition of an XForm.

    Raises:
        ImportRefused: the text is not a usable XForm.
    """
    data = xform.encode("utf-8") if isinstance(xform, str) else xform
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        document = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise ImportRefused(
            f"The form is not well-formed XML: {wrong}.", "Export it again from its source."
        ) from wrong
    tree = document.getroottree()
    if tree.docinfo.internalDTD is not None:
        raise ImportRefused("The form declares a document type, which is not allowed here.")
    return _Reader(document).read()


class _Reader:
    def __init__(self, document: etree._Element) -> None:
        self._document = document
        self._slots: dict[tuple[str, ...], Slot] = {}
        self._templates: dict[tuple[str, ...], Seed] = {}

    def read(self) -> FormDefinition:
        model = next(self._document.iter(XFORMS + "model"), None)
        if model is None:
            raise ImportRefused("The file is XML, but not an XForm: it has no model.")
        instances = [e for e in model if e.tag == XFORMS + "instance"]
        root = next((e for i in instances[:1] for e in i if tagged(e)), None)
        if root is None:
            raise ImportRefused("The form has no questions: its model is empty.")
        body_element = next(self._document.iter(XHTML + "body"), None)
        binds = {
            bind.get("id") or "": bind.get("nodeset") or "" for bind in model.iter(XFORMS + "bind")
        }
        reader = BodyReader(local(root), binds)
        body = reader.read(body_element)
        repeats = {c.path: c for top in body for c in top.walk() if c.tag == "repeat"}
        seed = _seed(root)
        root_slot = self._slot(seed, None, repeats, 1)
        self._bind(model, root_slot)
        for control in (c for top in body for c in top.walk()):
            slot = self._slots.get(control.path)
            if slot is not None and (slot.control is None or control.tag != "group"):
                slot.control = control
        return FormDefinition(
            form_id=root.get("id") or local(root),
            version=root.get("version") or "",
            title=self._title(),
            root=root_slot,
            slots=self._slots,
            seed=seed,
            templates=self._templates,
            instances=dict(_secondary(instances[1:])),
            body=body,
            actions=tuple(_actions(model, binds)) + reader.all_actions,
            nested_actions=reader.nested_actions,
            translations=_translations(model),
        )

    def _title(self) -> str:
        title = next(self._document.iter(XHTML + "title"), None)
        return "".join(title.itertext()).strip() if title is not None else ""

    def _slot(
        self,
        seed: Seed,
        parent: Slot | None,
        repeats: dict[tuple[str, ...], Control],
        depth: int,
    ) -> Slot:
        if depth > MAX_DEPTH:
            raise ImportRefused(f"Groups are nested more than {MAX_DEPTH} deep in this form.")
        names = (*(parent.names if parent else ()), seed.name)
        slot = self._slots.get(names)
        if slot is None:
            slot = Slot(seed.name, parent, len(self._slots))
            self._slots[names] = slot
            slot.repeat_depth = parent.repeat_depth if parent else 0
            if parent is not None:
                parent.children[seed.name] = slot
            control = repeats.get(names)
            if control is not None:
                slot.repeat = RepeatRule(
                    control.attributes.get("count", ""),
                    fixed=control.attributes.get("noAddRemove", "") in {"true()", "true"},
                )
                slot.repeat_depth = slot.depth
        if slot.repeat is not None and (seed.is_template or names not in self._templates):
            self._templates[names] = seed
        for child in seed.children:
            self._slot(child, slot, repeats, depth + 1)
        return slot

    def _bind(self, model: etree._Element, root: Slot) -> None:
        for bind in model.iter(XFORMS + "bind"):
            path = bind.get("nodeset") or ""
            if "@" in path:
                continue
            slot = self._slots.get(names_of(path, root.names))
            if slot is None:
                continue
            slot.bind = _bind(plain_attributes(bind))


def _bind(said: Mapping[str, str]) -> Bind:
    return Bind(
        type=(said.get("type") or "string").rpartition(":")[2],
        relevant=_rule(said, "relevant", "true()"),
        calculate=said.get("calculate", "").strip(),
        constraint=_rule(said, "constraint", "true()"),
        required=_rule(said, "required", "false()"),
        readonly=_rule(said, "readonly", "false()"),
        constraint_message=_message(said.get("constraintMsg", "")),
        required_message=_message(said.get("requiredMsg", "")),
        preload=said.get("preload", ""),
        preload_params=said.get("preloadParams", ""),
    )


def _actions(model: etree._Element, binds: Mapping[str, str]) -> Iterator[Action]:
    base = (local_root(model),)
    for element in model:
        if tagged(element) and local(element) == "setvalue":
            yield action_of(element, base, binds)


def local_root(model: etree._Element) -> str:
    """Name of the root element of a model's first instance."""
    for instance in model:
        if instance.tag == XFORMS + "instance":
            return next((local(e) for e in instance if tagged(e)), "")
    return ""


def _rule(said: Mapping[str, str], name: str, nothing: str) -> str:
    text = said.get(name, "").strip()
    return "" if text == nothing else text


def _message(text: str) -> Text:
    if text.startswith("jr:itext("):
        return Text(key=text[len("jr:itext(") :].rstrip(") ").strip("'\" "))
    return Text(parts=(text,)) if text else Text()


def _seed(element: etree._Element) -> Seed:
    children = [_seed(child) for child in element if tagged(child)]
    name = etree.QName(element)
    return Seed(
        name=name.localname,
        namespace=name.namespace,
        text="" if children else (element.text or ""),
        attributes={local_key(k): v for k, v in element.attrib.items() if JR not in str(k)},
        children=children,
        is_template=element.get(JR + "template") is not None,
    )


def local_key(key: str | bytes) -> str:
    """An attribute's name without its namespace."""
    return str(key).rpartition("}")[2]


def _secondary(instances: list[etree._Element]) -> Iterator[tuple[str, Node]]:
    for instance in instances:
        key = instance.get("id")
        root = next((e for e in instance if tagged(e)), None)
        if key:
            document = Node("", kind=DOCUMENT)
            document.named = {}
            if root is not None:
                document.append(_list_node(root))
            yield key, document


def _list_node(element: etree._Element) -> Node:
    name = etree.QName(element)
    node = Node(name.localname, namespace=name.namespace)
    if element.attrib:
        node.attrs = [Node(local_key(k), node, v, ATTRIBUTE) for k, v in element.attrib.items()]
    children = [child for child in element if tagged(child)]
    if not children:
        node.text = element.text or ""
        return node
    node.named = {}
    for child in children:
        node.append(_list_node(child))
    return node


def _translations(model: etree._Element) -> Translations:
    itext = next(model.iter(XFORMS + "itext"), None)
    if itext is None:
        return Translations((), "", {})
    languages: list[str] = []
    default = ""
    texts: dict[str, dict[str, dict[str, Text]]] = {}
    for translation in itext:
        language = translation.get("lang") or ""
        languages.append(language)
        if translation.get("default") is not None and not default:
            default = language
        texts[language] = {
            text.get("id") or "": {
                (value.get("form") or ""): read_text(value) for value in text if tagged(value)
            }
            for text in translation
        }
    default = default or (languages[0] if languages else "")
    named = tuple(x for x in languages if x not in {"", "default"} or len(languages) > 1)
    return Translations(named, default, texts)
