"""What belongs to each complaint: a few questions, danger signs first; not knowing is an answer everywhere.

A sign answered yes counts like a yes to the danger question: the emergency page comes next, and the patient
stands at the head of the queue.
"""

from telemed.intake.steps.form import Branch, Choice, Measuring, Step

ENDS_AT = "words"
UNKNOWN = Choice("unknown", "I don’t know", quiet=True)
_NO_YES = (Choice("no", "No"), Choice("yes", "Yes"), UNKNOWN)
_PLACES = (
    Choice("head", "Head", picture="head"),
    Choice("neck", "Neck", picture="neck"),
    Choice("chest", "Chest", picture="chest"),
    Choice("belly", "Belly", picture="belly"),
    Choice("back", "The back", picture="back"),
    Choice("arm", "Arm", picture="arm"),
    Choice("leg", "Leg", picture="leg"),
    Choice("all_over", "All over", picture="all_over"),
    UNKNOWN,
)


def _ask(key: str, title: str, goto: str, *branches: Branch) -> Step:
    return Step(key, "choice", title, goto, review=title, choices=_NO_YES, branches=branches)


def _sign(key: str, title: str, goto: str, *branches: Branch) -> Step:
    return _ask(key, title, goto, *branches)._replace(sign="yes")


DIZZY = (
    _sign("weak", "Is your face, arm or speech suddenly weak?", "fainted"),
    _sign("fainted", "Did you faint?", "turning"),
    _ask("turning", "Does everything turn around you?", "since"),
)

PAIN = (
    Step(
        key="where",
        kind="choice",
        title="Where does it hurt most?",
        choices=_PLACES,
        branches=(
            Branch("where", "head", "headache"),
            Branch("where", "chest", "pressing"),
            Branch("where", "belly", "hard_belly"),
            Branch("where", "arm", "cold_limb"),
            Branch("where", "leg", "cold_limb"),
        ),
        goto="how_bad",
        review="Where it hurts",
    ),
    _sign("pressing", "Does it press, or reach the arm or jaw?", "how_bad"),
    _sign("hard_belly", "Is your belly hard as a board?", "how_bad"),
    _sign("cold_limb", "Is it cold, pale or without feeling?", "how_bad"),
    Step(
        key="how_bad",
        kind="scale",
        title="How strong is the pain?",
        hint="0 is no pain, 10 is the worst.",
        choices=(
            *(Choice(str(number), str(number), picture=f"face_{number}") for number in range(11)),
            Choice("not_measured", "I don’t know", quiet=True),
        ),
        measuring=Measuring(observes="pain"),
        goto="since",
        review="Pain, 0 to 10",
    ),
)

BREATH = (
    _sign("short_of_breath", "Is it hard to say a whole sentence?", "blue"),
    _sign("blue", "Are your lips or nails blue?", "blood_coughed"),
    _sign("blood_coughed", "Do you cough up blood?", "fever"),
    _ask("fever", "Do you have fever?", "since"),
)

PRESSURE = (
    # Also asked of whoever has pain in the head.
    _sign(
        "headache",
        "Did a very strong headache begin suddenly?",
        "how_bad",
        Branch("complaint", "pressure", "sight"),
    ),
    _sign("sight", "Do you suddenly see worse?", "tablets"),
    _ask("tablets", "Do you take your pressure medicine every day?", "since"),
)

STOMACH = (
    _sign("black_stool", "Is your stool black or bloody?", "blood_vomited"),
    _sign("blood_vomited", "Do you vomit blood?", "how_bad"),
)

SKIN = (
    _sign("spreading", "Does it spread fast, with fever?", "swollen"),
    # Also asked of whoever feels worse from a medicine.
    _sign(
        "swollen",
        "Is your face or tongue swollen?",
        "since",
        Branch("complaint", "skin", "skin_place"),
    ),
    Step(
        key="skin_place",
        kind="choice",
        title="Where is it?",
        choices=_PLACES,
        goto="since",
        review="Place on the skin",
    ),
)

MEDICINE = (
    Step(
        key="about_medicine",
        kind="choice",
        title="What is it about your medicines?",
        choices=(
            Choice("ran_out", "They ran out"),
            Choice("worse", "I feel worse from them"),
            Choice("question", "I have a question"),
            UNKNOWN,
        ),
        branches=(Branch("about_medicine", "worse", "swollen"),),
        goto="since",
        review="About the medicines",
    ),
)

OF_ALL = (
    Step(
        key="since",
        kind="choice",
        title="When did it begin?",
        choices=(
            Choice("today", "Today"),
            Choice("week", "In the last week"),
            Choice("month", "In the last month"),
            Choice("longer", "Longer ago"),
            UNKNOWN,
        ),
        branches=(Branch("complaint", "dizzy", "trouble"), Branch("complaint", "other", "trouble")),
        goto=ENDS_AT,
        review="When it began",
    ),
    Step(
        key="trouble",
        kind="choice",
        title="How much does it trouble you?",
        choices=(
            Choice("little", "A little"),
            Choice("much", "Much"),
            Choice("very_much", "Very much"),
            UNKNOWN,
        ),
        goto=ENDS_AT,
        review="How much it troubles",
    ),
)

STEPS = (*DIZZY, *PAIN, *BREATH, *PRESSURE, *STOMACH, *SKIN, *MEDICINE, *OF_ALL)

FIRST = {
    "dizzy": "weak",
    "pain": "where",
    "breath": "short_of_breath",
    "pressure": "headache",
    "stomach": "black_stool",
    "skin": "spreading",
    "medicine": "about_medicine",
    "other": "fever",
}
"""With which question each complaint begins."""

ANSWERS = {
    step.key: tuple(choice.value for choice in step.choices) for step in STEPS if not step.measuring.observes
}
"""The questions whose answers are symptoms, with the answers that can be given."""

SIGNS = {step.key: step.sign for step in STEPS if step.sign}
"""The answers that are signs of danger."""
