"""`ssh-host-key-unverified`: marked where unknown hosts are trusted, silent where they are not or somebody chose."""
import paramiko
from paramiko.client import AutoAddPolicy, SSHClient


def connect(host, user):
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # expect: ssh-host-key-unverified
    client.connect(host, username=user)
    return client


def connect_to_known(host, user):
    client = paramiko.SSHClient()
    client.load_system_host_keys()
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    client.connect(host, username=user)
    return client


class Deployment:
    def __init__(self, strict):
        self.ssh = SSHClient()
        self.strict = strict

    def open(self):
        self.ssh.set_missing_host_key_policy(AutoAddPolicy)  # expect: ssh-host-key-unverified
        self.ssh.set_missing_host_key_policy(policy=paramiko.WarningPolicy())  # expect: ssh-host-key-unverified

    def choose(self, policy):
        self.ssh.set_missing_host_key_policy(policy)
        if not self.strict:
            self.ssh.set_missing_host_key_policy(AutoAddPolicy())
