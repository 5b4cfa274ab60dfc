/// One command to a reader and its answer, matched by slot, sequence number and type.
///
/// The caller sends the command, reads the bulk-in pipe and shows what came; time is the
/// caller's.
package struct CCIDExchange: Equatable, Sendable {
    package enum Step: Equatable, Sendable {
        /// An empty packet, or an answer to another command: read on.
        case readAgain
        /// The card wants so many times its waiting time more, nil without a number: read on.
        case extended(multiplier: UInt8?)
        /// The answer, done or failed; the exchange is over.
        case reply(CCIDReply)
        /// Host and reader are out of step: the caller aborts the command.
        case broken(CCIDError)
    }

    /// How many empty packets and answers to other commands are read over.
    package static var mostStale: Int { 16 }

    package let slot: UInt8
    package let sequence: UInt8
    /// bMessageType of the answer.
    package let answerType: UInt8
    /// How many empty packets and answers to other commands came so far.
    package private(set) var stale = 0
    /// How many time extensions came so far.
    package private(set) var extensions = 0
    private var isOver = false

    package init(_ command: CCIDCommand, slot: UInt8, sequence: UInt8) {
        self.slot = slot
        self.sequence = sequence
        answerType = command.answerType
    }

    /// Takes what one read of the bulk-in pipe gave.
    package mutating func receive(_ message: UnsafeRawBufferPointer) -> Step {
        guard !isOver else { return .broken(CCIDError(.exchangeOver)) }
        let step = judge(message)
        switch step {
        case .readAgain: break
        case .extended: extensions += 1
        case .reply, .broken: isOver = true
        }
        return step
    }

    private mutating func judge(_ message: UnsafeRawBufferPointer) -> Step {
        guard !message.isEmpty else { return skip() }
        let reply: CCIDReply
        do throws(CCIDError) {
            reply = try CCIDReply(parsing: message)
        } catch {
            return .broken(error)
        }
        guard reply.slot == slot, reply.sequence == sequence else { return skip() }
        // Readers say by SlotStatus that they failed, or want time, whatever the command was.
        let hasFitting =
            reply.type == answerType || (reply.type == 0x81 && reply.outcome != .ok)
        guard hasFitting else { return .broken(CCIDError(.answerType(reply.type), at: 0)) }
        if case .timeExtension(let multiplier) = reply.outcome {
            return .extended(multiplier: multiplier)
        }
        return .reply(reply)
    }

    private mutating func skip() -> Step {
        guard stale < Self.mostStale else {
            return .broken(CCIDError(.staleAnswers(limit: Self.mostStale)))
        }
        stale += 1
        return .readAgain
    }
}
