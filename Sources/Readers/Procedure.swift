/// Work on one card, to be run on its reader's thread.
///
/// Exactly one of `body` and `unopened` is called, then `closed`.
package struct Procedure: Sendable {
    /// What others are told the reader is doing.
    package let activity: String
    /// The card that is meant; nil takes whichever is in.
    package let insertion: UInt64?
    package let clock: StepClock
    /// For taking the reader and powering the card: the step "connect".
    package let connectBudget: Duration
    /// Works with the card. Every step it takes goes through `clock`.
    package let body: @Sendable (inout CardSession) -> Void
    /// The card could not be taken; the reader is free again, or stuck or gone. Called on a
    /// thread of the hub: it must return soon.
    package let unopened: @Sendable (ReaderError) -> Void
    /// The card is powered down and the reader is free for the next procedure.
    package let closed: @Sendable () -> Void

    package init(
        activity: String, insertion: UInt64? = nil, clock: StepClock,
        connectBudget: Duration = .seconds(10),
        body: @escaping @Sendable (inout CardSession) -> Void,
        unopened: @escaping @Sendable (ReaderError) -> Void,
        closed: @escaping @Sendable () -> Void = {}
    ) {
        self.activity = activity
        self.insertion = insertion
        self.clock = clock
        self.connectBudget = connectBudget
        self.body = body
        self.unopened = unopened
        self.closed = closed
    }
}
