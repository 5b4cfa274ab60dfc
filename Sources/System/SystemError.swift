/// An errno, as the kernel gave it.
package struct Errno: RawRepresentable, Equatable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: Int32
    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static let again = Errno(rawValue: Kernel.again)
    package static let interrupted = Errno(rawValue: Kernel.interrupted)
    package static let noEntry = Errno(rawValue: Kernel.noEntry)
    package static let noDevice = Errno(rawValue: Kernel.noDevice)
    package static let exists = Errno(rawValue: Kernel.exists)
    package static let noSpace = Errno(rawValue: Kernel.noSpace)
    package static let quotaExceeded = Errno(rawValue: Kernel.quotaExceeded)
    package static let readOnly = Errno(rawValue: Kernel.readOnly)
    package static let accessDenied = Errno(rawValue: Kernel.accessDenied)
    package static let notPermitted = Errno(rawValue: Kernel.notPermitted)
    package static let isFolder = Errno(rawValue: Kernel.isFolder)
    package static let notAFolder = Errno(rawValue: Kernel.notAFolder)
    package static let isLink = Errno(rawValue: Kernel.isLink)
    package static let noSuchAddress = Errno(rawValue: Kernel.noSuchAddress)
    package static let tooLong = Errno(rawValue: Kernel.fileTooBig)
    package static let notSupported = Errno(rawValue: Kernel.notSupported)
    package static let connectionRefused = Errno(rawValue: Kernel.connectionRefused)
    package static let connectionReset = Errno(rawValue: Kernel.connectionReset)
    package static let brokenPipe = Errno(rawValue: Kernel.brokenPipe)
    package static let tooManyFiles = Errno(rawValue: Kernel.tooManyFiles)
    package static let tooManyFilesInSystem = Errno(rawValue: Kernel.tooManyFilesInSystem)
    package static let noMemory = Errno(rawValue: Kernel.noMemory)
    package static let invalid = Errno(rawValue: Kernel.invalid)
    package static let inputOutput = Errno(rawValue: Kernel.inputOutput)
    package static let inProgress = Errno(rawValue: Kernel.inProgress)
    package static let addressInUse = Errno(rawValue: Kernel.addressInUse)
    package static let noSuchProcess = Errno(rawValue: Kernel.noSuchProcess)
    package static let timedOut = Errno(rawValue: Kernel.timedOut)

    /// The C library's words for it, in lower case.
    package var description: String {
        let words = Kernel.words(for: rawValue)
        return words.prefix(1).lowercased() + words.dropFirst()
    }
}

/// A system call that failed: which, on what, and why.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    package let call: SystemCall
    package let errno: Errno
    /// What it was done to, mostly a path; empty where there is nothing to name.
    package let context: String
    /// What says more than the errno, with what to do; nil where nothing does.
    package let finding: String?

    package init(
        _ call: SystemCall, _ errno: Errno, _ context: String = "", finding: String? = nil
    ) {
        self.call = call
        self.errno = errno
        self.context = context
        self.finding = finding
    }

    /// Why, without the call and what it was done to.
    package var reason: String { finding ?? errno.description }

    package var description: String {
        context.isEmpty ? "\(call): \(reason)" : "\(call) \(context): \(reason)"
    }
}
