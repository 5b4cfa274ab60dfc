import JSON
import StationInterface
import System

extension Run {
    func reader(_ order: ReaderOrder) throws(Failure) -> ExitCode {
        if let owner = order.give {
            try give(order, to: owner)
        } else {
            try showReader(order)
        }
        return .good
    }

    // MARK: Showing

    /// One page from what the station knows and what the kernel shows to everybody.
    private func showReader(_ order: ReaderOrder) throws(Failure) {
        let devices = ReaderChoice.devices(
            order.reader, in: USBDevice.readers(), DriverNames.read())
        var described: Reply<Station.ReaderDescribed>? = nil
        var measured: Reply<Station.ReaderMeasured>? = nil
        var failure: Failure? = nil
        do throws(Failure) {
            let connection = try connect()
            let reply = try describe(order.reader, devices, connection)
            described = reply
            if let times = order.measure {
                measured = try connection.ask(
                    Station.MeasureReader(
                        reader: reply.message.description.reader.name, times: times),
                    .atTheToken)
            }
        } catch {
            // Without a station the kernel's word on the device is still worth a page.
            guard described == nil else { throw error }
            if devices.count > 1, [.notReachable, .permissionDenied].contains(error.exit) {
                _ = try ReaderChoice.one(order.reader, devices, all: devices, wholeModel: false)
            }
            guard order.measure == nil, devices.count == 1 else { throw error }
            failure = error
        }
        let port = described?.message.description.usb?.port
        let device =
            port.flatMap { port in USBDevice.readers().first { $0.port == port } }
            ?? (devices.count == 1 ? devices.first : nil)
        let facts = device.flatMap { ReaderFacts.look([$0]).first }
        if console.json {
            return console.put([
                "description": described?.parameters["description"] ?? .null,
                "device": facts?.document ?? .null,
                "measured": measured?.parameters ?? .null,
            ])
        }
        console.show { page in
            if let described { page.add(described.message.description) }
            if let facts { page.add(facts) }
            if let measured { page.add(measured.message) }
        }
        if let failure { console.complain { $0.add(failure) } }
    }

    /// The station's description of the reader that is meant, whichever way it is named.
    private func describe(
        _ name: String, _ devices: [USBDevice], _ connection: Connection
    ) throws(Failure) -> Reply<Station.ReaderDescribed> {
        do throws(Failure) {
            return try connection.ask(Station.DescribeReader(reader: name))
        } catch {
            guard case .station(let known, _) = error, known.kind == .readerNotFound
            else { throw error }
            guard !devices.isEmpty else { throw error }
            _ = try ReaderChoice.one(name, devices, all: devices, wholeModel: false)
        }
        let driverNames = DriverNames.read()
        var found: [Reply<Station.ReaderDescribed>] = []
        for reader in try connection.ask(Station.ListReaders()).message.readers {
            guard reader.path != .virtual else { continue }
            let reply = try connection.ask(Station.DescribeReader(reader: reader.name))
            let isMeant =
                if let port = reply.message.description.usb?.port {
                    devices.contains { $0.port == port }
                } else {
                    devices.contains { ReaderName(reader.name).fits($0, driverNames) }
                }
            if isMeant { found.append(reply) }
        }
        guard let first = found.first else {
            throw .own(
                .noReader, "The station knows no reader \"\(name)\".",
                next: "Run tokenctl doctor: it says who has the reader.")
        }
        guard found.count == 1 else {
            throw .own(
                .noReader,
                "More than one reader goes by \"\(name)\": "
                    + found.map { "\"\($0.message.description.reader.name)\"" }
                    .joined(separator: ", ") + ".", next: "Name one of them.")
        }
        return first
    }

    // MARK: Giving

    private func give(_ order: ReaderOrder, to owner: Owner) throws(Failure) {
        let all = USBDevice.readers()
        var found = ReaderChoice.devices(order.reader, in: all, DriverNames.read())
        if found.isEmpty, let known = toldByStation(order.reader) {
            guard known.reader.path != .virtual else {
                throw .own(
                    .noReader, "It is a virtual reader; only readers on USB can be given.",
                    next: "See tokenctl readers.")
            }
            found = all.filter { $0.port == known.usb?.port }
        }
        if found.isEmpty, !order.thisOne, let model = ReaderChoice.model(order.reader) {
            found = [model]
        }
        let device = try ReaderChoice.one(
            order.reader, found, all: all, wholeModel: !order.thisOne)
        let path = order.rules ?? LocalRules.path
        var rules = LocalRules(try Run.ruleText(path))
        let before = rules.text
        let scope = order.thisOne ? LocalRule.scope(ofOne: device, among: all) : .model
        rules.give(device, to: owner, scope: scope)
        if rules.text != before { try Run.write(rules, path) }

        let covered = all.filter { order.thisOne ? $0 == device : $0.model == device.model }
        var gift = Gift(
            file: path, isChanged: rules.text != before, owner: owner, device: device,
            scope: scope, covered: covered, foreignLines: rules.foreignLines(about: device))
        if order.rules == nil {
            if Process.userID == 0 { gift.udevd = Run.tellUdev(covered) ? .follows : .refused }
            gift.next = gift.remaining(USBFacts.look())
        } else {
            gift.next = [Gift.copy]
        }
        if console.json { return console.put(gift.document) }
        console.show { $0.add(gift) }
    }

    /// For a reader of the raw path, whose name is the station's own.
    private func toldByStation(_ name: String) -> Station.ReaderDescription? {
        do throws(Failure) {
            return try connect().ask(Station.DescribeReader(reader: name)).message.description
        } catch {
            return nil
        }
    }

    private static func ruleText(_ path: String) throws(Failure) -> String {
        do throws(SystemError) {
            return String(
                decoding: try File.contents(of: path, limit: 1 << 20), as: UTF8.self)
        } catch {
            if error.errno == .noEntry { return "" }
            throw .own(
                .fileUnreadable, "\(error).", next: "Run this as root: sudo tokenctl reader ...")
        }
    }

    private static func write(_ rules: LocalRules, _ path: String) throws(Failure) {
        do throws(SystemError) {
            // udevd and people read it; a stricter umask does not make it a secret.
            try File.replace(path, with: Array(rules.text.utf8), mode: 0o644)
            try File.setMode(path, 0o644)
        } catch {
            throw .own(
                .fileUnwritable, "\(error). Nothing was changed.",
                next: "Run this as root: sudo tokenctl reader ...")
        }
    }

    /// Has udevd read its rules again and judge the devices by them.
    private static func tellUdev(_ devices: [USBDevice]) -> Bool {
        guard let udevadm = ["/usr/bin/udevadm", "/bin/udevadm"].first(where: { File.exists($0) })
        else { return false }
        let paths = devices.map(\.path)
        guard run(udevadm, ["control", "--reload"]) else { return false }
        // Without a path it would be all devices there are.
        return paths.isEmpty
            || run(udevadm, ["trigger", "--action=change"] + paths)
    }

    private static func run(_ program: String, _ arguments: [String]) -> Bool {
        guard let process = try? Process.spawn(program, arguments: [program] + arguments)
        else { return false }
        return (try? Process.wait(for: process)) == .exited(0)
    }
}
