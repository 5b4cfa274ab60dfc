/// The descriptors of a reader (USB 2.0, 9.6; CCID 1.1, 5.1).
struct ReaderDescriptors {
    let design: ReaderDesign

    private static let languages: [UInt8] = [4, 3, 0x09, 0x04]

    /// - Parameters:
    ///   - kind: the descriptor's type, the high byte of wValue.
    ///   - index: the low byte.
    /// - Returns: nil where there is no such descriptor: a stall.
    func descriptor(_ kind: UInt8, _ index: UInt8) -> [UInt8]? {
        switch (kind, index) {
        case (1, 0): return device
        case (2, 0): return configuration(2, design.packetSize)
        case (3, _): return string(index)
        // Qualifier and the other speed's configuration, of a device that has two speeds.
        case (6, 0) where design.speed == .high: return qualifier
        case (7, 0) where design.speed == .high: return configuration(7, 64)
        default: return nil
        }
    }

    private var device: [UInt8] {
        var bytes: [UInt8] = [18, 1, 0x00, 0x02, 0, 0, 0, 64]
        bytes.append(littleEndian: design.vendor)
        bytes.append(littleEndian: design.product)
        bytes.append(littleEndian: design.release)
        return bytes + [1, 2, design.serialNumber.isEmpty ? 0 : 3, 1]
    }

    private var qualifier: [UInt8] { [10, 6, 0x00, 0x02, 0, 0, 0, 64, 1, 0] }

    private func string(_ index: UInt8) -> [UInt8]? {
        switch index {
        case 0: return Self.languages
        case 1: return Self.string(design.manufacturer)
        case 2: return Self.string(design.productName)
        case 3 where !design.serialNumber.isEmpty: return Self.string(design.serialNumber)
        case 4: return Self.string("CCID Interface")
        case 5 where design.isComposite: return Self.string("Vendor Interface")
        default: return nil
        }
    }

    private static func string(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for unit in text.utf16.prefix(126) { bytes.append(littleEndian: unit) }
        return [UInt8(2 + bytes.count), 3] + bytes
    }

    private func configuration(_ kind: UInt8, _ packetSize: Int) -> [UInt8] {
        var body: [UInt8] = []
        // No endpoint but 0, and nothing that a driver of the system would take.
        if design.isComposite { body += [9, 4, 0, 0, 0, 0xFF, 0, 0, 5] }
        body += interface(packetSize)
        var bytes: [UInt8] = [9, kind]
        bytes.append(littleEndian: UInt16(9 + body.count))
        // One configuration, value 1, powered by the bus with 100 mA.
        bytes += [design.isComposite ? 2 : 1, 1, 0, 0x80, 50]
        return bytes + body
    }

    private func interface(_ packetSize: Int) -> [UInt8] {
        var endpoints: [[UInt8]] = []
        if design.sendsInterrupts {
            // Every 16 ms: in frames of 1 ms, or as 2^(8-1) microframes of 125 µs.
            let interval: UInt8 = packetSize == 512 ? 8 : 16
            endpoints.append([7, 5, ReaderDesign.Endpoint.interrupt, 3, 8, 0, interval])
        }
        if design.hasBulk {
            let size = [UInt8(packetSize & 0xFF), UInt8(packetSize >> 8)]
            endpoints.append([7, 5, ReaderDesign.Endpoint.bulkOut, 2] + size + [0])
            endpoints.append([7, 5, ReaderDesign.Endpoint.bulkIn, 2] + size + [0])
        }
        let head: [UInt8] = [
            9, 4, design.ccidInterface, 0, UInt8(endpoints.count),
            design.hasVendorClass ? 0xFF : 0x0B, 0, design.interfaceProtocol, 4,
        ]
        let all = endpoints.flatMap { $0 }
        return design.descriptorOnEndpoint
            ? head + all + classDescriptor : head + classDescriptor + all
    }

    /// 54 bytes.
    var classDescriptor: [UInt8] {
        var bytes: [UInt8] = [54, 0x21, 0x10, 0x01, UInt8(design.slots - 1), 7]
        bytes.append(littleEndian: UInt32(3))
        bytes.append(littleEndian: ReaderDesign.clock)
        bytes.append(littleEndian: ReaderDesign.clock)
        bytes.append(1)
        bytes.append(littleEndian: ReaderDesign.rates.min() ?? 0)
        bytes.append(littleEndian: ReaderDesign.rates.max() ?? 0)
        bytes.append(UInt8(ReaderDesign.rates.count))
        bytes.append(littleEndian: UInt32(design.maximumIFSD))
        // Neither synchronous protocols nor mechanics.
        bytes.append(littleEndian: UInt32(0))
        bytes.append(littleEndian: UInt32(0))
        bytes.append(littleEndian: design.dwFeatures)
        bytes.append(littleEndian: UInt32(design.longestMessage))
        // GET RESPONSE and ENVELOPE with the class of the command; no display.
        bytes += [0xFF, 0xFF, 0, 0, design.pinSupport.rawValue, UInt8(design.slots)]
        for (offset, byte) in design.patches where bytes.indices.contains(offset) {
            bytes[offset] = byte
        }
        return bytes
    }

    var interfaceClasses: [[UInt8]] {
        let ccid: [UInt8] = [design.hasVendorClass ? 0xFF : 0x0B, 0, design.interfaceProtocol]
        return design.isComposite ? [[0xFF, 0, 0], ccid] : [ccid]
    }
}
