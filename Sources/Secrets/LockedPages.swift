// The one file of this module that names C: pages that are locked into memory, left out of
// core dumps, not inherited by a child, and zeroed before they are given back.
import Glibc
import Synchronization

/// Why memory for a secret could not be had. Carries no bytes.
package struct SecretError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        /// The kernel gave no pages, or would not lock them (RLIMIT_MEMLOCK); the errno.
        case noLockedMemory(Int32)
        /// More bytes than the buffer was made for.
        case tooLong(limit: Int)
    }

    package let code: Code

    package var description: String {
        switch code {
        case .noLockedMemory(let errno):
            "no locked memory for a secret (errno \(errno)); raise the limit on locked memory"
        case .tooLong(let limit):
            "a secret is longer than \(limit) bytes"
        }
    }
}

/// Whole pages of locked memory with one owner.
struct LockedPages: ~Copyable {
    let base: UnsafeMutableRawPointer
    let length: Int

    init(atLeast bytes: Int) throws(SecretError) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let length = (max(bytes, 1) + page - 1) / page * page
        if length == page, let base = SparePages.take() {
            self.base = base
            self.length = length
            return
        }
        guard let base = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            base != MAP_FAILED
        else { throw SecretError(code: .noLockedMemory(errno)) }
        guard mlock(base, length) == 0 else {
            let reason = errno
            munmap(base, length)
            throw SecretError(code: .noLockedMemory(reason))
        }
        // Best effort on top of wiping, never instead of it.
        _ = madvise(base, length, MADV_DONTDUMP)
        _ = madvise(base, length, MADV_WIPEONFORK)
        self.base = base
        self.length = length
    }

    func wipe(_ count: Int) { explicit_bzero(base, min(count, length)) }

    deinit {
        explicit_bzero(base, length)
        SparePages.giveBack(base, length)
    }
}

/// A few single pages that were given back, zeroed and still locked: a restore wants half a dozen
/// one after the other, and each would cost five system calls and a fault. No process of the
/// station forks but to start another program, so they are nobody else's.
private enum SparePages {
    private static let most = 8
    /// By their addresses.
    private static let pages = Mutex<[UInt]>([])

    static func take() -> UnsafeMutableRawPointer? {
        pages.withLock { $0.popLast() }.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
    }

    static func giveBack(_ base: UnsafeMutableRawPointer, _ length: Int) {
        let isKept = pages.withLock { pages in
            guard length == Int(sysconf(Int32(_SC_PAGESIZE))), pages.count < most else {
                return false
            }
            pages.append(UInt(bitPattern: base))
            return true
        }
        if !isKept { munmap(base, length) }
    }
}

func wipeMemory(_ base: UnsafeMutableRawPointer, _ count: Int) { explicit_bzero(base, count) }
