// swift-tools-version: 6.0
// The house: docs/architecture.md. Imports run downwards only, and each box is a
// target, so the compiler holds the rule.
import PackageDescription

/// One library target of the house and what it may look down on.
func room(_ name: String, _ below: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: below)
}

/// A test target reads the room it tests and whatever that room's tests need besides.
func tests(_ room: String, _ besides: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: room + "Tests", dependencies: [.byName(name: room), "Expectations"] + besides)
}

/// Every function of another library is looked up at the start: a look-up at the first call lays
/// the vector registers down on the stack, and a code that was just copied may stand in them.
let boundAtStart: [LinkerSetting] = [.unsafeFlags(["-Xlinker", "-z", "-Xlinker", "now"])]

let package = Package(
    name: "token-station",
    products: [
        .executable(name: "token-agent", targets: ["TokenAgent"]),
        .executable(name: "kiosk-shell", targets: ["KioskShell"]),
        .executable(name: "tokenctl", targets: ["TokenCtl"]),
        .executable(name: "virtual-token", targets: ["VirtualTokenProgram"]),
    ],
    targets: [
        // C, each behind one module map and one header of shims.
        .target(name: "CLinux"),
        .systemLibrary(
            name: "CPCSCLite", pkgConfig: "libpcsclite", providers: [.apt(["libpcsclite-dev"])]),
        .systemLibrary(
            name: "CLibUSB", pkgConfig: "libusb-1.0", providers: [.apt(["libusb-1.0-0-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        // Foundations.
        room("APDU"),
        room("Secrets"),
        room("System", ["CLinux"]),
        room("JSON", ["Secrets"]),
        room("WorkingDays", ["JSON"]),
        room("Crypto", ["COpenSSL", "Secrets"]),

        // The middle floors.
        room("Readers", ["APDU", "Secrets", "System", "CPCSCLite", "CLibUSB"]),
        room("Tokens", ["APDU", "Crypto", "JSON", "Secrets"]),
        room("Requests", ["JSON", "WorkingDays"]),
        room("Casework", ["JSON", "Crypto", "Requests", "System", "WorkingDays"]),
        room("Paperwork", ["JSON", "System", "WorkingDays"]),
        room("Varlink", ["JSON", "Secrets", "System"]),
        room("StationInterface", ["Varlink", "JSON", "Requests", "Secrets"]),
        room("VirtualToken", ["APDU", "Crypto", "Secrets", "System"]),

        // The programs.
        .executableTarget(
            name: "TokenAgent",
            dependencies: [
                "StationInterface", "Varlink", "Casework", "Tokens", "Readers", "APDU", "Crypto",
                "JSON", "Paperwork", "Secrets", "System", "WorkingDays",
            ], linkerSettings: boundAtStart),
        .executableTarget(
            name: "KioskShell",
            dependencies: [
                "StationInterface", "Varlink", "JSON", "Requests", "Secrets", "System",
            ],
            linkerSettings: boundAtStart),
        .executableTarget(
            name: "TokenCtl",
            dependencies: [
                "StationInterface", "Varlink", "Casework", "Tokens", "Crypto", "JSON", "Secrets",
                "System", "WorkingDays", "Paperwork",
            ], linkerSettings: boundAtStart),
        .executableTarget(
            name: "VirtualTokenProgram", dependencies: ["VirtualToken", "System"]),

        // The rooms' side of ./bench, without socket and agent in between.
        .executableTarget(
            name: "StationBench",
            dependencies: ["Casework", "Tokens", "Readers", "APDU", "JSON", "System"],
            path: "Bench/StationBench"),

        .target(name: "Expectations", path: "Tests/Expectations"),
        tests("APDU"),
        tests("Secrets"),
        tests("System"),
        tests("JSON", ["Secrets"]),
        tests("WorkingDays", ["JSON"]),
        // What Tests/integration/json_oracle.py judges by Python's json.
        .executableTarget(name: "JSONProbe", dependencies: ["JSON"], path: "Tests/JSONProbe"),
        tests("Crypto", ["Secrets"]),
        tests("Readers", ["APDU", "System", "VirtualToken"]),
        .executableTarget(
            name: "ReadersProbe", dependencies: ["Readers", "APDU", "System"],
            path: "Tests/ReadersProbe"),
        tests("Tokens", ["APDU", "Crypto", "Secrets", "VirtualToken"]),
        tests("Requests", ["JSON", "WorkingDays"]),
        tests("Casework", ["JSON", "Crypto", "Requests", "System", "WorkingDays"]),
        tests("Paperwork", ["JSON", "System", "WorkingDays"]),
        tests("Varlink", ["JSON", "Secrets", "System"]),
        tests("StationInterface", ["Varlink", "JSON", "Secrets"]),
        tests("VirtualToken", ["APDU", "Crypto", "Secrets", "System"]),
        tests(
            "TokenAgent",
            [
                "StationInterface", "Varlink", "Casework", "Tokens", "Readers", "APDU", "Crypto",
                "JSON", "Secrets", "System", "VirtualToken", "WorkingDays",
            ]),
        tests(
            "KioskShell",
            ["StationInterface", "Varlink", "JSON", "Requests", "Secrets", "System"]),
        tests(
            "TokenCtl",
            [
                "StationInterface", "Varlink", "Casework", "Tokens", "JSON", "Secrets", "System",
                "WorkingDays", "Paperwork",
            ]),
    ],
    swiftLanguageModes: [.v6]
)

// Some rooms with what is below them, and nothing else: for Tests/sanitizers.sh.
if let rooms = Context.environment["TOKEN_STATION_ROOMS"] {
    func below(_ name: String) -> Set<String> {
        guard let target = package.targets.first(where: { $0.name == name }) else { return [] }
        return target.dependencies.reduce(into: [name]) { found, dependency in
            if case .byNameItem(let name, _) = dependency { found.formUnion(below(name)) }
        }
    }
    let kept = rooms.split(separator: ",").reduce(into: Set<String>()) {
        $0.formUnion(below($1 + "Tests"))
    }
    package.products = []
    package.targets.removeAll { !kept.contains($0.name) }
}
