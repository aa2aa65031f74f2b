"""One file for each container or codec family: how sound gets out of it."""
