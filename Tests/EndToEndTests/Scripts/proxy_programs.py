"""What proxy servers and clients on this machine have in common: programs in folders of their own, ports, and the sites behind."""

import http
import http.server
import json
import os
import pathlib
import socket
import socketserver
import ssl
import subprocess
import threading
import urllib.error
import urllib.request

from callers import PATIENCE, expect, wait_for

TOOLS = pathlib.Path(os.environ["TOOLS"])
LOOPBACK = "127.0.0.1"

# Enough to see why it failed.
SHOWN_BYTES = 3_000
# How long a client that already listens may refuse connections.
STARTING_SECONDS = 10


def free_port():
    """A port on which nobody listens, neither by TCP nor by UDP."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as stream, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
            stream.bind((LOOPBACK, 0))
            try:
                datagram.bind(stream.getsockname())
            except OSError:
                continue
            return stream.getsockname()[1]


class Program:
    """A child process in a folder of its own, which is ended when the block ends."""

    def __init__(self, name, folder, arguments, environment=None):
        self.name = name
        self.log = folder / "log"
        variables = {"PATH": "/usr/bin:/bin", "HOME": str(folder)} | (environment or {})
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [TOOLS / name, *arguments], cwd=folder, env=variables, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def last_words(self):
        return self.log.read_bytes()[-SHOWN_BYTES:].decode(errors="replace")

    def wait_until(self, what, probe):
        """Waits for something that comes true when the program has started."""

        def holds():
            expect(self.process.poll() is None, f"{self.name} ended with {self.process.returncode}: {self.last_words}")
            return probe()

        wait_for(f"{self.name} {what}", holds)

    def wait_for_port(self, port):
        """Waits until it listens on a TCP port."""

        def listens():
            with socket.socket() as probe:
                return probe.connect_ex((LOOPBACK, port)) == 0

        self.wait_until(f"listens on {port}", listens)


def started(name, folder, configuration, environment=None):
    """sing-box or mihomo with a configuration: a value, or the bytes of a file."""
    folder.mkdir()
    file = folder / "configuration"
    file.write_bytes(configuration if isinstance(configuration, bytes) else json.dumps(configuration, indent=2).encode())
    arguments = ["-d", folder, "-f", file] if name == "mihomo" else ["run", "--disable-color", "-D", folder, "-c", file]
    return Program(name, folder, arguments, environment)


def self_signed(folder, name):
    """A new certificate for a name, that nobody has signed but itself, and its key."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    command = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-keyout", key, "-out", certificate,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    return certificate, key


class Server(socketserver.ThreadingTCPServer):
    """Serves on a port of its own while the block runs."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, handler):
        super().__init__((LOOPBACK, 0), handler)
        self.port = self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def handle_error(self, *_):
        # Connections that proxies break off are no news.
        pass


def page_server(page):
    """A web server that has one page."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "application/octet-stream")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_):
            pass

    return Server(Handler)


def tls_server(certificate, key):
    """A web site with TLS 1.3, whose handshakes REALITY borrows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate, key)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.settimeout(PATIENCE)
            with context.wrap_socket(self.request, server_side=True) as stream:
                while stream.recv(4_096):
                    pass

    return Server(Handler)


def fetched(url, proxy_port):
    """What a browser gets whose HTTP proxy is on a port of this machine."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": f"http://{LOOPBACK}:{proxy_port}"}))

    def answer():
        try:
            with opener.open(url, timeout=PATIENCE) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            # mihomo listens before it has its rules, and until then refuses what comes.
            if error.code != http.HTTPStatus.BAD_GATEWAY:
                raise
            return None

    return wait_for(f"{url} through {proxy_port}", answer, STARTING_SECONDS)
