import Glibc

/// Whether the tests run under qemu-user, as packaging/unit-tests says: the kernel is this
/// machine's, and what qemu has no translation for is not to be had.
package let isEmulated = getenv("TOKEN_STATION_EMULATED") != nil
