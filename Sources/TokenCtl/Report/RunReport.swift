import Casework
import StationInterface
import System
import WorkingDays

extension Run {
    /// Counts a period from the record: the station's own, read over the socket, or a file.
    func report(_ order: ReportOrder) throws(Failure) {
        let (calendar, used) = try reportCalendar(order)
        let period = ReportPeriod(from: order.from, to: order.to)
        let report: CaseReport
        if let file = order.file {
            report = try Run.report(file, period, calendar)
        } else {
            report = try stationReport(period, calendar)
        }
        switch order.form {
        case .csv:
            // The table has no place for it.
            if let used { console.whisper("tokenctl: due dates are those of \(used)\n") }
            let rows = ReportRows(report)
            console.put(
                console.width == nil ? rows.csv : rows.lines.map { $0 + "\n" }.joined())
        case .page: console.put(ReportPage(report, calendar: used).html)
        case .table where console.json: console.put(report.document(calendar: used))
        case .table: console.show { $0.add(report, calendar: used) }
        }
    }

    /// The one that was named, else the station's own, else the one in the usual place; and
    /// where it lies.
    private func reportCalendar(
        _ order: ReportOrder
    ) throws(Failure) -> (WorkingCalendar, used: String?) {
        if let path = order.calendar { return (try Run.calendar(path), path) }
        if let folder = stationCalendar { return (try Run.calendar(folder), folder) }
        let usual = WorkingCalendar.usualFolder
        guard File.exists(usual) else {
            console.whisper(
                "tokenctl: no station tells its calendar, and \(usual) is not there: nothing can "
                    + "be said of due dates (--calendar)\n")
            return (WorkingCalendar(), nil)
        }
        return (try Run.calendar(usual), usual)
    }

    /// The folder of the calendar that the station goes by; nil where none answers or it has none.
    private var stationCalendar: String? {
        do throws(Failure) {
            return try connect().ask(Station.GetStatus()).message.calendar?.folder
        } catch {
            return nil
        }
    }

    /// A file is counted up to its own last day, whenever that was.
    private static func report(
        _ file: String, _ period: ReportPeriod, _ calendar: WorkingCalendar
    ) throws(Failure) -> CaseReport {
        let made: (report: CaseReport, check: VerifyResult)
        do throws(JournalError) {
            made = try Journal.report(file, period, calendar: calendar)
        } catch {
            throw .own(
                .fileUnreadable, "The file cannot be read: \(error.reason).",
                next: "Name the journal's file, and read it as a user who may.")
        }
        if let bad = made.check.firstBad {
            throw .own(
                .journalDamaged, "\(file) does not hold: \(bad.reason).",
                next: "Statistics of it would prove nothing; see tokenctl journal verify \(file).")
        }
        return made.report
    }

    private func stationReport(
        _ period: ReportPeriod, _ calendar: WorkingCalendar
    ) throws(Failure) -> CaseReport {
        let connection = try connect()
        let now = WallClock.isSynchronised ? WallClock.seconds : nil
        let today = now.flatMap { TimeLabel(wallClock: $0, at: period.zone)?.date }
        var fold = ReportFold(period, calendar: calendar, asOf: today)
        var next: Int? = 1
        while let from = next {
            let page = try connection.ask(
                Station.ShowJournal(from: from, count: 1000), .atTheToken
            ).message
            for line in page.lines {
                var line = line
                let isLine = line.withUTF8 { fold.take(UnsafeRawBufferPointer($0)) }
                guard isLine else {
                    throw .own(
                        .journalDamaged, "The station's journal has a line that is none.",
                        next: "See tokenctl journal verify.")
                }
            }
            next = try page.follower(of: from)
        }
        return fold.result()
    }
}
