"""Workload TB-1 on any FHIR server: people and calendars, a client, bursts, growth, and the table."""
