import JSON
import StationInterface

// One reader: how it is built, driven, owned, and how fast it is.

extension Page {
    mutating func add(_ description: Station.ReaderDescription) {
        let reader = description.reader
        title(reader.name)
        field("reached by", reader.path.rawValue)
        field("state", reader.state.rawValue, Page.tone(reader.state))
        if let detail = reader.detail { field("", detail) }
        if let atr = reader.atr { field("ATR", atr) }
        for holder in description.holders {
            field(reader.path == .pcsc ? "pcscd used by" : "open in", name(holder))
        }
        guard let usb = description.usb else { return }
        add(usb)
    }

    private mutating func add(_ usb: Station.USBReader) {
        let names = [usb.manufacturer, usb.productName].compactMap { $0 }.joined(separator: " ")
        field("device", "\(usb.vendor):\(usb.product), release \(usb.release)")
        if !names.isEmpty { field("", names) }
        if let serial = usb.serialNumber { field("serial number", serial) }
        field("port", usb.port + (usb.speed.map { ", \($0)" } ?? ""))
        field("node", usb.node)
        field("driven as", usb.driven, .strong)
        field("interface", "\(usb.interface), slot \(usb.slot)")
        field(
            "card changes", usb.interruptPipe ? "told by the interrupt pipe" : "asked for regularly"
        )
        for quirk in usb.quirks { field("quirk", quirk, .warning) }
        for what in usb.unsupported { field("not supported", what, .warning) }
        field(
            "since plugged in",
            "\(usb.exchanges) exchanges, \(usb.timeExtensions) time extensions, "
                + "\(usb.aborts) aborts, \(usb.strays) strays",
            usb.aborts + usb.strays > 0 ? .warning : .plain)
        blank()
        title("Class descriptor")
        if let ccid = usb.ccid { add(ccid) }
        field("bytes", Run.grouped(usb.classDescriptor))
    }

    private mutating func add(_ ccid: Station.CCIDReader) {
        let level =
            switch ccid.level {
            case .character: "character"
            case .tpdu: "TPDU"
            case .shortAPDU: "short APDU"
            case .extendedAPDU: "short and extended APDU"
            }
        field("CCID", ccid.release)
        field("level", level)
        field("protocols", Page.list(ccid.protocols))
        field("voltages", Page.list(ccid.voltages))
        field("slots", "\(ccid.slots), \(ccid.busySlots) at work at once")
        field("longest message", "\(ccid.messageLength) bytes; IFSD \(ccid.ifsd)")
        field(
            "clock",
            "\(ccid.defaultClock) kHz, at most \(ccid.maximumClock) kHz, "
                + Words.counted(ccid.clocks, "frequency", "frequencies") + " to ask for")
        field(
            "rate",
            "\(ccid.defaultRate) bit/s, at most \(ccid.maximumRate) bit/s, "
                + Words.counted(ccid.rates, "rate", "rates") + " to ask for")
        field("by itself", Page.list(ccid.features))
        let pad = [ccid.pinVerify ? "verify" : nil, ccid.pinModify ? "modify" : nil]
            .compactMap { $0 }
        field(
            "pad",
            pad.isEmpty
                ? "none"
                : pad.joined(separator: ", ") + (ccid.display.map { "; display \($0)" } ?? ""))
        field(
            "classes",
            "GET RESPONSE \(Page.commandClass(ccid.getResponseClass)), "
                + "ENVELOPE \(Page.commandClass(ccid.envelopeClass))")
    }

    private static func list(_ words: [String]) -> String {
        words.isEmpty ? "none" : words.joined(separator: ", ")
    }

    private static func commandClass(_ byte: String) -> String {
        byte == "ff" ? "as the command's" : byte
    }

    /// What the kernel and udev show.
    mutating func add(_ facts: ReaderFacts) {
        let device = facts.device
        if !lines.isEmpty { blank() }
        title("On USB")
        field("device", device.words)
        field("node", device.node)
        field(
            "owner",
            facts.properties == nil
                ? "unknown: udev has no record of it"
                : facts.isRaw
                    ? "the station (raw)" + (facts.isIgnored ? "" : ", and not kept from pcscd")
                    : "pcscd",
            facts.isRaw && !facts.isIgnored ? .warning : .plain)
        field(
            "power", device.power == "auto" ? "may be put to sleep" : device.power ?? "unknown",
            device.power == "auto" ? .warning : .plain)
        for holder in facts.holders { field("open in", name(holder)) }
    }

    mutating func add(_ measured: Station.ReaderMeasured) {
        blank()
        title("Round trips")
        func row(_ what: String, _ times: Station.Latency) -> [(String, Tone)] {
            [
                (what, .plain), ("\(times.count)", .plain),
                (Words.time(microseconds: times.p50), .strong),
                (Words.time(microseconds: times.p90), .plain),
                (Words.time(microseconds: times.p99), .plain),
                (Words.time(microseconds: times.max), .plain),
            ]
        }
        table(
            ["TO", "TIMES", "P50", "P90", "P99", "MAX"],
            [
                row("the reader (status)", measured.status),
                row("the card (SELECT)", measured.select),
            ],
            indent: 2)
    }

    mutating func add(_ gift: Gift) {
        text(gift.deed, .good)
        field("file", gift.file)
        field("covers", gift.reach)
        for line in gift.foreignLines {
            field("look at", "line \(line) of the file speaks of it too and was kept", .warning)
        }
        switch gift.udevd {
        case .notAsked: break
        case .refused:
            field("udev", "udevd did not take the rules (is systemd-udevd running?)", .warning)
        case .follows: field("udev", "has read it and goes by it")
        }
        for step in gift.next { text("Next: " + step) }
    }
}

extension ReaderFacts {
    /// For programs.
    var document: JSONValue {
        [
            "port": .string(device.port), "vendor": .string(device.vendor),
            "product": .string(device.product), "node": .string(device.node),
            "manufacturer": device.manufacturer.map { .string($0) } ?? .null,
            "product_name": device.productName.map { .string($0) } ?? .null,
            "serial_number": device.serial.map { .string($0) } ?? .null,
            "owner": properties == nil ? .null : .string(owner.rawValue),
            "kept_from_pcscd": .bool(isIgnored),
            "power": device.power.map { .string($0) } ?? .null,
            "open_in": .array(holders.map { JSONValue($0) }),
        ]
    }
}
