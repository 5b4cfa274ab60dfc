/// One command's data cut into the commands of a chain (ISO 7816-4, 5.1.1.1).
///
/// Holds ranges, no bytes. All commands but the last have the chaining bit and no Le. The
/// card answers each of those with 9000; anything else ends the chain.
package struct CommandChain: Equatable, Sendable {
    /// One command of the chain.
    package struct Segment: Equatable, Sendable {
        package let header: CommandHeader
        /// Which bytes of the whole data it carries.
        package let range: Range<Int>
        package let expecting: ExpectedLength
        package let isLast: Bool
    }

    private let header: CommandHeader
    private let dataCount: Int
    private let segmentSize: Int
    private let expecting: ExpectedLength

    /// - Parameter segmentSize: data bytes in each command but the last, 1 to 65535.
    /// - Throws: `.classCannotChain` where there is more than one segment and the class has
    ///   the chaining bit already.
    package init(
        _ header: CommandHeader, dataCount: Int, expecting: ExpectedLength, segmentSize: Int = 255
    ) throws(APDUError) {
        self.header = header
        self.dataCount = max(dataCount, 0)
        self.segmentSize = min(max(segmentSize, 1), 65535)
        self.expecting = expecting
        guard count == 1 || !header.isChained else { throw APDUError(.classCannotChain, at: 0) }
    }

    /// How many commands there are; at least one, for a command without data.
    package var count: Int {
        dataCount == 0 ? 1 : (dataCount - 1) / segmentSize + 1
    }

    /// Command `index` of the chain, from 0; nil behind the last one.
    package func segment(_ index: Int) -> Segment? {
        guard index >= 0, index < count else { return nil }
        let isLast = index == count - 1
        let start = index * segmentSize
        var header = header
        if !isLast { header.cla |= CommandHeader.chainingBit }
        return Segment(
            header: header, range: start..<(isLast ? dataCount : start + segmentSize),
            expecting: isLast ? expecting : .none, isLast: isLast)
    }
}
