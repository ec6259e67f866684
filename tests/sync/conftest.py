"""The centre's database, as the tests of the central store have it."""

from tests.central.conftest import (
    central_database,
    database_url,
    database_urls,
    databases,
    owner_url,
)

__all__ = ["central_database", "database_url", "database_urls", "databases", "owner_url"]
