import Requests
import WorkingDays

extension Intake {
    package typealias Field = RequestField

    /// What was found, as a code and what people need to know; nothing of it says anything about
    /// a person.
    package enum Rule: Equatable, Sendable {
        case missing
        case tooLong(most: Int)
        case hiddenCharacter
        case looseMark
        case personalNumber
        case dateForm
        case dateImpossible
        case dateInFuture
        case mobile
        case mailForm
        case mailPrivate
        case mailNotOffice
        case deviceForm
        case deviceUnusual
        /// In another row too, from 0.
        case deviceTwice(row: Int)
        case deviceOpen(CaseID)
        case tooManyDevices(most: Int)
        case bodyRenamed(to: String, from: CivilDate)
        /// One old name became several: their names.
        case bodySeveral([String])
        case contactElsewhere
        case receivedInFuture
        case permission

        /// For the socket, the journal and statistics; never changes.
        package var code: String { known.rawValue }

        private var known: RequestRule {
            switch self {
            case .missing: .missing
            case .tooLong: .tooLong
            case .hiddenCharacter: .hiddenCharacter
            case .looseMark: .looseMark
            case .personalNumber: .personalNumber
            case .dateForm: .dateForm
            case .dateImpossible: .dateImpossible
            case .dateInFuture: .dateInFuture
            case .mobile: .mobile
            case .mailForm: .mailForm
            case .mailPrivate: .mailPrivate
            case .mailNotOffice: .mailNotOffice
            case .deviceForm: .deviceForm
            case .deviceUnusual: .deviceUnusual
            case .deviceTwice: .deviceTwice
            case .deviceOpen: .deviceOpen
            case .tooManyDevices: .tooManyDevices
            case .bodyRenamed: .bodyRenamed
            case .bodySeveral: .bodySeveral
            case .contactElsewhere: .contactElsewhere
            case .receivedInFuture: .receivedInFuture
            case .permission: .permission
            }
        }

        /// What it is and what to do, for technicians and for programs without words of their own.
        package var toDo: String {
            switch self {
            case .missing: "is missing: ask the body that sent the request for it"
            case .tooLong(let most): "is longer than \(most) characters: shorten it"
            case .hiddenCharacter:
                "has characters that cannot be seen or turn the text around: type it again"
            case .looseMark: "has a diacritic that belongs to no letter: type it again"
            case .personalNumber: "must be twelve digits; nine are an old identity card's number"
            case .dateForm: "must be a day as dd/mm/yyyy"
            case .dateImpossible: "is no day of the calendar: ask for the right one"
            case .dateInFuture: "lies in the future: ask for the right one"
            case .mobile:
                "is no mobile number: ten digits that begin with 03, 05, 07, 08 or 09"
            case .mailForm: "is no mail address: ask for the right one"
            case .mailPrivate:
                "is an address of a private provider: the form wants the office's own"
            case .mailNotOffice:
                "is at no known office domain: ask whether it is the office's own"
            case .deviceForm:
                "cannot be a device number (4 to 40 letters, digits, dashes, dots, colons, slashes)"
            case .deviceUnusual:
                "does not look like the numbers known: compare it with the one on the device"
            case .deviceTwice(let row): "is the device of row \(row + 1) too: strike one"
            case .deviceOpen(let id): "is in case \(id) already, which is open: finish that first"
            case .tooManyDevices(let most):
                "has more than \(most) rows: take the rest as a second request"
            case .bodyRenamed(let name, let day):
                "has been \(name) since \(day): ask which is meant"
            case .bodySeveral(let names):
                "became several (\(names.joined(separator: "; "))): ask which of them it is"
            case .contactElsewhere:
                "is neither the body that asks nor one of the rows: ask whom this person works for"
            case .receivedInFuture:
                "lies in the future: compare it with the document system and this machine's clock"
            case .permission:
                "is missing: a body's device is handed over by written permission only "
                    + "(NĐ 30/2020 Điều 32.2.b)"
            }
        }
    }

    package enum Severity: String, Equatable, Hashable, Sendable, CaseIterable {
        /// The request is not valid until it is answered.
        case mustComplete = "must-complete"
        /// A person should look.
        case notice
    }

    package struct Finding: Equatable, Sendable, CustomStringConvertible {
        package let field: Field
        package let rule: Rule
        package let severity: Severity

        package init(_ field: Field, _ rule: Rule, _ severity: Severity) {
            self.field = field
            self.rule = rule
            self.severity = severity
        }

        /// Field and rule in one, for the journal: `devices[0].mail:mail-private`.
        package var code: String { field.name + ":" + rule.code }

        package var description: String { field.name + " " + rule.toDo }
    }
}

extension [Intake.Finding] {
    /// Whether nothing keeps the request from being valid.
    package var allowValid: Bool { allSatisfy { $0.severity == .notice } }
}
