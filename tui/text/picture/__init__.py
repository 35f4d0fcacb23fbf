"""What a network does with its inputs, as pictures."""
