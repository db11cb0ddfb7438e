/// The two lanes of a client's shared side. Each has connections of its own, so that a read by key never waits behind
/// a search.
public enum Lane: Sendable {
    /// For statements of a few milliseconds.
    case short
    /// For searches.
    case search
}
