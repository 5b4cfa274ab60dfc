import System

/// Takes an interface for us alone.
protocol BulkPortMaker: Sendable {
    /// - Throws: `.held`, `.gone`, `.usb`.
    func claim() throws(CCIDFault) -> any BulkPort
}

/// What the host needs of one claimed interface: the bulk pair, the interrupt pipe, control
/// requests and repair. libusb's is `USBInterface`; a test may have its own.
///
/// Used by one thread at a time.
protocol BulkPort: AnyObject {
    /// Writable when something was transferred; for a poller.
    var descriptor: Int32 { get }

    /// Sends a message and takes the next one, which may be an answer to it.
    ///
    /// - Parameters:
    ///   - limit: after which the transfers are taken back.
    ///   - hearing: is given each interrupt message nobody has fetched yet, as it comes, and
    ///     says until when to wait from then on; nil leaves it as it is.
    /// - Returns: how many bytes came.
    /// - Throws: `.timeout` with nothing received; the message may have been sent.
    func exchange(
        _ message: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer,
        limit: Instant, hearing: (_ notification: [UInt8]) -> Instant?
    ) throws(USBError) -> Int

    /// Takes the next message.
    func receive(
        into room: UnsafeMutableRawBufferPointer, limit: Instant,
        hearing: (_ notification: [UInt8]) -> Instant?
    ) throws(USBError) -> Int

    /// Whether interrupt messages come.
    var isListening: Bool { get }
    /// Takes in what happened, without waiting.
    func pump()
    /// The interrupt messages since the last call.
    func notifications() -> [[UInt8]]

    /// One control request, outward without data or inward into an array.
    func control(
        requestType: UInt8, request: UInt8, value: UInt16, index: UInt16, expecting count: Int,
        limit: Instant
    ) throws(USBError) -> [UInt8]

    /// Both bulk pipes, after a stall.
    func clearHalts()
    /// Resets the whole device, which every other user of it feels.
    func resetDevice() throws(USBError)
    /// Whether another interface of the device is in use, so that a reset would do harm.
    var hasBusySiblings: Bool { get }
}
