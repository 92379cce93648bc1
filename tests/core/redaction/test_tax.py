"""Tax numbers: by their shape and check digits, or by the name before them. Every number here is made up."""

from __future__ import annotations

import pytest

from core.redaction import redact


@pytest.mark.parametrize(
    "number",
    [
        "536-22-4571",  # United States
        "JK 12 34 56 C",  # United Kingdom
        "RSSMRA85T10A562S",  # Italy
        "RSS MRA 85T10 A562S",
        "12345678Z",  # Spain
        "12.345.678-Z",
        "X1234567L",
        "2 95 10 99 126 111 93",  # France
        "85.07.30-033.28",  # Belgium
        "756.9217.0769.85",  # Switzerland
        "880320-0016",  # Sweden
        "131052-308T",  # Finland
        "151086 95088",  # Norway
        "390.533.447-05",  # Brazil
        "16.727.230/0001-97",
        "20-05536168-2",  # Argentina
        "12.531.909-2",  # Chile
        "BOXW310820HNERXN09",  # Mexico
        "ACUPA7085R",  # India
        "11010519491231002X",  # China
        "971013-9019902",  # South Korea
    ],
)
def test_a_number_of_its_own_shape_is_masked_without_a_word(number):
    assert redact(f"Here it is: {number}, thanks") == "Here it is: [tax id], thanks"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("my ssn is 536224571", "my ssn is [tax id]"),
        ("Social Security Number: 536 22 4571.", "Social Security Number: [tax id]."),
        ("UTR 1955839661", "UTR [tax id]"),
        ("Meine Steuer-ID lautet 36 574 261 809 danke", "Meine Steuer-ID lautet [tax id] danke"),
        ("Steuernummer: 181/815/08155", "Steuernummer: [tax id]"),
        ("O meu NIF é 501 964 843", "O meu NIF é [tax id]"),
        ("Contribuinte n.º 501964843", "Contribuinte n.º [tax id]"),
        ("Mijn BSN is 1112.22.333", "Mijn BSN is [tax id]"),
        ("PESEL to 44051401359", "PESEL to [tax id]"),
        ("CPF: 39053344705", "CPF: [tax id]"),
        ("My Aadhaar is 2341 2341 2346", "My Aadhaar is [tax id]"),
        ("tax file number 123 456 782", "tax file number [tax id]"),
        ("My SIN is 123-456-782", "My SIN is [tax id]"),
        ("USt-ID DE136695976", "USt-ID [tax id]"),
        ("身份证：11010519491231002X", "身份证：[tax id]"),
        ("SSN 536224571 2 guests", "SSN [tax id] 2 guests"),
        ("tax id 99-0000001", "tax id [tax id]"),  # mistyped numbers are somebody's all the same
    ],
)
def test_a_number_is_masked_after_its_name(text, redacted):
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "Booking 12345678Z and order 536-22-4571",
        "536224571 and 39053344705 say nothing by themselves",
        "536-00-4571 is no number that is given out",
        "12345678A fails the check letter",
        "The tax id changed on 12.05.2026",
        "tax number: 2026-05-04",
        "Nunca, sin 123456782 euros; nie 12345678, ein 123456789",
        "the tax is 1,234,567.89 for 12 nights",
        "city tax 1234567",
    ],
)
def test_other_numbers_stay(text):
    assert redact(text) == text
