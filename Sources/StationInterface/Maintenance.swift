import JSON
import Secrets

extension Station {
    package struct Finding: StationMessage, Equatable {
        package enum State: String, Sendable { case good, warning, bad }
        package let check: String
        package let state: State
        package let message: String
        package let remedy: String?

        package init(check: String, state: State, message: String, remedy: String? = nil) {
            self.check = check
            self.state = state
            self.message = message
            self.remedy = remedy
        }
        package init(_ fields: Fields) throws(FieldError) {
            check = try fields.string("check")
            state = try fields.choice("state")
            message = try fields.string("message")
            remedy = try fields.optionalString("remedy")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("check", check)
            writer.member("state", state.rawValue)
            writer.member("message", message)
            writer.member("remedy", remedy)
        }
    }

    package struct Findings: StationMessage, Equatable {
        package let findings: [Finding]
        package init(_ findings: [Finding]) { self.findings = findings }
        package init(_ fields: Fields) throws(FieldError) {
            findings = try fields.messages("findings")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.messages("findings", findings)
        }
    }

    /// What the station's calendar of working days covers.
    package struct Calendar: StationMessage, Equatable {
        /// `YYYY-MM-DD`.
        package let from: String
        package let to: String
        package let notConfirmed: Int
        package let folder: String
        package let problem: String?

        package init(
            from: String, to: String, notConfirmed: Int, folder: String, problem: String?
        ) {
            self.from = from
            self.to = to
            self.notConfirmed = notConfirmed
            self.folder = folder
            self.problem = problem
        }

        package init(_ fields: Fields) throws(FieldError) {
            from = try fields.string("from")
            to = try fields.string("to")
            notConfirmed = try fields.integer("not_confirmed")
            folder = try fields.string("folder")
            problem = try fields.optionalString("problem")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("from", from)
            writer.member("to", to)
            writer.member("not_confirmed", notConfirmed)
            writer.member("folder", folder)
            writer.member("problem", problem)
        }
    }

    package struct Status: StationMessage, Equatable {
        package enum Mode: String, Sendable { case office, training }

        /// What nobody knows while the clock is not synchronised.
        package static let withoutClock =
            "what is late and whether a certificate is valid is "
            + "unknown, and so are due dates of papers without the document system's time label"

        package let version: String
        package let mode: Mode
        package let pid: Int
        package let uptimeSeconds: Int
        package let clock: String
        package let pcscd: String
        package let usb: String
        package let readers: Int
        package let openCases: Int
        package let unresolvedRestores: Int
        package let journalSequence: Int
        package let journalHead: String
        package let journalProblem: String?
        package let vaultProblem: String?
        package let calendar: Calendar?
        package let officeProblem: String?
        package let memoryLocked: Bool
        package let realTime: Bool
        package let roles: [String]

        package init(
            version: String, mode: Mode, pid: Int, uptimeSeconds: Int, clock: String,
            pcscd: String, usb: String, readers: Int, openCases: Int, unresolvedRestores: Int,
            journalSequence: Int, journalHead: String, journalProblem: String?,
            vaultProblem: String? = nil, calendar: Calendar? = nil, officeProblem: String? = nil,
            memoryLocked: Bool, realTime: Bool, roles: [String]
        ) {
            self.version = version
            self.mode = mode
            self.pid = pid
            self.uptimeSeconds = uptimeSeconds
            self.clock = clock
            self.pcscd = pcscd
            self.usb = usb
            self.readers = readers
            self.openCases = openCases
            self.unresolvedRestores = unresolvedRestores
            self.journalSequence = journalSequence
            self.journalHead = journalHead
            self.journalProblem = journalProblem
            self.vaultProblem = vaultProblem
            self.calendar = calendar
            self.officeProblem = officeProblem
            self.memoryLocked = memoryLocked
            self.realTime = realTime
            self.roles = roles
        }

        package init(_ fields: Fields) throws(FieldError) {
            version = try fields.string("version")
            mode = try fields.choice("mode")
            pid = try fields.integer("pid")
            uptimeSeconds = try fields.integer("uptime_s")
            clock = try fields.string("clock")
            pcscd = try fields.string("pcscd")
            usb = try fields.string("usb")
            readers = try fields.integer("readers")
            openCases = try fields.integer("open_cases")
            unresolvedRestores = try fields.integer("unresolved_restores")
            journalSequence = try fields.integer("journal_seq")
            journalHead = try fields.string("journal_head")
            journalProblem = try fields.optionalString("journal_problem")
            vaultProblem = try fields.optionalString("vault_problem")
            calendar = try fields.optionalMessage("calendar")
            officeProblem = try fields.optionalString("office_problem")
            memoryLocked = try fields.boolean("memory_locked")
            realTime = try fields.boolean("real_time")
            roles = try fields.strings("roles")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("version", version)
            writer.member("mode", mode.rawValue)
            writer.member("pid", pid)
            writer.member("uptime_s", uptimeSeconds)
            writer.member("clock", clock)
            writer.member("pcscd", pcscd)
            writer.member("usb", usb)
            writer.member("readers", readers)
            writer.member("open_cases", openCases)
            writer.member("unresolved_restores", unresolvedRestores)
            writer.member("journal_seq", journalSequence)
            writer.member("journal_head", journalHead)
            writer.member("journal_problem", journalProblem)
            writer.member("vault_problem", vaultProblem)
            writer.message("calendar", calendar)
            writer.member("office_problem", officeProblem)
            writer.member("memory_locked", memoryLocked)
            writer.member("real_time", realTime)
            writer.member("roles", roles)
        }
    }

    package struct Exchanged: StationMessage, Equatable {
        /// Hexadecimal, the status word included.
        package let response: String
        package let timeMicroseconds: Int
        package init(response: String, timeMicroseconds: Int) {
            self.response = response
            self.timeMicroseconds = timeMicroseconds
        }
        package init(_ fields: Fields) throws(FieldError) {
            response = try fields.string("response")
            timeMicroseconds = try fields.integer("time_us")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("response", response)
            writer.member("time_us", timeMicroseconds)
        }
    }
}

extension Station {
    package struct GetStatus: BareRequest {
        package typealias Reply = Status
        package static let method = MaintenanceInterface.name + ".Status"
        package init() {}
    }

    package struct Diagnose: BareRequest {
        package typealias Reply = Findings
        package static let method = MaintenanceInterface.name + ".Diagnose"
        package init() {}
    }

    /// The command stands in locked memory: somebody may put a code into it, and that it is
    /// refused then must not leave it lying about.
    package struct Exchange: StationRequest, ~Copyable {
        package typealias Reply = Exchanged
        package static let method = MaintenanceInterface.name + ".Exchange"
        package let reader: String
        /// Hexadecimal digits, at most 128 bytes' worth.
        package let command: Secret
        package let aid: String?
        package let serial: String?

        package init(
            reader: String, command: consuming Secret, aid: String? = nil, serial: String? = nil
        ) {
            self.reader = reader
            self.command = command
            self.aid = aid
            self.serial = serial
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            let known = ["reader", "command", "aid", "serial"]
            var name: String? = nil
            var hex: Secret? = nil
            var application: String? = nil
            var number: String? = nil
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "reader": name = try reader.string(maxLength: 256)
                case "command": hex = try reader.secret(maxLength: Secret.longest)
                case "aid":
                    if try !reader.nullIfNext() { application = try reader.string(maxLength: 32) }
                case "serial":
                    if try !reader.nullIfNext() { number = try reader.string(maxLength: 64) }
                default: throw reader.unknownKey(key, known: known)
                }
            }
            guard let name else { throw reader.missingKey("reader") }
            guard let hex = consume hex else { throw reader.missingKey("command") }
            self.reader = name
            command = hex
            aid = application
            serial = number
        }

        package borrowing func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("reader", reader)
            writer.member("command", command)
            writer.member("aid", aid)
            writer.member("serial", serial)
        }
    }
}
