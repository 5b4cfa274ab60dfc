// A page of any content: reading ends, in blocks without a control character or in an error that
// has a place.
// sources: Sources/KioskShell/Preview
// seed: 3c21646f63747970652068746d6c3e3c68746d6c3e3c686561643e3c7469746c653e543c2f7469746c653e3c7374796c653e703e617b7d3c2f7374796c653e3c2f686561643e3c626f64793e3c68313e4826616d703b3c2f68313e3c7461626c653e3c74723e3c7468207374796c653d2261223e613c62723e623c2f74683e3c74643e3c7461626c653e3c74723e3c74643e633c2f74643e3c2f74723e3c2f7461626c653e3c2f74643e3c2f74723e3c2f7461626c653e3c212d2d2063202d2d3e3c703e26233230323b262378323032453b3c737667206120213e3c726563742f3e3c2f7376673e3c2f703e3c756c3e3c6c693e783c2f6c693e3c2f756c3e3c2f626f64793e3c2f68746d6c3e
import Preview

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = [0x41] + Array(UnsafeRawBufferPointer(start: start, count: count))
    do throws(PaperError) {
        let page = try PaperPage(bytes[1...])
        precondition(page.blocks.count <= PaperPage.mostBlocks, "more than it may have")
        var size = 0
        for block in page.blocks {
            switch block {
            case .gap: break
            case .heading(let text), .text(let text): size += check(text)
            case .row(let cells):
                precondition(cells.count <= PaperPage.mostCells, "too many cells")
                for line in cells.joined() { size += check(line) }
            }
        }
        precondition(size <= count * 3, "more text than there was")
    } catch {
        precondition((0...count).contains(error.offset) && !error.reason.isEmpty, "no place")
    }
    return 0
}

private func check(_ text: String) -> Int {
    precondition(!text.isEmpty && text.unicodeScalars.first != " ", "blank")
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x61C, 0x200B...0x200F, 0x202A...0x202E:
            preconditionFailure("control")
        default: break
        }
    }
    return text.utf8.count
}
