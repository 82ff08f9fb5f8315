"""Who are you: asked of everybody in the same way, whether the service knows them or not."""

from decimal import Decimal

from telemed.intake.steps.form import GIVEN, Branch, Choice, Field, Rules, Step

NUMBER = Step(
    key="number",
    kind="fields",
    title="What is your personal number (EGN)?",
    hint="Ten digits. They are on your identity card.",
    fields=(Field("egn", "digits", "Personal number", shortest=10, longest=10),),
    choices=(
        Choice("foreign", "I have a foreigner’s number", quiet=True),
        Choice("none", "I have none", quiet=True),
    ),
    rules=Rules(identifier="egn"),
    branches=(Branch("number", "foreign", "foreign"),),
    goto="name",
    review="Personal number",
)

FOREIGN = Step(
    key="foreign",
    kind="fields",
    title="What is your foreigner’s number (LNCh)?",
    hint="Ten digits. They are on your residence card.",
    fields=(Field("lnch", "digits", "Foreigner’s number", shortest=10, longest=10),),
    choices=(Choice("none", "I have none", quiet=True),),
    rules=Rules(identifier="lnch"),
    goto="name",
    review="Foreigner’s number",
)

NAME = Step(
    key="name",
    kind="fields",
    title="What is your name?",
    hint="First name and family name.",
    fields=(Field("full_name", "text", "Your name", shortest=2, longest=120),),
    branches=(Branch("number", GIVEN, "notice"),),
    goto="born",
    review="Name",
)

BORN = Step(
    key="born",
    kind="fields",
    title="When were you born?",
    hint="For example 7 3 1944.",
    fields=(
        Field("born_day", "number", "Day", low=Decimal(1), high=Decimal(31), longest=2),
        Field("born_month", "number", "Month", low=Decimal(1), high=Decimal(12), longest=2),
        Field("born_year", "number", "Year", low=Decimal(1800), high=Decimal(2999), shortest=4, longest=4),
    ),
    rules=Rules(birth_date=("born_day", "born_month", "born_year")),
    goto="notice",
    review="Born",
)

STEPS = (NUMBER, FOREIGN, NAME, BORN)
