"""What lies on the disk: the folder of a process, its spool, and what dead processes left."""
