"""Running pytest and the offline search in the project's interpreter."""
