"""Servers of OAuth 1.0a made of another project's parts, each on a free loopback port. They end with the input of the process.

Arguments: library (authlib or oauthlib), and a JSON object: signature method to the client's `secret` and public key `rsa_key` (PEM).
Each server allows one method only. It prints a JSON object: signature method to port. The user "alice" allows everything.
"""

import json
import secrets
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlencode, urlsplit


def form(values):
    return urlencode(values)


class Authlib:
    def __init__(self, signature_method, client_secret, public_key):
        temporary, tokens, nonces = {}, {}, set()

        from authlib.oauth1.rfc5849.authorization_server import AuthorizationServer
        from authlib.oauth1.rfc5849.errors import OAuth1Error
        from authlib.oauth1.rfc5849.models import ClientMixin, TemporaryCredentialMixin, TokenCredentialMixin
        from authlib.oauth1.rfc5849.resource_protector import ResourceProtector
        from authlib.oauth1.rfc5849.wrapper import OAuth1Request

        class Client(ClientMixin):
            def get_default_redirect_uri(self):
                return None

            def get_client_secret(self):
                return client_secret

            def get_rsa_public_key(self):
                return public_key

        class Credential(TemporaryCredentialMixin, TokenCredentialMixin):
            def __init__(self, callback=None):
                self.callback = callback
                self.token = secrets.token_urlsafe()
                self.secret = secrets.token_urlsafe()
                self.verifier = None

            def get_client_id(self):
                return "photos"

            def get_redirect_uri(self):
                return self.callback

            def check_verifier(self, verifier):
                return self.verifier == verifier

            def get_oauth_token(self):
                return self.token

            def get_oauth_token_secret(self):
                return self.secret

        class Store:
            SUPPORTED_SIGNATURE_METHODS = [signature_method]

            def get_client_by_id(self, client_id):
                return Client() if client_id == "photos" else None

            def exists_nonce(self, nonce, request):
                known = nonce in nonces
                nonces.add(nonce)
                return known

        class Server(Store, AuthorizationServer):
            def create_oauth1_request(self, request):
                return OAuth1Request(*request)

            def handle_response(self, status, payload, headers):
                body = payload if isinstance(payload, str) else form(payload)
                return status, body, dict(headers)

            def create_temporary_credential(self, request):
                made = Credential(request.redirect_uri)
                temporary[made.token] = made
                return made

            def get_temporary_credential(self, request):
                return temporary.get(request.token)

            def delete_temporary_credential(self, request):
                temporary.pop(request.token, None)

            def create_authorization_verifier(self, request):
                request.credential.verifier = secrets.token_urlsafe()
                return request.credential.verifier

            def create_token_credential(self, request):
                made = Credential()
                tokens[made.token] = made
                return made

        class Protector(Store, ResourceProtector):
            def get_token_credential(self, request):
                return tokens.get(request.token)

        self.server, self.protector, self.error = Server(), Protector(), OAuth1Error

    def initiate(self, request):
        return self.server.create_temporary_credentials_response(request)

    def authorize(self, request):
        return self.server.create_authorization_response(request, grant_user="alice")

    def token(self, request):
        return self.server.create_token_response(request)

    def resource(self, request):
        try:
            self.protector.validate_request(*request)
            return 200, "alice", {}
        except self.error as error:
            return error.status_code, form(error.get_body()), {}


class Oauthlib:
    def __init__(self, signature_method, client_secret, public_key):
        temporary, tokens, nonces = {}, {}, set()

        from oauthlib.oauth1 import RequestValidator, WebApplicationServer
        from oauthlib.oauth1.rfc5849.endpoints import ResourceEndpoint

        class Validator(RequestValidator):
            enforce_ssl = False
            allowed_signature_methods = [signature_method]
            # It allows letters and digits of a certain length only.
            client_key_length = (3, 64)
            dummy_client = "dummy"
            dummy_request_token = "dummy"
            dummy_access_token = "dummy"
            safe_characters = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

            def check_request_token(self, token):
                return True

            def check_access_token(self, token):
                return True

            def check_verifier(self, verifier):
                return True

            def get_client_secret(self, key, request):
                return client_secret

            def get_rsa_key(self, key, request):
                return public_key

            def validate_client_key(self, key, request):
                return key == "photos"

            def validate_timestamp_and_nonce(self, key, timestamp, nonce, request, request_token=None, access_token=None):
                known = nonce in nonces
                nonces.add(nonce)
                return not known

            def validate_redirect_uri(self, key, uri, request):
                return True

            def validate_requested_realms(self, key, realms, request):
                return True

            def validate_realms(self, key, token, request, uri=None, realms=None):
                return True

            def get_default_realms(self, key, request):
                return []

            def get_realms(self, token, request):
                return []

            def verify_realms(self, token, realms, request):
                return True

            def save_request_token(self, token, request):
                temporary[token["oauth_token"]] = {**token, "callback": request.redirect_uri}

            def validate_request_token(self, key, token, request):
                return token in temporary

            def verify_request_token(self, token, request):
                return token in temporary

            def get_request_token_secret(self, key, token, request):
                return temporary[token]["oauth_token_secret"]

            def get_redirect_uri(self, token, request):
                return temporary[token]["callback"]

            def save_verifier(self, token, verifier, request):
                temporary[token]["verifier"] = verifier["oauth_verifier"]

            def validate_verifier(self, key, token, verifier, request):
                return temporary.get(token, {}).get("verifier") == verifier

            def invalidate_request_token(self, key, token, request):
                temporary.pop(token, None)

            def save_access_token(self, token, request):
                tokens[token["oauth_token"]] = token

            def validate_access_token(self, key, token, request):
                return token in tokens

            def get_access_token_secret(self, key, token, request):
                return tokens[token]["oauth_token_secret"]

        validator = Validator()
        self.server, self.guard = WebApplicationServer(validator), ResourceEndpoint(validator)

    def initiate(self, request):
        method, url, body, headers = request
        headers, text, status = self.server.create_request_token_response(url, method, body, headers)
        return status, text or "", headers

    def authorize(self, request):
        method, url, body, headers = request
        headers, text, status = self.server.create_authorization_response(url, method, body, headers)
        return status, text or "", headers

    def token(self, request):
        method, url, body, headers = request
        headers, text, status = self.server.create_access_token_response(url, method, body, headers)
        return status, text or "", headers

    def resource(self, request):
        method, url, body, headers = request
        valid, _ = self.guard.validate_protected_resource_request(url, method, body, headers, realms=[])
        return (200, "alice", {}) if valid else (401, "refused", {})


class Handler(BaseHTTPRequestHandler):
    def handle_request(self):
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length).decode("utf-8")
        url = f"http://127.0.0.1:{self.server.server_port}{self.path}"
        # They look names up in the case of their own.
        headers = {name.title(): value for name, value in self.headers.items()}
        route = getattr(self.server.library, urlsplit(self.path).path.strip("/"))
        status, text, sent = route((self.command, url, body, headers))
        self.send_response(status)
        for name, value in sent.items():
            self.send_header(name, value)
        data = text.encode("utf-8")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = handle_request

    def log_message(self, *_):
        pass


def listen(signature_method, client):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.library = libraries[sys.argv[1]](signature_method, client["secret"], client["rsa_key"])
    Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


libraries = {"authlib": Authlib, "oauthlib": Oauthlib}
print(json.dumps({method: listen(method, client) for method, client in json.loads(sys.argv[2]).items()}), flush=True)
sys.stdin.read()
