"""Questions between the server processes of one ``playhead serve``: each knows only its own transfers and figures.

The first process holds a socket pair to each peer. Questions and answers are JSON, one per line; a peer that does not
answer in time is left out.
"""

import asyncio
import itertools
import json
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog

log = structlog.get_logger(__name__)

ANSWER_S = 2.0
"""A process that takes longer is stuck, or ending."""

LINE_BYTES = 64 << 20
"""Some 100,000 transfers."""

Answer = Callable[[Any], Any]
"""Answers a question; argument and result are JSON."""

_OTHERS = "others of yours: "


class Peers:
    """This process and its peers. Domains register what can be asked with ``answer``."""

    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {}
        self._channels: set[_Channel] = set()
        self.is_first = True
        """This is the process that was started, not one beside it."""

    def answer(self, question: str, answer: Answer) -> None:
        """Register the answer of this process to a question."""
        self._answers[question] = answer

    async def ask(self, question: str, argument: Any = None) -> list[Any]:
        """Ask all, this process first."""
        return [self._answers[question](argument), *await self.ask_others(question, argument)]

    async def ask_others(self, question: str, argument: Any = None) -> list[Any]:
        """Ask all but this process."""
        if self.is_first:
            return await self._ask_all(question, argument, but=None)
        found: list[Any] = []
        for channel in self._channels:
            with suppress(TimeoutError, ConnectionError):
                found += await channel.ask(_OTHERS + question, argument)
        return found

    async def join(self, connection: socket.socket, *, first: bool) -> None:
        """Talk over a socket pair until the other end closes it.

        Args:
            first: This process is the one that holds a pair to each.
        """
        self.is_first = first
        reader, writer = await asyncio.open_unix_connection(sock=connection, limit=LINE_BYTES)
        channel = _Channel(reader, writer, self._answer)
        self._channels.add(channel)
        try:
            await channel.run()
        finally:
            self._channels.discard(channel)
            writer.close()

    async def _ask_all(self, question: str, argument: Any, *, but: "_Channel | None") -> list[Any]:
        others = [channel for channel in self._channels if channel is not but]
        found = await asyncio.gather(*(one.ask(question, argument) for one in others), return_exceptions=True)
        for failed in found:
            if isinstance(failed, BaseException):
                log.warning("peer_query_failed", question=question, error=repr(failed))
        return [answer for answer in found if not isinstance(answer, BaseException)]

    async def _answer(self, channel: "_Channel", question: str, argument: Any) -> Any:
        if question.startswith(_OTHERS):
            wanted = question.removeprefix(_OTHERS)
            return [self._answers[wanted](argument), *await self._ask_all(wanted, argument, but=channel)]
        return self._answers[question](argument)


class _Channel:
    """One socket pair; both ends ask and answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Any) -> None:
        self._reader, self._writer, self._answer = reader, writer, answer
        self._pending: dict[int, asyncio.Future[Any]] = {}
        self._numbers = itertools.count()
        self._answering: set[asyncio.Task[None]] = set()

    async def ask(self, question: str, argument: Any) -> Any:
        number, future = next(self._numbers), asyncio.get_running_loop().create_future()
        self._pending[number] = future
        self._send({"ask": number, "question": question, "argument": argument})
        try:
            async with asyncio.timeout(ANSWER_S):
                return await future
        finally:
            del self._pending[number]

    async def run(self) -> None:
        with suppress(ConnectionError):
            while line := await self._reader.readline():
                self._take(json.loads(line))
        for future in self._pending.values():
            if not future.done():
                future.set_exception(ConnectionResetError("the process has ended"))

    def _take(self, message: dict[str, Any]) -> None:
        if "answer" in message:
            future = self._pending.get(message["answer"])
            if future is not None and not future.done():
                future.set_result(message["result"])
            return
        task = asyncio.create_task(self._reply(message))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _reply(self, message: dict[str, Any]) -> None:
        try:
            result = await self._answer(self, message["question"], message["argument"])
        except Exception as error:  # the asker goes on without us
            log.warning("peer_answer_failed", question=message["question"], error=repr(error))
            return
        self._send({"answer": message["ask"], "result": result})

    def _send(self, message: dict[str, Any]) -> None:
        self._writer.write(json.dumps(message).encode() + b"\n")
