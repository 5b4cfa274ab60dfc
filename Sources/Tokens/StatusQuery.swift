/// Whether a token may be asked for its PIN's tries by an empty VERIFY, and on whose word.
package enum StatusQuery: Equatable, Sendable {
    /// It might spend a try, or nobody could remember that it did.
    case forbidden
    /// Where the family knows that its models bear it.
    case asFamilyKnows
    /// The profile of the model says that it spends none, also where the family knows nothing.
    case profileSaysSafe
}
