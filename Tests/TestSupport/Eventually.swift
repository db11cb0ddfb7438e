/// The condition that a test waited for did not come true in time.
public struct NeverHappened: Error, CustomStringConvertible {
    /// What was waited for.
    public let what: String
    /// For how long.
    public let limit: Duration
    /// The sentence.
    public var description: String { "not within \(limit): \(what)" }
}

/// Waits until a condition holds, asking every 10 ms, instead of sleeping for a guessed time.
///
/// - Parameters:
///   - what: what is waited for, as the failure should say it.
///   - limit: after this long the test fails; generous, since it only matters for broken code.
///   - condition: the question.
/// - Throws: ``NeverHappened``, or what the condition throws.
public func eventually(
    _ what: String,
    within limit: Duration = .seconds(20),
    _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: limit)
    while try await !condition() {
        guard clock.now < end else { throw NeverHappened(what: what, limit: limit) }
        try await Task.sleep(for: .milliseconds(10))
    }
}
