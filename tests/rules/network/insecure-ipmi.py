"""`insecure-ipmi`: marked at imports of IPMI libraries."""
from pyghmi.ipmi import command  # expect: insecure-ipmi

import redfish


def power_on(host, user, password):
    command.Command(bmc=host, userid=user, password=password).set_power("on")


def power_on_by_redfish(host):
    return redfish.redfish_client(base_url=host)
