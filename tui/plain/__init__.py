"""The text mode: typed commands step through a training, and sentences answer."""
