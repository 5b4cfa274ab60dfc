import Crypto
import Testing
import VirtualToken

@Suite struct CCIDReaderTests {
    /// Messages and answers, each without slot, number and length, which `Bench` checks.
    @Test(arguments: [
        (UInt8(0x65), "000000", "", ["81010001"]), (0x63, "000000", "", ["81010001"]),
        (0x6F, "000000", "00200080", ["8041FE00"]), (0x6C, "000000", "", ["820100001100000A00"]),
        (0x61, "010000", "00", ["8241FE00"]), (0x6B, "000000", "0102", ["83410000"]),
        (0x71, "000000", "", ["81410000"]), (0x42, "000000", "", ["81410000"]),
        (0x6E, "010000", "", ["81010000"]), (0x62, "040000", "", ["80410700"]),
        (0x69, "000000", "", ["80410100"]), (0x69, "000000", "05", ["80410A00"]),
        (0x73, "000000", "A00F000048E80100", ["84010000A00F000048E80100"]),
        (0x73, "000000", "A00F000001000000", ["84410E00"]),
    ])
    func aCardWithoutPowerIsAnsweredFor(
        _ type: UInt8, _ specific: String, _ data: String, _ wanted: [String]
    ) {
        var bench = Bench()
        let found = bench.say(type, specific, data)
        #expect(found == wanted, "\(found)")
    }

    @Test(arguments: [
        (ReaderDesign.CardProtocol.t1, false, false, "3B95958131FE45"),
        (.t1, true, false, "3B95958171FE4501"), (.t1, false, true, "3B9595918131FE45"),
        (.t0, false, false, "3B1595"), (.t0, false, true, "3B95951080"),
    ])
    func theAnswerToResetSaysHowTheCardSpeaks(
        _ type: ReaderDesign.CardProtocol, _ crc: Bool, _ specific: Bool, _ start: String
    ) {
        var bench = Bench {
            $0.cardProtocol = type
            $0.usesCRC = crc
            $0.specificMode = specific
        }
        let answer = bench.say(0x62).first ?? ""
        #expect(answer.hasPrefix("80000000" + start + "8073C021C0"), "\(answer)")
        let atr = Hex.bytes(String(answer.dropFirst(8))) ?? []
        #expect(type == .t0 || atr.dropFirst().reduce(0, ^) == 0)
    }

    /// SetParameters, and bError where it is wrong.
    @Test(arguments: [
        ("010000", "95100045 00FE00", ""), ("010000", "95100045 00FE", "01"),
        ("020000", "95100045 00FE00", "07"), ("000000", "1100000A00", "F6"),
        ("010000", "7F100045 00FE00", "0A"), ("010000", "95000045 00FE00", "0B"),
        ("010000", "951000A5 00FE00", "0D"), ("010000", "95100045 04FE00", "0E"),
        ("010000", "95100045 000000", "0F"), ("010000", "95100045 00FE11", "10"),
    ])
    func parametersAreChecked(_ type: String, _ data: String, _ error: String) {
        var bench = Bench {
            $0.level = .tpdu
            $0.features = ReaderDesign.manual
        }
        _ = bench.say(0x62, "010000")
        let answer = bench.say(0x61, type, data).first ?? ""
        if error.isEmpty {
            #expect(answer == "82000001" + data.filter { $0 != " " })
        } else {
            #expect(answer == "8240" + error + "00")
        }
        #expect(bench.reader.complaints.isEmpty == error.isEmpty)
    }

    @Test func whatDoesNotFitItsLengthIsRefused() {
        var bench = Bench { $0.level = .short }
        #expect(bench.raw([0x65, 1, 0, 0, 0, 0, 1, 0, 0, 0]) == ["81000000000001410100"])
        #expect(bench.raw([0x65, 0, 0, 0, 0, 0, 2, 0, 0, 0, 9]) == ["81000000000002410100"])
        #expect(bench.raw([0x65, 0, 0]).isEmpty)
        #expect(
            bench.raw([0x6F, 0xFF, 0xFF, 0xFF, 0xFF, 0, 3, 0, 0, 0]) == ["80000000000003410100"])
        #expect(bench.raw([0x65, 0, 0, 0, 0, 4, 5, 0, 0, 0]) == ["81000000000405420500"])
        #expect(bench.reader.complaints.count == 5)
    }

    @Test func aMessageMayComeInTransfersOfWholePackets() {
        var bench = Bench()
        _ = bench.say(0x62)
        let apdu =
            [0x00, 0xCB, 0x3F, 0xFF, 0x00, 0x01, 0x00] + [UInt8](repeating: 0x5C, count: 256)
        let message = [0x6F, UInt8(apdu.count & 0xFF), 1, 0, 0, 0, 9, 0, 0, 0] + apdu
        #expect(bench.raw(Array(message[..<128])).isEmpty)
        #expect(bench.raw(Array(message[128..<256])).isEmpty)
        #expect(bench.raw(Array(message[256...])).count == 1)
        #expect(bench.reader.complaints.isEmpty)
    }

    @Test func anEmptyPacketIsTakenOnlyAfterWholePackets() {
        var bench = Bench()
        _ = bench.say(0x62)
        let apdu = [0x00, 0xA4, 0x04, 0x00, 49] + [UInt8](repeating: 0, count: 49)
        #expect(bench.raw([0x6F, 54, 0, 0, 0, 0, 9, 0, 0, 0] + apdu).count == 1)
        #expect(bench.raw([]).isEmpty)
        #expect(bench.reader.complaints.isEmpty)
        #expect(bench.raw([]).isEmpty)
        #expect(bench.reader.complaints == ["an empty packet where no message ended"])
    }

    @Test func twoCommandsForOneSlotAreOneTooMany() throws {
        var bench = Bench { $0.slots = 2 }
        _ = bench.say(0x62)
        bench.reader.arm(try ReaderFault(parsing: "msg=6F,kind=mute"))
        #expect(bench.say(0x6F, "000000", "00200080").isEmpty)
        #expect(bench.say(0x65) == ["8140E000"])
        #expect(bench.say(0x65, slot: 1) == ["81010001"])
        #expect(bench.reader.complaints == ["a command to a slot that is busy"])
    }

    @Test func anAbortNeedsBothHalvesInEitherOrder() throws {
        var bench = Bench()
        _ = bench.say(0x62)
        bench.reader.arm(try ReaderFault(parsing: "msg=6F,kind=mute"))
        #expect(bench.say(0x6F, "000000", "00200080").isEmpty)
        let sequence = bench.sequence
        bench.sequence &-= 1
        #expect(bench.say(0x72).isEmpty)
        let setup = SetupPacket(0x21, 1, value: UInt16(sequence) << 8)
        #expect(bench.reader.control(setup, [], now: 0) == [])
        let both = bench.transfers()
        #expect(
            both.map { $0.suffix(8) } == [
                "\(Hex.upper([sequence]))40FF00", "\(Hex.upper([sequence]))000000",
            ])
        #expect(bench.reader.control(setup, [], now: 0) == [])
        #expect(bench.say(0x65) == ["8140FF00"])
        bench.sequence = sequence &- 1
        #expect(bench.say(0x72) == ["81000000"])
        #expect(bench.say(0x65) == ["81000000"])
    }

    @Test func aReaderThatStartsAnewForgetsItsCards() throws {
        var bench = Bench()
        _ = bench.say(0x62)
        bench.reader.arm(try ReaderFault(parsing: "msg=6F,kind=reset"))
        #expect(bench.say(0x6F, "000000", "00200080").isEmpty)
        #expect(bench.say(0x65) == ["81010001"])
    }

    @Test(arguments: [ReaderDesign.Level.short, .tpdu, .character])
    func chainingIsForTheExtendedLevel(_ level: ReaderDesign.Level) {
        var bench = Bench { $0.level = level }
        _ = bench.say(0x62)
        let answer = bench.say(0x6F, "000100", "00200080")
        #expect(answer == [level == .character ? "80400000" : "80400800"])
    }

    @Test func chainsThatDoNotFitTogetherAreRefused() {
        var bench = Bench { $0.messageLength = 271 }
        _ = bench.say(0x62)
        #expect(bench.say(0x6F, "000200", "00") == ["80400800"])
        #expect(bench.say(0x6F, "001000", "") == ["80400800"])
        #expect(bench.say(0x6F, "000100", "0020") == ["80000010"])
        #expect(bench.say(0x6F, "000200", "0080") == ["800000006D00"])
        #expect(bench.say(0x6F, "000100", "0020") == ["80000010"])
        #expect(bench.say(0x6F, "000000", "00200080") == ["80400800"])
        #expect(bench.reader.complaints.count == 3)
    }

    @Test func afterAConfigurationEverythingIsAsAfterPluggingIn() throws {
        var bench = Bench()
        _ = bench.say(0x62)
        bench.reader.arm(try ReaderFault(parsing: "msg=65,kind=stall-in"))
        #expect(bench.say(0x65) == ["stall"])
        #expect(bench.reader.control(SetupPacket(0, 9, value: 1), [], now: 0) == [])
        #expect(bench.say(0x65) == ["81010001"])
        #expect(bench.reader.control(SetupPacket(0, 9, value: 2), [], now: 0) == nil)
        #expect(bench.reader.control(SetupPacket(0, 9, value: 0), [], now: 0) == [])
        #expect(bench.raw([0x65, 0, 0, 0, 0, 0, 1, 0, 0, 0]) == ["stall"])
    }

    @Test(arguments: [
        ("out=2,kind=seq", ReaderFault(.message(2), .sequence(1))),
        ("msg=6F,n=3,kind=slot:2", ReaderFault(.type(0x6F, 3), .slot(2))),
        ("each,kind=long:7", ReaderFault(.everyMessage, .long(7))),
        ("msg=62,kind=error:FE", ReaderFault(.type(0x62, 1), .error(0xFE))),
        ("msg=6F,kind=extend:3", ReaderFault(.type(0x6F, 1), .extend(3, 1))),
        ("msg=6F,kind=extend:3/FF", ReaderFault(.type(0x6F, 1), .extend(3, 0xFF))),
        ("msg=6F,kind=extend-forever", ReaderFault(.type(0x6F, 1), .extendForever(1))),
        ("block=1,kind=edc", ReaderFault(.blockReceived(1), .checkError)),
        ("sent=4,kind=wtx:0", ReaderFault(.blockSent(4), .waitingTime(0))),
        ("sent=1,kind=ifs:20", ReaderFault(.blockSent(1), .informationField(0x20))),
    ])
    func readerFaultsAreRead(_ text: String, _ fault: ReaderFault) throws {
        #expect(ReaderFault.isMeant(by: text))
        #expect(try ReaderFault(parsing: text) == fault)
    }

    @Test(arguments: [
        "out=1", "kind=seq", "out=0,kind=seq", "block=1,kind=abort", "block=1,kind=mute",
        "sent=1,kind=seq", "out=1,kind=edc", "out=1,kind=error", "out=1,kind=error:F",
        "out=1,kind=extend:x", "sent=1,kind=wtx", "out=1,kind=mute:5", "out=1,=",
        "each=1,kind=mute",
    ])
    func badReaderFaultsAreRefused(_ text: String) {
        #expect(throws: VirtualTokenError.self) { try ReaderFault(parsing: text) }
    }

    @Test(arguments: [
        ("slot 1 counters", ControlCommand.slot(1, .counters)), ("type 1 2", .type(["1", "2"])),
        ("complaints", .complaints),
        ("fault out=1,kind=deaf", .readerFault(ReaderFault(.message(1), .deaf))),
        ("fault apdu=1,kind=reset", .fault(Fault(.command(1), .reset))), ("unplug", .unplug),
    ])
    func controlLinesAreRead(_ text: String, _ command: ControlCommand) throws {
        #expect(try ControlCommand(parsing: text) == command)
    }

    @Test(arguments: ["slot", "slot 16 counters", "slot x log", "slot 1", "type", "unplug now"])
    func badControlLinesAreRefused(_ text: String) {
        #expect(throws: VirtualTokenError.self) { try ControlCommand(parsing: text) }
    }
}
