import JSON

/// The keys of the alias table: the one list that its parser, its messages and its manual go by.
package enum BodyKey {
    static let keys = FileKeys(all)

    private static let nameRule = "2 to 120 characters, two words at least, without a comma"
    private static let placeMeaning =
        "the province or city that all of it lies in: behind a name it says nothing, and may be "
        + "left out or written"

    package static let all: [FileKey] = [
        FileKey("bodies", "1", absent: nil, "the form of the file"),
        FileKey("place", "2 to 120 characters", absent: "none", placeMeaning),
        FileKey(
            "changes", "a list of up to 5000 objects", absent: "none",
            "names that were given up, one line a name"),
        FileKey(
            "changes[].old", nameRule, absent: nil,
            "the old name. A ward's holds for all that bear it: its Ủy ban nhân dân, its police"),
        FileKey(
            "changes[].district", "2 to 120 characters",
            absent: "the old name stood in one place only",
            "where it lay (quận Đông), which tells wards of one name apart"),
        FileKey(
            "changes[].new", nameRule, absent: nil,
            "the name of today. A name that went to several has a line for each"),
        FileKey(
            "changes[].from", "a date, YYYY-MM-DD", absent: nil,
            "the first day of the new name"),
        FileKey(
            "spellings", "a list of up to 1000 objects", absent: "none",
            "names that are also written otherwise, as short forms"),
        FileKey(
            "spellings[].name", "2 to 120 characters", absent: nil,
            "the full name of today"),
        FileKey(
            "spellings[].also", "a list of 1 to 16 texts of 2 to 120 characters", absent: nil,
            "how it is written besides"),
    ]
}
