"""The verbs of a visit that touch several subjects at once; each takes a unit and stays in its transaction."""
