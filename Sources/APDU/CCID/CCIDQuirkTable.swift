extension CCIDQuirk {
    /// All devices known to want something of their own, from public driver sources.
    package static let table: [CCIDQuirkRow] = [
        CCIDQuirkRow(
            .descriptorOnEndpoint, "class descriptor behind the last endpoint",
            [
                CCIDDevice(0x0B97, 0x7762),  // O2Micro OZ776
                CCIDDevice(0x0B97, 0x7772),  // O2Micro OZ776
                CCIDDevice(0x0C4B, 0x0300),  // Reiner SCT cyberJack
                CCIDDevice(0x1B0E, 0x1078),  // Blutronics Bludrive II
            ]),
        CCIDQuirkRow(
            .vendorSpecificClass, "older than the class: its interface has class FF",
            [
                CCIDDevice(0x04E6, 0xE003),  // SCM SPR532
                CCIDDevice(0x046A, 0x003E),  // Cherry SmartTerminal ST-2000
            ]),

        CCIDQuirkRow(
            .treatAs(.extendedAPDU), "announces short APDUs, sends long responses in chains",
            [
                CCIDDevice(0x076B, 0x3031),  // HID OMNIKEY 3021, 3121
                CCIDDevice(0x076B, 0x6632),  // HID OMNIKEY 6121
                CCIDDevice(0x046A, 0x00A7),  // Cherry SmartTerminal XX44
                CCIDDevice(0x0BF8, 0x1024),  // Fujitsu D323
                CCIDDevice(0x2F7C, 0x6007),  // Diebold Nixdorf PN7362AU
            ]),
        CCIDQuirkRow(
            .treatAs(.extendedAPDU),
            "firmware 1.00 sends responses of more than 128 bytes in chains",
            [CCIDDevice(0x046A, 0x00A1, 0x0100...0x0100)]),  // Cherry KC 1000 SC
        CCIDQuirkRow(
            .treatAs(.shortAPDU), "announces extended APDUs, does not take them",
            [CCIDDevice(0x0D46, 0x3010)]),  // KOBIL TriBank
        CCIDQuirkRow(
            .treatAs(.tpdu), "announces APDUs, exchanges TPDUs",
            [CCIDDevice(0x076B, 0x3022)]),  // OMNIKEY CardMan 3121

        CCIDQuirkRow(
            .fixedRate(9600), "works at 9600 bit/s only",
            [CCIDDevice(0x0B97, 0x7762), CCIDDevice(0x0B97, 0x7772)]),  // O2Micro OZ776
        CCIDQuirkRow(
            .maximumDataRate(200_000), "announces rates at which it loses the card",
            [CCIDDevice(0x058F, 0x9540)]),  // Alcor Micro AU9540
        CCIDQuirkRow(
            .twoResetsAfterFailedParameters, "the card hangs after parameters are refused",
            [CCIDDevice(0x058F, 0x9540)]),  // Alcor Micro AU9540
        CCIDQuirkRow(
            .maximumIFSD(254), "announces a wrong information field size",
            [CCIDDevice(0x09BE, 0x0002)]),  // MySmart MySmartPad
        CCIDQuirkRow(
            .noIFSDNegotiation, "firmware 0.12 and 0.13 fail at the IFS request",
            [CCIDDevice(0x0529, 0x0620, 0x0012...0x0013)]),  // SafeNet eToken 5100
        CCIDQuirkRow(
            .dropsMultiplesOf64, "gets stuck with answers of n times 64 bytes",
            [
                .before(0x0516, 0x04E6, 0xE001),  // SCM SCR331
                .before(0x0620, 0x04E6, 0x5111),  // SCM SCR331-DI
                .before(0x0514, 0x04E6, 0x5115),  // SCM SCR335
                .before(0x0504, 0x04E6, 0xE003),  // SCM SPR532
                .before(0x0522, 0x04E6, 0x5117),  // SCM SCR3320
            ]),
        CCIDQuirkRow(
            .zeroLengthPacketFirst, "firmware 2.00 sends empty packets on USB 3 ports",
            [
                CCIDDevice(0x08E6, 0x3437, 0x0200...0x0200),  // Gemalto PC Twin
                CCIDDevice(0x08E6, 0x3438, 0x0200...0x0200),  // Gemalto PC Key
                CCIDDevice(0x413C, 0x2101, 0x0200...0x0200),  // Dell SCRK
            ]),
        CCIDQuirkRow(
            .escapeToISO([0x1F, 0x01]), "starts in EMV mode and refuses other cards",
            [CCIDDevice(0x08E6, 0x4433)]),  // Gemplus GemPC433
        CCIDQuirkRow(
            .escapeToISO([0xF1, 0x01]), "starts in EMV mode and refuses other cards",
            [CCIDDevice(0x046A, 0x0005)]),  // Cherry SmartBoard XX33

        CCIDQuirkRow(
            .slowFirstStatus(milliseconds: 1000), "first slot status takes up to 1 s",
            [
                CCIDDevice(0x09D8, 0x0427),  // Elatec TWN4
                CCIDDevice(0x09D8, 0x0428),  // Elatec TWN4
                CCIDDevice(0x072F, 0x2200),  // ACS ACR122U
            ]),
        CCIDQuirkRow(
            .slowFirstStatus(milliseconds: 400), "first slot status takes 350 ms",
            [
                CCIDDevice(0x04E6, 0x5293),  // SCM SCL011
                CCIDDevice(0x04E6, 0x5790),  // Identiv uTrust 3700 F
                CCIDDevice(0x04E6, 0x5791),  // Identiv uTrust 3701 F
                CCIDDevice(0x04E6, 0x5724),  // Identiv uTrust 4701 F
            ]),
        CCIDQuirkRow(
            .noSetInterface, "does not take the request SET_INTERFACE",
            [
                CCIDDevice(0x09D8, 0x0427),  // Elatec TWN4
                CCIDDevice(0x09D8, 0x0428),  // Elatec TWN4
                CCIDDevice(0x072F, 0x2200),  // ACS ACR122U
            ]),
        CCIDQuirkRow(
            .openDelay(milliseconds: 1000), "firmware wants time to start",
            [CCIDDevice(0x0B81, 0x0200)]),  // id3 CL1356D
        CCIDQuirkRow(
            .readTimeoutFloor(milliseconds: 60_000), "answers take up to a minute",
            [CCIDDevice(0x0B81, 0x0200)]),  // id3 CL1356D
        CCIDQuirkRow(
            .powerOffBeforeOn, "does not power a card that has power",
            [CCIDDevice(0x0D46, 0x301D)]),  // KOBIL IDToken

        CCIDQuirkRow(
            .noPINSupport, "entry of codes at the pad is broken",
            [
                CCIDDevice(0x03F0, 0x1024),  // HP smart card keyboard
                CCIDDevice(0x03F0, 0x0036),  // HP CCID smart card keyboard
                CCIDDevice(0x04F2, 0x1469),  // Chicony HP Skylab keyboard
                CCIDDevice(0x0BF8, 0x1017),  // Fujitsu SmartCase KB SCR eSIG
                CCIDDevice(0x0783, 0x0006),  // C3PO LTC31 v2
            ]),
        CCIDQuirkRow(
            .noPINSupport, "announces a pad and has none",
            [
                CCIDDevice(0x08E6, 0x4433, 0...0),  // QEMU usb-ccid
                CCIDDevice(0x25DD, 0x3111),  // bit4id miniLector EVO
                CCIDDevice(0x076B, 0x3031),  // HID OMNIKEY 3021, 3121
                CCIDDevice(0x076B, 0x6632),  // HID OMNIKEY 6121
                CCIDDevice(0x046A, 0x00A7),  // Cherry SmartTerminal XX44
                CCIDDevice(0x0BF8, 0x1024),  // Fujitsu D323
            ]),
        CCIDQuirkRow(
            .revealsTriesBySelf, "shows the tries left by a VERIFY of its own",
            [CCIDDevice(0x0982, 0x0008)]),  // Covadis Vega Alpha

        bogus(0x04E6, 0xE001, 0x0516),  // SCM SCR331
        bogus(0x04E6, 0x5111, 0x0620),  // SCM SCR331-DI
        bogus(0x04E6, 0xE003, 0x0510),  // SCM SPR532
        bogus(0x0D46, 0x3001, 0x0037),  // KOBIL KAAN Base
        bogus(0x0D46, 0x3002, 0x0037),  // KOBIL KAAN Advanced
        bogus(0x09C3, 0x0008, 0x0203),  // ActivCard V2
        bogus(0x0DC3, 0x1004, 0x0502),  // Athena ASE IIIe
        bogus(0x0DC3, 0x1102, 0x0607),  // Athena ASE IIIe KB
        bogus(0x058F, 0x9520, 0x0102),  // Alcor Micro AU9520
        bogus(0x072F, 0x2200, 0x0206),  // ACS ACR122U
        bogus(0x08C3, 0x0402, 0x5000),  // Precise Biometrics 200 MC
        bogus(0x08C3, 0x0401, 0x5000),  // Precise Biometrics 250 MC
        bogus(0x0B0C, 0x0050, 0x0101),  // Todos Argos Mini II
        bogus(0x0DC3, 0x0900, 0x0200),  // Athena IDProtect Key v2
        bogus(0x03F0, 0x0036, 0x0124),  // HP CCID smart card keyboard
        bogus(0x062D, 0x0001, 0x0102),  // THRC reader
        bogus(0x04E6, 0x5291, 0x0112),  // SCM SCL010
    ]

    private static func bogus(
        _ vendor: UInt16, _ product: UInt16, _ release: UInt16
    ) -> CCIDQuirkRow {
        CCIDQuirkRow(
            .bogusFirmware(below: release), "firmware with known faults",
            [.before(release, vendor, product)])
    }
}
