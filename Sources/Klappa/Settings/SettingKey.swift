/// The settings that klappa reads from the environment, with what they mean: the one list for reading, for refusing
/// what is misspelt and for `--check-config`.
struct SettingKey: Hashable, Sendable {
    let name: String
    let meaning: String
    var isSecret = false

    static let databaseURL = SettingKey(
        name: "DATABASE_URL",
        meaning: "conninfo or URI of the server; without it klappa runs a private one"
    )
    static let directURL = SettingKey(
        name: "DATABASE_DIRECT_URL",
        meaning: "the server without its pooler, for migrations and COPY"
    )
    static let pooling = SettingKey(
        name: "DATABASE_POOLING",
        meaning: "session (default), or transaction behind pgbouncer"
    )
    static let stateDirectory = SettingKey(
        name: "KLAPPA_STATE_DIR",
        meaning: "directory of the private PostgreSQL"
    )
    static let binaries = SettingKey(
        name: "KLAPPA_POSTGRES_BIN",
        meaning: "directory of initdb, pg_ctl and postgres"
    )
    static let host = SettingKey(name: "KLAPPA_HOST", meaning: "address to listen on; 127.0.0.1")
    static let port = SettingKey(name: "KLAPPA_PORT", meaning: "port to listen on; 8080, 0 takes a free one")
    static let adminHost = SettingKey(
        name: "KLAPPA_ADMIN_HOST",
        meaning: "address for metrics and health; 127.0.0.1"
    )
    static let adminPort = SettingKey(
        name: "KLAPPA_ADMIN_PORT",
        meaning: "port for metrics and health; 9090, 0 takes a free one, off has none"
    )
    static let publicURL = SettingKey(
        name: "KLAPPA_PUBLIC_URL",
        meaning: "address under which readers know the service; https switches on HSTS"
    )
    static let hosts = SettingKey(
        name: "KLAPPA_HOSTS",
        meaning: "further names that a Host field may carry, by commas; * accepts every name"
    )
    static let contact = SettingKey(
        name: "KLAPPA_CONTACT",
        meaning: "mail address for reports on accessibility"
    )
    static let photos = SettingKey(
        name: "KLAPPA_PHOTO_DIR",
        meaning: "directory of photographs; photos in the state directory"
    )
    static let tiles = SettingKey(
        name: "KLAPPA_TILES",
        meaning: "map tiles, as https://tiles.example/{z}/{x}/{y}.png; outlines of the regions without"
    )
    static let tilesAttribution = SettingKey(
        name: "KLAPPA_TILES_ATTRIBUTION",
        meaning: "whom the tiles come from, as their server asks to be named"
    )
    static let sendmail = SettingKey(
        name: "KLAPPA_SENDMAIL",
        meaning: "command that sends mail as sendmail does; msmtp when installed, off keeps letters as files"
    )
    static let mailFrom = SettingKey(
        name: "KLAPPA_MAIL_FROM",
        meaning: "address that letters are from; klappa@ and the host of KLAPPA_PUBLIC_URL"
    )
    static let letters = SettingKey(
        name: "KLAPPA_LETTERS",
        meaning: "directory of letters that no command sends; letters in the state directory"
    )
    static let openID = SettingKey(
        name: "KLAPPA_OIDC",
        meaning: "providers through which staff sign in, by commas, such as skane,kronoberg; none"
    )
    static let logLevel = SettingKey(
        name: "KLAPPA_LOG_LEVEL",
        meaning: "trace, debug, info (default), notice, warning, error or critical"
    )

    /// Every setting.
    static let all: [SettingKey] =
        [databaseURL, directURL, pooling]
        + DatabaseRole.allCases.flatMap { role in
            [
                SettingKey(name: role.userKey, meaning: "user of the role \(role.name); its name"),
                SettingKey(name: role.passwordKey, meaning: "password of that user; none", isSecret: true),
            ]
        }
        + [
            stateDirectory, binaries, host, port, adminHost, adminPort, publicURL, hosts, contact, photos,
            tiles, tilesAttribution, sendmail, mailFrom, letters, openID, logLevel,
        ]

    /// The settings of one provider, `KLAPPA_OIDC_SKANE_ISSUER` and so on.
    ///
    /// - Parameter provider: its key, as ``openID`` names it.
    static func ofProvider(_ provider: String) -> [SettingKey] {
        ProviderSetting.allCases.map { $0.key(of: provider) }
    }

    /// Every setting, those of the providers that the environment names among them.
    static func all(in environment: [String: String]) -> [SettingKey] {
        let providers = (environment[openID.name] ?? "").split(separator: ",").map { part in
            String(part.filter { $0 != " " })
        }
        return all + providers.flatMap(ofProvider)
    }
}
