"""Programs that do one piece of measured work each, in a process of their own."""
