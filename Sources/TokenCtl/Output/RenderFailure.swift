import JSON
import StationInterface

extension Page {
    /// What went wrong: message, account, what to do.
    mutating func add(_ failure: Failure) {
        if case .station(let error, _) = failure {
            if let result = error.result {
                blank()
                add(result)
                if let what = error.what { field("changed", what.joined(separator: ", ")) }
                return
            }
            text(error.message, .bad)
            addDetails(error)
        } else {
            text(failure.message, .bad)
        }
        if !failure.next.isEmpty { text("Next: " + failure.next) }
    }

    private mutating func addDetails(_ error: StationError) {
        if let account = error.account { add(account) }
        if let spent = error.pinSpent { field("PIN tries spent", Words.spent(spent)) }
        switch error.kind {
        case .wrongPIN: field("PIN tries left", Words.left(error.pinLeft))
        case .pinLastTry: field("PIN tries left", Words.left(error.left))
        case .lastTry: field("unblocking tries", Words.left(error.left))
        case .codeUnfit:
            if let rule = error.rule {
                field(
                    error.field == StationError.CodeField.newPIN.rawValue
                        ? "new PIN" : "unblocking code", Words.rule(rule))
            }
        default: break
        }
        if let comparison = error.comparison { add(comparison) }
        if let reasons = error.reasons, !reasons.isEmpty {
            field("reasons", reasons.joined(separator: ", "))
        }
        if let holders = error.holders {
            for holder in holders { field("may be held by", name(holder)) }
        }
        if let status = error.status { field("status word", status) }
        if let atr = error.atr { field("ATR", atr) }
        if let seconds = error.waitSeconds { field("wait", "\(seconds) s") }
        if let state = error.state { field("case is", state) }
    }

    mutating func add(_ error: UsageError) {
        text("tokenctl: \(error.message)", .bad)
        let topic = error.command.map { " " + $0 } ?? ""
        text("See tokenctl help\(topic).")
    }
}

extension Failure {
    /// For programs.
    var document: JSONValue { ["error": .string(name), "parameters": parameters] }
}

extension UsageError {
    var document: JSONValue {
        [
            "error": "tokenctl.Usage",
            "parameters": [
                "message": .string(message),
                "next": .string("tokenctl help" + (command.map { " " + $0 } ?? "")),
            ],
        ]
    }
}
