"""The font of the package has a glyph for every character of the package's lists and of rare names of places."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from budgetkit.display.pictures import FONT_FILE

SPECS = Path(str(resources.files("budgetkit") / "specs"))
#: counties, rivers, villages and persons after whom units are named
RARE = (
    "鄠滘塱漖潖孖浐堃甪埇沚浉瀍猇硚垟埭圳塅墩峃嵊崂氹汈沭洣浈涠涢湜溇漷潏濉灞犍珲畲砀碶礐磴筻箐"
    "綦罡莨莒菏蓥藁蕲蚌脷坔㵲龑堽埗洑栟"
)


@pytest.fixture(scope="module")
def glyphs() -> set[int]:
    with resources.as_file(resources.files("budgetkit") / "fonts" / FONT_FILE) as path:
        return set(TTFont(path).getBestCmap())


@pytest.mark.parametrize(
    "path", sorted(path for path in SPECS.rglob("*") if path.suffix in (".csv", ".toml")), ids=lambda path: path.name
)
def test_every_character_of_the_lists_has_a_glyph(path: Path, glyphs: set[int]) -> None:
    text = path.read_text(encoding="utf-8-sig")
    assert sorted({sign for sign in text if sign.isalnum() and ord(sign) not in glyphs}) == []


def test_rare_names_of_places_have_glyphs(glyphs: set[int]) -> None:
    assert [sign for sign in RARE if ord(sign) not in glyphs] == []


def test_the_font_is_small_and_has_its_licence() -> None:
    fonts = resources.files("budgetkit") / "fonts"
    assert len((fonts / FONT_FILE).read_bytes()) < 3_000_000
    assert "SIL OPEN FONT LICENSE" in (fonts / "OFL.txt").read_text(encoding="utf-8").upper()
    assert [item.name for item in fonts.iterdir() if item.name.endswith(".ttf")] == [FONT_FILE]
