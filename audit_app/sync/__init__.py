"""Field work reaches everyone, and nothing is lost on the way: the device's side of the sync."""
