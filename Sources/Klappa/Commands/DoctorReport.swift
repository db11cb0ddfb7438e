import Foundation
import Logging
import Migrations
import Postgres
import PrivateServer
import Registry
import Web

/// What the doctor found, printed as it is found.
struct DoctorReport {
    /// The state of one thing.
    enum Finding {
        case works(String)
        /// Works, but somebody should know.
        case warns(String, mend: String)
        case fails(String, mend: String)
    }

    private(set) var hasFailures = false
    private var isSchemaCurrent = false
    private var warnings = 0

    /// Prints a finding.
    mutating func add(_ what: String, _ finding: Finding) {
        switch finding {
        case .works(let text):
            print("ok       \(what): \(text)")
        case .warns(let text, let mend):
            warnings += 1
            print("warning  \(what): \(text) \(mend)")
        case .fails(let text, let mend):
            hasFailures = true
            print("WRONG    \(what): \(text) \(mend)")
        }
    }

    /// Prints the conclusion.
    func finish() {
        if hasFailures {
            print("Mend what is WRONG and run klappa doctor again.")
        } else {
            print(warnings == 0 ? "All is well." : "It works; the warnings can be mended at leisure.")
        }
    }

    /// What can be seen without a database: fonts, pages, and the program that makes pictures.
    mutating func examineProgram(environment: [String: String]) {
        do {
            let site = try Site()
            let fonts = site.assets.all.filter { $0.hasSuffix(".woff2") }.count
            add(
                "fonts",
                fonts >= 2
                    ? .works("\(fonts) of the pages' own")
                    : .warns(
                        "the pages fall back to the reader's sans-serif.",
                        mend: "Run deploy/fonts and build again."
                    )
            )
        } catch {
            add("pages", .fails("\(error).", mend: "Install klappa with its resource folders beside it."))
        }
        add(
            "pictures",
            PhotoMaker.isInstalled
                ? .works("vipsthumbnail makes them")
                : .warns(
                    "vipsthumbnail is not installed, so none can be taken in.",
                    mend: "Install libvips-tools."
                )
        )
    }

    /// How letters leave, and whether their links lead here.
    mutating func examineMail(_ settings: Settings, environment: [String: String]) {
        switch Mail.way(settings, environment: environment, isDemonstration: false) {
        case .command(let command):
            let program = command.words[0]
            let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
            let paths = program.hasPrefix("/") ? [program] : folders.map { "\($0)/\(program)" }
            add(
                "mail",
                paths.contains { FileManager.default.isExecutableFile(atPath: $0) }
                    ? .works("\(command.words.joined(separator: " ")), from \(command.sender)")
                    : .fails(
                        "there is no program \(program).",
                        mend: "Correct KLAPPA_SENDMAIL, or unset it for msmtp."
                    )
            )
        case .kept(let letters):
            add(
                "mail",
                .warns(
                    "no command sends it; \(letters.count) letters are kept in \(letters.directory).",
                    mend: "Install and configure msmtp, or name a command with KLAPPA_SENDMAIL."
                )
            )
        }
        if settings.publicURL == nil {
            add(
                "public address",
                .warns(
                    "not set, so links in letters lead to this machine only.",
                    mend: "Set KLAPPA_PUBLIC_URL."
                )
            )
        }
    }

    /// Whether the providers through which staff sign in answer, and where they must send people back to.
    mutating func examineProviders(_ settings: Settings) async {
        let out = OutgoingHTTP()
        for (key, fault) in await OpenIDProviders(settings.providers, through: out).examine() {
            let origin = settings.publicURL ?? "http://127.0.0.1:\(settings.port)"
            add(
                "sign-in with \(key)",
                fault.map {
                    .fails("\($0).", mend: "Check KLAPPA_OIDC_\(key.uppercased())_ISSUER and the way there.")
                } ?? .works("answers; it must know the address \(origin)/sign-in/return/\(key)")
            )
        }
        await out.shutdown()
    }

    /// What waits in the outbox.
    private mutating func examineOutbox(_ backend: Backend) async {
        do {
            let letters = try await backend.withClient(for: .worker) { try await Outbox.state($0) }
            let tried = letters.tried + letters.givenUp
            add(
                "letters",
                tried == 0
                    ? .works("\(letters.waiting) waiting")
                    : .warns(
                        "\(letters.tried) refused and tried again, \(letters.givenUp) given up; the last reason was: "
                            + "\(letters.lastError ?? "unknown").",
                        mend: "Mend the command that sends mail."
                    )
            )
        } catch {
            add("letters", .fails("\(error).", mend: ""))
        }
    }

    /// What the database says of itself.
    mutating func examineDatabase(_ backend: Backend) async {
        if let server = backend.server {
            let free = (try? FileManager.default.attributesOfFileSystem(forPath: server.directory.path))?[
                .systemFreeSize
            ]
            if let free = (free as? NSNumber)?.intValue {
                add(
                    "disk",
                    free > 1 << 30
                        ? .works("\(free >> 30) GB free")
                        : .fails("only \(free >> 20) MB are free for the database.", mend: "Free some space.")
                )
            }
        }
        do {
            try await backend.withClient(for: .owner) { client in
                _ = try await client.query("SELECT 1")
                await examineServer(client)
                await examineSchema(client)
            }
        } catch {
            add(
                "connection",
                .fails("\(error).", mend: "Check DATABASE_URL and the owner's user and password.")
            )
            return
        }
        for role in DatabaseRole.allCases where role != .owner {
            do {
                try await backend.withClient(for: role) { client in _ = try await client.query("SELECT 1") }
                add("role \(role.name)", .works("connects"))
            } catch {
                add(
                    "role \(role.name)",
                    .fails("\(error).", mend: "Check \(role.userKey) and \(role.passwordKey).")
                )
            }
        }
        if isSchemaCurrent { await examineOutbox(backend) }
    }

    private mutating func examineServer(_ client: PostgresClient) async {
        do {
            let rows = try await client.query(
                """
                SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
                    current_setting('server_encoding') AS encoding, extract(epoch FROM clock_timestamp())::float8 AS clock
                """
            )
            guard let row = rows.first else { return }
            let version = try row.decode(String.self, "version")
            add(
                "PostgreSQL",
                try row.decode(Int32.self, "number") >= 150_000
                    ? .works(version) : .fails("version \(version) is too old.", mend: "Use 15 or later.")
            )
            let encoding = try row.decode(String.self, "encoding")
            if encoding != "UTF8" {
                add(
                    "encoding",
                    .fails("the database is in \(encoding).", mend: "Make it anew with ENCODING 'UTF8'.")
                )
            }
            let offset = abs(try row.decode(Double.self, "clock") - Date().timeIntervalSince1970)
            add(
                "clock",
                offset < 5
                    ? .works("agrees with the database's")
                    : .fails(
                        "\(Int(offset)) s away from the database's.",
                        mend: "Let both machines follow NTP."
                    )
            )
            let present = Set(
                try await client.query("SELECT extname FROM pg_extension").map {
                    try $0.decode(String.self, "extname")
                }
            )
            let missing = ["postgis", "btree_gist", "pg_trgm", "unaccent"].filter { !present.contains($0) }
            add(
                "extensions",
                missing.isEmpty
                    ? .works("all there")
                    : .fails(
                        "\(missing.joined(separator: ", ")) missing.",
                        mend: "Run klappa migrate as a superuser."
                    )
            )
        } catch {
            add("PostgreSQL", .fails("\(error).", mend: ""))
        }
    }

    private mutating func examineSchema(_ client: PostgresClient) async {
        do {
            let files = try SQLFiles.bundled()
            let status = try await Migrator(files, logger: Logs.command(level: .error)).status(client)
            add(
                "migrations",
                status.isCurrent
                    ? .works("\(status.applied.count) applied, none pending")
                    : .fails(
                        "\(status.pending.count) pending, \(status.pendingReferences.count) reference files to load.",
                        mend: "Run klappa migrate."
                    )
            )
            isSchemaCurrent = status.isCurrent
            guard status.isCurrent else { return }
            var broken: [String] = []
            for check in files.checks where try await CheckRunner.run(check, client) != nil {
                broken.append(check.name)
            }
            add(
                "checks",
                broken.isEmpty
                    ? .works("\(files.checks.count) hold, row security among them")
                    : .fails(
                        "broken: \(broken.joined(separator: ", ")).",
                        mend: "Run klappa check for the rows."
                    )
            )
        } catch {
            add("schema", .fails("\(error)", mend: ""))
        }
    }
}
