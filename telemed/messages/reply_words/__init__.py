"""What people say in each language when they answer, as data: one module a language, read by `replies`."""
