import APDU
import Crypto
import Readers
import StationInterface
import Varlink

extension Agent {
    /// What there is to know of one reader.
    func describe(_ request: Station.DescribeReader, _ call: VarlinkCall) {
        guard let description = hub.describe(request.reader) else {
            return call.fail(with: Words.reader(.noSuchReader(request.reader), request.reader))
        }
        call.reply(with: Station.ReaderDescribed(Station.ReaderDescription(description)))
    }
}

extension Station.ReaderDescription {
    init(_ description: Readers.ReaderDescription) {
        self.init(
            reader: Station.Reader(description.snapshot),
            usb: description.usb.map { Station.USBReader($0) },
            holders: description.holders.map { Station.Holder($0) })
    }
}

extension Station.USBReader {
    init(_ usb: USBReaderDescription) {
        self.init()
        vendor = Self.hex(usb.vendor)
        product = Self.hex(usb.product)
        release = Self.hex(usb.release)
        manufacturer = usb.manufacturer
        productName = usb.productName
        serialNumber = usb.serialNumber
        port = usb.port
        node = usb.node
        speed = usb.speed
        interface = Int(usb.interface)
        slot = Int(usb.slot)
        interruptPipe = usb.hasInterruptPipe
        driven = usb.level
        classDescriptor = Hex.lower(usb.classDescriptor)
        quirks = usb.quirks
        let known = CCIDQuirk.of(vendor: usb.vendor, product: usb.product, release: usb.release)
        do throws(CCIDError) {
            let descriptor = try Self.decode(usb.classDescriptor, known)
            ccid = Station.CCIDReader(descriptor)
            unsupported = Self.unsupported(descriptor)
        } catch {
            unsupported = ["class descriptor: \(error)"]
        }
        exchanges = usb.counts.exchanges
        timeExtensions = usb.counts.timeExtensions
        aborts = usb.counts.aborts
        strays = usb.counts.strays
    }

    private static func decode(
        _ bytes: [UInt8], _ quirks: [CCIDQuirk]
    ) throws(CCIDError) -> CCIDDescriptor {
        // Swift 6.0's withUnsafeBytes loses the type of the error.
        try bytes.withUnsafeBytes { raw -> Swift.Result<CCIDDescriptor, CCIDError> in
            do throws(CCIDError) {
                return .success(try CCIDDescriptor(parsing: raw, quirks: quirks))
            } catch {
                return .failure(error)
            }
        }.get()
    }

    /// What a reader has that this station leaves alone, or needs and does not get.
    static func unsupported(_ descriptor: CCIDDescriptor) -> [String] {
        var found: [String] = []
        if descriptor.level == .character {
            found.append("exchange at character level: cards in it cannot be used")
        }
        if descriptor.protocols.isDisjoint(with: [.t0, .t1]) {
            found.append("it speaks neither T=0 nor T=1")
        }
        if descriptor.synchronousProtocols != 0 { found.append("synchronous (memory) cards") }
        if descriptor.mechanical != 0 { found.append("accepting, ejecting or locking cards") }
        if descriptor.features.contains(.clockStop) { found.append("stopping the card's clock") }
        if descriptor.features.contains(.nodeAddress) {
            found.append("node addresses other than 00")
        }
        return found
    }

    private static func hex(_ number: UInt16) -> String {
        Hex.lower([UInt8(number >> 8), UInt8(number & 0xFF)])
    }
}

extension Station.CCIDReader {
    init(_ descriptor: CCIDDescriptor) {
        self.init()
        release =
            "\(Self.decimal(descriptor.release >> 8)).\(Hex.lower([UInt8(descriptor.release & 0xFF)]))"
        level =
            switch descriptor.level {
            case .character: .character
            case .tpdu: .tpdu
            case .shortAPDU: .shortAPDU
            case .extendedAPDU: .extendedAPDU
            }
        slots = descriptor.slots
        busySlots = descriptor.maximumBusySlots
        if descriptor.protocols.contains(.t0) { protocols.append("T=0") }
        if descriptor.protocols.contains(.t1) { protocols.append("T=1") }
        if descriptor.voltages.contains(.fiveVolts) { voltages.append("5 V") }
        if descriptor.voltages.contains(.threeVolts) { voltages.append("3 V") }
        if descriptor.voltages.contains(.oneEightVolts) { voltages.append("1.8 V") }
        features = Self.featureNames.compactMap { feature, name in
            descriptor.features.contains(feature) ? name : nil
        }
        messageLength = descriptor.maximumMessageLength
        ifsd = descriptor.maximumIFSD
        pinVerify = descriptor.pinSupport.contains(.verify)
        pinModify = descriptor.pinSupport.contains(.modify)
        display = descriptor.display.map { "\($0.lines) x \($0.columns)" }
        defaultClock = Int(descriptor.defaultClock)
        maximumClock = Int(descriptor.maximumClock)
        clocks = Int(descriptor.clockCount)
        defaultRate = Int(descriptor.defaultDataRate)
        maximumRate = Int(descriptor.maximumDataRate)
        rates = Int(descriptor.dataRateCount)
        getResponseClass = Hex.lower([descriptor.classGetResponse])
        envelopeClass = Hex.lower([descriptor.classEnvelope])
    }

    /// A number as it stands in binary code.
    private static func decimal(_ number: UInt16) -> String { String(number, radix: 16) }

    private static let featureNames: [(CCIDFeatures, String)] = [
        (.automaticParameters, "sets its parameters from the answer to reset"),
        (.automaticActivation, "powers a card when it is put in"),
        (.automaticVoltage, "chooses the voltage"),
        (.automaticClock, "chooses the clock"),
        (.automaticRate, "chooses the rate"),
        (.automaticNegotiation, "negotiates parameters by itself"),
        (.automaticPPS, "makes the PPS by itself"),
        (.clockStop, "can stop the card's clock"),
        (.nodeAddress, "takes node addresses"),
        (.automaticIFSD, "tells the card its IFSD by itself"),
        (.wakeUp, "wakes the host up"),
    ]
}
