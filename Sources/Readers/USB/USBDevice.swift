/// One device on the bus, as its descriptors tell it; nothing was sent to it.
struct USBDevice: Equatable, Sendable {
    /// Where the kernel has it: bus and address, which a device gets anew at each plug.
    struct Place: Equatable, Hashable, Sendable {
        let bus, address: UInt8

        /// The node in /dev that stands for it.
        var node: String { "/dev/bus/usb/" + Self.three(bus) + "/" + Self.three(address) }

        /// The node's minor number; its major is 189 (Documentation/admin-guide/devices.txt).
        var minor: Int { (Int(bus) - 1) * 128 + Int(address) - 1 }

        private static func three(_ number: UInt8) -> String {
            let digits = String(number)
            return String(repeating: "0", count: 3 - digits.count) + digits
        }
    }

    struct Interface: Equatable, Sendable {
        let number, alternate, interfaceClass, subclass, interfaceProtocol: UInt8
        /// Descriptors of the class that stand behind the interface descriptor.
        let extra: [UInt8]
        let endpoints: [Endpoint]

        func endpoint(_ kind: Endpoint.Kind) -> Endpoint? {
            endpoints.first { $0.kind == kind }
        }
    }

    struct Endpoint: Equatable, Sendable {
        enum Kind: Equatable, Sendable {
            case bulkOut, bulkIn, interruptIn, other
        }

        let address: UInt8
        let kind: Kind
        /// In bytes; 1 to 1024.
        let maximumPacket: Int
        let extra: [UInt8]
    }

    let place: Place
    let vendor, product, release: UInt16
    /// Bus and ports as the kernel names the device: "1-2.1".
    let port: String
    /// In words, as "12 Mbit/s"; nil where it is unknown.
    let speed: String?
    let configuration: UInt8
    /// The first setting of every interface of the active configuration.
    let interfaces: [Interface]
}
