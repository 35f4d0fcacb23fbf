"""The dashboard: the screen of one training."""
