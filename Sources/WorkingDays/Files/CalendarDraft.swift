import JSON

/// The values of a calendar file as they stand there, before they are held against each other.
struct CalendarDraft {
    struct Row {
        var days: Placed<CivilDates>?
        /// Of a swap: the day of rest that is worked instead.
        var worked: Placed<CivilDates>?
        var name: String?
        var isConfirmed = true
        var remark: String?
        var source: String?
    }

    var title: String?
    var covers: Placed<CivilDates>?
    var weeklyRest: Set<Weekday> = [.saturday, .sunday]
    var holidays: [Row] = []
    var swaps: [Row] = []
    var worked: [Row] = []
    var notConfirmed: [Row] = []
}

extension CalendarDraft {
    /// Rows of one list, at most.
    static var mostRows: Int { 100 }
    /// Days of one file or one range, at most.
    static var mostDays: Int { 1100 }

    /// Reads a whole file; what is wrong with single values is noted in `reader`.
    init(_ json: inout JSONReader, _ reader: inout FileReader) throws(JSONError) {
        self.init()
        _ = try reader.object(&json, "", required: ["calendar", "title", "covers"]) {
            (reader, json, key) throws(JSONError) in
            switch key {
            case "calendar": _ = try reader.integer(&json, in: 1...1)
            case "title": title = try reader.words(&json, longest: 120)?.value
            case "covers": covers = try reader.text(&json, DayText.dates)
            case "weekly_rest": try readWeeklyRest(&reader, &json)
            case "holidays":
                holidays = try Self.rows(&reader, &json, "holidays[]", ["days", "name"])
            case "swaps": swaps = try Self.rows(&reader, &json, "swaps[]", ["off", "worked"])
            case "worked": worked = try Self.rows(&reader, &json, "worked[]", ["days"])
            case "not_confirmed":
                notConfirmed = try Self.rows(
                    &reader, &json, "not_confirmed[]", ["days", "remark"])
            default: return false
            }
            return true
        }
        try json.finish()
    }

    private mutating func readWeeklyRest(
        _ reader: inout FileReader, _ json: inout JSONReader
    ) throws(JSONError) {
        let days = try reader.list(&json, most: 6) { (reader, json) throws(JSONError) in
            try reader.text(&json, DayText.weekday)
        }
        guard let days else { return }
        weeklyRest = []
        for day in days.value where !weeklyRest.insert(day.value).inserted {
            reader.note(day.place, "\(day.value.rawValue) stands twice")
        }
    }

    private static func rows(
        _ reader: inout FileReader, _ json: inout JSONReader, _ path: String,
        _ required: [String]
    ) throws(JSONError) -> [Row] {
        let known = CalendarKey.keys.names(in: path)
        let rows = try reader.list(&json, most: mostRows) { (reader, json) throws(JSONError) in
            var row = Row()
            var flag: FilePlace?
            var remark: FilePlace?
            let place = try reader.object(&json, path, required: required) {
                (reader, json, key) throws(JSONError) in
                guard known.contains(key) else { return false }
                switch key {
                case "days": row.days = try reader.text(&json, DayText.dates)
                case "off": row.days = try reader.text(&json, DayText.date)
                case "worked": row.worked = try reader.text(&json, DayText.date)
                case "name": row.name = try reader.words(&json, longest: 120)?.value
                case "remark":
                    let words = try reader.words(&json, longest: 400)
                    (row.remark, remark) = (words?.value, words?.place)
                case "source": row.source = try reader.words(&json, longest: 400)?.value
                case "confirmed":
                    guard try reader.hasNext(.boolean, &json) else { break }
                    flag = FilePlace(json)
                    row.isConfirmed = try json.boolean()
                default: return false
                }
                return true
            }
            if !row.isConfirmed, row.remark == nil, let flag, let place,
                !reader.hasNoted(below: place.path + ".remark")
            {
                reader.note(
                    flag, "needs \"remark\" beside it",
                    allowed: "false with a remark that says what is not sure; true without one")
            }
            if row.isConfirmed, known.contains("confirmed"), let remark, let place,
                !reader.hasNoted(below: place.path + ".confirmed")
            {
                reader.note(
                    remark,
                    flag == nil
                        ? "needs \"confirmed\": false beside it"
                        : "stands beside \"confirmed\": true",
                    allowed: "a remark beside \"confirmed\": false; none where the days are sure")
            }
            return place == nil ? nil : row
        }
        return rows?.value ?? []
    }
}
