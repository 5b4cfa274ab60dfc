extension Intake {
    /// One run of the check.
    struct Desk {
        let intake: Intake
        let form: RequestForm
        let bodies: BodyTable
        private var found: [Finding] = []

        init(intake: Intake, form: RequestForm, bodies: BodyTable) {
            self.intake = intake
            self.form = form
            self.bodies = bodies
        }

        private mutating func note(_ field: Field, _ rule: Rule, _ severity: Severity) {
            found.append(Finding(field, rule, severity))
        }

        /// In the paper's order, what must be completed before what is only to be noticed.
        func sorted() -> [Finding] {
            func place(_ field: Field) -> (Int, Int, Int) {
                switch field {
                case .number: (0, 0, 0)
                case .managingBody: (1, 0, 0)
                case .received: (2, 0, 0)
                case .contact(let field):
                    (3, Field.Contact.allCases.firstIndex(of: field) ?? 0, 0)
                case .devices: (4, 0, 0)
                case .device(let row, let column):
                    (5, row, Field.Column.allCases.firstIndex(of: column) ?? 0)
                case .permission: (6, 0, 0)
                case .returnReason: (7, 0, 0)
                case .noticed: (8, 0, 0)
                case .report: (9, 0, 0)
                }
            }
            return found.enumerated().sorted {
                let (a, b) = (place($0.element.field), place($1.element.field))
                return a != b ? a < b : $0.offset < $1.offset
            }.map(\.element)
        }

        // MARK: Each text by itself

        mutating func checkTexts() {
            let kept = form.devices.prefix(RequestForm.mostDevices)
            var small = form
            small.devices = Array(kept)
            for (field, text) in small.texts {
                if WrittenText.hidesSomething(text) {
                    note(field, .hiddenCharacter, .mustComplete)
                } else if WrittenText.hasLooseMark(text) {
                    note(field, .looseMark, .notice)
                }
                let most = Intake.longest(field)
                if text.unicodeScalars.count > most {
                    note(field, .tooLong(most: most), .mustComplete)
                }
            }
            let texts = Dictionary(small.texts.map { ($0.field, $0.text) }) { first, _ in first }
            for (field, severity) in Intake.needs(form.kind) where isLeftOut(field, texts[field]) {
                note(field, .missing, severity)
            }
            for (i, row) in kept.enumerated() {
                for (column, severity) in Intake.needs(form.kind, row: row)
                where isLeftOut(.device(i, column), row[column]) {
                    note(.device(i, column), .missing, severity)
                }
            }
            checkBody(.managingBody, form.managingBody)
        }

        /// Whether nothing that can be read stands there. What hides something is told as that, and
        /// what is not of its field's form as that.
        private func isLeftOut(_ field: Field, _ text: String?) -> Bool {
            guard let text, !text.isEmpty else { return true }
            switch field {
            case .contact(.personalNumber), .contact(.issuedOn), .contact(.mobile),
                .device(_, .deviceNumber), .device(_, .mail):
                return false
            default:
                return !WrittenText.saysSomething(text) && !WrittenText.hidesSomething(text)
            }
        }

        mutating func checkReceived() {
            guard let now = intake.now, let received = form.received else { return }
            // Two machines' clocks may differ by a little.
            if received.milliseconds > now.milliseconds + 5 * 60_000 {
                note(.received, .receivedInFuture, .mustComplete)
            }
        }

        private mutating func checkBody(_ field: Field, _ name: String) {
            switch bodies.standing(of: name, on: intake.today) {
            case .good: break
            case .renamed(let change):
                note(field, .bodyRenamed(to: change.new, from: change.from), .notice)
            case .several(let changes):
                var names: [String] = []
                for change in changes where !names.contains(change.new) {
                    names.append(change.new)
                }
                note(field, .bodySeveral(names), .mustComplete)
            }
        }

        // MARK: Section 1

        mutating func checkContact() {
            let contact = form.contact
            if !contact.personalNumber.isEmpty, !Intake.isPersonalNumber(contact.personalNumber) {
                note(.contact(.personalNumber), .personalNumber, .mustComplete)
            }
            if !contact.issuedOn.isEmpty {
                switch WrittenDate(contact.issuedOn) {
                case .unreadable: note(.contact(.issuedOn), .dateForm, .mustComplete)
                case .impossible: note(.contact(.issuedOn), .dateImpossible, .mustComplete)
                case .day(let day):
                    if let today = intake.today, day > today {
                        note(.contact(.issuedOn), .dateInFuture, .mustComplete)
                    }
                }
            }
            if !contact.mobile.isEmpty, !Intake.isMobile(contact.mobile) {
                note(.contact(.mobile), .mobile, .mustComplete)
            }
            guard !contact.workplace.isEmpty else { return }
            checkBody(.contact(.workplace), contact.workplace)
            var names = [form.managingBody]
            for row in form.devices.prefix(RequestForm.mostDevices) { names.append(row.workplace) }
            names.removeAll(where: \.isEmpty)
            if !names.isEmpty,
                !names.contains(where: { bodies.mayBeOne(contact.workplace, $0) })
            {
                note(.contact(.workplace), .contactElsewhere, .notice)
            }
        }

        // MARK: Section 2

        mutating func checkDevices(_ openDevices: (String) -> CaseID?) {
            if form.devices.isEmpty { note(.devices, .missing, .mustComplete) }
            if form.devices.count > RequestForm.mostDevices {
                note(.devices, .tooManyDevices(most: RequestForm.mostDevices), .mustComplete)
            }
            var rows: [String: Int] = [:]
            for (i, row) in form.devices.prefix(RequestForm.mostDevices).enumerated() {
                if !row.deviceNumber.isEmpty { checkNumber(i, row, &rows, openDevices) }
                if !row.mail.isEmpty { checkMail(i, row.mail) }
                checkBody(.device(i, .workplace), row.workplace)
            }
        }

        private mutating func checkNumber(
            _ i: Int, _ row: DeviceRow, _ rows: inout [String: Int],
            _ openDevices: (String) -> CaseID?
        ) {
            let field = Field.device(i, .deviceNumber)
            guard Intake.mayBeDeviceNumber(row.deviceNumber) else {
                return note(field, .deviceForm, .mustComplete)
            }
            if !Intake.isUsualDeviceNumber(row.deviceNumber) {
                note(field, .deviceUnusual, .notice)
            }
            let key = DeviceNumber.key(row.deviceNumber)
            if let other = rows[key] {
                note(field, .deviceTwice(row: other), .mustComplete)
            } else {
                rows[key] = i
                if let id = openDevices(key) { note(field, .deviceOpen(id), .mustComplete) }
            }
        }

        private mutating func checkMail(_ i: Int, _ text: String) {
            let field = Field.device(i, .mail)
            guard let mail = MailAddress(text) else {
                return note(field, .mailForm, .mustComplete)
            }
            if mail.isOffice(intake.officeSuffixes) { return }
            if mail.isPrivate(intake.privateProviders) {
                note(field, .mailPrivate, .mustComplete)
            } else {
                note(field, .mailNotOffice, .notice)
            }
        }

        // MARK: What only some kinds say

        mutating func checkParticulars() {
            let particulars = form.particulars
            switch form.kind {
            case .handOver:
                let isBodys = form.devices.prefix(RequestForm.mostDevices).contains {
                    bodies.isBody($0.certificateName, of: $0.workplace, form.managingBody)
                }
                if isBodys, particulars.permission.isEmpty {
                    note(.permission, .permission, .mustComplete)
                }
            case .takeBack:
                if particulars.returnReason == nil { note(.returnReason, .missing, .mustComplete) }
                // From its notice the five working days count; one that expired has none.
                if particulars.returnReason == .revoked, particulars.noticed == nil {
                    note(.noticed, .missing, .mustComplete)
                }
                if let now = intake.now, let noticed = particulars.noticed, noticed > now {
                    note(.noticed, .dateInFuture, .mustComplete)
                }
            case .restore, .lost, .misuse: break
            }
        }
    }
}

// MARK: - Forms of single values

extension Intake {
    static func isPersonalNumber(_ text: String) -> Bool {
        text.utf8.count == 12 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Ten digits from 03, 05, 07, 08 or 09 on, or the same with +84 for the 0.
    static func isMobile(_ text: String) -> Bool {
        var digits = text.filter { !" .-()".contains($0) }
        if digits.hasPrefix("+84") { digits = "0" + digits.dropFirst(3) }
        return digits.utf8.count == 10 && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
            && ["03", "05", "07", "08", "09"].contains { digits.hasPrefix($0) }
    }

    /// 4 to 40 letters, digits, dashes, dots, colons, slashes and blanks: the form of the number is
    /// not confirmed, so nothing narrower is refused.
    static func mayBeDeviceNumber(_ text: String) -> Bool {
        guard let number = try? DeviceNumber(text) else { return false }
        return (4...40).contains(number.text.utf8.count)
            && number.text.unicodeScalars.allSatisfy {
                switch $0 {
                case "0"..."9", "A"..."Z", "a"..."z", "-", ".", ":", "/", " ": true
                default: false
                }
            }
    }

    /// Whether it looks like a number that a token tells: 6 to 20 digits, or 8 to 40 hexadecimal
    /// digits as serials and certificates have them.
    static func isUsualDeviceNumber(_ text: String) -> Bool {
        let key = DeviceNumber.key(text).utf8
        if key.allSatisfy(isDigit) { return (6...20).contains(key.count) }
        return (8...40).contains(key.count)
            && key.allSatisfy { isDigit($0) || (0x61...0x66).contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
