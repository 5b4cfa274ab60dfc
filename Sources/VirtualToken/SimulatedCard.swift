import APDU

/// The card side of a token as a state machine: command bytes in, response bytes out, no input
/// or output of its own. Each family of tokens is one such type, in a folder of its own, with a
/// `TokenRecipe` beside it and a row in `TokenModel.all`.
package protocol SimulatedCard: Sendable {
    /// The family's name, as it stands in a kept state; no spaces.
    static var family: String { get }

    var atr: [UInt8] { get }
    var historicalBytes: [UInt8] { get }
    /// Whether the card takes extended length.
    var takesExtended: Bool { get }
    /// The serial number, for people.
    var serialText: String { get }
    /// Each code that counts, the one that is used every day first.
    var counters: [CardCounter] { get }

    /// Goes up whenever the state changed: time to write it down.
    var revision: Int { get }
    /// All that stays without power, as `StateText` writes it.
    func stateText() throws(VirtualTokenError) -> String
    /// A card of the same model with the state that was kept.
    ///
    /// - Throws: `.damagedState`.
    func keeping(_ text: String) throws(VirtualTokenError) -> any SimulatedCard

    /// Power-on or reset: everything proven is forgotten.
    mutating func reset()
    /// Answers one command; never fewer than two bytes.
    mutating func respond(to bytes: [UInt8]) -> [UInt8]
    /// Blocks the code used every day, as wrong ones would have, without counting them.
    mutating func block()
}

/// A code's counter, as the control socket tells it.
package struct CardCounter: Equatable, Sendable {
    /// A word: `pin`, `puk`, `admin`.
    package let name: String
    /// What people call it.
    package let title: String
    package let total: Int
    package let left: Int
    /// Tries spent since the token was made.
    package let spent: Int

    init(_ name: String, _ title: String, _ code: CardCode) {
        self.name = name
        self.title = title
        (total, left, spent) = (code.total, code.left, code.spent)
    }
}
