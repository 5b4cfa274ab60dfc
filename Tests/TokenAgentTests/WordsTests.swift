import APDU
import Readers
import StationInterface
import Synchronization
import System
import Testing
import Tokens

@testable import TokenAgent

@Test(arguments: [
    ("031187001234", "•••••••••234"), ("031187001", "•••••••01"), ("0311", "•••1"), ("031", "•••"),
    ("1", "•"), ("", ""),
])
func aPersonalNumberIsMaskedAlsoWhereItIsCutShort(_ number: String, _ shown: String) {
    #expect(masked(number) == shown)
}

/// Every case has a sentence, and the sentence keeps the promises.
@Suite struct WordsTests {
    private static let account = Station.Account(
        step: "read", pinSpent: .none, unblockingSpent: .none, pinLeft: nil, unblockingLeft: 3)

    private static func isSentence(_ text: String) -> Bool {
        text.hasSuffix(".") && text.first?.isUppercase == true && !text.contains("Optional(")
    }

    private static func check(_ error: StationError) {
        #expect(isSentence(error.message), "\(error.kind): \(error.message)")
        #expect(isSentence(error.next), "\(error.kind): \(error.next)")
    }

    @Test(arguments: [
        (ReaderError.noSuchReader("x"), StationError.Kind.readerNotFound), (.empty, .noToken),
        (.cardChanged, .noToken), (.busy(activity: "inspect"), .readerBusy),
        (.heldByOthers([]), .readerBusy),
        (.heldByOthers([Holder(process: 7, program: "scdaemon")]), .readerBusy),
        (.mute, .readerUnavailable), (.stuck(since: .now, what: "SCardTransmit"), .readerStuck),
        (.unavailable(reason: "gone"), .readerUnavailable), (.deadline, .readerUnavailable),
        (.cancelled, .readerUnavailable),
        (.pcsc(call: "SCardConnect", code: 0x8010_0009), .readerUnavailable),
        (.stopped, .readerUnavailable),
    ])
    func aReadersTroubleHasItsErrorAndWords(_ trouble: ReaderError, _ kind: StationError.Kind) {
        let error = Words.reader(trouble, "r")
        #expect(error.kind == kind)
        #expect(error.reader == "r")
        Self.check(error)
    }

    @Test(arguments: [
        ("access denied (0x8010006a)", "polkit"),
        ("service not available (0x8010001d)", "systemctl start pcscd.socket"),
    ])
    func aPCSCDThatRefusesIsNotSaidToBeDown(_ reason: String, _ words: String) {
        let remedy = Words.remedy(ofPCSCD: reason)
        #expect(remedy.contains(words))
        #expect(remedy.contains("pcscd.socket") != remedy.contains("polkit"))
    }

    @Test func whoMayHoldTheReaderIsNamed() {
        let error = Words.reader(.heldByOthers([Holder(process: 7, program: "scdaemon")]), "r")
        #expect(error.message.contains("scdaemon"))
        #expect(error.holders == [Station.Holder(pid: 7, program: "scdaemon")])
    }

    @Test(arguments: [
        (TokenError.Code.fault(.removed), StationError.Kind.tokenRemoved),
        (.fault(.reset), .tokenDisturbed), (.fault(.mute), .tokenMute),
        (.fault(.deadline), .tokenMute), (.fault(.cancelled), .cancelled),
        (.fault(.malformedResponse), .tokenFault), (.fault(.transport(-2)), .tokenFault),
        (.disturbed(.instructionNotSupported), .tokenDisturbed),
        (.status(.incorrectData), .tokenFault), (.malformed, .tokenFault),
        (.unsupported, .tokenUnsupported), (.noKey, .noKey), (.noLockedMemory, .tokenFault),
    ])
    func aTokensTroubleHasItsErrorAndWords(_ code: TokenError.Code, _ kind: StationError.Kind) {
        let error = Words.token(
            TokenError(code, "GET DATA"), reader: "r", atr: "3b00", account: Self.account)
        #expect(error.kind == kind)
        #expect(error.reader == "r")
        #expect(error.status == (code == .status(.incorrectData) ? "6A80" : nil))
        #expect(error.atr == (code == .unsupported ? "3b00" : nil))
        let carriesAccount = kind != .tokenUnsupported && kind != .noKey
        #expect((error.account != nil) == carriesAccount)
        Self.check(error)
    }

    @Test(arguments: CodeUnfit.allCases)
    func anUnfitCodeIsExplainedWithItsRule(_ unfit: CodeUnfit) {
        for rule in [Tokens.CodeRule(6...8, .digits), Tokens.CodeRule(8...8, .any)] {
            let words = Words.unfit(unfit, rule, what: "new PIN")
            #expect(Self.isSentence(words.message) && Self.isSentence(words.next))
            #expect(words.message.contains("nothing was sent"))
            #expect(words.next.contains(rule.minimum == 6 ? "6 to 8" : "8 characters"))
        }
    }

    @Test func everyReasonButTheObviousHasASentence() {
        let all: [Assessment.Reason] = [
            .unblockingCodeBlocked, .notIdentifiable, .certificateExpired, .pinCountUnknown,
            .statusQueryUnsafe, .unblockingCountUnknown, .lastTry, .noProvingKey,
        ]
        for reason in all { #expect(Words.sentence(reason).map(Self.isSentence) == true) }
        // Said by the help itself.
        #expect(Words.sentence(.notLocked) == nil)
    }

    @Test func theJournalsTroubleSaysThatNothingWasTouched() {
        let error = Words.journal("disk full")
        #expect(error.kind == .journalUnavailable)
        #expect(error.message.contains("disk full") && error.message.contains("not touched"))
        Self.check(error)
    }

    @Test func anErrorsNameIsAlsoAReason() {
        #expect(StationError.Kind.tokenRemoved.reason == "token-removed")
        #expect(StationError.Kind.noToken.reason == "no-token")
        #expect(StationError.Kind.readerBusy.reason == "reader-busy")
    }

    /// The words for an unfit code are those the interface lists.
    @Test func theInterfaceKnowsEveryWordForAnUnfitCode() {
        // Without locked memory nothing is judged: that is an error of its own.
        for unfit in CodeUnfit.allCases where unfit != .noLockedMemory {
            #expect(RestoreInterface.description.contains(unfit.rawValue))
        }
    }

    // MARK: The clerk

    @Test func theClerkWorksInOrderAndFinishesWhatIsQueued() throws {
        let clerk = Clerk()
        let log = Log()
        try clerk.start()
        for number in 0..<200 { #expect(clerk.submit { log.add(number) }) }
        clerk.close(by: .now + .seconds(30))
        #expect(log.all == Array(0..<200))
        #expect(!clerk.submit { log.add(-1) })
        #expect(log.all.count == 200)
    }

    @Test func aClerkThatIsStuckDoesNotHoldUpTheEnd() throws {
        let clerk = Clerk()
        let gate = Monitor(false)
        try clerk.start()
        clerk.submit { _ = gate.wait { $0 ? true : nil } }
        clerk.close(by: .now + .milliseconds(1))
        #expect(!clerk.submit {})
        gate.withLock { $0 = true }
    }

    private final class Log: Sendable {
        private let entries = Mutex<[Int]>([])
        func add(_ entry: Int) { entries.withLock { $0.append(entry) } }
        var all: [Int] { entries.withLock { $0 } }
    }
}
