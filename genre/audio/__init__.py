"""From sound files to log-mel spectrograms; knows nothing of genres and needs no torch."""
