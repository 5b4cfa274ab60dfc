import JSON
import System
import WorkingDays

extension Run {
    /// Reads calendars as the station would, alone and together.
    func checkCalendars(_ paths: [String]) throws(Failure) -> ExitCode {
        var files: [(name: String, bytes: [UInt8])] = []
        var passedOver: [String] = []
        for path in paths {
            files += try Self.calendarFiles(path)
            guard let names = try? File.names(in: path) else { continue }
            passedOver += WorkingCalendar.passedOver(names).map { path + "/" + $0 }
        }
        let check = CalendarCheck(files, passedOver: passedOver)
        if console.json {
            console.put(check.document)
        } else {
            console.show { $0.add(check) }
        }
        return check.isRight ? .good : .failed
    }

    func showCalendar(_ year: Int, _ path: String) throws(Failure) {
        let calendar = try Self.calendar(path)
        let sheet: CalendarSheet
        do throws(CalendarError) {
            sheet = try CalendarSheet(calendar, year: year)
        } catch {
            throw .own(
                .notCovered, "The year \(year) cannot be shown: \(error).",
                next: "Put that year's file beside the others (docs/calendar.md).")
        }
        if console.json {
            console.put(sheet.document)
        } else {
            console.show { $0.add(sheet) }
        }
    }

    func showDueDates(_ order: TermOrder) throws(Failure) {
        let calendar = try Self.calendar(order.path)
        var terms: [Term] = []
        for received in order.received {
            do throws(CalendarError) {
                let due =
                    order.countsAllDays
                    ? try calendar.due(receivedOn: received, calendarDays: order.days)
                    : try calendar.due(receivedOn: received, workingDays: order.days)
                terms.append(Term(received: received, due: due))
            } catch {
                throw .own(
                    .notCovered, "No due date from \(received): \(error).",
                    next: "Put that year's file beside the others (docs/calendar.md).")
            }
        }
        if console.json {
            console.put(["terms": .array(terms.map(\.document))])
        } else {
            console.show { page in for term in terms { page.add(term) } }
        }
    }

    private static func calendarFiles(
        _ path: String
    ) throws(Failure) -> [(name: String, bytes: [UInt8])] {
        // A file that is too long is told by the parser, with its place.
        let limit = 16 * CalendarFile.longest
        do throws(SystemError) {
            guard (try? File.names(in: path)) != nil else {
                return [(path, try File.contents(of: path, limit: limit))]
            }
            return try File.contents(
                in: path, endingIn: ".json5", most: WorkingCalendar.mostFiles + 1, limit: limit)
        } catch {
            throw .own(
                .fileUnreadable,
                "\(error.context.isEmpty ? path : error.context) cannot be read: \(error.reason).",
                next:
                    "Name a calendar's file of at most 64 KiB, or their folder, as a user who may "
                    + "read it.")
        }
    }

    static func calendar(_ path: String) throws(Failure) -> WorkingCalendar {
        let loaded = WorkingCalendar.load(try calendarFiles(path))
        guard let calendar = loaded.calendar else {
            let more = loaded.mistakes.count - 1
            throw .own(
                .calendarWrong,
                "The calendar is wrong: \(loaded.mistakes.first?.description ?? path)"
                    + (more > 0
                        ? ", and \(Words.counted(more, "mistake", "mistakes")) more." : "."),
                next: "Put it right; tokenctl calendar check \(path) tells every mistake.")
        }
        return calendar
    }
}
