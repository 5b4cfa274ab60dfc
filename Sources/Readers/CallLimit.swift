import System

/// How long one call to a card may take, for ways to a card that can give up.
struct CallLimit: Equatable, Sendable {
    /// When a way that can end a call in good order (CCID's Abort) does so: a little after the
    /// step's deadline, so that the caller is answered first, and for a command that writes in
    /// the card not before the hard cap.
    let orderly: Instant
    /// When any other way gives up, and what the card did stays unknown.
    let last: Instant
    /// The command may write in the card: nothing the reader says ends the wait for its answer,
    /// and the card keeps its power for a while where the answer is lost.
    let mayWrite: Bool

    init(orderly: Instant, last: Instant, mayWrite: Bool = false) {
        self.orderly = orderly
        self.last = last
        self.mayWrite = mayWrite
    }
}
