"""The verbs of a visit that touch several subjects at once; each stays in its unit's transaction."""
