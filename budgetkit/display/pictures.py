"""Pages of a PDF with the cells outlined that rows of a frame were read from."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from budgetkit.errors import BudgetkitError, SpecError, UnreadableDocument
from budgetkit.readers.sniff import sniff

if TYPE_CHECKING:
    from PIL.Image import Image

#: Noto Sans SC with the characters of names, which travels in the package
FONT_FILE = "NotoSansSC-Regular.ttf"
#: vermilion of the Okabe-Ito palette, which colour-blind readers can tell from black and blue
OUTLINE = (213, 94, 0)
#: what the paper in an outlined cell is multiplied with; print stays black
TINT = (255, 236, 214)
_GREY = (96, 96, 96)
_CORNERS = ["x0", "y0", "x1", "y1"]
#: what names a row, the first that it has
_NAMES = ("level3", "name", "label", "subject", "project", "text")
#: rows that the caption names
_NAMED = 5
#: findings whose message the caption tells
_TOLD = 3
_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}


@dataclass(frozen=True)
class PagePicture:
    """Pages below each other as one picture; Jupyter shows it.

    Attributes
    ----------
    image : PIL.Image.Image
        The picture, in RGB.
    pages : tuple of int
        The pages shown, 1-based.
    boxes : int
        Cells outlined.
    caption : str
        The document, the pages and how many cells are outlined; names the rows that have no place.
    """

    image: Image
    pages: tuple[int, ...]
    boxes: int
    caption: str

    def __repr__(self) -> str:
        return f"<PagePicture {self.caption}>"

    def _repr_png_(self) -> bytes:
        return _encoded(self.image, "PNG")

    def _repr_html_(self) -> str:
        data = base64.b64encode(self._repr_png_()).decode("ascii")
        caption = html.escape(self.caption)
        return (
            f'<figure style="margin:0"><img alt="{caption}" style="max-width:100%" '
            f'src="data:image/png;base64,{data}"><figcaption>{caption}</figcaption></figure>'
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture to a file; its ending (.png, .jpg, .webp) tells the format.

        Raises SpecError when the ending is another. Raises BudgetkitError when the file cannot be written.
        """
        target = Path(path)
        if target.suffix.lower() not in _FORMATS:
            raise SpecError(f"{target}: the ending must be one of {', '.join(_FORMATS)}")
        data = _encoded(self.image, _FORMATS[target.suffix.lower()])
        try:
            target.write_bytes(data)
        except OSError as error:
            raise BudgetkitError(f"{target}: cannot be written ({error.strerror})") from error


@dataclass(frozen=True)
class Original:
    """The file behind the rows."""

    data: bytes
    #: how messages and the caption call it
    name: str


def show(
    doc_or_path: Any,
    rows: pd.DataFrame | None = None,
    *,
    pages: int | Iterable[int] | None = None,
    scale: float = 1.5,
    margin: float | None = None,
    source: str | os.PathLike[str] | bytes | None = None,
) -> PagePicture:
    """Pages of a PDF as a picture, with the cells outlined that rows were read from.

    Parameters
    ----------
    doc_or_path : Disclosure, Corpus, str, PathLike or bytes
        The document that the rows are of, or its file.
    rows : DataFrame, optional
        Rows of `facts`, `leftovers` or another frame: `page`, and `x0`, `y0`, `x1`, `y1` in PDF points from the top
        left. Rows without a box (frames of performance forms, NA) are named in the caption. Of a finding of
        `budgetkit.check`, one row or several, all places that it names are outlined, those in the prose too, and the
        caption tells its message with the printed, the expected value and their difference.
    pages : int or iterable of int, optional
        Pages to show; by default those of the rows, and page 1 where no rows are given.
    scale : float
        Pixels a point.
    margin : float, optional
        Points of the page to leave above and below the outlined cells; by default whole pages are shown.
    source : str, PathLike or bytes, optional
        The file, where the document was read from bytes or has moved since; for a `Corpus` the file or the folder it
        was built from.

    Returns
    -------
    PagePicture
        With `image`, `pages`, `boxes`, `caption` and `save(path)`.

    Raises
    ------
    BudgetkitError
        When the file is not to be found, is not the one that was read, or is no PDF; when the rows are of several
        documents.
    UnreadableDocument
        When the file is damaged.
    SpecError
        When `rows` has no column `page` or no rows, or there is no such page.

    Examples
    --------
    >>> import budgetkit as bk
    >>> doc = bk.read("data/raw/korla_service_center_final_2022.pdf")  # doctest: +SKIP
    >>> bk.show(doc, doc.facts.query("form == 'three_public'"))  # doctest: +SKIP
    >>> bk.show(doc, bk.check(doc).iloc[0], margin=40)  # doctest: +SKIP
    """
    from budgetkit.readers.picture import page_picture

    chosen = _checked(rows)
    original = original_of(doc_or_path, chosen, source)
    told = ""
    if chosen is not None and "evidence" in chosen.columns:
        from budgetkit.display.boxes import places_of

        told = _told(chosen)
        chosen = places_of(doc_or_path, chosen, original.data, original.name)
    numbers = _pages(pages, chosen)
    places = _places(chosen)
    pictures, boxes = [], 0
    for number in numbers:
        here = [corners for page, corners in places if page == number]
        picture = _outlined(page_picture(original.data, number, scale, original.name), here, scale)
        pictures.append(_cropped(picture, here, scale, margin))
        boxes += len(here)
    caption = _caption(original.name, numbers, boxes, chosen) + told
    return PagePicture(_stacked(pictures, numbers, scale), numbers, boxes, caption)


def _checked(rows: Any) -> pd.DataFrame | None:
    if rows is None:
        return None
    frame = rows.to_frame().T if isinstance(rows, pd.Series) else rows
    if not isinstance(frame, pd.DataFrame) or "page" not in frame.columns:
        raise SpecError("rows must be rows of a frame with a column page, as doc.facts")
    if frame.empty:
        raise SpecError("rows has no rows: nothing to outline; leave it out and name pages to see pages alone")
    return frame


def original_of(doc: Any, rows: pd.DataFrame | None, source: str | os.PathLike[str] | bytes | None = None) -> Original:
    """Find the file of a document and make sure that it is the one that was read."""
    names = [] if rows is None or "document" not in rows.columns else list(rows["document"].dropna().unique())
    if len(names) > 1:
        raise SpecError(f"rows are of {len(names)} documents ({', '.join(map(str, names[:3]))}); show one at a time")
    documents = getattr(doc, "documents", None)
    if documents is None:
        return _loaded(doc if source is None else source)
    row = _document(documents, names[0] if names else None)
    if not pd.isna(row["format"]) and row["format"] != "pdf":
        raise BudgetkitError(f"{row['document']}: a document in {row['format']}; only pages of a PDF have pictures")
    where = _where(row, source, hasattr(doc, "processed"))
    original = _loaded(where)
    if not pd.isna(row["sha256"]) and hashlib.sha256(original.data).hexdigest() != row["sha256"]:
        raise BudgetkitError(f"{original.name}: not the file that {row['document']} was read from (its bytes differ)")
    return Original(original.data, str(row["document"]))


def _document(documents: pd.DataFrame, name: str | None) -> pd.Series:
    """The row of the document that the rows are of."""
    if name is None and len(documents) == 1:
        return documents.iloc[0]
    if name is None:
        raise SpecError("a corpus has many documents: pass rows of one, or its file in place of the corpus")
    found = documents[documents["document"] == name]
    if found.empty:
        raise SpecError(f"rows are of {name}, which is not this document")
    return found.iloc[0]


def _where(row: pd.Series, source: Any, is_corpus: bool) -> Any:
    """Where the file is: what the caller says, else where it was read from."""
    if isinstance(source, (str, os.PathLike)) and not pd.isna(row["path"]) and Path(source).is_dir():
        return Path(source) / (row["path"] if is_corpus else Path(row["path"]).name)
    if source is not None:
        return source
    if pd.isna(row["path"]):
        raise BudgetkitError(f"{row['document']}: read from bytes; pass the file: bk.show(doc, rows, source=...)")
    if is_corpus:
        raise BudgetkitError(
            f"{row['path']}: pass the folder the corpus was built from: bk.show(corpus, rows, source=...)"
        )
    if not Path(row["path"]).is_file():
        raise BudgetkitError(f"{row['path']}: no longer there; pass the file: bk.show(doc, rows, source=...)")
    return row["path"]


def _loaded(where: Any) -> Original:
    if isinstance(where, (bytes, bytearray, memoryview)):
        data, name = bytes(where), "bytes"
    elif isinstance(where, (str, os.PathLike)):
        path = Path(where)
        try:
            data, name = path.read_bytes(), path.stem
        except (OSError, ValueError) as error:
            raise UnreadableDocument(f"{path}: cannot be read ({getattr(error, 'strerror', error)})") from error
    else:
        raise SpecError(f"a document, a path or bytes is wanted, not {type(where).__name__}")
    form = sniff(data)
    if form != "pdf":
        raise BudgetkitError(f"{name}: not a PDF but {form}; only pages of a PDF have pictures")
    return Original(data, name)


def _pages(pages: int | Iterable[int] | None, rows: pd.DataFrame | None) -> tuple[int, ...]:
    if pages is not None:
        wanted = tuple(dict.fromkeys([pages] if isinstance(pages, int) else pages))
        if not wanted or not all(isinstance(page, int) for page in wanted):
            raise SpecError(f"pages={pages!r}: must be page numbers, from 1")
        return wanted
    if rows is None:
        return (1,)
    numbers = tuple(sorted({int(page) for page in rows["page"].dropna()}))
    if not numbers:
        raise SpecError("no row has a page; name pages to see pages alone")
    return numbers


def _places(rows: pd.DataFrame | None) -> list[tuple[int, tuple[float, ...]]]:
    """Page and corners of the rows that have both; equal places once."""
    if rows is None or not set(_CORNERS) <= set(rows.columns):
        return []
    placed = rows[["page", *_CORNERS]].dropna()
    return list(
        dict.fromkeys((int(page), tuple(map(float, corners))) for page, *corners in placed.itertuples(index=False))
    )


def _outlined(picture: Image, boxes: Sequence[tuple[float, ...]], scale: float) -> Image:
    """The page with the boxes tinted and framed; frames lie just inside the boxes, so that neighbours stay apart."""
    from PIL import Image as images
    from PIL import ImageChops, ImageDraw

    corners = [tuple(round(value * scale) for value in box) for box in boxes]
    tint = images.new("RGB", picture.size, (255, 255, 255))
    pen = ImageDraw.Draw(tint)
    for box in corners:
        pen.rectangle(box, fill=TINT)
    result = ImageChops.multiply(picture, tint)
    pen = ImageDraw.Draw(result)
    for box in corners:
        pen.rectangle(box, outline=OUTLINE, width=max(round(scale), 1))
    return result


def _cropped(picture: Image, boxes: Sequence[tuple[float, ...]], scale: float, margin: float | None) -> Image:
    """The part of the page around the boxes, over its whole width."""
    if margin is None or not boxes:
        return picture
    top = max(round((min(box[1] for box in boxes) - margin) * scale), 0)
    bottom = min(round((max(box[3] for box in boxes) + margin) * scale), picture.height)
    return picture.crop((0, top, picture.width, bottom))


def _stacked(pictures: Sequence[Image], numbers: Sequence[int], scale: float) -> Image:
    """Pages below each other, each under a line with its number."""
    from PIL import Image as images
    from PIL import ImageDraw

    strip = strip_height(scale)
    size = (max(picture.width for picture in pictures), sum(picture.height + strip for picture in pictures))
    result = images.new("RGB", size, (255, 255, 255))
    pen, letters, top = ImageDraw.Draw(result), font(round(11 * scale)), 0
    for picture, number in zip(pictures, numbers, strict=True):
        pen.text((round(6 * scale), top + strip / 2), f"第 {number} 页", fill=_GREY, font=letters, anchor="lm")
        result.paste(picture, (0, top + strip))
        pen.line((0, top + strip - 1, size[0], top + strip - 1), fill=(200, 200, 200))
        top += strip + picture.height
    return result


def strip_height(scale: float) -> int:
    """Height in pixels of the line above every page that has its number."""
    return max(round(20 * scale), 1)


def font(size: int) -> Any:
    """The font of the package, so that Chinese shows on a machine without fonts."""
    from PIL import ImageFont

    data = resources.files("budgetkit").joinpath("fonts", FONT_FILE).read_bytes()
    return ImageFont.truetype(io.BytesIO(data), max(size, 1))


def _caption(name: str, pages: Sequence[int], boxes: int, rows: pd.DataFrame | None) -> str:
    said = f"{name}，第 {'、'.join(map(str, pages))} 页"
    if rows is None:
        return said
    said += f"，标出 {boxes} 格"
    elsewhere = sorted({int(page) for page in rows["page"].dropna()} - set(pages))
    if elsewhere:
        said += f"；另有所选行在第 {'、'.join(map(str, elsewhere))} 页，未显示"
    boxed = set(_CORNERS) <= set(rows.columns)
    homeless = rows[rows[["page", *_CORNERS]].isna().any(axis=1)] if boxed else rows
    named = list(dict.fromkeys(_row_name(row) for _, row in homeless.iterrows()))
    if named:
        more = f" 等 {len(homeless)} 行" if len(homeless) > min(len(named), _NAMED) else ""
        said += f"；没有位置的行：{'、'.join(named[:_NAMED])}{more}"
    return said


def _told(findings: pd.DataFrame) -> str:
    """What findings say, with their numbers, for the caption."""
    said = "".join(f"；{row['message']}{_numbers(row)}" for _, row in findings.head(_TOLD).iterrows())
    return said + (f"；另有 {len(findings) - _TOLD} 项" if len(findings) > _TOLD else "")


def _numbers(finding: pd.Series) -> str:
    """所载, 应为 and 相差 of a finding: yuan, points, or percent of what is a fraction; "" without numbers."""
    rule = finding.get("rule")
    share = isinstance(rule, str) and (rule.endswith(("_rate", ".share", ".zero_base")))
    words = (("actual", "所载", ""), ("expected", "应为", ""), ("difference", "相差", "+"))
    parts = [
        f"{word} {float(finding[name]):{sign},.2%}" if share else f"{word} {round(float(finding[name]), 4):{sign},.12g}"
        for name, word, sign in words
        if not pd.isna(finding.get(name))
    ]
    return f"（{'，'.join(parts)}）" if parts else ""


def _row_name(row: pd.Series) -> str:
    texts = (row[name] for name in _NAMES if name in row.index)
    return next((str(text) for text in texts if isinstance(text, str) and text), f"行 {row.name}")


def _encoded(image: Image, form: str) -> bytes:
    """The picture as a file; black print on white is a third as large with a palette."""
    from PIL.Image import Dither, Quantize

    buffer = io.BytesIO()
    if form == "PNG":
        image.quantize(64, method=Quantize.MEDIANCUT, dither=Dither.NONE).save(buffer, form, optimize=True)
    else:
        image.save(buffer, form, quality=90)
    return buffer.getvalue()
