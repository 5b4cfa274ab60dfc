/// The rates a reader can drive a card at, as its class descriptor tells them (CCID 5.1).
package struct ReaderRates: Equatable, Sendable {
    /// The rates it says it supports, in bit/s, in any order; empty where it lists none.
    package let rates: [UInt32]
    /// dwMaxDataRate, in bit/s.
    package let maximum: UInt32
    /// dwDefaultClock, in kHz.
    package let clock: UInt32

    package init(rates: [UInt32] = [], maximum: UInt32, clock: UInt32) {
        self.rates = rates
        self.maximum = maximum
        self.clock = clock
    }

    /// What a descriptor tells, and the rates that GET_DATA_RATES listed.
    package init(_ descriptor: CCIDDescriptor, rates: [UInt32] = []) {
        self.init(
            rates: rates, maximum: descriptor.maximumDataRate, clock: descriptor.defaultClock)
    }

    /// Whether the reader can work at `rates`: not above its maximum, and in its list where it
    /// has one. A reader that does not tell its clock can at none but Fd and Dd.
    package func canWork(at rates: ATR.Rates) -> Bool {
        guard clock > 0 else { return rates == .standard }
        let wanted = UInt64(clock) * 1000 * UInt64(rates.d) / UInt64(rates.f)
        // Lists hold whole numbers, made by cutting or rounding, and sometimes from a clock that
        // is itself rounded.
        let slack = 1 + wanted / 1000
        guard wanted <= UInt64(maximum) + slack else { return false }
        guard !self.rates.isEmpty else { return true }
        for rate in self.rates {
            let rate = UInt64(rate)
            if rate <= wanted + slack, wanted <= rate + slack { return true }
        }
        return false
    }
}

/// Which protocol and rates to agree on with a card after its reset (ISO/IEC 7816-3:2006, 6.3
/// and clause 9).
package struct PPSPlan: Equatable, Sendable {
    package let transmissionProtocol: TransmissionProtocol
    /// The rates in force once this is done, laid out as TA1.
    package let rates: UInt8
    /// The request to send; nil where the card works so without one.
    package let request: PPS?

    /// Plans for `wanted`: the card's own rates where the reader can, else the fastest slower
    /// ones both can, else Fd and Dd.
    ///
    /// No request is made in specific mode (TA2), nor where the card's first protocol at Fd and
    /// Dd is what comes out. Reserved values in TA1 count as Fd and Dd. In specific mode the
    /// rates are the card's alone; implicit ones, which only the reader could know, count as Fd
    /// and Dd too.
    /// - Throws: `.protocolNotOffered`.
    package init(
        _ atr: ATR, wanted: TransmissionProtocol, reader: ReaderRates
    ) throws(PPSError) {
        if let mode = atr.specificMode {
            guard mode.transmissionProtocol == wanted else { throw PPSError(.protocolNotOffered) }
            self = .withoutExchange(atr)
            return
        }
        let offered = atr.protocols
        guard offered.contains(wanted) else { throw PPSError(.protocolNotOffered) }
        let chosen = Self.fastest(atr, reader)
        let isDefault = wanted == offered.first && chosen == ATR.Rates.standardByte
        self.init(wanted, chosen, isDefault ? nil : PPS(wanted, rates: chosen))
    }

    /// What holds after a reset with no PPS, the way to go on after one that failed: the first
    /// protocol at Fd and Dd, or what specific mode says.
    package static func withoutExchange(_ atr: ATR) -> PPSPlan {
        guard let mode = atr.specificMode else {
            return PPSPlan(atr.protocols.first ?? .t0, ATR.Rates.standardByte, nil)
        }
        let rates = mode.ratesAreImplicit || atr.rates == nil ? nil : atr.ratesByte
        return PPSPlan(mode.transmissionProtocol, rates ?? ATR.Rates.standardByte, nil)
    }

    private init(_ transmissionProtocol: TransmissionProtocol, _ rates: UInt8, _ request: PPS?) {
        self.transmissionProtocol = transmissionProtocol
        self.rates = rates
        self.request = request
    }

    /// The fastest of the card's rates that the reader can work at and that gains something.
    ///
    /// Any D from 1 to the card's own may be asked for. Only those that divide it are: a card at
    /// 64 is sure to know 32 and 16, and less sure to know 20 and 12.
    private static func fastest(_ atr: ATR, _ reader: ReaderRates) -> UInt8 {
        guard let byte = atr.ratesByte, let own = ATR.Rates(byte) else {
            return ATR.Rates.standardByte
        }
        // Codes of D 64, 32, 20, 16, 12, 8, 4, 2, 1.
        for code in [7, 6, 9, 5, 8, 4, 3, 2, 1] as [UInt8] {
            let candidate = byte & 0xF0 | code
            guard let rates = ATR.Rates(candidate), own.d % rates.d == 0 else { continue }
            // At most as fast as 372 and 1, which needs no asking.
            guard rates.d * 372 > rates.f else { break }
            if reader.canWork(at: rates) { return candidate }
        }
        return ATR.Rates.standardByte
    }
}

extension ATR {
    /// TA1 as it is, reserved or not; nil without it.
    package var ratesByte: UInt8? { interface.first?.ta }

    /// The protocol to talk to this card in: T=1 before T=0, of those it offers and the reader
    /// has; in specific mode the one it is in. Nil where there is none.
    package func preferredProtocol(
        among supported: [TransmissionProtocol]
    ) -> TransmissionProtocol? {
        if let mode = specificMode {
            return supported.contains(mode.transmissionProtocol) ? mode.transmissionProtocol : nil
        }
        for candidate in [.t1, .t0] as [TransmissionProtocol] {
            if protocols.contains(candidate), supported.contains(candidate) { return candidate }
        }
        return nil
    }
}
