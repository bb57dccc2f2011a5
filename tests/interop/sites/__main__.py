"""Runs one site: `python -m sites NAME OPTIONS`, with the options as JSON. Must not: know a site."""

import json
import sys

from sites import serve

serve(sys.argv[1], json.loads(sys.argv[2]))
