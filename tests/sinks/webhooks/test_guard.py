"""Where webhooks may go: fault 46."""

import pytest

from sinks.webhooks.guard import TargetError, check_url, networks, refusal

ADDRESSES = """
address                          by default    with 127.0.0.0/8, ::1/128, 10.20.0.0/16
93.184.216.34                    yes           yes
2606:2800:220:1:248:1893:25c8:1  yes           yes
127.0.0.1                        no            yes
127.8.9.10                       no            yes
::1                              no            yes
::ffff:127.0.0.1                 no            yes
10.20.1.2                        no            yes
10.21.1.2                        no            no
172.16.0.1                       no            no
192.168.1.1                      no            no
::ffff:10.0.0.1                  no            no
64:ff9b::a00:1                   no            no
2002:a00:1::1                    no            no
2002:7f00:1::1                   no            yes
::10.0.0.1                       no            no
2001:0:1:2:3:4:f5ff:fffe         no            no
169.254.169.254                  no            no
::ffff:169.254.169.254           no            no
fe80::1                          no            no
fe80::1%eth0                     no            no
fd00:ec2::254                    no            no
fc00::1                          no            no
0.0.0.0                          no            no
::                               no            no
100.64.0.1                       no            no
224.0.0.1                        no            no
ff02::1                          no            no
255.255.255.255                  no            no
192.0.2.1                        no            no
198.18.0.1                       no            no
240.0.0.1                        no            no
"""


@pytest.mark.parametrize("line", ADDRESSES.strip().splitlines()[1:])
def test_addresses(line: str) -> None:
    address, by_default, allowed = line.split()
    assert (not refusal(address)) == (by_default == "yes"), refusal(address)
    assert (not refusal(address, networks("127.0.0.0/8, ::1/128, 10.20.0.0/16"))) == (allowed == "yes")


def test_not_even_a_setting_opens_the_clouds_own_addresses() -> None:
    assert refusal("169.254.169.254", networks("0.0.0.0/0")) == "169.254.169.254 is link-local"


URLS = """
url                                    refused because
https://credit.example/hms             -
https://credit.example:8443            -
http://credit.example                  https
ftp://credit.example                   https://host
credit.example                         https://host
https://                               https://host
https://user:pw@credit.example         user
https://credit.example/?a=b            query
https://credit.example/#x              query
https://credit.example:99999           read
https://[::1                           read
https://127.0.0.1                      this machine
https://[::ffff:10.0.0.1]/             public
https://169.254.169.254                link-local
http://127.0.0.1:9000                  this machine
https://crédit.example                 ASCII
"""


@pytest.mark.parametrize("line", URLS.strip().splitlines()[1:])
def test_urls(line: str) -> None:
    url, why = line.split(None, 1)
    if why == "-":
        assert check_url(url)[1] == "credit.example"
    else:
        with pytest.raises(TargetError, match=why):
            check_url(url)


def test_plain_http_is_for_this_machine_where_that_is_allowed() -> None:
    loopback = networks("127.0.0.0/8")
    assert check_url("http://127.0.0.1:9000/credit/", loopback) == ("http", "127.0.0.1", 9000, "/credit")
    assert check_url("http://localhost:9000", loopback) == ("http", "localhost", 9000, "")
    with pytest.raises(TargetError, match="https"):
        check_url("http://10.20.1.2", networks("10.20.0.0/16"))
    with pytest.raises(TargetError, match="https"):
        check_url("http://credit.example", loopback)


def test_a_network_that_is_none_is_refused() -> None:
    with pytest.raises(TargetError, match="HMS_WEBHOOK_NETWORKS"):
        networks("10.0.0.1/8")
