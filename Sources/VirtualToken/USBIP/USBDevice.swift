/// A USB device as its bus sees it, without I/O and with the time given to it.
package protocol USBDevice {
    var record: USBIPDeviceRecord { get }

    /// A host has got hold of it: everything is as after plugging in.
    mutating func attach()

    /// One control transfer; nil is a stall. IN data are already cut to what was asked for.
    mutating func control(_ setup: SetupPacket, _ data: [UInt8], now: Int64) -> [UInt8]?

    /// One OUT transfer to an endpoint other than 0; false is a stall.
    ///
    /// - Parameter endsWithEmptyPacket: a whole last packet is followed by an empty one.
    mutating func out(
        _ endpoint: UInt8, _ data: [UInt8], endsWithEmptyPacket: Bool, now: Int64
    ) -> Bool

    /// What an IN transfer of so many bytes brings; nil while it has to wait.
    mutating func take(_ endpoint: UInt8, _ length: Int) -> USBTransfer?
}

/// How an IN transfer ends.
package enum USBTransfer: Equatable, Sendable {
    case data([UInt8])
    case stall
    /// More came than was asked for; what fitted.
    case babble([UInt8])
}
