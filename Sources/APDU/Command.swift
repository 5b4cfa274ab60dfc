/// The four bytes every command starts with (ISO 7816-4, 5.1).
package struct CommandHeader: Equatable, Hashable, Sendable {
    package var cla: UInt8
    package var ins: UInt8
    package var p1: UInt8
    package var p2: UInt8

    package init(cla: UInt8 = 0, ins: UInt8, p1: UInt8, p2: UInt8) {
        self.cla = cla
        self.ins = ins
        self.p1 = p1
        self.p2 = p2
    }

    package init(_ cla: UInt8, _ ins: UInt8, _ p1: UInt8, _ p2: UInt8) {
        self.init(cla: cla, ins: ins, p1: p1, p2: p2)
    }

    /// Refuses the classes and instructions that cannot exist (5.4.1, 5.4.2). A card that
    /// speaks T=1 alone may have instructions 6X in a proprietary class: SmartCard-HSM has.
    func check() throws(APDUError) {
        guard cla != 0xFF else { throw APDUError(.classInvalid, at: 0) }
        guard ins & 0xF0 != 0x60 || cla & 0x80 != 0, ins & 0xF0 != 0x90 else {
            throw APDUError(.instructionInvalid, at: 1)
        }
    }
}

extension CommandHeader {
    /// The chaining bit of the class byte (5.4.1): set in all commands of a chain but the last.
    package static var chainingBit: UInt8 { 0x10 }

    /// Whether more commands of the same chain follow.
    package var isChained: Bool { cla & Self.chainingBit != 0 }

    /// The logical channel in the class byte, 0 to 19; proprietary classes are read as
    /// GlobalPlatform lays them out.
    package var logicalChannel: UInt8 {
        cla & 0x40 == 0 ? cla & 0x03 : (cla & 0x0F) + 4
    }

    /// GET RESPONSE on this command's logical channel: no chaining, no secure messaging, no
    /// proprietary class (ISO 7816-4, 7.6.1).
    package var getResponse: CommandHeader {
        CommandHeader(cla & 0x40 == 0 ? cla & 0x03 : cla & 0x4F, 0xC0, 0, 0)
    }
}

/// How much response data a command asks for: Ne of ISO 7816-4, 5.1.
package enum ExpectedLength: Equatable, Sendable {
    /// No Le field.
    case none
    /// As much as the form can ask for: 256 bytes short, 65536 extended. Le is all zero.
    case max
    /// So many bytes, 1 to 256 short or 1 to 65536 extended.
    case exactly(Int)
}

/// The two ways to write Lc and Le.
package enum APDUForm: Equatable, Sendable {
    /// One byte each: 255 bytes out, 256 back.
    case short
    /// Two bytes each after a zero: 65535 bytes out, 65536 back.
    case extended

    /// The most command data this form carries, in bytes.
    package var maximumData: Int { self == .short ? 255 : 65535 }
    /// The most response data this form asks for, in bytes.
    package var maximumExpected: Int { self == .short ? 256 : 65536 }
}

/// The seven encodings of a command (ISO 7816-4, 5.1; ISO 7816-3, 12.1.3).
package enum CommandCase: Equatable, Sendable {
    /// Header alone. It has one encoding, counted as short.
    case case1
    case case2Short, case3Short, case4Short
    case case2Extended, case3Extended, case4Extended
}
