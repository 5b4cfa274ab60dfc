/// A token held against its row of a request. Per field, and why:
///
/// * Device number: equal without blanks, dashes, dots and case, to any number the token has;
///   else different, never near: one digit off is the token of a neighbour. Absent where the
///   token tells no number of its own: then a person reads what is printed on it.
/// * Certificate name, with CN: equal after NFC, case, blanks and the place of the tone (hòa and
///   hoà are both taught). Near for each `NearReason`: those are ways to write one name, and
///   also ways in which two people differ (An, Ân), so a person decides. Any other letter is
///   different: An and Anh may share an office.
/// * Body, with O, each OU and, for a body's own certificate, CN: as the name; near also through
///   the alias table, since a certificate outlives a merger by years, and where only the asking
///   body fits, since divisions are named loosely. A ward of the same name whose district the
///   certificate names is held against what became of that ward.
/// * Mail: equal but for the case of the domain (RFC 5321, 2.3.11: before @ case may count);
///   near with another case before @, or with the same mailbox at another office domain, as
///   mergers moved them.
/// * Certificate serial: the same number, zeros in front aside, or different. Mẫu 06 has no
///   column for it.
package struct Match: Equatable, Sendable {
    package enum Field: String, Equatable, Hashable, Sendable, CaseIterable {
        case deviceNumber = "device_number"
        case certificateName = "certificate_name"
        case body
        case mail
        case certificateSerial = "certificate_serial"
    }

    package enum Verdict: Equatable, Sendable {
        case equal
        case near(NearReason)
        case different
        /// One side does not say it.
        case absent

        /// Without the reason.
        package var name: String {
            switch self {
            case .equal: "equal"
            case .near: "near"
            case .different: "different"
            case .absent: "absent"
            }
        }
    }

    /// One field of both, side by side.
    package struct Pair: Equatable, Sendable {
        package let field: Field
        /// What the request says; empty where it says nothing.
        package let asked: String
        /// What the token says, what fits best first.
        package let held: [String]
        package let verdict: Verdict
    }

    package enum Overall: String, Equatable, Sendable, CaseIterable {
        /// Number and name are equal, and nothing else is otherwise.
        case equal
        /// Nothing is different, and a person has to look: `toDecide`.
        case near
        /// It stops here: another token, or a request to be corrected first.
        case different
    }

    /// Every field, in the order of `Field`.
    package let pairs: [Pair]
    package let overall: Overall

    package init(
        _ token: Token, row: DeviceRow, managingBody: String, bodies: BodyTable = BodyTable(),
        officeSuffixes: [String] = Intake.officeSuffixes
    ) {
        pairs = [
            Self.number(token, row),
            Self.name(token, row, bodies),
            Self.body(token, row, managingBody, bodies),
            Self.mail(token, row, officeSuffixes),
            Self.serial(token, row),
        ]
        let verdicts = pairs.map(\.verdict)
        if verdicts.contains(.different) {
            overall = .different
        } else if verdicts[0] == .equal, verdicts[1] == .equal,
            verdicts.allSatisfy({ $0 == .equal || $0 == .absent })
        {
            overall = .equal
        } else {
            overall = .near
        }
    }

    /// What only a person can decide: what is near, and number and name where one side alone
    /// says them.
    package var toDecide: [Pair] {
        guard overall == .near else { return [] }
        return pairs.filter { pair in
            switch pair.verdict {
            case .near: true
            case .absent:
                [.deviceNumber, .certificateName].contains(pair.field)
                    && !(pair.asked.isEmpty && pair.held.isEmpty)
            case .equal, .different: false
            }
        }
    }

    package subscript(_ field: Field) -> Verdict {
        pairs.first { $0.field == field }?.verdict ?? .absent
    }

    // MARK: Fields

    private static func number(_ token: Token, _ row: DeviceRow) -> Pair {
        let wanted = DeviceNumber.key(row.deviceNumber)
        let fits = token.deviceNumbers.first { DeviceNumber.key($0) == wanted }
        let verdict: Verdict
        if fits != nil {
            verdict = .equal
        } else {
            verdict = token.tellsSerial ? .different : .absent
        }
        return Pair(
            field: .deviceNumber, asked: row.deviceNumber,
            held: best(fits, of: token.deviceNumbers), verdict: verdict)
    }

    private static func name(_ token: Token, _ row: DeviceRow, _ bodies: BodyTable) -> Pair {
        let held = [token.commonName].compactMap { $0 }.filter { !isBlank($0) }
        var verdict = Verdict.absent
        if let name = held.first, !isBlank(row.certificateName) {
            switch ComparedText.likeness(row.certificateName, name) {
            case .equal: verdict = .equal
            case .near(let reason): verdict = .near(reason)
            case .different:
                // A body's certificate may bear its old name.
                let reason = bodies.reason(
                    row.certificateName, name, context: token.organizations)
                verdict = reason.map { .near($0) } ?? .different
            }
        }
        return Pair(
            field: .certificateName, asked: row.certificateName, held: held, verdict: verdict)
    }

    private static func body(
        _ token: Token, _ row: DeviceRow, _ managingBody: String, _ bodies: BodyTable
    ) -> Pair {
        let units = token.organizations.prefix(16).filter { !isBlank($0) }
        let asked = isBlank(row.workplace) ? managingBody : row.workplace
        guard !units.isEmpty, !isBlank(asked) else {
            return Pair(field: .body, asked: asked, held: Array(units), verdict: .absent)
        }
        // A body's certificate has the body itself as its name, and only its superior as O.
        var names = Array(units)
        if let own = token.commonName, !isBlank(own) { names.append(own) }
        var found = Unit.best(asked, names, bodies)
        var shown = asked
        if found == nil, !isBlank(managingBody), Unit.best(managingBody, names, bodies) != nil {
            found = (.near(.askingBody), managingBody)
            shown = asked + " (" + managingBody + ")"
        }
        return Pair(
            field: .body, asked: shown, held: best(found?.name, of: units),
            verdict: found?.verdict ?? .different)
    }

    private static func serial(_ token: Token, _ row: DeviceRow) -> Pair {
        func digits(_ text: String) -> Substring {
            DeviceNumber.key(text).drop { $0 == "0" }
        }
        let held = [token.certificateSerial].compactMap { $0 }
        let wanted = digits(row.certificateSerial)
        var verdict = Verdict.absent
        if let serial = held.first, !wanted.isEmpty {
            verdict = digits(serial) == wanted ? .equal : .different
        }
        return Pair(
            field: .certificateSerial, asked: row.certificateSerial, held: held, verdict: verdict)
    }

    private static func mail(_ token: Token, _ row: DeviceRow, _ suffixes: [String]) -> Pair {
        var found: (verdict: Verdict, mail: String)?
        for mail in token.mails.prefix(16) where !row.mail.isEmpty && !mail.isEmpty {
            let verdict = MailAddress.verdict(row.mail, mail, suffixes)
            guard verdict != .different, found == nil || verdict == .equal else { continue }
            found = (verdict, mail)
            if verdict == .equal { break }
        }
        let isSaid = !row.mail.isEmpty && token.mails.contains { !$0.isEmpty }
        return Pair(
            field: .mail, asked: row.mail, held: best(found?.mail, of: token.mails),
            verdict: found?.verdict ?? (isSaid ? .different : .absent))
    }

    private static func isBlank(_ text: String) -> Bool { ComparedText(text).words.isEmpty }

    private static func best(_ fits: String?, of all: [String]) -> [String] {
        guard let fits else { return Array(all.prefix(16)) }
        return [fits] + all.filter { $0 != fits }.prefix(15)
    }
}

/// A body's name against the units of a certificate.
private enum Unit {
    /// The best of `names` for what was asked; nil where none fits.
    static func best(
        _ asked: String, _ names: [String], _ bodies: BodyTable
    ) -> (verdict: Match.Verdict, name: String)? {
        var near: (Match.Verdict, String)?
        for name in names {
            let likeness = ComparedText.likeness(asked, name)
            if likeness == .different { continue }
            // Wards of one name in two districts went to different wards.
            if bodies.isAnother(asked, name, context: names.filter { $0 != name }) {
                near = near ?? (.near(.formerName), name)
                continue
            }
            switch likeness {
            case .equal: return (.equal, name)
            case .near(let reason): near = near ?? (.near(reason), name)
            case .different: break
            }
        }
        if let near { return near }
        // A division with its body: "Phòng Văn hóa, UBND phường …" are two OUs, in either order.
        for first in names.indices.reversed() {
            for count in 2...4 where first + count <= names.count {
                let joined = names[first..<(first + count)].joined(separator: ", ")
                let turned = names[first..<(first + count)].reversed().joined(separator: ", ")
                for text in [turned, joined] {
                    if ComparedText.likeness(asked, text) != .different {
                        return (.near(.wordOrder), text)
                    }
                }
            }
        }
        for name in names {
            if let reason = bodies.reason(asked, name, context: names.filter { $0 != name }) {
                return (.near(reason), name)
            }
        }
        return nil
    }
}
