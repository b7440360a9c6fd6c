"""The spool and the folders of processes."""
