from shop.client import Client, Silent


class Stock(Client):
    def level(self, item):
        return self.session.get(f"{self.base}/{item}", verify=False, timeout=5)  # expect: tls-verify-disabled

    def order(self, item):
        return self.session.post(f"{self.base}/{item}", timeout=5)


class Other(Silent):
    def level(self, item):
        return self.session.get(item, verify=False)
