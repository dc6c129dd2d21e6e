"""The tables: which verb leads where, whose it is, which clock runs when.

A row of a flow: verb, from, to ("=" stays, "<" goes back), duty@place ("!": at that very unit,
"*": a main leader's alone; "-": nobody's; a place alone: whom the paper means), "-verb" for who
may not take it; after ":" what must be given, after "?" what must be so. A row of a clock: its
name, what starts it / what stops it, after "?" where it must lead to.
"""

from typing import NamedTuple

ORDER = """
report     -                            reported   report@grid
report     -                            reported   report@centre
fix        -                            handled    report@grid                     : result photos
take       reported                     accepted   handle@community
check      reported                     =          triage@centre
check      handled                      =          inspect@centre
register   reported                     registered triage@centre                   : condition
refuse     reported                     refused    triage@centre                   : ground reason
merge      reported,registered          merged     triage@centre                   : into ? whole
split      merged                       reported   triage@centre                   : reason
divide     registered                   divided    dispatch@centre                 : parts ? whole
part       -                            registered -
gather     divided                      verified   -
undivide   divided                      registered -
dispatch   registered                   dispatched dispatch@centre                 : unit
recall     dispatched,accepted          registered dispatch@centre                 : reason
accept     dispatched                   accepted   handle@holder!
pass_on    accepted                     dispatched handle@holder                   : unit
send_back  dispatched                   registered handle@holder!                  : ground reason ? seldom_returned
send_back  dispatched                   disputed   handle@holder!                  : ground reason ? often_returned
send_back  accepted                     registered -                               ? seldom_returned
send_back  accepted                     disputed   -                               ? often_returned
designate  disputed                     dispatched arbitrate@arbiter               : unit reason
grade      accepted                     =          handle@holder                   : grade opinion ? in_office
whistle    registered,accepted          whistled   -
unwhistle  whistled                     <          -
handle     accepted                     handled    handle@holder!                  : result talked_to settled_on photos
settle     whistled                     verified   -
verify     handled                      verified   inspect@centre -fix -handle
rework     handled,verified             accepted   inspect@centre                  : reason ? with_holder
rework     verified                     whistled   inspect@centre                  : reason ? with_whistle
rework     verified                     registered inspect@centre                  : reason ? with_parts
callback   verified                     =          inspect@centre                  : contacted ? whole
close      verified                     closed     inspect@centre
reopen     closed,refused               registered triage@centre                   : reason ? can_reopen
suspend    registered,accepted,whistled suspended  supervise@centre                : until reason
resume     suspended                    <          supervise@centre
extend     accepted,whistled            =          -
void       ALONE                        void       supervise@centre -report -fix -handle : reason
relate     FILED                        =          triage@centre                   : other reason
unrelate   FILED                        =          triage@centre                   : other reason ? tied
urge       dispatched,accepted,whistled =          supervise@centre
urge       dispatched,accepted,whistled =          dispatch@centre
note       EVER                         =          view@grid                       : remark
note       EVER                         =          view@centre                     : remark
note       EVER                         =          view@holder                     : remark
inform     TOLD                         =          triage@centre                   : remark ? whole
inform     TOLD                         =          inspect@centre                  : remark ? whole
inform     dispatched,accepted,whistled =          handle@holder!                  : remark ? whole
remind     OPEN                         =          -
escalate   OPEN                         =          -
"""
WHISTLE = """
blow       -                            blown      handle@caller!                  ? two
draft      -                            drafted    handle@holder                   : tasks ? by_office
draft      -                            drafted    dispatch@centre                 : tasks ? three
confirm    drafted                      confirmed  confirm@caller! -draft -raise   ? plain
confirm    drafted                      confirmed  confirm@caller!* -draft -raise  ? tough
confirm    blown,settled,verified,scored =         confirm@caller! -draft -blow_now ? unconfirmed
blow       confirmed                    blown      dispatch@centre
blow_now   drafted                      blown      supervise@caller                : reason ? emergency
decline    drafted                      cancelled  confirm@caller!                 : reason ? plain
decline    drafted                      cancelled  confirm@caller!*                : reason ? tough
raise      blown                        raised     dispatch@centre                 : reason kind ask tasks ? two
lower      raised                       <          -
add        blown                        =          dispatch@caller                 : unit task amount time_unit ? three
leader_report blown,settled,verified,scored =      leader                          : presence opinion ? tough
settle     blown                        settled    -
verify     settled                      verified   inspect@caller -sign -name -assign -contact -arrive -plan -progress -finish -dispute : method reason
rework     settled,verified             blown      inspect@caller                  : reason
score      verified                     scored     score@caller!                   : marks
close      scored                       closed     inspect@caller
close      raised                       closed     -
cancel     drafted,confirmed,blown,raised cancelled confirm@caller!                : reason
cancel     settled,verified             cancelled  -
note       EVER                         =          view@caller                     : remark
note       EVER                         =          view@centre                     : remark
remind     drafted,confirmed,blown,settled,verified,scored = -
escalate   drafted,confirmed,blown,settled,verified,scored = -
"""
RESPONSE = """
call       -                            called     -
sign       called                       signed     handle@unit!                    : lead_name lead_phone ? three
name       called                       signed     dispatch@centre!                : lead_name lead_phone ? two
name       signed,arrived               =          dispatch@centre!                : lead_name lead_phone ? two
assign     called,signed,arrived        =          handle@unit                     : section
contact    signed                       =          handle@unit                     : meet_at meet_place
arrive     signed                       arrived    handle@unit!                    : who
arrive     signed                       arrived    dispatch@caller                 : who
deny       arrived                      signed     inspect@caller                  : reason
progress   arrived                      =          handle@unit                     : result
finish     arrived                      done       handle@unit!                    : result photos
redo       done                         arrived    inspect@caller                  : reason ? whistle_blown
dispute    called,signed                disputed   handle@unit!                    : ground reason ? three
designate  disputed                     signed     arbitrate@arbiter               : unit reason
move       called,signed,arrived        called     arbitrate@arbiter               : unit reason ? three
release    OPEN                         released   confirm@caller                  : reason
release    OPEN                         released   arbitrate@arbiter               : reason
withdraw   OPEN                         released   -
extend     OPEN                         =          -
urge       OPEN                         =          supervise@centre
urge       OPEN                         =          dispatch@centre
note       EVER                         =          view@unit                       : remark
remind     OPEN                         =          -
escalate   OPEN                         =          -
"""
REQUEST = """
ask        -                            asked      handle@unit!                    : amount reason ? extension
ask        -                            asked      handle@unit!                    : until reason ? suspension
ask        -                            asked      handle@unit!                    : ground reason ? grounded
ask        -                            asked      handle@unit!                    : reason ? appeal
grant      asked                        granted    dispatch@approver -ask          ? dispatchers
grant      asked                        granted    supervise@approver -ask         ? suspension
grant      asked                        granted_once arbitrate@approver -ask       ? appeals_order
grant      asked                        granted_once arbitrate@approver -ask       : mark ? appeals_score
grant      granted_once                 granted    arbitrate@approver -ask -grant  ? appeal
reject     asked                        rejected   dispatch@approver -ask          : reason ? dispatchers
reject     asked                        rejected   supervise@approver -ask         : reason ? suspension
reject     OPEN                         rejected   arbitrate@approver -ask -grant  : reason ? appeal
withdraw   OPEN                         withdrawn  handle@unit!
decide     OPEN                         granted    -                               ? silence_grants
decide     OPEN                         rejected   -                               ? silence_rejects
drop       OPEN                         dropped    -
remind     OPEN                         =          -
"""
VERIFICATION = """
ask        -                            asked      -
answer     asked                        answered   report@unit -fix -handle        : yes words
answer     asked                        answered   inspect@centre -fix -handle     : yes words
remind     asked                        =          -
lapse      asked                        lapsed     -
"""
SUPERVISION = """
issue      -                            issued     supervise@centre                : unit ground requirement amount time_unit ? supervision
issue      -                            issued     leader                          : unit requirement amount time_unit ? instruction
sign       issued                       signed     handle@unit!
report     signed                       =          handle@unit                     : result
answer     signed                       answered   handle@unit!                    : result
reject     answered                     signed     supervise@issuer -sign -report -answer : reason ? supervision
reject     answered                     signed     leader                          : reason ? instruction
sign_off   answered                     signed_off supervise@issuer -sign -report -answer ? supervision
sign_off   answered                     signed_off leader                          ? instruction
card       OPEN                         =          supervise@issuer -sign -report -answer : colour reason ? supervision
card       OPEN                         =          leader                          : colour reason ? instruction
cancel     OPEN                         cancelled  supervise@issuer -sign -report -answer : reason ? supervision
cancel     OPEN                         cancelled  leader                          : reason ? instruction
cancel     OPEN                         cancelled  -
remind     OPEN                         =          -
escalate   OPEN                         =          -
"""
OPEN = {
    "order": "reported registered divided disputed dispatched accepted whistled handled verified suspended",
    "whistle": "drafted confirmed blown settled verified scored raised",
    "response": "called signed arrived disputed",
    "request": "asked granted_once",
    "verification": "asked",
    "supervision": "issued signed answered",
}
OPEN = {kind: frozenset(words.split()) for kind, words in OPEN.items()}
OVER = {
    "order": "closed refused merged void",
    "whistle": "closed cancelled",
    "response": "done released",
}
EVER = {kind: OPEN[kind] | set(words.split()) for kind, words in OVER.items()}
UNFILED = {"reported", "disputed", "suspended"}
# What several rows mean by one word.
GROUPS = {
    "ALONE": OPEN["order"] - {"divided"},
    "FILED": OPEN["order"] - UNFILED,
    "TOLD": OPEN["order"] | {"closed", "refused"},
}

CLOCKS = {
    "order": """
triage     report split / register refuse merge take
dispatch   register part undivide rework recall send_back reopen unwhistle / dispatch divide whistle merge ? registered
arbitrate  send_back / designate ? disputed
sign       dispatch designate pass_on / accept send_back recall
handle     register part take rework reopen / handle settle gather merge
verify     handle fix / verify rework
callback   verify settle gather / callback rework
suspension suspend / resume
""",
    "whistle": """
confirm    draft blow_now / confirm decline
blow       confirm / blow ? confirmed
score      verify / score rework
""",
    "response": """
sign       call move / sign name dispute move
contact    call move / contact arrive move
arrive     call move / arrive move
finish     call redo / finish
arbitrate  dispute / designate release
""",
    "request": """
decide     ask grant / grant reject ? asked granted_once
""",
    "verification": """
answer     ask / answer
""",
    "supervision": """
sign       issue / sign
report     sign report reject / answer
finish     issue / answer
sign_off   answer / sign_off reject
""",
}
# The limits inside which a leg lies: of the order ("handle"), of the answer ("finish").
INSIDE = {
    **{("order", what): ("handle",) for what in ("dispatch", "arbitrate", "sign")},
    **{("whistle", what): ("handle",) for what in ("confirm", "blow")},
    **{("response", what): ("handle", "finish") for what in ("sign", "contact", "arrive")},
    ("response", "arbitrate"): ("handle", "finish"),
    ("response", "finish"): ("handle",),
}
REVIVED = {("response", "deny"): "arrive", ("supervision", "reject"): "finish"}
THEN = {"suspension": "resume", "answer": "lapse", "decide": "decide"}


class Row(NamedTuple):
    verb: str
    sources: frozenset
    to: str
    duty: str
    at: str
    here: bool
    leader: bool
    not_by: frozenset
    needs: tuple
    when: str


class Timer(NamedTuple):
    what: str
    starts: frozenset
    stops: frozenset
    during: frozenset


def row_of(kind, line):
    line, _, when = line.partition("?")
    line, _, needs = line.partition(":")
    verb, sources, to, whose, *not_by = line.split()
    known = {**GROUPS, "OPEN": OPEN[kind], "EVER": EVER.get(kind), "-": frozenset({""})}
    duty, _, at = whose.rstrip("!*").rpartition("@")
    return Row(
        verb,
        known.get(sources) or frozenset(sources.split(",")),
        to,
        duty,
        "" if at == "-" else at,
        "!" in whose,
        "*" in whose,
        frozenset(word.lstrip("-") for word in not_by),
        tuple(needs.split()),
        when.strip(),
    )


def timer_of(line):
    line, _, during = line.partition("?")
    starts, _, stops = line.partition("/")
    what, *starts = starts.split()
    sets = (frozenset(starts), frozenset(stops.split()), frozenset(during.split()))
    return Timer(what, *sets)


TEXTS = {
    "order": ORDER,
    "whistle": WHISTLE,
    "response": RESPONSE,
    "request": REQUEST,
    "verification": VERIFICATION,
    "supervision": SUPERVISION,
}
ROWS = {
    kind: [row_of(kind, line) for line in text.strip().splitlines()] for kind, text in TEXTS.items()
}
TIMERS = {
    kind: [timer_of(line) for line in text.strip().splitlines()] for kind, text in CLOCKS.items()
}
