"""What is wrong: a picture to touch, then own words for those who want to add some."""

from telemed.intake.intake import COMPLAINTS
from telemed.intake.steps import symptoms
from telemed.intake.steps.form import Branch, Choice, Field, Step

COMPLAINT = Step(
    key="complaint",
    kind="choice",
    title="What troubles you most?",
    choices=tuple(Choice(value, text, picture=value) for value, text in COMPLAINTS.items()),
    branches=tuple(Branch("complaint", complaint, first) for complaint, first in symptoms.FIRST.items()),
    goto="words",
    review="What troubles you",
)

WORDS = Step(
    key="words",
    kind="fields",
    title="Do you want to tell the doctor more?",
    hint="A few words are enough. The clerk does not need to see them.",
    fields=(Field("own_words", "text", "Your own words", longest=300),),
    choices=(Choice("none", "Nothing more", quiet=True),),
    goto="measure",
    review="Your own words",
)

STEPS = (COMPLAINT, *symptoms.STEPS, WORDS)
