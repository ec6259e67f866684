"""Small widgets: each shows a frozen row and says what the auditor meant."""
