"""`swallowed-exception`: marked where any error disappears, silent where nothing is lost by it."""
import builtins
import json
import os
import shutil
import time

from shop import audit, mail


def confirm(order):
    try:
        mail.send(order.customer, "Thank you")
    except Exception:  # expect: swallowed-exception
        pass
    return {"confirmed": order.id}


def read_settings(path):
    settings = {}
    try:
        with open(path) as stream:
            settings = json.load(stream)
    except Exception:
        pass
    return settings


def every_form(orders):
    for order in orders:
        try:
            audit.record(order)
        except:  # expect: swallowed-exception
            continue
    try:
        audit.send_all(orders)
    except BaseException as error:  # expect: swallowed-exception
        ...
    try:
        audit.send(orders)
    except (ValueError, Exception):  # expect: swallowed-exception
        """Nobody minds."""
        pass
    try:
        audit.send(orders)
    except builtins.Exception:  # expect: swallowed-exception
        None
    try:
        audit.send(orders)
    except ValueError:
        raise
    except Exception:  # expect: swallowed-exception
        pass
    try:
        audit.send_all(orders)
    except* Exception:  # expect: swallowed-exception
        pass


AnyError = Exception

try:
    audit.start()
except AnyError:  # expect: swallowed-exception
    pass


class Basket:
    def add(self, item):
        try:
            self.items[item.id] = item.price
        except Exception:  # expect: swallowed-exception
            pass

    def __del__(self):
        try:
            self.items.write_back()
        except Exception:
            pass

    def close(self):
        try:
            self.items.write_back()
        except Exception:
            pass

    async def __aexit__(self, *details):
        try:
            await self.items.write_back()
        except BaseException:
            pass


def certain_errors(path, cache, key):
    try:
        os.remove(path)
    except FileNotFoundError:
        pass
    try:
        del cache[key]
    except (KeyError, AttributeError):
        pass


try:
    import uvloop

    uvloop.install()
except Exception:
    pass


def cleans_up(path, channel):
    try:
        channel.send("last words")
    except Exception:
        try:
            channel.report()
        except Exception:
            pass
        raise
    finally:
        try:
            channel.report()
        except Exception:
            pass
    try:
        os.unlink(path)
        shutil.rmtree(path, ignore_errors=True)
    except Exception:
        pass
    try:
        if channel:
            channel.close()
            channel = None
    except Exception:
        pass


async def cleans_up_later(channel):
    try:
        await channel.aclose()
    except Exception:
        pass


def keeps_what_it_had(value, record):
    try:
        value = int(value)
    except Exception:
        pass
    try:
        record["age"] = int(record["age"])
    except Exception:
        pass
    count = 0
    if record:
        try:
            count += int(record["count"])
        except Exception:
            pass
    return value, record, count


def tries_another_way(text):
    try:
        return json.loads(text)
    except Exception:
        pass
    return {"text": text}


def tries_again(task):
    for _ in range(3):
        try:
            task.run()
            break
        except Exception:
            pass
        time.sleep(1)
    else:
        raise RuntimeError("three times in vain")


def goes_on_with_success_only(session):
    try:
        session.load()
    except Exception:
        pass
    else:
        return session.owner


def no_other_way(text):
    try:
        return json.loads(text)
    except Exception:  # expect: swallowed-exception
        pass


def does_something(order, errors, log):
    try:
        audit.send(order)
    except Exception as error:
        errors.append(error)
    try:
        audit.send(order)
    except Exception:
        log.warning("not sent")
    try:
        audit.send(order)
    except Exception:
        raise RuntimeError("not sent") from None


def own_exception():
    class Exception(ValueError):
        pass

    try:
        audit.start()
    except Exception:
        pass
