import System

/// Waits for pcscd to come: asleep until something happens where its socket should be, and
/// then asking a few times, since the file is there a moment before anybody listens.
struct ServiceWait {
    /// Where the folder cannot be watched, and only then, it is asked this often.
    private static let blindly: Duration = .seconds(2)
    private static let afterChange: [Duration] = [
        .milliseconds(5), .milliseconds(20), .milliseconds(50), .milliseconds(100),
        .milliseconds(200), .milliseconds(400), .milliseconds(800), .milliseconds(1600),
    ]

    private let socketPath: String
    private let bell: Doorbell
    private var watch: FolderWatchBox?
    private var triesLeft: ArraySlice<Duration> = ServiceWait.afterChange[...]

    init(socketPath: String, bell: Doorbell) {
        self.socketPath = socketPath
        self.bell = bell
    }

    /// Watches from now on, so that nothing between a try and the wait is missed.
    mutating func arm() {
        if watch == nil { watch = FolderWatchBox(nearestTo: socketPath) }
    }

    /// pcscd answered; when it is gone again, the count of tries begins anew.
    mutating func succeeded() {
        watch = nil
        triesLeft = Self.afterChange[...]
    }

    /// Returns when there is reason to try, or the bell rang.
    mutating func untilWorthATry() {
        guard let poller = try? Poller() else { return Thread.pause(Self.blindly) }
        try? poller.add(bell.descriptor.number, .reading, token: 0)
        while true {
            arm()
            let patience: Duration?
            if let watch {
                try? poller.add(watch.watch.descriptor.number, .reading, token: 1)
                patience = File.exists(socketPath) ? triesLeft.popFirst() : nil
            } else {
                patience = Self.blindly
            }
            let events = (try? poller.wait(timeout: patience)) ?? []
            guard events.contains(where: { $0.token == 1 }) else { return }
            // The folder may be another one than before, or nearer: watch afresh, and what
            // happens there is of interest only once there is something to connect to.
            watch = nil
            arm()
            triesLeft = Self.afterChange[...]
            if events.contains(where: { $0.token == 0 }) || File.exists(socketPath) { return }
        }
    }
}

/// A watch on the folder where a file should come, or the nearest one above that exists.
private final class FolderWatchBox {
    let watch: FolderWatch

    init?(nearestTo path: String) {
        var folder = path
        while let slash = folder.lastIndex(of: "/") {
            folder = String(folder[..<slash])
            if let watch = try? FolderWatch(folder.isEmpty ? "/" : folder) {
                self.watch = watch
                return
            }
        }
        return nil
    }
}
