"""When to meet the doctor, and a last look at everything before it is sent."""

from telemed.intake.steps.form import Branch, Choice, Field, Step

WHEN = Step(
    key="when",
    kind="choice",
    title="When do you want to see the doctor?",
    choices=(
        Choice("now", "Now", picture="now", hint="You wait here for the next free doctor."),
        Choice("later", "At a set time", picture="slip", hint="You come back here at that time."),
    ),
    branches=(Branch("when", "now", "review"),),
    goto="type",
    review="When",
)

# Which types there are is the site's to say; a page with one of them only is passed by.
TYPE = Step(key="type", kind="types", title="What kind of visit?", goto="slot")

SLOT = Step(key="slot", kind="slots", title="Which time suits you?", goto="review", review="Time")

REVIEW = Step(
    key="review",
    kind="review",
    title="Is everything right?",
    goto="booked",
    carry_on="Yes, send it",
)

ARRIVE = Step(
    key="arrive",
    kind="fields",
    title="Type the code on your slip.",
    hint="Eight letters and digits.",
    fields=(Field("code", "code", "Code on the slip", shortest=8, longest=9),),
    goto="waiting",
)

STEPS = (WHEN, TYPE, SLOT, REVIEW, ARRIVE)
