"""Convert what no library here reads with LibreOffice, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from budgetkit.errors import UnreadableDocument
from budgetkit.limits import Budget

#: seconds that a conversion may take
_PATIENCE = 120
#: no macro runs, nothing linked is loaded
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks"><value>true</value></prop></item>
</oor:items>
"""


def office_program() -> str | None:
    """Where LibreOffice is, None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert(data: bytes, budget: Budget, suffix: str, target: str) -> bytes:
    """A file in another format.

    `suffix`, `target`: the format that it has and the one that is wanted, e.g. "doc" and "docx". Raises
    UnreadableDocument when LibreOffice is not there or cannot convert the file; it says what to convert the file to.
    """
    program = office_program()
    advice = f"save it as {target.upper()} or PDF"
    if program is None:
        raise UnreadableDocument(f"{budget.name}: a file of format {suffix}; {advice}, or install LibreOffice")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        user = folder / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        source = folder / f"document.{suffix}"
        source.write_bytes(data)
        command = [
            program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
            "--convert-to", target, "--outdir", str(folder / "out"), str(source),
        ]  # fmt: skip
        patience = min(_PATIENCE, budget.limits.seconds)
        try:
            subprocess.run(command, capture_output=True, timeout=patience, check=True, stdin=subprocess.DEVNULL)
            result = folder / "out" / f"document.{target}"
            budget.hold("unpacked_bytes", result.stat().st_size)
            return result.read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            message = f"{budget.name}: LibreOffice could not convert it from {suffix}; {advice}"
            raise UnreadableDocument(message) from error
