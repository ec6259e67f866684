"""The audit report: plain content first, then drawings of it."""
