import StationInterface

/// Who may call what, as the station's own table has it.
enum SocketAccess {
    enum Role: String, CaseIterable, Sendable {
        case observer, counter, technician, auditor
    }

    private static let everybody: [Role] = [.observer, .counter, .technician, .auditor]

    /// A test holds this against the agent's table.
    static let table: [(method: String, roles: [Role])] = [
        (Station.ListReaders.method, everybody),
        (Station.Watch.method, everybody),
        (Station.Inspect.method, [.counter, .technician]),
        (Station.DescribeReader.method, everybody),
        (Station.MeasureReader.method, [.technician]),
        (Station.OpenCase.method, [.counter]),
        (Station.GetCase.method, [.counter, .auditor]),
        (Station.GetHistory.method, [.counter, .auditor]),
        (Station.ListCases.method, [.counter, .auditor]),
        (Station.CheckRequest.method, [.counter]),
        (Station.ReceiveRequest.method, [.counter]),
        (Station.CompleteRequest.method, [.counter]),
        (Station.GetRequest.method, [.counter, .auditor]),
        (Station.RemovePersonal.method, [.technician]),
        (Station.RouteCase.method, [.counter]),
        (Station.RecordCase.method, [.counter]),
        (Station.SendNotice.method, [.counter]),
        (Station.ListExpired.method, [.technician, .auditor]),
        (Station.ListDue.method, [.counter, .auditor]),
        (Station.GetPaper.method, [.counter]),
        (Station.RefuseCase.method, [.counter]),
        (Station.CloseCase.method, [.counter]),
        (Station.BeginRestore.method, [.counter]),
        (Station.Unblock.method, [.counter]),
        (Station.AskChallenge.method, [.counter]),
        (Station.Respond.method, [.counter]),
        (Station.AttachRestore.method, [.counter]),
        (Station.CancelRestore.method, [.counter]),
        (Station.ListRestores.method, [.counter, .technician, .auditor]),
        (Station.CheckKey.method, [.counter, .technician]),
        (Station.ListOfficers.method, everybody),
        (Station.SignIn.method, [.counter, .technician, .auditor]),
        (Station.SignInByToken.method, [.counter, .technician, .auditor]),
        (Station.SignOff.method, everybody),
        (Station.ShowAct.method, [.counter]),
        (Station.Approve.method, [.counter]),
        (Station.ApproveByToken.method, [.counter]),
        (Station.ShowJournal.method, [.technician, .auditor]),
        (Station.HeadOfJournal.method, everybody),
        (Station.VerifyJournal.method, [.technician, .auditor]),
        (Station.GetStatus.method, everybody),
        (Station.Diagnose.method, [.technician]),
        (Station.ListProfiles.method, everybody),
        (Station.Exchange.method, [.technician]),
        (Station.Commission.method, [.technician]),
        (Station.CancelCommission.method, [.technician]),
        (Station.CheckSeal.method, everybody),
    ]

    static func roles(of method: String) -> [Role] {
        table.first { $0.method == method }?.roles ?? []
    }

    static var lines: [String] {
        var lines = [
            "", "## Who may do what", "",
            "The station asks the kernel who calls (SO_PEERCRED and SO_PEERGROUPS, read once when",
            "the connection is made) and gives roles by its configuration; root has all four.",
            "Whoever has any role is an observer too. A call that no role allows is answered with",
            "`org.varlink.service.PermissionDenied` and stands in the journal.",
            "",
            "| Method | " + Role.allCases.map(\.rawValue).joined(separator: " | ") + " |",
            "|---|" + Role.allCases.map { _ in ":-:" }.joined(separator: "|") + "|",
        ]
        for entry in table {
            let marks = Role.allCases.map { entry.roles.contains($0) ? "x" : " " }
            lines.append("| `\(short(entry.method))` | \(marks.joined(separator: " | ")) |")
        }
        lines += [
            "",
            "`GetInfo` and `GetInterfaceDescription` of `org.varlink.service` are for everybody",
            "who can connect. Five rights go beyond roles and are given by name, to root too:",
            "`last_try` (the last try of an unblocking code may be spent), `raw` (commands that",
            "are not on the reading list of `Maintenance.Exchange`), `provisional` (a token whose",
            "model is provisional may be taken on), `personal` (whole personal numbers of requests",
            "may be seen) and `commission` (a model may be tried on a token that may be lost, which",
            "is blocked for it).",
            "",
            "An officer may sign in on top of that (`Officers`). The configuration says which roles",
            "and rights count only then; a call that needs one is answered with `SignInRequired`.",
            "",
        ]
        return lines
    }

    /// Without the common beginning.
    static func short(_ method: String) -> String {
        let common = "vn.tokenstation."
        return method.hasPrefix(common) ? String(method.dropFirst(common.count)) : method
    }
}
