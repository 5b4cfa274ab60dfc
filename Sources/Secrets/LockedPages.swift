// The one file of this module that names C: pages that are locked into memory, left out of
// core dumps, not inherited by a child, and zeroed before they go back to the kernel.
import Glibc

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
        munmap(base, length)
    }
}

func wipeMemory(_ base: UnsafeMutableRawPointer, _ count: Int) { explicit_bzero(base, count) }
