/// What people call a reader, and where that comes from.
enum USBNames {
    /// The string descriptors as the kernel read them when the device was plugged in.
    static func strings(
        of device: USBDevice
    ) -> (manufacturer: String?, product: String?, serial: String?) {
        let folder = "/sys/bus/usb/devices/" + device.port + "/"
        return (
            text(folder + "manufacturer"), text(folder + "product"), text(folder + "serial")
        )
    }

    /// "Maker Product [1-2.1]", with the interface where the device has several: by its place,
    /// since two readers of a model may have the same number, or none.
    static func name(of device: USBDevice, interface: USBDevice.Interface?) -> String {
        let strings = strings(of: device)
        var words = [strings.manufacturer, strings.product].compactMap { $0 }
        // Many makers say their name in the product's too.
        if let maker = strings.manufacturer, let product = strings.product,
            product.lowercased().hasPrefix(maker.lowercased())
        {
            words = [product]
        }
        if words.isEmpty { words = ["USB reader"] }
        let place = interface.map { "\(device.port):\($0.number)" } ?? device.port
        return words.joined(separator: " ") + " [" + place + "]"
    }

    /// A string of the device's: printable ASCII, and not longer than a line takes.
    private static func text(_ path: String) -> String? {
        guard let value = SysfsText.value(path) else { return nil }
        let printable = value.unicodeScalars.filter { (0x20...0x7E).contains($0.value) }.prefix(64)
        let text = String(String.UnicodeScalarView(printable))
        return text.isEmpty ? nil : text
    }
}
