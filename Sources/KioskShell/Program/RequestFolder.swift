import JSON
import Requests
import System

/// A file that may hold requests.
struct RequestFile: Equatable, Sendable {
    var path: String
    /// In bytes.
    var size: Int64
    /// When it was last written, in nanoseconds since 1970.
    var modified: Int64 = 0

    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Where it lies.
    var folder: String { String(path.dropLast(name.count)) }
}

/// What lies in the folders that were configured.
struct RequestFileList: Equatable, Sendable {
    /// What was written last first.
    var files: [RequestFile] = []
    /// So many older ones are not among them.
    var leftOut = 0
    /// Folders with more in them than is looked at.
    var crowded: [String] = []
    /// Folders that cannot be looked into, and why.
    var unreadable: [String] = []
}

/// What a file says.
enum RequestFileContent: Equatable, Sendable {
    case requests([RequestImport.Read])
    /// Nobody reads a file with mistakes.
    case mistakes([RequestImport.Mistake])
    /// It has more bytes than any file of requests, and none were read.
    case tooLong
    /// The system gave none of it.
    case unreadable(String)
}

/// The folders that the document system's files come to: one of the box, or one that a stick is
/// mounted in. They are read as the shell's own user, and nothing in them is ever written.
struct RequestFolder: Sendable {
    let paths: [String]
    /// Of all folders together.
    var most = 200
    /// In one of them, and one level below: a look at it must end soon.
    var mostEntries = RequestFolder.mostEntries
    static let mostEntries = 10_000

    /// Tables and JSON in the folders and one level below, what was written last first: a file
    /// that has just come is found at the top, however many lie there. Links and whatever is no
    /// plain file are passed over.
    func files() -> RequestFileList {
        var list = RequestFileList()
        for path in paths {
            var room = mostEntries
            look(into: path, below: true, &room, &list)
            if room < 0 { list.crowded.append(path) }
        }
        list.files.sort { ($1.modified, $0.path) < ($0.modified, $1.path) }
        list.leftOut = max(list.files.count - most, 0)
        list.files.removeLast(list.leftOut)
        return list
    }

    /// - Parameter room: entries that may still be looked at; below zero once there are more.
    private func look(
        into folder: String, below: Bool, _ room: inout Int, _ list: inout RequestFileList
    ) {
        let names: [String]
        do throws(SystemError) {
            names = try File.names(in: folder, most: max(room + 1, 0))
        } catch {
            return list.unreadable.append("\(folder): \(error.errno)")
        }
        let seen = names.prefix(max(room, 0))
        room -= names.count
        for name in seen where !name.hasPrefix(".") {
            let path = folder + (folder.hasSuffix("/") ? "" : "/") + name
            guard let status = try? File.status(of: path) else { continue }
            if status.isFile, Self.isNamedRight(name) {
                list.files.append(
                    RequestFile(path: path, size: status.size, modified: status.modified))
            } else if status.isFolder, below {
                look(into: path, below: false, &room, &list)
            }
        }
    }

    private static func isNamedRight(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.hasSuffix(".csv") || name.hasSuffix(".json")
    }

    /// Reads one of them; it may be another by now.
    func content(of file: RequestFile) -> RequestFileContent {
        do throws(SystemError) {
            guard try File.status(of: file.path).isFile else {
                return .unreadable("\(file.path): no plain file")
            }
            let bytes = try File.contents(of: file.path, limit: RequestImport.longestFile)
            let read = RequestImport.content(bytes, file: file.name)
            return read.requests.map { .requests($0) } ?? .mistakes(read.mistakes)
        } catch {
            return error.errno == .tooLong ? .tooLong : .unreadable(error.description)
        }
    }
}
