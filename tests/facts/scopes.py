import os
import os.path
import pickle as p
import subprocess
import xml.sax.handler as handler
from subprocess import run, Popen as Process
from concurrent import futures

os.system  # is: os.system
os.path.join  # is: os.path.join
p.loads  # is: pickle.loads
run  # is: subprocess.run
Process  # is: subprocess.Popen
futures.ThreadPoolExecutor  # is: concurrent.futures.ThreadPoolExecutor
handler.ContentHandler  # is: xml.sax.handler.ContentHandler
eval  # is: builtins.eval
later  # is: local
late_import  # is: json.loads
undefined_anywhere  # is: builtins.undefined_anywhere


def later():
    os.getcwd  # is: os.getcwd
    shadowed  # is: local
    shadowed = 1
    inner_only  # is: builtins.inner_only

    def nested():
        shadowed  # is: local
        nested_late  # is: yaml.load
        from yaml import load as nested_late

    return nested


from json import loads as late_import


def shadows(os, eval):
    os.system  # is: nothing
    eval  # is: local
    subprocess.run  # is: subprocess.run


def local_import():
    from shutil import rmtree
    rmtree  # is: shutil.rmtree


rmtree  # is: builtins.rmtree


class Scope:
    from marshal import loads
    loads  # is: marshal.loads
    limit = 5
    limit  # is: local

    def method(self):
        loads  # is: builtins.loads
        limit  # is: builtins.limit
        Scope.loads  # is: marshal.loads
        self.loads  # is: nothing
        Scope.limit  # is: local

    class Inner:
        from pickle import loads
        loads  # is: pickle.loads

    loads  # is: marshal.loads


def comprehensions():
    [run for run in ()]
    run  # is: subprocess.run
    [(item := p) for _ in ()]
    item  # is: pickle
    {run: run for run in (run,)}


def global_use():
    global counter, tool
    counter = 1
    import gzip as tool
    tool  # is: gzip


counter  # is: local
tool.open  # is: gzip.open


def outer():
    command = run

    def inner():
        nonlocal command
        command  # is: local
        command = None

    command  # is: local
    only = run
    only  # is: subprocess.run

    def reader():
        only  # is: subprocess.run


try:
    import simplejson as json_module
except ImportError:
    json_module = None

json_module.loads  # is: simplejson.loads

if os.name == "nt":
    from ntpath import join as path_join
else:
    from posixpath import join as path_join

path_join  # is: ntpath.join

alias = subprocess
alias.check_call  # is: subprocess.check_call
deeper = alias.check_output
deeper  # is: subprocess.check_output
lambda: alias
unicode_ﬁ = os.popen
unicode_fi  # is: os.popen

for run_loop in ():
    run_loop  # is: local

with os.scandir() as entries:
    entries  # is: local

match os.name:
    case Process(args=captured):
        captured  # is: local
    case [first, *others]:
        first  # is: local
        others  # is: local
    case {"key": value, **rest}:
        value  # is: local
        rest  # is: local

type Alias[T] = list[T]
Alias  # is: local


def generic[T](value: T) -> T:
    T  # is: local
    return value


class Generic[U]:
    U  # is: local
    attribute: U


(lambda walrus_target: walrus_target)(1)
(lambda: (hidden := 1))()
hidden  # is: builtins.hidden
