"""Passports and the like: after their name, and the lines that machines read. Every number here is made up."""

from __future__ import annotations

import pytest

from core.redaction import redact

# The specimen of ICAO 9303, of a country that does not exist.
PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
CARD = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("My passport number is 533380006.", "My passport number is [passport]."),
        ("passport no. C 1234567, 2 guests", "passport no. [passport], 2 guests"),
        ("Reisepass Nr. C01X00T47", "Reisepass Nr. [passport]"),
        ("Personalausweis: L01X00T471", "Personalausweis: [passport]"),
        ("Mon passeport est le n° 03UJ24604", "Mon passeport est le n° [passport]"),
        ("Mi pasaporte es AAB123456", "Mi pasaporte es [passport]"),
        ("Passaporto n. YA1234567", "Passaporto n. [passport]"),
        ("driving licence MORGA657054SM9IJ", "driving licence [passport]"),
        ("护照号码：E12345678", "护照号码：[passport]"),
    ],
)
def test_a_number_is_masked_after_its_name(text, redacted):
    assert redact(text) == redacted


@pytest.mark.parametrize("zone", [PASSPORT, CARD, PASSPORT.replace("\n", "\r\n"), PASSPORT.split("\n")[1]])
def test_the_lines_that_machines_read_are_masked(zone):
    assert redact(f"It says:\n{zone}\nand no more") == "It says:\n[passport]\nand no more"


@pytest.mark.parametrize(
    "text",
    [
        "I lost my passport on 04.05.2026 and my booking is 20394857",
        "passport: 2026-05-04",
        "Do 2 guests need a passport? Listing 48213377",
        "Passport control is at gate 1234567",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890ABCD",
        "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
    ],
)
def test_what_only_speaks_of_a_passport_stays(text):
    assert redact(text) == text
