"""The parsers of TensorRT lines."""
