"""Every setting of this device: key, default, and the words that explain it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One choice; ``allowed`` is empty where any text will do."""

    key: str
    default: str
    words: str
    allowed: tuple[str, ...] = ()


AUDITOR = Setting("auditor.name", "", "Your name, as it stands on findings and signatures")
ROLE = Setting("auditor.role", "Lead auditor", "Your role, as it stands under your signature")
ORGANISATION = Setting("organisation.name", "", "Your organisation, as it stands on reports")
THEME = Setting("look.theme", "system", "Look", ("system", "light", "dark", "outdoor"))
TEXT_SIZE = Setting(
    "look.text_size", "100", "Text size in percent", ("90", "100", "110", "125", "150")
)
LANGUAGE = Setting("look.language", "en", "Language of the screens")
REDUCED_MOTION = Setting("look.reduced_motion", "no", "Without motion", ("yes", "no"))
LEFT_HANDED = Setting("look.left_handed", "no", "Side panel on the left", ("yes", "no"))
AUTO_ADVANCE = Setting(
    "answers.auto_advance", "yes", "Move on by itself after a clean answer", ("yes", "no")
)
REPORT_CONFIDENTIALITY = Setting(
    "report.confidentiality",
    "Confidential. For the audit client and the audited vendor only.",
    "The line at the foot of the report",
)
SEND_ORIGINALS = Setting("sync.originals", "yes", "Send photos in full size, too", ("yes", "no"))
LAST_AUDIT = Setting("window.last_audit", "", "The audit that was open last")
DEMO = Setting("workspace.demo", "no", "This workspace holds the demo programme", ("yes", "no"))

ALL: tuple[Setting, ...] = (
    AUDITOR,
    ROLE,
    ORGANISATION,
    THEME,
    TEXT_SIZE,
    LANGUAGE,
    REDUCED_MOTION,
    LEFT_HANDED,
    AUTO_ADVANCE,
    REPORT_CONFIDENTIALITY,
    SEND_ORIGINALS,
    LAST_AUDIT,
    DEMO,
)
BY_KEY = {setting.key: setting for setting in ALL}
