/// Whether a journal is an office's or a training instance's; said in its first line.
package enum JournalMode: String, Equatable, Sendable, CaseIterable {
    case training
    case office
}

/// What the lines of this version are about. A line of any other kind is kept, shown and
/// chained like the rest, and the folds pass over it: a later version may have written it.
package enum JournalKind: String, Equatable, Hashable, Sendable, CaseIterable {
    // The journal itself.
    case journalOpened = "journal.opened"
    case journalTorn = "journal.torn"
    case journalRecovered = "journal.recovered"

    // The service.
    case serviceStarted = "service.started"
    case serviceStopped = "service.stopped"
    case callerRefused = "caller.refused"

    // Officers.
    case officerSignedIn = "officer.signed-in"
    case officerRefused = "officer.refused"
    case officerSignedOff = "officer.signed-off"

    // Requests and their cases.
    case requestReceived = "request.received"
    case requestCompleted = "request.completed"
    case personalRemoved = "request.personal-removed"
    case caseRouted = "case.routed"
    case caseRecorded = "case.recorded"
    case noticeSent = "case.notice-sent"
    case caseRefused = "case.refused"
    case caseClosed = "case.closed"

    // Restores, in the order in which one runs; refused is before anything begins.
    case restoreRefused = "restore.refused"
    case restoreBegun = "restore.begun"
    case restoreApproved = "restore.approved"
    case restoreIntent = "restore.intent"
    case restoreOutcome = "restore.outcome"
    case restoreResolved = "restore.resolved"

    // Key checks: with a PIN, so with an intent of their own.
    case keycheckIntent = "keycheck.intent"
    case keycheckOutcome = "keycheck.outcome"

    // What is worth knowing about a token for good.
    case tokenNoted = "token.noted"

    // A model tried on a sacrificial token, and the profile that came of it.
    case commissionBegun = "commission.begun"
    case commissionIntent = "commission.intent"
    case commissionOutcome = "commission.outcome"
    case profileSealed = "profile.sealed"

    // The technician.
    case apduIntent = "apdu.intent"
    case apduOutcome = "apdu.outcome"
}

/// The names that stand in a line's `what`.
package enum JournalField: String, Equatable, Hashable, Sendable, CaseIterable {
    // The journal and the service.
    case mode, version, file, bytes, sha256, reason, program, process, user, method, count
    case snapshot

    // Officers, and what the second of two approves. signer is a certificate, signature its
    // key's over act; both in Base64.
    case officer, act, signer, signature

    // Requests and cases.
    case request, requestNumber, managingBody, deviceNumber, deviceNumbers, reasons
    case label, personal, rows, missing, returnReason, noticed, carrier
    // Rows of a completed paper that name another device: before is what stood there.
    case changed, before
    // written names the vault's record of what a person wrote at an act; reference and, of a
    // closed case, reason stand in lines of earlier versions.
    case addressee, reference, written
    // Fields of a request that stand in no line; errors name them.
    case holder, contact, permission, report
    case caseID = "case"

    // Restores and key checks.
    case restore, reader, token, serial, family, certificate, certificateNumber
    case counters, pin, unblocking
    case permitExpires, step, outcome, triesSpent, pinTriesSpent, answered, steps, name,
        milliseconds, status
    case evidence, key, override, command, response, atPad, code, profile, rights, compared

    // Commissioning.
    case commission, technician, ways, most
}

extension JournalKind {
    private static let table = NameTable<JournalKind>()
    static func named(_ name: UnsafeRawBufferPointer) -> JournalKind? { table[name] }
}

extension JournalField {
    private static let table = NameTable<JournalField>()
    static func named(_ name: UnsafeRawBufferPointer) -> JournalField? { table[name] }
}
