"""The HTTP doors, one module per audience, and the few rules that hold for all of them."""
