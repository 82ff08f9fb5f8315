"""What is asked and measured before the visit."""
