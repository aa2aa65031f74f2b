"""What the measuring scripts time, and what they time it against."""
