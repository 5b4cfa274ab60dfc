import APDU
import StationInterface
import Testing
import Tokens
import VirtualToken

@testable import TokenAgent

/// What a profile changes in how a token is read and judged, and that it only ever narrows.
@Suite struct ProfileUseTests {
    private static let published = "\"standing\": {\"state\": \"published\", \"reason\": \"r\"}"

    private static func profiles(
        _ more: String, standing: String = published, family: String = "piv"
    ) throws -> TokenProfiles {
        let text = """
            {"profile": 1, "name": "a", "title": "Model A", "family": "\(family)", \(more)
             \(standing)}
            """
        let read = TokenProfiles.load([("a.json5", Array(text.utf8))])
        #expect(read.mistakes == [])
        return try #require(read.profiles)
    }

    private static func read(
        _ profiles: TokenProfiles, yubico: Bool = false, safe: Bool = true
    ) throws -> Reading {
        var channel = VirtualChannel(try Sample.card(yubico: yubico))
        return try Reading.take(&channel, profiles: profiles, querySafety: { _ in safe })
    }

    @Test func aNewPINKeepsBothRulesAndTheOldOneItsOwn() throws {
        let reading = try Self.read(
            Self.profiles("\"pin\": {\"min\": 7, \"characters\": \"digits\"},"), yubico: true)
        #expect(reading.pinRule == CodeRule(6...8, .printable))
        #expect(reading.newPINRule == CodeRule(7...8, .digits))
        #expect(reading.ways.allSatisfy { $0.isOpen })
        // A pad knows only the family's lengths.
        #expect(reading.pad.verify != nil && reading.pad.unblock == nil)
        let plain = try Self.read(Self.profiles(""), yubico: true)
        #expect(plain.newPINRule == plain.pinRule && plain.pad.unblock != nil)
    }

    @Test(arguments: [
        ("\"status_query\": \"unsafe\",", true, Tokens.Counter.unknown(.queryUnsafe)),
        ("\"status_query\": \"safe\",", false, .unknown(.queryUnsafe)),
        ("\"status_query\": \"safe\",", true, Tokens.Counter(.known(0))),
        ("", true, Tokens.Counter(.known(0))),
    ])
    func aCounterIsAskedForOnlyWhereBothCallItSafe(
        _ more: String, _ safe: Bool, _ wanted: Tokens.Counter
    ) throws {
        #expect(try Self.read(Self.profiles(more), safe: safe).counters.pin == wanted)
    }

    @Test func aWayThatIsNotAllowedIsNotGone() throws {
        let reading = try Self.read(Self.profiles("\"unblock\": [],"))
        #expect(reading.ways.map(\.obstacle) == [.notInProfile])
        let assessment = Assessment(reading, now: Sample.now)
        #expect(assessment.help == .impossible && assessment.reasons.first == .notInProfile)
        let narrowed = try Self.read(
            Self.profiles("\"unblock\": [{\"form\": \"puk\", \"max\": 7}],"), yubico: true)
        #expect(narrowed.way?.rule == CodeRule(6...7, .any))
        // What the profile asks for, this token does not do.
        let apart = try Self.read(Self.profiles("\"unblock\": [{\"form\": \"puk\", \"max\": 7}],"))
        #expect(apart.way?.obstacle == .notInProfile)
    }

    @Test func aWayThatSetsAPINIsNotGoneWhereNoPINFits() {
        let puk = UnblockingWay(.puk, rule: nil, counter: Tokens.Counter(.known(3)))
        let counter = UnblockingWay(
            .soPINCounterOnly, rule: nil, counter: Tokens.Counter(.known(3)))
        #expect(puk.withoutPINThatFits.obstacle == .notInProfile)
        #expect(counter.withoutPINThatFits.obstacle == nil)
    }

    @Test(
        arguments: [
            (
                "\"state\": \"published\", \"reason\": \"r\"", ProfileStanding.State.published,
                Assessment.Help.possible, nil
            ),
            (
                "\"state\": \"commissioned\", \"by\": \"b\", \"on\": \"2026-01-01\", \"evidence\": \"e\"",
                .commissioned, .possible, nil
            ),
            (
                "\"state\": \"provisional\", \"by\": \"b\", \"on\": \"2026-01-01\", \"reason\": \"r\"",
                .provisional, .possible, .modelProvisional
            ),
            (
                "\"state\": \"refused\", \"reason\": \"r\", \"next\": \"n\"", .refused, .impossible,
                .modelRefused
            ),
        ] as [(String, ProfileStanding.State, Assessment.Help, Assessment.Reason?)])
    func whatAProfileIsWorthIsSaidBeforeAnybodyIsAskedForACode(
        _ standing: String, _ state: ProfileStanding.State, _ help: Assessment.Help,
        _ reason: Assessment.Reason?
    ) throws {
        let reading = try Self.read(
            Self.profiles("", standing: "\"standing\": {\(standing)}"), yubico: true)
        #expect(reading.standing == state)
        let assessment = Assessment(reading, now: Sample.now)
        #expect(assessment.help == help)
        #expect(assessment.reasons == (reason.map { [$0] } ?? []))
        let token = Station.Token(
            reading, assessment, reader: "r", insertion: 1, padTime: .seconds(30))
        #expect(token.profile?.name == "a" && token.profile?.state.rawValue == state.rawValue)
    }

    @Test func aTokenWithoutAProfileIsItsFamilys() throws {
        let reading = try Self.read(Self.profiles("\"match\": {\"model\": \"other\"},"))
        #expect(reading.profile == nil && reading.standing == nil)
        #expect(reading.newPINRule == reading.pinRule)
    }

    @Test func aCardThatNoFamilyKnowsIsNamedByItsAnswerToReset() throws {
        let profiles = try Self.profiles(
            "\"match\": {\"atr\": [\"3B D5 18*\"]},",
            standing: "\"standing\": {\"state\": \"refused\", \"reason\": \"Not published.\", "
                + "\"next\": \"Send it to the provider.\"}", family: "none")
        let account = Station.Account(
            step: "read", pinSpent: .none, unblockingSpent: .none, pinLeft: nil,
            unblockingLeft: nil)
        let known = Words.token(
            TokenError(.unsupported, "SELECT"), reader: "r", atr: "3bd51800",
            profile: profiles.match(unknownCard: "3bd51800"), account: account)
        #expect(known.kind == .tokenUnsupported && known.message.contains("a Model A"))
        #expect(known.message.hasSuffix("Not published."))
        #expect(known.next == "Send it to the provider.")
        #expect(profiles.match(unknownCard: "3b00") == nil)
    }
}
