/// The eight bytes of a control request (USB 2.0, 9.3).
package struct SetupPacket: Equatable, Sendable {
    package let requestType: UInt8
    package let request: UInt8
    package let value: UInt16
    package let index: UInt16
    package let length: UInt16

    package init(
        _ requestType: UInt8, _ request: UInt8, value: UInt16 = 0, index: UInt16 = 0,
        length: UInt16 = 0
    ) {
        self.requestType = requestType
        self.request = request
        self.value = value
        self.index = index
        self.length = length
    }

    /// - Parameter bytes: eight; what is missing counts as zero.
    init(_ bytes: ArraySlice<UInt8>) {
        let b = Array(bytes.prefix(8)) + [UInt8](repeating: 0, count: max(0, 8 - bytes.count))
        self.init(
            b[0], b[1], value: UInt16(b[2]) | UInt16(b[3]) << 8,
            index: UInt16(b[4]) | UInt16(b[5]) << 8, length: UInt16(b[6]) | UInt16(b[7]) << 8)
    }
}
