/// Control requests and endpoints.
extension CCIDReader {
    private enum Request {
        static let getStatus: UInt8 = 0
        static let clearFeature: UInt8 = 1
        static let setFeature: UInt8 = 3
        static let setAddress: UInt8 = 5
        static let getDescriptor: UInt8 = 6
        static let getConfiguration: UInt8 = 8
        static let setConfiguration: UInt8 = 9
        static let getInterface: UInt8 = 10
        static let setInterface: UInt8 = 11
        // CCID 1.1, 5.3.
        static let abort: UInt8 = 1
        static let clockFrequencies: UInt8 = 2
        static let dataRates: UInt8 = 3
    }

    package mutating func control(
        _ setup: SetupPacket, _ data: [UInt8], now: Int64
    ) -> [UInt8]? {
        let (high, low) = (UInt8(setup.value >> 8), UInt8(setup.value & 0xFF))
        let target = UInt8(setup.index & 0xFF)
        switch (setup.requestType, setup.request) {
        case (0x80, Request.getDescriptor):
            return ReaderDescriptors(design: design).descriptor(high, low).map {
                Array($0.prefix(Int(setup.length)))
            }
        case (0x80, Request.getConfiguration): return [configuration]
        case (0x00, Request.setConfiguration):
            guard low <= 1 else { return nil }
            resetAll()
            configuration = low
            return []
        case (0x00, Request.setAddress): return []
        case (0x80, Request.getStatus): return [0, 0]
        case (0x81, Request.getStatus): return target <= design.ccidInterface ? [0, 0] : nil
        case (0x82, Request.getStatus):
            guard hasEndpoint(target) else { return nil }
            return [halted.contains(target) ? 1 : 0, 0]
        case (0x02, Request.clearFeature):
            guard setup.value == 0, hasEndpoint(target) else { return nil }
            halted.remove(target)
            if target != 0, target != 0x80 { isDeaf = false }
            return []
        case (0x02, Request.setFeature):
            guard setup.value == 0, hasEndpoint(target), target & 0x0F != 0 else { return nil }
            halted.insert(target)
            return []
        case (0x81, Request.getInterface):
            return configuration != 0 && target <= design.ccidInterface ? [0] : nil
        case (0x01, Request.setInterface):
            guard configuration != 0, target <= design.ccidInterface, setup.value == 0 else {
                return nil
            }
            return []
        case (0x21, _), (0xA1, _): return classRequest(setup, target)
        default: return nil
        }
    }

    private func hasEndpoint(_ address: UInt8) -> Bool {
        switch address {
        case 0, 0x80: true
        case ReaderDesign.Endpoint.bulkIn, ReaderDesign.Endpoint.bulkOut:
            configuration != 0 && design.hasBulk
        case ReaderDesign.Endpoint.interrupt: configuration != 0 && design.sendsInterrupts
        default: false
        }
    }

    private mutating func classRequest(_ setup: SetupPacket, _ interface: UInt8) -> [UInt8]? {
        guard interface == design.ccidInterface, configuration != 0 else {
            notes.complain("a class request to an interface that is no reader")
            return nil
        }
        switch (setup.requestType, setup.request) {
        case (0x21, Request.abort):
            guard design.abort == .answered else { return nil }
            let (slot, sequence) = (Int(setup.value & 0xFF), UInt8(setup.value >> 8))
            guard slot < slots.count else {
                notes.complain("ABORT for a slot that is not there")
                return nil
            }
            slots[slot].abortByControl = sequence
            if let message = slots[slot].abortByMessage, message.sequence == sequence {
                finishAbort(slot, message, nil)
            }
            return []
        case (0xA1, Request.clockFrequencies):
            var bytes: [UInt8] = []
            bytes.append(littleEndian: ReaderDesign.clock)
            return Array(bytes.prefix(Int(setup.length)))
        case (0xA1, Request.dataRates):
            var bytes: [UInt8] = []
            for rate in ReaderDesign.rates { bytes.append(littleEndian: rate) }
            return Array(bytes.prefix(Int(setup.length)))
        default: return nil
        }
    }

    // MARK: Endpoints

    package mutating func out(
        _ endpoint: UInt8, _ data: [UInt8], endsWithEmptyPacket: Bool, now: Int64
    ) -> Bool {
        guard endpoint == ReaderDesign.Endpoint.bulkOut, hasEndpoint(endpoint) else {
            notes.complain("an OUT transfer to an endpoint that is not there")
            return false
        }
        guard !halted.contains(endpoint) else { return false }
        if data.isEmpty, fromHost.isEmpty {
            if !mayBeEmpty { notes.complain("an empty packet where no message ended") }
            mayBeEmpty = false
            return true
        }
        fromHost += data
        let isCut = data.count % design.packetSize != 0 || data.isEmpty || endsWithEmptyPacket
        let length = CCIDRequest.length(fromHost)
        let isWhole = length.map { fromHost.count >= CCIDRequest.headerSize + $0 } ?? false
        let isTooLong = fromHost.count > design.longestMessage
        guard isCut || isWhole || isTooLong else { return true }
        let message = fromHost
        fromHost = []
        mayBeEmpty = data.count % design.packetSize == 0 && !endsWithEmptyPacket
        return take(message, length, now)
    }

    package mutating func take(_ endpoint: UInt8, _ length: Int) -> USBTransfer? {
        let address = endpoint | 0x80
        guard hasEndpoint(address) else {
            notes.complain("an IN transfer from an endpoint that is not there")
            return .stall
        }
        if halted.contains(address) { return .stall }
        return address == ReaderDesign.Endpoint.interrupt ? takeNotice(length) : takePackets(length)
    }

    /// Packets fill a transfer until it is full or one of them is short.
    private mutating func takePackets(_ length: Int) -> USBTransfer? {
        var bytes: [UInt8] = []
        for (index, packet) in toHost.enumerated() {
            if packet.babbles || bytes.count + packet.bytes.count > length {
                toHost.removeFirst(index + 1)
                return .babble(Array((bytes + packet.bytes).prefix(length)))
            }
            bytes += packet.bytes
            if packet.bytes.count < design.packetSize || bytes.count == length {
                toHost.removeFirst(index + 1)
                return .data(bytes)
            }
        }
        return nil
    }

    /// RDR_to_PC_NotifySlotChange (CCID 1.1, 6.3.1).
    private mutating func takeNotice(_ length: Int) -> USBTransfer? {
        guard slots.contains(where: \.hasChanged) else { return nil }
        var bytes = [0x50] + [UInt8](repeating: 0, count: (slots.count + 3) / 4)
        for index in slots.indices {
            let bits: UInt8 = (slots[index].isPresent ? 1 : 0) | (slots[index].hasChanged ? 2 : 0)
            bytes[1 + index / 4] |= bits << (UInt8(index % 4) * 2)
            slots[index].hasChanged = false
        }
        return bytes.count > length ? .babble(Array(bytes.prefix(length))) : .data(bytes)
    }
}
