/// `vn.tokenstation.Journal`: the record, as it stands on the disk.
package enum JournalInterface {
    package static let name = "vn.tokenstation.Journal"
    package static let description = #"""
        # The record: chained lines of JSON, each holding the SHA-256 of the line before it.
        interface vn.tokenstation.Journal

        # Lines from sequence number from (1 is the first; negative counts from the end), at most
        # count (100; 1000 at most), byte for byte without their line feeds. next is the number to
        # go on with, null at the end. With "more": replies until the end.
        method Show(from: ?int, count: ?int) -> (lines: []string, next: ?int)

        # The last line's number, its hash, and whether the journal takes new lines.
        method Head() -> (seq: int, hash: string, writable: bool, problem: ?string)

        # Reads the whole file and checks every link of the chain. first_bad is the number of the
        # first line that does not fit, and reason says why.
        method Verify() -> (
          good: bool,
          lines: int,
          hash: string,
          torn_bytes: int,
          first_bad: ?int,
          reason: ?string
        )
        """#
}
