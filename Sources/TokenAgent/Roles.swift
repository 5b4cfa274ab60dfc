import Casework
import StationInterface
import System
import Varlink

/// Who may do what: the one table.
struct Access: Sendable {
    private let roles: [Role: (users: Set<UInt32>, groups: Set<UInt32>)]
    private let rights: [Right: (users: Set<UInt32>, groups: Set<UInt32>)]
    /// What counts only while an officer is signed in.
    let required: (roles: Set<Role>, rights: Set<Right>)

    init(_ configuration: Configuration) {
        required = (configuration.signIn.roles, configuration.signIn.rights)
        roles = configuration.roles.mapValues(Self.numbers)
        rights = configuration.rights.mapValues(Self.numbers)
    }

    private static func numbers(
        _ principals: Configuration.Principals
    ) -> (users: Set<UInt32>, groups: Set<UInt32>) {
        (
            Set(principals.users.compactMap { UInt32($0) ?? Process.userID(named: $0) }),
            Set(principals.groups.compactMap { UInt32($0) ?? Process.groupID(named: $0) })
        )
    }

    /// The roles of the caller's login. Root has them all: it could take them anyhow.
    func roles(of peer: Peer) -> Set<Role> {
        if peer.user == 0 { return Set(Role.allCases) }
        var mine = Set(Role.allCases.filter { Self.names(roles[$0], peer) })
        if !mine.isEmpty { mine.insert(.observer) }
        return mine
    }

    /// Who has a role can connect however many come without one, and root however many there are.
    func standing(of peer: Peer) -> VarlinkStanding {
        if peer.user == 0 { return .keeper }
        return roles(of: peer).isEmpty ? .stranger : .known
    }

    /// The rights of the caller's login. They are given by name, to root too.
    func rights(of peer: Peer) -> Set<Right> {
        Set(Right.allCases.filter { Self.names(rights[$0], peer) })
    }

    private static func names(
        _ entry: (users: Set<UInt32>, groups: Set<UInt32>)?, _ peer: Peer
    ) -> Bool {
        guard let entry else { return false }
        return entry.users.contains(peer.user) || entry.groups.contains(peer.group)
            || peer.groups.contains(where: entry.groups.contains)
    }

    /// Whether one of these roles may use a method, named in full.
    static func allows(_ roles: Set<Role>, _ method: String) -> Bool {
        guard let needed = table[method] else { return false }
        return !roles.isDisjoint(with: needed)
    }

    /// What signs somebody in is judged by the login alone: whoever must sign in is nothing yet.
    static let signingIn: Set<String> = [
        Station.SignIn.method, Station.SignInByToken.method,
    ]

    static func isForEverybody(_ method: String) -> Bool { table[method] == everybody }

    private static let everybody: Set<Role> = [.observer, .counter, .technician, .auditor]
    private static let atTheToken: Set<Role> = [.counter, .technician]

    private static let table: [String: Set<Role>] = [
        Station.ListReaders.method: everybody,
        Station.Watch.method: everybody,
        Station.Inspect.method: atTheToken,
        Station.DescribeReader.method: everybody,
        Station.MeasureReader.method: [.technician],
        Station.BeginRestore.method: [.counter],
        Station.Unblock.method: [.counter],
        Station.AskChallenge.method: [.counter],
        Station.Respond.method: [.counter],
        Station.AttachRestore.method: [.counter],
        Station.CancelRestore.method: [.counter],
        Station.ListRestores.method: [.counter, .technician, .auditor],
        Station.CheckKey.method: atTheToken,
        Station.OpenCase.method: [.counter],
        Station.GetCase.method: [.counter, .auditor],
        Station.GetHistory.method: [.counter, .auditor],
        Station.ListCases.method: [.counter, .auditor],
        Station.CheckRequest.method: [.counter],
        Station.ReceiveRequest.method: [.counter],
        Station.CompleteRequest.method: [.counter],
        Station.GetRequest.method: [.counter, .auditor],
        Station.RemovePersonal.method: [.technician],
        Station.ListExpired.method: [.technician, .auditor],
        Station.RouteCase.method: [.counter],
        Station.RecordCase.method: [.counter],
        Station.SendNotice.method: [.counter],
        Station.ListDue.method: [.counter, .auditor],
        Station.GetPaper.method: [.counter],
        Station.RefuseCase.method: [.counter],
        Station.CloseCase.method: [.counter],
        Station.ShowJournal.method: [.auditor, .technician],
        Station.HeadOfJournal.method: everybody,
        Station.VerifyJournal.method: [.auditor, .technician],
        Station.GetStatus.method: everybody,
        Station.Diagnose.method: [.technician],
        Station.ListProfiles.method: everybody,
        Station.Exchange.method: [.technician],
        Station.Commission.method: [.technician],
        Station.CancelCommission.method: [.technician],
        Station.CheckSeal.method: everybody,
        Station.ListOfficers.method: everybody,
        Station.SignIn.method: [.counter, .technician, .auditor],
        Station.SignInByToken.method: [.counter, .technician, .auditor],
        Station.SignOff.method: everybody,
        Station.ShowAct.method: [.counter],
        Station.Approve.method: [.counter],
        Station.ApproveByToken.method: [.counter],
    ]
}
