import JSON

/// What is asked of the cases: answered from memory, for reports from the snapshot too.
extension CaseBook {
    package func file(_ id: CaseID) -> CaseFile? { cases.withLock { $0.files[id] } }

    /// The latest cases, newest first.
    package func latest(_ limit: Int = 100) -> [CaseFile] {
        cases.withLock { cases in
            cases.files.suffix(max(limit, 0)).reversed()
        }
    }

    /// The case of `restore` where a proof of the key would settle it: its token was unblocked
    /// without one, or how it ended is unknown.
    package func caseAwaitingCheck(of restore: RestoreID) -> CaseFile? {
        cases.withLock { cases in
            cases.pending.map { cases.files[place: $0] }.first { file in
                switch file.state {
                case .unblockedUnproven(let id): id == restore
                case .unknown(let ids): ids.contains(restore)
                default: false
                }
            }
        }
    }

    /// Cases that something can still be done for at the device, newest first.
    package func pending(_ limit: Int = 200) -> [CaseFile] {
        unfinished { !$0.state.isDone }.suffix(max(limit, 0)).reversed()
    }

    /// Cases that something is still to be done for, notices counted, oldest first.
    package func unfinished(where isMeant: (CaseFile) -> Bool = { _ in true }) -> [CaseFile] {
        cases.withLock { cases in
            cases.pending.map { cases.files[place: $0] }.filter(isMeant)
        }.sorted { ($0.lines.first ?? 0, $0.row) < ($1.lines.first ?? 0, $1.row) }
    }

    package func request(_ id: RequestID) -> RequestFile? {
        cases.withLock { $0.requests[id] }
    }

    /// The latest requests, newest first.
    package func latestRequests(_ limit: Int = 100) -> [RequestFile] {
        cases.withLock { cases in
            cases.requests.suffix(max(limit, 0)).reversed()
        }
    }

    /// Every request and case with what became of it, for reports.
    package func everything() -> (requests: [RequestFile], cases: [CaseFile]) {
        readStored()
        return cases.withLock { (Array($0.requests), Array($0.files)) }
    }

    /// How many cases are not done yet at the device.
    package var openCases: Int {
        cases.withLock { cases in
            cases.pending.count { !cases.files[place: $0].state.isDone }
        }
    }

    /// A case that is not done yet and may be of a token with these numbers, however they are
    /// written.
    package func openCase(ofAny numbers: [String]) -> CaseID? {
        let keys = Set(numbers.map(DeviceNumber.key))
        return unfinished { file in
            !file.state.isDone
                && (keys.contains(DeviceNumber.key(file.deviceNumber))
                    || file.token.map { keys.contains(DeviceNumber.key($0.name.serial)) } ?? false)
        }.first?.id
    }

    /// The case of this device that is not done yet; by the number's `DeviceNumber.key`.
    package func openCase(ofDevice key: String) -> CaseID? {
        unfinished { !$0.state.isDone && DeviceNumber.key($0.deviceNumber) == key }.first?.id
    }

    package var count: Int { cases.withLock { $0.files.count } }

    /// Restores nobody saw the end of, for one token or for all, oldest first.
    package func unresolved(serial: String? = nil) -> [RestoreRecord] {
        cases.withLock { cases in
            cases.unresolved.values.filter { serial == nil || $0.token.serial == serial }
                .sorted { $0.sequence < $1.sequence }
        }
    }

    /// Restores that are running now, oldest first.
    package var running: [RestoreRecord] {
        cases.withLock { $0.running.values.sorted { $0.sequence < $1.sequence } }
    }

    package func ledger(of token: TokenName) -> TokenLedger {
        cases.withLock { $0.ledgers[token] ?? TokenLedger() }
    }

    /// In which devices a key proved itself, the first of them first.
    /// - Parameter key: SHA-256 of its SubjectPublicKeyInfo, lower-case hex.
    package func sightings(ofKey key: String) -> [KeySighting] {
        cases.withLock { $0.keys.sightings(of: key) }
    }

    /// Numbers of the lines that say of a profile's content that it was written here.
    /// - Parameter sha256: lower-case hex.
    func sealed(_ sha256: String) -> [Int64] {
        cases.withLock { $0.commissions.lines(sealing: sha256) }
    }

    /// Numbers of lines that the fold could not make sense of; empty in a healthy journal.
    package var anomalies: [Int64] { cases.withLock { $0.anomalies } }

    /// Lines that a later version wrote.
    package var foreignLines: ForeignLines { cases.withLock { $0.foreign } }

    /// What a request says of people, from the vault.
    package func personal(of id: RequestID) throws(CaseError) -> PersonalData {
        guard let request = request(id) else { throw .requestNotFound(id) }
        guard let name = request.personal else { throw .personalRemoved(id) }
        let record: [UInt8]
        do throws(VaultError) {
            record = try vault.get(name)
        } catch {
            throw .vault(error)
        }
        do throws(JSONError) {
            return try PersonalData(reading: record)
        } catch {
            throw .vault(.altered(name))
        }
    }

    /// The name on the device's certificate, as the request says it.
    package func holder(of id: CaseID) throws(CaseError) -> String {
        guard let file = file(id) else { throw .notFound(id) }
        return try personal(of: file.request).device(file.row, number: file.deviceNumber)
            .certificateName
    }

    /// What is wrong with the vault, asked of the disk; nil where nothing is.
    package var vaultFault: VaultFault? {
        vault.fault ?? (vaultWasLost ? .madeAnew : unnamedFault)
    }

    /// Reads what a start with a snapshot left until it is asked for; the lock is held for
    /// moments only. Until then an answer takes as much longer as reading its blocks does.
    func readStored() {
        let (requests, files) = cases.withLock { $0.stored }
        for block in requests { _ = block.records }
        for block in files { _ = block.records }
        cases.withLock { $0.takeOverStored() }
    }
}
