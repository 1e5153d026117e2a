"""Contact persons and telephone numbers: where they are printed, and texts without them.

Publishing them on is no purpose of this library: no frame holds them. What a text says else stays as printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import Any

from budgetkit.printed.widths import fold

_WHO = r"(?:负责|联系|经办|填报|填表|制表|审核|复核|编报|编制|联络)人(?:员?姓名)?|分管领导|财务负责人|单位领导|联络员"
_HOW = r"(?:联系|办公|咨询|固定|移动|监督)?(?:电话|手机)(?:号码?)?|联系方式|电子邮箱|电子邮件|邮箱|传真|座机"
_OF = r"(?:项目|单位|部门|主要|财务|业务|科室|具体|预算|本级|资金|直接|办公室)"
_AND = rf"(?:及其?|和|与|或|、|/|\(){_OF}{{0,6}}(?:{_WHO}|{_HOW}|签字|签章|盖章)\)?"
_LABEL = rf"(?:{_WHO}|{_HOW})(?:签字|签章|签名)?(?:{_AND})*"
_IS_LABEL = re.compile(rf"{_OF}{{0,6}}{_LABEL}(?:\([^()]*\))?:?")
#: what a label is no longer than
_LONGEST_LABEL = 60
#: a label in running text, found by its core alone: nothing before it is looked through from each of its letters
_SPOKEN = re.compile(
    rf"(?=[负联经填制审复编分财单办咨固移监电手邮传座])(?P<label>{_LABEL})"
    r"(?P<colon>\s{0,9}(?:\([^()（）]{0,6}\)|（[^()（）]{0,6}）)?\s{0,9}[:：])?[ \t\u3000]*"
)
#: words of a label before its core, and how far they reach
_BEFORE, _REACH = re.compile(rf"{_OF}{{1,6}}\Z"), 18
#: what may be said behind a label, and no farther
_SAID, _FARTHEST = re.compile(r"[^\n,，;；。、]*"), 40
#: what parts letters of one word, not texts: a blank, a line's end
_WITHIN = re.compile(r"[^\S \t\u3000]| (?! )")
_NAME = re.compile(
    r"(?:[\u4e00-\u9fff]{1,8}(?:[·•・‧][\u4e00-\u9fff]{1,8}){1,3}|[\u4e00-\u9fff]{2,4})(?:同志|先生|女士)?"
)
_TITLE = re.compile("(?:同志|先生|女士)$")
_LETTERS = re.compile(r"[\u4e00-\u9fff·•・‧]{2,40}")
#: all that stands behind a label and its colon, where no other label follows
_RUN = re.compile(r"[\u4e00-\u9fff·•・‧]{2,10}(?![\u4e00-\u9fff·•・‧:：])")
#: frequent family names, of which no word behind 负责人 begins but those below
_FAMILY = re.compile(
    r"欧阳|上官|司马|诸葛|皇甫|尉迟|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任"
    r"卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫阎雷段史龙贺陶顾毛郝龚邵万覃武钱戴严莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜"
    r"倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳甄]"
)
_NO_NAME = re.compile(
    r"高[度级中校效标]|任[期务职用命何]|于|方[案面式法]|安[全排置]|成[本员立果功]|单[位项]|包[括含]|路[费线]|金[额融]|马上|周[期边转]|程[序度]"
    r"|曾经|严[格重]|施[工行]|张贴|陈[述列]|林[业草场区]|董事|范围|顾问|易地|文[化件明]|关[于系键]|向[上下]|左右|申[报请领]|季度|万[元人]|许[可多]|余额"
    r"|康复|付[款费]|温度|武装|齐全|尚未|符合|纪[检委律]|白天|苗木|龙头|夏季|杜绝|罗列|游客|沈阳|苏州|江苏|史料|牛羊|葛根|谷物|石油|何[时人]"
)
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
    folded = fold(text) if len(text) <= 4 * _LONGEST_LABEL else text
    return len(folded) <= _LONGEST_LABEL and _IS_LABEL.fullmatch(folded) is not None


def is_personal(text: str) -> bool:
    """Whether a text can be but the value beside such a label: a short name, numbers of a telephone.

    >>> is_personal("张三"), is_personal("0991-1234567"), is_personal("培训人数（人）")
    (True, True, False)
    """
    folded = fold(text)
    if is_label(text):
        return False
    return bool(_NAME.fullmatch(folded) or re.fullmatch(r"(?:[\u4e00-\u9fff·]{2,4})?[\d\-—()/、,;+转]{5,}", folded))


def without(text: str) -> str:
    """A text without the names that follow a label of persons, and without telephone numbers and mail addresses.

    >>> without("联系人：张三，联系电话：0991-1234567。"), without("负责人培训3期，购置13900000000元")
    ('联系人：，联系电话：。', '负责人培训3期，购置13900000000元')
    """
    return _short_without(text) if len(text) <= _SHORT else _without(text)


def _without(text: str) -> str:
    if not _MAY.search(text):
        return text
    return _MAIL.sub("", _PHONE.sub(_unless_amount, _without_spoken(text)))


#: texts that are kept, so that what repeats is looked through once
_SHORT = 400
_short_without = lru_cache(maxsize=1 << 14)(_without)


def cleaned(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row of a frame whose columns of free text hold no person.

    >>> cleaned({"text": "李四13800138000", "amount": 1.0})
    {'text': '李四', 'amount': 1.0}
    """
    free = ((key, value) for key in _FREE & row.keys() if isinstance(value := row[key], str))
    told = {key: rest or None for key, value in free if (rest := without(value)) != value}
    return {**row, **told} if told else row


def _without_spoken(text: str) -> str:
    """A text without what follows labels of persons; labels and names may be spaced out or parted by a line's end."""
    bare = _WITHIN.sub("", text)
    labels = list(_SPOKEN.finditer(bare))
    if not labels:
        return text
    kept = _places(text)
    pieces, done = [], 0
    for label, following in zip_longest(labels, labels[1:]):
        end = min(label.end() + _FARTHEST, _beginning(bare, following, label.end()) if following else len(bare))
        start, stop = _private(label, _SAID.match(bare, label.end(), end), kept)
        if stop > start:
            said = range(kept[start], kept[stop - 1] + 1)
            said = said if bare[start].isascii() else _up_to_line_end(text, said)
            pieces.append(text[done : said.start])
            done = said.stop
    return "".join((*pieces, text[done:]))


def _places(text: str) -> Sequence[int]:
    """Where each letter stands that is left without what parts letters."""
    edges = [0, *(edge for found in _WITHIN.finditer(text) for edge in found.span()), len(text)]
    return (
        [at for start, stop in zip(edges[::2], edges[1::2], strict=True) for at in range(start, stop)]
        if len(edges) > 2
        else range(len(text))
    )


def _beginning(bare: str, label: re.Match[str], after: int) -> int:
    """Where a label begins, with the words that belong to it: 项目主要负责人."""
    words = _BEFORE.search(bare, max(after, label.start() - _REACH), label.start())
    return words.start() if words else label.start()


def _up_to_line_end(text: str, said: range) -> range:
    """A name that stands at the end of its line stops there."""
    end = text.find("\n", said.start, said.stop)
    return range(said.start, end) if end - said.start > 1 and _NAME.fullmatch(text[said.start : end]) else said


def _private(label: re.Match[str], said: re.Match[str] | None, kept: Sequence[int]) -> tuple[int, int]:
    """Where a person's name or number stands behind a label; an empty range where what follows is none."""
    value = said[0].rstrip("\t\u3000 ") if said else ""
    start = label.end()
    number = _CALLED.match(value)
    if label["colon"]:
        name = _RUN.match(value) or _NAME.match(value)
        stop = start + max(name.end() if name else 0, number.end() if number else 0)
        further = _FURTHER.match(label.string, stop) if name else None
        return start, further.end() if further else stop
    if number and not value[number.end() :]:
        return start, start + len(value)
    return start, start + _named(label, value, kept)


def _named(label: re.Match[str], value: str, kept: Sequence[int]) -> int:
    """How long a name with its number is that follows a label without a colon; 0 where other words follow."""
    letters = _LETTERS.match(value)
    for size in (letters.end(), 4, 3, 2) if letters else ():
        at, number, name = label.end() + size, _CALLED.match(value, size), value[:size]
        ends = number or size >= len(value) or value[size] in "\t\u3000 " or kept[at] > kept[at - 1] + 1
        if ends and (_NAME.fullmatch(name) if _is_direct(label["label"]) else _is_name(_TITLE.sub("", name))):
            return number.end() if number else size
    return 0


def _is_direct(label: str) -> bool:
    """Whether whatever name follows the label without a colon: 联系人张三; 负责人 can begin a clause of its own."""
    return label.endswith(("联系人", "经办人", "填报人", "填表人", "制表人"))


def _is_name(text: str) -> bool:
    """Whether a short text is a name by itself: 张三, 欧阳修, and no word like 高度.

    >>> _is_name("张三"), _is_name("培训"), _is_name("方案")
    (True, False, False)
    """
    family = _FAMILY.match(text)
    return "·" in text or (family is not None and len(text) <= family.end() + 2 and not _NO_NAME.match(text))


def _unless_amount(match: re.Match[str]) -> str:
    """Nothing for a telephone number; what is followed by a unit of money or count is none."""
    after = match.string[match.end() : match.end() + 1]
    return match[0] if after and after in "元万亿人户次个件项台套平吨公" else ""
