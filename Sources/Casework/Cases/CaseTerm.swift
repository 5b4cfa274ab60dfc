/// By when something is to be done for a case, before any calendar is asked.
package enum CaseTerm: Equatable, Sendable {
    /// So many working days after the day of `from`, which does not count.
    case workingDays(Int, from: Timestamp)
    case atOnce(from: Timestamp)
    /// No source names a term; a person decides.
    case unconfirmed
}

extension CaseTerm {
    /// A restore, from a valid request: draft Điều 12.2.b, and rules in force elsewhere.
    package static let restoreDays = 1
    /// A device of a revoked certificate, from the notice of revocation.
    package static let returnDays = 5
}

extension CaseFile {
    /// nil where nothing is due: the request is not valid yet, or all is done.
    package func term(of request: RequestFile) -> CaseTerm? {
        guard !state.isDone || awaitsNotice, state.stage != .incomplete else { return nil }
        switch kind {
        case .restore:
            return request.validSince.map { .workingDays(CaseTerm.restoreDays, from: $0) }
        // Mẫu 07 goes right after the device was handed over.
        case .handOver: return state.stage == .recorded ? .atOnce(from: since) : nil
        case .takeBack:
            guard request.returnReason == .revoked, let noticed = request.noticed else {
                // The five days of an expiry without a notice stand in no source.
                return .unconfirmed
            }
            return .workingDays(CaseTerm.returnDays, from: noticed)
        case .lost, .misuse: return .atOnce(from: request.received)
        }
    }
}
