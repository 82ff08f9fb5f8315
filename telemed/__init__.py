"""The service around scheduling and signaling: pages, records, messages, processes."""
