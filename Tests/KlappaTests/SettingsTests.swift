import ArgumentParser
import Postgres
import Registry
import Testing

@testable import Klappa

@Suite struct SettingsTests {
    static func problems(_ environment: [String: String]) -> [SettingsError.Problem] {
        do throws(SettingsError) {
            _ = try Settings(environment: environment)
            return []
        } catch {
            return error.problems
        }
    }

    @Test func `without settings everything is private and on loopback`() throws {
        let settings = try Settings(environment: ["PATH": "/bin", "EDITOR": "ed"])
        #expect(settings.databaseURL == nil)
        #expect(settings.host == "127.0.0.1")
        #expect(settings.port == 8080)
        #expect(settings.adminPort == 9090)
    }

    @Test(arguments: [
        (["KLAPPA_PORT": "http"], "KLAPPA_PORT", "0 to 65535"),
        (["KLAPPA_PORT": "70000"], "KLAPPA_PORT", "0 to 65535"),
        (["KLAPPA_ADMIN_PORT": "-1"], "KLAPPA_ADMIN_PORT", "0 to 65535"),
        (["DATABASE_URL": "postgres://[::1/klappa"], "DATABASE_URL", "conninfo"),
        (["DATABASE_URL": "hots=/tmp"], "DATABASE_URL", "conninfo"),
        (["DATABASE_POOLING": "statement"], "DATABASE_POOLING", "session, transaction"),
        (["DATABASE_POOLING": "transaction"], "DATABASE_DIRECT_URL", "is needed"),
        (["DATABASE_URL": "host=/tmp", "KLAPPA_STATE_DIR": "/srv"], "KLAPPA_STATE_DIR", "choose one"),
        (["KLAPPA_PUBLIC_URL": "klappa.example"], "KLAPPA_PUBLIC_URL", "like https://"),
        (["KLAPPA_PUBLIC_URL": "https://klappa.example/sv"], "KLAPPA_PUBLIC_URL", "without a path"),
        (["KLAPPA_LOG_LEVEL": "loud"], "KLAPPA_LOG_LEVEL", "one of trace"),
        (["KLAPPA_PROT": "8080"], "KLAPPA_PROT", "is no setting"),
        (["DATABASE_WORKER_PASSWROD": "x"], "DATABASE_WORKER_PASSWROD", "is no setting"),
    ])
    func `a setting that does not fit is named`(environment: [String: String], key: String, words: String)
        throws
    {
        let problem = try #require(Self.problems(environment).first)
        #expect(problem.key == key)
        #expect(problem.message.contains(words))
    }

    @Test func `all that does not fit is named at once`() {
        let found = Self.problems(["KLAPPA_PORT": "x", "KLAPPA_LOG_LEVEL": "x", "DATABASE_X": "x"])
        #expect(Set(found.map(\.key)) == ["KLAPPA_PORT", "KLAPPA_LOG_LEVEL", "DATABASE_X"])
    }

    @Test func `an empty value is no value`() {
        #expect(Self.problems(["KLAPPA_PORT": "", "DATABASE_URL": ""]) == [])
    }

    @Test func `a slash after the public address is dropped, names are read by commas`() throws {
        let settings = try Settings(environment: [
            "KLAPPA_PUBLIC_URL": "https://klappa.example/", "KLAPPA_HOSTS": "A.example, b.example,",
            "KLAPPA_ADMIN_PORT": "off",
        ])
        #expect(settings.publicURL == "https://klappa.example")
        #expect(settings.hosts == ["a.example", "b.example"])
        #expect(settings.adminPort == nil)
    }

    @Test func `an option for one kind of database discards the setting for the other`() throws {
        let environment = ["DATABASE_URL": "host=/elsewhere"]
        let options = try DatabaseOptions.parse(["--state-dir", "/srv/klappa"])
        let settings = try options.settings(environment: environment)
        #expect(settings.databaseURL == nil)
        #expect(settings.stateDirectory == "/srv/klappa")
    }

    @Test func `no password is ever shown`() {
        let secret = "hemlig42"
        let environment = [
            "DATABASE_URL": "postgres://klappa_owner:\(secret)@db.example/klappa",
            "DATABASE_WORKER_PASSWORD": secret,
        ]
        #expect(!Settings.summary(of: environment).contains(secret))
        let broken = ["DATABASE_URL": "postgres://klappa_owner:\(secret)@db.example:port/klappa?x=y"]
        #expect(!"\(Self.problems(broken))".contains(secret))
        #expect(!Settings.summary(of: broken).contains(secret))
    }

    @Test func `each role has its own user and password, and the address's user only migrates`() throws {
        let settings = try Settings(environment: [
            "DATABASE_URL": "postgres://boss:secret@db.example/klappa", "DATABASE_WORKER_USER": "w",
            "DATABASE_WORKER_PASSWORD": "p",
        ])
        let backend = Backend(settings: settings, lease: nil, logger: Logs.command())
        #expect(try backend.configuration(for: .owner).user == "boss")
        #expect(try backend.configuration(for: .owner).password == "secret")
        #expect(try backend.configuration(for: .worker).user == "w")
        #expect(try backend.configuration(for: .worker).password == "p")
        #expect(try backend.configuration(for: .open).user == "klappa_public")
        #expect(try backend.configuration(for: .open).password == nil)
    }

    private static let provider = [
        "KLAPPA_OIDC": "skane, kronoberg", "KLAPPA_OIDC_SKANE_ISSUER": "https://login.skane.example",
        "KLAPPA_OIDC_SKANE_CLIENT_ID": "klappa", "KLAPPA_OIDC_SKANE_CLIENT_SECRET": "hush",
        "KLAPPA_OIDC_SKANE_NAME": "Region Skåne", "KLAPPA_OIDC_SKANE_DOMAINS": "Skane.example",
        "KLAPPA_OIDC_SKANE_ROLES_CLAIM": "groups",
        "KLAPPA_OIDC_SKANE_ROLES": "CN=Film,OU=X=commissioner:skane; chief=administrator",
        "KLAPPA_OIDC_KRONOBERG_ISSUER": "http://127.0.0.1:9400", "KLAPPA_OIDC_KRONOBERG_CLIENT_ID": "k",
    ]

    @Test func `providers of sign-in are read in their order, with the rights that roles give`() throws {
        let providers = try Settings(environment: Self.provider).providers
        #expect(providers.map(\.key) == ["skane", "kronoberg"])
        #expect(providers[0].name == "Region Skåne" && providers[1].name == "kronoberg")
        #expect(providers[0].domains == ["skane.example"])
        #expect(providers[0].roles.map(\.value) == ["CN=Film,OU=X", "chief"])
        #expect(providers[1].scopes == ["openid", "email", "profile"] && providers[1].clientSecret == nil)
        let summary = Settings.summary(of: Self.provider)
        #expect(summary.contains("KLAPPA_OIDC_SKANE_CLIENT_SECRET = (set)") && !summary.contains("hush"))
    }

    @Test(arguments: [
        ("KLAPPA_OIDC_SKANE_ISSUER", "http://login.skane.example", "like https://"),
        ("KLAPPA_OIDC_SKANE_ISSUER", "https://login.skane.example/", "without a slash"),
        ("KLAPPA_OIDC_SKANE_ISSUER", "", "like https://"), ("KLAPPA_OIDC_SKANE_CLIENT_ID", "", "is needed"),
        ("KLAPPA_OIDC_SKANE_ROLES", "film=king", "VALUE=RIGHT"),
        ("KLAPPA_OIDC_SKANE_ROLES_CLAIM", "", "belongs together"),
        ("KLAPPA_OIDC_HALLAND_ISSUER", "https://x.example", "is no setting"),
        ("KLAPPA_OIDC", "skane,kronoberg,Ö", "lower-case"),
    ])
    func `a provider that is told wrongly is refused by the name of its setting`(
        key: String,
        value: String,
        words: String
    )
        throws
    {
        var environment = Self.provider
        environment[key] = value
        let found = Self.problems(environment)
        #expect(found.contains { $0.key == key && $0.message.contains(words) })
    }
}
