/// A powered card behind its contacts: from its answer to reset on, until its power goes.
struct CardContact: Sendable {
    private let design: ReaderDesign
    /// The rate the card sends and hears at, laid out as TA1.
    private(set) var rate: UInt8
    private var t0 = CardT0()
    private var t1: CardT1
    /// PPS comes first or not at all (ISO 7816-3, 9).
    private var mayNegotiate = true

    init(_ design: ReaderDesign) {
        self.design = design
        let readerNegotiates =
            design.does(
                ReaderDesign.Feature.negotiation | ReaderDesign.Feature.pps)
            && design.does(ReaderDesign.Feature.negotiation | ReaderDesign.Feature.parameters)
        rate = readerNegotiates || design.specificMode ? design.rate : 0x11
        t1 = CardT1(
            usesCRC: design.usesCRC, ifsc: design.ifsc,
            ifsd: design.does(ReaderDesign.Feature.ifsd) ? design.maximumIFSD : 32)
    }

    /// The reader negotiates this rate by itself; the card takes its own or the standard one.
    mutating func negotiate(_ wanted: UInt8) {
        if !design.specificMode, mayNegotiate, wanted == design.rate || wanted == 0x11 {
            rate = wanted
        }
    }

    /// One block, TPDU or PPS request.
    mutating func exchange(
        _ bytes: [UInt8], _ token: inout SimulatedToken, _ notes: inout ReaderNotes
    ) -> CardAnswer {
        if bytes.first == 0xFF { return negotiate(bytes, &notes) }
        mayNegotiate = false
        switch design.cardProtocol {
        case .t0: return t0.exchange(bytes, &token, &notes)
        case .t1:
            let isIFS = bytes.count > 1 && bytes[1] == 0xC1
            if isIFS, design.does(ReaderDesign.Feature.ifsd) {
                notes.complain("S(IFS) by the host of a reader that does it by itself")
            }
            return t1.receive(bytes, &token, &notes)
        }
    }

    /// PPS request (ISO 7816-3, 9.2). A card that does not like it says nothing.
    private mutating func negotiate(
        _ request: [UInt8], _ notes: inout ReaderNotes
    ) -> CardAnswer {
        if let complaint = complaint(request) {
            notes.complain("PPS: " + complaint)
            return .mute
        }
        mayNegotiate = false
        let type = request[1] & 0x0F
        switch design.pps {
        case .mute: return .mute
        case .echo where request[1] & 0x10 != 0:
            rate = request[2]
            return .bytes(request, after: 0)
        case .drop, .echo:
            // Fd and Dd.
            rate = 0x11
            return .bytes([0xFF, type, 0xFF ^ type], after: 0)
        }
    }

    private func complaint(_ request: [UInt8]) -> String? {
        guard mayNegotiate else { return "not right after the answer to reset" }
        guard !design.specificMode else { return "to a card in specific mode" }
        guard !design.does(ReaderDesign.Feature.negotiation | ReaderDesign.Feature.pps) else {
            return "by the host of a reader that does it by itself"
        }
        guard request.count >= 3, request.reduce(0, ^) == 0 else { return "a wrong PCK" }
        let optional = (request[1] >> 4 & 7).nonzeroBitCount
        guard request.count == 3 + optional, request[1] & 0x80 == 0 else {
            return "a length PPS0 does not announce"
        }
        guard request[1] & 0x0F == design.cardProtocol.rawValue else {
            return "a protocol the card does not offer"
        }
        guard request[1] & 0x60 == 0 else { return "PPS2 or PPS3, which the card did not offer" }
        if request[1] & 0x10 != 0, request[2] != design.rate, request[2] != 0x11 {
            return "a rate that is neither the card's nor the standard one"
        }
        return nil
    }
}
