"""Keeps hold of open TCP connections, so that the sandbox can break one in the middle, as networks do."""

from __future__ import annotations

import asyncio
import socket
import struct

from uvicorn.protocols.http.h11_impl import H11Protocol


class Transports:
    """The open connections of one server, by the address of their far end."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], asyncio.Transport] = {}

    def abort(self, far_end: tuple[str, int] | None) -> None:
        """Break a connection at once, without a goodbye."""
        transport = self._open.get(far_end) if far_end is not None else None
        if transport is not None:
            # Without lingering the far end sees a reset, as from a network that fails, and not an orderly end.
            linger = struct.pack("ii", 1, 0)
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            transport.abort()

    def abort_all(self) -> None:
        """Break whatever is still open: what nobody reads any more would stay so for ever."""
        for transport in list(self._open.values()):
            transport.abort()

    def freeze(self, far_end: tuple[str, int] | None) -> None:
        """Read nothing more from a connection, and so answer nothing: to the far end it is open and silent."""
        transport = self._open.get(far_end) if far_end is not None else None
        if transport is not None:
            transport.pause_reading()

    def protocol(self) -> type[asyncio.Protocol]:
        """uvicorn's HTTP protocol, reporting each connection here."""
        connections = self._open

        class ReportingProtocol(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                self._far_end = tuple(transport.get_extra_info("peername")[:2])
                connections[self._far_end] = transport
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                connections.pop(self._far_end, None)
                super().connection_lost(exc)

        return ReportingProtocol
