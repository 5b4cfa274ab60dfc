import System
import WorkingDays

extension Journal {
    /// Counts a period from a journal file, which is checked on the way, without its lock.
    ///
    /// - Returns: what was counted up to the first wrong line, and what the check came to.
    /// - Throws: `.system` when the file cannot be read.
    package static func report(
        _ path: String, _ period: ReportPeriod, calendar: WorkingCalendar, asOf: CivilDate? = nil
    ) throws(JournalError) -> (report: CaseReport, check: VerifyResult) {
        do throws(SystemError) {
            let file = try File.open(path, .reading)
            var fold = ReportFold(period, calendar: calendar, asOf: asOf)
            var check = JournalCheck(withEvents: true)
            try check.run(file) { line, event, _ in fold.take(line, event) }
            return (fold.result(), check.result)
        } catch {
            throw JournalError(error, "reading the journal")
        }
    }
}
