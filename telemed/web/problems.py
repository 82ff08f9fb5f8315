"""What can go wrong at a door: its status and code, and in plain words what happened and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from scheduling import errors as scheduling_errors
from telemed.accounts.devices import CodeRefused
from telemed.records import errors as records_errors


@dataclass(frozen=True)
class Problem:
    """One kind of trouble; `title` and `advice` are message ids."""

    status: int
    code: str
    title: str
    advice: str


class Refusal(Exception):
    """A door refuses, for the reason this code names."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.problem = PROBLEMS[code]


_ALL = (
    Problem(
        400, "bad-request", "We could not read that", "Go back, check what you entered and send it again."
    ),
    Problem(401, "no-proof", "You cannot come in this way", "Open the page again from the beginning."),
    Problem(
        401,
        "session-over",
        "You have been signed out",
        "Nobody used this page for a while. Sign in again, then go back to this page and send once more: "
        "what you wrote is still there.",
    ),
    Problem(403, "no-entry", "This door is closed", "Nobody may open this page. Go back to where you were."),
    Problem(
        403,
        "wrong-role",
        "This page is not for your role",
        "If you need it for your work, ask the coordinator to change your role.",
    ),
    Problem(
        403,
        "wrong-scope",
        "This token does not allow that",
        "Ask the operator for the scope it needs, or ask for another token.",
    ),
    Problem(
        403,
        "no-facility",
        "Your account belongs to no facility",
        "Rosters and appointments are a facility's. Ask the operator to name yours in your account.",
    ),
    Problem(
        403,
        "no-site",
        "Your account belongs to no site",
        "The day sheet is that of one counter. Ask the coordinator to name yours in your account.",
    ),
    Problem(
        403,
        "form-expired",
        "This form is too old to be sent",
        "Go back, reload the page and send it again. Nothing has been changed.",
    ),
    Problem(404, "not-found", "There is no such page", "Check the address, or go back to where you were."),
    Problem(405, "wrong-method", "That does not work here", "Go back and use the buttons on the page."),
    Problem(
        409,
        "changed-meanwhile",
        "Somebody changed this meanwhile",
        "Go back, reload the page and look at how it stands now. Nothing of yours has been saved twice.",
    ),
    Problem(
        409,
        "wrong-state",
        "This step is already past",
        "Go back and reload the page to see how it stands now.",
    ),
    Problem(409, "slot-taken", "Somebody has just taken this time", "Please choose another time."),
    Problem(409, "outside-hours", "There are no visits at that time", "Please choose another time."),
    Problem(409, "too-late", "The time for that has passed", "Please choose another time, or ask the clerk."),
    Problem(
        409,
        "identity-taken",
        "Another person is registered with this number",
        "Ask for the identity card and compare. If it is the same person, the coordinator can join the two.",
    ),
    Problem(
        409,
        "too-soon",
        "That is too soon for this kind of visit",
        "Please choose a later time, or ask the clerk.",
    ),
    Problem(
        409,
        "past-window",
        "It is too late to change this alone",
        "Please call us or tell the clerk: they can still cancel or move it.",
    ),
    Problem(
        409,
        "too-many-bookings",
        "There is already a visit of this kind",
        "Move or cancel that one first, or ask the doctor to allow another.",
    ),
    Problem(
        409,
        "not-offered",
        "This kind of visit is not to be had that way",
        "Please choose another kind of visit, another doctor or another place.",
    ),
    Problem(
        409,
        "key-reused",
        "This was already used for another request",
        "Nothing new was booked. Begin again, so that your request gets a key of its own.",
    ),
    Problem(
        409,
        "forbidden-remotely",
        "The law here does not allow this at a distance",
        "Please go to a doctor in person for this.",
    ),
    Problem(410, "gone", "This page is no longer there", "Go back to the beginning."),
    Problem(413, "too-large", "That is too much at once", "Send less text and try again."),
    Problem(415, "wrong-type", "We cannot read this kind of data", "Send it in the form the page asks for."),
    Problem(
        422,
        "code-refused",
        "This code does not work",
        "It may have been used, or it is older than ten minutes. Ask the coordinator for another one.",
    ),
    Problem(
        422, "invalid", "Something is not right yet", "Go back, check what you entered and send it again."
    ),
    Problem(429, "too-often", "Too many tries", "Wait fifteen minutes, then try again. Nothing is lost."),
    Problem(
        500,
        "our-fault",
        "Something went wrong on our side",
        "Your last step may not have been saved. Try again in a minute; "
        "if it stays so, tell the coordinator.",
    ),
    Problem(503, "not-ready", "The service is just starting", "Wait a minute, then reload the page."),
)
PROBLEMS: Mapping[str, Problem] = {problem.code: problem for problem in _ALL}
# The first problem of a status stands for a bare HTTP error of that status.
BY_STATUS: Mapping[int, Problem] = {problem.status: problem for problem in reversed(_ALL)}
BY_ERROR: Mapping[type[Exception], Problem] = {
    scheduling_errors.SlotTaken: PROBLEMS["slot-taken"],
    scheduling_errors.OutsideHours: PROBLEMS["outside-hours"],
    scheduling_errors.TooLate: PROBLEMS["too-late"],
    scheduling_errors.TooSoon: PROBLEMS["too-soon"],
    scheduling_errors.PastWindow: PROBLEMS["past-window"],
    scheduling_errors.TooManyBookings: PROBLEMS["too-many-bookings"],
    scheduling_errors.NotOffered: PROBLEMS["not-offered"],
    scheduling_errors.KeyReused: PROBLEMS["key-reused"],
    scheduling_errors.Forbidden: PROBLEMS["forbidden-remotely"],
    scheduling_errors.WrongState: PROBLEMS["wrong-state"],
    scheduling_errors.IdentityTaken: PROBLEMS["identity-taken"],
    scheduling_errors.NotFound: PROBLEMS["not-found"],
    scheduling_errors.StaleVersion: PROBLEMS["changed-meanwhile"],
    # A stranger's record is answered as if it were not there.
    records_errors.NotAllowed: PROBLEMS["not-found"],
    CodeRefused: PROBLEMS["code-refused"],
}


def of_error(error: BaseException) -> Problem:
    """The problem an error stands for; one we do not know is our fault."""
    if isinstance(error, Refusal):
        return error.problem
    known = (BY_ERROR[kind] for kind in type(error).__mro__ if kind in BY_ERROR)
    return next(known, PROBLEMS["our-fault"])
