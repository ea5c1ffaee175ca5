"""`insecure-snmp`: marked on communities and on users without a privacy key."""
from pysnmp.hlapi import CommunityData, UsmUserData
from pysnmp.hlapi.asyncio import CommunityData as AsyncCommunity


def version_two(community):
    return CommunityData(community, mpModel=1)  # expect: insecure-snmp


def version_three(auth, privacy):
    return UsmUserData("monitor", auth, privacy)


def more(auth, privacy, **keys):
    AsyncCommunity("public")  # expect: insecure-snmp
    UsmUserData("monitor")  # expect: insecure-snmp
    UsmUserData("monitor", authKey=auth)  # expect: insecure-snmp
    UsmUserData("monitor", authKey=auth, privKey=privacy)
    UsmUserData("monitor", **keys)
