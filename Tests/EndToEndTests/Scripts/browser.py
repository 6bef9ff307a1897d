"""Debian's headless Chromium, driven over a pipe. Source: the Chrome DevTools Protocol, and Chromium's --remote-debugging-pipe."""

import base64
import contextlib
import json
import os
import pathlib
import select
import shutil
import subprocess
import time
import zlib

from callers import PATIENCE, Wrong, expect

# The first is small and made for this; the others are what systems without it have.
PROGRAMS = ("chromium-headless-shell", "chromium", "google-chrome")
# A browser that starts beside a build reads a hundred megabytes first.
STARTING_SECONDS = 120


class Browser:
    """One browser with a profile of its own, which is ended when the block ends."""

    def __init__(self, folder):
        program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
        expect(program, "there is no Chromium: Tools/install tools")
        self.log = folder / "log"
        arguments = ["--headless", "--remote-debugging-pipe", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder / 'profile'}"]
        # Containers give a browser no room in /dev/shm, and root no sandbox.
        arguments += ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        commands, self.commands = os.pipe()
        self.answers, answers = os.pipe()
        # The browser reads commands from descriptor 3 and writes answers to 4.
        shell = f'exec "$0" "$@" 3</proc/self/fd/{commands} 4>/proc/self/fd/{answers}'
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", shell, program, *arguments], env=environment, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, pass_fds=(commands, answers))
        os.close(commands)
        os.close(answers)
        self.unread = b""
        self.number = 0
        self.events = []

    def __enter__(self):
        try:
            self.send("Browser.getVersion", seconds=STARTING_SECONDS)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError, Wrong):
            self.send("Browser.close", seconds=1)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.commands)
        os.close(self.answers)

    def send(self, method, session=None, seconds=PATIENCE, **parameters):
        """Gives a command and returns its result; events that come before it are kept."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.commands, data):]
        end = time.monotonic() + seconds
        while (answer := self.message(end, method)).get("id") != message["id"]:
            self.events.append(answer)
        expect("error" not in answer, f"{method}: {answer.get('error')}")
        return answer["result"]

    def wait_for_event(self, method, session):
        """The first event of that name which nobody has waited for."""
        end = time.monotonic() + PATIENCE
        while True:
            for index, event in enumerate(self.events):
                if (event.get("method"), event.get("sessionId")) == (method, session):
                    return self.events.pop(index)["params"]
            self.events.append(self.message(end, method))

    def message(self, end, purpose):
        while b"\0" not in self.unread:
            readable, _, _ = select.select([self.answers], [], [], max(0, end - time.monotonic()))
            expect(readable, f"the browser doesn't answer to {purpose}: {self.last_words}")
            received = os.read(self.answers, 1 << 20)
            expect(received, f"the browser ended at {purpose}: {self.last_words}")
            self.unread += received
        message, _, self.unread = self.unread.partition(b"\0")
        return json.loads(message)

    @property
    def last_words(self):
        return self.log.read_bytes()[-3_000:].decode(errors="replace")

    @contextlib.contextmanager
    def tab(self, screen, runs_scripts=True):
        """An empty tab that shares nothing with others, while the block runs."""
        context = self.send("Target.createBrowserContext")["browserContextId"]
        target = self.send("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        try:
            yield Tab(self, session, screen, runs_scripts, context)
        finally:
            self.send("Target.disposeBrowserContext", browserContextId=context)
            self.events = [event for event in self.events if event.get("sessionId") != session]


class Tab:
    """A tab with a screen: its width, height, device pixels per pixel, and whether the reader likes it dark."""

    def __init__(self, browser, session, screen, runs_scripts, context):
        self.browser, self.session, self.screen, self.context = browser, session, screen, context
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.send(f"{domain}.enable")
        self.send(
            "Emulation.setDeviceMetricsOverride", width=screen.width, height=screen.height, deviceScaleFactor=screen.scale,
            mobile=screen.is_phone)
        scheme = "dark" if screen.is_dark else "light"
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.send("Emulation.setTimezoneOverride", timezoneId=screen.time_zone)
        self.send("Emulation.setScriptExecutionDisabled", value=not runs_scripts)

    def send(self, method, **parameters):
        return self.browser.send(method, self.session, **parameters)

    def open(self, url):
        result = self.send("Page.navigate", url=url)
        expect("errorText" not in result, f"{url}: {result.get('errorText')}")
        self.browser.wait_for_event("Page.loadEventFired", self.session)

    def value(self, expression):
        """What a JavaScript expression is, once it is no promise any more."""
        result = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True)
        expect("exceptionDetails" not in result, f"{expression[:80]}: {result.get('exceptionDetails')}")
        return result["result"].get("value")

    def events(self, *methods):
        """All events so far by these names."""
        self.value("1")
        return [event["params"] for event in self.browser.events if event.get("sessionId") == self.session and event["method"] in methods]

    def screenshot(self, area=None):
        """A PNG file of a rectangle of the page, or of all of it."""
        size = self.send("Page.getLayoutMetrics")["cssContentSize"]
        clip = (area or {"x": 0, "y": 0, "width": size["width"], "height": size["height"]}) | {"scale": 1}
        return base64.b64decode(self.send("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)["data"])

    def pixels(self, area):
        return Pixels(self.screenshot(area))


class Pixels:
    """What a PNG file shows, as Chromium writes them. Source: ISO/IEC 15948."""

    def __init__(self, png):
        data, compressed, position = png[8:], b"", 0
        while position < len(data):
            length, kind = int.from_bytes(data[position:position + 4]), data[position + 4:position + 8]
            body = data[position + 8:position + 8 + length]
            if kind == b"IHDR":
                self.width, self.height = int.from_bytes(body[:4]), int.from_bytes(body[4:8])
                expect(body[8] == 8 and body[9] in (2, 6) and body[12] == 0, f"not 8 bits, in colour and in order: {body}")
                self.channels = 3 if body[9] == 2 else 4
            elif kind == b"IDAT":
                compressed += body
            position += 12 + length
        self.rows = self.unfiltered(zlib.decompress(compressed))

    def unfiltered(self, data):
        size, step = self.width * self.channels, self.channels
        rows, above = [], bytearray(size)
        for start in range(0, len(data), size + 1):
            kind, row = data[start], bytearray(data[start + 1:start + 1 + size])
            for index in range(size):
                left = row[index - step] if index >= step else 0
                up, corner = above[index], above[index - step] if index >= step else 0
                if kind == 1:
                    row[index] = row[index] + left & 255
                elif kind == 2:
                    row[index] = row[index] + up & 255
                elif kind == 3:
                    row[index] = row[index] + (left + up >> 1) & 255
                elif kind == 4:
                    estimate = left + up - corner
                    nearest = min((abs(estimate - value), order, value) for order, value in enumerate((left, up, corner)))
                    row[index] = row[index] + nearest[2] & 255
            rows.append(row)
            above = row
        return rows

    def colour(self, x, y):
        return tuple(self.rows[y][x * self.channels:x * self.channels + 3])

    @property
    def grey(self):
        """Rows of one byte for each pixel."""
        values = bytes(row[index + 1] for row in self.rows for index in range(0, len(row), self.channels))
        return memoryview(values).cast("B", shape=[self.height, self.width])


def write(folder, name, png):
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    (pathlib.Path(folder) / f"{name}.png").write_bytes(png)
