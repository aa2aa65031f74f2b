"""Networks, and what makes a trained one usable on its own: scoring and the bundle."""
