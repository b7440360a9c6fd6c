"""Storage on a machine that crashes, errs and forgets: the machine, the scenarios, and a sweep over every call."""
