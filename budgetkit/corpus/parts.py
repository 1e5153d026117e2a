"""Parts: the frames of one content, as a worker left them, until the build has taken them into the tables.

    processed/.documents/<2 digits>/<sha256>-<parser version>.arrow

A part is one file, whole or not there: the frames that have rows, one after the other as streams of Arrow that name
them, documents last, so that a part that was cut off has none. It knows nothing of the file's name. Frames have columns
here that a user does not see: what `entities.toml` may decide otherwise, and by what two files are told to be one
disclosure.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from budgetkit import frames
from budgetkit.corpus.folders import TEMPORARY, Folder
from budgetkit.version import PARSER_VERSION

#: page and text of lines outside tables
Passages = Sequence[tuple[int, str]]
#: frames that a document has and a corpus stores; findings and entities are computed from them
STORED = ("documents", "facts", "statements", "projects", "project_funds", "indicators", "leftovers")
#: what was read, by the column that decisions may change
READ = {"entity_id": "entity_id_read", "place": "place_read"}
#: column of documents with the hash of its amounts
DIGEST = "facts_digest"
#: column of documents with page and text of the lines outside tables, for the audit
PASSAGES = "passages"
_FOLDER = ".documents"
#: what names a frame in a part
_FRAME = b"frame"
#: columns that tell an amount, whatever prints it
_TOLD = (
    "entity_id", "year", "phase", "flow", "fund", "origin", "nature", "item", "scheme", "code", "project", "aspect",
    "name",
)  # fmt: skip
#: fewer amounts may agree by chance
_ENOUGH = 5


def part_name(sha256: str, version: str = PARSER_VERSION) -> str:
    """Name of the part of a content within the processed folder."""
    return f"{_FOLDER}/{sha256[:2]}/{sha256}-{version}.arrow"


def write_part(
    processed: Folder, sha256: str, tables: Mapping[str, pd.DataFrame], passages: Passages | None = None
) -> dict[str, Any]:
    """Write the frames of one content, all or none, and give its row of documents without the passages."""
    import pyarrow as pa

    sink = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
    kept = [name for name in STORED if len(tables[name])]
    for name in sorted(kept, key="documents".__eq__):
        # what every part would say of pandas is said in the tables
        table = with_hidden(name, tables[name], tables["facts"], passages).replace_schema_metadata({_FRAME: name})
        with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
            writer.write_table(table)
    processed.write(part_name(sha256), sink.getvalue())
    return row_of(table)


def row_of(documents: Any) -> dict[str, Any]:
    """The first row of documents without the passages, which are long."""
    return dict(documents.drop_columns([PASSAGES]).to_pylist()[0])


def with_hidden(name: str, frame: pd.DataFrame, facts: pd.DataFrame, passages: Passages | None = None) -> Any:
    """A frame as a `pyarrow.Table` with the columns that a user does not see."""
    import pyarrow as pa

    table = frames.to_arrow(name, frame)
    for column, hidden in READ.items():
        if column in table.column_names:
            table = table.append_column(hidden, table[column])
    if name == "documents":
        table = table.append_column(DIGEST, pa.array([digest(facts)] * table.num_rows, pa.string()))
        kind = pa.list_(pa.struct([("page", pa.int32()), ("text", pa.string())]))
        told = None if passages is None else [{"page": page, "text": text} for page, text in passages]
        table = table.append_column(PASSAGES, pa.array([told] * table.num_rows, kind))
    return table


def schema(name: str) -> Any:
    """The schema of a frame's tables with the columns that a user does not see."""
    return with_hidden(name, frames.make(name, []), frames.make("facts", [])).schema


def read_part(processed: Folder, sha256: str) -> dict[str, Any] | None:
    """The tables of a part that have rows; None when it is damaged."""
    import pyarrow as pa

    content = processed.read(part_name(sha256))
    source, found = pa.BufferReader(content), {}
    # threads cost more than what is packed in a part
    options = pa.ipc.IpcReadOptions(use_threads=False)
    try:
        while source.tell() < len(content):
            table = pa.ipc.open_stream(source, options=options).read_all()
            found[table.schema.metadata[_FRAME].decode()] = table
    except (pa.ArrowInvalid, OSError, EOFError, ValueError):
        return None
    return found if len(found.get("documents", ())) else None


def pending(processed: Folder) -> dict[str, int]:
    """The parts of this version by content, with their bytes; others are removed, and what was left half written."""
    found: dict[str, int] = {}
    for name, size in processed.sizes(_FOLDER).items():
        stem, _, version = name.rpartition("/")[2].removesuffix(".arrow").partition("-")
        if name.rpartition("/")[2].startswith(TEMPORARY) or version != PARSER_VERSION:
            processed.remove(name)
        else:
            found[stem] = size
    return found


def drop(processed: Folder, contents: Iterable[str]) -> None:
    """Remove parts that the tables have taken up."""
    for sha256 in contents:
        processed.remove(part_name(sha256))


def digest(facts: pd.DataFrame) -> str | None:
    """A hash of what the amounts of a document are and mean; None where there are too few to tell documents by.

    It does not depend on where they stand, so that a disclosure in two formats has one.
    """
    if len(facts) < _ENOUGH:
        return None
    told = facts[list(_TOLD)].astype("string").fillna("").assign(amount=facts["amount"].mul(100).round())
    rows = np.unique(pd.util.hash_pandas_object(told, index=False).to_numpy())
    return hashlib.sha256(rows.tobytes()).hexdigest()
