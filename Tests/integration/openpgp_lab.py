"""A lab with what OpenSC and GnuPG need to speak to an OpenPGP card in it.

GnuPG asks for codes through a pinentry: the one here types what a test wrote down beforehand.
"""

import hashlib
import re
import sys

from pcscd_lab import PcscLab

READER = PcscLab.reader(0)
PINENTRY = """#!{python}
import pathlib, sys
codes = pathlib.Path({codes!r})
print("OK", flush=True)
for line in sys.stdin:
    word = line.split(" ", 1)[0].strip()
    if word == "GETPIN":
        typed = codes.read_text().split()
        if not typed:
            print("ERR 83886179 Operation cancelled <Pinentry>", flush=True)
            continue
        codes.write_text("\\n".join(typed[1:]))
        print("D " + typed[0])
    print("OK", flush=True)
    if word == "BYE":
        break
"""


class OpenPGPLab(PcscLab):
    def __enter__(self):
        super().__enter__()
        opensc = self.folder / "opensc.conf"
        opensc.write_text(
            "app default { enable_pinpad = false; reader_driver pcsc { enable_pinpad = false; } "
            "framework pkcs15 { use_file_caching = no; } }\n")
        self.codes = self.folder / "codes"
        pinentry = self.folder / "pinentry"
        pinentry.write_text(PINENTRY.format(python=sys.executable, codes=str(self.codes)))
        pinentry.chmod(0o700)
        home = self.folder / "gnupg"
        home.mkdir(mode=0o700)
        # Its own driver would look for USB readers beside pcscd.
        (home / "scdaemon.conf").write_text("disable-ccid\ndisable-pinpad\n")
        (home / "gpg-agent.conf").write_text(f"pinentry-program {pinentry}\n")
        self.env.update(OPENSC_CONF=str(opensc), GNUPGHOME=str(home))
        return self

    def __exit__(self, *_):
        self.run("gpgconf", "--kill", "all", check=False)
        super().__exit__()

    def leave_card(self):
        """scdaemon holds on to a card it has spoken to, and remembers what it read of it."""
        self.run("gpgconf", "--kill", "all")

    # GnuPG.

    def scd(self, *commands, type=(), check=True):
        """Commands of scdaemon through the agent, codes typed as they are asked for."""
        self.codes.write_text("\n".join(type))
        said = self.run("gpg-connect-agent", "SCD SERIALNO openpgp",
                        *("SCD " + command for command in commands), "/bye")
        if check:
            assert "ERR" not in said, said
        return said

    def scd_data(self, name, *commands, type=()):
        """What the last command sent back, as a file."""
        path = self.folder / name
        self.codes.write_text("\n".join(type))
        said = self.run(
            "gpg-connect-agent", "SCD SERIALNO openpgp",
            *("SCD " + command for command in commands[:-1]), f"/datafile {path}",
            "SCD " + commands[-1], "/bye")
        assert "ERR" not in said, said
        return path

    def card_status(self):
        """The lines of `gpg --card-status` by what stands before the dots."""
        lines = self.run("gpg", "--quiet", "--card-status").splitlines()
        return {m[1].strip(): m[2].strip()
                for m in (re.match(r"([^.:]+?)\s*\.*\s*: ?(.*)", line) for line in lines) if m}

    def tries(self):
        """PW1, resetting code and PW3 as GnuPG reads them."""
        said = self.scd("GETATTR CHV-STATUS")
        numbers = re.search(r"CHV-STATUS ([+0-9]+)", said)[1].split("+")
        return tuple(int(n) for n in numbers[-3:])

    def sign_by_gnupg(self, reference, pin, message, name="signature"):
        digest = hashlib.sha256(message).hexdigest().upper()
        return self.scd_data(name, f"SETDATA {digest}",
                             f"{reference[0]} {reference[1]}", type=[pin])

    # OpenSC and OpenSSL.

    def opensc(self, tool, *words, check=True):
        self.leave_card()
        return self.run(tool, "--reader", READER, *words, check=check)

    def certificate(self, number):
        path = self.folder / f"certificate-{number}.pem"
        path.write_text(self.opensc("pkcs15-tool", "--read-certificate", number))
        return path

    def public_key(self, certificate):
        path = certificate.with_suffix(".public")
        self.run("openssl", "x509", "-in", certificate, "-noout", "-pubkey", "-out", path)
        return path

    def assert_signed(self, certificate, message, signature):
        """The signature is that key's over SHA-256 of the message; r and s side by side are put
        into DER before."""
        key = self.public_key(certificate)
        raw = signature.read_bytes()
        if len(raw) == 64:
            numbers = b"".join(_integer(raw[i:i + 32]) for i in (0, 32))
            signature.write_bytes(bytes([0x30, len(numbers)]) + numbers)
        path = self.folder / "message"
        path.write_bytes(message)
        said = self.run("openssl", "dgst", "-sha256", "-verify", key, "-signature", signature, path)
        assert "Verified OK" in said


def _integer(digits):
    digits = digits.lstrip(b"\0") or b"\0"
    if digits[0] & 0x80:
        digits = b"\0" + digits
    return bytes([2, len(digits)]) + digits


def keys(kind):
    return [word for slot in ("sign", "decrypt", "auth") for word in ("--key", f"{slot}={kind}")]
