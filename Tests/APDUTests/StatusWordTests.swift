import APDU
import Testing

@Suite struct StatusWordTests {
    @Test(arguments: [
        (UInt16(0x9000), StatusWord.Meaning.success),
        (0x6100, .moreData(256)), (0x6101, .moreData(1)), (0x61FF, .moreData(255)),
        (0x6C00, .wrongLength(exact: 256)), (0x6C08, .wrongLength(exact: 8)),
        (0x63C0, .triesLeft(0)), (0x63C3, .triesLeft(3)), (0x63CF, .triesLeft(15)),
        (0x6300, .verificationFailed), (0x6303, .warningChanged(3)),
        (0x63D0, .warningChanged(0xD0)),
        (0x6282, .warning(0x82)), (0x6285, .terminated),
        (0x6400, .failed(0)), (0x6500, .failedChanged(0)), (0x6581, .memoryFailure),
        (0x6501, .memoryFailure), (0x6601, .securityFailure(1)),
        (0x6700, .badLength), (0x6A85, .badLength), (0x6701, .other),
        (0x6881, .channelRefused), (0x6882, .secureMessaging), (0x6883, .chainingRefused),
        (0x6884, .chainingRefused), (0x6987, .secureMessaging), (0x6988, .secureMessaging),
        (0x6982, .securityNotSatisfied), (0x6983, .blocked), (0x6984, .referenceDataNotUsable),
        (0x6985, .conditionsNotSatisfied), (0x6986, .notAllowed),
        (0x6A80, .incorrectData), (0x6A81, .functionNotSupported), (0x6A82, .fileNotFound),
        (0x6A83, .recordNotFound), (0x6A84, .notEnoughMemory), (0x6A86, .incorrectParameters),
        (0x6A87, .incorrectParameters), (0x6A88, .referenceDataNotFound),
        (0x6B00, .incorrectParameters), (0x6D00, .instructionNotSupported),
        (0x6E00, .classNotSupported), (0x6F00, .noDiagnosis),
        (0x9001, .other), (0x0000, .other), (0xFFFF, .other), (0x6000, .other),
    ])
    func meansWhatTheStandardSays(_ raw: UInt16, _ meaning: StatusWord.Meaning) {
        #expect(StatusWord(rawValue: raw).meaning == meaning)
    }

    @Test func everyStatusWordHasAMeaningAndItsFourDigits() {
        for raw in UInt16.min...UInt16.max {
            let status = StatusWord(rawValue: raw)
            #expect(StatusWord(status.sw1, status.sw2) == status)
            _ = status.meaning
        }
        #expect(StatusWord(rawValue: 0x63C3).description == "63C3")
        #expect(StatusWord(rawValue: 0x0A0F).description == "0A0F")
    }

    @Test func onlyACountOrABlockTellsTheTries() {
        for raw in UInt16.min...UInt16.max {
            let status = StatusWord(rawValue: raw)
            let expected: Int? = raw == 0x6983 ? 0 : raw & 0xFFF0 == 0x63C0 ? Int(raw & 15) : nil
            #expect(status.tries == expected)
        }
    }

    @Test func statusWordsWithANumberAreMadeAndStayInTheirRange() {
        #expect(StatusWord.triesLeft(3).rawValue == 0x63C3)
        #expect(StatusWord.triesLeft(99).rawValue == 0x63CF)
        #expect(StatusWord.triesLeft(-1).rawValue == 0x63C0)
        #expect(StatusWord.moreData(5).rawValue == 0x6105)
        #expect(StatusWord.moreData(256).rawValue == 0x6100)
        #expect(StatusWord.moreData(70000).rawValue == 0x6100)
        #expect(StatusWord.wrongExpectedLength(exact: 256).rawValue == 0x6C00)
    }

    @Test(arguments: [(UInt16(0x6D00), true), (0x6E00, true), (0x6A82, false), (0x9000, false)])
    func anUnknownInstructionOrClassHintsAtAnotherApplet(_ raw: UInt16, _ hints: Bool) {
        #expect(StatusWord(rawValue: raw).hintsAtAnotherApplet == hints)
    }

    @Test(arguments: [
        (UInt16(0x9000), true), (0x6110, true), (0x6282, true), (0x63C3, false), (0x6300, false),
        (0x6A80, false), (0x6C10, false),
    ])
    func isDoneWhereTheCommandWasCarriedOut(_ raw: UInt16, _ done: Bool) {
        #expect(StatusWord(rawValue: raw).isDone == done)
    }
}

@Suite struct ResponseTests {
    @Test(arguments: [
        ("9000", "", UInt16(0x9000)), ("01029000", "0102", 0x9000), ("63C3", "", 0x63C3),
        ("906282", "90", 0x6282),
    ])
    func endsInItsStatusWord(_ bytes: String, _ data: String, _ status: UInt16) throws {
        let response = try hex(bytes).withUnsafeBytes { try ResponseAPDU(parsing: $0) }
        #expect(response == ResponseAPDU(data: hex(data), status: StatusWord(rawValue: status)))
    }

    @Test(arguments: [0, 1, 65539]) func hasTwoTo65538Bytes(_ count: Int) {
        #expect(throws: APDUError(.responseLength, at: count)) {
            try pattern(count).withUnsafeBytes { try ResponseAPDU(parsing: $0) }
        }
    }

    @Test func theLongestResponseIsTaken() throws {
        let response = try pattern(65538).withUnsafeBytes { try ResponseAPDU(parsing: $0) }
        #expect(response.data.count == 65536)
    }

    @Test func aBufferHoldsOneResponseAfterTheOther() throws {
        var buffer = ResponseBuffer(capacity: 4)
        buffer.fill { room -> Int in
            room.copyBytes(from: [1, 2, 0x90, 0])
            return 4
        }
        #expect(buffer.withBytes { Array($0) } == [1, 2, 0x90, 0])
        let fits = buffer.set(ResponseAPDU(data: [9], status: .authenticationBlocked))
        #expect(fits)
        #expect(buffer.withBytes { Array($0) } == [9, 0x69, 0x83])
        let tooLong = buffer.set(ResponseAPDU(data: [1, 2, 3], status: .success))
        #expect(!tooLong)
        #expect(buffer.count == 0)
    }

    @Test(arguments: [(-1, 0), (0, 0), (4, 4), (5, 4), (Int.max, 4)])
    func aBufferTakesOverNoMoreThanItHolds(_ claimed: Int, _ count: Int) {
        var buffer = ResponseBuffer(capacity: 4)
        buffer.fill { _ -> Int in claimed }
        #expect(buffer.count == count)
    }

    @Test func aBufferHoldsNothingAfterAFault() {
        var buffer = ResponseBuffer(capacity: 8)
        _ = buffer.set(ResponseAPDU(data: [9], status: .success))
        #expect(throws: CardFault.removed) {
            try buffer.fill { _ throws(CardFault) -> Int in throw CardFault.removed }
        }
        #expect(buffer.count == 0)
    }

    @Test func appendingBeyondTheEndChangesNothing() {
        var buffer = ResponseBuffer(capacity: 3)
        let first = [UInt8](repeating: 1, count: 2).withUnsafeBytes {
            buffer.append(contentsOf: $0)
        }
        let second = [UInt8](repeating: 2, count: 2).withUnsafeBytes {
            buffer.append(contentsOf: $0)
        }
        #expect(first && !second)
        #expect(buffer.withBytes { Array($0) } == [1, 1])
    }
}
