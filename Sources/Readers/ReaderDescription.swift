import APDU

/// What a technician asks of one reader: how it is built and driven, and who has it.
///
/// Of a reader of pcscd only what pcscd tells is known; a virtual one has nothing to tell.
package struct ReaderDescription: Equatable, Sendable {
    package let snapshot: ReaderSnapshot
    /// Nil where the reader is not driven over USB by this station.
    package let usb: USBReaderDescription?
    /// Who has the reader's node or pcscd open, without ourselves.
    package let holders: [Holder]

    package init(snapshot: ReaderSnapshot, usb: USBReaderDescription?, holders: [Holder]) {
        self.snapshot = snapshot
        self.usb = usb
        self.holders = holders
    }
}

/// A reader on the raw path, as its descriptors and the last exchange say.
package struct USBReaderDescription: Equatable, Sendable {
    /// idVendor, idProduct and bcdDevice.
    package let vendor, product, release: UInt16
    package let manufacturer, productName, serialNumber: String?
    /// Bus and ports, as the kernel names the device: "1-2.1".
    package let port: String
    /// "/dev/bus/usb/001/004".
    package let node: String
    /// 1.5, 12, 480, 5000 … Mbit/s in words, as the kernel calls it; nil where it is unknown.
    package let speed: String?
    package let interface: UInt8
    /// Whether slot changes come by the interrupt pipe; polled where they do not.
    package let hasInterruptPipe: Bool
    /// The class descriptor's 54 bytes, before any quirk is applied.
    package let classDescriptor: [UInt8]
    /// The quirks that are applied, with their reasons.
    package let quirks: [String]
    package let slot: UInt8
    /// How the host drives it: "TPDU, T=1", "extended APDU"….
    package let level: String
    /// Exchanges, time extensions and aborts since the reader came.
    package let counts: USBReaderCounts

    package init(
        vendor: UInt16, product: UInt16, release: UInt16, manufacturer: String?,
        productName: String?, serialNumber: String?, port: String, node: String, speed: String?,
        interface: UInt8, hasInterruptPipe: Bool, classDescriptor: [UInt8], quirks: [String],
        slot: UInt8, level: String, counts: USBReaderCounts
    ) {
        self.vendor = vendor
        self.product = product
        self.release = release
        self.manufacturer = manufacturer
        self.productName = productName
        self.serialNumber = serialNumber
        self.port = port
        self.node = node
        self.speed = speed
        self.interface = interface
        self.hasInterruptPipe = hasInterruptPipe
        self.classDescriptor = classDescriptor
        self.quirks = quirks
        self.slot = slot
        self.level = level
        self.counts = counts
    }
}

/// What happened on a reader's bulk pipes since it came.
package struct USBReaderCounts: Equatable, Sendable {
    package var exchanges = 0
    package var timeExtensions = 0
    package var aborts = 0
    /// Answers to other questions than the one that was asked.
    package var strays = 0

    package init() {}
}
