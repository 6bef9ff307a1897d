"""Tokens that a server must refuse, most of them signed with the right key. Sources: RFC 7519 (JWT), RFC 5869 (HKDF), Sources/Tokens."""

import base64
import hashlib
import hmac
import json
import time
import uuid

HEADER = {"alg": "HS256", "typ": "JWT"}
AUDIENCES = {
    "customer-access": "helium.customer", "customer-refresh": "helium.customer.refresh", "admin": "helium.admin",
}


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def claims_of(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def signing_key(master_key, purpose):
    """HKDF-SHA256 of the master key, without a salt; the key fits into one block of it."""
    extracted = hmac.digest(bytes(32), master_key, "sha256")
    return hmac.digest(extracted, f"helium/v1/token/{purpose}".encode() + b"\1", "sha256")


def signed(claims, key, header=HEADER, digest="sha256"):
    text = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
    return f"{text}.{base64url(hmac.digest(key, text.encode(), digest))}"


def unsigned(claims, algorithm):
    return ".".join(base64url(json.dumps(part).encode()) for part in ({"alg": algorithm, "typ": "JWT"}, claims)) + "."


class Forger:
    """Makes tokens that look like those of one purpose, given one that is good."""

    def __init__(self, master_key, purpose, token):
        self.keys = {name: signing_key(master_key, name) for name in AUDIENCES}
        self.purpose, self.token = purpose, token
        self.key = self.keys[purpose]
        self.claims = claims_of(token)
        if signed(self.claims, self.key).split(".")[2] == token.split(".")[2]:
            return
        # Another order of the claims is another text: what counts is that the key is the server's.
        text, signature = token.rsplit(".", 1)
        if base64url(hmac.digest(self.key, text.encode(), hashlib.sha256)) != signature:
            raise ValueError(f"the derived key of {purpose} isn't the server's")

    def with_claims(self, **changes):
        return signed(self.claims | changes, self.key)

    def stale(self):
        """What a client may have left over, by what is wrong with it."""
        now = int(time.time())
        return {
            "forged": signed(self.claims, hashlib.sha256(b"another key").digest()),
            "expired": self.with_claims(iat=now - 7_200, exp=now - 1),
            "foreign audience": self.with_claims(aud="example.com"),
            "alg none": unsigned(self.claims, "none"),
        }

    def forgeries(self):
        """All of them. Those of another purpose are signed with its key, too."""
        now = int(time.time())
        header, payload, signature = self.token.split(".")
        changed = base64url(json.dumps(self.claims | {"sub": str(uuid.uuid4())}).encode())
        tokens = self.stale() | {
            "changed": f"{header}.{changed}.{signature}",
            "not yet valid": self.with_claims(iat=now + 3_600, exp=now + 7_200),
            "of another issuer": self.with_claims(iss="another"),
            "of a stranger": self.with_claims(sub=str(uuid.uuid4()), sid=str(uuid.uuid4())),
            "without claims": signed({}, self.key),
            "without a session": signed({name: value for name, value in self.claims.items() if name != "sid"}, self.key),
            "of wrong types": self.with_claims(sub=1, exp="tomorrow"),
            "that never expires": self.with_claims(exp=1e300),
            "alg None": unsigned(self.claims, "None"),
            "alg none, signed": signed(self.claims, self.key, HEADER | {"alg": "none"}),
            "alg HS512": signed(self.claims, self.key, HEADER | {"alg": "HS512"}, "sha512"),
            "with an extension": signed(self.claims, self.key, HEADER | {"crit": ["exp"]}),
            "too long": self.with_claims(jti="x" * 4_000),
            "rubbish": "rubbish", "empty": "", "dots": "..",
        }
        for name, audience in AUDIENCES.items():
            if name != self.purpose:
                tokens[f"for {audience}"] = self.with_claims(aud=audience)
                tokens[f"by the key of {name}"] = signed(self.claims, self.keys[name])
                tokens[f"of {name}"] = signed(self.claims | {"aud": audience}, self.keys[name])
        return tokens
