"""The pages of the report, a file a kind; nothing else imports reportlab."""
