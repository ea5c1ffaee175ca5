"""`predictable-random`: marked where numbers can be predicted and nothing says that they guard something."""
# only: predictable-random
import random
import secrets
import time
from random import choice


def pick(offers):
    return random.choice(offers)  # expect: predictable-random


def pick_unseen(offers):
    return secrets.choice(offers)


def others(offers):
    choice(offers)  # expect: predictable-random
    random.getrandbits(16)  # expect: predictable-random
    generator = random.Random()  # expect: predictable-random
    return generator


def system(offers):
    return random.SystemRandom().choice(offers)


def again(offers):
    generator = random.Random(42)
    return generator.choice(offers)


def pause():
    time.sleep(random.random())
    delay = 2 * random.uniform(1, 2)
    return delay


def reset_token():
    return random.randint(0, 999999)  # expect: insecure-random
