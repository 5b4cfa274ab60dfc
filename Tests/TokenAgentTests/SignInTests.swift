import Casework
import Readers
import Synchronization
import System
import Testing

@testable import TokenAgent

/// Who a caller is, with and without a sign-in.
@Suite struct CallerTests {
    private static func access(requiring signIn: Configuration.SignInRules = .init()) -> Access {
        var configuration = Configuration()
        configuration.roles = [
            .counter: Configuration.Principals(users: ["1001"]),
            .technician: Configuration.Principals(users: ["1001", "1002"]),
        ]
        configuration.rights = [
            .lastTry: Configuration.Principals(users: ["1001"]),
            .raw: Configuration.Principals(users: ["1001"]),
        ]
        configuration.signIn = signIn
        return Access(configuration)
    }

    private static func peer(_ user: UInt32) -> Peer {
        Peer(process: 7, user: user, group: 9, groups: [])
    }

    private static let lan = Officer(
        id: "lan", name: "Lan", roles: [.counter, .auditor], rights: [.provisional])

    @Test func withoutASignInTheLoginCounts() {
        let caller = Self.access().caller(Self.peer(1001))
        #expect(caller.who == Who(user: 1001, proof: "peer-credentials"))
        #expect(caller.roles == [.counter, .technician, .observer])
        #expect(caller.rights == [.lastTry, .raw])
    }

    @Test func anOfficerHasWhatBothMayAndRightsOfTheirOwn() {
        let caller = Self.access().caller(Self.peer(1001), (Self.lan, .password))
        #expect(caller.who == Who(user: 1001, officer: "lan", proof: "password"))
        #expect(caller.roles == [.counter, .observer])
        #expect(caller.rights == [.provisional])
        // Nobody becomes by a sign-in what the login is not.
        #expect(Self.access().caller(Self.peer(1002), (Self.lan, .token)).roles == [.observer])
        #expect(Self.access().caller(Self.peer(1009), (Self.lan, .token)).roles == [])
        #expect(
            Self.access().caller(Self.peer(0), (Self.lan, .token)).roles
                == [.counter, .auditor, .observer])
    }

    @Test func whatIsRequiredCountsOnlyUnderASignIn() {
        let access = Self.access(requiring: .init(roles: [.counter], rights: [.lastTry]))
        let bare = access.caller(Self.peer(1001))
        #expect(bare.roles == [.technician, .observer])
        #expect(bare.rights == [.raw])
        #expect(access.caller(Self.peer(0)).roles == [.technician, .auditor, .observer])
        let signed = access.caller(Self.peer(1001), (Self.lan, .password))
        #expect(signed.roles == [.counter, .observer])
        #expect(signed.rights == [.provisional])
    }
}

@Suite struct SignInsTests {
    private static func at(_ seconds: Int64) -> Instant {
        Instant(nanoseconds: seconds * 1_000_000_000)
    }

    private static func place(_ process: Int32, _ user: UInt32 = 1000) throws -> SignIns.Place {
        try #require(SignIns.Place(Peer(process: process, user: user, group: 1, groups: [])))
    }

    private static func session(
        _ officer: String, _ process: Int32, connection: UInt64, at seconds: Int64 = 0
    ) throws -> SignIns.Session {
        SignIns.Session(
            officer: officer, evidence: .token([officer]), place: try place(process),
            connection: connection, lastAct: at(seconds))
    }

    @Test func aSignInIsOneProcessesAndOneLogins() throws {
        var signIns = SignIns(idleTime: .seconds(600))
        let lan = try Self.session("lan", 7, connection: 1)
        #expect(signIns.begin(lan) == nil)
        #expect(signIns[try Self.place(7)] == lan)
        #expect(signIns[try Self.place(8)] == nil)
        #expect(signIns[try Self.place(7, 1001)] == nil)
        #expect(SignIns.Place(Peer(process: 0, user: 1000, group: 1, groups: [])) == nil)
    }

    @Test func theNextSignInTakesThePlaceOfTheOneBefore() throws {
        var signIns = SignIns(idleTime: .seconds(600))
        let lan = try Self.session("lan", 7, connection: 1)
        let hai = try Self.session("hai", 7, connection: 2)
        _ = signIns.begin(lan)
        #expect(signIns.begin(hai) == lan)
        // The connection of the one before holds nothing any more.
        #expect(signIns.end(heldBy: 1) == nil)
        #expect(signIns[hai.place] == hai)
        #expect(signIns.end(heldBy: 2) == hai)
        #expect(signIns[hai.place] == nil)
        #expect(signIns.end(at: hai.place) == nil)
    }

    @Test func idlenessEndsASignInAndAnActPutsItOff() throws {
        var signIns = SignIns(idleTime: .seconds(600))
        #expect(signIns.nextLook == nil)
        let lan = try Self.session("lan", 7, connection: 1)
        let hai = try Self.session("hai", 8, connection: 2)
        _ = signIns.begin(lan)
        _ = signIns.begin(hai)
        signIns.act(at: hai.place, Self.at(500))
        signIns.act(at: try Self.place(9), Self.at(500))
        #expect(signIns.nextLook == Self.at(600))
        #expect(signIns.endIdle(Self.at(599)) == [])
        #expect(signIns.endIdle(Self.at(600)) == [lan])
        #expect(signIns.nextLook == Self.at(1100))
        #expect(signIns.endAll().map(\.officer) == ["hai"])
        #expect(signIns.nextLook == nil)
    }

    @Test func theThirdWrongPasswordBringsAWaitThatGrowsAndEnds() {
        let key = PasswordWaits.Key(officer: "lan", user: 1000)
        var waits = PasswordWaits()
        var now = Self.at(0)
        var told: [Int64] = []
        for _ in 0..<12 {
            waits.failed(key, now)
            let wait = waits.wait(key, now) ?? .zero
            told.append(wait.wholeNanoseconds / 1_000_000_000)
            now = now + wait
            #expect(waits.wait(key, now) == nil)
        }
        #expect(told == [0, 0, 5, 10, 20, 40, 80, 160, 300, 300, 300, 300])
        waits.succeeded(key)
        waits.failed(key, now)
        #expect(waits.wait(key, now) == nil)
    }

    @Test func nobodyElseWaits() {
        var waits = PasswordWaits()
        for _ in 0..<9 { waits.failed(.init(officer: "lan", user: 1000), Self.at(0)) }
        #expect(waits.wait(.init(officer: "lan", user: 1000), Self.at(0)) != nil)
        #expect(waits.wait(.init(officer: "lan", user: 1001), Self.at(0)) == nil)
        #expect(waits.wait(.init(officer: "hai", user: 1000), Self.at(0)) == nil)
    }
}

/// A clock that is turned by hand.
private final class HandClock: Timekeeper {
    private struct State {
        var now = Instant(nanoseconds: 0)
        var pending: [(at: Instant, action: @Sendable () -> Void)] = []
    }
    private let state = Mutex(State())

    var now: Instant { state.withLock { $0.now } }
    var alarms: Int { state.withLock { $0.pending.count } }

    func ring(at instant: Instant, _ action: @escaping @Sendable () -> Void) -> Alarm {
        state.withLock { $0.pending.append((instant, action)) }
        return Alarm(number: 0)
    }

    func clear(_ alarm: Alarm) {}

    func turn(to seconds: Int64) {
        let due = state.withLock { state in
            state.now = Instant(nanoseconds: seconds * 1_000_000_000)
            let due = state.pending.filter { $0.at <= state.now }
            state.pending.removeAll { $0.at <= state.now }
            return due
        }
        for alarm in due { alarm.action() }
    }
}

@Suite struct SignInDeskTests {
    private let clock = HandClock()
    private let told = Told()

    private final class Told: Sendable {
        private let lines = Mutex<[String]>([])
        func note(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    private func desk() -> SignInDesk {
        SignInDesk(idleTime: .seconds(600), timekeeper: clock) { [told] session, end in
            told.note("\(session.officer) \(end.rawValue)")
        }
    }

    private func session(_ officer: String, _ process: Int32) throws -> SignIns.Session {
        let peer = Peer(process: process, user: 1000, group: 1, groups: [])
        return SignIns.Session(
            officer: officer, evidence: .token([officer]), place: try #require(SignIns.Place(peer)),
            connection: UInt64(process), lastAct: clock.now)
    }

    @Test func nothingWakesUpWhileNobodyIsSignedIn() throws {
        let desk = desk()
        #expect(clock.alarms == 0)
        desk.begin(try session("lan", 7))
        #expect(clock.alarms == 1)
        desk.begin(try session("hai", 8))
        #expect(clock.alarms == 1)
        desk.closed(7)
        desk.closed(8)
        clock.turn(to: 600)
        #expect(clock.alarms == 0)
        #expect(told.all == ["lan disconnected", "hai disconnected"])
    }

    @Test func whoDoesNothingIsSignedOffAndWhoDoesSomethingIsNot() throws {
        let desk = desk()
        let lan = try session("lan", 7)
        let hai = try session("hai", 8)
        desk.begin(lan)
        desk.begin(hai)
        clock.turn(to: 400)
        desk.act(at: hai.place)
        clock.turn(to: 600)
        #expect(told.all == ["lan idle"])
        #expect(desk.session(at: lan.place) == nil)
        #expect(desk.session(at: hai.place) != nil)
        clock.turn(to: 999)
        #expect(told.all == ["lan idle"])
        clock.turn(to: 1000)
        #expect(told.all == ["lan idle", "hai idle"])
        #expect(clock.alarms == 0)
    }

    @Test func everyEndIsTold() throws {
        let desk = desk()
        desk.begin(try session("lan", 7))
        desk.begin(try session("hai", 7))
        desk.review(Self.list(("lan", "lan")))
        desk.begin(try session("lan", 7))
        #expect(desk.signOff(at: try session("lan", 7).place)?.officer == "lan")
        desk.begin(try session("lan", 7))
        desk.endAll()
        #expect(told.all == ["lan replaced", "hai struck", "lan stopped"])
    }

    private static func list(_ officers: (id: String, token: String)...) -> OfficerTable {
        OfficerTable(
            officers.map {
                Officer(id: $0.id, name: $0.id, roles: [.counter], tokens: [$0.token])
            })
    }

    /// What a list has of somebody is what they signed in by, or they are signed off.
    @Test func aListEndsTheSignInsThatItDoesNotBearOut() throws {
        let desk = desk()
        for (number, officer) in ["lan", "hai", "ba"].enumerated() {
            desk.begin(try session(officer, Int32(number + 1)))
        }
        desk.review(Self.list(("lan", "lan"), ("hai", "hai"), ("ba", "ba")))
        #expect(told.all.isEmpty)
        desk.review(Self.list(("lan", "lan"), ("hai", "another")))
        #expect(told.all.sorted() == ["ba struck", "hai changed"])
        #expect(desk.session(at: try session("lan", 1).place) != nil)
        #expect(desk.session(at: try session("hai", 2).place) == nil)
    }
}
