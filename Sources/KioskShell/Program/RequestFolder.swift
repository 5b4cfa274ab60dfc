import JSON
import Requests
import System

/// A file that may hold requests.
struct RequestFile: Equatable, Sendable {
    var path: String
    /// In bytes.
    var size: Int64

    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Where it lies.
    var folder: String { String(path.dropLast(name.count)) }
}

/// What lies in the folders that were configured.
struct RequestFileList: Equatable, Sendable {
    var files: [RequestFile] = []
    /// Folders that cannot be looked into, and why.
    var unreadable: [String] = []
}

/// What a file says.
enum RequestFileContent: Equatable, Sendable {
    case requests([RequestImport.Read])
    /// Nobody reads a file with mistakes.
    case mistakes([RequestImport.Mistake])
    /// The system gave none of it.
    case unreadable(String)
}

/// The folders that the document system's files come to: one of the box, or one that a stick is
/// mounted in. They are read as the shell's own user, and nothing in them is ever written.
struct RequestFolder: Sendable {
    let paths: [String]
    /// Of all folders together.
    static let most = 200

    /// Tables and JSON in the folders and one level below, in the order of their paths. Links and
    /// whatever is no plain file are passed over.
    func files() -> RequestFileList {
        var list = RequestFileList()
        for path in paths { look(into: path, below: true, &list) }
        list.files.sort { $0.path < $1.path }
        return list
    }

    private func look(into folder: String, below: Bool, _ list: inout RequestFileList) {
        let names: [String]
        do throws(SystemError) {
            names = try File.names(in: folder)
        } catch {
            return list.unreadable.append("\(folder): \(error.errno)")
        }
        for name in names.sorted() where !name.hasPrefix(".") && list.files.count < Self.most {
            let path = folder + (folder.hasSuffix("/") ? "" : "/") + name
            guard let status = try? File.status(of: path) else { continue }
            if status.isFile, Self.isNamedRight(name) {
                list.files.append(RequestFile(path: path, size: status.size))
            } else if status.isFolder, below {
                look(into: path, below: false, &list)
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
            return .unreadable(error.description)
        }
    }
}
