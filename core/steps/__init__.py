"""The steps of a training as values: states, the events between them, where they end, and each number of them."""
