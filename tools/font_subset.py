"""Make the font that travels in the package, cut down to what Chinese disclosures and names of places print.

    python -m tools.font_subset NotoSansSC_400Regular.ttf Unihan_OtherMappings.txt.bz2

The font is `400Regular/NotoSansSC_400Regular.ttf` of the npm package `@expo-google-fonts/noto-sans-sc`; the list of
characters is of Debian's package `unicode-data`, which says by `kTGH` what stands in the 通用规范汉字表 (8,105
characters; its third part is those of names of persons and places).
"""

from __future__ import annotations

import argparse
import bz2
from collections.abc import Iterator
from pathlib import Path

SPECS = Path("budgetkit/specs")
TARGET = Path("budgetkit/fonts/NotoSansSC-Regular.ttf")
#: blocks of signs of which all glyphs are kept: punctuation, letterlike, numbers, arrows, mathematics, circled, shapes,
#: ideographic, squared, full width
SIGNS = (
    (0x20, 0x7E), (0xA0, 0xFF), (0x2000, 0x206F), (0x2100, 0x22FF), (0x2460, 0x24FF), (0x2500, 0x27BF), (0x3000, 0x303F),
    (0x3220, 0x3229), (0x338E, 0x33C4), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF),
)  # fmt: skip
#: tables of layout and metrics that neither matplotlib nor Pillow nor reportlab reads
DROPPED = ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "STAT", "DSIG"]
#: of names of places and persons, and of old prints, outside the standard list
RARE = "員氹礐㘵脷孭坔㵲鳯冚屻梘樃囍橋囯峯菓堺嵻塂埈樑濛澫滙漵灅灘瑯甴盰篢紵罉肙臺茘蜑貟贇釆鈭閤頔駹髳鱇麊龑龘"


def wanted(unihan: Path) -> set[int]:
    """Code points of the repertoire."""
    signs = {code for first, last in SIGNS for code in range(first, last + 1)}
    return signs | set(_gb2312()) | set(_standard(unihan)) | set(map(ord, _printed() + RARE))


def _gb2312() -> Iterator[int]:
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            yield from map(ord, bytes([high, low]).decode("gb2312", errors="ignore"))


def _standard(unihan: Path) -> Iterator[int]:
    with bz2.open(unihan, "rt", encoding="utf-8") as lines:
        for line in lines:
            code, key, *_ = [*line.split("\t"), ""]
            if key == "kTGH":
                yield int(code.removeprefix("U+"), 16)


def _printed() -> str:
    """Every character of the package's own lists of places, codes and terms."""
    files = [path for path in SPECS.rglob("*") if path.suffix in (".csv", ".toml")]
    return "".join(path.read_text(encoding="utf-8") for path in files).replace("\n", "")


def main() -> None:
    """Write the font, and say what it has and what the source lacks."""
    from fontTools import subset

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("font", type=Path)
    parser.add_argument("unihan", type=Path)
    given = parser.parse_args()
    options = subset.Options(hinting=False, layout_features=[], recalc_timestamp=False, notdef_outline=True)
    options.drop_tables += DROPPED
    font = subset.load_font(given.font, options)
    has = set(font.getBestCmap())
    asked = wanted(given.unihan)
    maker = subset.Subsetter(options)
    maker.populate(unicodes=asked & has)
    maker.subset(font)
    subset.save_font(font, TARGET, options)
    lacking = "".join(sorted(chr(code) for code in asked - has if chr(code).isalnum()))
    size = f"{len(font.getBestCmap())} characters, {TARGET.stat().st_size:,} bytes"
    print(f"{TARGET}: {size}; not in the source: {lacking}")


if __name__ == "__main__":
    main()
