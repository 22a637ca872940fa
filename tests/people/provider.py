"""An identity provider for tests: small, real, and willing to lie."""

import hashlib
import json
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "cjops", "a client secret"


class Provider:
    """Signs people in whom a test names; `lies` overrides claims, and `key` what it signs with."""

    def __init__(self):
        self.key = self.published = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.email, self.lies, self.algorithm = "", {}, "RS256"
        self.codes, self.calls = {}, []
        self.said_issuer = None
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                provider.answer_get(self)

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                provider.answer_post(self, parse_qs(self.rfile.read(length).decode()))

            def log_message(self, *_about):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def answer_get(self, handler):
        parts = urlsplit(handler.path)
        self.calls.append(parts.path)
        if parts.path == "/.well-known/openid-configuration":
            send(handler, {
                "issuer": self.said_issuer or self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            })  # fmt: skip
        elif parts.path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.published.public_key()))
            send(handler, {"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]})
        else:
            send(handler, {}, 404)

    def authorize(self, address):
        """What the provider does with a browser that comes by: it is sent back with a code."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def answer_post(self, handler, sent):
        asked = self.codes.pop(sent["code"][0], None)
        if asked is None or sent.get("client_secret") != [SECRET]:
            return send(handler, {"error": "invalid_grant"}, 400)
        digest = hashlib.sha256(sent["code_verifier"][0].encode()).digest()
        if urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return send(handler, {"error": "invalid_grant"}, 400)
        return send(handler, {"id_token": self.token(asked["nonce"]), "token_type": "Bearer"})

    def token(self, nonce):
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "42", "iat": now, "exp": now + 300,
            "nonce": nonce, "email": self.email, "email_verified": True,
        } | self.lies  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        key = "" if self.algorithm == "none" else self.key
        return jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": "one"})


def send(handler, body, status=200):
    content = json.dumps(body).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)
