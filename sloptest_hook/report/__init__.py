"""An outcome as text or JSON; values in, strings out."""
