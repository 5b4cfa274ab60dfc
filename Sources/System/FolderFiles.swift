extension File {
    /// The files of a folder whose names end in `suffix`, by path and in the order of their
    /// names, each of at most `limit` bytes.
    /// - Parameter most: files that are read; further ones are left out.
    package static func contents(
        in folder: String, endingIn suffix: String, most: Int, limit: Int
    ) throws(SystemError) -> [(name: String, bytes: [UInt8])] {
        var files: [(name: String, bytes: [UInt8])] = []
        for name in try names(in: folder).filter({ $0.hasSuffix(suffix) }).sorted().prefix(most) {
            let path = folder + (folder.hasSuffix("/") ? "" : "/") + name
            files.append((path, try contents(of: path, limit: limit)))
        }
        return files
    }
}
