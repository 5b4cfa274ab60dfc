# What ./run and ./test share: packages, Swift, where to build. Read with "." from the top folder.

# Runs one command as root: directly, or through sudo.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs those of the named Debian packages that are missing, and says so first.
install_packages() {
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say "this is no Debian: have the equivalents of these installed: $*"
        return 0
    fi
    missing=
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        fail "these packages are missing, and there is no sudo to install them:$missing"
    fi
    say "installing with apt:$missing"
    # shellcheck disable=SC2086
    { as_root apt-get update -q </dev/null &&
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -q -y --no-install-recommends $missing </dev/null; } >&2 ||
        fail "apt could not install:$missing"
}

# What a guest with real USB is made of, and pcscd in it.
guest_packages="qemu-system-x86 busybox-static cpio kmod udev usbip libnss3-tools pcscd libccid"

# Makes sure of a Swift that is new enough.
find_swift() {
    if ! command -v swift >/dev/null; then
        if command -v apt-cache >/dev/null && apt-cache show swiftlang 2>/dev/null | grep -q .; then
            install_packages swiftlang libstdc++-14-dev
        fi
        command -v swift >/dev/null ||
            fail "there is no swift, and this distribution has no package swiftlang: get Swift" \
                "6.0.3 or newer from https://www.swift.org/install/linux/"
    fi
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1)
    case $version in
    [0-5].*) fail "Swift $version is too old; 6.0.3 or newer is needed: https://www.swift.org/install/linux/" ;;
    esac
}

# The word that links the Swift runtime into programs, where the toolchain can.
static_flag() {
    library=$(swiftc -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
    if [ -e "${library}_static/linux/libswiftCore.a" ]; then
        echo --static-swift-stdlib
    else
        say "this Swift has no static standard library: the programs need its shared ones" >&2
    fi
}

# SCRATCH names another build folder (packaging/root). Another user's cannot be written: have one of
# one's own beside it.
scratch=${SCRATCH:-.build}
if [ -e "$scratch" ] && [ ! -w "$scratch" ]; then scratch=.build-$(id -un); fi
# Progress is for people.
quiet=
[ -t 1 ] || quiet=-q
# The programs print no backtrace: it would show memory.
export SWIFT_BACKTRACE=enable=no
