"""Which sentences of a reply state a fact, and which only greet, regret, ask or close."""

from __future__ import annotations

import re

from core.checker.grants import grants
from core.checker.quantities import quantities
from core.words import content_words, words

_INTERJECTION = re.compile(
    r"^(?:yes|no|sure|of course|certainly|unfortunately|sadly|i'm afraid|i am afraid|absolutely|good news|right|ok"
    r"|sí|oui|non|ja|nein|leider|sim|não|sì|purtroppo|malheureusement|lamentablemente"
    r"|infelizmente)\b(?:\s*[,:;.!–-]+\s*|$)",
    re.IGNORECASE,
)
# "Hi Ana," before what is said.
_SALUTATION = re.compile(
    r"^(?:hi|hello|hey|dear|hola|bonjour|hallo|guten (?:tag|morgen)|ciao|buongiorno|olá)\b"
    r"[^,.!:;?\d]{0,40}[,.!:]\s*(?:and\s+)?(?=\w)",
    re.IGNORECASE,
)
_REGRET = re.compile(
    r"^(?:(?:i'm|i am|we're|we are)\s+(?:\w+\s+){0,2}sorry|sorry|my apologies|i apologi[sz]e|we apologi[sz]e"
    r"|i understand|i can (?:see|understand|imagine)|that (?:is|must be|sounds) \w+ing)\b[^,;:.!]*"
    r"(?:[,;:.!]\s*(?:but|and|so)?\s*|\s+(?=but\b)but\s+|$)",
    re.IGNORECASE,
)
_SOCIAL = re.compile(
    r"^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|thanks|thank you|welcome|congratulations"
    r"|kind regards"
    r"|best regards|best wishes|all the best|you(?:'re| are) welcome|happy to help|glad to help|hope (?:this"
    r"|that) helps"
    r"|i hope (?:this|that|you)|have a (?:nice|good|great|lovely)|enjoy\b|take care|safe travels"
    r"|please (?:tell|let|write|send|share|give|reply|come back|get back)|let (?:me|us) know|just (?:write|reply"
    r"|tell|let)"
    r"|tell (?:me|us)|if\b[^.]*\b(?:just tell|tell me|let me know|let us know|write to me|reply here)\b"
    r"|write (?:back|here|to me|to us)|come back|feel free|do not hesitate|don't hesitate|(?:i'm|i am|we're"
    r"|we are) (?:happy|glad|here) to"
    r"|i(?:'ll| will| can)? (?:gladly|be happy|look into|check|pass|ask|come back|get back|forward)\b"
    r"|i(?:'m| am) (?:passing|asking|checking|forwarding|looking|not sure)\b|i would (?:rather|like to)\b"
    r"|i'd (?:rather|like to)\b"
    r"|then i\b|so that i\b|with that i\b"
    r"|hola|buen(?:os|as)|gracias|lo siento|lamento|siento|saludos|dígame|si (?:algo|no|eso|tiene)|un saludo"
    r"|bonjour|bonsoir|merci|désolée?|je (?:suis|vous|regrette|comprends)|cordialement|dites|si (?:quelque|ce"
    r"|cela|vous)|bien à vous"
    r"|hallo|guten|danke|vielen dank|es tut mir|tut mir|ich (?:verstehe|bedaure)|bitte|wenn (?:etwas|das|sie|es)"
    r"|freundliche|viele grüße|melden"
    r"|olá|bom dia|boa (?:tarde|noite)|obrigad[oa]|lamento|sinto|diga|se (?:algo|isso|tiver|no seu)|cumprimentos"
    r"|ciao|buon(?:giorno|asera)|salve|grazie|mi (?:dispiace|scuso)|mi dica|se (?:qualcosa|non|nel)"
    r"|cordiali|un cordiale)\b",
    re.IGNORECASE,
)
_NO_ANSWER = re.compile(
    r"^(?:\w+ ){0,5}(?:i|we)\b[^.]*\b(?:could not|couldn't|can't|cannot|can not|do not|don't|did not|didn't"
    r"|have no|find no|found no|am not able)\b"
    r"[^.]*\b(?:find|found|information|answer|say|rule|sure|know|confirm|guess|promise|tell)\b"
    r"|^(?:our|the) help cent(?:re|er)\b[^.]*\b(?:does not|doesn't|has no|says nothing|not)\b"
    r"|\b(?:centro de ayuda|centre d'aide|hilfe-?center|hilfebereich|centro de ajuda|centro assistenza)\b",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"^(?:to be sure|if i understand|i am not|this is|here is|these are|here are|the following)\b", re.IGNORECASE
)
_GIVING = re.compile(
    r"\b(?:will|get|gets|receive|approved?|granted?|send|sent|pays?|paid|credited|waived?|refunded|offer|entitled)\b",
    re.IGNORECASE,
)
_LEAD_IN_WORDS = 9


def claim_of(sentence: str) -> str:
    """The part that states a fact, without "Yes," or "I am sorry about that, but"; "" where nothing is stated."""
    plain = " ".join(sentence.split())
    rest = _without_regret(_INTERJECTION.sub("", _SALUTATION.sub("", plain)))
    if not content_words(rest) or len(words(rest)) < 2:
        return rest if grants(rest) or quantities(rest) else ""
    if grants(rest):
        return "" if rest.endswith("?") and not quantities(rest) else rest
    if rest.endswith(("?", "¿")):
        return ""
    if quantities(rest) and not _NO_ANSWER.search(rest):
        return rest
    if _SOCIAL.match(rest) or _NO_ANSWER.search(rest):
        return ""
    if rest.endswith(":") and (len(words(rest)) <= _LEAD_IN_WORDS or _POINTING.match(rest)):
        return ""
    return rest


def _without_regret(sentence: str) -> str:
    """What follows "I am sorry about that, but"; a promise in the clothes of a regret stays."""
    rest = sentence
    while regret := _REGRET.match(rest):
        if quantities(regret.group(0)) or _GIVING.search(regret.group(0)):
            return rest
        rest = rest[regret.end() :]
    return rest
