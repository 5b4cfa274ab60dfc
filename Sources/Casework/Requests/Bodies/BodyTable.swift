import WorkingDays

/// What bodies, wards and other units were called before and are called now: the office's alias
/// table. Names are looked for inside of what somebody wrote, so that an entry for a ward holds
/// for its Ủy ban nhân dân, its police and its schools too.
package struct BodyTable: Equatable, Sendable {
    /// A name that was given up.
    package struct Change: Equatable, Sendable {
        package let old: String
        /// Where the old name stood (`quận Đông`), which tells equal names apart; nil where
        /// it was the only one.
        package let district: String?
        package let new: String
        /// The first day of the new name.
        package let from: CivilDate

        package init(old: String, district: String? = nil, new: String, from: CivilDate) {
            self.old = old
            self.district = district
            self.new = new
            self.from = from
        }
    }

    /// Other spellings of one name, as short forms.
    package struct Spelling: Equatable, Sendable {
        package let name: String
        package let also: [String]

        package init(name: String, also: [String]) {
            self.name = name
            self.also = also
        }
    }

    /// What the table says of what somebody wrote.
    package enum Standing: Equatable, Sendable {
        /// No old name is in it, or one that is in use again.
        case good
        case renamed(Change)
        /// The old name went to several: what was written does not say which.
        case several([Change])
    }

    package let changes: [Change]
    package let spellings: [Spelling]
    /// The province or city all of it lies in; behind a name it says nothing.
    package let place: String?

    private let exact: Index
    private let bare: Index

    package init(changes: [Change] = [], spellings: [Spelling] = [], place: String? = nil) {
        self.changes = changes
        self.spellings = spellings
        self.place = place
        exact = Index(changes, spellings, place) { $0 }
        bare = Index(changes, spellings, place, VietnameseLetters.bare)
    }

    /// A name that went to several. Two bodies of one name look the same where the lines do not
    /// say in which district each lay.
    package struct Division: Equatable, Sendable {
        /// The old name, with its district behind a comma.
        package let name: String
        package let new: [String]
    }

    /// All names that went to several, in the order of the file.
    package var divided: [Division] {
        var order: [[String]] = []
        var lines: [[String]: [Change]] = [:]
        for change in changes {
            let old = Self.words(change.old).map(\.text)
            let district = change.district.map { Self.words($0).map(\.text) } ?? []
            let name = old + [","] + district
            if lines[name] == nil { order.append(name) }
            lines[name, default: []].append(change)
        }
        return order.compactMap { name in
            guard let all = lines[name], all.count > 1, let first = all.first else { return nil }
            return Division(
                name: first.old + (first.district.map { ", " + $0 } ?? ""), new: all.map(\.new))
        }
    }

    /// What became of the names in `text` by that day; nil for every change.
    package func standing(of text: String, on day: CivilDate? = nil) -> Standing {
        var several: [Change] = []
        for found in exact.oldNames(in: Self.words(text)) {
            let past = found.changes.map { changes[$0] }.filter { change in
                day.map { change.from <= $0 } ?? true
            }
            guard let first = past.first else { continue }
            if past.allSatisfy({ $0.new == first.new }) { return .renamed(first) }
            if several.isEmpty { several = past }
        }
        return several.isEmpty ? .good : .several(several)
    }

    /// Whether two names mean one body by this table, old and new names and spellings in mind;
    /// nil where they do not. `context` is what else is known of where `held` stands: the units
    /// around it in a certificate.
    func reason(_ asked: String, _ held: String, context: [String]) -> NearReason? {
        let left = Self.words(asked)
        let right = Self.words(held)
        let spelled = (bare.spelled(left), bare.spelled(right))
        if ComparedText.likeness(of: spelled.0, spelled.1) != nil { return .spelledSo }
        let around = context.map { Self.words($0).map { VietnameseLetters.bare($0.text) } }
        for a in bare.today(spelled.0.words, around: []) {
            for b in bare.today(spelled.1.words, around: around)
            where ComparedText.likeness(of: a, b) != nil {
                return .formerName
            }
        }
        return nil
    }

    /// Whether `held`, standing among `context`, is the old name of a body that is not `asked`,
    /// though both read the same: wards of one name in two districts.
    func isAnother(_ asked: String, _ held: String, context: [String]) -> Bool {
        let around = context.map { Self.words($0).map { VietnameseLetters.bare($0.text) } }
        let words = bare.spelled(Self.words(held)).words
        guard bare.oldNames(in: words, around: around).contains(where: \.isByDistrict) else {
            return false
        }
        let wanted = bare.today(bare.spelled(Self.words(asked)).words, around: [])
        return !bare.today(words, around: around).contains { b in
            wanted.contains { ComparedText.likeness(of: $0, b) != nil }
        }
    }

    /// Words with abbreviations written out.
    static func words(_ text: String) -> [ComparedText.Word] {
        Abbreviation.expanded(
            ComparedText(text).words.map {
                ComparedText.Word(text: VietnameseLetters.seen($0.text), ends: $0.ends)
            })
    }

    package static func == (a: BodyTable, b: BodyTable) -> Bool {
        a.changes == b.changes && a.spellings == b.spellings && a.place == b.place
    }
}
