"""All endpoints of the central store but those of photos (audit_app.central.blobs)."""

from collections.abc import Sequence

from audit_app.central.endpoints import Endpoint
from audit_app.central.routes_devices import DEVICES
from audit_app.central.routes_people import PEOPLE
from audit_app.central.routes_state import STATE
from audit_app.central.routes_sync import SYNC

ENDPOINTS: Sequence[Endpoint] = (*SYNC, *DEVICES, *PEOPLE, *STATE)
