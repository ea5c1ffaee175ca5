"""What the shop calls, and with what."""
import os

CONVERT = "convert"
OPTIONS = "-quality 80"
THUMBNAIL = f"{CONVERT} {OPTIONS} -resize 100x100"
SPOOL = os.environ.get("SPOOL", "/var/spool/shop")


def option_for(kind):
    return f"-{kind}"
