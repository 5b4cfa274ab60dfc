// What test_terminal_text.py judges: compiled with the kiosk's own files, it prints the columns
// of every character ("width"), or the words that keys make ("telex KEYS", "vni KEYS" a line).
@main struct TextProbe {
    static func main() {
        if CommandLine.arguments.dropFirst().first == "width" { return printWidths() }
        while let line = readLine() {
            let parts = line.split(separator: " ")
            guard parts.count == 2, let method = InputMethod(rawValue: String(parts[0])) else {
                return
            }
            var field = TextField()
            for key in parts[1].unicodeScalars { _ = field.edit(.character(key), method) }
            print(field.text)
        }
    }

    /// First and last character of each run of one width; "-" where none is written at all.
    private static func printWidths() {
        var start: UInt32 = 0
        var width: Int? = -1
        for value in UInt32(0)...0x11_0000 {
            let scalar = Unicode.Scalar(value)
            // Surrogates are no characters: they count with what stands before them.
            guard scalar != nil || value == 0x11_0000 else { continue }
            let next = scalar.map { CharacterWidth.of($0) } ?? -1
            if next != width || scalar == nil {
                if value > 0 { print(start, value - 1, width.map(String.init) ?? "-") }
                (start, width) = (value, next)
            }
        }
    }
}
