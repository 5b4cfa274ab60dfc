#!/bin/sh
# Compiles the room APDU for bare-metal ARM under Embedded Swift, with no library behind it.
# Prints "skipped: why" and succeeds where the toolchain cannot do that.
set -eu
cd "$(dirname "$0")/.."

command -v swiftc >/dev/null || { echo "skipped: no swiftc"; exit 0; }
version=$(swiftc --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
[ -n "$version" ] || { echo "skipped: swiftc does not tell its version"; exit 0; }
set -- $version
if [ "$1" -lt 6 ] || { [ "$1" -eq 6 ] && [ "$2" -lt 2 ]; }; then
    echo "skipped: Embedded Swift wants 6.2, this is $1.$2"
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
embedded="-enable-experimental-feature Embedded -wmo -parse-as-library -swift-version 6"
echo 'public func one() -> Int { 1 }' >"$work/probe.swift"

failed=0
for target in armv7em-none-none-eabi aarch64-none-none-elf; do
    # A toolchain without this target's library cannot compile anything for it.
    if ! swiftc $embedded -target $target -c "$work/probe.swift" -o "$work/probe.o" 2>/dev/null; then
        echo "skipped: no Embedded Swift for $target in this toolchain"
        continue
    fi
    if swiftc $embedded -warnings-as-errors -package-name token_station -target $target \
        -c Sources/APDU/*.swift Sources/APDU/*/*.swift -o "$work/apdu.o"; then
        echo "ok: APDU compiles for $target"
    else
        echo "failed: APDU does not compile for $target"
        failed=1
    fi
done
exit $failed
