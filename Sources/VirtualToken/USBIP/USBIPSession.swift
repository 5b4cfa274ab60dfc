/// The server's side of one USB/IP connection: the host's bytes in, the answer's bytes out.
///
/// IN transfers that the device has nothing for yet wait here, in order for each endpoint.
package struct USBIPSession: Sendable {
    /// Most IN transfers that may wait at once.
    package static let mostWaiting = 256

    private var parser = USBIPParser()
    private var waiting: [USBIP.Submit] = []
    /// Whether this connection has the device.
    package private(set) var isImported = false

    package init() {}

    /// Takes what came in and gives what goes out.
    ///
    /// - Parameter isFree: nil without a device, false where another connection has it.
    package mutating func receive(
        _ bytes: some Sequence<UInt8>, _ device: inout some USBDevice, isFree: Bool?, now: Int64
    ) throws(USBIPError) -> [UInt8] {
        parser.append(bytes)
        var output: [UInt8] = []
        while !isImported, let operation = try parser.operation() {
            output += answer(operation, &device, isFree)
        }
        while isImported, let command = try parser.command() {
            output += try carryOut(command, &device, now)
        }
        return output
    }

    private mutating func answer(
        _ operation: USBIP.Operation, _ device: inout some USBDevice, _ isFree: Bool?
    ) -> [UInt8] {
        let record = device.record
        switch operation {
        case .deviceList: return USBIPDeviceRecord.list(isFree == nil ? nil : record)
        case .importDevice(let name):
            guard let isFree, name == Array(record.busID.utf8) else {
                return USBIPDeviceRecord.importAnswer(.noDevice, record)
            }
            guard isFree else { return USBIPDeviceRecord.importAnswer(.busy, record) }
            isImported = true
            device.attach()
            return USBIPDeviceRecord.importAnswer(.done, record)
        }
    }

    private mutating func carryOut(
        _ command: USBIP.Command, _ device: inout some USBDevice, _ now: Int64
    ) throws(USBIPError) -> [UInt8] {
        switch command {
        case .unlink(let sequence, let victim):
            let index = waiting.firstIndex { $0.sequence == victim }
            if let index { waiting.remove(at: index) }
            return USBIP.unlinkReturn(sequence, wasWaiting: index != nil)
        case .submit(let submit):
            if submit.endpoint == 0 { return control(submit, &device, now) + pump(&device) }
            if submit.isIn {
                guard waiting.count < Self.mostWaiting else { throw USBIPError(.tooManyWaiting) }
                waiting.append(submit)
                return pump(&device)
            }
            let isTaken = device.out(
                submit.endpoint, submit.data, endsWithEmptyPacket: submit.endsWithEmptyPacket,
                now: now)
            return USBIP.submitReturn(
                submit.sequence, isTaken ? .done : .stall, actual: isTaken ? submit.length : 0)
                + pump(&device)
        }
    }

    private func control(
        _ submit: USBIP.Submit, _ device: inout some USBDevice, _ now: Int64
    ) -> [UInt8] {
        // The direction of the data is the setup packet's to say (USB 2.0, 9.3.1).
        guard let data = device.control(submit.setup, submit.data, now: now) else {
            return USBIP.submitReturn(submit.sequence, .stall, actual: 0)
        }
        guard submit.isIn else {
            return USBIP.submitReturn(submit.sequence, .done, actual: submit.length)
        }
        let cut = Array(data.prefix(min(submit.length, Int(submit.setup.length))))
        return USBIP.submitReturn(submit.sequence, .done, actual: cut.count, data: cut)
    }

    /// Answers the transfers that no longer have to wait.
    package mutating func pump(_ device: inout some USBDevice) -> [UInt8] {
        var output: [UInt8] = []
        var silent: Set<UInt8> = []
        var index = 0
        while index < waiting.count {
            let submit = waiting[index]
            guard !silent.contains(submit.endpoint),
                let transfer = device.take(submit.endpoint, submit.length)
            else {
                silent.insert(submit.endpoint)
                index += 1
                continue
            }
            waiting.remove(at: index)
            output += Self.answer(submit, transfer)
        }
        return output
    }

    private static func answer(_ submit: USBIP.Submit, _ transfer: USBTransfer) -> [UInt8] {
        let data: [UInt8]
        var status = USBIP.TransferStatus.done
        switch transfer {
        case .stall: return USBIP.submitReturn(submit.sequence, .stall, actual: 0)
        case .data(let bytes):
            data = Array(bytes.prefix(submit.length))
            if submit.refusesShort, data.count < submit.length { status = .short }
        case .babble(let bytes): (data, status) = (Array(bytes.prefix(submit.length)), .babble)
        }
        return USBIP.submitReturn(submit.sequence, status, actual: data.count, data: data)
    }
}
