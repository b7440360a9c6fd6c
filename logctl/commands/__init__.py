"""The commands, one a module: ``add_arguments(parser)`` and ``run(args)``. What they share lies beside this folder."""
