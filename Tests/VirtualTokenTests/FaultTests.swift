import APDU
import Crypto
import Testing
import VirtualToken

@Suite struct FaultTests {
    @Test(arguments: [
        ("ins=2C,n=1,kind=pull-during", Fault(.instruction(0x2C, 1), .pullDuring)),
        ("ins=2c,kind=pull-before", Fault(.instruction(0x2C, 1), .pullBefore)),
        ("n=3,ins=20,kind=pull-after", Fault(.instruction(0x20, 3), .pullAfter)),
        ("apdu=12,kind=mute", Fault(.command(12), .mute(milliseconds: nil))),
        ("power=2,kind=mute:500", Fault(.commandSincePowerOn(2), .mute(milliseconds: 500))),
        ("apdu=1,kind=mute-after", Fault(.command(1), .muteAfter(milliseconds: nil))),
        ("every,kind=slow:100", Fault(.every, .slow(milliseconds: 100))),
        ("apdu=1,kind=truncate:1", Fault(.command(1), .truncated(1))),
        ("apdu=1,kind=sw:6F00", Fault(.command(1), .status(StatusWord(rawValue: 0x6F00)))),
        ("apdu=1,kind=sw-after:6581", Fault(.command(1), .statusAfter(.memoryFailure))),
        ("apdu=1,kind=reset", Fault(.command(1), .reset)),
        ("apdu=1,kind=garble", Fault(.command(1), .garbled)),
    ])
    func faultsAreRead(_ text: String, _ fault: Fault) throws {
        #expect(try Fault(parsing: text) == fault)
    }

    @Test(arguments: [
        "", "kind=mute", "apdu=1", "apdu=0,kind=mute", "apdu=x,kind=mute", "ins=2,kind=mute",
        "ins=2C2C,kind=mute", "apdu=1,kind=nonsense", "apdu=1,kind=slow", "apdu=1,kind=slow:-1",
        "apdu=1,kind=sw:6F", "apdu=1,kind=sw", "apdu=1,kind=reset:1", "apdu=1,kind=garble:1",
        "every=1,kind=mute",
        "apdu=1,kind=pull-before,what=1", "=", "apdu=1,=,kind=mute",
    ])
    func badFaultsAreRefused(_ text: String) {
        #expect(throws: VirtualTokenError.self) { try Fault(parsing: text) }
    }

    private let verify = Hex.bytes("0020008008" + Samples.wrong) ?? []
    private let select = Hex.bytes("00A4040005A000000308") ?? []

    private func token(_ spec: String) throws -> SimulatedToken {
        var token = SimulatedToken(PIVCard(.plain, Samples.state()))
        token.powerOn()
        token.arm(try Fault(parsing: spec))
        return token
    }

    /// What becomes of a wrong VERIFY, and of the counter.
    @Test(arguments: [
        ("pull-before", SimulatedToken.Exchange.pulled(after: nil), 3),
        ("pull-during", .pulled(after: nil), 2), ("pull-after", .pulled(after: [0x63, 0xC2]), 2),
        ("mute", .mute(milliseconds: nil), 3), ("mute:70", .mute(milliseconds: 70), 3),
        ("mute-after", .mute(milliseconds: nil), 2),
        ("slow:9", .answer([0x63, 0xC2], after: 9), 2),
        ("truncate:1", .answer([0x63], after: 0), 2), ("sw:6F00", .answer([0x6F, 0], after: 0), 3),
        ("sw-after:9000", .answer([0x90, 0], after: 0), 2),
        ("garble", .answer([0x63, 0xC2], after: 0), 2),
        ("reset", .answer([0x6D, 0], after: 0), 3),
    ])
    func aFaultDoesWhatItsNameSaysToCardAndAnswer(
        _ kind: String, _ expected: SimulatedToken.Exchange, _ left: Int
    ) throws {
        var token = try token("ins=20,n=1,kind=\(kind)")
        #expect(token.exchange(select) != expected)
        #expect(token.exchange(verify) == expected)
        #expect(token.piv?.state.pin.left == left)
        #expect(token.piv?.state.pin.spent == 3 - left)
    }

    @Test func noiseIsInTheDataOfAnAnswerAndNotInItsStatus() throws {
        var (token, whole) = (try token("ins=A4,kind=garble"), try token("every,kind=slow:1"))
        guard case .answer(let noise, after: 0) = token.exchange(select),
            case .answer(let plain, after: 1) = whole.exchange(select)
        else {
            Issue.record("no answers")
            return
        }
        #expect(plain.count > 2)
        #expect(noise == plain.dropLast(2).map { ~$0 } + [0x90, 0])
    }

    @Test func afterAPullNothingIsSelected() throws {
        var token = try token("ins=20,kind=pull-during")
        _ = token.exchange(select)
        _ = token.exchange(verify)
        token.powerOn()
        #expect(token.exchange(verify) == .answer([0x6D, 0], after: 0))
    }

    @Test func aFaultHappensOnceAtItsCommandAndCountsFromWhereItWasSet() throws {
        var token = SimulatedToken(PIVCard(.plain, Samples.state()))
        let ok = SimulatedToken.Exchange.answer([0x6D, 0], after: 0)
        let status: [UInt8] = [0, 0x20, 0, 0x80]
        #expect(token.exchange(status) == ok)
        token.arm(Fault(.command(2), .status(StatusWord(rawValue: 0x6F01))))
        token.arm(Fault(.instruction(0x20, 3), .status(StatusWord(rawValue: 0x6F02))))
        #expect(token.exchange(status) == ok)
        #expect(token.exchange(status) == .answer([0x6F, 1], after: 0))
        #expect(token.exchange(status) == .answer([0x6F, 2], after: 0))
        #expect(token.exchange(status) == ok)
    }

    @Test func powerOnStartsThatCountAgain() throws {
        var token = try token("power=2,kind=sw:6F00")
        #expect(token.exchange(select) != .answer([0x6F, 0], after: 0))
        token.powerOn()
        #expect(token.exchange(select) != .answer([0x6F, 0], after: 0))
        #expect(token.exchange(select) == .answer([0x6F, 0], after: 0))
    }

    @Test func ofAChainTheLastSegmentCounts() throws {
        var token = try token("ins=87,kind=sw:6F00")
        _ = token.exchange(select)
        #expect(token.exchange([0x10, 0x87, 7, 0x9A, 1, 0]) == .answer([0x90, 0], after: 0))
        #expect(token.exchange([0x00, 0x87, 7, 0x9A, 1, 0]) == .answer([0x6F, 0], after: 0))
    }

    @Test func everyAndClear() throws {
        var token = try token("every,kind=slow:5")
        #expect(token.exchange([0, 0x20, 0, 0x80]) == .answer([0x6D, 0], after: 5))
        #expect(token.exchange([0, 0x20, 0, 0x80]) == .answer([0x6D, 0], after: 5))
        token.clearFaults()
        #expect(token.exchange([0, 0x20, 0, 0x80]) == .answer([0x6D, 0], after: 0))
    }

    @Test func theRecordHoldsHeadersLengthsAndStatusWordsOnly() throws {
        var token = try token("apdu=3,kind=mute")
        _ = token.exchange(select)
        _ = token.exchange(verify)
        _ = token.exchange([0])
        #expect(
            token.logLine
                == #"[{"command":"00A40400","data":5,"status":"9000"},"#
                + #"{"command":"00200080","data":8,"status":"63C2"},"#
                + #"{"command":"00000000","data":0,"status":null}]"#)
        #expect(token.countersLine == #"{"pin":2,"puk":3,"pinSpent":1,"pukSpent":0}"#)
        token.lock()
        #expect(token.countersLine == #"{"pin":0,"puk":3,"pinSpent":1,"pukSpent":0}"#)
        for _ in 0..<(SimulatedToken.longestLog + 5) { _ = token.exchange([0]) }
        #expect(token.log.count == SimulatedToken.longestLog)
        token.clearLog()
        #expect(token.logLine == "[]")
    }

    @Test func aChannelReportsFaultsAsAReaderWould() throws {
        let faults: [(String, CardFault?)] = [
            ("pull-before", .removed), ("pull-during", .removed), ("mute", .mute),
            ("truncate:1", .malformedResponse), ("pull-after", nil), ("slow:100000", nil),
        ]
        for (kind, expected) in faults {
            let channel = VirtualChannel(PIVCard(.plain, Samples.state()))
            var response = ResponseBuffer()
            channel.token.withLock {
                $0.arm((try? Fault(parsing: "apdu=1,kind=\(kind)")) ?? .init(.every, .reset))
            }
            #expect(Self.fault(channel, [0, 0x20, 0, 0x80], &response) == expected, "\(kind)")
            if kind.hasPrefix("pull") {
                #expect(Self.fault(channel, select, &response) == .removed)
                channel.insert()
            }
            #expect(Self.fault(channel, select, &response) == nil)
            #expect(response.withBytes { Array($0.suffix(2)) } == [0x90, 0])
        }
    }

    private static func fault(
        _ channel: VirtualChannel, _ command: [UInt8], _ response: inout ResponseBuffer
    ) -> CardFault? {
        do {
            try command.withUnsafeBufferPointer { buffer in
                try channel.transmit(
                    UnsafeRawBufferPointer(buffer), writes: false, into: &response)
            }
            return nil
        } catch let fault as CardFault {
            return fault
        } catch {
            return .transport(-1)
        }
    }
}
