"""Relays from a provider: tokens fetched ahead by the worker, one for each call."""
