"""The TensorRT logger and its hooks, in processes of their own."""
