extension Timestamp {
    /// Reads a time as document systems write it: RFC 3339 with a zone, or a day (dd/mm/yyyy or
    /// yyyy-mm-dd) with or without a time of day, which is local. nil for anything else.
    package init?(written text: String, minutesEast: Int64) {
        let text = WrittenText.line(text)
        let at = text.firstIndex { $0 == "T" || $0 == " " || $0 == "t" }
        guard case .day(let day) = WrittenDate(String(text[..<(at ?? text.endIndex)])),
            case let midnight = Timestamp(milliseconds: Int64(day.days) * 86_400_000)
        else { return nil }
        guard let at else {
            self.init(milliseconds: midnight.milliseconds - minutesEast * 60_000)
            return
        }
        guard let (time, east) = Self.timeOfDay(text[text.index(after: at)...]) else { return nil }
        let minutes = east ?? minutesEast
        self.init(milliseconds: midnight.milliseconds + time - minutes * 60_000)
    }

    /// Milliseconds since midnight, and the zone if one is written.
    private static func timeOfDay(_ text: Substring) -> (Int64, Int64?)? {
        var clock = text
        var zone: Int64?
        if let last = text.last, last == "Z" || last == "z" {
            zone = 0
            clock = text.dropLast()
        } else if let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            let parts = text[text.index(after: sign)...].split(
                separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let hours = number(parts[0], 2), hours < 24,
                let minutes = number(parts[1], 2), minutes < 60
            else { return nil }
            zone = (hours * 60 + minutes) * (text[sign] == "-" ? -1 : 1)
            clock = text[..<sign]
        }
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, let hours = number(parts[0], 1...2),
            hours < 24, let minutes = number(parts[1], 2), minutes < 60
        else { return nil }
        var time = (hours * 60 + minutes) * 60_000
        if parts.count == 3 {
            let halves = parts[2].split(separator: ".", omittingEmptySubsequences: false)
            guard halves.count <= 2, let seconds = number(halves[0], 2), seconds < 60 else {
                return nil
            }
            time += seconds * 1000
            if halves.count == 2 {
                guard (1...9).contains(halves[1].utf8.count), number(halves[1], 1...9) != nil,
                    let thousandths = number((halves[1] + "00").prefix(3), 3)
                else { return nil }
                time += thousandths
            }
        }
        return (time, zone)
    }

    private static func number(_ text: Substring, _ digits: Int) -> Int64? {
        number(text, digits...digits)
    }

    private static func number(_ text: Substring, _ digits: ClosedRange<Int>) -> Int64? {
        guard digits.contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int64(text)
    }
}
