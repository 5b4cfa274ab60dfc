"""A lab with what OpenSC needs to speak to a card with ISO 7816-15 objects in it."""

import re

from pcscd_lab import PcscLab

READER = PcscLab.reader(0)


class PKCS15Lab(PcscLab):
    def __enter__(self):
        super().__enter__()
        opensc = self.folder / "opensc.conf"
        opensc.write_text(
            "app default { enable_pinpad = false; reader_driver pcsc { enable_pinpad = false; } "
            "framework pkcs15 { use_file_caching = no; } }\n")
        self.env.update(OPENSC_CONF=str(opensc))
        return self

    def opensc(self, tool, *words, check=True):
        return self.run(tool, "--reader", READER, *words, check=check)

    def verify(self, pin):
        """Whether OpenSC finds the PIN right; a try where it is not."""
        said = self.opensc("pkcs15-tool", "--verify-pin", "--pin", pin, check=False)
        return "failed" not in said

    def apdu(self, *commands):
        """Data and status word of each command, sent as they are, in hex."""
        words = [word for command in commands for word in ("-s", command.replace(" ", ""))]
        said = self.opensc("opensc-tool", "--card-driver", "default", *words)
        answers = []
        for line in said.splitlines():
            if line.startswith("Received"):
                answers.append(["", "".join(re.findall(r"SW[12]=0x([0-9A-F]{2})", line))])
            elif answers and (dump := re.match(r"(?:[0-9A-F]{2} ){1,16}", line)):
                answers[-1][0] += "".join(dump[0].split())
        return answers

    def certificate(self, number):
        path = self.folder / f"certificate-{number}.pem"
        path.write_text(self.opensc("pkcs15-tool", "--read-certificate", number))
        return path

    def assert_signed(self, certificate, message, signature, digest="-sha256"):
        key = self.folder / "public"
        self.run("openssl", "x509", "-in", certificate, "-noout", "-pubkey", "-out", key)
        path = self.folder / "message"
        path.write_bytes(message)
        said = self.run("openssl", "dgst", digest, "-verify", key, "-signature", signature, path)
        assert "Verified OK" in said

    def sign(self, pin, number, mechanism, message):
        path, signature = self.folder / "data", self.folder / "signature"
        path.write_bytes(message)
        self.run("pkcs11-tool", "-l", "--pin", pin, "--sign", "--id", number, "-m", mechanism,
                 "--signature-format", "openssl", "-i", path, "-o", signature)
        return signature
