"""``python -m sloptest_hook``."""

import sys

from sloptest_hook.cli import main

sys.exit(main())
