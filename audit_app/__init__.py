"""All that Onsite knows about audits; nothing here imports Qt."""
