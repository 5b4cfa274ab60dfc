import Casework
import JSON
import Paperwork
import System
import WorkingDays

/// A file, or a folder of files, that the office writes for the station. Each stands by itself: a
/// mistake in one keeps no other from being taken.
enum OfficePart: String, CaseIterable, Sendable {
    case calendar, bodies, officers, office, templates

    /// The command that tells its mistakes.
    var check: String {
        switch self {
        case .officers: "tokenctl officer check"
        case .templates: "tokenctl template check"
        default: "tokenctl \(rawValue) check"
        }
    }

    /// What is not to be had while none was taken.
    fileprivate var lack: String {
        switch self {
        case .calendar: "due dates are unknown"
        case .bodies: "no body's other name is known, and no old name is found"
        case .officers: "nobody can sign in"
        case .office, .templates: "no paper can be made"
        }
    }
}

/// Why a part is not taken as it lies on the disk.
struct OfficeProblem: Equatable, Sendable {
    let part: OfficePart
    /// Every mistake on a line of its own.
    let reason: String
    /// Whether one from before holds in its place.
    let isHeld: Bool

    /// What holds instead.
    var instead: String {
        isHeld ? "what was read before holds" : "none was read before: \(part.lack)"
    }
}

/// A list of officers whose file others may read.
struct OfficersExposure: Equatable, Sendable, CustomStringConvertible {
    let file: String
    let reason: String
    var remedy: String { "chmod 600 \(file)" }
    var description: String { "\(file): \(reason): \(remedy)" }
}

/// What the office writes down for the station: its calendar of working days, which bodies have
/// other names, who its officers are, its own name and papers.
struct OfficeFiles: Sendable {
    private(set) var calendar: WorkingCalendar
    private(set) var bodies: BodyTable
    private(set) var officers: OfficerTable
    private(set) var office: Office?
    private(set) var templates: TemplateSet?
    /// Parts that are not as they lie on the disk, in order.
    private(set) var problems: [OfficeProblem] = []
    /// What is no mistake in a calendar, and seldom meant.
    private(set) var notices: [String] = []
    /// Files that only their names keep from being taken for calendars, and why.
    private(set) var passedOver: [String] = []
    /// What is no mistake in the list of officers, and should not stay.
    private(set) var exposure: OfficersExposure?
    private var taken: Set<OfficePart> = []

    /// The office and its templates: what papers are made with.
    struct Papers: Sendable {
        let office: Office
        let templates: TemplateSet
    }

    /// nil where the office has no file of its own, or no templates.
    var papers: Papers? {
        guard let office, let templates else { return nil }
        return Papers(office: office, templates: templates)
    }

    /// An office that has written nothing down.
    init(
        calendar: WorkingCalendar = WorkingCalendar(), bodies: BodyTable = BodyTable(),
        officers: OfficerTable = OfficerTable(), papers: Papers? = nil
    ) {
        self.calendar = calendar
        self.bodies = bodies
        self.officers = officers
        office = papers?.office
        templates = papers?.templates
    }

    /// Where it lies when nothing else is said; what is not there has not been written.
    static let usualBodies = "/etc/token-station/bodies.json5"

    /// Reads every part. Of one that cannot be taken what `before` has of it holds, and at a start
    /// nothing: then less is known and less can be done, never more.
    init(_ configuration: Configuration, before: OfficeFiles = OfficeFiles()) {
        self = before
        problems = []
        notices = []
        passedOver = []
        exposure = nil
        let dates = take(.calendar, before) { () throws(ConfigurationError) in
            try Self.calendar(configuration)
        }
        if let dates { (calendar, notices, passedOver) = dates }
        let table = take(.bodies, before) { () throws(ConfigurationError) in
            try Self.bodies(configuration)
        }
        if let table { bodies = table }
        let people = take(.officers, before) { () throws(ConfigurationError) in
            try Self.officers(configuration)
        }
        if let people { (officers, exposure) = people }
        let own = take(.office, before) { () throws(ConfigurationError) in
            try Self.office(configuration)
        }
        if let own { office = own }
        let pages = take(.templates, before) { () throws(ConfigurationError) in
            try Self.templates(configuration)
        }
        if let pages { templates = pages }
    }

    /// - Returns: nil where it cannot be taken.
    private mutating func take<Content>(
        _ part: OfficePart, _ before: OfficeFiles, _ read: () throws(ConfigurationError) -> Content
    ) -> Content? {
        do throws(ConfigurationError) {
            let content = try read()
            taken.insert(part)
            return content
        } catch {
            problems.append(
                OfficeProblem(
                    part: part, reason: error.description, isHeld: before.taken.contains(part)))
            return nil
        }
    }

    // MARK: Each part

    private static func bodies(
        _ configuration: Configuration
    ) throws(ConfigurationError) -> BodyTable {
        let path = configuration.bodies ?? usualBodies
        if configuration.bodies == nil, !File.exists(path) { return BodyTable() }
        let bytes = try contents(path, limit: BodyTable.longestFile)
        let read = BodyTable.parse(bytes, file: path)
        guard let table = read.table else { throw ConfigurationError(mistakes: read.mistakes) }
        return table
    }

    private static func officers(
        _ configuration: Configuration
    ) throws(ConfigurationError) -> (OfficerTable, OfficersExposure?) {
        let path = configuration.officers ?? OfficerTable.usualFile
        if configuration.officers == nil, !File.exists(path) { return (OfficerTable(), nil) }
        let bytes = try contents(path, limit: OfficerTable.longestFile)
        let read = OfficerTable.parse(bytes, file: path)
        guard let table = read.table else { throw ConfigurationError(mistakes: read.mistakes) }
        let status = try? File.statusBehindLinks(of: path)
        let exposure = status.flatMap { table.exposure(mode: $0.mode) }
        return (table, exposure.map { OfficersExposure(file: path, reason: $0) })
    }

    private static func office(_ configuration: Configuration) throws(ConfigurationError) -> Office?
    {
        let path = configuration.office ?? Office.usualFile
        if configuration.office == nil, !File.exists(path) { return nil }
        let read = Office.parse(try contents(path, limit: Office.longestFile), file: path)
        guard let office = read.office else { throw ConfigurationError(mistakes: read.mistakes) }
        return office
    }

    private static func templates(
        _ configuration: Configuration
    ) throws(ConfigurationError) -> TemplateSet? {
        let folder = configuration.templates ?? TemplateFile.usualFolder
        if configuration.templates == nil, !File.exists(folder) { return nil }
        let read: (set: TemplateSet?, mistakes: [TemplateMistake])
        do throws(SystemError) {
            read = TemplateSet.load(try TemplateFile.all(in: folder))
        } catch {
            throw ConfigurationError(file: folder, reason: "\(error)")
        }
        guard let templates = read.set else {
            throw ConfigurationError(mistakes: read.mistakes)
        }
        return templates
    }

    private static func calendar(
        _ configuration: Configuration
    ) throws(ConfigurationError) -> (WorkingCalendar, notices: [String], passedOver: [String]) {
        let folder = configuration.calendars ?? WorkingCalendar.usualFolder
        if configuration.calendars == nil, !File.exists(folder) {
            return (WorkingCalendar(), [], [])
        }
        let files: [(name: String, bytes: [UInt8])]
        let names: [String]
        do throws(SystemError) {
            files = try FileFolder.files(
                in: folder, most: WorkingCalendar.mostFiles, longest: CalendarFile.longest)
            names = try File.names(in: folder)
        } catch {
            throw ConfigurationError(file: folder, reason: "\(error)")
        }
        let read = WorkingCalendar.load(files)
        guard let calendar = read.calendar else {
            throw ConfigurationError(mistakes: read.mistakes)
        }
        let passedOver = WorkingCalendar.passedOver(names).map { "\(folder)/" + $0 }
        return (calendar, calendar.notices.map(\.description), passedOver)
    }

    private static func contents(
        _ path: String, limit: Int
    ) throws(ConfigurationError) -> [UInt8] {
        do throws(SystemError) {
            return try File.contents(of: path, limit: limit)
        } catch {
            throw ConfigurationError(file: path, reason: error.reason)
        }
    }
}
