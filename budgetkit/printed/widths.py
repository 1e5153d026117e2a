"""White space and the width variants of characters, taken out before anything is compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACE = re.compile(r"[\s\u200b\u200c\u200d\ufeff\u00ad]+")


def squeeze(text: str) -> str:
    """Remove all white space, zero-width characters included; nothing else changes.

    >>> squeeze("合 计\\n")
    '合计'
    """
    joined = "".join(text.split())
    # zero-width characters are no white space to split(), and not printable
    return joined if joined.isprintable() else _SPACE.sub("", joined)


def _radicals() -> dict[int, str]:
    """Radicals that stand for the ideographs that look like them, as fonts of converters map them."""
    folding = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    forms = {
        "⺁": "厂", "⺃": "乚", "⺄": "乙", "⺅": "亻", "⺆": "冂", "⺇": "几", "⺈": "刀", "⺉": "刂", "⺊": "卜", "⺋": "卩",
        "⺌": "小", "⺍": "小", "⺏": "尣", "⺐": "尢", "⺒": "巳", "⺓": "幺", "⺔": "彑", "⺖": "忄", "⺗": "心", "⺘": "扌",
        "⺙": "攵", "⺛": "旡", "⺝": "月", "⺞": "歹", "⺟": "母", "⺠": "民", "⺡": "氵", "⺢": "氺", "⺣": "灬", "⺤": "爫",
        "⺥": "爫", "⺦": "丬", "⺧": "牛", "⺨": "犭", "⺩": "王", "⺪": "疋", "⺫": "目", "⺬": "示", "⺭": "礻", "⺯": "糹",
        "⺰": "纟", "⺱": "罓", "⺲": "罒", "⺳": "网", "⺵": "网", "⺶": "羊", "⺷": "羊", "⺸": "羊", "⺹": "老", "⺺": "肀",
        "⺻": "聿", "⺼": "肉", "⺽": "臼", "⺾": "艹", "⺿": "艹", "⻀": "艹", "⻁": "虎", "⻂": "衤", "⻃": "覀", "⻄": "西",
        "⻅": "见", "⻆": "角", "⻇": "角", "⻈": "讠", "⻉": "贝", "⻊": "足", "⻋": "车", "⻌": "辶", "⻍": "辶", "⻎": "辶",
        "⻏": "邑", "⻐": "钅", "⻑": "長", "⻒": "镸", "⻓": "长", "⻔": "门", "⻕": "阜", "⻖": "阝", "⻗": "雨", "⻘": "青",
        "⻙": "韦", "⻚": "页", "⻛": "风", "⻜": "飞", "⻝": "食", "⻞": "食", "⻟": "飠", "⻠": "饣", "⻢": "马", "⻣": "骨",
        "⻤": "鬼", "⻥": "鱼", "⻦": "鸟", "⻧": "卤", "⻨": "麦", "⻩": "黄", "⻪": "黾", "⻫": "斉", "⻬": "齐", "⻭": "歯",
        "⻮": "齿", "⻯": "竜", "⻰": "龙", "⻱": "龜", "⻲": "亀", "⻳": "龟",
    }  # fmt: skip
    return {**folding, **{ord(radical): ideograph for radical, ideograph in forms.items()}}


_RADICALS = _radicals()
_HAS_RADICAL = re.compile("[\u2e80-\u2fd5]")


def ideographs(text: str) -> str:
    """Put ideographs in the place of radicals, which some fonts and converters print for them.

    >>> ideographs("⼀般公共服务⽀出")
    '一般公共服务支出'
    """
    return text.translate(_RADICALS) if _HAS_RADICAL.search(text) else text


@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """Squeeze and bring width variants of letters, digits and brackets to one form, for comparing.

    >>> fold("（２０２４ 年）“三公”")
    '(2024年)"三公"'
    """
    folded = unicodedata.normalize("NFKC", squeeze(text))
    return folded.replace("“", '"').replace("”", '"').replace("〔", "(").replace("〕", ")")
