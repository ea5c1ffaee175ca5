"""`logged-secret`: marked where a secret is written to a log."""
# only: logged-secret
import logging

log = logging.getLogger(__name__)
API_KEY_NAME = "X-API-Key"


def connect(user, password, host, access_token, options):
    log.debug("connect %s:%s@%s", user, password, host)  # expect: logged-secret
    log.info(f"the token is {access_token}")  # expect: logged-secret
    logging.warning("key: %s" % options["api_key"])  # expect: logged-secret
    log.debug("as %s", (user, password, host))  # expect: logged-secret


class Client:
    def __init__(self, secret_key):
        self.secret_key = secret_key
        self.logger.error("no access with {}".format(self.secret_key))  # expect: logged-secret


def harmless(user, password, token, password_file, secret_name, api_key_id, masked):
    log.info("password of %s changed", user)
    log.info("reading %s", password_file)
    log.debug("secret %s, key %s, %s", secret_name, api_key_id, API_KEY_NAME)
    log.debug("unexpected %s", token)
    log.info("password is set: %s", bool(password))
    log.info("password of %d characters", len(password))
    log.info("password: %s", masked(password))
    math.log(password)
