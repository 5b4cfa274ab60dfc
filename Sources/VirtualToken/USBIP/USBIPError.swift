/// Why bytes are no USB/IP stream this end can go on with. The connection ends.
package struct USBIPError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        /// A protocol version other than 1.1.1.
        case version(UInt16)
        /// An operation nobody asked a server for.
        case operation(UInt16)
        /// A command other than SUBMIT and UNLINK after the import.
        case command(UInt32)
        /// A request that carries an error status.
        case status(UInt32)
        /// A transfer longer than any this device takes, or of negative length.
        case transferLength(Int32)
        /// Neither in nor out.
        case direction(UInt32)
        /// An endpoint number above 15.
        case endpoint(UInt32)
        /// Isochronous packets: the device has no such endpoint.
        case isochronous(Int32)
        /// More transfers waiting at once than the limit.
        case tooManyWaiting
    }

    package let code: Code
    package init(_ code: Code) { self.code = code }

    package var description: String {
        switch code {
        case .version(let version): "USB/IP version \(version), not 273"
        case .operation(let code): "no such USB/IP operation: \(code)"
        case .command(let code): "no such USB/IP command: \(code)"
        case .status(let status): "a USB/IP request with status \(status)"
        case .transferLength(let length): "a USB transfer of \(length) bytes"
        case .direction(let direction): "USB/IP direction \(direction), not 0 or 1"
        case .endpoint(let number): "USB endpoint \(number)"
        case .isochronous(let count): "\(count) isochronous packets"
        case .tooManyWaiting: "too many USB transfers at once"
        }
    }
}
