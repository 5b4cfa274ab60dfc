/// The cases in the order they were opened, found by their ids and changed in place: a start
/// makes a million changes.
struct CaseTable: Sendable {
    private(set) var all: [CaseFile] = []
    private var places: [CaseID: Int32] = [:]

    var count: Int { all.count }

    subscript(_ id: CaseID) -> CaseFile? { places[id].map { all[Int($0)] } }

    /// Where a case stands, for `subscript(place:)`.
    func place(of id: CaseID) -> Int? { places[id].map { Int($0) } }

    subscript(place place: Int) -> CaseFile {
        get { all[place] }
        _modify { yield &all[place] }
    }

    /// Adds a case that is not there yet.
    mutating func add(_ file: CaseFile) {
        places[file.id] = Int32(truncatingIfNeeded: all.count)
        all.append(file)
    }

    mutating func reserve(_ count: Int) {
        all.reserveCapacity(count)
        places.reserveCapacity(count)
    }
}
