"""One thread for a thing that only one thread may use: what several callers ask for meanwhile is answered together."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


@dataclass
class _Ticket(Generic[Asked, Answer]):
    """What one caller waits for."""

    asked: Asked
    done: threading.Event = field(default_factory=threading.Event)
    answer: Answer | BaseException | None = None


class BatchWorker(Generic[Asked, Answer]):
    """Answers in batches, in the order of asking. Its thread lives while there is something to do."""

    def __init__(
        self,
        work: Callable[[Sequence[Asked]], Sequence[Answer | BaseException]],
        *,
        most: int,
        name: str,
        gather_s: float = 0.03,
    ) -> None:
        """`work` gets at most `most` things and answers each, with an exception where one failed; what it raises
        fails them all. `gather_s`: how long the first one waits for company."""
        self._work, self._most, self._name, self._gather_s = work, most, name, gather_s
        self._waiting: deque[_Ticket[Asked, Answer]] = deque()
        self._lock = threading.Lock()
        self._is_running = False

    def ask(self, asked: Asked, timeout_s: float) -> Answer:
        """The answer. Raises TimeoutError where there is none in time, and whatever the work raised for it."""
        ticket: _Ticket[Asked, Answer] = _Ticket(asked)
        with self._lock:
            self._waiting.append(ticket)
            if not self._is_running:
                self._is_running = True
                threading.Thread(target=self._run, name=self._name, daemon=True).start()
        if not ticket.done.wait(timeout_s):
            with self._lock:
                if ticket in self._waiting:
                    self._waiting.remove(ticket)
            raise TimeoutError(f"no answer within {timeout_s:.0f} s")
        if isinstance(ticket.answer, BaseException):
            raise ticket.answer
        return ticket.answer  # type: ignore[return-value]  # answered: it is no None

    def _run(self) -> None:
        time.sleep(self._gather_s)
        while tickets := self._next():
            self._answer(tickets)

    def _next(self) -> list[_Ticket[Asked, Answer]]:
        with self._lock:
            tickets = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
            self._is_running = bool(tickets)
            return tickets

    def _answer(self, tickets: Sequence[_Ticket[Asked, Answer]]) -> None:
        answers: Sequence[Answer | BaseException]
        try:
            answers = self._work([one.asked for one in tickets])
        except BaseException as error:  # noqa: BLE001 - raised again by every caller that waits
            answers = [error] * len(tickets)
        for ticket, answer in zip(tickets, answers, strict=True):
            ticket.answer = answer
            ticket.done.set()
