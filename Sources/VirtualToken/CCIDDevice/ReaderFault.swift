import Crypto

/// A misbehaviour of the reader or of the line to the card, planned beforehand, as data.
///
/// `Fault` is the token's own; this one is about what lies between token and host.
package struct ReaderFault: Equatable, Sendable {
    package enum Trigger: Equatable, Sendable {
        /// The n-th bulk OUT message from when the fault was set.
        case message(Int)
        /// The n-th bulk OUT message of this type.
        case type(UInt8, Int)
        case everyMessage
        /// The n-th T=1 block to the card.
        case blockReceived(Int)
        /// The n-th T=1 block from the card.
        case blockSent(Int)
    }

    package enum Kind: Equatable, Sendable {
        // At a message.
        case pullBefore, pullAfter, unplugBefore, unplugAfter
        /// Gone before, and told by the interrupt pipe alone.
        case pullMute
        /// Not carried out, never answered; the slot is busy until an abort.
        case mute
        /// Carried out, never answered.
        case muteAfter
        /// Not carried out; failed with this bError.
        case error(UInt8)
        /// Carried out; failed with this bError.
        case errorAfter(UInt8)
        /// bSeq and bSlot of the answer are off by so much.
        case sequence(UInt8)
        case slot(UInt8)
        /// The answer's dwLength says so many bytes more, or fewer, than come.
        case long(Int)
        case short(Int)
        case emptyBefore, emptyAfter
        /// A whole last packet is not followed by an empty one.
        case noEmpty
        /// The answer comes in transfers of so many bytes.
        case split(Int)
        /// So many time extensions with this bError before the answer.
        case extend(Int, UInt8)
        case extendForever(UInt8)
        /// The answer is lost and the endpoint halted.
        case stallIn
        /// The message is lost and the endpoint halted.
        case stallOut
        /// Silent until CLEAR_FEATURE(ENDPOINT_HALT) or SET_CONFIGURATION.
        case deaf
        /// The reader starts anew: the message is lost, the cards lose their power.
        case reset
        case babble

        // At a block.
        case checkError, parity, drop
        /// So many S(WTX) requests with multiplier 1 first; 0 is without end.
        case waitingTime(Int)
        /// S(IFS) request with this value first.
        case informationField(UInt8)
        /// S(ABORT) request in place of the block.
        case chainAbort
        /// Another S response than the one that is due.
        case wrongResponse
        case wrongLength, wrongNode, wrongNumber
    }

    package let trigger: Trigger
    package let kind: Kind

    package init(_ trigger: Trigger, _ kind: Kind) {
        self.trigger = trigger
        self.kind = kind
    }

    /// The grammar of `init(parsing:)`.
    package static let grammar = """
        WHEN,kind=KIND[:VALUE]
        WHEN  out=N             the N-th bulk OUT message from now
              msg=XX[,n=N]      the N-th with this message type (62 power on, 6F exchange,
                                69 secure, 72 abort, ...)
              each              each bulk OUT message, until cleared
        KIND  pull-before, pull-after      the card is gone before, or after the answer
              pull-mute         gone before, and the message is never answered
              unplug-before, unplug-after  the same with the whole device
              mute, mute-after  never answered; not carried out, or carried out
              error:XX, error-after:XX     failed with bError XX (FE mute, FD parity, E0 busy)
              seq[:N], slot[:N] bSeq or bSlot of the answer is off by N
              long[:N], short[:N]  dwLength of the answer is off by N
              zlp-before, zlp-after  an empty packet before or after the answer
              no-zlp            no empty packet after an answer of whole packets
              split:N           the answer comes in transfers of N bytes
              extend:N[/XX]     N time extensions first, bError XX (01)
              extend-forever[:XX]  nothing but time extensions
              stall-in, stall-out  the endpoint halts; answer or message are lost
              deaf              nothing is answered until CLEAR_FEATURE(ENDPOINT_HALT)
              reset             the message is lost, and all cards lose their power
              babble            more bytes than the host asked for
        WHEN  block=N           the N-th T=1 block to the card (TPDU level)
        KIND  edc               received with a wrong check byte
              parity            the reader reports bError FD
              drop              lost on the way
        WHEN  sent=N            the N-th T=1 block from the card
        KIND  edc, parity, drop as above
              wtx:N             N S(WTX) requests first; 0: without end
              ifs:XX            an S(IFS) request first
              abort             an S(ABORT) request in its place
              wrong-s           where it is an S response, another one
              len, nad, number  LEN too large by one, NAD 11, N(S) or N(R) the other one
        """

    /// Whether a text is one of these and not a token's `Fault`.
    package static func isMeant(by text: String) -> Bool {
        text.split(separator: ",").contains { part in
            part == "each" || ["out=", "msg=", "block=", "sent="].contains { part.hasPrefix($0) }
        }
    }

    /// Reads `msg=6F,n=2,kind=seq` and its like; see `grammar`.
    package init(parsing text: String) throws(VirtualTokenError) {
        var trigger: Trigger?
        var kindText: Substring?
        var nth = 1
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            let value = pair.count == 2 ? pair[1] : ""
            switch pair.first ?? "" {
            case "each" where pair.count == 1: trigger = .everyMessage
            case "out": trigger = .message(try Self.number(value, in: part))
            case "block": trigger = .blockReceived(try Self.number(value, in: part))
            case "sent": trigger = .blockSent(try Self.number(value, in: part))
            case "n": nth = try Self.number(value, in: part)
            case "msg": trigger = .type(try Self.byte(value, in: part), 1)
            case "kind": kindText = value
            default: throw Self.error("out, msg, each, block, sent, n or kind", in: part)
            }
        }
        if case .type(let type, _) = trigger { trigger = .type(type, nth) }
        guard let trigger, let kindText else {
            throw VirtualTokenError(.badFault, "fault \(text): when and kind are both needed")
        }
        self.init(trigger, try Self.kind(kindText, at: trigger))
    }

    private static func kind(
        _ text: Substring, at trigger: Trigger
    ) throws(VirtualTokenError) -> Kind {
        let pair = text.split(separator: ":", maxSplits: 1)
        let value = pair.count == 2 ? pair[1] : nil
        let name = pair.first.map(String.init) ?? ""
        let isBlock: Bool
        let isSent: Bool
        switch trigger {
        case .blockReceived: (isBlock, isSent) = (true, false)
        case .blockSent: (isBlock, isSent) = (true, true)
        default: (isBlock, isSent) = (false, false)
        }
        if value == nil, let plain = isBlock ? blocks[name] : messages[name],
            isSent || !isBlock || [.checkError, .parity, .drop].contains(plain)
        {
            return plain
        }
        switch (name, value) {
        case ("wtx", .some(let value)) where isSent:
            return .waitingTime(value == "0" ? 0 : try number(value, in: text))
        case ("ifs", .some(let value)) where isSent:
            return .informationField(try byte(value, in: text))
        case _ where isBlock: break
        case ("error", .some(let value)): return .error(try byte(value, in: text))
        case ("error-after", .some(let value)): return .errorAfter(try byte(value, in: text))
        case ("seq", _):
            return .sequence(UInt8(truncatingIfNeeded: try number(value ?? "1", in: text)))
        case ("slot", _):
            return .slot(UInt8(truncatingIfNeeded: try number(value ?? "1", in: text)))
        case ("long", _): return .long(try number(value ?? "1", in: text))
        case ("short", _): return .short(try number(value ?? "1", in: text))
        case ("split", .some(let value)): return .split(try number(value, in: text))
        case ("extend-forever", _): return .extendForever(try byte(value ?? "01", in: text))
        case ("extend", .some(let value)):
            let parts = value.split(separator: "/", maxSplits: 1)
            return .extend(
                try number(parts.first ?? "", in: text),
                try byte(parts.count == 2 ? parts[1] : "01", in: text))
        default: break
        }
        throw error("a kind of fault for that moment", in: text)
    }

    private static let messages: [String: Kind] = [
        "pull-before": .pullBefore, "pull-after": .pullAfter, "pull-mute": .pullMute,
        "unplug-before": .unplugBefore, "unplug-after": .unplugAfter, "mute": .mute,
        "mute-after": .muteAfter,
        "zlp-before": .emptyBefore, "zlp-after": .emptyAfter, "no-zlp": .noEmpty,
        "stall-in": .stallIn, "stall-out": .stallOut, "deaf": .deaf, "reset": .reset,
        "babble": .babble,
    ]

    private static let blocks: [String: Kind] = [
        "edc": .checkError, "parity": .parity, "drop": .drop, "abort": .chainAbort,
        "wrong-s": .wrongResponse, "len": .wrongLength, "nad": .wrongNode,
        "number": .wrongNumber,
    ]

    private static func number(
        _ text: Substring, in part: Substring
    ) throws(VirtualTokenError) -> Int {
        guard let number = Int(text), (1...1_000_000).contains(number) else {
            throw error("a number from 1", in: part)
        }
        return number
    }

    private static func byte(
        _ text: Substring, in part: Substring
    ) throws(VirtualTokenError) -> UInt8 {
        guard let bytes = Hex.bytes(String(text)), bytes.count == 1 else {
            throw error("two hex digits", in: part)
        }
        return bytes[0]
    }

    private static func error(_ wanted: String, in part: Substring) -> VirtualTokenError {
        VirtualTokenError(.badFault, "fault: \(part): \(wanted) expected")
    }
}
