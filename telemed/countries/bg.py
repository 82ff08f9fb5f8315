"""Bulgaria."""

from datetime import date

from telemed.countries.pack import BirthMonth, Country, IdentifierRule

EGN = IdentifierRule(
    kind="egn",
    digits=10,
    weights=(2, 4, 8, 5, 10, 9, 7, 3, 6),
    moduli=(11, 10),
    birth_months=(BirthMonth(0, 1900), BirthMonth(40, 2000), BirthMonth(20, 1800)),
)
LNCH = IdentifierRule(kind="lnch", digits=10, weights=(21, 19, 17, 13, 11, 9, 7, 3, 1), moduli=(10,))

BULGARIA = Country(
    code="bg",
    emergency_number="112",
    languages=("bg", "en", "tr"),
    notice_version="bg-2026-11",
    phone_region="BG",
    phone_prefix="+359",
    mobile=r"(?:8[789]|98)[0-9]{7}|99[69][0-9]{6}|43[0789][0-9]{5}",
    landline=r"2[0-9]{5,7}|(?:43[1-6]|70[1-9])[0-9]{4,5}"
    r"|(?:[36][0-9]|4[124-7]|[57][1-9]|8[1-6]|9[1-7])[0-9]{5,6}",
    trunk="0",
    identifiers={rule.kind: rule for rule in (EGN, LNCH)},
    # The country went from 31 March 1916 (Julian) to 14 April 1916 (Gregorian).
    missing_days=((date(1916, 4, 1), date(1916, 4, 13)),),
    # What the ordinance keeps for the doctor who is in the same room.
    forbidden_services=frozenset({"death_certification", "dental_procedure"}),
    # A contract with an operator here costs least; a modem at the counter is slow, but needs none.
    carriers=("smpp", "gateway", "twilio", "modem", "twilio_voice", "email"),
)
