/// How a reader is to talk to one card, and how long to wait for it, from the card's ATR and the
/// agreed rates.
///
/// Reserved values of the ATR are replaced by the defaults.
package struct CardParameters: Equatable, Sendable {
    /// What PC_to_RDR_SetParameters says. The clock is never to be stopped, whatever the card
    /// allows; NAD is 0.
    package let reader: CCIDParameters
    /// Fi of TA1, which the work waiting time counts in also where another F was agreed on.
    private let cardF: Int

    /// - Parameters:
    ///   - rates: as agreed on, laid out as TA1: `PPSPlan.rates`, or what `PPS.agreed` gives.
    ///   - quirks: corrections for cards whose ATR is wrong.
    /// - Returns: nil for protocols other than T=0 and T=1.
    package init?(
        _ atr: ATR, _ transmissionProtocol: TransmissionProtocol, rates: UInt8,
        quirks: [ATRQuirk] = ATRQuirk.known
    ) {
        let fiDi = ATR.Rates(rates) == nil ? ATR.Rates.standardByte : rates
        cardF = atr.rates?.f ?? ATR.Rates.standard.f
        switch transmissionProtocol {
        case .t0:
            reader = .t0(
                CCIDParameters.T0(
                    fiDi: fiDi, convention: atr.convention, guardTime: atr.extraGuardTime,
                    waitingInteger: atr.waitingInteger ?? 10))
        case .t1:
            let t1 = atr.t1
            let quirk = quirks.first { $0.atr == atr.bytes }
            let bwi = quirk?.blockWaitingInteger ?? t1?.blockWaitingInteger ?? 4
            let cwi = t1?.characterWaitingInteger ?? 13
            reader = .t1(
                CCIDParameters.T1(
                    fiDi: fiDi, errorDetection: t1?.errorDetection ?? .lrc,
                    convention: atr.convention, guardTime: atr.extraGuardTime,
                    waitingIntegers: UInt8(truncatingIfNeeded: bwi << 4 | cwi),
                    informationFieldSize: UInt8(
                        truncatingIfNeeded: t1?.informationFieldSize ?? 32)))
        default:
            return nil
        }
    }

    /// How long the card may take, in microseconds, rounded up.
    package enum Times: Equatable, Sendable {
        /// WWT: between any two characters (10.2).
        case t0(workWaiting: UInt64)
        /// BWT and CWT: to the first character of the card's block, and between characters in
        /// it. BGT: the least between blocks of opposite directions (11.4).
        case t1(blockWaiting: UInt64, characterWaiting: UInt64, blockGuard: UInt64)
    }

    /// The card's times at a clock in kHz. One below 1000, which no card has to take, counts as
    /// 1000.
    package func times(clock: UInt32) -> Times {
        let clock = UInt64(max(clock, 1000))
        switch reader {
        case .t0(let t0):
            // The older edition counts in the F in force, the newer in Fi: the longer holds.
            let f = UInt64(max(ATR.Rates(t0.fiDi)?.f ?? cardF, cardF))
            let cycles = UInt64(t0.waitingInteger) * 960 * f
            return .t0(workWaiting: Self.microseconds(cycles, 1, clock))
        case .t1(let t1):
            let rates = ATR.Rates(t1.fiDi) ?? .standard
            let f = UInt64(rates.f)
            let d = UInt64(rates.d)
            let character = 11 + (UInt64(1) << UInt64(t1.waitingIntegers & 0x0F))
            // 2^BWI times 960 counts in Fd whatever was agreed on.
            let block = 11 * f + (UInt64(1) << UInt64(t1.waitingIntegers >> 4)) * 960 * 372 * d
            return .t1(
                blockWaiting: Self.microseconds(block, d, clock),
                characterWaiting: Self.microseconds(character * f, d, clock),
                blockGuard: Self.microseconds(22 * f, d, clock))
        }
    }

    /// `cycles` / `divisor` clock cycles. The largest, 2^9 * 960 * 372 * 64, is far from 64 bits.
    private static func microseconds(_ cycles: UInt64, _ divisor: UInt64, _ clock: UInt64) -> UInt64
    {
        let perMillisecond = divisor * clock
        return (cycles * 1000 + perMillisecond - 1) / perMillisecond
    }
}

/// What a card's ATR should have said, for cards known to need something else.
package struct ATRQuirk: Equatable, Sendable {
    /// The whole ATR.
    package let atr: [UInt8]
    /// BWI to use instead of the ATR's, 0 to 9.
    package let blockWaitingInteger: Int
    /// Which card, and what goes wrong otherwise.
    package let reason: String

    package init(atr: [UInt8], blockWaitingInteger: Int, reason: String) {
        self.atr = atr
        self.blockWaitingInteger = min(max(blockWaitingInteger, 0), 9)
        self.reason = reason
    }

    package static var known: [ATRQuirk] {
        [
            ATRQuirk(
                atr: [
                    0x3B, 0xFA, 0x13, 0x00, 0xFF, 0x81, 0x31, 0x80, 0x45, 0x00, 0x31, 0xC1, 0x73,
                    0xC0, 0x01, 0x00, 0x00, 0x90, 0x00, 0xB1,
                ],
                blockWaitingInteger: 7,
                reason: "OpenPGP card: makes a key longer than the 1.4 s its BWI of 4 allows")
        ]
    }
}
