internal import Glibc

/// A moment on the clock that only runs forward, in nanoseconds since the machine started.
struct Deadline: Comparable, Hashable, Sendable {
    let nanoseconds: UInt64

    static var now: Deadline {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Deadline(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    /// Later than every moment.
    static let never = Deadline(nanoseconds: .max)

    init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// So long from now. Negative durations have passed already, very long ones never pass.
    init(after duration: Duration) {
        self = Deadline.now + duration
    }

    static func + (start: Deadline, duration: Duration) -> Deadline {
        let (seconds, attoseconds) = duration.components
        if seconds < 0 || attoseconds < 0 { return start }
        let (whole, tooLong) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, tooLate) = start.nanoseconds.addingReportingOverflow(whole)
        let (end, over) = sum.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
        return tooLong || tooLate || over ? .never : Deadline(nanoseconds: end)
    }

    static func < (left: Deadline, right: Deadline) -> Bool { left.nanoseconds < right.nanoseconds }

    var hasPassed: Bool { self <= .now }

    /// How long until it passes; zero when it has.
    var remaining: Duration {
        let now = Deadline.now
        return self <= now ? .zero : .nanoseconds(Int64(clamping: nanoseconds - now.nanoseconds))
    }
}
