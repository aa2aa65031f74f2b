"""From a bundle and a file to genres."""
