import Crypto
import Testing
import VirtualToken

/// The card's side of T=1, T=0 and PPS, behind a reader at TPDU level.
@Suite struct CardSideTests {
    /// Blocks without their LRC, and what the card says to each.
    struct Conversation: Sendable, CustomTestStringConvertible {
        let name: String
        let faults: [String]
        let lines: [(String, String)]
        /// What the reader noted about the host.
        let complaints: [String]

        init(
            _ name: String, faults: [String] = [], complaints: [String] = [],
            _ lines: [(String, String)]
        ) {
            (self.name, self.faults) = (name, faults)
            (self.lines, self.complaints) = (lines, complaints)
        }

        var testDescription: String { name }
    }

    // SELECT, its whole answer, an empty VERIFY and its answer.
    private static let select = "00000A 00A4040005A000000308"
    private static let selected =
        "000015" + Samples.property
    private static let status = "004004 00200080"
    private static let statusAnswer = "00400263C3"

    static let t1 = [
        Conversation(
            "numbers go round", [(select, selected), (status, statusAnswer)]),
        Conversation(
            "a command in two blocks",
            [("002005 00A4040005", "009000"), ("004005 A000000308", selected)]),
        Conversation(
            "an answer in blocks of IFSD",
            [
                ("00C10108", "00E10108"), (select, "002008" + Samples.property.prefix(16)),
                ("009000", "006008" + Samples.property.dropFirst(16).prefix(16)),
                ("008000", "000005" + Samples.property.dropFirst(32)),
            ]),
        Conversation(
            "an answer is asked for again",
            [
                (select, selected), ("008100", selected), ("008100", selected),
                (status, statusAnswer),
            ]),
        Conversation(
            "a block that got lost is asked for", faults: ["block=1,kind=drop"],
            [(select, "40FE"), ("008000", "008000"), (select, selected)]),
        Conversation(
            "a block with wrong check is asked for", faults: ["block=1,kind=edc"],
            [(select, "008100"), (select, selected)]),
        Conversation(
            "an answer that got lost is not carried out again", faults: ["sent=1,kind=drop"],
            [(select, "40FE"), ("008000", selected), (status, statusAnswer)]),
        Conversation(
            "an answer with wrong parity", faults: ["sent=1,kind=parity"],
            [(select, "40FD"), ("008100", selected)]),
        Conversation(
            "time is asked for", faults: ["sent=1,kind=wtx:2"],
            [(select, "00C30101"), ("00E30101", "00C30101"), ("00E30101", selected)]),
        Conversation(
            "time is asked for again", faults: ["sent=1,kind=wtx:1"],
            [(select, "00C30101"), ("008100", "00C30101"), ("00E30101", selected)]),
        Conversation(
            "another multiplier than the card's", faults: ["sent=1,kind=wtx:1"],
            complaints: ["T=1: an S response that nobody asked for"],
            [(select, "00C30101"), ("00E30102", "009200"), ("00E30101", selected)]),
        Conversation(
            "IFS of the card", faults: ["sent=1,kind=ifs:20"],
            [(select, "00C10120"), ("00E10120", selected)]),
        Conversation(
            "the card gives up", faults: ["sent=1,kind=abort"],
            [(select, "00C200"), ("00E200", "009000")]),
        Conversation(
            "all is as after power-on",
            [
                (select, selected), ("00C10110", "00E10110"), ("00C000", "00E000"),
                (select, selected),
            ]),
        Conversation(
            "the host gives its chain up",
            [
                ("002005 00A4040005", "009000"), ("00C200", "00E200"),
                ("004004 00200080", "0000026D00"),
            ]),
        Conversation(
            "wrong node", faults: ["sent=1,kind=nad"], [(select, "11" + selected.dropFirst(2))]),
        Conversation(
            "wrong number", faults: ["sent=1,kind=number"], [(select, "004015" + Samples.property)]),
        Conversation(
            "another response", faults: ["sent=1,kind=wrong-s"], [("00C101FE", "00E301FE")]),
        Conversation(
            "what a host must not do",
            complaints: [
                "T=1: a block with NAD other than 0", "T=1: an I-block with the wrong N(S)",
                "T=1: S(WTX) asked for by the host", "T=1: an S-block that is none",
                "T=1: an I-block with reserved bits", "T=1: a block whose LEN is not its length",
                "T=1: an R-block that is none", "T=1: S(IFS) with a value that is none",
            ],
            [
                ("12000400200080", "008200"), ("00400400200080", "008200"),
                ("00C30101", "008200"), ("00C400", "008200"), ("00010400200080", "008200"),
                ("00000500200080", "008200"), ("008300", "008200"), ("00C101FF", "008200"),
            ]),
    ]

    @Test(arguments: t1) func blocks(_ conversation: Conversation) throws {
        var bench = Bench {
            $0.level = .tpdu
            $0.features &= ~0x400
        }
        for fault in conversation.faults { bench.reader.arm(try ReaderFault(parsing: fault)) }
        _ = bench.say(0x62)
        for (number, (block, wanted)) in conversation.lines.enumerated() {
            let answer = bench.block(block)
            #expect(answer == wanted, "line \(number): \(block) -> \(answer)")
        }
        #expect(bench.reader.complaints == conversation.complaints)
    }

    @Test(
        arguments: [
            // Case 4: the data wait.
            [("00A4040005A000000308", "6113"), ("00C0000013", Samples.property)],
            [
                ("00A4040005A000000308", "6113"), ("00C00000FF", "6C13"),
                ("00C0000010", Samples.property.prefix(32) + "6103"),
                ("00C0000003", String(Samples.property.dropFirst(32))),
            ],
            // Case 1, with and without P3.
            [("00200080", "6D00"), ("0020008000", "6D00")],
            // Case 3, counted once.
            [
                ("00A4040005A000000308", "6113"), ("0020008008" + Samples.wrong, "63C2"),
                ("00C0000001", "6985"), ("0020008000", "63C2"),
            ],
            // ENVELOPE: by its length, by an empty one, with Le apart.
            [
                ("00C2000008" + "00A40400000005A0", "9000"), ("00C2000004" + "00000308", "6113"),
                ("00C0000013", Samples.property),
            ],
            [("00C2000004" + "00200080", "6D00"), ("00C2000000", "6700")],
            // What cannot be sent.
            [("00A404", "4001"), ("0020008008313233", "4001")],
        ] as [[(String, String)]])
    func tpdus(_ lines: [(String, String)]) {
        var bench = Bench {
            $0.level = .tpdu
            $0.cardProtocol = .t0
        }
        _ = bench.say(0x62)
        for (number, (tpdu, wanted)) in lines.enumerated() {
            let answer = bench.exchange(tpdu)
            #expect(answer == wanted, "line \(number): \(tpdu) -> \(answer)")
        }
    }

    @Test func theSameCommandWithTheRightLengthIsNotCarriedOutAgain() {
        var bench = Bench(.yubiKey) {
            $0.level = .tpdu
            $0.cardProtocol = .t0
        }
        _ = bench.say(0x62)
        #expect(bench.exchange("00A4040005A000000308") == "6113")
        #expect(bench.exchange("00F8000000") == "6C04")
        #expect(bench.exchange("00F8000003") == "6C04")
        #expect(bench.exchange("00F8000004") == "00BC614E9000")
        #expect(bench.reader.token(0).log.count == 2)
    }

    @Test(arguments: [
        (ReaderDesign.PPSManner.echo, "FF1195", "FF11957B", [String]()),
        (.drop, "FF1195", "FF01FE", []), (.mute, "FF1195", "40FE", []),
        (.echo, "FF01", "FF01FE", []),
        (.echo, "FF1196", "40FE", ["PPS: a rate that is neither the card's nor the standard one"]),
        (.echo, "FF1095", "40FE", ["PPS: a protocol the card does not offer"]),
        (.echo, "FF319500", "40FE", ["PPS: PPS2 or PPS3, which the card did not offer"]),
        (.echo, "FF119500", "40FE", ["PPS: a length PPS0 does not announce"]),
    ])
    func pps(
        _ manner: ReaderDesign.PPSManner, _ request: String, _ answer: String,
        _ complaints: [String]
    ) {
        var bench = Bench {
            $0.level = .tpdu
            $0.features = ReaderDesign.manual
            $0.pps = manner
        }
        _ = bench.say(0x62, "010000")
        let bytes = Hex.bytes(request) ?? []
        #expect(bench.exchange(Hex.upper(bytes + [bytes.reduce(0, ^)])) == answer)
        #expect(bench.reader.complaints == complaints)
    }

    @Test func aSlowCardAsksForTimeAndThenTakesIt() throws {
        var bench = Bench { $0.level = .tpdu }
        bench.reader.withToken(0) { $0.arm(Fault(.every, .slow(milliseconds: 700))) }
        _ = bench.say(0x62)
        #expect(bench.block(Self.select, now: 1000) == "[]")
        #expect(bench.reader.nextDue == 1500)
        bench.reader.tick(now: 1500)
        #expect(bench.transfers().first?.hasSuffix("00C30101C3") == true)
        #expect(bench.block("00E30101", now: 1600) == "[]")
        bench.reader.tick(now: 1799)
        #expect(bench.transfers().isEmpty)
        bench.reader.tick(now: 1800)
        #expect(bench.transfers().first?.contains(Samples.property) == true)
        #expect(bench.reader.nextDue == nil)
    }
}
