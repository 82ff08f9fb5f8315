"""What happens to the data, and the two questions that may each be refused without ending the visit."""

from telemed.intake.steps.form import Branch, Choice, Field, Step

NOTICE = Step(
    key="notice",
    kind="notice",
    context="notice",
    title="What happens to what you tell us",
    points=(
        "Only the doctors who treat you see your answers.",
        "The clerk helps with the machine and cannot open your answers.",
        "We write down each time somebody reads your record. You can see that list.",
        "Nothing stays on this machine when you leave.",
        "You may stop at any moment.",
    ),
    goto="sms",
    carry_on="I have read this",
)

SMS = Step(
    key="sms",
    kind="choice",
    title="May we send you an SMS reminder?",
    hint="Only place and time, nothing about your health.",
    choices=(Choice("yes", "Yes"), Choice("no", "No")),
    branches=(Branch("sms", "yes", "phone"),),
    goto="share",
    review="SMS reminder",
)

PHONE = Step(
    key="phone",
    kind="fields",
    title="What is your mobile number?",
    hint="It begins with 08 or 09.",
    fields=(Field("mobile", "phone", "Mobile number", shortest=9, longest=16),),
    choices=(Choice("none", "No SMS, go on", quiet=True),),
    goto="share",
    review="Mobile number",
)

SHARE = Step(
    key="share",
    kind="choice",
    title="May your family doctor see this visit?",
    choices=(Choice("yes", "Yes"), Choice("no", "No")),
    goto="complaint",
    review="Share with family doctor",
)

STEPS = (NOTICE, SMS, PHONE, SHARE)
