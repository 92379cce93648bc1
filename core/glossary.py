"""English keywords for what customers write in Spanish, French, German, Portuguese or Italian.

The embedded sentence model and the help centre are English: without a few hundred everyday words of support in
English beside it, a question in another language finds nothing. It is no translation and is never shown.
"""

from __future__ import annotations

import re
from functools import cache

from core.words import FUNCTION_WORDS, words

# English words, then what words of the other languages begin with. The longest beginning wins.
_TABLE = """
refund money back: reembols rembours erstatt rückerstatt rimbors devolv devuelv devoluc
cancel: cancel annul storn kündig abgesagt absag anul disdett disdir
booking: reserv réserv buchung gebucht buchen prenot
pay payment: pag paie pay zahl bezahl paiem
fee: tarif gebühr tax frais commission commissione comis entgelt taxe
service fee: servicegebühr
cleaning: limpi limp nettoy reinig endreinig pulizi putz ménage
card: tarjet carte karte cartão cartao carta kreditkart
debit: débit débito debito
bank: banc banque bancari banco
transfer: virement überweis transfer bonific
host: anfitri hôte gastgeb vermieter ospitante hôtes proprietari propriétaire propietari
co-host: coanfitri mitgastgeb
guest: huésped huesped voyageur gast gäste hóspede ospite viajer
home apartment: piso apartament wohnung unterkunft logement vivienda casa alojamient alloggio appart ferienwohn
stay: estanc séjour aufenthalt estad soggiorn
arrival check-in: llegad arriv anreise ankunft chegad angereist
check-out leaving: salid salim départ abreise saíd partenz salimos
night: noche nuit nacht nächt noite notte
day: días jour tage tagen giorn dias
late: tard verspät atras ritard retard
flight: vuel vol flug voo volo
key: llav clé clef schlüssel chave chiav
code: códig código codice
door: puert porte tür porta
deposit: depósit caution kaution cauzion caução fianz dépôt
damage: daño dañ dégât schaden beschädig dano danni danneg
broken: rot cass kaputt zerbroch quebr partid
claim: reclam réclam anspruch forder reivindic
insurance cover: segur assuranc versicher assicuraz
price: preci prix preis preço prezz
discount: descuent remise rabatt descont sconto sconti réduc
weekly: semanal hebdomad wöchent settimanal
monthly: mensual mensuel monatlich mensal mensil
expensive amount: import montant betrag valor importo
invoice receipt: factur rechnung fattur fatura recib quittung ricevut reçu
tax: impuest impôt steuer impost tasse fiscal fisc
currency: divis monnaie währung moed valut
account: cuent compte konto conta account
name: nombre nom prénom name nome
password sign in: contraseñ passe passwort kennwort senha entrar einlogg anmeld connex accedere iniciar
e-mail address: correo courriel mail posta e-mail
phone number: teléfon téléphon telefon numero número handy
passport identity document: pasaport passeport ausweis passaport document documento reisepass
verify: verific vérif überprüf
listing: anunci annonc anzeige inserat annunci
photo: fotos photos foto
calendar: calendari calendrier kalender calend
review: reseñ valorac avis bewert avaliaç recension opini
pet dog: mascot perro chien hund haustier animal cane cão
assistance service animal: asistencia assistanc assistênc assistenza blindenhund
child baby: niñ enfant kind kinder bebé baby bambin crianç
stair gate: treppengitter barrière
camera: cámar caméra kamera câmara câmera telecamer
living room indoor: wohnzimmer salon salón soggiorno
noise complaint: ruid bruit lärm barulh rumor quej beschwer
neighbour: vecin voisin nachbar vizinh vicin
fine penalty: multa amende strafe penalit pénalité sanç
party: fiest fête feier festa partei
pool: piscin schwimmbad pool
missing: falta manqu fehl manca
dirty: suci sale schmutz dreckig sujo sporc
heating: calefac chauffag heizung aquecim riscald
towels bed linen: sában drap bettwäsche lençó lenzuol
wait how long: cuándo quand wann quando combien cuánto wielange lange
request: solicitud demande anfrag pedid richiest
declined refused: rechaz refus abgelehnt recus rifiut ablehn
accepted: acept accept akzept aceit
change: cambi modif chang änder mudar alter
send: envi envoy schick senden invi
receive: recib recev reçois bekomm receb ricev erhalt
payout earnings: pagos auszahlung versement ingres guadagn ganhos verdien einnahm repasse
balance minimum: saldo solde guthaben mínim
cash outside: efectiv espèces bargeld contanti dinheiro
money: diner argent geld dinero soldi
scam fraud: estaf arnaqu betrug truff burla golpe fraud
error wrong: error erreur fehler erro errore sbagliat falsch incorrect
form: formular formulaire modul
deadline until when: plazo délai frist prazo scadenz jusqu
report: inform signal meld denunc segnal
ill: enferm malad krank doent malat
free of charge: gratis gratuit kostenlos grátis
safety: seguridad sécurité sicherheit segurança sicurezz
emergency: emergenc urgenc notfall urgênc
lost: perd verlor perdid pers
forgot left behind: olvid oubli vergess esquec dimentic
luggage: equipaj bagag gepäck bagagem bagagli
daughter son family: hij fill tocht sohn famil figl
husband wife: marido mari ehemann frau moglie
business working days: laborabl ouvr werktag úteis lavorativ
old rule before: antes früher avant antig vecchi
"""
_ENGLISH_SHARE = 0.27  # of function words: English has more, even in short questions
_SHORTEST = 3


def english_keywords(text: str) -> str:
    """English words for what the text is about, each once; "" for English and for what the glossary does not know."""
    said = words(text)
    if not said or sum(word in FUNCTION_WORDS for word in said) / len(said) > _ENGLISH_SHARE:
        return ""
    return " ".join(dict.fromkeys(english for word in said if (english := _english(word))))


def _english(word: str) -> str:
    # "l'argent", "d'antes": the article is no part of the word
    stemmed = re.sub(r"^(?:l|d|qu|j|n|s|c|all|dell|nell)['’]", "", word)
    for length in range(len(stemmed), _SHORTEST - 1, -1):
        if stemmed[:length] in _beginnings():
            return _beginnings()[stemmed[:length]]
    return ""


@cache
def _beginnings() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _TABLE.strip().splitlines():
        english, _, others = line.partition(":")
        for beginning in others.split():
            found.setdefault(beginning, english)
    return found
