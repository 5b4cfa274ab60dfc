/// The number of a device as a person gave it: plain letters, digits, signs and blanks, since some
/// tokens have signs in theirs. Whatever looks like one of them, or like nothing, would name
/// another device.
package struct DeviceNumber: Equatable, Hashable, Sendable {
    /// On one line, each run of blanks one space.
    package let text: String

    package init(_ written: String) throws(Mistake) {
        for (index, scalar) in written.unicodeScalars.enumerated()
        where !DeviceNumber.mayHold(scalar) {
            throw .character(scalar, place: index + 1)
        }
        text = WrittenText.line(written)
        if text.isEmpty { throw .empty }
        if !WrittenText.saysSomething(text) { throw .saysNothing }
    }

    private static func mayHold(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "!"..."~": true
        default: scalar.properties.generalCategory == .spaceSeparator
        }
    }

    /// Why a text is no device's number.
    package enum Mistake: Error, Equatable, Sendable {
        case empty
        /// No letter and no digit.
        case saysNothing
        /// `place` counts from 1.
        case character(Unicode.Scalar, place: Int)

        /// Behind the name of the field.
        package var reason: String {
            switch self {
            case .empty: "is empty"
            case .saysNothing: "has no letter and no digit"
            case .character(let scalar, let place):
                "holds \(Mistake.name(of: scalar)) as character \(place): type it again, in plain "
                    + "letters, digits and signs"
            }
        }

        /// The character with its number, as `３ (U+FF13)`; the number alone where it cannot be
        /// seen.
        package static func name(of scalar: Unicode.Scalar) -> String {
            let digits = String(scalar.value, radix: 16, uppercase: true)
            let number = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            let isSeen =
                !WrittenText.hidesSomething(String(scalar)) && scalar != "\n"
                && !scalar.properties.isDefaultIgnorableCodePoint
                && !WrittenText.hasLooseMark(String(scalar))
            return isSeen ? "\(scalar) (\(number))" : number
        }
    }
}

extension DeviceNumber {
    /// The number as numbers are compared and looked up: without blanks, dashes, dots, colons and
    /// slashes, in lower case. Zeros in front stay: nobody has said that they mean nothing.
    package static func key(_ text: String) -> String {
        String(
            WrittenText.composed(text).lowercased().filter {
                !$0.isWhitespace && !"-–‐‑.:/".contains($0)
            })
    }
}
