import APDU
import Synchronization

/// A simulated token in the same process, for tests of whatever speaks to a card.
///
/// Being shared, it lets a test look at the token's counters while a family holds the channel.
package final class VirtualChannel: CardChannel {
    package let token: Mutex<SimulatedToken>
    private let isIn = Mutex(true)
    package let takesExtended: Bool

    /// - Parameter takesExtended: what the reader in between is said to take.
    package init(_ token: SimulatedToken, takesExtended: Bool = true) {
        self.token = Mutex(token)
        self.takesExtended = takesExtended && token.card.takesExtended
        self.token.withLock { $0.powerOn() }
    }

    package convenience init(_ card: any SimulatedCard, takesExtended: Bool = true) {
        self.init(SimulatedToken(card), takesExtended: takesExtended)
    }

    /// Puts the token back in after a pull, or resets it where it never left.
    package func insert() {
        isIn.withLock { $0 = true }
        token.withLock { $0.powerOn() }
    }

    package func pull() {
        isIn.withLock { $0 = false }
        token.withLock { $0.powerOff() }
    }

    /// Never sleeps: a slow answer comes at once, a mute card is `.mute` at once.
    package func transmit(
        _ command: UnsafeRawBufferPointer, writes: Bool, into response: inout ResponseBuffer
    ) throws(CardFault) {
        response.clear()
        guard isIn.withLock({ $0 }) else { throw CardFault.removed }
        let bytes = Array(command)
        switch token.withLock({ $0.exchange(bytes) }) {
        case .answer(let answer, _): try Self.put(answer, into: &response)
        case .pulled(after: .some(let answer)):
            isIn.withLock { $0 = false }
            try Self.put(answer, into: &response)
        case .pulled(after: nil):
            isIn.withLock { $0 = false }
            throw CardFault.removed
        case .mute: throw CardFault.mute
        }
    }

    private static func put(
        _ answer: [UInt8], into response: inout ResponseBuffer
    ) throws(CardFault) {
        guard answer.count >= 2 else { throw CardFault.malformedResponse }
        _ = answer.withUnsafeBytes { response.append(contentsOf: $0) }
    }
}
