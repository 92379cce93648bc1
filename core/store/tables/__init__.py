"""All tables by subject; importing this fills `Table.metadata`."""

from __future__ import annotations

from core.store.tables.annotations import AnnotationRow, WithdrawalRow
from core.store.tables.audits import AuditAnswerRow, AuditRow
from core.store.tables.base import Table
from core.store.tables.bundles import BundleAliasesRow, BundleEventRow, BundleLessonRow, BundleRow
from core.store.tables.cases import CaseRow, TurnRow
from core.store.tables.causes import CauseRow
from core.store.tables.channels import ChannelRow, ChannelStateRow
from core.store.tables.cycles import FrozenQuestionRow, TrainingCycleRow
from core.store.tables.gaps import ExamQuestionRow, GapCheckRow, GapDraftRow, GapGroupRow, GapMemberRow
from core.store.tables.knowledge import ArticleRow, IndexGenerationRow, IndexPointerRow, SnippetRow
from core.store.tables.marks import ChannelMarkRow
from core.store.tables.refusals import RefusedFormRow
from core.store.tables.replies import HeldReplyRow, ReplyRow
from core.store.tables.rulings import RulingRow, UnjudgedCaseRow
from core.store.tables.schedule import LeaseRow, RetrainingRow
from core.store.tables.secrets import SecretRow
from core.store.tables.solved import SolvedCaseRow
from core.store.tables.suggestions import SuggestionRow
from core.store.tables.work import InboxRow, OutboxRow

__all__ = [
    "AnnotationRow",
    "ArticleRow",
    "AuditAnswerRow",
    "AuditRow",
    "BundleAliasesRow",
    "BundleEventRow",
    "BundleLessonRow",
    "BundleRow",
    "CaseRow",
    "CauseRow",
    "ChannelMarkRow",
    "ChannelRow",
    "ChannelStateRow",
    "ExamQuestionRow",
    "FrozenQuestionRow",
    "GapCheckRow",
    "GapDraftRow",
    "GapGroupRow",
    "GapMemberRow",
    "HeldReplyRow",
    "InboxRow",
    "IndexGenerationRow",
    "IndexPointerRow",
    "LeaseRow",
    "OutboxRow",
    "RefusedFormRow",
    "ReplyRow",
    "RetrainingRow",
    "RulingRow",
    "SecretRow",
    "SnippetRow",
    "SolvedCaseRow",
    "SuggestionRow",
    "Table",
    "TrainingCycleRow",
    "TurnRow",
    "UnjudgedCaseRow",
    "WithdrawalRow",
]
