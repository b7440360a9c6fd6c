"""Readings of GPUs beside the logs: NVML on servers, sysfs and tegrastats on Jetson boards."""
