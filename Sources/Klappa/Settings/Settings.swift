import Logging
import Postgres
import Registry

/// What an installation is told, read once at the start and checked as a whole.
struct Settings: Sendable {
    /// Server, database and ways in; nil means a private PostgreSQL.
    var databaseURL: String?
    /// The same server without its pooler.
    var directURL: String?
    /// Whether pgbouncer in transaction mode stands between.
    var usesTransactionPooling = false
    /// User of each role, when it is not the role's name.
    var users: [DatabaseRole: String] = [:]
    /// Password of each role; never printed.
    var passwords: [DatabaseRole: String] = [:]
    /// Directory of the private PostgreSQL; nil means the usual place.
    var stateDirectory: String?
    /// Directory of PostgreSQL's programs; nil looks for them.
    var binaries: String?
    var host = "127.0.0.1"
    var port = 8080
    var adminHost = "127.0.0.1"
    /// nil has no admin listener.
    var adminPort: Int? = 9090
    /// Without a slash at its end.
    var publicURL: String?
    var hosts: Set<String> = []
    var contact: String?
    /// Directory of photographs; nil means `photos` in the state directory.
    var photos: String?
    /// Where map tiles come from; nil draws outlines.
    var tiles: String?
    var tilesAttribution: String?
    /// The command that sends mail, in words; nil looks for msmtp, empty keeps letters.
    var sendmail: [String]?
    /// Whom letters are from; nil is made from the public address.
    var mailFrom: String?
    /// Where letters lie that are not sent; nil means the state directory.
    var letters: String?
    /// Through whom staff may sign in.
    var providers: [OpenIDProvider] = []
    var logLevel = Logger.Level.info

    /// The defaults.
    init() {}

    /// Reads the environment; empty values count as absent.
    ///
    /// - Throws: ``SettingsError`` with every setting that does not fit, misspelt ones included.
    init(environment: [String: String]) throws(SettingsError) {
        var reader = SettingsReader(environment)
        databaseURL = reader.conninfo(.databaseURL)
        directURL = reader.conninfo(.directURL)
        usesTransactionPooling = reader.choice(.pooling, of: ["session", "transaction"]) == "transaction"
        for role in DatabaseRole.allCases {
            users[role] = reader.text(role.userKey)
            passwords[role] = reader.text(role.passwordKey)
        }
        stateDirectory = reader.text(SettingKey.stateDirectory.name)
        binaries = reader.text(SettingKey.binaries.name)
        host = reader.text(SettingKey.host.name) ?? host
        port = reader.port(.port) ?? port
        adminHost = reader.text(SettingKey.adminHost.name) ?? adminHost
        if reader.text(SettingKey.adminPort.name) == "off" {
            adminPort = nil
        } else {
            adminPort = reader.port(.adminPort) ?? adminPort
        }
        publicURL = reader.origin(.publicURL)
        hosts = reader.names(.hosts)
        contact = reader.text(SettingKey.contact.name)
        photos = reader.text(SettingKey.photos.name)
        tiles = reader.tiles(.tiles)
        tilesAttribution = reader.text(SettingKey.tilesAttribution.name)
        if let command = reader.text(SettingKey.sendmail.name) {
            sendmail = command == "off" ? [] : command.split(separator: " ").map(String.init)
        }
        letters = reader.text(SettingKey.letters.name)
        mailFrom = reader.text(SettingKey.mailFrom.name)
        if let mailFrom, mailFrom.wholeMatch(of: /[^@\s<>]+@[^@\s<>]+/) == nil {
            reader.refuse(.mailFrom, "must be an address such as klappa@klappa.example, not \(mailFrom).")
        }
        providers = reader.providers()
        logLevel =
            reader.choice(.logLevel, of: Logger.Level.allCases.map(\.rawValue)).flatMap {
                Logger.Level(rawValue: $0)
            }
            ?? logLevel
        if usesTransactionPooling && directURL == nil {
            reader.refuse(.directURL, "is needed with DATABASE_POOLING=transaction.")
        }
        if databaseURL != nil && stateDirectory != nil {
            reader.refuse(.stateDirectory, "cannot be set together with DATABASE_URL; choose one.")
        }
        try reader.finish()
    }

    /// The settings as `--check-config` prints them: one line each, secrets only as set or not.
    static func summary(of environment: [String: String]) -> String {
        SettingKey.all(in: environment).map { key in
            let value = environment[key.name].flatMap { $0.isEmpty ? nil : $0 }
            let shown: String
            switch value {
            case nil: shown = "(not set)"
            case .some where key.isSecret: shown = "(set)"
            case .some(let value) where key == .databaseURL || key == .directURL:
                // Its description leaves the password out.
                shown = (try? PostgresConfiguration(value)).map { "\($0)" } ?? "(unreadable)"
            case .some(let value): shown = value
            }
            return "\(key.name) = \(shown)    # \(key.meaning)"
        }.joined(separator: "\n")
    }
}
