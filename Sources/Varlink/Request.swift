import JSON

/// A call as it came over the wire. Its parameters stay where they are.
struct Request {
    var interface: String
    var method: String
    /// Where the parameters stand in the message; nil where there are none.
    var parameters: Range<Int>?
    var wantsMore = false
    var isOneway = false
    var wantsUpgrade = false

    var fullMethod: String { interface.isEmpty ? method : interface + "." + method }

    static let longestMethod = 512

    /// Checks the whole message, parameters included, and copies nothing but the name.
    init(parsing message: UnsafeRawBufferPointer, limits: JSONLimits) throws(JSONError) {
        var reader = JSONReader(message, limits: limits)
        var name: String?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "method": name = try reader.string(maxLength: Request.longestMethod)
            case "parameters":
                if try reader.nullIfNext() { continue }
                guard try reader.peek() == .object else {
                    throw reader.invalid("parameters must be an object")
                }
                parameters = try reader.skip()
            case "more": wantsMore = try reader.boolean()
            case "oneway": isOneway = try reader.boolean()
            case "upgrade": wantsUpgrade = try reader.boolean()
            default: throw reader.unknownKey(key)
            }
        }
        try reader.finish()
        guard let name else { throw reader.missingKey("method") }
        if wantsMore && isOneway { throw reader.invalid("more and oneway exclude each other") }
        if let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) {
            interface = String(name[..<dot])
            method = String(name[name.utf8.index(after: dot)...])
        } else {
            interface = ""
            method = name
        }
    }
}
