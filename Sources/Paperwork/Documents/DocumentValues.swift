import WorkingDays

/// One value of a paper.
package enum DocumentValue: Equatable, Sendable {
    case text(String)
    case day(CivilDate)
    /// In the office's time.
    case moment(TimeLabel)
    /// By a clock that was not synchronised: the paper says so behind it.
    case unsureMoment(TimeLabel)
    case count(Int)
    case qr(QRCode)
    case rows([DocumentRow])
    /// Of a due date: no day, but as soon as it is received.
    case atOnce
    /// Said to be not known, as a due date is while the clock is not right.
    case unknown
    /// Left for people to write in: shown as what is not there, and nothing that is missing.
    case byHand
}

/// A row of a list.
package struct DocumentRow: Equatable, Sendable {
    private(set) var values: [DocumentField: DocumentValue] = [:]

    package init(_ values: [DocumentField: DocumentValue] = [:]) { self.values = values }

    package subscript(_ field: DocumentField) -> DocumentValue? {
        get { values[field] }
        set { values[field] = newValue }
    }
}

/// What a paper is filled with. Values its kind has no use for are left out of it.
package struct DocumentValues: Equatable, Sendable {
    /// Whether the paper comes from training, and bears that mark.
    package let isTraining: Bool
    private(set) var values: [DocumentField: DocumentValue] = [:]

    /// Values of the office alone.
    package init(_ office: Office, isTraining: Bool) {
        self.isTraining = isTraining
        bases = office.bases
        func text(_ field: DocumentField, _ value: String?) {
            if let value { values[field] = .text(value) }
        }
        text(.officeName, office.name)
        text(.officeSuperior, office.superior)
        text(.officeSymbol, office.symbol)
        text(.officePlace, office.place)
        text(.officeIdentifier, office.identifier)
        text(.officeAddress, office.address)
        text(.officePhone, office.phone)
        text(.officeEmail, office.email)
        text(.providerName, office.provider.name)
        text(.providerSuperior, office.provider.superior)
        text(.providerAddress, office.provider.address)
        text(.providerIdentifier, office.provider.identifier)
        text(.signerCapacity, office.signer.capacity)
        text(.signerPosition, office.signer.position)
        text(.signerName, office.signer.name)
        values[.copies] = .rows(office.copies.map { DocumentRow([.copyName: .text($0)]) })
    }

    /// The bases that may be cited, and in which papers.
    let bases: [Office.Basis]

    package subscript(_ field: DocumentField) -> DocumentValue? {
        get { values[field] }
        set { values[field] = newValue }
    }

    /// The value for a paper of that kind: a kind cites the bases that are for it.
    func value(_ field: DocumentField, in kind: DocumentKind) -> DocumentValue? {
        if let value = values[field] { return value }
        guard field == .bases else { return nil }
        let cited = bases.filter { $0.isCited(in: kind) }
        return cited.isEmpty ? nil : .rows(cited.map { DocumentRow([.basisText: .text($0.text)]) })
    }
}
