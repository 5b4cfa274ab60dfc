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

/// A text that a message must have.
struct TextParameter {
    let name: String
    /// In characters.
    var longest = 64

    static let restore = TextParameter(name: "restore")
    static let reader = TextParameter(name: "reader", longest: 256)
}

extension Station {
    /// The id of an officer as it was typed. A password slips into that field easily, so whoever
    /// receives it keeps it as a code is kept, and knows the officer by their own list.
    package enum TypedOfficer: Sendable {
        case sent(String)
        case received(HeldSecret)

        /// Whether it is this id.
        package func names(_ id: String) -> Bool {
            switch self {
            case .sent(let text): text == id
            case .received(let held): Self.names(held, id)
            }
        }

        /// Apart: within the switch it crashes the compiler of Swift 6.0.3.
        private static func names(_ held: HeldSecret, _ id: String) -> Bool {
            held.secret.withBytes { typed in typed.elementsEqual(id.utf8) }
        }
    }
}

extension JSONWriter where Sink: ~Copyable {
    mutating func member(_ name: String, _ officer: Station.TypedOfficer) {
        switch officer {
        case .sent(let text): member(name, text)
        case .received(let held): code(name, held)
        }
    }
}

extension JSONReader {
    /// Reads a message of texts, an officer's id and a password.
    mutating func texts(
        _ wanted: [TextParameter], andPasswordOf officer: String
    ) throws(JSONError) -> (texts: [String], officer: Station.TypedOfficer, password: HeldSecret) {
        let found = try parts(wanted, ["password", officer], besides: [])
        guard let password = found.codes["password"] else { throw missingKey("password") }
        guard let typed = found.codes[officer] else { throw missingKey(officer) }
        return (found.texts, .received(typed), password)
    }
}

extension JSONReader {
    /// Reads a message of texts and one code: the texts in the order they are asked for.
    mutating func texts(
        _ wanted: [TextParameter], and code: String
    ) throws(JSONError) -> (texts: [String], code: HeldSecret) {
        let found = try parts(wanted, [code], besides: [])
        guard let held = found.codes[code] else { throw missingKey(code) }
        return (found.texts, held)
    }

    /// The same where the code may be entered at the reader's pad (`at_pad`); nil then.
    mutating func texts(
        _ wanted: [TextParameter], andAtPadOr code: String
    ) throws(JSONError) -> (texts: [String], code: HeldSecret?) {
        let found = try parts(wanted, [code], besides: ["at_pad"])
        try check(found.codes[code] != nil, code, isAtPad: found.isAtPad)
        return (found.texts, found.codes[code])
    }

    private mutating func parts(
        _ wanted: [TextParameter], _ codes: [String], besides: [String]
    ) throws(JSONError) -> (texts: [String], codes: [String: HeldSecret], isAtPad: Bool) {
        let known = wanted.map(\.name) + codes + besides
        var texts: [String: String] = [:]
        var held: [String: HeldSecret] = [:]
        var isAtPad = false
        try beginObject()
        while let key = try nextKey() {
            if let text = wanted.first(where: { $0.name == key }) {
                texts[key] = try string(maxLength: text.longest)
            } else if codes.contains(key) {
                held[key] = try heldSecret()
            } else if besides.contains(key) {
                if try !nullIfNext() { isAtPad = try boolean() }
            } else {
                throw unknownKey(key, known: known)
            }
        }
        var found: [String] = []
        for text in wanted {
            guard let value = texts[text.name] else { throw missingKey(text.name) }
            found.append(value)
        }
        return (found, held, isAtPad)
    }
}

extension Station {
    /// What was done by an officer's token, and what that cost its PIN.
    package struct ByToken<Done: StationMessage & Equatable>: StationMessage, Equatable {
        package let done: Done
        package let pinSpent: Spent
        package let pinLeft: Int?

        package init(_ done: Done, pinSpent: Spent, pinLeft: Int?) {
            self.done = done
            self.pinSpent = pinSpent
            self.pinLeft = pinLeft
        }

        package init(_ fields: Fields) throws(FieldError) {
            done = try Done(fields)
            pinSpent = try fields.message("pin_spent")
            pinLeft = try fields.optionalInteger("pin_left")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            done.write(into: &writer)
            writer.message("pin_spent", pinSpent)
            writer.member("pin_left", pinLeft)
        }
    }

    package typealias TokenSignInDone = ByToken<SignInDone>
    package typealias ApprovedByToken = ByToken<Approved>
}
