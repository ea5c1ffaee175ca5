"""`bidirectional-text`: marked on characters that make a line read in another order, silent on other scripts."""
LEVEL = "user"


def is_admin(level):
    # expect-next: bidirectional-text
    if level != "none‮⁦":  # check if admin ⁩⁦
        return True
    return False


def is_admin_escaped(level):
    return level != "none\u202e\u2066"


# expect-next: bidirectional-text
GREETING = "⁧שלום⁩"
HEBREW = "שלום"
DATE_FORMAT = "d‏/m‏/Y"
QUOTED = "“fine” — …"
