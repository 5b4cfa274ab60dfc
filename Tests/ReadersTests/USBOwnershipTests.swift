import Testing

@testable import Readers

@Suite struct USBOwnershipTests {
    @Test(
        "a reader is ours where udev's record says so, on a line of its own",
        arguments: [
            ("S:x\nI:1\nE:TOKEN_STATION_RAW=1\nG:systemd\n", true),
            ("E:TOKEN_STATION_RAW=1", true),
            ("E:TOKEN_STATION_RAW=0\n", false),
            ("E:TOKEN_STATION_RAW=11\n", false),
            ("E:OTHER=E:TOKEN_STATION_RAW=1\n", false),
            ("E:PCSCLITE_IGNORE=1\n", false),
            ("", false),
        ])
    func record(_ text: String, _ isOurs: Bool) {
        #expect(USBOwnership.saysOurs(Array(text.utf8)) == isOurs)
    }

    @Test(
        "bus and address name the node and its record",
        arguments: [
            (UInt8(1), UInt8(1), "/dev/bus/usb/001/001", 0),
            (UInt8(1), UInt8(127), "/dev/bus/usb/001/127", 126),
            (UInt8(2), UInt8(4), "/dev/bus/usb/002/004", 131),
            (UInt8(255), UInt8(255), "/dev/bus/usb/255/255", 32766),
        ])
    func place(_ bus: UInt8, _ address: UInt8, _ node: String, _ minor: Int) {
        let place = USBDevice.Place(bus: bus, address: address)
        #expect(place.node == node)
        #expect(place.minor == minor)
    }
}
