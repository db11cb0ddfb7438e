/// What is wrong with the configuration: every setting that does not fit, by name, at once. Values of secrets are never
/// in it.
struct SettingsError: Error, Equatable, CustomStringConvertible {
    /// One setting and what is wrong with it.
    struct Problem: Equatable {
        let key: String
        let message: String
    }

    let problems: [Problem]

    var description: String {
        "The configuration does not fit. "
            + problems.map { "\($0.key): \($0.message)" }.joined(separator: " ")
    }
}
