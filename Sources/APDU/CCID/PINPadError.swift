/// Why a description of an entry at a pad cannot be, or a reader's list of features cannot be
/// taken.
package struct PINPadError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        /// A code of no characters.
        case noDigits
        /// The longest code does not fit its block, or a block is longer than 15 bytes.
        case blockLength
        /// A position that four bits cannot carry.
        case position
        /// A length field of 0 or more than 15 bits.
        case lengthField
        /// A code, a length or a second code where the command has no room for it.
        case outsideCommand
        /// The old code and the new one take the same bytes.
        case overlap
        /// Two codes of variable length: the card could not tell where one ends.
        case variableLength
        /// Neither a key, nor a length, nor time ends the entry.
        case noEnd
        /// More than 255 bytes of command data.
        case dataTooLong
        /// A list of features ends inside one, or one has a length that it cannot have.
        case featureLength
    }

    package let code: Code
    /// Offset of the offending byte from the start of what was parsed; nil where there is none.
    package let offset: Int?

    package init(_ code: Code, at offset: Int? = nil) {
        self.code = code
        self.offset = offset
    }

    package var description: String {
        guard let offset else { return reason }
        return reason + " (at byte " + String(offset) + ")"
    }

    private var reason: String {
        switch code {
        case .noDigits: "a pin of no characters"
        case .blockLength: "the longest pin does not fit its block"
        case .position: "a position beyond 15"
        case .lengthField: "a pin length field has 1 to 15 bits"
        case .outsideCommand: "the command has no room for the pin at this place"
        case .overlap: "the old pin and the new one take the same bytes"
        case .variableLength: "two pins of variable length in one command"
        case .noEnd: "nothing ends the entry of the pin"
        case .dataTooLong: "command data longer than 255 bytes"
        case .featureLength: "a feature of a reader with a wrong length"
        }
    }
}
