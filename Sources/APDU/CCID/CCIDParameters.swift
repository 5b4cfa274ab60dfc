/// The parameters of a protocol as readers exchange them (6.1.7, 6.2.3).
package enum CCIDParameters: Equatable, Sendable {
    case t0(T0)
    case t1(T1)

    package struct T0: Equatable, Sendable {
        /// bmFindexDindex, as in TA1.
        package var fiDi: UInt8
        package var convention: ATR.Convention
        /// bGuardTimeT0, as in TC1.
        package var guardTime: UInt8
        /// bWaitingIntegerT0, as in TC2.
        package var waitingInteger: UInt8
        package var clockStop: ATR.ClockStop

        package init(
            fiDi: UInt8 = 0x11, convention: ATR.Convention = .direct, guardTime: UInt8 = 0,
            waitingInteger: UInt8 = 10, clockStop: ATR.ClockStop = .notSupported
        ) {
            self.fiDi = fiDi
            self.convention = convention
            self.guardTime = guardTime
            self.waitingInteger = waitingInteger
            self.clockStop = clockStop
        }
    }

    package struct T1: Equatable, Sendable {
        /// bmFindexDindex, as in TA1.
        package var fiDi: UInt8
        package var errorDetection: ATR.ErrorDetection
        package var convention: ATR.Convention
        /// bGuardTimeT1, as in TC1.
        package var guardTime: UInt8
        /// bmWaitingIntegersT1: BWI in the high half, CWI in the low one.
        package var waitingIntegers: UInt8
        package var clockStop: ATR.ClockStop
        /// bIFSC, in bytes.
        package var informationFieldSize: UInt8
        package var nodeAddress: UInt8

        package init(
            fiDi: UInt8 = 0x11, errorDetection: ATR.ErrorDetection = .lrc,
            convention: ATR.Convention = .direct, guardTime: UInt8 = 0,
            waitingIntegers: UInt8 = 0x4D, clockStop: ATR.ClockStop = .notSupported,
            informationFieldSize: UInt8 = 32, nodeAddress: UInt8 = 0
        ) {
            self.fiDi = fiDi
            self.errorDetection = errorDetection
            self.convention = convention
            self.guardTime = guardTime
            self.waitingIntegers = waitingIntegers
            self.clockStop = clockStop
            self.informationFieldSize = informationFieldSize
            self.nodeAddress = nodeAddress
        }
    }

    /// The command that sets them, for the bytes of `encode`.
    package var command: CCIDCommand {
        switch self {
        case .t0: .setParameters(.t0)
        case .t1: .setParameters(.t1)
        }
    }

    /// The parameters in an answer's data; reserved bits are read over.
    ///
    /// - Parameter kind: of the answer; readers that leave it 0 are told by the length.
    /// - Throws: `.parametersLength`.
    package init(
        parsing data: UnsafeRawBufferPointer, _ kind: TransmissionProtocol
    ) throws(CCIDError) {
        switch (kind, data.count) {
        case (.t0, 5):
            self = .t0(
                T0(
                    fiDi: data[0], convention: data[1] & 2 == 0 ? .direct : .inverse,
                    guardTime: data[2], waitingInteger: data[3],
                    clockStop: ATR.ClockStop(rawValue: data[4] & 3) ?? .notSupported))
        case (.t1, 7), (.t0, 7):
            self = .t1(
                T1(
                    fiDi: data[0], errorDetection: data[1] & 1 == 0 ? .lrc : .crc,
                    convention: data[1] & 2 == 0 ? .direct : .inverse, guardTime: data[2],
                    waitingIntegers: data[3],
                    clockStop: ATR.ClockStop(rawValue: data[4] & 3) ?? .notSupported,
                    informationFieldSize: data[5], nodeAddress: data[6]))
        default:
            throw CCIDError(.parametersLength(data.count))
        }
    }

    /// The five or seven bytes that go with `command`.
    package var bytes: [UInt8] {
        switch self {
        case .t0(let t0):
            [
                t0.fiDi, t0.convention == .direct ? 0 : 2, t0.guardTime, t0.waitingInteger,
                t0.clockStop.rawValue,
            ]
        case .t1(let t1):
            [
                t1.fiDi,
                0x10 | (t1.errorDetection == .lrc ? 0 : 1) | (t1.convention == .direct ? 0 : 2),
                t1.guardTime, t1.waitingIntegers, t1.clockStop.rawValue,
                t1.informationFieldSize, t1.nodeAddress,
            ]
        }
    }
}
