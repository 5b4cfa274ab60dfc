import Synchronization
import System
import Testing

@testable import Varlink

/// Who is given a connection where there are few.
@Suite struct ConnectionRoomTests {
    /// Callers as they come, each staying if it is let in: user, standing, how many times it
    /// connects, how many times it is let in.
    typealias Callers = [(user: UInt32, standing: VarlinkStanding, times: Int, admitted: Int)]

    /// Connections in all, of one user, and who comes.
    static let rows: [(Int, Int, Callers)] = [
        // The strangers share a quarter, however many they are.
        (64, 16, (1...4).map { ($0, .stranger, 16, $0 == 1 ? 16 : 0) }),
        (64, 4, (1...9).map { ($0, .stranger, 16, $0 <= 4 ? 4 : 0) }),
        // And leave the others the rest, but for what is kept for keepers.
        (
            64, 16,
            [
                (1, .stranger, 16, 16), (2, .stranger, 1, 0), (11, .known, 20, 16),
                (12, .known, 20, 16), (13, .known, 20, 12), (14, .known, 1, 0),
                (0, .keeper, 5, 4),
            ]
        ),
        // Where others were there first, strangers have no claim on their share.
        (
            64, 16,
            [
                (11, .known, 16, 16), (12, .known, 16, 16), (13, .known, 16, 16),
                (1, .stranger, 16, 12), (14, .known, 1, 0), (0, .keeper, 16, 4),
            ]
        ),
        // What keepers hold of it is not kept a second time.
        (
            64, 16,
            [
                (0, .keeper, 17, 16), (11, .known, 16, 16), (12, .known, 16, 16),
                (13, .known, 17, 16), (14, .known, 1, 0), (0, .keeper, 1, 0),
            ]
        ),
        (4, 4, [(1, .stranger, 4, 1), (11, .known, 4, 2), (12, .known, 1, 0), (0, .keeper, 4, 1)]),
        (
            1024, 512,
            [
                (1, .stranger, 512, 256), (11, .known, 512, 512), (12, .known, 512, 252),
                (0, .keeper, 5, 4),
            ]
        ),
    ]

    @Test(arguments: rows)
    func strangersCostTheOthersNothing(_ all: Int, _ perUser: Int, _ callers: Callers) {
        var limits = VarlinkLimits()
        limits.connections = all
        limits.connectionsPerUser = perUser
        var there: [ConnectionHolder] = []
        for (user, standing, times, admitted) in callers {
            let before = there.count
            for _ in 0..<times {
                guard limits.admit(user, among: there, as: { standing }) != nil else { continue }
                there.append(ConnectionHolder(user: user, standing: standing))
            }
            #expect(there.count - before == admitted, "user \(user)")
        }
    }

    @Test func aCallerIsJudgedOnceAndOnlyWhereThereIsRoom() {
        var limits = VarlinkLimits()
        limits.connectionsPerUser = 1
        var asked = 0
        var there: [ConnectionHolder] = []
        for _ in 0..<3 {
            let standing = limits.admit(5, among: there) {
                asked += 1
                return .known
            }
            if let standing { there.append(ConnectionHolder(user: 5, standing: standing)) }
        }
        #expect(there.count == 1 && asked == 1)
    }

    @Test func theServiceAsksItsOwnerAtAcceptAndHangsUpOnAStrangerTooMany() throws {
        var limits = VarlinkLimits()
        limits.connections = 8
        let standings = Mutex<[VarlinkStanding]>([.stranger, .known, .stranger, .stranger, .known])
        let station = try Station(
            limits: limits,
            standing: { _ in standings.withLock { $0.isEmpty ? .stranger : $0.removeFirst() } })
        let call = Array((#"{"method":"org.varlink.service.GetInfo"}"# + "\0").utf8)
        var wires: [Wire] = []
        var served: [Bool] = []
        for _ in 0..<5 {
            let wire = try station.wire()
            _ = wire.sendOrBeCut(call)
            served.append(try wire.next() != "(closed)")
            // More calls are no reason to ask again.
            if served.last == true {
                try wire.send(#"{"method":"org.varlink.service.GetInfo"}"# + "\0")
                #expect(try wire.next() != "(closed)")
            }
            wires.append(wire)
        }
        #expect(served == [true, true, true, false, true])
        guard case .tooManyConnections = station.incidents.first() else {
            Issue.record("not reported")
            return
        }
    }
}
