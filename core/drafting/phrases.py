"""The words around the quoted facts, in the customer's language. None of them states a fact or promises anything."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's phrases; of each group one is drawn."""

    greetings: Sequence[str]  # opens a first reply
    follow_ups: Sequence[str]  # opens a later reply
    regrets: Sequence[str]  # opens a reply to somebody who is angry
    regrets_about: Sequence[str]  # the same, about a topic {topic}; empty where none is known to fit
    quoted: str  # says that the lines below come from the English help centre; "" in English
    good_to_know: Sequence[str]
    steps: Sequence[str]
    closings: Sequence[str]
    closings_steps: Sequence[str]
    unknown: Sequence[str]  # says that the help centre does not answer
    unknown_nearest: Sequence[str]  # the same, leading to the nearest article {title}
    unknown_other: Sequence[str]  # says that another of the questions is not answered
    asking: Sequence[str]  # what would help
    asking_nearest: Sequence[str]
    which: str  # asks which of two is meant: {one}, {other}
    which_one: str  # asks whether {one} is meant
    unsure: Sequence[str]  # before an answer to a vague question


ENGLISH = Phrases(
    greetings=("Hello,", "Hi,", "Hello, and thanks for writing.", "Thanks for getting in touch."),
    follow_ups=("Thanks for the details.", "Thank you, that helps.", "Thanks for getting back to me."),
    regrets=("I am sorry about this.", "I am sorry for the trouble.", "I understand the frustration, and I am sorry."),
    regrets_about=(
        "I am sorry about the trouble with {topic}.",
        "I understand that you are upset about {topic}.",
        "I am sorry that {topic} has caused so much trouble.",
    ),
    quoted="",
    good_to_know=("Also good to know:", "What else matters here:", "Please also note:"),
    steps=("How to do it:", "These are the steps:", "Step by step:"),
    closings=(
        "Let me know if anything is still open.",
        "If something is different in your case, just tell me.",
        "Just reply here if you have another question.",
    ),
    closings_steps=(
        "Let me know if you get stuck at one of the steps.",
        "If a step looks different for you, just tell me which one.",
    ),
    unknown=(
        "I could not find an answer to this in our help centre, and I would rather not guess.",
        "I am sorry, our help centre does not say anything about this, so I do not want to promise anything.",
        "I have no reliable information on this, and I do not want to give you a wrong answer.",
    ),
    unknown_nearest=(
        "I could not find this in our help centre. The closest article is “{title}”, in case it helps:",
        "Our help centre has no direct answer to this. This is the nearest I found, in “{title}”:",
    ),
    unknown_other=(
        "To your other question I could not find an answer in our help centre. Could you tell me more about it?",
        "I found nothing reliable on your other question; could you describe it in other words?",
    ),
    asking=(
        "Could you tell me a little more about what you would like to do, and by when you need to know?",
        "Could you describe what exactly you need? Then I can ask a colleague who may know more.",
    ),
    asking_nearest=(
        "Is this what you meant? If not, please tell me what is different.",
        "Does that go in the right direction, or did you mean something else?",
    ),
    which="Is your question about “{one}” or rather about “{other}”?",
    which_one="Is your question about “{one}”, or did you mean something else?",
    unsure=(
        "I am not quite sure what you need, so here is the likeliest answer:",
        "If I understand you right, this is what applies:",
        "To be sure that I have understood you, this is what I found:",
    ),
)

SPANISH = Phrases(
    greetings=("Hola:", "Hola, gracias por escribirnos."),
    follow_ups=("Gracias por los detalles.", "Gracias por su respuesta."),
    regrets=("Lamento mucho lo ocurrido.", "Siento las molestias."),
    regrets_about=(),
    quoted="Las siguientes líneas proceden de nuestro centro de ayuda, que está en inglés:",
    good_to_know=("También conviene saber, según el centro de ayuda:",),
    steps=("Siga estos pasos del centro de ayuda:",),
    closings=("Dígame si queda alguna duda.", "Si algo es distinto en su caso, dígamelo."),
    closings_steps=("Dígame si se queda atascado en algún paso.",),
    unknown=(
        "Lo siento, en nuestro centro de ayuda no he encontrado una respuesta a esto y prefiero no adivinar.",
        "Lo siento, no tengo información fiable del centro de ayuda sobre esto y no quiero prometer nada.",
    ),
    unknown_nearest=(
        "Lo siento, nuestro centro de ayuda no responde directamente a esto. Lo más parecido que tiene el centro "
        "de ayuda,"
        " en inglés, es «{title}»:",
    ),
    unknown_other=("Sobre su otra pregunta no he encontrado nada en el centro de ayuda. ¿Podría contarme más?",),
    asking=("¿Podría contarme un poco más sobre lo que necesita y para cuándo?",),
    asking_nearest=("¿Es esto lo que buscaba o se refería a otra cosa?",),
    which="¿Su pregunta es sobre «{one}» o más bien sobre «{other}»?",
    which_one="¿Su pregunta es sobre «{one}» o se refería a otra cosa?",
    unsure=("Lo más probable, según el centro de ayuda:",),
)

FRENCH = Phrases(
    greetings=("Bonjour,", "Bonjour et merci pour votre message."),
    follow_ups=("Merci pour ces précisions.", "Merci de votre réponse."),
    regrets=("Je suis désolé pour ce désagrément.", "Je comprends votre agacement et je le regrette."),
    regrets_about=(),
    quoted="Les lignes suivantes viennent de notre centre d'aide, qui est en anglais :",
    good_to_know=("Bon à savoir, d'après le centre d'aide :",),
    steps=("Voici les étapes du centre d'aide :",),
    closings=("Dites-moi s'il reste une question.", "Si quelque chose est différent chez vous, dites-le-moi."),
    closings_steps=("Dites-moi si vous êtes bloqué à une étape.",),
    unknown=(
        "Je regrette, je n'ai pas trouvé de réponse à cela dans notre centre d'aide et je préfère ne pas deviner.",
        "Désolé, le centre d'aide ne dit rien de fiable à ce sujet et je ne veux rien vous promettre.",
    ),
    unknown_nearest=(
        "Je regrette, notre centre d'aide ne répond pas directement à cela. Le plus proche que j'aie trouvé dans "
        "le centre"
        " d'aide, en anglais, est « {title} » :",
    ),
    unknown_other=(
        "Pour votre autre question, je n'ai rien trouvé dans le centre d'aide. Pourriez-vous m'en dire plus ?",
    ),
    asking=("Pourriez-vous me dire plus précisément ce dont vous avez besoin, et pour quand ?",),
    asking_nearest=("Est-ce bien cela, ou pensiez-vous à autre chose ?",),
    which="Votre question porte-t-elle sur « {one} » ou plutôt sur « {other} » ?",
    which_one="Votre question porte-t-elle sur « {one} », ou pensiez-vous à autre chose ?",
    unsure=("Voici le plus probable, d'après le centre d'aide :",),
)

GERMAN = Phrases(
    greetings=("Guten Tag,", "Hallo und danke für Ihre Nachricht."),
    follow_ups=("Danke für die Angaben.", "Vielen Dank für Ihre Rückmeldung."),
    regrets=("Es tut mir leid, dass Sie Ärger damit haben.", "Ich verstehe Ihren Ärger, und es tut mir leid."),
    regrets_about=(),
    quoted="Die folgenden Zeilen stammen aus unserem Hilfe-Center, das auf Englisch ist:",
    good_to_know=("Gut zu wissen, ebenfalls aus dem Hilfe-Center:",),
    steps=("So geht es laut Hilfe-Center:",),
    closings=(
        "Melden Sie sich gern, wenn noch etwas offen ist.",
        "Wenn es bei Ihnen anders ist, schreiben Sie mir bitte.",
    ),
    closings_steps=("Melden Sie sich, wenn Sie bei einem Schritt nicht weiterkommen.",),
    unknown=(
        "Es tut mir leid, in unserem Hilfe-Center habe ich dazu keine Antwort gefunden, und raten möchte ich nicht.",
        "Leider sagt unser Hilfe-Center dazu nichts, und ich möchte Ihnen nichts versprechen.",
    ),
    unknown_nearest=(
        "Leider beantwortet unser Hilfe-Center das nicht direkt. Am nächsten kommt im Hilfe-Center, auf "
        "Englisch, „{title}“:",
    ),
    unknown_other=(
        "Zu Ihrer anderen Frage habe ich im Hilfe-Center nichts gefunden. Könnten Sie mir mehr dazu sagen?",
    ),
    asking=("Könnten Sie mir genauer sagen, was Sie brauchen und bis wann?",),
    asking_nearest=("Meinen Sie das, oder geht es um etwas anderes?",),
    which="Geht es um „{one}“ oder eher um „{other}“?",
    which_one="Geht es um „{one}“, oder meinten Sie etwas anderes?",
    unsure=("Das Wahrscheinlichste laut Hilfe-Center:",),
)

PORTUGUESE = Phrases(
    greetings=("Olá,", "Olá e obrigado pela sua mensagem."),
    follow_ups=("Obrigado pelos detalhes.", "Obrigado pela sua resposta."),
    regrets=("Lamento o sucedido.", "Sinto muito pelo transtorno."),
    regrets_about=(),
    quoted="As linhas seguintes vêm do nosso centro de ajuda, que está em inglês:",
    good_to_know=("Também é bom saber, segundo o centro de ajuda:",),
    steps=("Siga estes passos do centro de ajuda:",),
    closings=("Diga-me se ainda ficou alguma dúvida.", "Se algo for diferente no seu caso, diga-me."),
    closings_steps=("Diga-me se ficar parado em algum passo.",),
    unknown=(
        "Lamento, não encontrei resposta a isto no nosso centro de ajuda e prefiro não adivinhar.",
        "Lamento, o centro de ajuda não diz nada sobre isto e não quero prometer nada.",
    ),
    unknown_nearest=(
        "Lamento, o nosso centro de ajuda não responde diretamente a isto. O mais próximo no centro de ajuda, em "
        "inglês, é"
        " «{title}»:",
    ),
    unknown_other=("Sobre a outra pergunta não encontrei nada no centro de ajuda. Pode contar-me mais?",),
    asking=("Pode contar-me um pouco mais sobre o que precisa e até quando?",),
    asking_nearest=("É isto que procurava ou referia-se a outra coisa?",),
    which="A sua pergunta é sobre «{one}» ou antes sobre «{other}»?",
    which_one="A sua pergunta é sobre «{one}» ou referia-se a outra coisa?",
    unsure=("O mais provável, segundo o centro de ajuda:",),
)

ITALIAN = Phrases(
    greetings=("Buongiorno,", "Buongiorno e grazie per il messaggio."),
    follow_ups=("Grazie per i dettagli.", "Grazie per la risposta."),
    regrets=("Mi dispiace per l'accaduto.", "Mi scuso per il disagio."),
    regrets_about=(),
    quoted="Le righe seguenti vengono dal nostro centro assistenza, che è in inglese:",
    good_to_know=("Buono a sapersi, secondo il centro assistenza:",),
    steps=("Ecco i passi del centro assistenza:",),
    closings=("Mi dica se resta qualche dubbio.", "Se nel suo caso è diverso, mi dica."),
    closings_steps=("Mi dica se si blocca a un passo.",),
    unknown=(
        "Mi dispiace, nel nostro centro assistenza non ho trovato una risposta e preferisco non tirare a indovinare.",
        "Mi dispiace, il centro assistenza non dice nulla al riguardo e non voglio promettere nulla.",
    ),
    unknown_nearest=(
        "Mi dispiace, il nostro centro assistenza non risponde direttamente a questo. La cosa più vicina nel centro"
        " assistenza, in inglese, è «{title}»:",
    ),
    unknown_other=("Sull'altra domanda non ho trovato nulla nel centro assistenza. Può dirmi di più?",),
    asking=("Può dirmi più precisamente di che cosa ha bisogno, e per quando?",),
    asking_nearest=("È questo che cercava o intendeva altro?",),
    which="La sua domanda riguarda «{one}» o piuttosto «{other}»?",
    which_one="La sua domanda riguarda «{one}» o intendeva altro?",
    unsure=("La risposta più probabile secondo il centro assistenza:",),
)

BY_LANGUAGE = {
    "en": ENGLISH, "es": SPANISH, "fr": FRENCH, "de": GERMAN, "pt": PORTUGUESE, "it": ITALIAN,
}  # fmt: skip


@dataclass(frozen=True)
class Wording:
    """Draws phrases of one language: the same seed draws the same ones, each group independently of the others."""

    language: str
    seed: str

    @property
    def phrases(self) -> Phrases:
        """This language's, or the English ones where it has none."""
        return BY_LANGUAGE.get(self.language, ENGLISH)

    def draw(self, group: str) -> str:
        """One phrase of a group; "" from an empty one."""
        among: Sequence[str] = getattr(self.phrases, group)
        return random.Random(f"{self.seed}:{group}").choice(among) if among else ""
