"""A centre for journeys over the network, as the tests of the central store have it."""

from tests.central.conftest import database_url, database_urls, databases, owner_url
from tests.ui.clearing import (
    no_other_thread_clears_widgets,
    nothing_is_left_for_tests_without_screens,
)

__all__ = [
    "database_url",
    "database_urls",
    "databases",
    "no_other_thread_clears_widgets",
    "nothing_is_left_for_tests_without_screens",
    "owner_url",
]
