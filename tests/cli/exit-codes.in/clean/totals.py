"""What the baskets of the shop cost."""


def total(prices):
    return sum(prices)
