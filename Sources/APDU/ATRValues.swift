/// A transmission protocol by its number T (ISO 7816-3, 8.2.3).
package struct TransmissionProtocol: RawRepresentable, Equatable, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let t0 = TransmissionProtocol(rawValue: 0)
    package static let t1 = TransmissionProtocol(rawValue: 1)
    /// T=15 is no protocol: it marks interface bytes that are for all protocols.
    package static let global = TransmissionProtocol(rawValue: 15)
}

extension ATR {
    /// The protocols offered, first offer first; T=0 where there is no TD1.
    package var protocols: [TransmissionProtocol] {
        var offered: [TransmissionProtocol] = []
        for group in interface {
            guard let td = group.td else { break }
            let next = TransmissionProtocol(rawValue: td & 0x0F)
            if next != .global, !offered.contains(next) { offered.append(next) }
        }
        return offered.isEmpty ? [.t0] : offered
    }

    /// TA1: clock rate conversion and baud rate adjustment (8.3, tables 7 and 8).
    package struct Rates: Equatable, Sendable {
        /// Fi or F: clock cycles an elementary time unit at D = 1.
        package let f: Int
        /// Di or D.
        package let d: Int
        /// f(max) of table 7, in kHz.
        package let maximumClock: Int

        /// Fd and Dd: what holds until something else is agreed on.
        package static var standard: Rates { Rates(f: 372, d: 1, maximumClock: 5000) }

        /// Reads a byte laid out as TA1; nil where either half is reserved.
        package init?(_ byte: UInt8) {
            let clock: (f: Int, maximum: Int)? =
                switch byte >> 4 {
                case 0: (372, 4000)
                case 1: (372, 5000)
                case 2: (558, 6000)
                case 3: (744, 8000)
                case 4: (1116, 12000)
                case 5: (1488, 16000)
                case 6: (1860, 20000)
                case 9: (512, 5000)
                case 10: (768, 7500)
                case 11: (1024, 10000)
                case 12: (1536, 15000)
                case 13: (2048, 20000)
                default: nil
                }
            let adjustment: Int? =
                switch byte & 0x0F {
                case 1: 1
                case 2: 2
                case 3: 4
                case 4: 8
                case 5: 16
                case 6: 32
                case 7: 64
                case 8: 12
                case 9: 20
                default: nil
                }
            guard let clock, let adjustment else { return nil }
            self.init(f: clock.f, d: adjustment, maximumClock: clock.maximum)
        }

        private init(f: Int, d: Int, maximumClock: Int) {
            self.f = f
            self.d = d
            self.maximumClock = maximumClock
        }
    }

    /// Fi and Di of TA1, 372 and 1 without it; nil where TA1 is reserved.
    package var rates: Rates? {
        guard let ta1 = byte(1, { $0.ta }) else { return .standard }
        return Rates(ta1)
    }

    /// N of TC1, the extra guard time: 0 to 254, or 255, which means the protocol's least.
    package var extraGuardTime: UInt8 { byte(1, { $0.tc }) ?? 0 }

    /// TA2: the card is in specific mode and speaks one protocol, with no PPS (8.3).
    package struct SpecificMode: Equatable, Sendable {
        package let transmissionProtocol: TransmissionProtocol
        /// Whether a reset can bring the card into negotiable mode.
        package let canChange: Bool
        /// Whether the rates are the reader's to know, and not those of TA1.
        package let ratesAreImplicit: Bool
    }

    /// Specific mode where there is a TA2, else nil: negotiable mode.
    package var specificMode: SpecificMode? {
        guard let ta2 = byte(2, { $0.ta }) else { return nil }
        return SpecificMode(
            transmissionProtocol: TransmissionProtocol(rawValue: ta2 & 0x0F),
            canChange: ta2 & 0x80 == 0, ratesAreImplicit: ta2 & 0x10 != 0)
    }

    /// WI of TC2, T=0's waiting time integer; 10 without it, nil where it is the reserved 0.
    package var waitingInteger: UInt8? {
        guard let tc2 = byte(2, { $0.tc }) else { return 10 }
        return tc2 == 0 ? nil : tc2
    }

    /// What the first interface bytes for T=1 say (ISO 7816-3, 11.4).
    package struct T1Parameters: Equatable, Sendable {
        /// IFSC, 1 to 254 bytes, 32 by default; nil where it is reserved (00, FF).
        package let informationFieldSize: Int?
        /// BWI, 0 to 9, 4 by default; nil where it is reserved.
        package let blockWaitingInteger: Int?
        /// CWI, 0 to 15, 13 by default.
        package let characterWaitingInteger: Int
        package let errorDetection: ErrorDetection
    }

    /// The check at the end of each T=1 block.
    package enum ErrorDetection: Equatable, Sendable {
        /// One byte, the XOR of the others; the default.
        case lrc
        /// Two bytes, ISO/IEC 13239.
        case crc
    }

    /// T=1's parameters, where T=1 is offered.
    package var t1: T1Parameters? {
        guard protocols.contains(.t1) else { return nil }
        let ifsc = specific(.t1, { $0.ta }) ?? 32
        let waiting = specific(.t1, { $0.tb }) ?? 0x4D
        let check = specific(.t1, { $0.tc }) ?? 0
        return T1Parameters(
            informationFieldSize: ifsc == 0 || ifsc == 255 ? nil : Int(ifsc),
            blockWaitingInteger: waiting >> 4 > 9 ? nil : Int(waiting >> 4),
            characterWaitingInteger: Int(waiting & 0x0F),
            errorDetection: check & 1 == 0 ? .lrc : .crc)
    }

    /// Whether, and at which level, the clock may be stopped.
    package enum ClockStop: UInt8, Equatable, Sendable {
        case notSupported = 0
        case low = 1
        case high = 2
        case either = 3
    }

    /// Clock stop indicator X of the first TA for T=15; not supported without it (8.3).
    package var clockStop: ClockStop {
        ClockStop(rawValue: (specific(.global, { $0.ta }) ?? 0) >> 6) ?? .notSupported
    }

    /// Operating conditions, the supply voltages the card takes.
    package struct VoltageClasses: OptionSet, Equatable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Class A, 5 V.
        package static let a = VoltageClasses(rawValue: 1)
        /// Class B, 3 V.
        package static let b = VoltageClasses(rawValue: 2)
        /// Class C, 1.8 V.
        package static let c = VoltageClasses(rawValue: 4)
    }

    /// Class indicator Y of the first TA for T=15, class A without it; nil where it is
    /// reserved (8.3).
    package var voltageClasses: VoltageClasses? {
        guard let ta = specific(.global, { $0.ta }) else { return .a }
        switch ta & 0x3F {
        case 1, 2, 3, 4, 6, 7: return VoltageClasses(rawValue: ta & 0x3F)
        default: return nil
        }
    }

    /// TAi, TBi, TCi or TDi for one i, where it is there.
    private func byte(_ index: Int, _ which: (InterfaceBytes) -> UInt8?) -> UInt8? {
        guard index >= 1, index <= interface.count else { return nil }
        return which(interface[index - 1])
    }

    /// The first interface byte of a kind that is for `wanted`: i above 2, after its TD.
    private func specific(
        _ wanted: TransmissionProtocol, _ which: (InterfaceBytes) -> UInt8?
    ) -> UInt8? {
        for group in interface where group.index > 2 && group.transmissionProtocol == wanted {
            if let byte = which(group) { return byte }
        }
        return nil
    }
}
