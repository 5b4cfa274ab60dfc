import Readers
import Tokens

/// Finds out whether asking for the PIN's tries by an empty VERIFY spends one, while wrong PINs
/// go to the token anyhow: each question is asked twice, and its answers held against what the
/// wrong PIN before was answered, and against each other.
final class QueryTrial {
    /// What the record and the profile allow.
    private let allowed: StatusQuery
    /// The family does not know the model, and nobody has said anything: it is tried here.
    private let isTried: Bool
    /// Whether the token shows the count in another way; nil while nobody looked.
    private var isShownOtherwise: Bool?
    private var last: Int?
    private var isUnsafe: Bool
    private var isShownSafe = false

    /// - Parameter isKnownUnsafe: the record says so of this token.
    init(_ allowed: StatusQuery, _ reading: Reading, isKnownUnsafe: Bool) {
        self.allowed = allowed
        isUnsafe = isKnownUnsafe
        isTried =
            allowed == .asFamilyKnows && reading.counters.pin.left == .unknown(.queryUnsafe)
    }

    /// Tries that finding out may cost: two questions, should they be counted.
    var mayCost: Int { isTried ? 2 : 0 }

    /// nil where it was not found out.
    var finding: Bool? { isUnsafe ? false : isShownSafe ? true : nil }

    /// How the count may be asked for besides.
    var query: StatusQuery {
        if isUnsafe { return .forbidden }
        return isTried && isShownSafe ? .profileSaysSafe : allowed
    }

    /// Wrong PINs begin anew.
    func begin() { last = nil }

    /// The count after a wrong PIN; nil where it cannot be had.
    /// - Parameter answered: what the answer to that PIN told.
    func look(
        _ session: inout CardSession, _ applet: any TokenApplet, answered: Int?
    ) throws(TokenError) -> Tokens.Counter? {
        if isShownOtherwise != false {
            let shown = try applet.readPINCounter(&session, asking: .forbidden)
            isShownOtherwise = shown.known != nil
            if shown.known != nil { return shown }
        }
        let query: StatusQuery = isTried && !isUnsafe ? .profileSaysSafe : self.query
        guard query != .forbidden else { return nil }
        let first = try applet.readPINCounter(&session, asking: query)
        guard let told = first.known else {
            if first.left == .unknown(.oddAnswer) { isUnsafe = true }
            return nil
        }
        let second = try applet.readPINCounter(&session, asking: query)
        if second.known != told || answered.map({ $0 != told }) ?? false
            || last.map({ $0 - 1 != told }) ?? false
        {
            isUnsafe = true
        } else if answered != nil || last != nil {
            isShownSafe = true
        }
        last = told
        return second
    }
}
