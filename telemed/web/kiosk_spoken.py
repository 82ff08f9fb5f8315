"""Everything that the kiosk says aloud, drawn from the same data as its pages: shown text → spoken pieces."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, nodes

from telemed.countries.packs import PACKS
from telemed.intake.steps import agreements, beginning, complaint, contacts, identity, measurements, meeting
from telemed.intake.steps.form import Field, Step
from telemed.intake.steps.problems import PROBLEMS, possible
from telemed.messages.letters import uzbek_latin
from telemed.prompts import aloud, clock_words, day_words, values
from telemed.prompts.prompt import Clip, Prompt, has_voice, voice_of
from telemed.texts import SOURCE, TEMPLATES, Texts

Said = tuple[Prompt, ...]
Chapter = Mapping[str, Said]
"""What is shown, and the pieces that say it."""

STEPS: Mapping[str, tuple[Step, ...]] = {
    "beginning": beginning.STEPS,
    "who": (*identity.STEPS, *agreements.STEPS, *contacts.STEPS),
    "complaint": complaint.STEPS,
    "measuring": measurements.STEPS,
    "meeting": meeting.STEPS,
}
CHAPTERS = ("beginning", "signs", "who", "complaint", "measuring", "times", "meeting", "ways")
"""In this order they are fetched, whatever is answered: no request tells which question was asked."""

GREETING = ("Good day. Please touch your language.", "Listen")
LETTER = "· "
"""What stands before a sign that is named by itself."""
KINDS = {
    **dict.fromkeys(("Консултация", "Преглед", "Първи преглед", "Контролен преглед"), "bg"),
    **dict.fromkeys(("Consultation", "First visit", "Follow-up"), "en"),
}
"""Names of kinds of visits that can be said; of a kind with another name the number and the length are."""
# Pages of the clerk, which nobody hears.
_SILENT = ("clerk.html", "clerk_pin.html", "devices.html", "language.html")
_MINUTES = range(5, 65, 5)


class Shown(NamedTuple):
    """A message of the catalogues with the values that stand in it."""

    message: str
    context: str | None = None
    values: tuple[tuple[str, str], ...] = ()
    # A number that is no amount: its digits are said one by one.
    spelled: bool = False


HEADPHONES = Shown("Put on the headphones if others must not hear.")


class Spoken:
    """What one language of the kiosk says; two ways of writing it sound alike."""

    def __init__(self, texts: Texts, language: str) -> None:
        self._texts = texts
        self._language = language
        self.voice = voice_of(language)

    def chapters(self) -> dict[str, Chapter]:
        """Return everything by chapters; what is said in several stands in the first."""
        made = {name: self._texts_of(_of_steps(steps)) for name, steps in STEPS.items()}
        labelled = {name: self._labelled(steps) for name, steps in STEPS.items()}
        made = {name: {**labelled[name], **each} for name, each in made.items()}
        made["meeting"] |= {name: (Prompt(voice, name),) for name, voice in KINDS.items()}
        made["ways"] = self._texts_of(_of_templates())
        made["signs"] = {**_pieces(self.voice, values.every_piece(self.voice)), **self._signs()}
        times = {*clock_words.every_time(self.voice), *day_words.every_day(self.voice)}
        made["times"] = _pieces(self.voice, times)
        # What is said first, then the digits before answers: in this order a slow line brings them.
        signs = made["signs"]
        digits = {LETTER + each: signs[LETTER + each] for each in "123456789"}
        advice = self._texts_of([HEADPHONES])
        title = self._texts_of([Shown(beginning.STEPS[0].title)])
        frame = self._texts_of(_messages(TEMPLATES / "kiosk" / "page.html"))
        made["beginning"] = {**advice, **title, **digits, **made["beginning"], **frame}
        met: set[str] = set()
        kept: dict[str, Chapter] = {}
        for name in CHAPTERS:
            kept[name] = {shown: said for shown, said in made[name].items() if shown not in met}
            met |= kept[name].keys()
        return kept

    def greeting(self) -> Chapter:
        """Return what the first page says, where nobody has chosen a language."""
        return self._texts_of(Shown(message) for message in GREETING)

    def _texts_of(self, shown: Iterable[Shown]) -> dict[str, Said]:
        found: dict[str, Said] = {}
        for each in shown:
            said = self._say(each)
            if said is not None:
                found[self._translated(self._language, each)] = (said,)
        return found

    def _labelled(self, steps: Iterable[Step]) -> dict[str, Said]:
        """Problems of a page with several fields name the field first."""
        found: dict[str, Said] = {}
        for step in steps:
            for label, problem in _problems_by_label(step):
                named, said = self._say(label), self._say(problem)
                if named is not None and said is not None:
                    words = (self._translated(self._language, each) for each in (label, problem))
                    found[": ".join(words)] = (named, said)
        return found

    def _say(self, shown: Shown) -> Prompt | None:
        """Where nobody has translated a text, it is shown in English and so is it said."""
        known = self._texts.found(self._language, shown.message, shown.context) is not None
        voice = self.voice if known else SOURCE
        if shown.spelled:
            values = tuple((name, aloud.digits(voice, value)) for name, value in shown.values)
            shown = shown._replace(values=values)
        words = aloud.aloud(voice, self._translated(voice, shown))
        return Prompt(voice, words) if words else None

    def _translated(self, language: str, shown: Shown) -> str:
        filled = dict(shown.values)
        if filled.get("unit"):
            filled["unit"] = self._texts.translate(language, filled["unit"])
        return plain(self._texts.translate(language, shown.message, shown.context, **filled))

    def _signs(self) -> dict[str, Said]:
        keys = self._texts.languages[self._language].keys
        signs = {*"0123456789", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *keys}
        return {LETTER + sign: (Prompt(self.voice, self._named(sign)),) for sign in sorted(signs)}

    def _named(self, sign: str) -> str:
        # Cyrillic letters of a language whose voice reads Latin ones.
        latin = uzbek_latin(sign.lower()) if self.voice != self._language else sign
        return aloud.letter(self.voice, latin or sign)


def plain(text: str) -> str:
    """Return a text as it is looked up: without arrows and without the space around it."""
    return " ".join(text.replace("←", " ").replace("→", " ").split())


def names(texts: Texts) -> Chapter:
    """Return the greeting and the name of each language, in its own voice: nobody has chosen one yet."""
    found: dict[str, Said] = {}
    for code, each in texts.languages.items():
        if not has_voice(code):
            continue
        said = Spoken(texts, code).greeting()
        voice = texts.languages[voice_of(code)]
        name = aloud.aloud(voice.code, voice.name) or voice.name
        found |= {**said, each.name: (Prompt(voice.code, name),)}
    return found


def every_clip() -> tuple[Clip, ...]:
    """Return everything that the kiosk can say: what is built, and nothing else."""
    texts = Texts()
    chapters = [names(texts)]
    for language in filter(has_voice, texts.languages):
        chapters += Spoken(texts, language).chapters().values()
    prompts = {prompt for chapter in chapters for said in chapter.values() for prompt in said}
    return tuple(Clip(prompt, "opus") for prompt in sorted(prompts))


def _pieces(voice: str, pieces: Iterable[str]) -> dict[str, Said]:
    return {piece: (Prompt(voice, piece),) for piece in sorted(pieces)}


def _of_steps(steps: Iterable[Step]) -> Iterator[Shown]:
    """Every text of these steps, in the order in which a page is read."""
    for step in steps:
        context = step.context or None
        own = (step.title, step.hint, *step.points, step.carry_on)
        chosen = [text for choice in step.choices for text in (choice.text, choice.hint)]
        measured = [text for field in step.fields for text in (field.label, field.unit, _other(field))]
        for message in (*own, *chosen, *measured):
            if message:
                yield from _with_number(message, context)
        if step.review:
            yield Shown(step.review)
        for field in step.fields:
            if field.unit and field.other is None:
                yield Shown("From {low} to {high}", None, tuple(_ends(field, "").items()))
        for _, problem in _problems(step):
            yield problem


def _problems(step: Step) -> Iterator[tuple[Field | None, Shown]]:
    for name, code in possible(step):
        field = next((each for each in step.fields if each.name == name), None)
        yield field, Shown(PROBLEMS[code], None, tuple(_ends(field, code).items()))


def _problems_by_label(step: Step) -> Iterator[tuple[Shown, Shown]]:
    if len(step.fields) > 1:
        for field, problem in _problems(step):
            if field is not None:
                yield Shown(field.label), problem


def _other(field: Field) -> str:
    return field.other.name if field.other else ""


def _ends(field: Field | None, code: str) -> dict[str, str]:
    """What the words of a problem name: the ends of the kept unit or of the other one."""
    if field is None:
        return {}
    if field.other is None or not code.endswith(("_other", "_unit")):
        return {"low": str(field.low), "high": str(field.high)}
    ends = field.other if code.endswith("_other") else field
    return {"low": str(ends.low), "high": str(ends.high), "unit": field.other.name}


@cache
def _of_templates() -> tuple[Shown, ...]:
    """Every text that stands in the kiosk's templates themselves."""
    found: list[Shown] = []
    for path in (*sorted((TEMPLATES / "kiosk").glob("*.html")), TEMPLATES / "call" / "panel.html"):
        if path.name not in _SILENT:
            found += _messages(path)
    yes = [Shown("{number} minutes", None, (("number", str(minutes)),)) for minutes in _MINUTES]
    return tuple(dict.fromkeys([*found, *yes]))


def _messages(path: Path) -> Iterator[Shown]:
    for call in Environment(autoescape=True).parse(path.read_text("utf-8")).find_all(nodes.Call):
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        told = [arg.value for arg in call.args if isinstance(arg, nodes.Const) and isinstance(arg.value, str)]
        if name == "t" and told:
            yield from _with_number(told[0], None)
        elif name == "tc" and len(told) > 1:
            yield from _with_number(told[1], told[0])


def _with_number(message: str, context: str | None) -> Iterator[Shown]:
    """A text as it stands, or with each emergency number that it may name; others are filled in later."""
    if "{" not in message:
        yield Shown(message, context)
    elif message.replace("{number}", "").find("{") < 0:
        for country in PACKS.values():
            yield Shown(message, context, (("number", country.emergency_number),), True)
