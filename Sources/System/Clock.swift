/// A point on CLOCK_MONOTONIC, in nanoseconds. The only clock that procedures know.
package struct Instant: Comparable, Hashable, Sendable {
    package let nanoseconds: Int64
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    package static var now: Instant { Instant(nanoseconds: Kernel.monotonicNanoseconds()) }

    package static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }
    package static func + (a: Instant, b: Duration) -> Instant {
        let (sum, overflow) = a.nanoseconds.addingReportingOverflow(b.wholeNanoseconds)
        guard overflow else { return Instant(nanoseconds: sum) }
        return Instant(nanoseconds: b < .zero ? .min : .max)
    }
    package static func - (a: Instant, b: Instant) -> Duration {
        .nanoseconds(a.nanoseconds) - .nanoseconds(b.nanoseconds)
    }
}

extension Duration {
    /// In nanoseconds; what does not fit 64 bits is cut to the largest that does.
    package var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, tooFar) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
        return tooFar ? (seconds < 0 ? .min : .max) : sum
    }

    /// In milliseconds, rounded up so that a wait never ends before its time.
    package var wholeMilliseconds: Int32 {
        let nanoseconds = wholeNanoseconds
        let rounded = nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 > 0 ? 1 : 0)
        return Int32(clamping: rounded)
    }

    /// In milliseconds with their fraction.
    package var inMilliseconds: Double { Double(wholeNanoseconds) / 1_000_000 }
}

/// The time of day, and how far it can be trusted.
package enum WallClock {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    package static var nanoseconds: Int64 { Kernel.realTimeNanoseconds() }
    /// Seconds since 1970-01-01T00:00:00Z.
    package static var seconds: Int64 { nanoseconds / 1_000_000_000 }

    /// Whether the kernel holds the clock for synchronised; false also where it will not say.
    package static var isSynchronised: Bool { Kernel.clockIsSynchronised() == 1 }

    /// This boot's id, as the kernel names it; empty where it does not.
    package static func bootID() -> String {
        guard let bytes = try? File.contents(of: "/proc/sys/kernel/random/boot_id", limit: 64) else {
            return ""
        }
        return String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
    }
}
