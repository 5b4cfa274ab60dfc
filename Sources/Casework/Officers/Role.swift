/// What a caller is to the station.
package enum Role: String, CaseIterable, Hashable, Sendable {
    /// Sees readers and how the station stands.
    case observer
    /// Takes in requests, restores, checks keys.
    case counter
    /// Finds out what is wrong.
    case technician
    /// Reads the record.
    case auditor
}

/// What goes beyond a role and is given by name.
package enum Right: String, CaseIterable, Hashable, Sendable {
    /// May say that the last try, or one of an unknown number, is spent.
    case lastTry = "last_try"
    /// May send a token commands that are not on the reading list.
    case raw
    /// May take on a token whose model is provisional.
    case provisional
    /// May see personal numbers, which are on the form and nowhere else.
    case personal
    /// May try a model on a token that may be lost: block it, and unblock it.
    case commission
}
