"""Print the peak memory in MB, over the imports, of reading a document of 260 pages made of given files."""

from __future__ import annotations

import io
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

PAGES = 260
#: ru_maxrss counts kilobytes on Linux and bytes on macOS
UNIT = 1 if sys.platform == "darwin" else 1024


def joined(paths: Sequence[str]) -> bytes:
    """The first 260 pages of the files, and again from the start until there are so many, as one PDF."""
    import pypdfium2

    whole = pypdfium2.PdfDocument.new()
    while len(whole) < PAGES:
        for path in paths:
            source = pypdfium2.PdfDocument(path)
            whole.import_pages(source, list(range(min(len(source), PAGES - len(whole)))))
            source.close()
            if len(whole) >= PAGES:
                break
    buffer = io.BytesIO()
    whole.save(buffer)
    whole.close()
    return buffer.getvalue()


def peak() -> float:
    """Peak memory of this process so far, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # what getrusage tells on Linux begins with the peak of the process that started this one
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT / 1e6


def main(arguments: Sequence[str]) -> None:
    """Make the document in another process, so that its memory does not count; then read it here."""
    import subprocess

    if arguments[0] == "--join":
        sys.stdout.buffer.write(joined(arguments[1:]))
        return
    import budgetkit as bk

    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.memory", "--join", *arguments], capture_output=True, check=True
    )
    # one page first: it loads the libraries that reading imports
    bk.read(one_page(done.stdout))
    before = peak()
    pages = bk.read(done.stdout).documents["pages"].iloc[0]
    if pages != PAGES:
        raise SystemExit(f"{pages} pages instead of {PAGES}")
    print(round(peak() - before, 1))


def one_page(data: bytes) -> bytes:
    """The first page of a document."""
    import pypdfium2

    source, single = pypdfium2.PdfDocument(data), pypdfium2.PdfDocument.new()
    single.import_pages(source, [0])
    buffer = io.BytesIO()
    single.save(buffer)
    return buffer.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
