"""Spoken prompts: what is said on the telephone, in which words, and its sound files, made at build time."""
