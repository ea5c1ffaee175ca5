"""Where files are kept, and the programs that work on them."""

from pathlib import Path

DATA = Path("/var/lib/shop")
SPOOL = "/var/spool/shop"
PDF_TOOL = "/usr/bin/wkhtmltopdf"
IMAGE_TOOL = "/usr/bin/convert"

CLEAN_SPOOL = "find " + SPOOL + " -name '*.pdf' -mtime +7 -delete"
