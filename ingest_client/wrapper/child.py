"""The program and its two outputs: pipes, or terminals where ours are, with everything passed on as it comes.

Bytes go to our own output before anything is done with them, and signals that are meant for the program reach it.
"""

from __future__ import annotations

import fcntl
import os
import pty
import selectors
import signal
import subprocess
import termios
import time
from typing import Any, Callable, Sequence

__all__ = ["Child", "NotStarted"]

_READ_BYTES = 1 << 16
# How long output of grandchildren is awaited when the program itself has ended.
_LINGER_S = 1.0
_FORWARDED = (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGCONT)
# A terminal sends these to the program too, as it is in our process group.
_FROM_THE_TERMINAL = (signal.SIGINT, signal.SIGQUIT)
_NOT_FOUND, _NOT_EXECUTABLE = 127, 126


class NotStarted(Exception):
    """The program cannot be run; ``status`` is what a shell would exit with."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status


class Child:
    """A started program. ``on_output`` is called with 1 or 2 and the bytes of each read. Raises NotStarted."""

    def __init__(self, command: Sequence[str], on_output: Callable[[int, bytes], None]) -> None:
        self._on_output = on_output
        self._terminals: list[int] = []
        ends = {number: self._output(number) for number in (1, 2)}
        try:
            self._process = subprocess.Popen(command, stdout=ends[1][1], stderr=ends[2][1])
        except OSError as error:
            missing = isinstance(error, FileNotFoundError)
            text = f"{command[0]}: {error.strerror or error}"
            raise NotStarted(text, _NOT_FOUND if missing else _NOT_EXECUTABLE) from error
        finally:
            for _, theirs in ends.values():
                os.close(theirs)
        self._ours: dict[int, int] = {ours: number for number, (ours, _) in ends.items()}
        self.pid = self._process.pid

    def wait(self) -> int:
        """Pass everything on until the program has ended; its return code, negative for a signal."""
        before = self._watch_signals()
        try:
            self._pass_on_output()
            return self._process.wait()
        finally:
            for number, handler in before:
                signal.signal(number, handler)
            for ours in self._ours:
                os.close(ours)

    def _output(self, number: int) -> tuple[int, int]:
        """Our end and the program's of one of its outputs."""
        if not os.isatty(number):
            return os.pipe()
        ours, theirs = pty.openpty()
        attributes = termios.tcgetattr(theirs)
        # Our own terminal turns newlines into line ends; once is enough.
        attributes[1] &= ~termios.OPOST
        termios.tcsetattr(theirs, termios.TCSANOW, attributes)
        self._terminals.append(ours)
        _copy_size(number, ours)
        return ours, theirs

    def _pass_on_output(self) -> None:
        selector = selectors.DefaultSelector()
        for ours in self._ours:
            selector.register(ours, selectors.EVENT_READ)
        ended_at_s = 0.0
        while selector.get_map():
            for key, _ in selector.select(timeout=0.2):
                if not self._pass_on(key.fd):
                    selector.unregister(key.fd)
            if self._process.poll() is None:
                continue
            ended_at_s = ended_at_s or time.monotonic()
            if time.monotonic() - ended_at_s > _LINGER_S:
                return

    def _pass_on(self, ours: int) -> bool:
        try:
            data = os.read(ours, _READ_BYTES)
        except OSError:  # a terminal whose other end was closed
            return False
        number = self._ours[ours]
        _write_all(number, data)
        self._on_output(number, data)
        return bool(data)

    def _watch_signals(self) -> list[tuple[int, Any]]:
        """Set the handlers; returns those that were there."""
        handlers: dict[int, Callable[..., None]] = dict.fromkeys(_FORWARDED, self._forward)
        handlers.update(dict.fromkeys(_FROM_THE_TERMINAL, self._ignore if os.isatty(0) else self._forward))
        if self._terminals:
            handlers[signal.SIGWINCH] = self._resize
        return [(number, signal.signal(number, handler)) for number, handler in handlers.items()]

    def _forward(self, number: int, _: object) -> None:
        if self._process.poll() is None:
            self._process.send_signal(number)

    def _ignore(self, number: int, _: object) -> None:
        """The program has it already. Not SIG_IGN: the program would inherit that."""

    def _resize(self, *_: object) -> None:
        for ours in self._terminals:
            _copy_size(1 if os.isatty(1) else 2, ours)


def _copy_size(source: int, target: int) -> None:
    try:
        size = fcntl.ioctl(source, termios.TIOCGWINSZ, b"\0" * 8)
        fcntl.ioctl(target, termios.TIOCSWINSZ, size)
    except OSError:
        pass  # a terminal without a size


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except OSError:
            return  # nobody looks any more: the program goes on, and so does the shipping
