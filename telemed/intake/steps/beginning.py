"""Before anybody is asked who they are: what they came for, and whether they are in danger."""

from telemed.intake.steps.form import Branch, Choice, Step

WELCOME = Step(
    key="welcome",
    kind="choice",
    title="What do you need today?",
    choices=(
        Choice("visit", "I want to see a doctor", picture="doctor"),
        Choice("slip", "I have a slip with a code", picture="slip"),
    ),
    branches=(Branch("welcome", "slip", "arrive"),),
    goto="danger",
)

DANGER = Step(
    key="danger",
    kind="choice",
    context="emergency",
    title="Is any of this happening now?",
    hint="If you are not sure, touch “Yes”.",
    points=(
        "Strong pain or pressure in the chest",
        "Hard to breathe",
        "Face, arm or speech suddenly weak",
        "Heavy bleeding",
        "Fainting or a fit",
        "Thoughts of ending your life",
    ),
    choices=(Choice("no", "No"), Choice("yes", "Yes")),
    sign="yes",
    branches=(Branch("danger", "yes", "emergency"),),
    goto="number",
    review="Danger signs",
)

EMERGENCY = Step(
    key="emergency",
    kind="notice",
    context="emergency",
    title="Call the clerk now. Do not wait.",
    hint="Say: “I need help. Please ring {number}.”",
    sets=(("welcome", "visit"), ("danger", "yes")),
    goto="number",
    carry_on="Go on to the doctor as well",
)

STEPS = (WELCOME, DANGER, EMERGENCY)
