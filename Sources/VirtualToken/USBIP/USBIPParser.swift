/// Takes the host's side of a USB/IP connection apart: bytes in, whole requests out, no I/O.
///
/// It holds at most one header and one transfer's data beyond what `append` just gave it.
package struct USBIPParser: Sendable {
    /// Longest data of one OUT transfer, in bytes. The longest CCID message is 65556.
    package static let longestTransfer = 1 << 17

    private var held: [UInt8] = []
    private var start = 0

    package init() {}

    /// How many bytes wait to be understood.
    package var waiting: Int { held.count - start }

    package mutating func append(_ bytes: some Sequence<UInt8>) {
        if start > 0 {
            held.removeFirst(start)
            start = 0
        }
        held.append(contentsOf: bytes)
    }

    /// The next operation of a connection that has imported nothing; nil until more bytes come.
    ///
    /// - Throws: `.version`, `.operation`, `.status`.
    package mutating func operation() throws(USBIPError) -> USBIP.Operation? {
        guard waiting >= 8 else { return nil }
        let version = UInt16(truncatingIfNeeded: number(at: 0) >> 16)
        let code = UInt16(truncatingIfNeeded: number(at: 0))
        guard version == USBIP.version else { throw USBIPError(.version(version)) }
        guard number(at: 4) == 0 else { throw USBIPError(.status(number(at: 4))) }
        switch code {
        case USBIP.Code.requestDeviceList:
            start += 8
            return .deviceList
        case USBIP.Code.requestImport:
            guard waiting >= 40 else { return nil }
            let name = held[(start + 8)..<(start + 40)].prefix { $0 != 0 }
            start += 40
            return .importDevice(Array(name))
        default: throw USBIPError(.operation(code))
        }
    }

    /// The next command for the imported device; nil until more bytes come.
    ///
    /// - Throws: `.command`, `.direction`, `.endpoint`, `.transferLength`, `.isochronous`.
    package mutating func command() throws(USBIPError) -> USBIP.Command? {
        guard waiting >= 48 else { return nil }
        let sequence = number(at: 4)
        switch number(at: 0) {
        case USBIP.Code.unlink:
            let victim = number(at: 20)
            start += 48
            return .unlink(sequence: sequence, victim: victim)
        case USBIP.Code.submit: return try submit(sequence)
        default: throw USBIPError(.command(number(at: 0)))
        }
    }

    private mutating func submit(_ sequence: UInt32) throws(USBIPError) -> USBIP.Command? {
        let direction = number(at: 12)
        guard direction <= 1 else { throw USBIPError(.direction(direction)) }
        guard let endpoint = UInt8(exactly: number(at: 16)), endpoint <= 15 else {
            throw USBIPError(.endpoint(number(at: 16)))
        }
        let packets = Int32(bitPattern: number(at: 32))
        guard packets == 0 || packets == -1 else { throw USBIPError(.isochronous(packets)) }
        let length = Int32(bitPattern: number(at: 24))
        let isIn = direction == 1
        guard length >= 0, isIn || length <= Self.longestTransfer else {
            throw USBIPError(.transferLength(length))
        }
        let follows = isIn ? 0 : Int(length)
        guard waiting >= 48 + follows else { return nil }
        let setup = SetupPacket(held[(start + 40)..<(start + 48)])
        let data = Array(held[(start + 48)..<(start + 48 + follows)])
        let submit = USBIP.Submit(
            sequence: sequence, isIn: isIn, endpoint: endpoint, flags: number(at: 20),
            length: Int(length), setup: setup, data: data)
        start += 48 + follows
        return .submit(submit)
    }

    /// Big-endian; callers have made sure that the bytes are there.
    private func number(at offset: Int) -> UInt32 {
        held[(start + offset)..<(start + offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
