"""Contact persons and telephone numbers: where they are printed, and texts without them.

Publishing them on is no purpose of this library: no frame holds them. What a text says else stays as printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from budgetkit.printed.widths import fold

_WHO = r"(?:负责|联系|经办|填报|填表|制表|审核|复核|编报|编制|联络)人(?:员?姓名)?|分管领导|财务负责人|单位领导|联络员"
_HOW = r"(?:联系|办公|咨询|固定|移动|监督)?(?:电话|手机)(?:号码?)?|联系方式|电子邮箱|电子邮件|邮箱|传真|座机"
_OF = r"(?:项目|单位|部门|主要|财务|业务|科室|具体|预算|本级|资金|直接|办公室){0,6}"
_LABEL = (
    rf"{_OF}(?:{_WHO}|{_HOW})(?:签字|签章|签名)?(?:(?:及其?|和|与|或|、|/|\(){_OF}(?:{_WHO}|{_HOW}|签字|签章|盖章)\)?)*"
)
_IS_LABEL = re.compile(rf"{_LABEL}(?:\([^()]*\))?:?")
#: a label with what follows it, in running text
_SPOKEN = re.compile(
    rf"(?P<label>{_LABEL})(?P<colon>\s*(?:\([^()（）]{{0,6}}\)|（[^()（）]{{0,6}}）)?\s*[:：])?[ \t\u3000]*"
    rf"(?P<value>(?:(?!{_LABEL})[^\n,，;；。、]){{0,40}})"
)
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}(?:同志|先生|女士)?")
_CALLED = re.compile(r"[(（]?\d[\d\-—－–\s()（）]{5,}\d")
#: a number behind a name
_FURTHER = re.compile(rf"[,，、;；/\s]*{_CALLED.pattern}")
_PHONE = re.compile(
    r"(?<![\d.,])(?:(?:\+?86[-\s]?)?1[3-9]\d(?:[-\s]?\d{4}){2}|[(（]?0\d{2,3}(?:[)）][-—－–\s]?|[-—－–\s])\d{7,8}(?:[-—－转]\d{1,5})?"
    r"|0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}|[48]00[-—－]\d{3,4}[-—－]\d{3,4})(?![\d.%]|,\d)"
)
#: looked for from the beginning of a word only, or a long one would be looked through from each of its letters
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MAY = re.compile(r"人|电话|手机|领导|联络|联系|邮|传真|座机|@|\d{3}")
#: columns of frames with free text; amounts as printed, codes and units are none
_FREE = frozenset(
    {"label", "name", "title", "column", "entity", "department", "project", "subject", "sentence", "text", "line"}
    | {"level1", "level2", "level3", "target", "actual", "prior_actual", "reason", "notes", "unread"}
)


def is_label(text: str) -> bool:
    """Whether a text is but the label of a contact person or number: 联系人, 项目负责人及电话.

    >>> is_label("填报人："), is_label("联系 电话"), is_label("项目负责人（签字）"), is_label("负责人培训")
    (True, True, True, False)
    """
    return _IS_LABEL.fullmatch(fold(text)) is not None


def is_personal(text: str) -> bool:
    """Whether a text can be but the value beside such a label: a short name, numbers of a telephone.

    >>> is_personal("张三"), is_personal("0991-1234567"), is_personal("培训人数（人）")
    (True, True, False)
    """
    folded = fold(text)
    if is_label(text):
        return False
    return bool(_NAME.fullmatch(folded) or re.fullmatch(r"(?:[\u4e00-\u9fff·]{2,4})?[\d\-—()/、,;+转]{5,}", folded))


@lru_cache(maxsize=1 << 14)
def without(text: str) -> str:
    """A text without the names that follow a label of persons, and without telephone numbers and mail addresses.

    >>> without("联系人：张三，联系电话：0991-1234567。"), without("负责人培训3期，购置13900000000元")
    ('联系人：，联系电话：。', '负责人培训3期，购置13900000000元')
    """
    if not _MAY.search(text):
        return text
    return _MAIL.sub("", _PHONE.sub(_unless_amount, _without_spoken(text)))


def cleaned(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a frame whose columns of free text hold no person.

    >>> cleaned({"text": "李四13800138000", "amount": 1.0})
    {'text': '李四', 'amount': 1.0}
    """
    return {
        key: (without(value) or None if value else value) if key in _FREE and isinstance(value, str) else value
        for key, value in row.items()
    }


def _without_spoken(text: str) -> str:
    """A text without what follows labels of persons; labels and names may be spaced out or parted by a line's end."""
    kept = [at for at, char in enumerate(text) if not char.isspace() or _is_gap(text, at)]
    bare = "".join(text[at] for at in kept)
    cut: set[int] = set()
    for match in _SPOKEN.finditer(bare):
        start, stop = _private(match)
        if stop > start:
            said = range(kept[start], kept[stop - 1] + 1)
            cut.update(_up_to_line_end(text, said) if not bare[start].isascii() else said)
    return "".join(char for at, char in enumerate(text) if at not in cut) if cut else text


def _is_gap(text: str, at: int) -> bool:
    """Whether white space parts texts: a tab, a wide space, or more than one space."""
    return text[at] in "\t\u3000" or (text[at] == " " and text[at + 1 : at + 2] == " ")


def _up_to_line_end(text: str, said: range) -> range:
    """A name that stands at the end of its line stops there."""
    end = text.find("\n", said.start, said.stop)
    return range(said.start, end) if end - said.start > 1 and _NAME.fullmatch(text[said.start : end]) else said


def _private(match: re.Match[str]) -> tuple[int, int]:
    """Where a person's name or number stands behind a label; an empty range where what follows is none."""
    value = match["value"].rstrip("\t\u3000 ")
    start = match.start("value")
    name, number = _NAME.match(value), _CALLED.match(value)
    if match["colon"]:
        stop = start + max(name.end() if name else 0, number.end() if number else 0)
        further = _FURTHER.match(match.string, stop) if name else None
        return start, further.end() if further else stop
    whole = name is not None and name.end() == len(value) and _is_direct(match["label"])
    alone = number is not None and not value[number.end() :]
    return start, start + (len(value) if whole or alone else 0)


def _is_direct(label: str) -> bool:
    """Whether a name follows the label without a colon: 联系人张三; 负责人 can begin a clause of its own."""
    return label.endswith(("联系人", "经办人", "填报人", "填表人", "制表人"))


def _unless_amount(match: re.Match[str]) -> str:
    """Nothing for a telephone number; what is followed by a unit of money or count is none."""
    after = match.string[match.end() : match.end() + 1]
    return match[0] if after and after in "元万亿人户次个件项台套平吨公" else ""
