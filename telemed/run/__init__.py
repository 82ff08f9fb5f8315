"""One module per process, and the command line that starts them."""
