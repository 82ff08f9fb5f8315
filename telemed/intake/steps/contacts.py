"""How the patient may be reached after leaving: each way asked for by itself, and each may be refused."""

from telemed.intake.steps.form import Branch, Choice, Field, Step

_YES_NO = (Choice("yes", "Yes"), Choice("no", "No"))

SMS = Step(
    key="sms",
    kind="choice",
    title="How may we reach you?",
    hint="Only place and time, nothing about your health.",
    choices=(
        Choice("yes", "By SMS", picture="sms"),
        Choice("call", "By a call", picture="audio"),
        Choice("none", "I have no telephone", picture="no_phone"),
        Choice("no", "Do not contact me", picture="leave_me"),
    ),
    branches=(
        Branch("sms", "yes", "phone"),
        Branch("sms", "call", "telephone"),
        Branch("sms", "no", "share"),
    ),
    goto="proxy",
    review="How we reach you",
)

PHONE = Step(
    key="phone",
    kind="fields",
    title="What is your mobile number?",
    hint="It begins with 08 or 09.",
    fields=(Field("mobile", "phone", "Mobile number", shortest=9, longest=16),),
    choices=(Choice("none", "No SMS, go on", quiet=True),),
    # Who reads in Latin letters gets no others.
    branches=(
        Branch("phone", "none", "proxy"),
        *(Branch("language", language, "ring") for language in ("en", "tr", "uz", "vi")),
    ),
    goto="letters",
    review="Mobile number",
)

LETTERS = Step(
    key="letters",
    kind="choice",
    title="Which letters does your telephone show?",
    context="letters",
    choices=(
        Choice("native", "Cyrillic", picture="phone", hint="Tomorrow 9:40"),
        Choice("latin", "Latin", picture="phone", hint="Tomorrow 9:40 (Latin)"),
    ),
    goto="ring",
    review="Letters of the SMS",
)

RING = Step(
    key="ring",
    kind="choice",
    title="May we call you if the SMS does not arrive?",
    hint="A recorded voice says place and time.",
    choices=(
        Choice("same", "Yes, the same number"),
        Choice("other", "Yes, another number"),
        Choice("no", "No"),
    ),
    branches=(Branch("ring", "other", "telephone"),),
    goto="proxy",
    review="Call if the SMS does not arrive",
)

TELEPHONE = Step(
    key="telephone",
    kind="fields",
    title="On which number may we call you?",
    hint="At home or mobile. It begins with 0.",
    fields=(Field("telephone_number", "telephone", "Telephone number", shortest=7, longest=16),),
    choices=(Choice("none", "No calls, go on", quiet=True),),
    goto="proxy",
    review="Telephone number",
)

PROXY = Step(
    key="proxy",
    kind="choice",
    title="May we tell somebody else if we cannot reach you?",
    hint="For example a daughter or a neighbour. They hear only place and time.",
    choices=_YES_NO,
    branches=(Branch("proxy", "no", "letter"),),
    goto="proxy_name",
    review="Somebody else",
)

PROXY_NAME = Step(
    key="proxy_name",
    kind="fields",
    title="What is their first name?",
    fields=(Field("proxy_first_name", "text", "First name", shortest=2, longest=40),),
    choices=(Choice("none", "Nobody else, go on", quiet=True),),
    branches=(Branch("proxy_name", "none", "letter"),),
    goto="proxy_number",
    review="Their first name",
)

PROXY_NUMBER = Step(
    key="proxy_number",
    kind="fields",
    title="What is their telephone number?",
    hint="At home or mobile. It begins with 0.",
    fields=(Field("proxy_telephone", "telephone", "Telephone number", shortest=7, longest=16),),
    choices=(Choice("none", "Nobody else, go on", quiet=True),),
    goto="letter",
    review="Their number",
)

LETTER = Step(
    key="letter",
    kind="choice",
    title="May we write you a letter if nothing else arrives?",
    hint="The post office brings it or keeps it for you.",
    choices=_YES_NO,
    goto="share",
    review="Letter",
)

STEPS = (SMS, PHONE, LETTERS, RING, TELEPHONE, PROXY, PROXY_NAME, PROXY_NUMBER, LETTER)
