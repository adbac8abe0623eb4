"""The words every floor speaks: frozen dataclasses and enums, no I/O."""
