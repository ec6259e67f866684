"""Page objects: what an auditor does and sees, without the widgets behind it."""
