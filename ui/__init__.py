"""The window: PySide6 only, no SQL, no rules."""
