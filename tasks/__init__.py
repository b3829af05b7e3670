"""The code that performs each kind. Importing `tasks.all` registers every task."""
