import JSON

/// What the cases keep in the vault.
extension CaseBook {
    func keep(_ personal: PersonalData) throws(CaseError) -> Commitment {
        let record: [UInt8]
        do throws(JSONWriteError) {
            record = try personal.text()
        } catch {
            throw .vault(.unfit("\(error)"))
        }
        return try keep(record)
    }

    func keep(_ record: [UInt8]) throws(CaseError) -> Commitment {
        do throws(VaultError) {
            return try vault.put(record)
        } catch {
            throw .vault(error)
        }
    }

    /// Writes a line that commits to a vault's record; without the line the record is nobody's.
    func write(
        _ event: CaseEvent, case id: CaseID?, who: Who, orRemove personal: Commitment
    ) throws(CaseError) -> Receipt {
        do throws(CaseError) {
            let receipt = try write(event, case: id, who: who)
            vault.settle(personal)
            return receipt
        } catch {
            // Of a line whose write or flush failed nobody knows whether the next start finds it:
            // what it names stays until the journal is taken up again (`sweepVault`).
            if !isInDoubt(error) { try? vault.remove(personal) }
            throw error
        }
    }

    private func isInDoubt(_ error: CaseError) -> Bool {
        guard case .journal(let error) = error, journal.state != .ready else { return false }
        // A journal that had stopped before was not written to.
        return error.code != .stopped
    }

    /// Removes what lies in the vault and a line gave up, and the drafts that no line names: a
    /// power cut, or a line that was not taken, left them. What was a record and no line names now
    /// is kept and told (`vaultFault`): the journal is an older one, or another. Only while the
    /// journal takes lines, so that none is in doubt, and once a snapshot that the start began with
    /// is proven.
    /// - Returns: how many were removed.
    @discardableResult
    package func sweepVault() -> Int {
        let (found, fold): (Vault.Content?, Cases?) = recording.withLock { _ in
            guard journal.state == .ready, isWhole, upkeep.unproven == nil else {
                return (nil, nil)
            }
            return (try? vault.content(), cases.withLock { $0 })
        }
        guard let found, let fold else { return 0 }
        let (named, givenUp) = (fold.namedRecords, Set(fold.obsolete))
        for draft in found.drafts where named.contains(draft) { vault.settle(draft) }
        let gone = (found.records + found.drafts).filter(givenUp.contains)
        for name in gone { try? vault.remove(name) }
        // A line that the fold passed over may name a record too.
        guard fold.anomalies.isEmpty, fold.foreign.count == 0 else { return gone.count }
        let drafts = found.drafts.filter { !named.contains($0) && !givenUp.contains($0) }
        for name in drafts { try? vault.remove(name) }
        for path in found.torn { vault.removeTorn(path) }
        let unnamed = found.records.filter { !named.contains($0) && !givenUp.contains($0) }
        self.unnamed.withLock { $0 = unnamed }
        return gone.count + drafts.count + found.torn.count
    }

    /// Those that no line names and that are still there.
    var unnamedFault: VaultFault? {
        let left = unnamed.withLock { unnamed in
            unnamed.removeAll { !vault.has($0) }
            return unnamed
        }
        return left.first.map { .unnamed(left.count, first: vault.path($0)) }
    }
}
