"""What only `scripts/check_review.py` uses: swapped labels found, and new tracks chosen."""
