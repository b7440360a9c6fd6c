"""The thread that sends: batches to one server and tenant, until they are stored, kept or refused for good."""
