"""Every failure a caller can act on, as one tree.

Each message is one sentence: what is wrong, with which value, what to do next.

AitlError
├── ConfigurationError (ValueError)   the command line exits 2
│   └── BadSetting
├── NotFound (LookupError)
│   ├── UnknownCase
│   ├── UnknownSuggestion
│   ├── UnknownAnnotation
│   ├── UnknownBundle
│   ├── UnknownGap
│   ├── UnknownArticle
│   └── UnknownQuestion
├── InvalidAnnotation (ValueError)    what was clicked cannot be stored as it is
├── NotAllowed (PermissionError)      somebody may not do this; the message says whom to ask
├── NotPossible (ValueError)          what was asked for makes no sense as things stand; the message says why
├── TooLate (AitlError)               the moment for this action is over
├── KnowledgeError
│   ├── UnreadableSource (ValueError)
│   ├── EmptyKnowledge
│   ├── IndexBroken
│   └── ExamNotPassed                  a change of knowledge that would lose an article; nothing was changed
├── EmptyText (ValueError)            a blank text where words are needed
├── ModelUnavailable (RuntimeError)
│   └── AdapterUnusable                a trained adapter does not fit, or its files are spoiled
├── PromptTooLong (ValueError)         the model cannot read so much
└── StoreUnavailable (RuntimeError)   the database did not answer; nothing was acknowledged
"""

from collections.abc import Sequence

from core.masking import mask
from core.values import LostQuestion


class AitlError(Exception):
    """The root: catching it catches everything this project raises on purpose."""


class ConfigurationError(AitlError, ValueError):
    """The program was started wrongly; the command line prints the sentence and exits 2."""


class BadSetting(ConfigurationError):
    """One setting has a value that cannot be used."""

    def __init__(self, name: str, value: object, expected: str) -> None:
        super().__init__(mask(f"{name} is {value!r}, expected {expected}."))
        self.name = name


class NotFound(AitlError, LookupError):
    """Something was asked for by an id that is not there."""


class UnknownCase(NotFound):
    """No case has this id."""

    def __init__(self, case_id: str) -> None:
        super().__init__(f"There is no case {case_id!r}. Case ids are shown under every suggestion.")


class UnknownSuggestion(NotFound):
    """No suggestion has this id."""

    def __init__(self, suggestion_id: str) -> None:
        super().__init__(f"There is no suggestion {suggestion_id!r}; it may belong to another workspace.")


class UnknownAnnotation(NotFound):
    """No annotation has this id or key."""

    def __init__(self, annotation_id: str) -> None:
        super().__init__(f"There is no annotation {annotation_id!r}.")


class UnknownBundle(NotFound):
    """No bundle has this version."""

    def __init__(self, version: int) -> None:
        super().__init__(f"There is no version {version}. The versions are listed by: aitl models")


class UnknownGap(NotFound):
    """No gap has this id."""

    def __init__(self, group_id: str) -> None:
        super().__init__(f"There is no gap {group_id!r}. The gaps are listed by: aitl gaps")


class UnknownArticle(NotFound):
    """No article that is in use has this id."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"There is no article {article_id!r} in the knowledge base; `aitl exam --json` names some.")


class UnknownQuestion(NotFound):
    """No exam question that is asked has this id."""

    def __init__(self, question_id: str) -> None:
        super().__init__(f"There is no exam question {question_id!r}; they are listed by: aitl exam questions")


class InvalidAnnotation(AitlError, ValueError):
    """What was clicked or typed cannot be stored as it is."""


class NotAllowed(AitlError, PermissionError):
    """Somebody may not do this; the sentence says whom to ask."""


class NotPossible(AitlError, ValueError):
    """What was asked for makes no sense as things stand; the sentence says why and what can be done."""


class TooLate(AitlError):
    """The moment for this action is over (an undo after its minute, a click on an old revision)."""


class KnowledgeError(AitlError):
    """The root of what can go wrong with the knowledge base."""


class UnreadableSource(KnowledgeError, ValueError):
    """One file cannot be read as knowledge; it is named and skipped."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


class EmptyKnowledge(KnowledgeError):
    """There is no article to answer from yet."""

    def __init__(self) -> None:
        super().__init__("The knowledge base is empty. Fill it with: aitl ingest PATH")


class IndexBroken(KnowledgeError):
    """The vector index does not hold what the database says it holds."""


class ExamNotPassed(KnowledgeError):
    """A change would lose articles that questions of their exam find now. `lost`: at least one, by article."""

    def __init__(self, lost: Sequence[LostQuestion]) -> None:
        first, more = lost[0], len(lost) - 1
        others = f", and {more} other question{'s' if more > 1 else ''} would lose theirs" if more else ""
        super().__init__(
            f"Nothing was changed, for the article {first.article_id!r} would not be found any more by the exam "
            f"question “{first.words}”{others}: change the article, withdraw the question with "
            f"`aitl exam withdraw {first.question_id}`, or repeat the command with --anyway if you mean it."
        )
        self.lost = tuple(lost)


class EmptyText(AitlError, ValueError):
    """A blank text where words are needed; names its index."""

    def __init__(self, index: int) -> None:
        super().__init__(f"Text {index} is blank; every text needs at least one visible character.")


class ModelUnavailable(AitlError, RuntimeError):
    """A model could not be loaded; the sentence names it."""


class AdapterUnusable(ModelUnavailable):
    """A trained adapter cannot be used with this model; the sentence names its folder."""


class PromptTooLong(AitlError, ValueError):
    """A prompt and its answer do not fit into what a model can read. `fits`: the share of the prompt that would."""

    def __init__(self, said: str, fits: float = 0.5) -> None:
        super().__init__(said)
        self.fits = fits


class StoreUnavailable(AitlError, RuntimeError):
    """The database did not answer."""
