"""The questions of the kiosk as data."""
