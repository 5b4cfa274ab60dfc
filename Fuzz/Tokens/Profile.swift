// A profile of any content: reading ends, in a profile or in mistakes that have a place; what is
// right narrows a rule and never widens it, and put beside the same file under another name it
// is told to tie.
// sources: Sources/CLinux Sources/Secrets Sources/APDU Sources/JSON Sources/Crypto Sources/Tokens
// seed: 7b2270726f66696c65223a312c226e616d65223a2261222c227469746c65223a2241222c2266616d696c79223a22706976222c227374616e64696e67223a7b227374617465223a227075626c6973686564222c22726561736f6e223a2272227d2c2270696e223a7b226d696e223a372c2263686172616374657273223a22646967697473227d2c22756e626c6f636b223a5b7b22666f726d223a2270756b222c226d6178223a387d5d7d
// seed: 7b2270726f66696c65223a312c226e616d65223a2261222c227469746c65223a2241222c2266616d696c79223a226e6f6e65222c226d61746368223a7b22617472223a5b2233422a225d7d2c227374616e64696e67223a7b227374617465223a2272656675736564222c22726561736f6e223a2272222c226e657874223a226e227d7d
// seed: 7b226d61746368223a7b2276657273696f6e223a7b2266726f6d223a22352e31222c2262656c6f77223a2235227d2c226c6162656c223a22782a227d2c227369676e6174757265223a5b7b226b6579223a22702d323536222c226d696e5f7573223a332c226d61785f7573223a322c227370726561645f7573223a317d5d7d
import Tokens

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    let read = TokenProfile.parse(bytes, file: "f")
    precondition((read.profile == nil) != read.mistakes.isEmpty, "neither right nor wrong")
    for mistake in read.mistakes {
        precondition(mistake.line > 0 && mistake.column > 0 && !mistake.wrong.isEmpty)
        precondition(mistake.line <= count + 1 && mistake.column <= count + 1, "beyond the file")
    }
    guard let profile = read.profile?.profile else { return 0 }
    let rule = CodeRule(6...8, .printable)
    if let narrowed = profile.pin.narrowing(rule) {
        precondition(narrowed.minimum >= 6 && narrowed.maximum <= 8, "a wider rule")
        precondition(narrowed.characters != .any, "more characters")
    }
    let twice = TokenProfiles.load([("f", bytes), ("g", bytes)])
    precondition(twice.profiles == nil && twice.mistakes.count == 2, "a tie nobody saw")
    let once = TokenProfiles.load([("f", bytes)])
    precondition(once.profiles?.all == [profile], "read otherwise")
    return 0
}
