"""The network drawn as text: neurons in columns, and wires, a crossbar or shades between them."""
