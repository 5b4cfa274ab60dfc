import Casework
import StationInterface
import Tokens

/// The token held against the row of its request.
extension Agent {
    func compare(_ reading: Reading, _ file: CaseFile) throws(WorkError) -> Match {
        var row = DeviceRow(deviceNumber: file.deviceNumber)
        do throws(CaseError) {
            let personal = try book.personal(of: file.request)
            row = personal.device(file.row, number: file.deviceNumber)
        } catch {
            // What is gone by rule is not compared: the number stands in the journal.
            guard case .personalRemoved = error else {
                throw .station(refusal(error, file.id.text))
            }
        }
        let identity = reading.identity
        return Match(
            Match.Token(
                deviceNumbers: identity.deviceNumbers, tellsSerial: identity.serial != nil,
                certificate: reading.proving?.certificate),
            row: row, managingBody: file.managingBody, bodies: office.bodies)
    }
}

extension StationError {
    /// A field that somebody says they compared, and that there is not.
    static func notCompared(_ field: String) -> StationError {
        .unfit(
            "compared",
            "names \(field), which is none of "
                + Match.Field.allCases.map(\.rawValue).joined(separator: ", "))
    }
}

extension UnsettledMatch {
    /// The record's word for it; nil where nothing was refused yet.
    var reason: String? {
        switch self {
        case .different(let match):
            match[.deviceNumber] == .different ? "token-mismatch" : "request-differs"
        case .undecided: nil
        }
    }

    func words(caseNumber: String) -> StationError {
        let comparison = Station.Comparison(match)
        switch self {
        case .different where match[.deviceNumber] == .different:
            return .tokenMismatch(
                caseNumber: caseNumber, comparison,
                "This is not the token of the request; nothing was changed in it.",
                next: "Find the token of the request, or correct the request.")
        case .different:
            return .tokenMismatch(
                caseNumber: caseNumber, comparison,
                "The token's certificate says otherwise than the request; nothing was changed "
                    + "in it.",
                next: "Ask the body that made the request: it is another token, or the request "
                    + "has to be corrected.")
        case .undecided:
            return .comparisonNeeded(
                caseNumber: caseNumber, comparison,
                "Token and request may mean the same, and a person has to decide that; nothing "
                    + "was changed in the token.",
                next: "Compare what is named, side by side. Where it means the same, begin again "
                    + "and say so for each field.")
        }
    }
}

extension Station.Comparison {
    init(_ match: Match) {
        let overall: Overall =
            switch match.overall {
            case .equal: .equal
            case .near: .near
            case .different: .different
            }
        self.init(
            overall: overall, fields: match.pairs.map { Station.ComparedField($0) },
            toCompare: match.toDecide.map(\.field.rawValue))
    }
}

extension Station.ComparedField {
    init(_ pair: Match.Pair) {
        let (verdict, reason): (Verdict, String?) =
            switch pair.verdict {
            case .equal: (.equal, nil)
            case .near(let reason): (.near, reason.rawValue)
            case .different: (.different, nil)
            case .absent: (.absent, nil)
            }
        self.init(
            field: pair.field.rawValue, asked: pair.asked, held: pair.held, verdict: verdict,
            reason: reason)
    }
}
