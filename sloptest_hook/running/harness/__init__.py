"""What runs inside the project's interpreter: standard library only, Python 3.9 to 3.14."""
