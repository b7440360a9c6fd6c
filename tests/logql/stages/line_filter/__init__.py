"""Line filters, kind by kind: section 5 of the language page."""
