"""`logged-headers`: marked where all headers of a request are written to a log."""
# only: logged-headers
import json
import logging

log = logging.getLogger(__name__)


def failed(handler, request, status):
    log.warning("request failed: %s", request.headers)  # expect: logged-headers
    log.debug(json.dumps(dict(request.headers), indent=2))  # expect: logged-headers


def by_level(request, status):
    if status < 500:
        write = log.warning
    else:
        write = log.error
    write(json.dumps(dict(request.headers)))  # expect: logged-headers
    write("", extra=dict(props=dict(request.headers)))  # expect: logged-headers


def send(method, url, body, headers):
    headers["Authorization"] = "Bearer " + token()
    log.debug("%s %s %s", method, url, headers)  # expect: logged-headers


def harmless(request, response, table, headers):
    log.info("from %s", request.headers.get("User-Agent"))
    log.info("host %s", request.headers["Host"])
    log.debug("answer %s", response.headers)
    log.debug("columns %s", headers)
    log.debug("%d headers", len(request.headers))
    log.debug("%s", redacted(request.headers))


def log_request(request, log):
    headers = {name: request.headers[name] for name in ["Host", "Referer"]}
    log.error(json.dumps(dict(headers)))
