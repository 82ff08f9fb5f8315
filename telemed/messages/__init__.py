"""Messages to patients and their answers: texts, outbox, providers."""
