"""The local store: encrypted database, photos, backups."""
