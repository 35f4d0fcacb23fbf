"""The text mode: a training led by typed commands and told in sentences."""
