"""The push client, its handlers and the TensorRT logger against a real HTTP receiver."""
