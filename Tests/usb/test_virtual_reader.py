"""virtual-token's USB reader, judged by libccid: each exchange level, both protocols, and what
the reader leaves to its host. No complaint: the two read the standards alike."""

import pytest

from usb_reader import UsbReader

# As libccid's list has 04e6:5810.
READER = "CLOUD 2700 R Smart Card Reader"


@pytest.fixture
def opensc(guest):
    """OpenSC's programs, which are told not to believe a reader's PIN-pad bit."""
    guest.run("cat >/run/opensc.conf", check=True, input="app default { enable_pinpad = false; "
              "reader_driver pcsc { enable_pinpad = false; } "
              "framework pkcs15 { use_file_caching = no; } }\n")

    def run(*command, **more):
        return guest.run(command, env={"OPENSC_CONF": "/run/opensc.conf"}, timeout=60, **more)

    return run


def wait_for_card(guest, opensc):
    return guest.wait_for(
        lambda: (got := opensc("opensc-tool", "--atr")).rc == 0 and got.out.strip(), "a card")


@pytest.mark.parametrize("arguments", [
    "--level extended", "--level extended --message-length 271 --composite --speed high",
    "--level short", "--level short --protocol T=0 --no-interrupt",
    "--level tpdu --edc crc --ifsc 32", "--level tpdu --auto none",
    "--level tpdu --protocol T=0 --auto none --speed high",
    "--level tpdu --protocol T=0 --auto BA --descriptor-on-endpoint",
    "--level tpdu --auto 30 --voltage 1.8 --pps drop "
    "--fault sent=9,kind=wtx:3 --fault block=7,kind=edc --fault sent=12,kind=edc",
])
def test_libccid_gets_through(guest, pcscd, opensc, arguments):
    with UsbReader(guest, *arguments.split()) as reader:
        assert wait_for_card(guest, opensc).startswith("3b:")
        assert READER in opensc("opensc-tool", "--list-readers").out
        got = opensc("pkcs15-tool", "--read-certificate", "01", check=True).out
        assert "BEGIN CERTIFICATE" in got
        guest.run("echo data >/run/data", check=True)
        signed = opensc("pkcs11-tool", "-l", "--pin", reader.pin, "--sign", "--id", "01", "-m",
                        "SHA256-RSA-PKCS", "-i", "/run/data", "-o", "/run/signature")
        assert signed.rc == 0, signed
        assert reader.spent() == (0, 0)
        assert reader.complaints() == []


def test_each_slot_is_a_reader(guest, pcscd, opensc):
    with UsbReader(guest, "--slots", "2", "--no-interrupt", key="9a=p256") as reader:
        wait_for_card(guest, opensc)
        assert opensc("opensc-tool", "--list-readers").out.count(READER) == 2
        reader.control("slot 1 pull")
        guest.wait_for(lambda: opensc("opensc-tool", "--reader", "1", "--atr").rc != 0, "the pull")
        assert opensc("opensc-tool", "--reader", "0", "--atr").rc == 0


def test_cards_and_readers_come_and_go(guest, pcscd, opensc):
    with UsbReader(guest, key="9a=p256") as reader:
        wait_for_card(guest, opensc)
        reader.control("pull")
        guest.wait_for(lambda: opensc("opensc-tool", "--atr").rc != 0, "the pull")
        reader.control("insert")
        wait_for_card(guest, opensc)
        reader.control("unplug")
        guest.wait_usb(reader.usb_id, present=False)
        reader.control("plug")
        reader.plug()
        wait_for_card(guest, opensc)
