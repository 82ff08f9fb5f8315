"""The tables' only readers and writers, one file for each kind of row; `scheduling.store.Book` joins them."""
