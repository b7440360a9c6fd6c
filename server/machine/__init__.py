"""What the process has of its machine: memory, threads, machine code."""
