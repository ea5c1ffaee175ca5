"""`insecure-random`: marked where `random` draws a secret, silent elsewhere and with a generator of the system."""
# only: insecure-random
import random
import secrets
import string
from random import choice as pick


def reset_token():
    return "".join(random.choices(string.ascii_letters, k=32))  # expect: insecure-random


def reset_token_by_system():
    return secrets.token_urlsafe(32)


def more(users, words):
    password = "".join(pick(words) for _ in range(4))  # expect: insecure-random
    users["otp"] = random.randint(100000, 999999)  # expect: insecure-random
    secret = random.SystemRandom().choice(words)
    generator = random.Random()
    users["csrf"] = generator.getrandbits(64)  # expect: insecure-random
    return password, secret


def harmless(items, tokens, mask):
    random.shuffle(items)
    delay = random.uniform(0, 1)
    mask_token = random.choice(tokens)
    return pick(items), delay, mask_token, mask


def random_string(length):
    return "".join(random.choice(string.ascii_letters) for _ in range(length))  # expect: insecure-random


def random_name(names):
    return random.choice(names)


def sentence(words):
    return " ".join(random.choice(words) for _ in range(8))
