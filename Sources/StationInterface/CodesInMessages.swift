import JSON
import Secrets

extension JSONReader {
    /// A code, or null for none.
    mutating func heldSecret() throws(JSONError) -> HeldSecret? {
        if try nullIfNext() { return nil }
        return HeldSecret(try secret(maxLength: 64))
    }

    /// A code comes either in the message or at the reader's pad; a message that says both has
    /// let a code out that nobody is to see.
    func check(_ isGiven: Bool, _ key: String, isAtPad: Bool) throws(JSONError) {
        if isGiven, isAtPad { throw contradiction("at_pad", "a code in the message besides") }
        if !isGiven, !isAtPad { throw missingKey(key) }
    }

    private func contradiction(_ key: String, _ reason: String) -> JSONError {
        let place = missingKey(key)
        return JSONError(
            code: .invalid(reason), line: place.line, column: place.column, path: place.path)
    }
}
