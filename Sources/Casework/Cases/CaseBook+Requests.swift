/// A request's paper: taken in, completed, known again, and what it says of people removed.
extension CaseBook {
    /// A case's year is the year at the counter: Vietnam is seven hours ahead of UTC, all
    /// year round.
    package static let minutesEast: Int64 = 420

    /// Takes a request in, with a case for each row. What it says of people is in the vault
    /// before the line that commits to it; one line holds all rows, so that none can be lost
    /// or come twice.
    ///
    /// - Parameters:
    ///   - missing: codes of what keeps it from being valid.
    ///   - isOnceOnly: the same paper is not taken in twice; a program that lost the answer may
    ///     ask again.
    /// - Throws: `.requestKnown` for the same paper once more, `.invalidField`.
    package func receive(
        _ form: RequestForm, missing: [String], who: Who, isOnceOnly: Bool = true
    ) throws(CaseError) -> (request: RequestFile, receipt: Receipt) {
        try form.check()
        let form = form.tidied()
        return try recording.withLock {
            (_) throws(CaseError) -> (request: RequestFile, receipt: Receipt) in
            try payOwed()
            let now = journal.now
            if isOnceOnly, let known = known(form, now) { throw .requestKnown(known) }
            let year = now.date(minutesEast: CaseBook.minutesEast).year
            let (id, ids) = cases.withLock {
                ($0.nextRequest(year: year), $0.nextIDs(form.devices.count, year: year))
            }
            let personal = try keep(PersonalData(form))
            let event = CaseEvent.received(
                RequestReceived(
                    request: id, form: form, personal: personal, cases: ids, missing: missing))
            let receipt = try write(event, case: nil, who: who, orRemove: personal)
            guard let request = request(id) else { throw .requestNotFound(id) }
            return (request, receipt)
        }
    }

    /// Takes the paper in once more, with what was missing. Its rows are the cases of the first; a
    /// row that waited for it may name another device, which is said in the line.
    /// - Throws: `.invalidField` for another device in a row that did not wait: it may have been
    ///   worked on.
    package func complete(
        _ id: RequestID, _ form: RequestForm, missing: [String], who: Who
    ) throws(CaseError) -> (request: RequestFile, receipt: Receipt) {
        try form.check()
        let form = form.tidied()
        return try recording.withLock {
            (_) throws(CaseError) -> (request: RequestFile, receipt: Receipt) in
            try payOwed()
            guard let request = request(id) else { throw .requestNotFound(id) }
            let difference = try difference(of: form, from: request)
            let personal = try keep(PersonalData(form))
            let event = CaseEvent.completed(
                RequestCompleted(
                    request: id, form: form, personal: personal, missing: missing,
                    changed: difference.devices,
                    requestNumber: difference.isOtherNumber ? form.number : nil,
                    managingBody: difference.isOtherBody ? form.managingBody : nil))
            let receipt = try write(event, case: nil, who: who, orRemove: personal)
            // The first paper's data are of no more use; the journal keeps its commitment.
            if let old = request.personal { try? vault.remove(old) }
            guard let now = self.request(id) else { throw .requestNotFound(id) }
            return (now, receipt)
        }
    }

    /// Whether `complete` would take this paper, as the request stands now.
    /// - Throws: as `complete`, but for what no paper can hold.
    package func checkCompletion(_ id: RequestID, _ form: RequestForm) throws(CaseError) {
        guard let request = request(id) else { throw .requestNotFound(id) }
        _ = try difference(of: form.tidied(), from: request)
    }

    /// In what a completed paper may be another than the one that it completes.
    private struct Difference {
        let devices: [RequestCompleted.Change]
        let isOtherNumber: Bool
        let isOtherBody: Bool
    }

    /// - Throws: why the paper does not complete that request.
    private func difference(
        of form: RequestForm, from request: RequestFile
    ) throws(CaseError) -> Difference {
        guard form.devices.count == request.cases.count else {
            throw .rowsDiffer(request.cases.count)
        }
        let files = request.cases.compactMap { file($0) }
        let stages = files.map(\.state.stage)
        guard stages.contains(.incomplete) else {
            throw .notNow(.complete, stages.first ?? .closed)
        }
        guard form.kind == request.kind else { throw .otherKind(request.kind) }
        // Its term runs from the new paper: the first one's label would make it late at once.
        if let label = form.received, label <= request.received,
            request.hasLabel || request.recordedClock == .synced
        {
            throw .invalidField(
                .label, "must be later than that of the paper which it completes, or empty for now")
        }
        let otherNumber = CaseBook.folded(form.number) != CaseBook.folded(request.number)
        let otherBody =
            CaseBook.folded(form.managingBody) != CaseBook.folded(request.managingBody)
        // A body answers by another letter, or says which of two it is; both at once is
        // somebody else's paper.
        guard !(otherNumber && otherBody) else {
            throw .otherPaper(number: request.number, body: request.managingBody)
        }
        return Difference(
            devices: try otherDevices(form, files), isOtherNumber: otherNumber,
            isOtherBody: otherBody)
    }

    /// Rows of a completed paper that name another device than the first paper did.
    private func otherDevices(
        _ form: RequestForm, _ files: [CaseFile]
    ) throws(CaseError) -> [RequestCompleted.Change] {
        var changes: [RequestCompleted.Change] = []
        for (file, device) in zip(files, form.devices)
        where file.deviceNumber != device.deviceNumber {
            if file.state.stage == .incomplete {
                changes.append(
                    .init(
                        caseID: file.id, before: file.deviceNumber,
                        deviceNumber: device.deviceNumber))
            } else if DeviceNumber.key(file.deviceNumber) != DeviceNumber.key(device.deviceNumber) {
                // Its case stays as it is, and so must what it is about.
                throw .invalidField(
                    .deviceNumber,
                    "of row \(file.row + 1) must be \(file.deviceNumber), as in the first paper: "
                        + "case \(file.id) is \(file.state.stage.rawValue)")
            }
        }
        return changes
    }

    /// Removes what a request says of people, and what people wrote in its cases: on record
    /// first, so that a start finishes what a power cut stopped. What is written later is removed
    /// by asking once more.
    package func removePersonal(of id: RequestID, who: Who) throws(CaseError) -> Receipt {
        try recording.withLock { (_) throws(CaseError) -> Receipt in
            try payOwed()
            guard let request = request(id) else { throw .requestNotFound(id) }
            let files = request.cases.compactMap { file($0) }
            let names =
                [request.personal].compactMap { $0 } + files.flatMap { $0.written.map(\.name) }
            guard !names.isEmpty else {
                // What an asking before this one could not remove goes before it is called gone.
                for name in cases.withLock({ $0.obsolete }) where vault.has(name) {
                    do throws(VaultError) {
                        try vault.remove(name)
                    } catch {
                        throw .vault(error)
                    }
                }
                throw .personalRemoved(id)
            }
            // A letter names its device and its people.
            if let file = files.first(where: \.isPending) { throw .stillNeeded(file.id) }
            let receipt = try write(.personalRemoved(id), case: nil, who: who)
            // On record, so what is left is `sweepVault`'s and the next start's; but nobody is told
            // that it is gone.
            var failure: VaultError?
            for name in names {
                do throws(VaultError) {
                    try vault.remove(name)
                } catch {
                    if case .notFound = error { continue }
                    failure = error
                }
            }
            if let failure { throw .vault(failure) }
            return receipt
        }
    }

    /// The request that this paper is, where it is on record, also as one that was completed
    /// since: same kind, number, body, day and devices.
    package func known(_ form: RequestForm) -> RequestID? { known(form.tidied(), journal.now) }

    private func known(_ form: RequestForm, _ now: Timestamp) -> RequestID? {
        func day(_ time: Timestamp) -> String {
            let date = time.date(minutesEast: CaseBook.minutesEast)
            return "\(date.year)-\(date.month)-\(date.day)"
        }
        func key(_ kind: CaseKind, _ number: String, _ body: String, _ received: Timestamp)
            -> String
        {
            [kind.rawValue, CaseBook.folded(number), CaseBook.folded(body), day(received)]
                .joined(separator: "\n")
        }
        let own = key(form.kind, form.number, form.managingBody, form.received ?? now)
        let devices = form.devices.map { DeviceNumber.key($0.deviceNumber) }
        return cases.withLock { cases in
            // A paper comes twice within days, not years.
            cases.requests.suffix(10_000).last { request in
                key(request.kind, request.number, request.managingBody, request.received) == own
                    && request.cases.compactMap { cases.files[$0]?.deviceNumber }
                        .map(DeviceNumber.key) == devices
                    || request.earlier.contains { paper in
                        key(request.kind, paper.number, paper.managingBody, paper.received) == own
                            && paper.deviceNumbers.map(DeviceNumber.key) == devices
                    }
            }?.id
        }
    }

    /// For comparing what people write: case, blanks, what cannot be seen, and which of several
    /// letters or dashes that look alike it is do not count.
    static func folded(_ text: String) -> String { WrittenText.seen(text) }
}
