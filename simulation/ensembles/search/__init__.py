"""Settings of levers that no other setting beats in every goal."""
