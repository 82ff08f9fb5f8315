"""What happens to the data, and whether others may see it; a refusal does not end the visit."""

from telemed.intake.steps.form import Choice, Step

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

SHARE = Step(
    key="share",
    kind="choice",
    title="May your family doctor see this visit?",
    choices=(Choice("yes", "Yes"), Choice("no", "No")),
    goto="complaint",
    review="Share with family doctor",
)

STEPS = (NOTICE, SHARE)
