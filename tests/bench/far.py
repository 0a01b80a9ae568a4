"""A server that is far away: a way to it that takes so long in each direction, on loopback."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

from sqlalchemy import URL

LIMIT = 1 << 16
"""Bytes taken from a connection at once."""


@contextmanager
def way(server: URL, seconds: float) -> Iterator[URL]:
    """Give the URL under which a server answers later by so many seconds in each direction."""
    told: SimpleQueue[tuple[int, Callable[[], object]]] = SimpleQueue()
    worker = threading.Thread(target=lambda: asyncio.run(_listen(server, seconds, told.put)), daemon=True)
    worker.start()
    port, end = told.get(timeout=10)
    try:
        yield server.set(host="127.0.0.1", port=port)
    finally:
        end()
        worker.join()


async def _listen(server: URL, seconds: float, tell: Callable[[Any], None]) -> None:
    """Take connections until told to end; what is under way then ends with the loop."""

    lines: list[asyncio.StreamWriter] = []

    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(server.host, server.port)
        lines.extend((writer, there_writer))
        await asyncio.gather(_carry(reader, there_writer, seconds), _carry(there_reader, writer, seconds))

    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    listening = await asyncio.start_server(met, "127.0.0.1", 0)
    tell((listening.sockets[0].getsockname()[1], lambda: loop.call_soon_threadsafe(ended.set)))
    await ended.wait()
    listening.close()
    for line in lines:
        line.transport.abort()  # nobody reads any more
    await asyncio.sleep(0.05)  # the loop lets go of them


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter, seconds: float) -> None:
    """Pass on what comes, each piece so much later than it came; pieces do not wait for one another."""
    loop = asyncio.get_running_loop()
    while piece := await source.read(LIMIT):
        loop.call_later(seconds, target.write, piece)
    loop.call_later(seconds, target.close)
