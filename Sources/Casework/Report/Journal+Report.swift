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
            var fold = ReportFold(period, calendar: calendar, asOf: asOf)
            let result = try check(path, JournalCheck(withEvents: true)) { fold.take($0, $1) }
            return (fold.result(), result)
        } catch {
            throw JournalError(error, "reading the journal")
        }
    }
}
