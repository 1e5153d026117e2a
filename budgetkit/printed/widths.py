"""White space and the width variants of characters, taken out before anything is compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACE = re.compile(r"[\s\u200b\u200c\u200d\ufeff\u00ad]+")


#: longer texts are not kept: they hardly come again, and a few whole documents would fill the memory
_KEPT = 200


def squeeze(text: str) -> str:
    """Remove all white space, zero-width characters included; nothing else changes.

    >>> squeeze("合 计\\n")
    '合计'
    """
    if text.isprintable() and " " not in text:
        # neither white space nor zero-width characters are printable
        return text
    return _short_squeezed(text) if len(text) <= _KEPT else _squeezed(text)


def _squeezed(text: str) -> str:
    joined = "".join(text.split())
    # zero-width characters are no white space to split(), and not printable
    return joined if joined.isprintable() else _SPACE.sub("", joined)


_short_squeezed = lru_cache(maxsize=1 << 14)(_squeezed)


def _radicals() -> dict[int, str]:
    """Radicals that stand for the ideographs that look like them, as fonts of converters map them."""
    folding = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    radicals = (
        "⺁⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺏⺐⺒⺓⺔⺖⺗⺘⺙⺛⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺯"
        "⺰⺱⺲⺳⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘"
        "⻙⻚⻛⻜⻝⻞⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
    )
    forms = (
        "厂乚乙亻冂几刀刂卜卩小小尣尢巳幺彑忄心扌攵旡月歹母民氵氺灬爫爫丬牛犭王疋目示礻糹"
        "纟罓罒网网羊羊羊老肀聿肉臼艹艹艹虎衤覀西见角角讠贝足车辶辶辶邑钅長镸长门阜阝雨青"
        "韦页风飞食食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
    )
    return folding | {ord(radical): form for radical, form in zip(radicals, forms, strict=True)}


_RADICALS = _radicals()
_HAS_RADICAL = re.compile("[\u2e80-\u2fd5]")


def ideographs(text: str) -> str:
    """Put ideographs in the place of radicals, which some fonts and converters print for them.

    >>> ideographs("⼀般公共服务⽀出")
    '一般公共服务支出'
    """
    return text.translate(_RADICALS) if _HAS_RADICAL.search(text) else text


def fold(text: str) -> str:
    """Squeeze and bring width variants of letters, digits and brackets to one form, for comparing.

    >>> fold("（２０２４ 年）“三公”")
    '(2024年)"三公"'
    """
    if text.isascii():
        return squeeze(text)
    return _short_folded(text) if len(text) <= _KEPT else _folded(text)


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", squeeze(text))
    return folded.replace("“", '"').replace("”", '"').replace("〔", "(").replace("〕", ")")


_short_folded = lru_cache(maxsize=1 << 14)(_folded)


def width_of(text: str) -> int:
    """Width in half characters: Chinese characters are worth two.

    >>> width_of("支出100")
    7
    """
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)
