"""Who works here and by what proof: staff, their sessions, enrolled kiosks."""
