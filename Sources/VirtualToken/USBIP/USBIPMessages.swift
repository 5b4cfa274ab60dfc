/// The numbers of the USB/IP protocol, version 1.1.1 (Linux, Documentation/usb/usbip_protocol.rst).
package enum USBIP {
    package static let version: UInt16 = 0x0111

    /// What is asked before a device is imported.
    package enum Operation: Equatable, Sendable {
        case deviceList
        /// The bus id, without the zeros that fill its field up.
        case importDevice([UInt8])
    }

    /// One transfer (URB) the host hands over.
    package struct Submit: Equatable, Sendable {
        package let sequence: UInt32
        package let isIn: Bool
        /// 0 to 15, without the direction.
        package let endpoint: UInt8
        package let flags: UInt32
        /// The most bytes wanted, or those that follow.
        package let length: Int
        package let setup: SetupPacket
        /// Empty for IN.
        package let data: [UInt8]

        /// URB_SHORT_NOT_OK: fewer bytes than asked for are an error.
        package var refusesShort: Bool { flags & 1 != 0 }
        /// URB_ZERO_PACKET: a whole last packet is followed by an empty one.
        package var endsWithEmptyPacket: Bool { flags & 0x40 != 0 }
    }

    package enum Command: Equatable, Sendable {
        case submit(Submit)
        /// Takes the transfer `victim` back.
        case unlink(sequence: UInt32, victim: UInt32)
    }

    /// How a transfer ended: Linux's error numbers, negative.
    package enum TransferStatus: Int32, Sendable {
        case done = 0
        /// EPIPE.
        case stall = -32
        /// EOVERFLOW.
        case babble = -75
        /// ECONNRESET: taken back.
        case unlinked = -104
        /// EREMOTEIO: short where the host forbade it.
        case short = -121
    }

    /// ST_OK, ST_DEV_BUSY and ST_NODEV of an import's answer.
    package enum ImportStatus: UInt32, Sendable { case done = 0, busy = 2, noDevice = 4 }

    enum Code {
        static let requestDeviceList: UInt16 = 0x8005
        static let replyDeviceList: UInt16 = 0x0005
        static let requestImport: UInt16 = 0x8003
        static let replyImport: UInt16 = 0x0003
        static let submit: UInt32 = 1
        static let unlink: UInt32 = 2
        static let submitReturn: UInt32 = 3
        static let unlinkReturn: UInt32 = 4
    }
}

/// What a server says about its device.
package struct USBIPDeviceRecord: Equatable, Sendable {
    /// The kernel's enum usb_device_speed.
    package enum Speed: UInt32, Sendable { case full = 2, high = 3 }

    package var path = "/sys/devices/platform/virtual-token/usb1/1-1"
    package var busID = "1-1"
    package var busNumber: UInt32 = 1
    package var deviceNumber: UInt32 = 2
    package var speed: Speed
    package var vendor: UInt16
    package var product: UInt16
    package var release: UInt16
    package var configurationValue: UInt8 = 1
    /// Class, subclass and protocol of each interface.
    package var interfaces: [[UInt8]]

    /// struct usbip_usb_device, 312 bytes. Class, subclass and protocol of the device are 0:
    /// the interfaces say.
    var encoded: [UInt8] {
        var bytes = Self.padded(path, 256) + Self.padded(busID, 32)
        bytes.append(bigEndian: busNumber)
        bytes.append(bigEndian: deviceNumber)
        bytes.append(bigEndian: speed.rawValue)
        bytes.append(bigEndian: vendor)
        bytes.append(bigEndian: product)
        bytes.append(bigEndian: release)
        return bytes + [0, 0, 0, configurationValue, 1, UInt8(clamping: interfaces.count)]
    }

    /// Text in a field of fixed size; the last byte is zero in any case.
    private static func padded(_ text: String, _ size: Int) -> [UInt8] {
        let bytes = Array(text.utf8.prefix(size - 1))
        return bytes + [UInt8](repeating: 0, count: size - bytes.count)
    }

    /// OP_REP_DEVLIST; without a device the list is empty.
    package static func list(_ record: USBIPDeviceRecord?) -> [UInt8] {
        var bytes = header(USBIP.Code.replyDeviceList, 0)
        bytes.append(bigEndian: UInt32(record == nil ? 0 : 1))
        guard let record else { return bytes }
        bytes += record.encoded
        for interface in record.interfaces { bytes += interface.prefix(3) + [0] }
        return bytes
    }

    /// OP_REP_IMPORT.
    package static func importAnswer(
        _ status: USBIP.ImportStatus, _ record: USBIPDeviceRecord
    ) -> [UInt8] {
        let head = header(USBIP.Code.replyImport, status.rawValue)
        return status == .done ? head + record.encoded : head
    }

    private static func header(_ code: UInt16, _ status: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: USBIP.version)
        bytes.append(bigEndian: code)
        bytes.append(bigEndian: status)
        return bytes
    }
}

extension USBIP {
    /// USBIP_RET_SUBMIT: 48 bytes, then the data of an IN transfer.
    package static func submitReturn(
        _ sequence: UInt32, _ status: TransferStatus, actual: Int, data: [UInt8] = []
    ) -> [UInt8] {
        var bytes = returnHeader(Code.submitReturn, sequence)
        bytes.append(bigEndian: UInt32(bitPattern: status.rawValue))
        bytes.append(bigEndian: UInt32(clamping: actual))
        // Start frame, number of packets and error count: for isochronous transfers only.
        return bytes + [UInt8](repeating: 0, count: 20) + data
    }

    /// USBIP_RET_UNLINK, 48 bytes.
    package static func unlinkReturn(_ sequence: UInt32, wasWaiting: Bool) -> [UInt8] {
        var bytes = returnHeader(Code.unlinkReturn, sequence)
        let status: TransferStatus = wasWaiting ? .unlinked : .done
        bytes.append(bigEndian: UInt32(bitPattern: status.rawValue))
        return bytes + [UInt8](repeating: 0, count: 24)
    }

    /// Device, direction and endpoint are zero in what a server sends.
    private static func returnHeader(_ code: UInt32, _ sequence: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: code)
        bytes.append(bigEndian: sequence)
        return bytes + [UInt8](repeating: 0, count: 12)
    }
}

extension [UInt8] {
    mutating func append<N: FixedWidthInteger>(bigEndian value: N) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
    mutating func append<N: FixedWidthInteger>(littleEndian value: N) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
