import JSON
import StationInterface
import Testing
import Varlink

/// Each error carries what its interface promises, and a client reads it back.
@Suite struct ErrorTests {
    private static let result = MessageSample.result
    private static let account = MessageSample.account
    private static let spent = MessageSample.spent
    private static let rule = MessageSample.rule
    private static let comparison = MessageSample.comparison

    private static let samples: [StationError] = [
        .readerNotFound("r", "a", next: "b"), .noToken("r", "a", next: "b"),
        .readerBusy("r", holders: [MessageSample.holder], "a", next: "b"),
        .readerBusy("r", holders: [], "a", next: "b"), .readerStuck("r", "a", next: "b"),
        .readerUnavailable("r", "a", next: "b"),
        .tokenUnsupported("r", atr: "3b00", "a", next: "b"),
        .token(.removed, "r", account: account, "a", next: "b"),
        .token(.mute, "r", account: MessageSample.bareAccount, "a", next: "b"),
        .token(.disturbed, "r", account: account, "a", next: "b"),
        .token(.fault, "r", account: account, status: "6F00", "a", next: "b"),
        .token(.fault, "r", account: account, "a", next: "b"),
        .token(.cancelled, "r", account: account, "a", next: "b"),
        // A status word is TokenFault's alone.
        .token(.removed, "r", account: account, status: "6F00", "a", next: "b"),
        .padUnusable("r", "a", next: "b"),
        .journalUnavailable("a", next: "b"), .restoreNotFound("r-1", "a", next: "b"),
        .refused(caseNumber: "C-1", reader: "r", reasons: ["x"], "a", next: "b"),
        .refused(caseNumber: "C-1", reader: "r", reasons: [], "a", next: "b"),
        .tokenMismatch(caseNumber: "C-1", comparison, "a", next: "b"),
        .comparisonNeeded(caseNumber: "C-1", comparison, "a", next: "b"),
        .tokenChanged(result, what: ["counters"]), .permitInvalid("r-1", .used, "a", next: "b"),
        .permitInvalid("r-1", .expired, "a", next: "b"),
        .permitInvalid("r-1", .running, "a", next: "b"),
        .permitInvalid("r-1", .wantsResponse, "a", next: "b"),
        .permitInvalid("r-1", .noChallenge, "a", next: "b"),
        .codeUnfit("r-1", .newPIN, reason: "too_short", rule: rule, "a", next: "b"),
        .codeUnfit("r-1", .unblockingCode, reason: "too_long", rule: rule, "a", next: "b"),
        .lastTry("r-1", left: 1, "a", next: "b"), .lastTry("r-1", left: nil, "a", next: "b"),
        .ended(.wrongUnblockingCode, result), .ended(.unblockingCodeBlocked, result),
        .ended(.failed, result), .ended(.outcomeUnknown, MessageSample.bareResult),
        .ended(.stillWorking, result), .pinUnfit("r", reason: "not_digits", "a", next: "b"),
        .wrongPIN("r", spent: spent, left: 2, "a", next: "b"),
        .wrongPIN("r", spent: spent, left: nil, "a", next: "b"),
        .pinBlocked("r", spent: spent, "a", next: "b"),
        .pinNotEntered("r", .timedOut, spent: spent, "a", next: "b"),
        .pinNotEntered("r", .cancelled, spent: spent, "a", next: "b"),
        .pinNotEntered("r", .entriesDiffer, spent: spent, "a", next: "b"),
        .pinNotEntered("r", .wrongLength, spent: spent, "a", next: "b"),
        .pinNotEntered("r", .refused, spent: spent, "a", next: "b"),
        .pinLastTry("r", left: 1, "a", next: "b"), .pinLastTry("r", left: nil, "a", next: "b"),
        .noKey("r", "a", next: "b"), .restoreNotWaiting("r-1", "a", next: "b"),
        .caseNotFound("C-1", "a", next: "b"),
        .caseClosed("C-1", state: "closed", "a", next: "b"),
        .caseBusy("C-1", restore: "r-1", "a", next: "b"),
        .caseBusy("C-1", restore: nil, "a", next: "b"),
        .deviceOpen("C-1", "a", next: "b"),
        .actRefused("C-1", state: "open", acts: ["close"], "a", next: "b"),
        .requestNotFound("R-1", "a", next: "b"),
        .requestKnown("R-1", cases: ["C-1"], "a", next: "b"),
        .noticeKnown("C-1", "a", next: "b"),
        .paperUnavailable("C-1", "receipt", "a", next: "b"),
        .fieldInvalid("holder", reason: "too long", "a", next: "b"),
        .commandRefused("00A4", why: "x", "a", next: "b"),
        .commissionRefused("r", reasons: ["no-right"], "a", next: "b"),
        .commissionEnded(MessageSample.commission),
        .commissionEnded(MessageSample.bareCommission),
        .signInRequired("vn.tokenstation.Cases.Open", "a", next: "b"),
        .signInRefused("lan", .wrongPassword, waitSeconds: nil, "a", next: "b"),
        .signInRefused("lan", .mustWait, waitSeconds: 5, "a", next: "b"),
        .signInRefused(nil, .unknownToken, waitSeconds: nil, "a", next: "b"),
        .approvalRequired("r-1", act: "x", "a", next: "b"),
        .approvalRefused("r-1", "lan", .sameOfficer, "a", next: "b"),
        .approvalRefused("r-1", "lan", .noCounter, "a", next: "b"),
        .notSignedIn("a", next: "b"),
    ]

    @Test func everyErrorOfEveryInterfaceCanBeMadeAndNoOther() throws {
        let promised = try Interfaces.all().values.flatMap { interface in
            interface.errors.map { interface.name + "." + $0.name }
        }
        #expect(Set(promised) == Set(StationError.Kind.allCases.map(\.rawValue)))
        #expect(Set(Self.samples.map(\.kind)) == Set(StationError.Kind.allCases))
    }

    @Test(arguments: samples)
    func anErrorCarriesExactlyItsFields(_ error: StationError) throws {
        let parameters = try written { error.write(into: &$0) }
        let (interface, member) = try Interfaces.member(
            String(error.kind.rawValue.dropFirst("vn.tokenstation.".count)))
        guard case .error(let fields) = member.kind else {
            Issue.record("\(error.kind) is no error")
            return
        }
        #expect(Conformance(interface: interface).check(parameters, fields) == [])
    }

    @Test(arguments: samples)
    func anErrorIsReadBackTheSame(_ error: StationError) throws {
        let parameters = try written { error.write(into: &$0) }
        #expect(StationError(name: error.kind.rawValue, parameters: parameters) == error)
    }

    @Test func anErrorOfAnotherServiceIsNotOurs() {
        for name in ["org.varlink.service.PermissionDenied", "", "vn.tokenstation.Devices.None"] {
            #expect(StationError(name: name, parameters: ["message": "a"]) == nil)
        }
    }

    /// A client must live with an error of a later version, or a damaged one.
    @Test func anErrorWithOddFieldsIsReadAsFarAsItGoes() {
        let odd: JSONValue = ["message": 7, "left": "two", "new_field": [], "reader": "r"]
        let error = StationError(name: StationError.Kind.lastTry.rawValue, parameters: odd)
        #expect(error?.message == "" && error?.left == nil && error?.reader == "r")
        for parameters: JSONValue in [.null, [], "x"] {
            #expect(
                StationError(name: StationError.Kind.noKey.rawValue, parameters: parameters) != nil)
        }
    }
}
