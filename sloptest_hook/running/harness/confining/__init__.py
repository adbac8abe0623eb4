"""What ``confine`` is made of: one module a layer, each with nothing but the standard library."""
