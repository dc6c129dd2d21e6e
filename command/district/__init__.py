"""A district's folder: read it whole, refuse it whole, or take it over whole."""
