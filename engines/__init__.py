"""Pure libraries: values in, values out. Clocks, ids and random streams are arguments."""
