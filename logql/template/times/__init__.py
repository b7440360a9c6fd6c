"""Moments in time as Go has them: zones, layouts (format and parse), methods."""
