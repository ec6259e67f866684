"""The kinds of questions a checklist can ask; shared by the engine, the services and the screens."""

from enum import StrEnum


class QuestionKind(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    MULTI = "multi"
    SAMPLE = "sample"
    NUMBER = "number"
    REVIEW = "review"
    TEXT = "text"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    RANGE = "range"
    NOTE = "note"
    ACKNOWLEDGE = "acknowledge"
    FILE = "file"
    RANK = "rank"
    BARCODE = "barcode"
    GEOPOINT = "geopoint"
