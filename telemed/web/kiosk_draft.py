"""What somebody has answered so far whose browser runs no script."""

from datetime import datetime

from flask import g, session

from scheduling.ids import uuid7
from telemed.intake.answers import is_slot
from telemed.intake.evaluator import Problem, after, besides, path, problems
from telemed.intake.steps.form import Step
from telemed.intake.steps.journey import FIRST
from telemed.services import Services
from telemed.web.kiosk_pages import today_here


class Draft:
    """The answers given so far by somebody whose browser runs no script; they end with the session."""

    def __init__(self, services: Services) -> None:
        self._country = services.country
        self._today = today_here(services)
        with services.view() as view:
            self.again = view.limits.tightest()
        # Some questions are asked in some languages only.
        self._beginning = {"language": g.lang}
        self.answers: dict[str, str] = {**session.get("answers", {}), **self._beginning}
        self.taken: dict[str, str] = dict(session.get("taken", {}))
        self.filed: bool = session.get("filed", False)
        self.walked = path(self.answers, self._country, self._today, self.again)

    def take(self, step: Step, typed: dict[str, str], now: datetime) -> tuple[Problem, ...]:
        """Take the answers to a step and say what is wrong with them; good ones are kept."""
        if step.key == FIRST:
            session.clear()
            self.answers, self.taken = dict(self._beginning), {}
        trial = {**self.answers, **typed}
        found = problems(step, trial, self._country, self._today)
        if step.kind == "slots" and not found and not is_slot(trial[step.key]):
            found = (Problem(step.key, "choose"),)
        if not found:
            if any(self.answers.get(name) != value for name, value in typed.items()):
                self.taken[step.key] = now.isoformat()
                session["intake_id"] = str(uuid7())
                if step.kind == "types":
                    # A time for one kind of visit is no time for another.
                    trial.pop("slot", None)
            self.answers = {**trial, **besides(step, trial)}
            self.keep()
        return found

    def drop(self, key: str) -> None:
        """Forget one answer, so that its question is open again."""
        self.answers.pop(key, None)
        session["intake_id"] = str(uuid7())
        self.keep()

    def keep(self) -> None:
        """Write the draft to the session."""
        session["answers"], session["taken"] = self.answers, self.taken
        self.walked = path(self.answers, self._country, self._today, self.again)

    def next(self, step: Step) -> str:
        """Say which page follows a good answer."""
        return after(step, self.answers, self._country, self._today, self.again)

    def before(self, key: str) -> str | None:
        """Say which page lies before this one."""
        earlier = (
            self.walked.keys[: self.walked.keys.index(key)] if key in self.walked.keys else self.walked.keys
        )
        return earlier[-1] if earlier else None
