import Crypto
import Testing
import VirtualToken

@Suite struct USBIPTests {
    private static let importName = "312D31" + String(repeating: "00", count: 29)

    /// What the parser makes of a stream before an import.
    @Test(arguments: [
        ("", USBIP.Operation?.none), ("01118005000000", nil), ("0111800500000000", .deviceList),
        ("0111800300000000" + importName, .importDevice(Array("1-1".utf8))),
        ("0111800300000000" + String(importName.dropLast(2)), nil),
        (
            "0111800300000000" + String(repeating: "41", count: 32),
            .importDevice([UInt8](repeating: 0x41, count: 32))
        ),
    ])
    func operationsAreRead(_ text: String, _ wanted: USBIP.Operation?) throws {
        var parser = USBIPParser()
        parser.append(Hex.bytes(text) ?? [])
        #expect(try parser.operation() == wanted)
    }

    @Test(arguments: [
        ("0106800500000000", USBIPError.Code.version(0x0106)),
        ("0111800600000000", .operation(0x8006)), ("0111000500000000", .operation(5)),
        ("0111800500000007", .status(7)),
    ])
    func operationsThatAreNoneAreRefused(_ text: String, _ code: USBIPError.Code) {
        var parser = USBIPParser()
        parser.append(Hex.bytes(text) ?? [])
        #expect(throws: USBIPError(code)) { try parser.operation() }
    }

    /// A header of 48 bytes: command, sequence 7, device, direction, endpoint, then flags,
    /// length, start, packets, interval and setup.
    private static func header(
        _ command: UInt32 = 1, direction: UInt32 = 0, endpoint: UInt32 = 1, length: Int32 = 0,
        packets: Int32 = 0
    ) -> [UInt8] {
        let fields: [UInt32] = [
            command, 7, 0x10002, direction, endpoint, 0x40, UInt32(bitPattern: length), 0,
            UInt32(bitPattern: packets), 0,
        ]
        return fields.flatMap { field in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: field >> $0) }
        } + [0x80, 6, 0, 1, 9, 4, 18, 0]
    }

    @Test func aTransferIsReadWithItsData() throws {
        var parser = USBIPParser()
        for byte in Self.header(length: 3) + [1, 2] {
            #expect(try parser.command() == nil)
            parser.append([byte])
        }
        #expect(try parser.command() == nil)
        parser.append([3, 0xFF])
        guard case .submit(let submit) = try parser.command() else {
            Issue.record("no transfer")
            return
        }
        #expect(submit.data == [1, 2, 3] && submit.sequence == 7 && !submit.isIn)
        #expect(submit.endsWithEmptyPacket && !submit.refusesShort)
        #expect(submit.setup == SetupPacket(0x80, 6, value: 0x100, index: 0x409, length: 18))
        #expect(parser.waiting == 1)
    }

    @Test func aTransferIsTakenBackByItsNumber() throws {
        var parser = USBIPParser()
        var bytes = Self.header(2)
        bytes.replaceSubrange(20..<24, with: [0, 0, 0, 5])
        parser.append(bytes)
        #expect(try parser.command() == .unlink(sequence: 7, victim: 5))
    }

    @Test(arguments: [
        (header(3), USBIPError.Code.command(3)), (header(direction: 2), .direction(2)),
        (header(endpoint: 16), .endpoint(16)), (header(length: -1), .transferLength(-1)),
        (header(length: 1 << 20), .transferLength(1 << 20)),
        (header(packets: 1), .isochronous(1)),
    ])
    func transfersThatAreNoneAreRefused(_ bytes: [UInt8], _ code: USBIPError.Code) {
        var parser = USBIPParser()
        parser.append(bytes)
        #expect(throws: USBIPError(code)) { try parser.command() }
    }

    @Test(arguments: [Int32(0), -1])
    func noPacketsAreWrittenInTwoWays(_ packets: Int32) throws {
        var parser = USBIPParser()
        parser.append(Self.header(direction: 1, length: .max, packets: packets))
        guard case .submit(let submit) = try parser.command() else {
            Issue.record("no transfer")
            return
        }
        #expect(submit.isIn && submit.length == Int(Int32.max) && submit.data.isEmpty)
    }

    @Test func recordsHaveTheSizesOfTheProtocol() {
        let record = CCIDReader(ReaderDesign(), []).record
        #expect(USBIPDeviceRecord.list(nil) == [1, 0x11, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0])
        #expect(USBIPDeviceRecord.list(record).count == 12 + 312 + 4)
        #expect(USBIPDeviceRecord.importAnswer(.done, record).count == 8 + 312)
        #expect(USBIPDeviceRecord.importAnswer(.busy, record).count == 8)
        #expect(USBIP.submitReturn(1, .done, actual: 2, data: [1, 2]).count == 50)
        #expect(USBIP.unlinkReturn(1, wasWaiting: true).count == 48)
    }

    /// Transfers that wait are answered in order, each endpoint by itself.
    @Test func transfersWaitForTheDevice() throws {
        var device = CCIDReader(ReaderDesign(), [SimulatedToken(PIVCard(.plain, Samples.state()))])
        var session = USBIPSession()
        let attach = "0111800300000000" + Self.importName
        let configure = Self.header(endpoint: 0).dropLast(8) + [0, 9, 1, 0, 0, 0, 0, 0]
        let read = Self.header(direction: 1, endpoint: 2, length: 64)
        let status: [UInt8] = [0x65, 0, 0, 0, 0, 0, 9, 0, 0, 0]
        let begun = try session.receive(
            (Hex.bytes(attach) ?? []) + configure + read, &device, isFree: true, now: 0)
        #expect(begun.count == 320 + 48 && session.isImported)
        let answered = try session.receive(
            Self.header(length: 10) + status, &device, isFree: true, now: 0)
        #expect(answered.count == 48 + 48 + 10)
        #expect(answered.suffix(10) == [0x81, 0, 0, 0, 0, 0, 9, 1, 0, 1])
    }

    @Test func tooManyWaitingTransfersEndTheConnection() throws {
        var device = CCIDReader(ReaderDesign(), [SimulatedToken(PIVCard(.plain, Samples.state()))])
        var session = USBIPSession()
        _ = try session.receive(
            Hex.bytes("0111800300000000" + Self.importName) ?? [], &device, isFree: true, now: 0)
        _ = device.control(SetupPacket(0, 9, value: 1), [], now: 0)
        let read = Self.header(direction: 1, endpoint: 2, length: 64)
        for _ in 0..<USBIPSession.mostWaiting {
            #expect(try session.receive(read, &device, isFree: true, now: 0).isEmpty)
        }
        #expect(throws: USBIPError(.tooManyWaiting)) {
            try session.receive(read, &device, isFree: true, now: 0)
        }
    }
}
