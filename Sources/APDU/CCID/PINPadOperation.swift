/// One entry at a reader's pad: what is to be entered, and the command it goes into.
///
/// The structures it is written in hold no code: the pad puts it in.
package enum PINPadOperation: Equatable, Sendable {
    case verify(PINVerification)
    case modify(PINModification)

    /// What the reader's pad must be able to do.
    package var needs: CCIDPINSupport {
        switch self {
        case .verify: .verify
        case .modify: .modify
        }
    }

    package var format: PINFormat {
        switch self {
        case .verify(let verify): verify.format
        case .modify(let modify): modify.format
        }
    }

    /// Bytes of the command's data.
    package var dataCount: Int { template.data.count }

    /// Bytes of the whole command as the reader sends it.
    package var commandCount: Int { template.bytes.count }

    private var template: PINTemplate {
        switch self {
        case .verify(let verify): verify.template
        case .modify(let modify): modify.template
        }
    }

    /// The data of the CCID command Secure: bPINOperation and the PIN data structure (6.1.11,
    /// 6.1.12).
    ///
    /// - Parameter prologue: NAD, PCB and LEN of the block to send, where the host makes the
    ///   blocks of T=1; zero else.
    package func ccid(
        _ entry: PINEntry, prologue: PINPrologue = PINPrologue()
    ) -> [UInt8] {
        var bytes: [UInt8]
        switch self {
        case .verify(let verify):
            let format = verify.format
            bytes = [
                0x00, entry.timeout, format.formatString, format.blockString, format.lengthFormat,
            ]
            bytes += format.extraDigit
            bytes += [entry.end.rawValue, entry.showsMessages ? 1 : 0]
            bytes += entry.languageBytes
            bytes.append(0)
            bytes += prologue.bytes
            bytes += verify.template.bytes
        case .modify(let modify):
            let format = modify.format
            let messages = modify.messages(entry)
            bytes = [
                0x01, entry.timeout, format.formatString, format.blockString, format.lengthFormat,
                modify.oldOffset ?? 0, modify.newOffset,
            ]
            bytes += format.extraDigit
            bytes += [modify.confirmation, entry.end.rawValue, messages.count]
            bytes += entry.languageBytes
            // The second index is left out without messages, the third without a third one.
            bytes.append(messages.indices[0])
            if messages.count > 0 { bytes.append(messages.indices[1]) }
            if messages.count == 3 { bytes.append(messages.indices[2]) }
            bytes += prologue.bytes
            bytes += modify.template.bytes
        }
        return bytes
    }

    /// PIN_VERIFY_STRUCTURE or PIN_MODIFY_STRUCTURE of PC/SC part 10, 2.5.2 and 2.5.3.
    package func pcsc(_ entry: PINEntry) -> [UInt8] {
        let template: [UInt8]
        var head: [UInt8]
        switch self {
        case .verify(let verify):
            let format = verify.format
            template = verify.template.bytes
            head = [
                entry.timeout, entry.timeoutAfterFirstKey, format.formatString,
                format.blockString, format.lengthFormat,
            ]
            head += format.extraDigit
            head += [entry.end.rawValue, entry.showsMessages ? 1 : 0]
            head += entry.languageBytes
            head.append(0)
        case .modify(let modify):
            let format = modify.format
            let messages = modify.messages(entry)
            template = modify.template.bytes
            head = [
                entry.timeout, entry.timeoutAfterFirstKey, format.formatString,
                format.blockString, format.lengthFormat, modify.oldOffset ?? 0,
                modify.newOffset,
            ]
            head += format.extraDigit
            head += [modify.confirmation, entry.end.rawValue, messages.count]
            head += entry.languageBytes
            head += messages.indices
        }
        let count = UInt16(truncatingIfNeeded: template.count)
        let length = [
            UInt8(truncatingIfNeeded: count), UInt8(truncatingIfNeeded: count >> 8), 0, 0,
        ]
        return head + [0, 0, 0] + length + template
    }
}

/// Entry of a code that the card verifies.
package struct PINVerification: Equatable, Sendable {
    package let format: PINFormat
    package let template: PINTemplate

    /// - Throws: `.outsideCommand`.
    package init(_ format: PINFormat, in template: PINTemplate) throws(PINPadError) {
        guard format.fits(template.data.count, offset: 0) else {
            throw PINPadError(.outsideCommand)
        }
        self.format = format
        self.template = template
    }
}

/// Entry of a new code, after an old one or an unblocking one where the command wants that.
///
/// There is one format: codes that differ in format or length cannot go into one command.
package struct PINModification: Equatable, Sendable {
    package let format: PINFormat
    package let template: PINTemplate
    /// bInsertionOffsetOld, in bytes; nil where no old code is asked for.
    package let oldOffset: UInt8?
    /// bInsertionOffsetNew, in bytes.
    package let newOffset: UInt8
    /// Whether the new code is to be entered twice.
    package let confirms: Bool

    /// - Throws: `.variableLength`, `.overlap`, `.outsideCommand`.
    package init(
        _ format: PINFormat, in template: PINTemplate, oldOffset: UInt8?, newOffset: UInt8,
        confirms: Bool = true
    ) throws(PINPadError) {
        if let oldOffset {
            guard format.blockLength > 0 else { throw PINPadError(.variableLength) }
            let distance = abs(Int(oldOffset) - Int(newOffset))
            guard distance >= Int(format.blockLength) else { throw PINPadError(.overlap) }
        }
        let count = template.data.count
        guard format.fits(count, offset: Int(newOffset)),
            format.fits(count, offset: Int(oldOffset ?? newOffset))
        else { throw PINPadError(.outsideCommand) }
        self.format = format
        self.template = template
        self.oldOffset = oldOffset
        self.newOffset = newOffset
        self.confirms = confirms
    }

    /// bConfirmPIN
    var confirmation: UInt8 { (confirms ? 1 : 0) | (oldOffset == nil ? 0 : 2) }

    /// bNumberMessage and the three indices: 0 asks for the code, 1 for a new one, 2 for the
    /// new one again.
    func messages(_ entry: PINEntry) -> (count: UInt8, indices: [UInt8]) {
        guard entry.showsMessages else { return (0, [0, 0, 0]) }
        return switch (oldOffset != nil, confirms) {
        case (true, true): (3, [0, 1, 2])
        case (true, false): (2, [0, 1, 0])
        case (false, true): (2, [1, 2, 0])
        case (false, false): (1, [1, 0, 0])
        }
    }
}

/// How the reader conducts an entry.
package struct PINEntry: Equatable, Sendable {
    /// In seconds; 0 for the reader's own.
    package let timeout: UInt8
    /// In seconds after the first key, through PC/SC only; 0 for the reader's own.
    package let timeoutAfterFirstKey: UInt8
    package let end: PINEntryEnd
    /// wLangId of the messages, 0409 for English.
    package let language: UInt16
    package let showsMessages: Bool

    /// - Throws: `.noEnd`.
    package init(
        timeout: UInt8 = 0, timeoutAfterFirstKey: UInt8 = 0, end: PINEntryEnd = .key,
        language: UInt16 = 0x0409, showsMessages: Bool = true
    ) throws(PINPadError) {
        guard !end.intersection([.longest, .key, .timeout]).isEmpty else {
            throw PINPadError(.noEnd)
        }
        self.timeout = timeout
        self.timeoutAfterFirstKey = timeoutAfterFirstKey
        self.end = end
        self.language = language
        self.showsMessages = showsMessages
    }

    var languageBytes: [UInt8] {
        [UInt8(truncatingIfNeeded: language), UInt8(truncatingIfNeeded: language >> 8)]
    }
}

/// What ends an entry: bEntryValidationCondition.
package struct PINEntryEnd: OptionSet, Equatable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The longest code is entered.
    package static let longest = PINEntryEnd(rawValue: 1)
    /// The confirming key is pressed.
    package static let key = PINEntryEnd(rawValue: 2)
    /// The time is over.
    package static let timeout = PINEntryEnd(rawValue: 4)
}

/// bTeoPrologue: how the block begins that the reader sends the command in.
package struct PINPrologue: Equatable, Sendable {
    package let nad, pcb, length: UInt8

    package init(nad: UInt8 = 0, pcb: UInt8 = 0, length: UInt8 = 0) {
        self.nad = nad
        self.pcb = pcb
        self.length = length
    }

    var bytes: [UInt8] { [nad, pcb, length] }
}
