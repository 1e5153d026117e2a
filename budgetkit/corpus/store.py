"""The tables of a processed folder: one Parquet file for each frame and group of documents, and a list of them.

    processed/corpus.json                        which files are the corpus; replaced in one step
    processed/<frame>/<digits>-<mark>.parquet    the rows of the documents whose hash begins with the digits
    processed/entities-<mark>.parquet            who publishes

A new document rewrites its group alone: with 500,000 documents 1/256 of the tables. The list is replaced when all files
of a build are there, and files that it does not name are removed then; a build that is killed changes nothing.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from budgetkit import frames
from budgetkit.corpus.decisions import Decisions
from budgetkit.corpus.folders import TEMPORARY, Folder
from budgetkit.corpus.parts import DIGEST, READ, STORED, read_part, schema, with_hidden
from budgetkit.errors import BudgetkitError
from budgetkit.version import PARSER_VERSION

#: name of the list
LIST = "corpus.json"
#: raised when the files are laid out otherwise
_LAYOUT = 3
#: documents up to which so many digits are enough
_DIGITS = ((1_000, 0), (20_000, 1), (1_000_000, 2))


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a corpus, as its tables have it."""

    document: str
    path: str
    #: None when the bytes could not be had
    sha256: str | None
    #: why nothing is kept of it; None when something is
    problem: str | None = None
    duplicate_of: str | None = None

    @property
    def key(self) -> str:
        """The hash by which it is grouped."""
        return self.sha256 or hashlib.sha256(self.path.encode("utf-8", "backslashreplace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Stored:
    """One file of the corpus."""

    name: str
    bytes: int
    rows: int


@dataclass(frozen=True)
class Listing:
    """The list of a corpus's files."""

    #: what the rows of each group depend on, as a hash, by its digits
    marks: Mapping[str, str] = field(default_factory=dict)
    #: files by frame and digits
    files: Mapping[str, Mapping[str, Stored]] = field(default_factory=dict)
    #: the table of entities
    entities: Stored | None = None

    @property
    def fingerprint(self) -> str:
        """What all tables depend on, as a hash."""
        return hashlib.sha256(repr((_LAYOUT, sorted(self.marks.items()))).encode()).hexdigest()

    @property
    def names(self) -> set[str]:
        """Names of all its files."""
        own = {self.entities.name} if self.entities else set()
        return own.union(stored.name for group in self.files.values() for stored in group.values())

    def rows(self, name: str) -> int:
        """Number of rows of a frame."""
        if name == "entities":
            return self.entities.rows if self.entities else 0
        return sum(stored.rows for stored in self.files.get(name, {}).values())


def read_list(processed: Folder) -> Listing | None:
    """The list of a processed folder; None when there is none, or one of another layout.

    Raises BudgetkitError when it is damaged.
    """
    try:
        data = json.loads(processed.read(LIST))
        if data["layout"] != _LAYOUT:
            return None
        files = {
            name: {digits: Stored(**stored) for digits, stored in group.items()}
            for name, group in data["files"].items()
        }
        entities = data["entities"]
        return Listing(data["marks"], files, Stored(**entities) if entities else None)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise BudgetkitError(f"{processed.url}/{LIST}: damaged ({error}); remove it and build again") from error


def write_list(processed: Folder, listing: Listing) -> None:
    """Make the files of a list the corpus, and remove those of the one before."""
    data = {"layout": _LAYOUT, "parser_version": PARSER_VERSION, **asdict(listing)}
    processed.write(LIST, json.dumps(data, ensure_ascii=False).encode())
    clean(processed, listing)


def clean(processed: Folder, listing: Listing) -> None:
    """Remove the tables that a list does not name."""
    for name in _tables(processed):
        if name not in listing.names:
            processed.remove(name)


def _tables(processed: Folder) -> Iterator[str]:
    for frame in STORED:
        yield from processed.sizes(frame)
    for name in processed.sizes(""):
        last = name.rpartition("/")[2]
        if "/" not in name and (name.startswith("entities-") or last.startswith(TEMPORARY)):
            yield name


def whole(processed: Folder, listing: Listing) -> Listing:
    """A list without the groups of which a file is missing or has another length than when it was written."""
    sizes = {name: size for frame in STORED for name, size in processed.sizes(frame).items()}
    broken = {
        digits
        for group in listing.files.values()
        for digits, stored in group.items()
        if sizes.get(stored.name) != stored.bytes
    }
    return without(listing, broken)


def without(listing: Listing, broken: set[str]) -> Listing:
    """A list without some groups."""
    files = {name: {d: s for d, s in group.items() if d not in broken} for name, group in listing.files.items()}
    return replace(listing, files=files, marks={d: mark for d, mark in listing.marks.items() if d not in broken})


def index(processed: Folder, listing: Listing) -> list[dict[str, Any]]:
    """What the tables know of each document: document, sha256, parser_version, and what it is told apart by.

    Raises BudgetkitError when a table is damaged.
    """
    columns = ["document", "sha256", "parser_version", "entity_id_read", "fiscal_year", "kind", DIGEST]
    groups = listing.files.get("documents", {})
    return [row for stored in groups.values() for row in read_table(processed, stored, columns).to_pylist()]


def read_table(processed: Folder, stored: Stored, columns: Sequence[str] | None = None) -> Any:
    """One file as a `pyarrow.Table`.

    Raises BudgetkitError when it is missing or damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with processed.fs.open(processed.path(stored.name), "rb") as file:
            return pq.ParquetFile(file).read(columns=columns)
    except (OSError, pa.ArrowInvalid) as error:
        raise BudgetkitError(f"{processed.url}/{stored.name}: cannot be read ({error}); build again") from error


def digits_for(count: int) -> int:
    """How many digits of the hash make a group, for so many documents.

    >>> digits_for(100), digits_for(500_000)
    (0, 2)
    """
    return next((digits for most, digits in _DIGITS if count <= most), 3)


def consolidate(
    processed: Folder, old: Listing, entries: Sequence[Entry], decisions: Decisions, parts: Collection[str]
) -> Listing:
    """Write the groups whose documents have changed and give the new list, which is not written yet.

    Parameters
    ----------
    processed : Folder
    old : Listing
        The tables of the last build.
    entries : sequence of Entry
        All documents, in order of their paths; each is in the old tables, in a part, or has a problem.
    decisions : Decisions
        Which ids are changed by hand.
    parts : collection of str
        The contents that have a part.
    """
    digits = digits_for(len(entries))
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.key[:digits] or "all", []).append(entry)
    # an empty corpus has its frames too
    groups = groups or {"all": []}
    marks = {name: _mark(group, decisions) for name, group in sorted(groups.items())}
    files: dict[str, dict[str, Stored]] = {name: {} for name in STORED}
    for name, mark in marks.items():
        kept = {frame: old.files[frame].get(name) if frame in old.files else None for frame in STORED}
        if old.marks.get(name) != mark or None in kept.values():
            kept = _write_group(processed, old, (name, mark), groups[name], decisions, parts)
        for frame, stored in kept.items():
            if stored is not None:
                files[frame][name] = stored
    return Listing(marks, files, old.entities)


def _mark(entries: Iterable[Entry], decisions: Decisions) -> str:
    """What the rows of a group depend on, as a hash."""
    listed = [(e, decisions.parted.get(e.document)) for e in entries]
    joined = sorted(decisions.joined.items())
    return hashlib.sha256(
        repr((_LAYOUT, PARSER_VERSION, joined, listed)).encode("utf-8", "backslashreplace")
    ).hexdigest()


def _write_group(
    processed: Folder,
    old: Listing,
    group: tuple[str, str],
    entries: Sequence[Entry],
    decisions: Decisions,
    pending: Collection[str],
) -> dict[str, Stored | None]:
    """Write the tables of one group of documents, its digits and mark given, from the old tables and the parts."""
    name, mark = group
    wanted = {entry.key for entry in entries if entry.problem is None}
    parts = {content: _part(processed, content) for content in wanted.intersection(pending)}
    before = _old_ids(processed, old, wanted - parts.keys())
    written: dict[str, Stored | None] = {}
    publishers: dict[str, str | None] = {}
    for frame in STORED:
        tables = [_from_old(processed, old, frame, where, entries, ids) for where, ids in before.items()]
        for position, entry in enumerate(entries):
            table = _of_problem(frame, entry) if entry.problem else parts.get(entry.key, {}).get(frame)
            if table is not None:
                tables.append(_placed(table, [position] * table.num_rows))
        table = _finished(frame, tables, entries)
        if frame == "documents":
            publishers = dict(zip(*(table[c].to_pylist() for c in ("document", READ["entity_id"])), strict=True))
        table = _decided(frame, table, decisions, publishers)
        written[frame] = write_table(processed, f"{frame}/{name}-{mark[:16]}.parquet", table)
    return written


def _part(processed: Folder, sha256: str) -> dict[str, Any]:
    part = read_part(processed, sha256)
    if part is None:
        raise BudgetkitError(
            f"{processed.url}: the part of {sha256} was damaged while the tables were written; build again"
        )
    return part


def _old_ids(processed: Folder, old: Listing, wanted: set[str]) -> dict[str, dict[str, str]]:
    """The old groups that hold wanted contents, each with the old id of each content."""
    found: dict[str, dict[str, str]] = {}
    for group, stored in old.files.get("documents", {}).items():
        if any(content.startswith(group if group != "all" else "") for content in wanted):
            rows = read_table(processed, stored, ["document", "sha256", "parser_version"]).to_pylist()
            ids = {r["sha256"]: r["document"] for r in rows if r["parser_version"] == PARSER_VERSION}
            if held := {content: ids[content] for content in wanted & ids.keys()}:
                found[group] = held
    return found


def _from_old(
    processed: Folder, old: Listing, frame: str, group: str, entries: Sequence[Entry], ids: Mapping[str, str]
) -> Any:
    """The rows of the old tables that entries take up, with the place of the entry in the group."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = read_table(processed, old.files[frame][group])
    table = table.cast(schema(frame)) if table.schema != schema(frame) else table
    held = {entry.key: [] for entry in entries if entry.problem is None and entry.key in ids}  # type: ignore[var-annotated]
    for position, entry in enumerate(entries):
        if entry.key in held and entry.problem is None:
            held[entry.key].append(position)
    tables = []
    for copy in range(max(map(len, held.values()), default=0)):
        contents = [content for content, positions in held.items() if len(positions) > copy]
        which = pc.index_in(table["document"], pa.array([ids[content] for content in contents], pa.string()))
        chosen = table.filter(which.is_valid())
        positions = np.array([held[content][copy] for content in contents])
        tables.append(_placed(chosen, positions[which.drop_null().to_numpy()] if chosen.num_rows else []))
    return pa.concat_tables(tables) if tables else _placed(table.slice(0, 0), [])


def _of_problem(frame: str, entry: Entry) -> Any:
    empty = frames.make("facts", [])
    return with_hidden(frame, frames.make(frame, failed_rows(frame, entry.problem or "", None)), empty)


def failed_rows(name: str, reason: str, version: str | None) -> list[dict[str, Any]]:
    """What a frame has of a document that could not be read: one row of documents, and nothing else."""
    row = {"document": "", "reason": reason, "status": "failed", "parser_version": version}
    return [row] if name == "documents" else []


#: column with the place of a row's document in its group, while tables are put together
_POSITION = "position"


def _placed(table: Any, positions: Sequence[int]) -> Any:
    import pyarrow as pa

    return table.append_column(_POSITION, pa.array(positions, pa.int64()))


def _finished(frame: str, tables: Sequence[Any], entries: Sequence[Entry]) -> Any:
    """The rows of a group in the order of its documents, under their ids."""
    import pyarrow as pa

    whole = schema(frame)
    with_position = whole.append(pa.field(_POSITION, pa.int64()))
    joined = pa.concat_tables([table.cast(with_position) for table in tables]) if tables else None
    if joined is None:
        return whole.empty_table()
    order = np.argsort(joined[_POSITION].to_numpy(), kind="stable")
    joined = joined.take(order)
    positions = joined[_POSITION].to_numpy()
    columns = {"document": [entry.document for entry in entries]}
    if frame == "documents":
        columns |= {"path": [entry.path for entry in entries]}
        columns |= {key: [getattr(entry, key) for entry in entries] for key in ("sha256", "duplicate_of")}
    for column, values in columns.items():
        joined = _with(joined, column, pa.array(values, pa.string()).take(pa.array(positions)))
    return joined.drop_columns([_POSITION]).cast(whole)


def _with(table: Any, column: str, values: Any) -> Any:
    where = table.schema.get_field_index(column)
    return table.set_column(where, table.schema.field(where), values)


def _decided(frame: str, table: Any, decisions: Decisions, publishers: Mapping[str, str | None]) -> Any:
    """The ids and places as read, but for what a user has decided.

    Parting a document changes the id of its publisher wherever that stands in it; other units keep theirs.
    """
    import pyarrow as pa

    if READ["entity_id"] not in table.column_names:
        return table
    ids, documents = table[READ["entity_id"]].to_pylist(), table["document"].to_pylist()
    values = [decisions.joined.get(one, one) for one in ids]
    for row, document in enumerate(documents):
        part = decisions.parted.get(document)
        if part is not None and ids[row] == publishers[document]:
            values[row] = part.id
    table = _with(table, "entity_id", pa.array(values, pa.string()))
    if frame == "documents":
        told = zip(table[READ["place"]].to_pylist(), documents, strict=True)
        chosen = [part.place if (part := decisions.parted.get(d)) and part.place else one for one, d in told]
        table = _with(table, "place", pa.array(chosen, pa.string()))
    return table


def write_table(processed: Folder, name: str, table: Any) -> Stored:
    """Write a `pyarrow.Table` as a file of the corpus."""
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    processed.write(name, sink.getvalue())
    return Stored(name, sink.tell(), table.num_rows)
