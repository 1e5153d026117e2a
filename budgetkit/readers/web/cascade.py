"""What style sheets and attributes declare for the elements of a page: the part of CSS that hides or raises text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from budgetkit.limits import Budget

Element = Any
#: the selectors of a rule, and its declarations, as text
Rule = tuple[str, str]

#: the properties that decide whether and where text is seen
# fmt: off
_READ = frozenset({
    "display", "visibility", "opacity", "font-size", "color", "background", "background-color", "text-decoration",
    "text-decoration-line", "position", "left", "top", "right", "text-indent", "margin-left", "clip", "width", "height",
    "max-height", "overflow", "mso-hide", "vertical-align", "transform"})
# fmt: on
#: media for which a rule does not hold on a wide screen
_OTHER_MEDIA = re.compile(r"\b(?:print|speech|max-width|max-device-width|not)\b", re.I)
_NAMED = re.compile(r"([.#])((?:[\w-]|[^\x00-\x7f])+)")

#: what makes a selector look at an element's siblings, each of which looks at all others
_ASIDE = re.compile(r"[~+]|:(?:nth|last|first|only)-")
#: looks that cost as much as one element of the tree
_LOOKS = 50


class Declared(NamedTuple):
    """A value, lower case, and its rank: important, specificity, order."""

    value: str
    rank: tuple[bool, tuple[int, ...], int]


@lru_cache(maxsize=1 << 12)
def _declarations(text: str) -> tuple[tuple[str, str, bool], ...]:
    """Name, value and importance of the declarations of a block that matter here; brackets without end are none."""
    import tinycss2

    try:
        parsed = tinycss2.parse_blocks_contents(text, skip_comments=True, skip_whitespace=True)
        return tuple(
            (item.lower_name, tinycss2.serialize(item.value).strip().lower(), item.important)
            for item in parsed
            if item.type == "declaration" and item.lower_name in _READ
        )
    except RecursionError:
        return ()


def declared(root: Element, budget: Budget) -> tuple[dict[Element, dict[str, str]], int]:
    """The values that hold for each element for which any is declared, by the cascade of CSS; and sheets not read.

    Style sheets in other files are not read; a page that hides figures by them shows them here.
    """
    sheets = [(sheet, _sheet(sheet)) for sheet in root.iter("style")]
    found: dict[Element, dict[str, Declared]] = {}
    looks, among = 0, sum(len(element) ** 2 for element in root.iter())
    for number, (selector, rules) in enumerate(_rules(root, [rules for _, rules in sheets if rules])):
        budget.hold_time()
        looks += len(_ASIDE.findall(selector.canonical())) * among
        budget.hold("objects", looks / _LOOKS)
        for element in _chosen(root, selector):
            for name, value, important in rules:
                _declare(found, element, name, value, (important, selector.specificity(), number))
    for element in root.iter():
        for name, value, important in _declarations(element.get("style") or ""):
            _declare(found, element, name, value, (important, (1, 0, 0, 0), 0))
    values = {element: {name: item.value for name, item in own.items()} for element, own in found.items()}
    return values, sum(rules is None for _, rules in sheets)


def _declare(
    found: dict[Element, dict[str, Declared]],
    element: Element,
    name: str,
    value: str,
    rank: tuple[bool, tuple[int, ...], int],
) -> None:
    own = found.setdefault(element, {})
    if name not in own or own[name].rank <= rank:
        own[name] = Declared(value, rank)


def _sheet(sheet: Element) -> list[Rule] | None:
    """Selectors and declarations of a style sheet for a wide screen; None when it is nested too deeply to be read."""
    import tinycss2

    if _OTHER_MEDIA.search(sheet.get("media") or ""):
        return []
    # sheets in HTML comments are as old as sheets
    text = re.sub(r"<!--|-->", "", sheet.text or "")
    try:
        rules = _flat(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True))
        return [(tinycss2.serialize(rule.prelude), tinycss2.serialize(rule.content)) for rule in rules]
    except RecursionError:
        return None


def _rules(root: Element, sheets: Sequence[Sequence[Rule]]) -> Iterator[tuple[Any, tuple[tuple[str, str, bool], ...]]]:
    """The selectors of style sheets that can match, with the declarations that matter."""
    import cssselect

    names = _names(root)
    for prelude, content in (rule for rules in sheets for rule in rules):
        declarations = _declarations(content)
        if not declarations:
            continue
        for part in prelude.split(","):
            if any(name not in names for _, name in _NAMED.findall(part)):
                continue
            try:
                selectors = cssselect.parse(part)
            except (cssselect.SelectorError, RecursionError):
                continue
            yield from ((selector, declarations) for selector in selectors if not selector.pseudo_element)


def _flat(rules: list[Any]) -> Iterator[Any]:
    """The rules of a sheet, those within @media and @supports too."""
    import tinycss2

    for rule in rules:
        if rule.type == "qualified-rule":
            yield rule
            continue
        if rule.type != "at-rule" or rule.lower_at_keyword not in ("media", "supports") or not rule.content:
            continue
        if not _OTHER_MEDIA.search(tinycss2.serialize(rule.prelude)):
            yield from _flat(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))


def _names(root: Element) -> frozenset[str]:
    """The classes and ids of the page."""
    lists = {value for element in root.iter() for value in (element.get("class"), element.get("id")) if value}
    return frozenset(name for value in lists for name in value.split())


def _chosen(root: Element, selector: Any) -> list[Element]:
    from cssselect import HTMLTranslator, SelectorError
    from lxml import etree

    try:
        path = HTMLTranslator().selector_to_xpath(selector)
        return list(etree.XPath(path)(root))
    except (SelectorError, etree.XPathError, RecursionError):
        return []
