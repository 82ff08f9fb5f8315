"""What can be wrong with an answer, in words that say what to do next."""

PROBLEMS = {
    "missing": "Please fill this in.",
    "choose": "Please touch one of the answers.",
    "not_a_number": "Please use digits only.",
    "too_low": "This number is too small. It must be at least {low}.",
    "too_high": "This number is too big. It must be at most {high}.",
    "too_many_decimals": "Please type fewer digits after the point.",
    "not_above": "The upper number must be bigger than the lower. Please look at the device again.",
    "wrong_length": "This number has ten digits. Please count them again.",
    "check_digit": "One of the digits is wrong. Please compare with your card.",
    "impossible_date": "There is no such day. Please check it.",
    "future_date": "This day has not come yet. Please check it.",
    "too_long_ago": "This day is too long ago. Please check the year.",
    "too_short": "Please write it in full.",
    "too_long": "This is too long. Please write less.",
    "not_a_mobile": "This is not a mobile number. Please check it.",
    "code_length": "The code has eight letters and digits. Please look at the slip again.",
    "code_unknown": "We do not know this code. Please look at the slip again, or ask the clerk.",
    "slot_taken": "Somebody has just taken that time. Please choose another one.",
}
