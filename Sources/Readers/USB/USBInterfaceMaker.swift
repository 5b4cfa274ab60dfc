/// Claims one interface by libusb, and listens to its interrupt pipe where it has one.
struct USBInterfaceMaker: BulkPortMaker {
    let place: USBDevice.Place
    let interface: UInt8
    let out, incoming: USBDevice.Endpoint
    let interrupt: USBDevice.Endpoint?
    let slots: Int

    func claim() throws(CCIDFault) -> any BulkPort {
        do throws(USBError) {
            let port = try USBInterface(
                place, interface: interface, out: out.address, incoming: incoming.address)
            if let interrupt {
                // A reader whose pipe cannot be listened to is asked instead.
                let size = max(interrupt.maximumPacket, 1 + (slots + 3) / 4)
                try? port.listen(on: interrupt.address, messageSize: size)
            }
            return port
        } catch {
            switch error.code {
            case .noDevice, .notFound: throw .gone
            case .busy: throw .held(USBHolders.now(place))
            default: throw .usb(error)
            }
        }
    }
}
