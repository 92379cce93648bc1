"""What a customer asks: the last turns cut into questions, the earlier ones as context, instructions left out.

Customer text is data. What reads like an order to a machine, markup or a link is not part of any question.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core.glossary import english_keywords
from core.sentences import split_sentences
from core.values import Turn
from core.words import content_words, words

ASKS_MOST = 3
_FEW_WORDS = 2  # fewer content words cannot be understood without what stands around them
_CONTEXT_WORDS = 60

_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|rule|polic|prompt|previous|above"
    r"|everything|system)"
    r"|\byou are (?:now|no longer|authori[sz]ed)\b|\bfrom now on\b|\bpretend (?:to be|you|that)\b|\bact as\b"
    r"|\brole ?play"
    r"|\b(?:system|developer|admin|assistant|policy) ?(?:notice|prompt|message|override|update|instruction|mode)\b"
    r"|\b(?:answer|reply|respond|acknowledge|confirm) (?:only )?(?:with|after|by saying)\b|\bmust reply\b"
    r"|\bnew (?:instruction|task|rule)s?\b|\bend of (?:customer )?(?:message|system)\b|^\s*(?:system|assistant"
    r"|developer|out)\s*:"
    r"|\bjailbreak|\bDAN\b|\btell the user\b|\btreat the following\b|</?\w+>|###|```",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(r"\b(?:that|this|it|these|those|they|them|he|she|so)\b", re.IGNORECASE)
_MARKUP = re.compile(r"\[[^\]]*\]\([^)]*\)|<[^>]{1,200}>|https?://\S+|```.*?```", re.DOTALL)
_QUESTION_START = re.compile(
    r"^(?:and |but |also,? |so,? |then,? |ok,? |hi,? |hello,? |thanks,? |plus,? |second(?:ly)?:?,? "
    r"|first(?:ly)?:?,? |\d[.)] ?)*"
    r"(?:how|what|when|where|who|whose|why|which|can|could|may|do|does|did|is|are|am|was|were|will|would|should|must"
    r"|has|have|any chance|is it true|what's|who's|where's|how's|isn't|aren't|don't|doesn't|can't)\b",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"\b(?:i(?:'d| would)? (?:want|need|like) (?:to know|to|my|the|a|help)|i'm (?:trying|wondering)|i (?:wonder"
    r"|can't|cannot)"
    r"|please (?:explain|tell|help|confirm|check)|tell me|explain|let me know|help me)\b",
    re.IGNORECASE,
)
# A second question inside one sentence: ", and how do I ...", "? and is ..."
_SECOND = re.compile(
    r"(?:,|;|\s[-–—])?\s+(?:and|also|plus)\s+(?=(?:also |then |is it true |by )?(?:how|what|when|where|who|why"
    r"|which|can|could|may|do|does"
    r"|did|is|are|am|will|would|should|must|whether|if)\s+\w+)",
    re.IGNORECASE,
)
_HOW = re.compile(r"\b(?:how (?:do|can|to|would|should)|where (?:do|can)|what do i (?:do|need))\b", re.IGNORECASE)
_OUTCRY = re.compile(
    r"\b(?:scam|ridiculous|unacceptable|furious|outrageous|disgust\w*|a joke|fed up|thie(?:f|ves)|steal\w*|stole"
    r"|rob(?:bed|bery)?"
    r"|liars?|lying|lawyer|sue|angry|worst|never again|rip[- ]?off|insane|pathetic|shame|useless|wtf|hell"
    r"|do something|i demand|i expect you|i want (?:this|it|you|my money)\b|(?:explained|fixed|resolved"
    r"|money back|refund) now"
    r"|nonsense|how dare|so what|come on|to the press|blackmail|unfair|joking|kidding|fuming|livid|sick of"
    r"|had enough|incompeten\w*|unglaublich|frechheit|inaceptable|scandal\w*"
    r"|inadmissible|vergogna|vergonha|estafa|truffa|arnaque|unverschämt)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ask:
    """One question, and what the customer said around and before it."""

    text: str
    context: str  # "" where the question stands alone
    keywords: str = ""  # English ones for a question in another language

    @property
    def searched(self) -> str:
        """The words to search by: the English keywords where there are some, else context and question."""
        return self.keywords or f"{self.context} {self.text}".strip()


def asks_of(turns: Sequence[Turn]) -> list[Ask]:
    """What is asked in the customer's last turns, at most three; [] where no customer said a word."""
    last, before = _last_and_before(turns)
    sentences = [part for text in last for sentence in split_sentences(plain_words(text)) for part in _parts(sentence)]
    sentences = [sentence for sentence in sentences if words(sentence)]
    if not sentences:  # nothing but orders: what they are about is still the best guess
        sentences = [" ".join(_MARKUP.sub(" ", text).split()) for text in last if words(_MARKUP.sub(" ", text))]
    earlier = " ".join(" ".join(plain_words(text).split()) for text in before)
    if not sentences:
        return [Ask(earlier, "")] if words(earlier) else []
    marked = [place for place, sentence in enumerate(sentences) if _asks(sentence)]
    groups = _grouped(sentences, marked)
    asking = {place for group in groups for place in group}
    return [_ask(group, [*group, *asking], sentences, earlier) for group in groups[:ASKS_MOST]]


def _last_and_before(turns: Sequence[Turn]) -> tuple[list[str], list[str]]:
    """The customer's texts since the last agent turn, and those before it."""
    last_agent = max((place for place, turn in enumerate(turns) if turn.role == "agent"), default=-1)
    said = [(place, turn.text) for place, turn in enumerate(turns) if turn.role == "customer" and turn.text.strip()]
    last = [text for place, text in said if place > last_agent]
    before = [text for place, text in said if place <= last_agent]
    return (last, before) if last else (before[-1:], before[:-1])


def plain_words(text: str) -> str:
    """The text without markup, links and sentences that read like orders to a machine."""
    kept = []
    for line in text.splitlines():
        whole = [one for one in split_sentences(line) if not _INSTRUCTION.search(one)]
        kept.append(" ".join(_MARKUP.sub(" ", one) for one in whole))
    return "\n".join(line for line in kept if line.strip())


def _parts(sentence: str) -> list[str]:
    return [part.strip() for part in _SECOND.split(sentence) if part.strip()]


def _asks(sentence: str) -> bool:
    return sentence.rstrip(" \"'”)").endswith("?") or bool(_QUESTION_START.match(sentence) or _WISH.search(sentence))


def _grouped(sentences: Sequence[str], marked: Sequence[int]) -> list[list[int]]:
    """Each question with its place; a question that says too little alone joins its neighbour."""
    if not marked:
        return [list(range(len(sentences)))]
    groups: list[list[int]] = []
    for place in marked:
        if _says_too_little(sentences[place]):
            if groups:
                groups[-1].append(place)
            elif place:
                groups.append([place - 1, place])
            else:  # "hello??": what follows is what it is about
                groups.append(list(range(min(_FEW_WORDS, len(sentences)))))
        else:
            groups.append([place])
    return groups


def _says_too_little(sentence: str) -> bool:
    """True for "Is that ok?" and "hello??", not for "When do I get my refund?"."""
    count = len(content_words(sentence))
    return count == 0 or (count < _FEW_WORDS and bool(_POINTS_BACK.search(sentence)))


def _ask(group: Sequence[int], asking: Collection[int], sentences: Sequence[str], earlier: str) -> Ask:
    """One question; the other questions are not its context."""
    text = " ".join(sentences[place] for place in group)
    around = " ".join(sentence for place, sentence in enumerate(sentences) if place not in asking)
    context = " ".join(f"{earlier} {around}".split()[-_CONTEXT_WORDS:])
    return Ask(text, context, english_keywords(f"{text} {context}"))


def asks_how(ask: Ask) -> bool:
    """True for a question that steps answer."""
    return bool(_HOW.search(ask.text))


def said_by_customer(turns: Sequence[Turn]) -> str:
    """All customer turns as plain words, oldest first."""
    return " ".join(plain_words(turn.text) for turn in turns if turn.role == "customer").strip()


def is_angry(turns: Sequence[Turn]) -> bool:
    """True for shouting, strong words or piles of exclamation marks in the last customer turn but one or the last."""
    said = [plain_words(turn.text) for turn in turns if turn.role == "customer"][-2:]
    text = " ".join(said)
    shouted = [word for word in re.findall(r"\b[A-Z]{3,}\b", text) if word not in _ABBREVIATIONS]
    marks = (
        len(re.findall(r"[!?]{3,}", text)) * 4
        + len(re.findall(r"!!|\?\?|!\?|\?!", text)) * 2
        + len(re.findall(r"(?<![!?])!(?![!?])", text))
    )
    score = (
        2 * bool(_OUTCRY.search(text))
        + min(len(shouted), 3)
        + any(word in _SHOUTS for word in shouted)
        + (marks >= 2)
        + (marks >= 4)
    )
    return score >= 2


_ABBREVIATION_WORDS = """
    VAT PDF USD EUR GBP SMS API UK USA ESA DAC APP IBAN PIN ID SYSTEM END JPG HEIC URL PST TAX
"""
_ABBREVIATIONS = frozenset(_ABBREVIATION_WORDS.split())


def is_vague(asks: Sequence[Ask]) -> bool:
    """True where hardly anything tells what is meant: a few words, no figure, no context."""
    told = " ".join(f"{ask.context} {ask.text}" for ask in asks)
    return len(set(content_words(told))) <= _VAGUE_WORDS


_VAGUE_WORDS = 4

_SHOUTS = frozenset(["NOW", "NOT", "NEVER", "WHY", "YOU", "FIVE", "DID", "ALL", "STOP", "AGAIN", "TODAY"])
