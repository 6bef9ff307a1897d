"""Client programs, set up by what a subscription link answers and nothing else."""

import contextlib
import json

from callers import equal, expect, http
from proxy_programs import free_port, started

SING_BOX_VERSIONS = ("1.12", "1.13", "1.14")
USER_AGENTS = {f"sing-box-{version}": f"SFA/{version}.0 (Build 1; sing-box {version}.0; language en)" for version in SING_BOX_VERSIONS}
USER_AGENTS["mihomo"] = "mihomo/1.19.32"


def sing_box(document, port):
    """The document as it is, but for the device that only root may make, and the port, which other clients of this machine have too."""
    configuration = json.loads(document)
    inbounds = {inbound["type"]: inbound for inbound in configuration["inbounds"]}
    equal(set(inbounds), {"tun", "mixed"}, "the inbounds of the sing-box document")
    configuration["inbounds"] = [inbounds["mixed"] | {"listen_port": port}]
    return configuration


def mihomo(document, port):
    """The document as it is, but for the port."""
    line = b"mixed-port: 7890\n"
    equal(document.count(line), 1, "the lines with the port of the mihomo document")
    return document.replace(line, f"mixed-port: {port}\n".encode())


@contextlib.contextmanager
def client(program, link, folder, trusted=None):
    """A client that runs while the block does; gives the program and its proxy's port.

    `trusted` is a certificate that its machine trusts beside no other.
    """
    answer = http(link, {"User-Agent": USER_AGENTS[program]})
    equal(answer.status, 200, f"the status of the document for {program}")
    port = free_port()
    configuration = (mihomo if program == "mihomo" else sing_box)(answer.body, port)
    environment = {"SSL_CERT_FILE": str(trusted), "SSL_CERT_DIR": str(folder / "none")} if trusted else None
    with started(program, folder, configuration, environment) as running:
        running.wait_for_port(port)
        yield running, port
        expect(running.process.poll() is None, f"{program} ended: {running.last_words}")
