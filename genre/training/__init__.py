"""From a dataset and a network to trained weights."""
