/// Keys of digits on the screen, for a code typed by finger: each time they open the digits are
/// in other places, so that nobody learns a code from where a hand went.
struct CodePad: Equatable, Sendable {
    /// What the key at a place does.
    enum Act: Equatable, Sendable {
        case type(Unicode.Scalar)
        /// Empties the field.
        case clear
        /// Takes back the last character.
        case erase
    }

    static let columns = 3
    static let rows = 4

    /// Ten digits; those of the last row stand between the two other keys.
    private let digits: [UInt8]

    /// Digits in an order of the kernel's random numbers.
    init() {
        var random = SystemRandomNumberGenerator()
        self.init(using: &random)
    }

    init(using random: inout some RandomNumberGenerator) {
        digits = (0...9).shuffled(using: &random)
    }

    /// Places count from the top left; nil beyond the last.
    subscript(place: Int) -> Act? {
        switch place {
        case 0..<9: .type(Unicode.Scalar(0x30 + digits[place]))
        case 9: .clear
        case 10: .type(Unicode.Scalar(0x30 + digits[9]))
        case 11: .erase
        default: nil
        }
    }
}
