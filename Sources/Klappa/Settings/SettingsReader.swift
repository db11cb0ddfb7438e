import Postgres

/// Reads settings one by one and collects what does not fit.
struct SettingsReader {
    private let environment: [String: String]
    private var problems: [SettingsError.Problem] = []

    init(_ environment: [String: String]) {
        self.environment = environment
        let known = Set(SettingKey.all(in: environment).map(\.name))
        for name in environment.keys.sorted() where !known.contains(name) {
            if name.hasPrefix("KLAPPA_") || name.hasPrefix("DATABASE_") {
                problems.append(.init(key: name, message: "is no setting of klappa."))
            }
        }
    }

    /// Adds a problem.
    mutating func refuse(_ key: SettingKey, _ message: String) {
        problems.append(.init(key: key.name, message: message))
    }

    /// The value; nil when absent or empty.
    func text(_ name: String) -> String? {
        guard let value = environment[name], !value.isEmpty else { return nil }
        return value
    }

    /// A conninfo or URI that libpq understands.
    mutating func conninfo(_ key: SettingKey) -> String? {
        guard let value = text(key.name) else { return nil }
        do throws(PostgresError) {
            _ = try PostgresConfiguration(value)
            return value
        } catch {
            refuse(key, "is neither a conninfo nor a URI of PostgreSQL (\(error.message)).")
            return nil
        }
    }

    /// One of some words.
    mutating func choice(_ key: SettingKey, of words: [String]) -> String? {
        guard let value = text(key.name) else { return nil }
        if words.contains(value) { return value }
        refuse(key, "must be one of \(words.joined(separator: ", ")), not \(value).")
        return nil
    }

    /// A port, 0 to 65535.
    mutating func port(_ key: SettingKey) -> Int? {
        guard let value = text(key.name) else { return nil }
        if let port = Int(value), (0...65_535).contains(port) { return port }
        refuse(key, "must be a number from 0 to 65535, not \(value).")
        return nil
    }

    /// Scheme and host of a site, without a path; a slash at the end is dropped.
    mutating func origin(_ key: SettingKey) -> String? {
        guard var value = text(key.name) else { return nil }
        if value.hasSuffix("/") { value.removeLast() }
        let parts = value.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 3, ["http:", "https:"].contains(parts[0]), parts[1].isEmpty, !parts[2].isEmpty {
            return value
        }
        refuse(key, "must be like https://klappa.example, without a path, not \(value).")
        return nil
    }

    /// The address of map tiles with its three places to fill in.
    mutating func tiles(_ key: SettingKey) -> String? {
        guard let value = text(key.name) else { return nil }
        let isAddress = value.hasPrefix("https://") || value.hasPrefix("http://")
        if isAddress, ["{z}", "{x}", "{y}"].allSatisfy(value.contains), !value.contains(" ") { return value }
        refuse(key, "must be like https://tiles.example/{z}/{x}/{y}.png, not \(value).")
        return nil
    }

    /// Names, by commas, in lower case.
    func names(_ key: SettingKey) -> Set<String> {
        let names = (text(key.name) ?? "").split(separator: ",").map { part in
            part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
        }
        return Set(names.map { String($0).lowercased() }.filter { !$0.isEmpty })
    }

    /// Throws if there was any problem.
    func finish() throws(SettingsError) {
        if !problems.isEmpty { throw SettingsError(problems: problems) }
    }
}
