"""Commands of the training room: options in, one call, words out."""
