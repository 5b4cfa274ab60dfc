import JSON

/// The keys that an office's file may have: the one list that the parser, its messages and the
/// manual go by.
package enum OfficeKey {
    static let keys = FileKeys(all)

    private static let line = "1 to 200 characters on one line"
    private static let kinds = DocumentKind.allCases.map(\.rawValue).joined(separator: ", ")

    package static let all: [FileKey] = [
        FileKey("office", "1", absent: nil, "the form of the file"),
        FileKey("name", line, absent: nil, "the office's name, as in running text"),
        FileKey(
            "superior", line, absent: nil, "the body above it, which stands over it in the head"),
        FileKey(
            "symbol", "1 to 20 letters, digits, hyphens and dots", absent: nil,
            "the office in the numbers of its papers, as SKHCN in 15/TB-SKHCN"),
        FileKey("place", "1 to 60 characters on one line", absent: nil, "stands before the day"),
        FileKey("identifier", line, absent: "none", "the office's mã định danh"),
        FileKey("address", line, absent: "none", "where the office is"),
        FileKey("phone", line, absent: "none", "the office's telephone"),
        FileKey("email", line, absent: "none", "the office's address for mail"),
        FileKey("provider", "an object", absent: nil, "the provider of the certification service"),
        FileKey("provider.name", line, absent: nil, "its name"),
        FileKey("provider.superior", line, absent: "none", "the body above it"),
        FileKey("provider.address", line, absent: "none", "where it is"),
        FileKey("provider.identifier", line, absent: "none", "its mã định danh"),
        FileKey("signer", "an object", absent: nil, "who signs the office's papers"),
        FileKey(
            "signer.capacity", line, absent: "none",
            "for whom, as KT. GIÁM ĐỐC, above the position"),
        FileKey("signer.position", line, absent: nil, "the position, as Giám đốc"),
        FileKey("signer.name", line, absent: "written by hand", "the name"),
        FileKey(
            "bases", "a list of up to 20 objects", absent: "none", "the legal bases of papers"),
        FileKey(
            "bases[].text", "1 to 400 characters on one line", absent: nil,
            "the basis, as it stands behind \"Căn cứ\""),
        FileKey(
            "bases[].state", "in-force or draft", absent: nil,
            "only what is in force is cited; a draft is kept here until it is"),
        FileKey(
            "bases[].papers", "a list of \(kinds)", absent: "every paper that cites bases",
            "the papers that cite it"),
        FileKey(
            "bases[].remark", "1 to 400 characters on one line", absent: "none",
            "for people who read the file"),
        FileKey(
            "copies", "a list of up to 10 texts", absent: "none",
            "who gets a copy of each paper, under Nơi nhận"),
    ]
}
