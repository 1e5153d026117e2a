"""Ordinals before labels: 一、 （二） 3. ①, and 其中."""

from __future__ import annotations

import re
from functools import lru_cache

_ORDINAL = re.compile(
    r"(?:其中[:：、]?)?(?:[一二三四五六七八九十]+[、.．]|\d{1,2}[、.．](?!\d)|[（(](?:[一二三四五六七八九十]+|\d{1,2})[）)]|[①-⑳])"
)
_OF_IT = re.compile("^其中[:：]?(?=.)")
#: what an ordinal or 其中 may begin with
_BEGINS = re.compile(r"[其一二三四五六七八九十\d（(①-⑳]")


@lru_cache(maxsize=1 << 14)
def strip_ordinal(label: str) -> str:
    """Remove leading ordinals and 其中 from a label without white space.

    >>> strip_ordinal("一、一般公共服务支出"), strip_ordinal("其中：教育收费"), strip_ordinal("1.办公费")
    ('一般公共服务支出', '教育收费', '办公费')
    """
    previous = None
    while previous != label and _BEGINS.match(label):
        previous = label
        label = _OF_IT.sub("", label)
        match = _ORDINAL.match(label)
        if match and match.end() < len(label):
            label = label[match.end() :]
    return label.rstrip("：:")
