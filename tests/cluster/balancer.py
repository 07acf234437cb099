"""A Service's stand-in: a TCP balancer that sends new connections to ready servers only, and leaves the others alone.

As kube-proxy does with a Service's endpoints: who is not ready gets no new connection, and what is established stays
until one of its ends closes it. It does not look into what it passes on.
"""

from __future__ import annotations

import asyncio
import itertools
import threading

from processes import until
from seaworthy import Seaworthy

PROBE_SECONDS = 0.1


class Balancer:
    """Listens on a free loopback port, in a thread of its own."""

    def __init__(self) -> None:
        self.port = 0
        self.accepted = 0
        self._servers: dict[Seaworthy, bool] = {}
        """By whether the last probe found them ready."""
        self._turn = itertools.count()
        self._pipes: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        until(lambda: self.port, "the balancer's port")

    def add(self, server: Seaworthy) -> None:
        """It gets connections from the next probe on."""
        self._loop.call_soon_threadsafe(self._servers.setdefault, server, False)
        until(lambda: self._servers.get(server), f"the balancer's knowledge of {server.name}")

    def forget(self, server: Seaworthy) -> None:
        """It has ended: nobody asks whether it is ready any more."""
        self._loop.call_soon_threadsafe(self._servers.pop, server)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        listener = await asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=512)
        self.port = listener.sockets[0].getsockname()[1]
        probing = asyncio.create_task(self._probe())
        await self._end.wait()
        probing.cancel()
        listener.close()

    async def _probe(self) -> None:
        while True:
            for server in list(self._servers):
                # In another thread: the answer of a busy server must not hold up what flows.
                status = await asyncio.to_thread(server.health, "/readyz")
                if server in self._servers:
                    self._servers[server] = status == 200
            await asyncio.sleep(PROBE_SECONDS)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        ready = [server for server, is_ready in self._servers.items() if is_ready]
        try:
            server = ready[next(self._turn) % len(ready)]
            there, back = await asyncio.open_connection("127.0.0.1", server.port)
        except (OSError, ZeroDivisionError):  # as where a Service has no endpoint, or one that has gone
            writer.transport.abort()
            return
        for source, sink in ((reader, back), (there, writer)):
            pipe = asyncio.create_task(_pass_on(source, sink))
            self._pipes.add(pipe)
            pipe.add_done_callback(self._pipes.discard)


async def _pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(1 << 16):
            sink.write(data)
            await sink.drain()
        sink.close()
    except OSError:
        sink.transport.abort()
