/// How long to wait between attempts to connect: a quarter of a second, doubled up to fifteen, give or take a fifth.
struct BackOff {
    private(set) var failures = 0

    mutating func succeeded() {
        failures = 0
    }

    /// The pause after one more failure.
    /// - Parameter jitter: from −1 to 1.
    mutating func failed(jitter: Double = .random(in: -1...1)) -> Duration {
        failures += 1
        let base = min(0.25 * Double(1 << min(failures - 1, 10)), 15)
        return .seconds(base * (1 + 0.2 * jitter))
    }
}
