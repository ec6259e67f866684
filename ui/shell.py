"""What a page is handed: everything it may talk to, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit_app.clock import Clock
from ui.bus import Bus
from ui.commands import Commands
from ui.messages import Messages
from ui.routes import Router
from ui.tasks import Tasks
from ui.theme.look import Look

if TYPE_CHECKING:
    from audit_app.services import Services


@dataclass(frozen=True, slots=True)
class Shell:
    """The surroundings of a page.

    Attributes:
        look: tokens, fonts, icons; hand it on to widgets.
        clock: the time, and new ids.
        tasks: the lanes; the only way to call a service.
        bus: tells what steps touched.
        commands: declare the page's commands here, ``on=self``.
        messages: news, refusals and warnings for the window to show.
        router: where to go.
        services: what the auditor can do, one method each.
        restore: close the workspace and put the backup of this name back.
    """

    look: Look
    clock: Clock
    tasks: Tasks
    bus: Bus
    commands: Commands
    messages: Messages
    router: Router
    services: "Services"
    restore: Callable[[str], object]
