"""A lab with what OpenSC needs to speak to a GIDS card in it."""

import re
import subprocess

from pcscd_lab import PcscLab

READER = PcscLab.reader(0)
KEY = "0102030405060708" * 3
OTHER = "2A" * 24


class GIDSLab(PcscLab):
    def __enter__(self):
        super().__enter__()
        opensc = self.folder / "opensc.conf"
        opensc.write_text("app default { framework pkcs15 { use_file_caching = no; } }\n")
        self.env["OPENSC_CONF"] = str(opensc)
        return self

    def opensc(self, tool, *words, check=True):
        return self.run(tool, "--reader", READER, *words, check=check)

    def pkcs11(self, *words, pin="123456", check=True):
        return self.run("pkcs11-tool", "-l", "--pin", pin, *words, check=check)

    def tries_left(self):
        return int(re.search(r"Tries left\s+: (\d+)", self.opensc("pkcs15-tool", "--dump"))[1])

    def unblock(self, key, pin):
        return self.opensc(
            "gids-tool", "--unblock", "--admin-key", key, "--pin", pin, check=False)


def answer(challenge, key=KEY):
    """The response of whoever holds the key, by the openssl command."""
    return subprocess.run(
        ["openssl", "enc", "-des-ede3-ecb", "-nopad", "-K", key], input=bytes.fromhex(challenge),
        stdout=subprocess.PIPE, check=True).stdout.hex()


def block(lab, token, pin="999999"):
    while token.counters()["pin"] > 0:
        lab.pkcs11("-O", pin=pin, check=False)
