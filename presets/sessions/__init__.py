"""Sessions: a training as a file or a line of text, and what comes of it again."""
