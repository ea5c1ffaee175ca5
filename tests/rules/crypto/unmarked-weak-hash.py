"""`unmarked-weak-hash`: marked where a checksum is made without `usedforsecurity=False`, silent with it."""
import hashlib


def cache_key(view, arguments):
    return "view:" + hashlib.md5(f"{view}:{arguments}".encode()).hexdigest()  # expect: unmarked-weak-hash


def marked_cache_key(view, arguments):
    return "view:" + hashlib.md5(f"{view}:{arguments}".encode(), usedforsecurity=False).hexdigest()


def blob_id(content):
    header = b"blob %d\0" % len(content)
    return hashlib.sha1(header + content).hexdigest()  # expect: unmarked-weak-hash


def file_digest(path, function):
    with open(path, "rb") as stream:
        hashlib.file_digest(stream, "sha256")
        hashlib.file_digest(stream, function)
        return hashlib.file_digest(stream, "md5")  # expect: unmarked-weak-hash


def access(password):
    return hashlib.sha1(password).hexdigest()  # expect: weak-hash
