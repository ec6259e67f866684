"""The choices of this device."""

from sqlalchemy import select

from audit_app.changes import Changes, Kind
from audit_app.errors import AuditError
from audit_app.settings import ALL, AUDITOR, BY_KEY, Setting
from db.store import Store
from db.tables import Setting as SettingEntry


class SettingsService:
    """Read and change settings; unknown keys are a mistake of ours, wrong values of the user."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, str] | None = None

    def get(self, setting: Setting) -> str:
        """The value that stands, or the default."""
        return self.all()[setting.key]

    def all(self) -> dict[str, str]:
        """Every setting with the value that stands."""
        if self._known is None:
            with self._store.read() as session:
                stored = {e.key: e.value for e in session.scalars(select(SettingEntry))}
            self._known = {s.key: stored.get(s.key, s.default) for s in ALL}
        return dict(self._known)

    def put(self, values: dict[str, str]) -> Changes:
        """Store these values.

        Raises:
            AuditError: a value that the setting does not allow.
        """
        for key, value in values.items():
            setting = BY_KEY[key]
            if setting.allowed and value not in setting.allowed:
                raise AuditError(
                    f"“{value}” is not a choice for {setting.words.lower()}.",
                    f"Choose one of: {', '.join(setting.allowed)}.",
                )
        with self._store.write(actor=self.auditor, action="settings") as session:
            for key, value in values.items():
                session.merge(SettingEntry(key=key, value=value))
        self._known = None
        return Changes.of(Kind.SETTING)

    @property
    def auditor(self) -> str:
        """The name that stands on everything this device writes."""
        return self.get(AUDITOR) or "Auditor"
