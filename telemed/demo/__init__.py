"""The demo world: real villages, invented people."""
