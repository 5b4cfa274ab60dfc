// Whose token it is, and whether it can be helped.
extension Counter {
    func drawIdentity(_ subject: Subject, _ p: inout Painter) {
        let report = subject.report
        let certificate = subject.certificate
        p.line(p.text(.identityTitle), .heading)
        p.gap()
        let table = Comparison(width: p.width)
        p.pieces([
            (padded("", table.label), .quiet),
            (padded(p.text(.identityRequest), table.ours), .quiet),
            (p.text(.identityToken), .quiet),
        ])
        for row in report.compared where !row.asked.isEmpty || row.isOpen {
            guard let name = Phrase(field: row.field) else { continue }
            table.draw(name, row, &p)
        }
        p.gap()
        if subject.isMismatch {
            let isOther = subject.isOtherToken
            p.paragraph("✗ " + p.text(isOther ? .identityOther : .identityDiffers), .bad)
            p.paragraph(p.text(.identityUntouched))
            p.gap()
            p.line(p.text(.labelDo), .quiet)
            return p.paragraph(
                p.text(isOther ? .doFindToken : .doAskBody), .strong, indent: 2)
        }
        let (verdict, role): (Phrase, Role) =
            if subject.needsComparison {
                subject.isCompared ? (.comparedYes, .good) : (.comparedNo, .warning)
            } else {
                (.identitySame, .good)
            }
        // What to do stands there whole, whatever is left out for it.
        let words = p.text(verdict)
        let reserved = Wrapping.lines(words, width: p.width, most: 3).count
        drawRest(subject, certificate, at: table.label, most: p.rowsLeft - reserved, &p)
        p.paragraph(words, role, most: 3)
    }

    private func drawRest(
        _ subject: Subject, _ certificate: CertificateSummary?, at column: Int, most rows: Int,
        _ p: inout Painter
    ) {
        let report = subject.report
        var facts: [(Phrase, String, Role)] = [
            (.rowFamily, report.model.isEmpty ? report.family : report.model, .text)
        ]
        if let certificate {
            let serial = certificate.serialNumber
            facts.append(
                (
                    .rowCertificate,
                    certificate.slot.isEmpty ? serial : "\(serial)  (\(certificate.slot))", .text
                ))
            facts.append(
                (
                    .rowValidity,
                    "\(Dates.day(certificate.notBefore)) – \(Dates.day(certificate.notAfter))",
                    .text
                ))
        }
        facts.append(
            (
                .triesLeft,
                p.text(
                    .triesBoth, tries(report.pinTries, of: report.pinLimit),
                    tries(report.unblockingTries, of: report.unblockingLimit)), .strong
            ))
        for (name, value, role) in facts.suffix(max(rows, 0)) {
            p.pair(p.text(name), value, role, at: column)
        }
        p.gap(rows > facts.count ? 1 : 0)
    }

    func tries(_ left: Int?, of limit: Int? = nil) -> String {
        guard let left else { return Phrase.unknown.text(language) }
        guard let limit else { return String(left) }
        return "\(left)/\(limit)"
    }

    func drawHelp(_ subject: Subject, _ p: inout Painter) {
        let report = subject.report
        p.line(p.text(.helpTitle), .heading)
        p.line(
            p.text(.waitingFor, subject.request.requestNumber, subject.request.deviceNumber), .quiet
        )
        p.gap()
        switch report.verdict {
        case .possible:
            p.line("✓ " + p.text(.helpPossible), .good)
            p.gap()
            p.paragraph(p.text(.helpLocked))
        case .notLocked:
            p.line("! " + p.text(.helpNotLocked), .warning)
            p.gap()
            p.paragraph(
                report.pinTries == 1
                    ? p.text(.helpNotLockedOne)
                    : p.text(.helpNotLockedWhy, tries(report.pinTries)))
        case .unclear:
            p.line("! " + p.text(.helpUnclear), .warning)
            p.gap()
            p.paragraph(p.text(.helpUnclearWhy))
        case .impossible:
            p.line("✗ " + p.text(.helpImpossible), .bad)
            p.gap()
            return drawRefusal(report, &p)
        case .lastTry:
            let one = report.hasOneTry
            p.line("✗ " + p.text(one ? .helpLastTry : .helpTriesUnknown), .bad)
            p.gap()
            p.paragraph(p.text(one ? .helpLastTryWhy : .helpTriesUnknownWhy))
            drawReasons(report, &p)
            p.gap()
            p.line(p.text(.labelDo), .quiet)
            return p.paragraph(
                p.text(.helpLastTryDo, subject.request.id), .strong, indent: 2)
        }
        drawReasons(report, &p)
        p.gap()
        if let left = report.unblockingTries {
            p.paragraph(p.text(.helpUnblockTries, tries(left, of: report.unblockingLimit)), .strong)
        } else {
            p.paragraph(p.text(.helpUnblockUnknown), .warning)
        }
        if report.verdict.allowsForgotten {
            p.gap()
            p.paragraph(
                subject.pinForgotten ? "✓ " + p.text(.forgottenYes) : p.text(.forgottenNo),
                subject.pinForgotten ? .good : .strong)
        }
        if awaiting != nil {
            p.gap()
            p.line(p.text(.helpAsking), .quiet)
        }
    }

    private func drawReasons(_ report: TokenReport, _ p: inout Painter) {
        for reason in report.reasons {
            guard let phrase = Phrase(reason: reason), phrase != .reasonNotLocked,
                phrase != .reasonLastTry
            else { continue }
            p.paragraph("• " + p.text(phrase), .warning, most: 2)
        }
    }

    private func drawRefusal(_ report: TokenReport, _ p: inout Painter) {
        var said = false
        for reason in report.reasons {
            guard let phrase = Phrase(reason: reason) else { continue }
            p.paragraph("• " + p.text(phrase), .strong, most: 2)
            said = true
        }
        if !said { p.paragraph("• " + p.text(.faultCannotHelp), .strong) }
        p.gap()
        p.paragraph(p.text(.helpImpossibleDo))
        guard !report.advice.isEmpty else { return }
        p.gap()
        p.paragraph("\(p.text(.labelDetail)): \(report.advice)", .quiet, most: 3)
    }
}

/// Rows of the request beside the same of the token.
private struct Comparison {
    let label = 18
    let ours: Int
    let theirs: Int
    private let mark = 7

    init(width: Int) {
        let rest = width - 18 - 7
        ours = rest / 2
        theirs = rest - rest / 2
    }

    func draw(_ name: Phrase, _ row: ComparedRow, _ p: inout Painter) {
        let left = Wrapping.lines(row.asked, width: ours - 2, most: 2)
        let right = Wrapping.lines(
            row.held.first ?? p.text(.unknown), width: theirs - 1, most: 2)
        let (verdict, role): (String, Role) =
            switch (row.verdict, row.isOpen) {
            case (.equal, _): ("✓ " + p.text(.same), .good)
            case (.different, _): ("✗ " + p.text(.different), .bad)
            case (.near, true), (.absent, true): ("≈ " + p.text(.look), .warning)
            case (.near, false), (.absent, false): ("?", .quiet)
            }
        for i in 0..<max(left.count, right.count, 1) {
            p.pieces([
                (padded(i == 0 ? p.text(name) : "", label), .quiet),
                (padded(i < left.count ? left[i] : "", ours), .text),
                (padded(i < right.count ? right[i] : "", theirs), .strong),
                (i == 0 ? verdict : "", role),
            ])
        }
    }
}

extension Phrase {
    /// What a field of the agent's comparison is called on the form.
    fileprivate init?(field: String) {
        switch field {
        case "device_number": self = .rowDevice
        case "certificate_name": self = .rowHolder
        case "body": self = .rowBody
        case "mail": self = .rowEmail
        case "certificate_serial": self = .rowCertificate
        default: return nil
        }
    }

    /// The counter's words for one of the agent's words for programs.
    fileprivate init?(reason: String) {
        switch reason {
        case "not-locked": self = .reasonNotLocked
        case "unblocking-code-blocked": self = .reasonBlocked
        case "last-try": self = .reasonLastTry
        case "certificate-expired": self = .reasonExpired
        case "model-provisional": self = .reasonModelProvisional
        case "model-refused": self = .reasonModelRefused
        case "not-in-profile": self = .reasonNotInProfile
        case "not-identifiable": self = .reasonNotIdentifiable
        case "status-query-unsafe": self = .reasonQueryUnsafe
        case "no-proving-key": self = .reasonNoProvingKey
        default: return nil
        }
    }
}

/// Dates as they are written in Việt Nam.
enum Dates {
    /// The day of an RFC 3339 time in UTC, as dd/mm/yyyy; the text itself where it is none.
    static func day(_ time: String) -> String {
        let parts = time.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
        guard time.utf8.count >= 10, parts.count == 3, parts[0].count == 4,
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return time }
        return "\(parts[2])/\(parts[1])/\(parts[0])"
    }

    /// The day of an RFC 3339 time in UTC where the counter stands: Việt Nam is seven hours
    /// ahead all year.
    static func localDay(_ time: String) -> String {
        guard let seconds = seconds(time), seconds >= 0 else { return day(time) }
        // Days of the proleptic Gregorian calendar, counted from March.
        let days = (seconds + 7 * 3_600) / 86_400 + 719_468
        let era = days / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * fromMarch + 2) / 5 + 1
        let month = fromMarch + (fromMarch < 10 ? 3 : -9)
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (day < 10 ? "0" : "") + "\(day)/" + (month < 10 ? "0" : "") + "\(month)/\(year)"
    }

    /// The day and minute of such a time where the counter stands: `21/11/2026 10:40`.
    static func localTime(_ time: String) -> String {
        guard let seconds = seconds(time), seconds >= 0 else { return time }
        let minutes = (seconds + 7 * 3_600) % 86_400 / 60
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }
        return localDay(time) + " " + two(minutes / 60) + ":" + two(minutes % 60)
    }

    /// Seconds since 1970 of an RFC 3339 time in UTC with whole seconds or fractions; nil for
    /// anything else.
    static func seconds(_ time: String) -> Int64? {
        let bytes = Array(time.utf8)
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z") else { return nil }
        let marks: [(Int, UInt8)] = [
            (4, UInt8(ascii: "-")), (7, UInt8(ascii: "-")), (10, UInt8(ascii: "T")),
            (13, UInt8(ascii: ":")), (16, UInt8(ascii: ":")),
        ]
        guard marks.allSatisfy({ bytes[$0.0] == $0.1 }) else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            Int64(String(decoding: bytes[range], as: UTF8.self))
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            (1...12).contains(month), (1...31).contains(day), (0...24).contains(hour),
            (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        // Days of the proleptic Gregorian calendar, counted from March.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        return days * 86_400 + hour * 3_600 + minute * 60 + second
    }
}
