"""Networks as data: preset files, what they may say, and how they become an experiment."""
