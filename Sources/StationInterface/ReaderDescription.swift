import JSON

extension Station {
    /// A decoded CCID class descriptor.
    package struct CCIDReader: StationMessage, Equatable {
        package enum Level: String, Sendable {
            case character, tpdu
            case shortAPDU = "short_apdu"
            case extendedAPDU = "extended_apdu"
        }

        package var release = ""
        package var level = Level.character
        package var slots = 1
        package var busySlots = 1
        package var protocols: [String] = []
        package var voltages: [String] = []
        package var features: [String] = []
        /// In bytes.
        package var messageLength = 0
        /// In bytes.
        package var ifsd = 0
        package var pinVerify = false
        package var pinModify = false
        package var display: String? = nil
        /// In kHz.
        package var defaultClock = 0
        /// In kHz.
        package var maximumClock = 0
        package var clocks = 0
        /// In bit/s.
        package var defaultRate = 0
        /// In bit/s.
        package var maximumRate = 0
        package var rates = 0
        package var getResponseClass = ""
        package var envelopeClass = ""

        package init() {}

        package init(_ fields: Fields) throws(FieldError) {
            release = try fields.string("release")
            level = try fields.choice("level")
            slots = try fields.integer("slots")
            busySlots = try fields.integer("busy_slots")
            protocols = try fields.strings("protocols")
            voltages = try fields.strings("voltages")
            features = try fields.strings("features")
            messageLength = try fields.integer("message_length")
            ifsd = try fields.integer("ifsd")
            pinVerify = try fields.boolean("pin_verify")
            pinModify = try fields.boolean("pin_modify")
            display = try fields.optionalString("display")
            defaultClock = try fields.integer("default_clock")
            maximumClock = try fields.integer("maximum_clock")
            clocks = try fields.integer("clocks")
            defaultRate = try fields.integer("default_rate")
            maximumRate = try fields.integer("maximum_rate")
            rates = try fields.integer("rates")
            getResponseClass = try fields.string("get_response_class")
            envelopeClass = try fields.string("envelope_class")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("release", release)
            writer.member("level", level.rawValue)
            writer.member("slots", slots)
            writer.member("busy_slots", busySlots)
            writer.member("protocols", protocols)
            writer.member("voltages", voltages)
            writer.member("features", features)
            writer.member("message_length", messageLength)
            writer.member("ifsd", ifsd)
            writer.member("pin_verify", pinVerify)
            writer.member("pin_modify", pinModify)
            writer.member("display", display)
            writer.member("default_clock", defaultClock)
            writer.member("maximum_clock", maximumClock)
            writer.member("clocks", clocks)
            writer.member("default_rate", defaultRate)
            writer.member("maximum_rate", maximumRate)
            writer.member("rates", rates)
            writer.member("get_response_class", getResponseClass)
            writer.member("envelope_class", envelopeClass)
        }
    }

    /// A reader this station drives itself over USB.
    package struct USBReader: StationMessage, Equatable {
        /// Four hexadecimal digits each.
        package var vendor = ""
        package var product = ""
        package var release = ""
        package var manufacturer: String? = nil
        package var productName: String? = nil
        package var serialNumber: String? = nil
        package var port = ""
        package var node = ""
        package var speed: String? = nil
        package var interface = 0
        package var slot = 0
        package var interruptPipe = false
        package var driven = ""
        /// Hexadecimal.
        package var classDescriptor = ""
        package var ccid: CCIDReader? = nil
        package var quirks: [String] = []
        package var unsupported: [String] = []
        package var exchanges = 0
        package var timeExtensions = 0
        package var aborts = 0
        package var strays = 0

        package init() {}

        package init(_ fields: Fields) throws(FieldError) {
            vendor = try fields.string("vendor")
            product = try fields.string("product")
            release = try fields.string("release")
            manufacturer = try fields.optionalString("manufacturer")
            productName = try fields.optionalString("product_name")
            serialNumber = try fields.optionalString("serial_number")
            port = try fields.string("port")
            node = try fields.string("node")
            speed = try fields.optionalString("speed")
            interface = try fields.integer("interface")
            slot = try fields.integer("slot")
            interruptPipe = try fields.boolean("interrupt_pipe")
            driven = try fields.string("driven")
            classDescriptor = try fields.string("class_descriptor")
            ccid = try fields.optionalMessage("ccid")
            quirks = try fields.strings("quirks")
            unsupported = try fields.strings("unsupported")
            exchanges = try fields.integer("exchanges")
            timeExtensions = try fields.integer("time_extensions")
            aborts = try fields.integer("aborts")
            strays = try fields.integer("strays")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("vendor", vendor)
            writer.member("product", product)
            writer.member("release", release)
            writer.member("manufacturer", manufacturer)
            writer.member("product_name", productName)
            writer.member("serial_number", serialNumber)
            writer.member("port", port)
            writer.member("node", node)
            writer.member("speed", speed)
            writer.member("interface", interface)
            writer.member("slot", slot)
            writer.member("interrupt_pipe", interruptPipe)
            writer.member("driven", driven)
            writer.member("class_descriptor", classDescriptor)
            writer.message("ccid", ccid)
            writer.member("quirks", quirks)
            writer.member("unsupported", unsupported)
            writer.member("exchanges", exchanges)
            writer.member("time_extensions", timeExtensions)
            writer.member("aborts", aborts)
            writer.member("strays", strays)
        }
    }

    package struct ReaderDescription: StationMessage, Equatable {
        package let reader: Reader
        package let usb: USBReader?
        package let holders: [Holder]

        package init(reader: Reader, usb: USBReader?, holders: [Holder]) {
            self.reader = reader
            self.usb = usb
            self.holders = holders
        }

        package init(_ fields: Fields) throws(FieldError) {
            reader = try fields.message("reader")
            usb = try fields.optionalMessage("usb")
            holders = try fields.messages("holders")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.message("reader", reader)
            writer.message("usb", usb)
            writer.messages("holders", holders)
        }
    }

    package struct ReaderDescribed: StationMessage, Equatable {
        package let description: ReaderDescription

        package init(_ description: ReaderDescription) { self.description = description }
        package init(_ fields: Fields) throws(FieldError) {
            description = try fields.message("description")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.message("description", description)
        }
    }
}

extension Station {
    package struct DescribeReader: StationRequest {
        package typealias Reply = ReaderDescribed
        package static let method = DevicesInterface.name + ".DescribeReader"
        package let reader: String

        package init(reader: String) { self.reader = reader }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            var name = ""
            try reader.parameters(["reader"]) { _, value throws(JSONError) in
                name = try value.string(maxLength: 256)
            }
            self.reader = name
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("reader", reader)
        }
    }
}
