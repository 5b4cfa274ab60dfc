import APDU
import Casework
import StationInterface
import System
import Testing
import Varlink

@testable import TokenAgent

/// Who may do what.
@Suite struct AccessTests {
    private static let access: Access = {
        var configuration = Configuration()
        configuration.roles = [
            .counter: Configuration.Principals(users: ["1001"], groups: ["500"]),
            .technician: Configuration.Principals(users: ["1002"], groups: []),
            .auditor: Configuration.Principals(users: [], groups: ["501"]),
            .observer: Configuration.Principals(users: ["1004"], groups: []),
        ]
        configuration.rights = [
            .lastTry: Configuration.Principals(users: ["1001"], groups: []),
            .raw: Configuration.Principals(users: [], groups: ["501"]),
        ]
        return Access(configuration)
    }()

    private static func peer(_ user: UInt32, _ group: UInt32 = 9, _ groups: [UInt32] = []) -> Peer {
        Peer(process: 1, user: user, group: group, groups: groups)
    }

    private static let everything = Set(Role.allCases)
    private static let callers: [(Peer, Set<Role>)] = [
        (peer(0), everything), (peer(1001), [.counter, .observer]),
        (peer(1002), [.technician, .observer]), (peer(1004), [.observer]), (peer(1009), []),
        (peer(1009, 500), [.counter, .observer]),
        (peer(1009, 9, [7, 501]), [.auditor, .observer]),
        (peer(1002, 500, [501]), everything), (peer(500), []), (peer(9, 1001), []),
    ]

    @Test(arguments: callers)
    func aCallersRolesComeFromTheKernelsWordOnIt(_ peer: Peer, _ roles: Set<Role>) {
        #expect(Self.access.roles(of: peer) == roles)
    }

    @Test(arguments: callers)
    func whoeverHasARoleIsKnownAndRootIsTheKeeper(_ peer: Peer, _ roles: Set<Role>) {
        #expect(
            Self.access.standing(of: peer)
                == (peer.user == 0 ? .keeper : roles.isEmpty ? .stranger : .known))
    }

    @Test func aRightAloneMakesNobodyKnown() {
        var configuration = Configuration()
        configuration.rights = [.raw: Configuration.Principals(users: ["7"], groups: [])]
        #expect(Access(configuration).standing(of: Self.peer(7)) == .stranger)
    }

    @Test func aRightIsGivenByNameAndRootHasNone() {
        #expect(Self.access.rights(of: Self.peer(1001)) == [.lastTry])
        #expect(Self.access.rights(of: Self.peer(7, 501)) == [.raw])
        #expect(Self.access.rights(of: Self.peer(7, 9, [501])) == [.raw])
        #expect(Self.access.rights(of: Self.peer(0)).isEmpty)
    }

    /// Method by method: observer, counter, technician, auditor.
    private static let table: [(String, [Bool])] = [
        (Station.ListReaders.method, [true, true, true, true]),
        (Station.Watch.method, [true, true, true, true]),
        (Station.Inspect.method, [false, true, true, false]),
        (Station.DescribeReader.method, [true, true, true, true]),
        (Station.MeasureReader.method, [false, false, true, false]),
        (Station.BeginRestore.method, [false, true, false, false]),
        (Station.Unblock.method, [false, true, false, false]),
        (Station.AttachRestore.method, [false, true, false, false]),
        (Station.CancelRestore.method, [false, true, false, false]),
        (Station.ListRestores.method, [false, true, true, true]),
        (Station.CheckKey.method, [false, true, true, false]),
        (Station.OpenCase.method, [false, true, false, false]),
        (Station.GetCase.method, [false, true, false, true]),
        (Station.GetHistory.method, [false, true, false, true]),
        (Station.ListCases.method, [false, true, false, true]),
        (Station.CheckRequest.method, [false, true, false, false]),
        (Station.ReceiveRequest.method, [false, true, false, false]),
        (Station.CompleteRequest.method, [false, true, false, false]),
        (Station.GetRequest.method, [false, true, false, true]),
        (Station.RemovePersonal.method, [false, false, true, false]),
        (Station.ListExpired.method, [false, false, true, true]),
        (Station.RouteCase.method, [false, true, false, false]),
        (Station.RecordCase.method, [false, true, false, false]),
        (Station.SendNotice.method, [false, true, false, false]),
        (Station.ListDue.method, [false, true, false, true]),
        (Station.GetPaper.method, [false, true, false, false]),
        (Station.RefuseCase.method, [false, true, false, false]),
        (Station.CloseCase.method, [false, true, false, false]),
        (Station.ShowJournal.method, [false, false, true, true]),
        (Station.HeadOfJournal.method, [true, true, true, true]),
        (Station.VerifyJournal.method, [false, false, true, true]),
        (Station.GetStatus.method, [true, true, true, true]),
        (Station.Diagnose.method, [false, false, true, false]),
        (Station.Exchange.method, [false, false, true, false]),
        (Station.ListOfficers.method, [true, true, true, true]),
        (Station.SignIn.method, [false, true, true, true]),
        (Station.SignInByToken.method, [false, true, true, true]),
        (Station.SignOff.method, [true, true, true, true]),
        (Station.ShowAct.method, [false, true, false, false]),
        (Station.Approve.method, [false, true, false, false]),
        (Station.ApproveByToken.method, [false, true, false, false]),
    ]

    @Test(arguments: table)
    func eachMethodIsOpenToItsRoles(_ method: String, _ allowed: [Bool]) {
        let peers = [Self.peer(1004), Self.peer(1001), Self.peer(1002), Self.peer(1009, 501)]
        func allows(_ peer: Peer) -> Bool { Access.allows(Self.access.roles(of: peer), method) }
        #expect(peers.map(allows) == allowed, "\(method)")
        #expect(!allows(Self.peer(1009)), "\(method) for nobody")
        #expect(allows(Self.peer(0)), "\(method) for root")
    }

    @Test func aMethodThatIsNotInTheTableIsForNobody() {
        for method in ["", "vn.tokenstation.Devices.Format", "vn.tokenstation.Devices"] {
            #expect(!Access.allows(Self.access.roles(of: Self.peer(0)), method))
        }
    }

    // MARK: Refusals

    private static func at(_ seconds: Int64) -> Instant {
        Instant(nanoseconds: seconds * 1_000_000_000)
    }

    @Test func refusalsAreToldOncePerUserAndMinuteWithACount() {
        let tally = RefusalTally()
        #expect(tally.note(1, "a", now: Self.at(100)) == 1)
        #expect(tally.note(1, "b", now: Self.at(101)) == nil)
        #expect(tally.note(1, "a", now: Self.at(159)) == nil)
        #expect(tally.note(2, "a", now: Self.at(130)) == 1)
        #expect(tally.note(1, "a", now: Self.at(160)) == 3)
        #expect(tally.note(1, "a", now: Self.at(161)) == nil)
        #expect(tally.note(1, "a", now: Self.at(500)) == 2)
        // What the last line of a run has to count.
        #expect(tally.note(1, "a", now: Self.at(501)) == nil)
        #expect(tally.left().map { "\($0.user) \($0.method) \($0.count)" } == ["1 a 1"])
        #expect(tally.left().isEmpty)
    }

    @Test func whatIsOnlyCountedIsToldOnceItsMinuteIsOver() {
        let tally = RefusalTally()
        #expect(tally.note(1, "a", now: Self.at(100)) == 1)
        #expect(tally.takeAlarm(1) == nil, "there is nothing to come back for")
        #expect(tally.note(1, "a", now: Self.at(101)) == nil)
        #expect(tally.takeAlarm(1) == Self.at(160))
        #expect(tally.note(1, "a", now: Self.at(102)) == nil)
        #expect(tally.takeAlarm(1) == nil, "one alarm is enough")
        #expect(tally.due(1, now: Self.at(160)).map { "\($0.method) \($0.count)" } == "a 2")
        #expect(tally.takeAlarm(1) == nil)
        // The next minute begins with that line.
        #expect(tally.note(1, "b", now: Self.at(161)) == nil)
        #expect(tally.takeAlarm(1) == Self.at(220))
        // A refusal that comes before the alarm tells them all, and another minute begins.
        #expect(tally.note(1, "b", now: Self.at(220)) == 2)
        #expect(tally.note(1, "b", now: Self.at(221)) == nil)
        #expect(tally.due(1, now: Self.at(222)) == nil)
        #expect(tally.takeAlarm(1) == Self.at(280))
        #expect(tally.due(2, now: Self.at(300)) == nil && tally.takeAlarm(2) == nil)
    }

    @Test func aThousandUsersCostNoMoreMemoryThanThat() {
        let tally = RefusalTally()
        for user: UInt32 in 0..<5000 { #expect(tally.note(user, "a", now: Self.at(1)) == 1) }
    }

    // MARK: A technician's commands

    private static let commands: [(String, CommandKind)] = [
        ("00A4040005A000000308", CommandKind.reading), ("00B0000000", .reading),
        ("00B2010C00", .reading), ("00C0000000", .reading), ("00CA000000", .reading),
        ("00CB3FFF055C035FC10500", .reading), ("00F7008000", .reading), ("00F8000000", .reading),
        ("00FD000000", .reading), ("00200080", .emptyVerify),
        ("0020008008313233343536FFFF", .carriesCode), ("0021000000", .carriesCode),
        ("002400801031", .carriesCode), ("002C008010", .carriesCode), ("0082000000", .carriesCode),
        ("80D8000000", .carriesCode), ("00FFFFFE00", .carriesCode), ("0026000000", .carriesCode),
        ("0028000000", .carriesCode), ("00DB3FFF00", .other), ("0047009A00", .other),
        ("00FB000000", .other), ("00FA030300", .other), ("0087119C00", .other),
        ("0044000000", .other), ("00E0000000", .other), ("00D6000000", .other),
        ("00FE079A00", .carriesCode), ("00DA00D308", .carriesCode), ("00DA005B08", .other),
        // In a maker's own class nothing is known to be reading but GlobalPlatform's GET DATA.
        ("80CA9F7F00", .reading), ("80B0000000", .other), ("80F8000000", .other),
        ("80200080", .carriesCode), ("FFCA000000", .other), ("90CA000000", .other),
        // On another channel it may be another application's, where asking costs a try.
        ("01200080", .other), ("10200080", .other), ("0C200080", .other), ("40200080", .other),
        // With TLV data, and in the makers' ways.
        ("0027000000", .carriesCode), ("0029000000", .carriesCode), ("002D008010", .carriesCode),
        ("0083000000", .carriesCode), ("80E3000004", .carriesCode), ("80E7000004", .carriesCode),
        ("80E2000004", .carriesCode), ("00E2000004", .other),
        // A card is made anew with its codes; a share of a key; a key that is unwrapped.
        ("8050000003800200", .carriesCode), ("0050000003800200", .carriesCode),
        ("8052000002AABB", .carriesCode), ("80740193020102", .carriesCode),
        // Any command may be in an envelope.
        ("00C20000050020008000", .carriesCode), ("00C3000000", .carriesCode),
        ("80C2000000", .carriesCode),
        // PUT DATA: codes, keys and hashes of codes, keys without an object's name.
        ("00DA00D10100", .carriesCode), ("00DA00D20100", .carriesCode),
        ("00DA00D50100", .carriesCode), ("00DA00F40100", .carriesCode),
        ("00DA00F90100", .carriesCode), ("00DA01010100", .carriesCode),
        ("00DA016E0100", .carriesCode), ("00DA00C70100", .other),
        ("00DB3FFF055C035FC105", .other), ("00DB3FFF024D00", .carriesCode),
        ("00DB3FFF0470020101", .carriesCode), ("00DBA01003DF2000", .other),
    ]

    /// Chained, under secure messaging, on another channel, and in classes of makers' own.
    private static let classes: [UInt8] = [
        0x00, 0x01, 0x03, 0x04, 0x08, 0x0C, 0x10, 0x1C, 0x20, 0x40, 0x4F, 0x50, 0x60, 0x70, 0x7F,
        0x80, 0x84, 0x8C, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0, 0xFE,
    ]

    @Test(arguments: classes)
    func noClassMakesACodeAnythingElse(_ cla: UInt8) {
        for ins: UInt8 in [
            0x20, 0x21, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2C, 0x2D, 0x50, 0x52, 0x74, 0x82,
            0x83, 0xC2, 0xC3, 0xD8, 0xE3, 0xE5, 0xE7, 0xFE, 0xFF,
        ] {
            for (p1, p2) in [(0, 0), (0, 0x80), (0, 0x81), (1, 0x82), (0xFF, 0xFF)] {
                let header = CommandHeader(cla, ins, UInt8(p1), UInt8(p2))
                #expect(CommandKind(header, first: 0x31) == .carriesCode, "\(header)")
            }
        }
        #expect(CommandKind(CommandHeader(cla, 0xDA, 0, 0xD3), first: 0x31) == .carriesCode)
        #expect(CommandKind(CommandHeader(cla, 0xDB, 0x3F, 0xFF), first: 0x4D) == .carriesCode)
    }

    @Test(arguments: commands)
    func aCommandsKindIsReadFromItsHeader(_ hex: String, _ kind: CommandKind) throws {
        let bytes = stride(from: 0, to: 8, by: 2).compactMap { at in
            UInt8(hex.dropFirst(at).prefix(2), radix: 16)
        }
        let header = CommandHeader(bytes[0], bytes[1], bytes[2], bytes[3])
        let first = hex.count > 10 ? UInt8(hex.dropFirst(10).prefix(2), radix: 16) : nil
        #expect(CommandKind(header, first: first) == kind)
    }
}
