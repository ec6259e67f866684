"""The central store: a stateless ASGI app over PostgreSQL and an object store."""
