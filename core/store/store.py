"""The store: every subject as an attribute, over one engine and one clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from core.clock import Clock
from core.redaction import redact
from core.registry.bundle import MODELS_FOLDER, Registry
from core.store.annotations import Annotations
from core.store.audits import Audits
from core.store.cases import Cases
from core.store.causes import Causes
from core.store.channels import Channels
from core.store.contributions import Contributions
from core.store.cycles import Cycles
from core.store.database import Database
from core.store.engine import wipe
from core.store.exam import Exam
from core.store.forgetting import Forgetting
from core.store.frozen import FrozenQuestions
from core.store.gaps import Gaps
from core.store.inbox import Inbox
from core.store.knowledge import Knowledge
from core.store.leases import Leases
from core.store.marks import Marks
from core.store.metrics import Metrics
from core.store.outbox import Outbox
from core.store.own_feedback import OwnFeedback
from core.store.reasons import Reasons
from core.store.refusals import Refusals
from core.store.registry import SqlRegistry
from core.store.replies import HeldReplies, Replies
from core.store.retrainings import Retrainings
from core.store.rulings import Rulings
from core.store.secrets import Secrets
from core.store.solved import Solved
from core.store.suggestions import Suggestions
from core.store.told import Told
from core.store.usage import Usage
from core.store.weekly import Weekly


class Store:
    """Safe for many threads and processes. The engine's database must have been upgraded (`upgrade(engine)`).

    Bots of several workspaces may share it. Cases, drafts, clicks, channels and all work under way belong to one
    workspace and are never seen from another. Knowledge, solved cases and models belong to the installation: all
    learn. `models`: the folder with the files of trained models, `AITL_HOME/models`.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        redact: Callable[[str], str] = redact,
        models: Path = Path(MODELS_FOLDER),
    ) -> None:
        self._database = database = Database(engine)
        self.engine = engine
        self.cases = Cases(database, clock, redact)
        self.suggestions = Suggestions(database, clock)
        self.annotations = Annotations(database, clock)
        self.rulings = Rulings(database, clock)
        self.audits = Audits(database, clock)
        self.gaps = Gaps(database, clock)
        self.exam = Exam(database, clock)
        self.causes = Causes(database, clock)
        self.usage = Usage(database)
        self.reasons = Reasons(database)
        self.contributions = Contributions(database)
        self.metrics = Metrics(database, clock, self.audits)
        self.weekly = Weekly(database, self.metrics)
        self.solved = Solved(database)
        self.replies = Replies(database, clock, redact)
        self.held_replies = HeldReplies(database, clock)
        self.knowledge = Knowledge(database, clock)
        self.channels = Channels(database, clock)
        self.marks = Marks(database)
        self.refusals = Refusals(database, clock)
        self.told = Told(database, clock)
        self.own_feedback = OwnFeedback(database)
        self.inbox = Inbox(database, clock, redact)
        self.outbox = Outbox(database, clock, redact)
        self.registry: Registry = SqlRegistry(database, clock, models)
        self.leases = Leases(database, clock)
        self.retrainings = Retrainings(database, clock, self.outbox)
        self.secrets = Secrets(database)
        self.cycles = Cycles(database, clock)
        self.frozen = FrozenQuestions(database, clock)
        self.forgetting = Forgetting(database, clock)

    def wipe(self) -> bool:
        """What was forgotten leaves the disk too, as far as the database lets us; False: not yet, ask again later."""
        return wipe(self.engine)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything this thread stores inside is stored together, or not at all when an exception leaves it."""
        with self._database.writing():
            yield

    def ping(self) -> None:
        """Raise StoreUnavailable unless the database answers."""
        with self._database.reading() as session:
            session.execute(text("SELECT 1"))
