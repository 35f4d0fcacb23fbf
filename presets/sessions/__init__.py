"""Sessions: a training as a file or a line of text, and the training that is opened from it."""
