"""A centre for journeys over the network, as the tests of the central store have it."""

from tests.central.conftest import database_url, database_urls, databases, owner_url

__all__ = ["database_url", "database_urls", "databases", "owner_url"]
