"""Adding a site, or changing one; its flags decide which questions apply."""

from uuid import UUID

from PySide6.QtCore import QTimeZone, Signal
from PySide6.QtWidgets import QCompleter

from audit_app.domain.words import Stream
from audit_app.services.programme_rows import SiteRow
from audit_app.services.results import Done
from ui.shell import Shell
from ui.widgets.choice import CheckBox
from ui.widgets.form import Form
from ui.words import word


class SiteForm(Form):
    """Where a site is, what is worked there, and what that brings.

    Signals:
        saved: the ``Done`` of the site.
    """

    saved = Signal(object)

    def __init__(self, shell: Shell, vendor_id: UUID, site: SiteRow | None) -> None:
        super().__init__(shell.look, self.tr("Save"), "check")
        self._shell, self._vendor_id = shell, vendor_id
        self._id = site.id if site else None
        look = shell.look
        self.name = self.line(self.tr("Name"), site.name if site else "")
        self.code = self.line(
            self.tr("Code"),
            site.code if site else "",
            self.tr("Stands in visit numbers. Left empty, it is made from the city."),
        )
        self.city = self.line(self.tr("City"), site.city if site else "")
        self.address = self.line(self.tr("Address"), site.address if site else "")
        self.country = self.line(
            self.tr("Country, two letters"), site.country if site else "", example="PL"
        )
        own = bytes(QTimeZone.systemTimeZoneId().data()).decode()
        self.zone = self.line(
            self.tr("Time zone"),
            site.time_zone if site else own,
            self.tr("Times on findings and signatures are given in it."),
        )
        names = [bytes(name.data()).decode() for name in QTimeZone.availableTimeZoneIds()]
        completer = QCompleter(sorted(name for name in names if "/" in name), self)
        completer.setFilterMode(completer.filterMode().MatchContains)
        self.zone.setCompleter(completer)
        comma = self.tr("With a comma between them.")
        self.languages = self.line(
            self.tr("Languages worked"),
            ", ".join(site.languages) if site else "",
            comma,
            example="pl, en, de",
        )
        self.markets = self.line(
            self.tr("Markets served"),
            ", ".join(site.markets) if site else "",
            comma,
            example="PL, DE",
        )
        self.heading(self.tr("Streams worked here"))
        self.streams = {
            stream: CheckBox(look, word(stream), is_on=bool(site and stream in site.streams))
            for stream in Stream
        }
        for box in self.streams.values():
            self.add(box)
        self.heading(self.tr("What applies here"))
        self.text(self.tr("These decide which questions the checklists ask."))
        self.shared = CheckBox(
            look, self.tr("Moderators share markets"), is_on=bool(site and site.shared_markets)
        )
        self.ai = CheckBox(
            look, self.tr("AI assists decisions"), is_on=bool(site and site.ai_assist)
        )
        self.cards = CheckBox(
            look, self.tr("Card data can be seen"), is_on=bool(site and site.card_data)
        )
        self.remote = CheckBox(
            look, self.tr("Some work from home"), is_on=bool(site and site.remote_work)
        )
        for box in (self.shared, self.ai, self.cards, self.remote):
            self.add(box)
        self.submitted.connect(self._save)

    def _save(self) -> None:
        vendors, site_id, vendor_id = self._shell.services.vendors, self._id, self._vendor_id
        name, code, city = self.name.text(), self.code.text(), self.city.text()
        address, country, zone = self.address.text(), self.country.text(), self.zone.text()
        languages, markets = _parts(self.languages.text()), _parts(self.markets.text())
        streams = tuple(stream.value for stream, box in self.streams.items() if box.isChecked())
        shared, ai = self.shared.isChecked(), self.ai.isChecked()
        cards, remote = self.cards.isChecked(), self.remote.isChecked()
        self.begin()
        self._shell.tasks.in_db(
            lambda: vendors.save_site(
                site_id,
                vendor_id=vendor_id,
                name=name,
                country=country,
                time_zone=zone.strip(),
                code=code,
                city=city,
                address=address,
                languages=languages,
                streams=streams,
                markets=markets,
                shared_markets=shared,
                ai_assist=ai,
                card_data=cards,
                remote_work=remote,
            ),
            self._on_saved,
            self.refuse,
            owner=self,
        )

    def _on_saved(self, done: Done) -> None:
        self.end()
        self.saved.emit(done)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
