"""The mathematics of a network: what it computes, what a loss is, and how a gradient moves a parameter."""
