/// inotify on one folder: its descriptor is readable once an entry came, went or changed its
/// permissions, or the folder itself is gone.
package struct FolderWatch: ~Copyable, Sendable {
    package let descriptor: FileDescriptor

    /// - Throws: `ENOENT` as an errno where there is no such folder.
    package init(_ folder: String) throws(SystemError) {
        let watch = FileDescriptor(
            owning: try SystemCall.inotify_init.attempt(folder) { Kernel.makeFolderWatch() })
        _ = try SystemCall.inotify_add_watch.attempt(folder) {
            Kernel.watchFolder(folder, with: watch.number)
        }
        descriptor = watch
    }

    /// Takes note of everything that happened so far.
    package func drain() {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { room in
            while Kernel.read(descriptor.number, room) > 0 {}
        }
    }
}
