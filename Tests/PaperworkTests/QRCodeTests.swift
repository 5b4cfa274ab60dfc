import Testing

@testable import Paperwork

/// What is taken for a QR code, and what comes of it.
struct QRCodeTests {
    static func svg(_ inner: String, box: String = "0 0 29 29", shift: String = "4,4") -> String {
        "<?xml version=\"1.0\"?>\n<!-- a -->\n<svg width=\"3cm\" viewBox=\"\(box)\">\n"
            + "<g id=\"QRcode\"><rect x=\"0\" y=\"0\" width=\"29\" height=\"29\" fill=\"#ffffff\"/>"
            + "<g id=\"Pattern\" transform=\"translate(\(shift))\">\(inner)</g></g></svg>\n"
    }

    static func dark(_ x: Int, _ y: Int) -> String {
        "<rect x=\"\(x)\" y=\"\(y)\" width=\"1\" height=\"1\" fill=\"#000000\"/>"
    }

    @Test func modulesBecomeOnePath() throws {
        let file = Self.svg(Self.dark(0, 0) + Self.dark(1, 0) + Self.dark(3, 0) + Self.dark(0, 2))
        let code = try #require(QRCode(svg: Array(file.utf8)))
        #expect(code.size == 29)
        #expect(code.markup.contains("d=\"M4 4h2v1h-2zM7 4h1v1h-1zM4 6h1v1h-1z\""))
    }

    static let others: [String] = [
        "", "<svg>", svg(""), svg(dark(25, 0)), svg(dark(0, 0), box: "0 0 29 30"),
        svg(dark(0, 0), box: "0 0 999 999"), svg(dark(0, 0), shift: "-4,-4"),
        svg(dark(0, 0) + "<script>a</script>"), svg(dark(0, 0) + "<image href=\"x\"/>"),
        svg(dark(0, 0) + "text"), svg(dark(0, 0)) + "<p>", String(svg(dark(0, 0)).dropLast(8)),
        svg(dark(0, 0) + "<rect x=\"0\" y=\"0\" width=\"2\" height=\"2\" fill=\"#000000\"/>"),
        svg(dark(99999, 0)), svg("<g>" + dark(0, 0)), "<!-- a" + svg(dark(0, 0)).dropFirst(34),
        svg(dark(0, 0)) + svg(dark(0, 0)),
    ]

    @Test(arguments: others.indices) func anythingElseIsRefused(_ index: Int) {
        #expect(QRCode(svg: Array(Self.others[index].utf8))?.size == nil, "\(Self.others[index])")
    }
}
