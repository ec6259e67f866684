"""The checklist runner: one open question inside a continuous list."""
