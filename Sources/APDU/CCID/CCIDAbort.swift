/// The way to stop a command (5.3.1): a request on the control pipe, the command Abort with
/// the same sequence number, then reading until the reader confirms that number.
///
/// The caller sends both and shows what it reads, within a deadline of its own. After
/// `failed` it clears both pipes, resets the device, and at last gives the reader up.
package struct CCIDAbort: Equatable, Sendable {
    package enum Step: Equatable, Sendable {
        /// Not the confirmation: read on.
        case readAgain
        /// Host and reader are in step again; what the slot holds now.
        case done(CCIDCardStatus)
        case failed(CCIDError)
    }

    /// A class request on the control pipe, without data.
    package struct ControlRequest: Equatable, Sendable {
        /// bmRequestType: class, interface, host to device.
        package let requestType: UInt8
        package let request: UInt8
        package let value: UInt16
        package let index: UInt16
    }

    /// How many messages are read and thrown away.
    package static var mostMessages: Int { 16 }

    package let slot: UInt8
    package let sequence: UInt8
    /// What goes over the control pipe first.
    package let control: ControlRequest
    /// How many messages came so far.
    package private(set) var discarded = 0
    private var isOver = false

    /// - Parameters:
    ///   - sequence: of the command to stop.
    ///   - interface: bInterfaceNumber.
    package init(slot: UInt8, sequence: UInt8, interface: UInt8) {
        self.slot = slot
        self.sequence = sequence
        control = ControlRequest(
            requestType: 0x21, request: 0x01, value: UInt16(sequence) << 8 | UInt16(slot),
            index: UInt16(interface))
    }

    /// Writes the command that follows the control request.
    ///
    /// - Throws: `.sinkFull`.
    package func encode<S: ByteSink & ~Copyable>(into sink: inout S) throws(CCIDError) {
        try CCIDCommand.abort.encode(slot: slot, sequence: sequence, into: &sink)
    }

    /// Takes what one read of the bulk-in pipe gave, whatever it is.
    package mutating func receive(_ message: UnsafeRawBufferPointer) -> Step {
        guard !isOver else { return .failed(CCIDError(.exchangeOver)) }
        let step = judge(message)
        if step != .readAgain { isOver = true }
        return step
    }

    private mutating func judge(_ message: UnsafeRawBufferPointer) -> Step {
        if let reply = try? CCIDReply(parsing: message), reply.slot == slot,
            reply.sequence == sequence, case .slotStatus = reply.kind
        {
            switch reply.outcome {
            case .ok, .failed(.aborted): return .done(reply.iccStatus)
            case .failed: return .failed(CCIDError(.notAborted))
            case .timeExtension: break
            }
        }
        guard discarded < Self.mostMessages else {
            return .failed(CCIDError(.staleAnswers(limit: Self.mostMessages)))
        }
        discarded += 1
        return .readAgain
    }
}
