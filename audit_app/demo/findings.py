"""What auditors of the demo wrote: one story for each question that often fails."""

import re
from dataclasses import dataclass

_OPENING = re.compile(
    r"^(Is there|Are there|Is|Are|Do|Does|Did|Can|Could|Was|Were|Would|Has|Have|Share of|What share of)"
    r" (an? |the )?"
)


@dataclass(frozen=True, slots=True)
class Story:
    """A finding as it was written up."""

    title: str
    statement: str
    cause: str
    impact: str
    action: str
    scene: str = "desk"


STORIES: dict[str, Story] = {
    "GEN-A01": Story(
        "A live queue is worked without a line in the scope of work",
        "The queue “brand complaints” has been worked since March; the current scope of work does "
        "not name it. 12 moderators were on it during the walk.",
        "The queue was moved from another site by e-mail during a volume peak.",
        "Targets, cover and price of the queue are not agreed.",
        "Add the queue to the scope of work, with volumes, languages and targets.",
        "document",
    ),
    "GEN-A04": Story(
        "Two monthly reviews were held without minutes",
        "Of ten review meetings sampled, two monthly ones have no minutes and no list of actions.",
        "The account manager changed in August and no deputy was named.",
        "Agreed actions cannot be followed to their end.",
        "Hold the two reviews again in writing and name a deputy for the minutes.",
        "document",
    ),
    "GEN-B01": Story(
        "The organisation chart shows a wellness lead who left",
        "The chart dated May names a wellness lead; the seat has been empty since July.",
        "The chart is updated once a year.",
        "Moderators on night shift do not know whom to turn to.",
        "Fill the seat or name a deputy; update the chart each month.",
        "board",
    ),
    "GEN-B05": Story(
        "No second person for the Hungarian queue at night",
        "One moderator covers Hungarian from 22:00 to 06:00; nobody is named for illness.",
        "The roster tool does not warn of single cover.",
        "The one-hour target fails as soon as one person is ill.",
        "Certify two more people for the queue and mark it in the roster.",
        "board",
    ),
    "GEN-C01": Story(
        "Three of five moderators open an old guideline",
        "Three of five moderators opened version 4.2 of the product guideline; 4.4 is in force "
        "since 1 October.",
        "Links pinned in the team chat were not replaced.",
        "Decisions on refurbished goods follow a rule that was withdrawn.",
        "Withdraw old files, replace pinned links, confirm reading by quiz.",
        "screen",
    ),
    "GEN-C02": Story(
        "No proof that the September change reached everybody",
        "The read-and-understood record holds 61 of 74 names; 9 of the missing 13 were on shift.",
        "People on leave are not picked up on their return.",
        "The same item is decided differently by shift.",
        "Block the queue for people without the confirmation.",
        "screen",
    ),
    "GEN-C07": Story(
        "Shift hand-over is spoken, not written",
        "Two hand-overs were watched; neither left a note of open incidents or backlog by age.",
        "The hand-over form was dropped with the new tool.",
        "Aged items are found only when the target is missed.",
        "Bring the form back and check one a week.",
        "board",
    ),
    "GEN-D01": Story(
        "Team leaders choose the items for QA",
        "Of 200 sampled checks, 58 were picked by the team leader of the person checked.",
        "The random draw takes only closed items and leaders fill the rest by hand.",
        "The reported accuracy cannot be trusted.",
        "Draw all items at random, by queue and language, with a recorded seed.",
        "screen",
    ),
    "GEN-D05": Story(
        "Site QA reads three points above the client's",
        "Site QA 97.0 % of 500, client QA 94.0 % of 200 in the same month.",
        "Disputed errors are removed before counting.",
        "Trends in the weekly pack look better than they are.",
        "Count disputed errors until they are decided; recalibrate with the client.",
        "screen",
    ),
    "GEN-E02": Story(
        "Items are parked shortly before the target runs out",
        "31 of 400 items changed to “waiting” within ten minutes before their deadline and back "
        "within the hour.",
        "The waiting state stops the clock and needs no reason.",
        "The reported in-time share is about two points too high.",
        "Make the state ask for a reason and keep the clock running.",
        "screen",
    ),
    "GEN-F01": Story(
        "The side door to the floor was wedged open",
        "The door to the stairs was wedged open from 10:05 to 10:30; eleven people passed "
        "without a badge.",
        "The closer is broken and the alarm was muted.",
        "Anybody in the building can reach screens with personal data.",
        "Repair the closer, reconnect the alarm, brief the guards.",
        "door",
    ),
    "GEN-F02": Story(
        "Phones on desks in the paperless area",
        "Four phones were seen on 96 occupied seats, two of them beside a running case.",
        "Lockers on the second floor are full at shift change.",
        "Content and personal data can be photographed.",
        "Add 40 lockers and put a check at the door at shift change.",
        "desk",
    ),
    "GEN-F05": Story(
        "One incident was reported to the client after three days",
        "A lost laptop on 11 June was reported on 14 June; 24 hours are agreed.",
        "The on-call list named a person who had left.",
        "The client could not judge in time whether users must be told.",
        "Test the on-call list each month from an outside line.",
        "document",
    ),
    "GEN-G02": Story(
        "Viewing aids are switched off in the video queue",
        "Blur and grey scale are off for 14 of 20 moderators sampled.",
        "Teams say blur slows them down; the target was not adapted.",
        "Exposure is higher than the programme allows.",
        "Lock the aids on for severe queues and adapt the handling time.",
        "screen",
    ),
    "GEN-G04": Story(
        "Attrition above the limit for the second quarter",
        "7.8 % left in the last full month; 4 % is agreed.",
        "Short contracts end in the same month and are not renewed in time.",
        "New people are on severe queues before they are ready.",
        "Renew or tell six weeks before the end; track early leavers.",
        "board",
    ),
    "GEN-H01": Story(
        "No evacuation drill in the night shift",
        "Drills were held in March and September, both at 11:00. The night shift had none.",
        "Building management plans drills for office hours.",
        "80 people have never left the building by the stairs.",
        "Hold a drill in the night shift before the end of the quarter.",
        "door",
    ),
    "GEN-H02": Story(
        "Noise and heat in row D",
        "67 dB and 28 °C were measured in row D at 15:20.",
        "The air duct ends before the new rows.",
        "People move their breaks and leave cases open.",
        "Extend the duct and put up screens between the rows.",
        "desk",
    ),
    "GEN-I02": Story(
        "Tool problems are kept in private chats",
        "Of 30 outages in the client's log, 12 are in no site record.",
        "There is no ticket form for short outages.",
        "Lost time cannot be claimed or solved.",
        "One log with time stamps, reviewed weekly with the client.",
        "rack",
    ),
    "GEN-I03": Story(
        "A browser add-on fills in reason texts",
        "An add-on that pastes reason texts was found on 3 of 15 machines.",
        "The allow-list covers programs, not add-ons.",
        "Reasons are wrong for the case and the tool sees personal data.",
        "Block add-ons by policy and give approved text blocks.",
        "rack",
    ),
    "GEN-J01": Story(
        "The continuity plan was not exercised",
        "The last exercise is from 19 months ago, a table-top without the live queue.",
        "The yearly exercise was moved twice for volume peaks.",
        "Nobody knows whether the second site can take over in four hours.",
        "Exercise the move of one live queue to the second site.",
        "rack",
    ),
    "SEC-A01": Story(
        "A floor door logs entries only",
        "The east door has no reader on the inside; 214 entries without exit in one week.",
        "The reader was taken out during building work.",
        "Who was on the floor during an incident cannot be shown.",
        "Fit the reader and check the log each week.",
        "door",
    ),
    "SEC-B03": Story(
        "Sticky notes with case numbers",
        "Notes with case numbers were on 5 of 40 desks, one with an e-mail address.",
        "The tool loses the case number when it locks.",
        "Personal data stays on paper after the shift.",
        "Show the last five cases in the tool; check desks at the end of each shift.",
        "desk",
    ),
    "SEC-B04": Story(
        "Screens stay open when people leave",
        "Seven of 30 screens were open without a person, the longest for eleven minutes.",
        "The idle lock is set to fifteen minutes.",
        "Cases can be seen and changed by others.",
        "Set the lock to five minutes and train the key.",
        "screen",
    ),
    "SEC-C04": Story(
        "The network room holds open ports of the client segment",
        "Two wall ports of the client segment are live in a meeting room outside the floor.",
        "The patch list was not updated after the move.",
        "A device outside the floor can reach the tools.",
        "Disable the ports and reconcile the patch list.",
        "rack",
    ),
    "QUA-B02": Story(
        "The QA draw cannot be repeated",
        "The draw of week 42 gave other items when it was repeated with the same settings.",
        "The seed is not kept.",
        "Samples cannot be defended.",
        "Keep the seed and the list of items with each draw.",
        "screen",
    ),
    "LIV-C01": Story(
        "Alerts of the small languages wait at shift change",
        "Nine of 60 alerts between 21:55 and 22:10 were opened after more than four minutes.",
        "Both shifts hand over at the same minute.",
        "Violations stay live beyond the agreed 60 seconds.",
        "Stagger the hand-over by language.",
        "screen",
    ),
}


def story_for(code: str, question: str) -> Story:
    """The story of this question, or a plain one made from its words."""
    known = STORIES.get(code)
    if known is not None:
        return known
    subject = _OPENING.sub("", re.split(r"[,(?:]", question)[0]).strip()
    return Story(
        title=f"{subject[:1].upper()}{subject[1:]}: gaps found",
        statement="The records sampled on site show gaps in the last three months.",
        cause="The step is known but nobody owns the weekly check.",
        impact="The result depends on who is on shift.",
        action="Name an owner, check weekly, and show three months of records.",
        scene="document",
    )


STRENGTHS = (
    (
        "Team leaders start each shift with two disputed cases from the day before; agreement rose "
        "from 84 to 91 % in a quarter."
    ),
    "A buddy for each new moderator in the first six weeks; nobody left in that time.",
    "The site publishes its own error list to the floor each Monday, without names.",
)
IMPRESSIONS = (
    "Open and well prepared. Night shift and the smallest language were not seen.",
    "Good records; interviews were held with an interpreter. The second floor was not seen.",
    "People know their targets. The data room was seen from the door only.",
)
