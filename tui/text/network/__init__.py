"""The network drawn as text: neurons in columns, and a straight line for each weight."""
