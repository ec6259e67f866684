"""One thing the auditor does = one method = one transaction = one frozen result."""
