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


@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """Squeeze and bring width variants of letters, digits and brackets to one form, for comparing.

    >>> fold("（２０２４ 年）“三公”")
    '(2024年)"三公"'
    """
    folded = unicodedata.normalize("NFKC", squeeze(text))
    return folded.replace("“", '"').replace("”", '"').replace("〔", "(").replace("〕", ")")
