/// What a reader holds its line to a card to be: the data of SetParameters (CCID 1.1, 6.1.7).
struct ReaderParameters: Equatable, Sendable {
    var type: UInt8
    /// 5 bytes at T=0, 7 at T=1.
    var structure: [UInt8]

    var rate: UInt8 { structure[0] }

    /// As after power-on without anything set: T=0 at the standard rate.
    static let initial = ReaderParameters(type: 0, structure: [0x11, 0, 0, 10, 0])

    /// As the card's answer to reset says.
    static func of(_ design: ReaderDesign, rate: UInt8) -> ReaderParameters {
        switch design.cardProtocol {
        case .t0: return ReaderParameters(type: 0, structure: [rate, 0, 0, 10, 0])
        case .t1:
            let check: UInt8 = design.usesCRC ? 0x11 : 0x10
            return ReaderParameters(
                type: 1, structure: [rate, check, 0, 0x45, 0, design.ifsc, 0])
        }
    }

    /// What SetParameters brings, or bError: the offset of the byte that is wrong (6.2.6,
    /// table 6.2-2).
    static func read(
        type: UInt8, _ data: [UInt8], _ design: ReaderDesign
    ) -> Result<ReaderParameters, Refusal> {
        guard type <= 1 else { return .failure(Refusal(7)) }
        guard data.count == (type == 0 ? 5 : 7) else { return .failure(Refusal(1)) }
        guard type == design.cardProtocol.rawValue else { return .failure(Refusal(0xF6)) }
        guard ReaderDesign.bitRate(data[0]) != nil else { return .failure(Refusal(10)) }
        if type == 0 {
            guard data[1] & 0xFD == 0 else { return .failure(Refusal(11)) }
        } else {
            guard data[1] & 0xFC == 0x10 else { return .failure(Refusal(11)) }
            guard data[3] >> 4 <= 9 else { return .failure(Refusal(13)) }
            guard (1...254).contains(data[5]) else { return .failure(Refusal(15)) }
            guard data[6] == 0 else { return .failure(Refusal(16)) }
        }
        guard data[4] <= 3 else { return .failure(Refusal(14)) }
        return .success(ReaderParameters(type: type, structure: data))
    }

    struct Refusal: Error, Equatable {
        let error: UInt8
        init(_ error: UInt8) { self.error = error }
    }

    /// What is wrong with an exchange at these parameters; nil when the card can hear it.
    func complaint(_ design: ReaderDesign, _ contact: CardContact) -> String? {
        if type != design.cardProtocol.rawValue {
            return "an exchange before SetParameters named the card's protocol"
        }
        if rate != contact.rate { return "an exchange at another rate than the card's" }
        if type == 1, structure[1] & 1 != (design.usesCRC ? 1 : 0) {
            return "an exchange with the other check (LRC, CRC) than the card's"
        }
        return nil
    }
}
