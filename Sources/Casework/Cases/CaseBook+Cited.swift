import Crypto
import JSON

/// A line of the journal that a paper of a case goes by.
package struct CitedLine: Equatable, Sendable {
    /// The line with its hash, as the station said them when it wrote it.
    package let receipt: Receipt
    package let who: Who
    /// What the key was proven by, where the line says that.
    package let evidence: String?
}

/// What the papers of a case go by.
package struct CitedLines: Equatable, Sendable {
    /// How its restore ended; of one that was proven later, that proof.
    package fileprivate(set) var result: CitedLine?
    /// The latest proof of the key that the record of a hand-over rests on.
    package fileprivate(set) var proof: CitedLine?

    package init() {}
}

extension CaseBook {
    /// Read from the journal's file, as `history` is.
    /// - Parameter file: of a closed case, what it was before that.
    package func cited(of file: CaseFile) throws(JournalError) -> CitedLines {
        var found = CitedLines()
        var fold = Cases()
        for number in file.lines {
            var reader = try journal.lines(from: number)
            guard let read = try reader.next(), let entry = read.entry,
                let line = read.bytes.withUnsafeBytes({ JournalLine($0).flatMap(CaseLine.init) })
            else { throw JournalError(.broken(line: number), "line \(number) is of no case") }
            let before = fold.files[file.id]?.state.stage
            fold.apply(line)
            guard case .event(let event) = line.content else { continue }
            let stage = fold.files[file.id]?.state.stage
            switch event {
            // Nothing came of it.
            case .restoreOutcome(let end) where end.outcome == .refused: break
            case .restoreOutcome, .restoreResolved:
                if stage != before { found.result = try CitedLine(entry) }
            case .keycheckOutcome(let end) where end.isProven:
                if stage != before { found.result = try CitedLine(entry) }
                if stage == .open { found.proof = try CitedLine(entry) }
            default: break
            }
        }
        return found
    }
}

extension CitedLine {
    fileprivate init(_ entry: JournalEntry) throws(JournalError) {
        who = entry.who
        do throws(CryptoError) {
            receipt = Receipt(
                sequence: entry.sequence, hash: try Hash256.of(entry.bytes).hex, time: entry.time,
                clock: entry.clock)
        } catch {
            throw JournalError(error)
        }
        do throws(JSONError) {
            evidence = try entry.caseEvent()?.evidence
        } catch {
            throw JournalError(
                .broken(line: entry.sequence),
                "line \(entry.sequence) does not say what it must: \(error)")
        }
    }
}

extension CaseEvent {
    fileprivate var evidence: String? {
        switch self {
        case .keycheckOutcome(let end): end.evidence
        case .restoreOutcome(let end), .restoreResolved(let end): end.evidence
        default: nil
        }
    }
}
