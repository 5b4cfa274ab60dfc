"""A lab with what OpenSC needs to speak to an ePass2003."""

from pkcs15_lab import PKCS15Lab

# Debian 12's driver takes its single DES from OpenSSL's default library context, where it is only
# if the configuration says so. Without it the driver crashes at the first protected command.
LEGACY = """openssl_conf = init
[init]
providers = providers
[providers]
default = on
legacy = on
[on]
activate = 1
"""


class EPass2003Lab(PKCS15Lab):
    def __enter__(self):
        super().__enter__()
        openssl = self.folder / "openssl.cnf"
        openssl.write_text(LEGACY)
        self.env.update(OPENSSL_CONF=str(openssl))
        return self
