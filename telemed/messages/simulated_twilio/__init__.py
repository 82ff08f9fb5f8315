"""A Twilio of our own for tests and rehearsals: it keeps state, signs what it sends, and can misbehave as told."""
