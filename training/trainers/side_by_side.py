"""Batches of one training step go through the model side by side, each on a thread of its own.

For a small encoder torch's own threads wait for each other at every layer. With one batch on each of two cores instead
of each batch on both, 42 steps of the retriever took 14 s instead of 22, 53 of the reranker 14 s instead of 21
(`aitl bench train` compares with the libraries' trainers). Which thread is faster changes nothing: gradients are added
up in the order of the threads, and without dropout the same rows give the same weights to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

from core.adapters.torch_cpu import give_back_memory, on_each, threads_of_their_own

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

Batch = Mapping[str, Any]
T = TypeVar("T")
R = TypeVar("R")

_AT_ONCE = 16  # texts of about the same length in one batch: little padding is computed
_THREADS_MOST = 4  # each has gradients of its own, which are added up one after the other
_WEIGHTS_MOST = 100_000_000  # that learn: the gradients of more would fill the memory, once for each thread


class SideBySide:
    """The threads that torch had for one batch, shared out; without any one batch follows the other as ever."""

    def __init__(self, threads: Sequence[ThreadPoolExecutor] = ()) -> None:
        """`threads`: executors of one thread each, so that a batch comes back on the thread on which it went."""
        self._threads = threads

    def __call__(
        self, model: Module, lengths: Sequence[int], batch_of: Callable[[Sequence[int]], Batch], output: str
    ) -> Tensor:
        """What the model calls `output` for every text, row i for that of lengths[i]; gradients flow into the model.

        `batch_of` makes a batch, on the model's device, of the texts at some places.
        """
        import torch

        shares = self.shares(lengths)
        batches = [[batch_of(places) for places in share] for share in shares]
        if len(shares) > 1 and torch.is_grad_enabled():
            learning = [one for one in model.parameters() if one.requires_grad]
            rows = _make_pass().apply(self, model, batches, output, *learning)
        else:
            rows = [model(batch)[output] for share in batches for batch in share]
        order = torch.tensor([place for share in shares for places in share for place in places])
        return torch.cat(list(rows))[torch.argsort(order)]

    def shares(self, lengths: Sequence[int]) -> list[list[list[int]]]:
        """By thread its batches, each as the places of its texts: the shortest first, about as much for each thread."""
        order = sorted(range(len(lengths)), key=lambda place: lengths[place])
        total, read = max(1, sum(lengths)), 0
        shares: list[list[int]] = [[] for _ in self._threads or (None,)]
        for place in order:
            middle = read + lengths[place] / 2
            shares[min(len(shares) - 1, int(len(shares) * middle / total))].append(place)
            read += lengths[place]
        return [_evenly(some) for some in shares if some]

    def each(self, work: Callable[[T], R], shares: Sequence[T]) -> list[R]:
        """What the work makes of each share, on its thread. Raises what it raised, once all are done."""
        return on_each(self._threads, [partial(work, share) for share in shares])


def _evenly(places: Sequence[int]) -> list[list[int]]:
    """Batches that differ by one text at most."""
    count = -(-len(places) // _AT_ONCE)
    cuts = [len(places) * n // count for n in range(count + 1)]
    return [list(places[start:end]) for start, end in pairwise(cuts)]


@contextmanager
def side_by_side(model: Module) -> Iterator[SideBySide]:
    """For training that model, until the block is left: each step's way back lies inside it.

    On a GPU, and for a model with too many weights, one batch follows the other.
    """
    import torch

    learning = sum(one.numel() for one in model.parameters() if one.requires_grad)
    alone = next(model.parameters()).is_cuda or learning > _WEIGHTS_MOST
    give_back_memory()  # each of the threads takes memory of its own
    try:
        with threads_of_their_own(1 if alone else min(_THREADS_MOST, torch.get_num_threads())) as threads:
            yield SideBySide(threads)
    finally:
        give_back_memory()


@cache
def _make_pass() -> Any:
    """A function of the batches' outputs by the model's parameters, as autograd sees it: each thread has a graph."""
    import torch

    class Pass(torch.autograd.Function):
        @staticmethod
        def forward(
            ctx: Any, team: SideBySide, model: Module, shares: Sequence[Sequence[Batch]], output: str, *learning: Tensor
        ) -> tuple[Tensor, ...]:
            enabled, precision = torch.is_autocast_enabled("cpu"), torch.get_autocast_dtype("cpu")

            def forwards(share: Sequence[Batch]) -> list[Tensor]:
                with torch.enable_grad(), torch.autocast("cpu", dtype=precision, enabled=enabled):
                    return [model(batch)[output] for batch in share]

            ctx.team, ctx.learning = team, learning
            ctx.found = team.each(forwards, shares)
            torch.clear_autocast_cache()  # the next step casts other weights
            return tuple(one.detach() for some in ctx.found for one in some)

        @staticmethod
        def backward(ctx: Any, *gradients: Tensor) -> tuple[Any, ...]:
            left = iter(gradients)
            ways = [(some, [next(left) for _ in some]) for some in ctx.found]

            def backwards(way: tuple[list[Tensor], list[Tensor]]) -> tuple[Tensor | None, ...]:
                found: tuple[Tensor | None, ...] = torch.autograd.grad(way[0], ctx.learning, way[1], allow_unused=True)
                return found

            first, *others = ctx.team.each(backwards, ways)
            del ctx.found
            total = list(first)
            for more in others:
                total = [_sum(one, other) for one, other in zip(total, more, strict=True)]
            return (None, None, None, None, *total)

    return Pass


def _sum(one: Tensor | None, other: Tensor | None) -> Tensor | None:
    if one is None or other is None:
        return other if one is None else one
    return one.add_(other)
