import sys

from .rollout import main

if __name__ == "__main__":
    sys.exit(main())
