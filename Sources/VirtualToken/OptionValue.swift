import Crypto

/// Values of the command line that several options share. All throw `.badRequest`, naming the
/// option.
enum OptionValue {
    static func number<N: FixedWidthInteger>(
        _ option: String, _ text: String
    ) throws(VirtualTokenError) -> N {
        guard let number = N(text) else {
            throw error(option, "\(text): a number up to \(N.max) expected")
        }
        return number
    }

    /// Tries of a full counter.
    static func tries(_ option: String, _ text: String) throws(VirtualTokenError) -> Int {
        guard let tries = Int(text), (1...15).contains(tries) else {
            throw error(option, "\(text): 1 to 15 expected")
        }
        return tries
    }

    /// A test code of printable ASCII.
    static func code(
        _ option: String, _ text: String, _ lengths: ClosedRange<Int>
    ) throws(VirtualTokenError) -> String {
        let bytes = Array(text.utf8)
        guard lengths.contains(bytes.count), bytes.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            throw error(
                option, "\(lengths.lowerBound) to \(lengths.upperBound) ASCII characters expected")
        }
        return text
    }

    /// `PLACE=KIND` or `PLACE=KIND,imported`, KIND one of those given.
    static func key(
        _ option: String, _ text: String, _ kinds: [(String, KeyAlgorithm)]
    ) throws(VirtualTokenError) -> (place: String, algorithm: KeyAlgorithm, isImported: Bool) {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        let words = parts.last.map { $0.split(separator: ",").map(String.init) } ?? []
        guard parts.count == 2, let kind = words.first,
            let algorithm = kinds.first(where: { $0.0 == kind })?.1,
            words.count == 1 || words.dropFirst() == ["imported"]
        else {
            let names = kinds.map(\.0).joined(separator: ", ")
            throw error(option, "\(text): SLOT=KIND expected, KIND one of \(names)")
        }
        return (parts[0], algorithm, words.count == 2)
    }

    static func error(_ option: String, _ reason: String) -> VirtualTokenError {
        VirtualTokenError(.badRequest, "\(option): \(reason)")
    }
}
