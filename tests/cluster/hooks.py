"""Webhook servers that live in the test process: one that records what passes, and ones that a test writes itself."""

from __future__ import annotations

import base64
import copy
import http.client
import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from certificates import Certificate
from client import Object
from seaworthy import Seaworthy

Reply = tuple[int, dict[str, str], bytes]


class HookServer:
    """HTTPS on a free loopback port; `answer` is given a path with its query and a body."""

    def __init__(self, certificate: Certificate, answer: Callable[[str, bytes], Reply]) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1  # head and body in one write

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, headers, reply = answer(self.path, body)
                self.send_response(status)
                for name, value in (headers | {"Content-Length": str(len(reply))}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def finish_request(self, request: Any, client_address: Any) -> None:
                # The handshake in the connection's own thread: a slow client must not hold the others up.
                with context.wrap_socket(request, server_side=True) as wrapped:
                    super().finish_request(wrapped, client_address)

            def handle_error(self, *_: object) -> None:
                pass  # the API server hung up

        context = certificate.server_context()
        self.ca = certificate.ca
        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass(frozen=True)
class Exchange:
    """One review and its answer, as they went over the wire."""

    path: str
    review: Object
    status: int
    answer: Object

    @property
    def request(self) -> Object:
        return self.review["request"]

    @property
    def response(self) -> Object:
        return self.answer["response"]

    @property
    def patch(self) -> list[Object] | None:
        encoded = self.response.get("patch")
        return None if encoded is None else json.loads(base64.b64decode(encoded))


def patched(document: Object, operations: list[Object]) -> Object:
    """A copy after an RFC 6902 patch: what anybody else would make of it."""
    changed = copy.deepcopy(document)
    for operation in operations:
        *parents, last = [
            step.replace("~1", "/").replace("~0", "~") for step in operation["path"].removeprefix("/").split("/")
        ]
        place: Any = changed
        for step in parents:
            place = place[int(step)] if isinstance(place, list) else place[step]
        key = (len(place) if last == "-" else int(last)) if isinstance(place, list) else last
        if operation["op"] == "add" and isinstance(place, list):
            place.insert(key, operation["value"])
        elif operation["op"] in ("add", "replace"):
            assert operation["op"] == "add" or isinstance(place, list) or key in place, operation
            place[key] = operation["value"]
        elif operation["op"] == "remove":
            del place[key]
        else:
            raise AssertionError(operation)
    return changed


class Recorder(HookServer):
    """Stands before a Seaworthy, hands every byte on, and remembers: what it says needs nobody's word for it."""

    def __init__(self, certificate: Certificate, behind: Seaworthy) -> None:
        self._behind = behind
        self._exchanges: list[Exchange] = []
        super().__init__(certificate, self._pass_on)

    def exchanges(self, namespace: str, path: str = "") -> list[Exchange]:
        """What came from requests in a namespace, in order; `path` is `/mutate` or `/validate`, or any."""
        return [
            each
            for each in list(self._exchanges)
            if each.request.get("namespace") == namespace and each.path.startswith(path)
        ]

    def _pass_on(self, path: str, body: bytes) -> Reply:
        context = ssl.create_default_context(cadata=self._behind.ca)
        connection = http.client.HTTPSConnection("127.0.0.1", self._behind.port, timeout=30, context=context)
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            reply = response.read()
        finally:
            connection.close()
        decoded = json.loads(reply) if response.status == 200 else {}
        self._exchanges.append(Exchange(path, json.loads(body), response.status, decoded))
        kept = {name: value for name, value in response.getheaders() if name in ("Content-Type", "Retry-After")}
        return response.status, kept, reply


def patching_hook(certificate: Certificate, patch: Callable[[Object], list[Object]]) -> HookServer:
    """A mutating webhook that answers every review with the patch made from its object."""

    def answer(_: str, body: bytes) -> Reply:
        request = json.loads(body)["request"]
        response: Object = {"uid": request["uid"], "allowed": True}
        if operations := patch(request["object"]):
            response["patchType"] = "JSONPatch"
            response["patch"] = base64.b64encode(json.dumps(operations).encode()).decode()
        review = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response}
        return 200, {"Content-Type": "application/json"}, json.dumps(review).encode()

    return HookServer(certificate, answer)
