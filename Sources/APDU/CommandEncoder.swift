/// Writes commands into the caller's memory and keeps nothing of them.
///
/// An array in between would leave copies of a code behind it.
package enum CommandEncoder {
    /// Encodes one command in the case its data, Le and form make (ISO 7816-4, 5.1).
    ///
    /// A case 1 command has one encoding, whatever the form.
    /// - Throws: `.classInvalid`, `.instructionInvalid`, `.dataTooLong` or
    ///   `.expectedLengthOutOfRange` before anything is written; `.sinkFull` with part of the
    ///   command in the sink, for the caller to wipe.
    package static func encode<S: ByteSink & ~Copyable>(
        _ header: CommandHeader, data: UnsafeRawBufferPointer, expecting: ExpectedLength,
        form: APDUForm, into sink: inout S
    ) throws(APDUError) {
        try header.check()
        guard data.count <= form.maximumData else {
            throw APDUError(.dataTooLong(limit: form.maximumData))
        }
        let le = try lengthField(expecting, form)

        try put(header.cla, &sink)
        try put(header.ins, &sink)
        try put(header.p1, &sink)
        try put(header.p2, &sink)
        // The zero that marks an extended command stands once, before Lc or else before Le.
        if form == .extended, !data.isEmpty || le != nil { try put(0, &sink) }
        if !data.isEmpty {
            try put(UInt16(truncatingIfNeeded: data.count), form, &sink)
            guard sink.append(contentsOf: data) else { throw APDUError(.sinkFull) }
        }
        if let le { try put(le, form, &sink) }
    }

    /// How many bytes `encode` writes for such a command.
    package static func encodedLength(
        dataCount: Int, expecting: ExpectedLength, form: APDUForm
    ) -> Int {
        let field = form == .short ? 1 : 2
        var length = 4
        if dataCount > 0 { length += field + dataCount }
        if expecting != .none { length += field }
        if form == .extended, length > 4 { length += 1 }
        return length
    }

    /// Le as it is written, where all zero asks for the most.
    private static func lengthField(
        _ expecting: ExpectedLength, _ form: APDUForm
    ) throws(APDUError) -> UInt16? {
        switch expecting {
        case .none: return nil
        case .max: return 0
        case .exactly(let count):
            guard count >= 1, count <= form.maximumExpected else {
                throw APDUError(.expectedLengthOutOfRange)
            }
            return count == form.maximumExpected ? 0 : UInt16(truncatingIfNeeded: count)
        }
    }

    private static func put<S: ByteSink & ~Copyable>(
        _ length: UInt16, _ form: APDUForm, _ sink: inout S
    ) throws(APDUError) {
        if form == .extended { try put(UInt8(truncatingIfNeeded: length >> 8), &sink) }
        try put(UInt8(truncatingIfNeeded: length), &sink)
    }

    private static func put<S: ByteSink & ~Copyable>(
        _ byte: UInt8, _ sink: inout S
    ) throws(APDUError) {
        guard sink.append(byte) else { throw APDUError(.sinkFull) }
    }
}
