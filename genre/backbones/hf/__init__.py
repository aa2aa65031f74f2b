"""Audio models of Hugging Face `transformers`, from a local folder; nothing is fetched."""
