"""The genres in files' own tags: read, written with a journal, and taken back."""
