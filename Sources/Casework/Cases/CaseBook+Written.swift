import JSON

/// Acts at which a person writes something: their words are in the vault before the line that
/// commits to them, and go with the rest of what the request says of people.
extension CaseBook {
    /// Refuses a case in writing.
    package func refuse(
        _ id: CaseID, _ reasons: [GivenReason], who: Who
    ) throws(CaseError) -> Receipt {
        var codes: [String] = []
        for reason in reasons where !codes.contains(reason.code.rawValue) {
            codes.append(reason.code.rawValue)
        }
        let isSaidByCodes = reasons.allSatisfy { $0.sentence == nil }
        return try record(isSaidByCodes ? nil : reasons.map(\.written), case: id, who: who) {
            .refused(reasons: codes, written: $0)
        }
    }

    /// Closes a case.
    package func close(_ id: CaseID, reason: String, who: Who) throws(CaseError) -> Receipt {
        try record([reason], case: id, who: who) { .closed(reason: Remark($0)) }
    }

    /// Records that a notice has gone.
    /// - Throws: `.noticeKnown` for the same one once more, as of a program that lost the answer.
    package func sendNotice(
        of id: CaseID, to addressee: Addressee, reference: String, who: Who
    ) throws(CaseError) -> Receipt {
        let objection: (CaseFile) -> CaseError? = { [self] file in
            isKnown(reference, to: addressee, file) ? .noticeKnown(addressee) : nil
        }
        return try record([reference], case: id, who: who, unless: objection) {
            .noticeSent(addressee, reference: Remark($0))
        }
    }

    /// Case and blanks do not count; what was removed by rule is not compared.
    private func isKnown(_ reference: String, to addressee: Addressee, _ file: CaseFile) -> Bool {
        let own = CaseBook.folded(reference)
        return file.notices.reversed().contains { notice in
            guard notice.addressee == addressee, let words = try? words(of: notice.reference)
            else { return false }
            return CaseBook.folded(words) == own
        }
    }

    /// - Parameter event: the event that names the vault's record; also asked for without one, to
    ///   see whether it is for the case now.
    private func record(
        _ written: [String]?, case id: CaseID, who: Who,
        unless objection: (CaseFile) -> CaseError? = { _ in nil },
        _ event: (Commitment?) -> CaseEvent
    ) throws(CaseError) -> Receipt {
        try recording.withLock { (_) throws(CaseError) -> Receipt in
            try payOwed()
            if let error = file(id).flatMap(objection) { throw error }
            try check(event(nil), case: id)
            guard let written else { return try write(event(nil), case: id, who: who) }
            let record: [UInt8]
            do throws(JSONWriteError) {
                record = try WrittenRecord.text(written)
            } catch {
                throw .vault(.unfit("\(error)"))
            }
            let name = try keep(record)
            return try write(event(name), case: id, who: who, orRemove: name)
        }
    }

    // MARK: Reading them

    /// The reasons as they were given: sentences, and codes where they say it.
    package func words(of refusal: Refusal) throws(CaseError) -> [String] {
        guard let name = refusal.written else { return refusal.reasons }
        return try words(name)
    }

    package func words(of remark: Remark) throws(CaseError) -> String {
        switch remark {
        case .plain(let text): text
        case .kept(let name): try words(name).joined(separator: "; ")
        }
    }

    /// Of a record of the vault.
    package func words(_ name: Commitment) throws(CaseError) -> [String] {
        let record: [UInt8]
        do throws(VaultError) {
            record = try vault.get(name)
        } catch {
            throw .vault(error)
        }
        do throws(JSONError) {
            return try WrittenRecord.read(record)
        } catch {
            throw .vault(.altered(name))
        }
    }
}

extension Remark {
    fileprivate init(_ name: Commitment?) { self = name.map { .kept($0) } ?? .plain("") }
}
