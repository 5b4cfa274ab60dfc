import Crypto

extension ReaderDesign {
    /// Takes one option of the command line.
    ///
    /// - Returns: false where it is none of a reader's.
    /// - Throws: `.badRequest`, naming the option.
    mutating func set(
        _ option: String, _ value: () throws(VirtualTokenError) -> String
    ) throws(VirtualTokenError) -> Bool {
        switch option {
        case "--level": level = try Self.one(of: Level.init, option, try value())
        case "--protocol":
            switch try value() {
            case "T=0": cardProtocol = .t0
            case "T=1": cardProtocol = .t1
            default: throw Self.error(option, "T=0 or T=1 expected")
            }
        case "--edc":
            switch try value() {
            case "lrc": usesCRC = false
            case "crc": usesCRC = true
            default: throw Self.error(option, "lrc or crc expected")
            }
        case "--ifsc": ifsc = UInt8(try Self.number(option, try value(), 1...254))
        case "--rate":
            let byte = try Self.hexadecimal(option, try value(), 1)
            guard let rate = UInt8(exactly: byte), Self.bitRate(rate) != nil else {
                throw Self.error(option, "a value of TA1 that is not reserved expected")
            }
            self.rate = rate
        case "--specific-mode": specificMode = true
        case "--pps": pps = try Self.one(of: PPSManner.init, option, try value())
        case "--voltage": voltage = try Self.one(of: Voltage.init, option, try value())
        case "--abort": abort = try Self.one(of: AbortManner.init, option, try value())
        case "--slots": slots = try Self.number(option, try value(), 1...16)
        case "--no-interrupt": hasInterrupt = false
        case "--composite": isComposite = true
        case "--vendor-class": hasVendorClass = true
        case "--descriptor-on-endpoint": descriptorOnEndpoint = true
        case "--message-length":
            messageLength = try Self.number(option, try value(), 11...70_000)
        case "--ifsd": maximumIFSD = UInt8(try Self.number(option, try value(), 1...254))
        default: return try setDescriptors(option, value)
        }
        return true
    }

    private mutating func setDescriptors(
        _ option: String, _ value: () throws(VirtualTokenError) -> String
    ) throws(VirtualTokenError) -> Bool {
        switch option {
        case "--speed":
            switch try value() {
            case "full": speed = .full
            case "high": speed = .high
            default: throw Self.error(option, "full or high expected")
            }
        case "--pinpad":
            switch try value() {
            case "verify": pinSupport = .verify
            case "modify": pinSupport = .modify
            case "both": pinSupport = [.verify, .modify]
            default: throw Self.error(option, "verify, modify or both expected")
            }
        case "--iccd":
            switch try value() {
            case "a": interfaceProtocol = 1
            case "b": interfaceProtocol = 2
            default: throw Self.error(option, "a or b expected")
            }
        case "--auto":
            switch try value() {
            case "all": features = Self.automatic
            case "none": features = Self.manual
            case let text: features = UInt32(try Self.hexadecimal(option, text, 4))
            }
        case "--usb-id":
            let text = try value()
            let parts = text.split(separator: ":").map(String.init)
            guard parts.count == 2 else { throw Self.error(option, "VVVV:PPPP expected") }
            vendor = UInt16(try Self.hexadecimal(option, parts[0], 2))
            product = UInt16(try Self.hexadecimal(option, parts[1], 2))
        case "--release": release = UInt16(try Self.hexadecimal(option, try value(), 2))
        case "--manufacturer": manufacturer = try value()
        case "--product": productName = try value()
        case "--usb-serial": serialNumber = try value()
        case "--patch":
            let parts = try value().split(separator: "=").map(String.init)
            guard parts.count == 2 else { throw Self.error(option, "OFFSET=XX expected") }
            patches[try Self.number(option, parts[0], 0...53)] = UInt8(
                try Self.hexadecimal(option, parts[1], 1))
        default: return false
        }
        return true
    }

    private static func one<Choice: RawRepresentable<String>>(
        of make: (String) -> Choice?, _ option: String, _ text: String
    ) throws(VirtualTokenError) -> Choice {
        guard let choice = make(text) else { throw error(option, "\(text): no such choice") }
        return choice
    }

    private static func number(
        _ option: String, _ text: String, _ range: ClosedRange<Int>
    ) throws(VirtualTokenError) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw error(
                option, "\(text): a number from \(range.lowerBound) to \(range.upperBound) expected"
            )
        }
        return number
    }

    /// - Parameter size: so many bytes, two digits each.
    private static func hexadecimal(
        _ option: String, _ text: String, _ size: Int
    ) throws(VirtualTokenError) -> Int {
        let padded = String(repeating: "0", count: max(0, size * 2 - text.utf8.count)) + text
        guard !text.isEmpty, let bytes = Hex.bytes(padded), bytes.count == size else {
            throw error(option, "\(text): up to \(size * 2) hex digits expected")
        }
        return bytes.reduce(0) { $0 << 8 | Int($1) }
    }

    private static func error(_ option: String, _ reason: String) -> VirtualTokenError {
        VirtualTokenError(.badRequest, "\(option): \(reason)")
    }
}
