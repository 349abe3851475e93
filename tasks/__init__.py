"""What is done: a task for every organisation a recommendation means."""
