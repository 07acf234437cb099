"""Load on a webhook: reviews posted as kube-apiserver posts them, and each of them lost or answered.

The rules of Go's http.Transport, as the API server uses it: connections are kept alive, at most 25 of them idle, the
one used last is used first; one that the server closed while it was idle, or that it answered with
`Connection: close`, is not used again; a POST of which a byte was written is never repeated, so that it is lost with
its connection. A 503 with Retry-After is asked again (client-go, with_retry.go).
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import select
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from client import Answer, Object

IDLE_CONNECTIONS = 25  # k8s.io/client-go/transport/cache.go
RETRIES = 10  # k8s.io/client-go/rest/request.go
SECONDS = 10  # the webhook's timeout
UID = "a-uid-that-every-request-replaces-00"


@dataclass(frozen=True)
class Review:
    """What is posted, and what has to be answered."""

    path: str
    body: bytes
    allowed: bool

    @classmethod
    def of(cls, path: str, pod: Object, allowed: bool) -> Review:
        request = {
            "uid": UID,
            "kind": {"group": "", "version": "v1", "kind": "Pod"},
            "resource": {"group": "", "version": "v1", "resource": "pods"},
            "namespace": "load",
            "name": pod["metadata"]["name"],
            "operation": "CREATE",
            "userInfo": {"username": "admin", "groups": ["system:masters"]},
            "object": pod,
            "dryRun": False,
        }
        review = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}
        return cls(path, json.dumps(review).encode(), allowed)


@dataclass(frozen=True)
class Verdict:
    """One answer, with the moments in which its request was begun and it had come."""

    asked: float
    answered: float
    message: str


@dataclass
class Tally:
    """What became of the requests. `lost` counts by reason."""

    sent: int = 0
    asked_again: int = 0
    connections: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    verdicts: list[Verdict] = field(default_factory=list)

    def text(self) -> str:
        return (
            f"lost {self.lost.total()} of {self.sent} over {self.connections} connections, "
            f"{self.asked_again} asked again after a 503"
        )


class Lost(Exception):
    """A request without a verdict, and why."""


class Wire(asyncio.Protocol):
    """One connection with at most one request at a time."""

    def __init__(self) -> None:
        self.gone = False
        self.uses = 0
        self._received = b""
        self._reply: asyncio.Future[tuple[int, bytes, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._poll = select.poll()
        self._poll.register(transport.get_extra_info("socket").fileno(), select.POLLIN)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator or not self._reply or self._reply.done():
            return
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), -1
        )
        if len(body) >= length:
            self._received = b""
            if b"connection: close" in head.lower() or length < 0 or len(body) > length:
                self.close()
            self._reply.set_result((int(head.split(b" ", 2)[1]), head, body))

    def connection_lost(self, _: Exception | None) -> None:
        self.gone = True
        if self._reply and not self._reply.done():
            self._reply.set_exception(Lost("the connection ended before the answer"))

    def is_usable(self) -> bool:
        """Whether nothing has come from the server since the last answer: Go has a goroutine that looks for it."""
        return not self.gone and not self._transport.is_closing() and not self._poll.poll(0)

    async def post(self, path: str, body: bytes) -> tuple[int, bytes, bytes]:
        """Status, head and body of the answer."""
        self.uses += 1
        self._reply = asyncio.get_running_loop().create_future()
        head = f"POST {path}?timeout={SECONDS}s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        head += f"Accept: application/json, */*\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)
        return await self._reply

    def close(self) -> None:
        self.gone = True
        self._transport.close()


class Load:
    """Clients that post reviews, each in its own time, until it is stopped. It runs in a thread of its own."""

    def __init__(self, port: int, ca: str, reviews: list[Review], clients: int = 32, uses: int = 0) -> None:
        """`uses`: after how many requests a client leaves a connection; never where it is 0."""
        self.tally = Tally()
        self._port = port
        self._context = ssl.create_default_context(cadata=ca)
        self._reviews = itertools.cycle(reviews)
        self._clients = clients
        self._uses = uses
        self._idle: list[Wire] = []
        self._numbers = itertools.count()
        self._stopped = False
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()

    def stop(self) -> Tally:
        """When every request that was begun is answered or lost."""
        self._stopped = True
        self._thread.join()
        return self.tally

    async def _run(self) -> None:
        await asyncio.gather(*(self._client() for _ in range(self._clients)))
        for wire in self._idle:
            wire.close()
        await asyncio.sleep(0.1)  # for what the closing of a TLS connection still wants to say

    async def _client(self) -> None:
        while not self._stopped:
            await self._ask(next(self._reviews))
            await asyncio.sleep(random.uniform(0, 0.02))  # so that there are idle connections at all

    async def _ask(self, review: Review) -> None:
        uid = f"{next(self._numbers):0{len(UID)}}"
        body = review.body.replace(UID.encode(), uid.encode())
        self.tally.sent += 1
        asked = time.monotonic()
        try:
            async with asyncio.timeout(SECONDS):
                message = read(await self._exchange(review.path, body), uid, review.allowed)
            self.tally.verdicts.append(Verdict(asked, time.monotonic(), message))
        except Lost as loss:
            self.tally.lost[str(loss)] += 1
        except (OSError, asyncio.TimeoutError) as error:  # a connection that does not come about
            self.tally.lost[repr(error)] += 1

    async def _exchange(self, path: str, body: bytes) -> bytes:
        for _ in range(RETRIES):
            wire = await self._wire()
            status, head, reply = await wire.post(path, body)
            if not wire.gone:
                self._put_back(wire)
            if status == 503 and b"retry-after: 1" in head.lower():
                self.tally.asked_again += 1
                await asyncio.sleep(1)
                continue
            if status != 200:
                raise Lost(f"answered {status}: {reply[:200]!r}")
            return reply
        raise Lost("nobody was ready")

    async def _wire(self) -> Wire:
        while self._idle:
            wire = self._idle.pop()
            if wire.is_usable():
                return wire
            wire.close()
        self.tally.connections += 1
        loop = asyncio.get_running_loop()
        _, wire = await loop.create_connection(
            Wire, "127.0.0.1", self._port, ssl=self._context, server_hostname="127.0.0.1"
        )
        return wire

    def _put_back(self, wire: Wire) -> None:
        if len(self._idle) >= IDLE_CONNECTIONS or wire.uses == self._uses:
            wire.close()
        else:
            self._idle.append(wire)


def read(reply: bytes, uid: str, allowed: bool) -> str:
    """The message of the verdict that has to be in a reply. A wrong verdict is as bad as none."""
    try:
        review = json.loads(reply)
        response = review["response"]
        if (review["kind"], response["uid"], response["allowed"]) == ("AdmissionReview", uid, allowed):
            return response.get("status", {}).get("message", "")
    except (ValueError, KeyError, TypeError):
        pass
    raise Lost(f"no verdict: {reply[:200]!r}")


class Creations:
    """Calls of the API in threads of their own, again and again until they are stopped."""

    def __init__(self, calls: list[tuple[Callable[[], Answer], int]], threads: int = 2) -> None:
        """`calls`: what is called, and the status that it has to answer."""
        self.tally = Tally()
        self._calls = itertools.cycle(calls)
        self._stopped = False
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(threads)]
        for each in self._threads:
            each.start()

    def stop(self) -> Tally:
        self._stopped = True
        for each in self._threads:
            each.join()
        return self.tally

    def _run(self) -> None:
        while not self._stopped:
            with self._lock:
                call, status = next(self._calls)
                self.tally.sent += 1
            asked = time.monotonic()
            try:
                answer = call()
                said = answer.message
                right = answer.status == status
            except OSError as error:
                said, right = repr(error), False
            with self._lock:
                if right:
                    self.tally.verdicts.append(Verdict(asked, time.monotonic(), said))
                else:
                    self.tally.lost[said] += 1
