import Casework
import JSON
import Paperwork
import System
import WorkingDays

/// What the office writes down for the station: its calendar of working days, which bodies have
/// other names, who its officers are.
struct OfficeFiles: Sendable {
    let calendar: WorkingCalendar
    let bodies: BodyTable
    let officers: OfficerTable
    /// nil where the office has no file of its own, or no templates.
    let papers: Papers?

    /// The office and its templates: what papers are made with.
    struct Papers: Sendable {
        let office: Office
        let templates: TemplateSet
    }

    /// An office that has written nothing down.
    init(
        calendar: WorkingCalendar = WorkingCalendar(), bodies: BodyTable = BodyTable(),
        officers: OfficerTable = OfficerTable(), papers: Papers? = nil
    ) {
        self.calendar = calendar
        self.bodies = bodies
        self.officers = officers
        self.papers = papers
    }

    /// Where it lies when nothing else is said; what is not there has not been written.
    static let usualBodies = "/etc/token-station/bodies.json5"

    /// - Parameter file: the configuration's, named where the folder itself is the matter.
    init(_ configuration: Configuration, of file: String) throws(ConfigurationError) {
        self.init(
            calendar: try Self.calendar(configuration, file),
            bodies: try Self.bodies(configuration, file),
            officers: try Self.officers(configuration, file),
            papers: try Self.papers(configuration, file))
    }

    private static func bodies(
        _ configuration: Configuration, _ file: String
    ) throws(ConfigurationError) -> BodyTable {
        let path = configuration.bodies ?? usualBodies
        if configuration.bodies == nil, !File.exists(path) { return BodyTable() }
        let read: (table: BodyTable?, mistakes: [FileMistake])
        do throws(SystemError) {
            read = BodyTable.parse(
                try File.contents(of: path, limit: BodyTable.longestFile), file: path)
        } catch {
            throw ConfigurationError(file: file, reason: "bodies: \(error)")
        }
        guard let table = read.table else { throw ConfigurationError(mistakes: read.mistakes) }
        return table
    }

    private static func officers(
        _ configuration: Configuration, _ file: String
    ) throws(ConfigurationError) -> OfficerTable {
        let path = configuration.officers ?? OfficerTable.usualFile
        if configuration.officers == nil, !File.exists(path) { return OfficerTable() }
        let read: (table: OfficerTable?, mistakes: [FileMistake])
        do throws(SystemError) {
            read = OfficerTable.parse(
                try File.contents(of: path, limit: OfficerTable.longestFile), file: path)
        } catch {
            throw ConfigurationError(file: file, reason: "officers: \(error)")
        }
        guard let table = read.table else { throw ConfigurationError(mistakes: read.mistakes) }
        return table
    }

    private static func papers(
        _ configuration: Configuration, _ file: String
    ) throws(ConfigurationError) -> Papers? {
        let path = configuration.office ?? Office.usualFile
        let folder = configuration.templates ?? TemplateFile.usualFolder
        if configuration.office == nil, !File.exists(path) { return nil }
        if configuration.templates == nil, !File.exists(folder) { return nil }
        let office: (office: Office?, mistakes: [FileMistake])
        let read: (set: TemplateSet?, mistakes: [TemplateMistake])
        do throws(SystemError) {
            office = Office.parse(
                try File.contents(of: path, limit: Office.longestFile), file: path)
            read = TemplateSet.load(try TemplateFile.all(in: folder))
        } catch {
            throw ConfigurationError(file: file, reason: "office: \(error)")
        }
        guard let office = office.office else {
            throw ConfigurationError(mistakes: office.mistakes)
        }
        guard let templates = read.set else {
            let lines = read.mistakes.map(\.description).joined(separator: "\n")
            throw ConfigurationError(file: file, reason: "templates:\n" + lines)
        }
        return Papers(office: office, templates: templates)
    }

    private static func calendar(
        _ configuration: Configuration, _ file: String
    ) throws(ConfigurationError) -> WorkingCalendar {
        let folder = configuration.calendars ?? WorkingCalendar.usualFolder
        if configuration.calendars == nil, !File.exists(folder) { return WorkingCalendar() }
        let read: (calendar: WorkingCalendar?, mistakes: [FileMistake])
        do throws(SystemError) {
            read = WorkingCalendar.load(
                try FileFolder.files(
                    in: folder, most: WorkingCalendar.mostFiles,
                    longest: CalendarFile.longest))
        } catch {
            throw ConfigurationError(file: file, reason: "calendars: \(error)")
        }
        guard let calendar = read.calendar else {
            throw ConfigurationError(mistakes: read.mistakes)
        }
        return calendar
    }
}
