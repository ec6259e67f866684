"""The checklist engine: XLSForm and XForm in, live checklist out."""
