"""A node agent that runs sing-box or mihomo, as its author would write it from the description of UniProxy alone.

Everything about the inbound comes from the answers to `config` and `user`. Its own are what every agent has on its machine: the node's id,
token and type, where it keeps certificates, and what the machine's resolver knows.
"""

import base64
import contextlib

from callers import equal, expect, http, wait_for
from proxy_programs import LOOPBACK, free_port, self_signed, started

# Servers are of the newest release; clients are of all that Helium writes documents for.
SING_BOX = "sing-box-1.14"
TRANSPORTS = {"ws", "httpupgrade", "grpc"}


def shadowsocks_key(cipher, uuid):
    """The key that an agent derives from a user's uuid: as many of its characters as the cipher's key has bytes."""
    if not cipher.startswith("2022-"):
        return uuid
    return base64.b64encode(uuid[:16 if "aes-128" in cipher else 32].encode()).decode()


def certificate_of(config, folder):
    """The files of the certificate that the panel wants: they are there, or the agent makes one."""
    settings = config["tls_settings"]
    if settings["cert_mode"] == "self":
        return self_signed(folder, settings["server_name"])
    equal(settings["cert_mode"], "file", "a way to a certificate that needs no network")
    return settings["cert_file"], settings["key_file"]


def sing_box_inbound(node_type, config, users, folder):
    inbound = {"type": node_type, "tag": "in", "listen": config["listen_ip"], "listen_port": config["server_port"]}
    uuids = [user["uuid"] for user in users]
    passwords = [{"name": uuid, "password": uuid} for uuid in uuids]
    if node_type == "shadowsocks":
        cipher = config["cipher"]
        inbound |= {
            "method": cipher, "password": config["server_key"],
            "users": [{"name": uuid, "password": shadowsocks_key(cipher, uuid)} for uuid in uuids],
        }
        return inbound
    if node_type == "vmess":
        inbound["users"] = [{"name": uuid, "uuid": uuid, "alterId": 0} for uuid in uuids]
    elif node_type == "vless":
        inbound["users"] = [{"name": uuid, "uuid": uuid, "flow": config["flow"]} for uuid in uuids]
    elif node_type == "tuic":
        inbound["users"] = [{"name": uuid, "uuid": uuid, "password": uuid} for uuid in uuids]
        inbound |= {"congestion_control": config["congestion_control"], "zero_rtt_handshake": config["zero_rtt_handshake"]}
    elif node_type == "hysteria2":
        equal(config["version"], 2, "the version of Hysteria")
        inbound["users"] = passwords
        if not config["ignore_client_bandwidth"]:
            inbound |= {"up_mbps": config["up_mbps"], "down_mbps": config["down_mbps"]}
        if config["obfs"]:
            inbound["obfs"] = {"type": config["obfs"], "password": config["obfs-password"]}
    elif node_type in ("socks", "http"):
        inbound["users"] = [{"username": uuid, "password": uuid} for uuid in uuids]
    else:
        inbound["users"] = passwords
    if node_type == "anytls":
        inbound["padding_scheme"] = config["padding_scheme"]
    if config.get("tls"):
        equal(config["tls"], 1, "the kind of TLS")
        certificate, key = certificate_of(config, folder)
        inbound["tls"] = {
            "enabled": True, "server_name": config["tls_settings"]["server_name"], "certificate_path": str(certificate),
            "key_path": str(key),
        }
        if node_type in ("tuic", "hysteria2"):
            inbound["tls"]["alpn"] = ["h3"]
    if (network := config.get("network")) in TRANSPORTS:
        settings = config["networkSettings"]
        inbound["transport"] = {"type": network}
        if network == "grpc":
            inbound["transport"]["service_name"] = settings["serviceName"]
        else:
            inbound["transport"]["path"] = settings["path"]
        if "host" in settings:
            inbound["transport"]["host"] = settings["host"]
    else:
        expect(network in (None, "tcp"), f"a network that this agent can't serve: {network}")
    return inbound


def sing_box(node_type, config, users, folder, names, control_port):
    """A configuration of sing-box that reaches `names` and nothing else."""
    hosts = {"type": "hosts", "tag": "hosts", "predefined": names}
    return {
        "log": {"level": "info"},
        "dns": {"servers": [hosts], "final": "hosts"},
        "inbounds": [sing_box_inbound(node_type, config, users, folder)],
        "outbounds": [{"type": "direct", "tag": "direct"}],
        "route": {
            "rules": [{"domain": list(names), "action": "route", "outbound": "direct"}, {"action": "reject"}],
            "default_domain_resolver": "hosts",
        },
        "experimental": {"clash_api": {"external_controller": f"{LOOPBACK}:{control_port}"}},
    }


def is_for_mihomo(node_type, config):
    """Whether it is what sing-box can't serve as it comes from PyPI."""
    return config.get("tls") == 2 or config.get("network") == "xhttp" or node_type == "mieru" or "plugin" in config


def mihomo_listener(node_type, config, users, folder):
    listener = {"name": "in", "type": node_type, "listen": config["listen_ip"], "port": config["server_port"]}
    uuids = [user["uuid"] for user in users]
    if node_type == "mieru":
        return listener | {"transport": config["transport"], "users": {uuid: uuid for uuid in uuids}}
    if node_type == "shadowsocks":
        # Its listener has one password, and so these nodes one user.
        [uuid] = uuids
        options = dict(option.split("=") for option in config["plugin_opts"].split(";"))
        equal((config["plugin"], options["obfs"]), ("obfs-local", config["obfs"]), "the plugin, and what XrayR reads")
        return listener | {
            "cipher": config["cipher"], "password": shadowsocks_key(config["cipher"], uuid),
            "simple-obfs": {"enable": True, "mode": options["obfs"]},
        }
    equal(node_type, "vless", "what else this agent runs mihomo for")
    listener["users"] = [{"username": uuid, "uuid": uuid, "flow": config["flow"]} for uuid in uuids]
    if config["network"] == "xhttp":
        listener["xhttp-config"] = config["networkSettings"]
    if config["tls"] == 1:
        # It reads no files outside its own folder.
        certificate, key = certificate_of(config, folder)
        return listener | {"certificate": certificate.read_text(), "private-key": key.read_text()}
    reality = config["tls_settings"]
    return listener | {
        "reality-config": {
            "dest": f"{reality.get('dest') or reality['server_name']}:{reality['server_port']}",
            "private-key": reality["private_key"], "short-id": reality.get("short_ids") or [reality["short_id"]],
            "server-names": reality.get("server_names") or [reality["server_name"]],
        },
    }


def mihomo(node_type, config, users, folder, names, control_port):
    """A configuration of mihomo that reaches `names` and nothing else."""
    # mihomo's own connections go by its rules too: those to the site whose handshakes REALITY borrows.
    rules = ["IN-TYPE,INNER,DIRECT", *(f"DOMAIN,{name},DIRECT" for name in names), "MATCH,REJECT"]
    return {
        "log-level": "info", "mode": "rule", "ipv6": False, "external-controller": f"{LOOPBACK}:{control_port}", "hosts": names,
        "listeners": [mihomo_listener(node_type, config, users, folder)], "rules": rules,
    }


class Agent:
    """One node's agent, and the proxy server that it runs."""

    def __init__(self, node, users, program, control_port):
        self.node = node
        self.users = users
        self.program = program
        self.control_port = control_port
        self.reported = (0, 0)

    def count(self):
        """What the server has carried from its users and to them, in bytes."""
        totals = http(f"http://{LOOPBACK}:{self.control_port}/connections").json
        return totals["uploadTotal"], totals["downloadTotal"]

    def report(self):
        """Pushes what was carried since the last report, when nothing is under way any more; returns it."""
        counts = [self.count()]

        def stands_still():
            counts.append(self.count())
            return counts[-1] == counts[-2]

        wait_for("the traffic stands still", stands_still)
        upload, download = (now - before for now, before in zip(counts[-1], self.reported))
        # The server counts all of its users together, and this node has one.
        [user] = self.users
        self.node.push({str(user): [upload, download]})
        self.reported = counts[-1]
        return upload, download


@contextlib.contextmanager
def agent(node, folder, names):
    """The agent of a node, whose server runs while the block does, on a machine that reaches `names` and nothing else."""
    folder.mkdir()
    node_type, control_port = node.query["node_type"], free_port()
    answer, users = node.ask("config"), node.users()
    equal(answer.status, 200, f"the status of the config of {node_type}")
    config = answer.json
    name, configured = ("mihomo", mihomo) if is_for_mihomo(node_type, config) else (SING_BOX, sing_box)
    configuration = configured(node_type, config, list(users.values()), folder, names, control_port)
    with started(name, folder / "server", configuration) as program:
        program.wait_for_port(control_port)
        if name == SING_BOX:
            # Inbounds over QUIC have no port to try.
            program.wait_until("has started", lambda: b"sing-box started" in program.log.read_bytes())
        else:
            program.wait_for_port(config["server_port"])
        yield Agent(node, users, program, control_port)
