"""A Twilio of our own for tests and rehearsals: keeps state, signs its webhooks, misbehaves as told."""
