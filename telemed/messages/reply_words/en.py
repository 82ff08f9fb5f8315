"""English answers."""

from telemed.messages.reply_words.lexicon import Lexicon

LEXICON = Lexicon(
    wrong_number="""
        wrong number; wrong person; the wrong; not me; isnt me; it is not me; this is not me;
        not my number; dont know ~ person; dont know him; dont know her; do not know ~ person;
        dont know who; no such person; didnt book; did not book; never booked; havent booked;
        have not booked; didnt make; did not make; not my appointment; isnt my appointment;
        not mine; isnt mine; i have no appointment; no appointment with you; not for me;
        nobody of that name; no one of that name; by mistake; mistaken""",
    stop="""
        stop texting; stop messaging; stop sending; dont text; do not text; dont send; do not send;
        dont message; do not message; dont contact; do not contact; no more texts; no more messages;
        no more sms; take me off; remove me; remove my number; delete my number; leave me alone;
        dont call; do not call""",
    help="""
        call me; ring me; phone me; give me a call; call back; where is; where are; who is this;
        who are you; whos this; what do i; what should i; how do i; how much; how long;
        dont understand; do not understand; didnt understand; talk to ~; speak to ~; speak with ~;
        running late; be late; be a bit late; be # minutes late; minutes late; min late; address;
        parking; directions; do i need; what time; which doctor; died; passed away; deceased;
        explain; need assistance; have a question; what is this; is there""",
    move="""
        another day; another time; another date; different day; different time; different date;
        other day; other time; reschedule*; rebook*; rearrange*; postpone*; move it; move my;
        move the; move to; change the time; change my; change it; change the; change time;
        change day; next week; next month; instead; new time; new date; put it off; put it back;
        bring it forward; prefer; earlier; some other""",
    maybe="""
        cancelled; canceled; cancels; not @; at @; by @; around @; for @; after @; before @; @ pm;
        @ am; @ oclock; @ o clock; maybe; perhaps; dont know; do not know; not sure; unsure; might;
        ill see; i will see; we will see; well see; possibly; probably; dont cancel; do not cancel;
        not cancel*; dont want to cancel; try; hopefully; cant say; cant confirm; cannot confirm;
        not confirm*; depends""",
    but="but; if; only; unless; or; except; however",
    ask="where; what; who; how; why; when; which; whose",
    when="""
        monday; tuesday; wednesday; thursday; friday; saturday; sunday; afternoon; evening; later;
        weekend""",
    comes="""
        will come; ill come; well come; i will be there; ill be there; be there; will be there;
        see you; coming; am coming; im coming; will attend; confirm*; on my way; of course;
        can come; can make it; will make it; can attend; looking forward; both come; count me in;
        will do; no problem; no problem at all; not a problem; no worries; dont worry; do not worry;
        cant not come; cannot not come; wouldnt miss; wont miss; will not miss; wont be late;
        will not be late; without fail; definitely; absolutely; certainly""",
    stays_away="""
        cant come; can not come; cannot come; cant make; cannot make; can not make; wont be;
        will not be; not be able; wont be able; will not be able; unable to; wont come;
        will not come; not coming; am not coming; wont be coming; cant be there; cannot be there;
        wont be there; will not be there; not attend*; wont attend; will not attend; cant attend;
        cannot attend; wont make; will not make; no longer need*; dont need ~ appointment;
        do not need ~ appointment; not going to come; not going to make""",
    calls_off="""
        cancel; cancel it; cancel my; canceling; cancelling; cancellation; have to cancel;
        call it off""",
    yes="""
        yes; y; yep; yeah; yea; yah; ya; yup; aye; sure; one; fine; great; good; thats fine;
        all right; alright; perfect; agreed; affirmative; correct; got it; noted; ye""",
    no="""
        no; nope; n; nah; two; cant; cannot; can not; wont; not possible; negative; no way;
        not tomorrow; decline""",
    negates="not; dont; wont; cant; never; no; didnt; wouldnt; shouldnt; isnt; doubt; without",
    fill="""
        sorry but; afraid but; i; im; am; we; us; please; pls; plz; thanks; thank; you; thx; cheers;
        sorry; tomorrow; today; the; my; our; appointment; appt; to; it; and; that; thats; is; be;
        ill; sick; unwell; afraid; unfortunately; dear; hello; hi; good morning; good day; at;
        there; time; very; much; so; doctor; will; kind; regards; for; reminder; day; have; nice;
        on; with; then; both; lovely""",
)
