"""Make docs/jupyterlab.png: a notebook of the project as JupyterLab shows it in a real browser.

With `--all FOLDER` every cell of every notebook is run there instead, each notebook is saved, and a picture of the
whole of it is kept in FOLDER; what fails, and what saving changes beside pictures, is told.

Needs Chromium beside what `make setup` installs (Debian: `apt-get install chromium`); nothing else of the project and
no test needs it. Run it from the project's folder after `make run`: `.venv/bin/python tools/jupyterlab_screenshot.py`.

JupyterLab runs on localhost with settings, copies of the notebooks and a token of its own in a temporary folder;
Chromium runs without a window and is driven over its DevTools protocol. Both are stopped in the end, and after
`LIMIT` seconds at the latest.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from PIL import Image
from websocket import WebSocket, create_connection

NOTEBOOK = "02_execution_rates.ipynb"
TARGET = Path("docs/jupyterlab.png")
WIDTH, HEIGHT, LIMIT = 1400, 1000, 120
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-port=0",
    f"--window-size={WIDTH},{HEIGHT}", "about:blank",
)  # fmt: skip
_PIXELS = re.compile(r'(?<="image/png": ")[^"]+|(?<=data:image/png;base64,)[A-Za-z0-9+/=]+')
#: settings of JupyterLab: nothing is fetched from outside, and cells out of sight are drawn too
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
#: whether all pictures of the notebook are drawn and its kernel waits
READY = """
(() => {
  const shown = [...document.querySelectorAll('.jp-OutputArea-output img')];
  const state = document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status;
  return document.fonts.status === 'loaded' && shown.length > 0 && shown.every(one => one.complete && one.height)
    && state === 'idle';
})()
"""
#: what `--all` asks of a notebook: run all, whether all is done, what failed, save, the height of all cells
RUN = "void jupyterapp.commands.execute('notebook:run-all-cells').then(() => { window.ran = true; })"
DONE = "window.ran && document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'"
FAILED = "document.querySelectorAll('[data-mime-type=\"application/vnd.jupyter.error\"]').length"
# a page without a window has no current document that the command `docmanager:save` would save
OPEN = "[...jupyterapp.shell.widgets('main')].find(one => one.context)"
SAVE = f"void {OPEN}.context.save().then(() => {{ window.saved = true; }})"
TALL = "document.querySelector('.jp-WindowedPanel-outer').scrollHeight"
SCROLL = "document.querySelector('.jp-OutputArea-output img').scrollIntoView({block: 'end'})"


def main() -> None:
    """Start both, wait for the notebooks, keep the pictures."""
    parser = argparse.ArgumentParser(description="Pictures of the notebooks in JupyterLab.")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="run every cell of every notebook")
    target = parser.parse_args().all
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit(f"none of {', '.join(BROWSERS)} is installed")
    deadline = time.monotonic() + (LIMIT if target is None else 8 * LIMIT)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _prepare(home)
        token, port = secrets.token_hex(16), _free_port()
        base = f"http://127.0.0.1:{port}"
        with _running(_lab(home, port), home, token), _running([browser, *_flags(home)], home):
            _wait(lambda: _answers(f"{base}/api?token={token}"), deadline, "JupyterLab")
            page = _wait(lambda: _page(home / "profile"), deadline, "Chromium")
            if target is not None:
                target.mkdir(parents=True, exist_ok=True)
                for path in sorted((home / "notebooks").glob("*.ipynb")):
                    url = f"{base}/lab/tree/{path.name}?token={token}&reset"
                    print(f"{path.name}: {_run(page, url, path, target / f'{path.stem}.png', deadline)}", flush=True)
                return
            picture = _drawn(page, f"{base}/lab/tree/{NOTEBOOK}?token={token}&reset", deadline)
    shot = Image.open(io.BytesIO(picture)).convert("RGB")
    shot.quantize(128, dither=Image.Dither.NONE).save(TARGET, optimize=True)
    print(f"{TARGET}: {shot.width} x {shot.height}, {TARGET.stat().st_size} bytes")


def _run(page: WebSocket, url: str, path: Path, target: Path, deadline: float) -> str:
    """Run and save a notebook, keep its picture; what came of it."""
    before = _stored(path)
    _ask(page, "Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT, deviceScaleFactor=1, mobile=False)
    _ask(page, "Page.navigate", url=url)
    _wait(lambda: _value(page, READY), deadline, path.name)
    # the kernel is idle before the commands of the notebook are there
    time.sleep(8)
    _value(page, RUN)
    _wait(lambda: _value(page, DONE), deadline, path.name)
    _value(page, SAVE)
    _wait(lambda: _value(page, "window.saved"), deadline, f"saving {path.name}")
    tall = int(_value(page, TALL)) + 200
    _ask(page, "Emulation.setDeviceMetricsOverride", width=WIDTH, height=tall, deviceScaleFactor=1, mobile=False)
    time.sleep(2)
    target.write_bytes(base64.b64decode(_ask(page, "Page.captureScreenshot", format="png")["data"]))
    after = _stored(path)
    changed = [number for number, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
    return f"{_value(page, FAILED)} cells failed; outputs that saving changed: {changed or 'none'}; {tall} pixels"


def _stored(path: Path) -> list[Any]:
    """What a file keeps of its cells, without pictures, whose pixels may differ."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    kept = [{name: cell.get(name) for name in ("source", "metadata", "outputs")} for cell in cells]
    return [json.loads(_PIXELS.sub("", json.dumps(one))) for one in kept]


def _prepare(home: Path) -> None:
    """Copies of the notebooks, settings, and the font of the package, which the browser shows Chinese with."""
    shutil.copytree("notebooks", home / "notebooks", ignore=shutil.ignore_patterns(".*", "*.py"))
    (home / "data").symlink_to(Path("data").resolve())
    for name, values in SETTINGS.items():
        path = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    fonts = home / "share" / "fonts"
    fonts.mkdir(parents=True)
    (fonts / "font.ttf").write_bytes(
        resources.files("budgetkit").joinpath("fonts", "NotoSansSC-Regular.ttf").read_bytes()
    )


def _lab(home: Path, port: int) -> list[str]:
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": str(port),
        "ServerApp.port_retries": "0",
        "ServerApp.root_dir": str(home / "notebooks"),
        "ServerApp.open_browser": "False",
        "LabApp.extension_manager": "readonly",
        "LabApp.expose_app_in_browser": "True",
    }
    root = ["--allow-root"] if os.geteuid() == 0 else []
    return [sys.executable, "-m", "jupyterlab", *root, *(f"--{name}={value}" for name, value in options.items())]


def _flags(home: Path) -> list[str]:
    return [f"--user-data-dir={home / 'profile'}", *FLAGS]


@contextmanager
def _running(command: list[str], home: Path, token: str = "") -> Iterator[None]:
    """A process with a home of its own, which is stopped in the end."""
    own = {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "share"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
    } | ({"JUPYTER_TOKEN": token} if token else {})
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=os.environ | own, stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(attempt: Callable[[], Any], deadline: float, what: str) -> Any:
    """The first answer that is not empty."""
    while time.monotonic() < deadline:
        if found := attempt():
            return found
        time.sleep(0.5)
    raise TimeoutError(f"{what} did not answer within {LIMIT} s")


def _answers(url: str) -> bytes | None:
    try:
        with urllib.request.urlopen(url, timeout=5) as reply:
            return bytes(reply.read())
    except OSError:
        return None


def _page(profile: Path) -> WebSocket | None:
    """A connection to the browser's page, once there is one."""
    try:
        port = (profile / "DevToolsActivePort").read_text().split()[0]
    except (OSError, IndexError):
        return None
    pages = [page for page in json.loads(_answers(f"http://127.0.0.1:{port}/json") or b"[]") if page["type"] == "page"]
    return create_connection(pages[0]["webSocketDebuggerUrl"], timeout=LIMIT, suppress_origin=True) if pages else None


def _drawn(page: WebSocket, url: str, deadline: float) -> bytes:
    """The notebook with its first plot in view, as PNG."""
    _ask(page, "Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT, deviceScaleFactor=1, mobile=False)
    _ask(page, "Page.navigate", url=url)
    _wait(lambda: _value(page, READY), deadline, "the notebook")
    _value(page, SCROLL)
    time.sleep(2)
    return base64.b64decode(_ask(page, "Page.captureScreenshot", format="png")["data"])


def _value(page: WebSocket, script: str) -> Any:
    return _ask(page, "Runtime.evaluate", expression=script)["result"].get("value")


def _ask(page: WebSocket, method: str, **parameters: Any) -> dict[str, Any]:
    """Send a command of the DevTools protocol and wait for its answer."""
    number = secrets.randbelow(2**31)
    page.send(json.dumps({"id": number, "method": method, "params": parameters}))
    while True:
        answer = json.loads(page.recv())
        if answer.get("id") == number:
            if "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']['message']}")
            return dict(answer["result"])


if __name__ == "__main__":
    main()
