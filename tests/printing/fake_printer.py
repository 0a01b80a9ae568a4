"""A receipt printer on a loopback port: answers as the real ones do, and fails as they do."""

import socket
import threading
from dataclasses import dataclass, field

ONLINE, OFFLINE, COVER_OPEN, PAPER_OUT = {}, {1: 0x1A}, {1: 0x1A, 2: 0x16}, {1: 0x1A, 2: 0x32, 4: 0x72}


@dataclass
class FakePrinter:
    """``states`` replaces the healthy answer to ``DLE EOT n``; ``hangs_up_after`` and ``paper_ends_after``
    count bytes of the job."""

    states: dict[int, int] = field(default_factory=dict)
    silent: bool = False
    hangs_up_after: int | None = None
    paper_ends_after: int | None = None
    jobs: list[bytes] = field(default_factory=list)

    def __enter__(self) -> "FakePrinter":
        self._server = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_gone: object) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(5)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.getsockname()[1]}"

    def _serve(self) -> None:
        while True:
            try:
                line, _where = self._server.accept()
            except OSError:
                return
            with line:
                self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        paper, waiting = bytearray(), b""
        try:
            while data := line.recv(4096):
                waiting += data
                waiting = self._work_off(line, waiting, paper)
                if self.hangs_up_after is not None and len(paper) >= self.hangs_up_after:
                    # An abortive close, as when the cable is pulled.
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                    break
        finally:
            if paper:
                self.jobs.append(bytes(paper))

    def _work_off(self, line: socket.socket, waiting: bytes, paper: bytearray) -> bytes:
        while waiting:
            if waiting[:2] == b"\x10\x04" and len(waiting) > 2:
                self._answer(line, self.states.get(waiting[2], 0x12))
                waiting = waiting[3:]
            elif waiting[:3] == b"\x1dr\x01":
                self._answer(line, 0x0C if self._out_of_paper(paper) else 0x00)
                waiting = waiting[3:]
            elif waiting in (b"\x10", b"\x10\x04", b"\x1d", b"\x1dr"):
                return waiting
            else:
                paper.append(waiting[0])
                waiting = waiting[1:]
        return b""

    def _out_of_paper(self, paper: bytearray) -> bool:
        return self.paper_ends_after is not None and len(paper) > self.paper_ends_after

    def _answer(self, line: socket.socket, state: int) -> None:
        if not self.silent:
            line.sendall(bytes((state,)))
