import Glibc
import PrivateServer
import TestSupport
import Testing

@testable import Postgres

@Suite struct ConnectTests {
    /// What a client with this string gets.
    private func connect(
        _ conninfo: String,
        _ configure: (inout PostgresConfiguration) -> Void = { _ in }
    ) async throws -> String? {
        var configuration = try PostgresConfiguration(conninfo)
        configuration.deadlines.short = .seconds(30)
        configuration.deadlines.acquire = .seconds(30)
        configure(&configuration)
        let client = try PostgresClient(configuration, logger: ThrowawayDatabase.quiet)
        do {
            let user = try await client.query("SELECT current_user::text AS u").first?.decode(
                String.self,
                "u"
            )
            _ = try await client.transaction { try await $0.query("SELECT 1") }
            await client.close()
            return user
        } catch {
            await client.close()
            throw error
        }
    }

    /// The error of one round through all servers, however long it takes: a client would try again until its deadline.
    private func oneRound(
        _ conninfo: String,
        _ configure: (inout PostgresConfiguration) -> Void = { _ in }
    ) async throws -> PostgresError? {
        var configuration = try PostgresConfiguration(conninfo)
        configuration.deadlines.connect = .seconds(30)
        configure(&configuration)
        let connector = Connector(configuration, counters: Counters.Client(name: "test"))
        return await postgresError {
            let session = try await connector.open(isShared: false)
            await session.close(reason: "the test did not expect it")
        }
    }

    @Test func `a wrong password fails at once on both sides and is not told`() async throws {
        let server = try await TestServer.shared()
        let right = server.tcpConninfo()
        #expect(try await connect(right) == "postgres")
        let error = await postgresError { try await connect(right) { $0.password = "hemligt" } }
        #expect(error?.kind == .connect)
        #expect(error?.sqlState == .invalidPassword)
        #expect(error?.retry == .never)
        #expect(error?.debugDescription.contains("hemligt") == false)
        var configuration = try PostgresConfiguration(right)
        configuration.password = "hemligt"
        configuration.deadlines.acquire = .seconds(30)
        let client = try PostgresClient(configuration, logger: ThrowawayDatabase.quiet)
        let lent = await postgresError { try await client.transaction { _ in } }
        #expect(lent?.sqlState == .invalidPassword)
        await client.close()
    }

    @Test func `a database or role that does not exist fails at once`() async throws {
        let server = try await TestServer.shared()
        let database = await postgresError { try await connect(server.conninfo(database: "nowhere")) }
        #expect(database?.sqlState == .invalidCatalogName)
        #expect(database?.retry == .never)
        let role = await postgresError { try await connect(server.tcpConninfo(role: "nobody_here")) }
        #expect(role?.sqlState?.classCode == "28")
        #expect(role?.retry == .never)
    }

    @Test func `the next host is tried, and an error lists every attempt`() async throws {
        let server = try await TestServer.shared()
        let dead = TestServer.freePort()
        let port = server.running.port
        let both =
            "host=127.0.0.1,127.0.0.1 port=\(dead),\(port) user=postgres password=\(TestServer.password) dbname=postgres"
        #expect(try await connect(both) == "postgres")
        let other = TestServer.freePort()
        let error = try await oneRound("host=127.0.0.1,localhost port=\(dead),\(other) user=postgres")
        #expect(error?.kind == .connect)
        #expect(error?.retry == .connection)
        #expect(error?.message.contains("127.0.0.1 port \(dead): ") == true)
        #expect(error?.message.contains("localhost (127.0.0.1) port \(other): ") == true)
    }

    @Test func `a host that takes the connection and says nothing is given up`() async throws {
        let server = try await TestServer.shared()
        let silent = try SilentListener()
        defer { silent.close() }
        let ports = "\(silent.port),\(server.running.port)"
        let user = try await connect(
            "host=127.0.0.1,127.0.0.1 port=\(ports) user=postgres password=\(TestServer.password) dbname=postgres"
        ) { $0.deadlines.connect = .milliseconds(200) }
        #expect(user == "postgres")
    }

    @Test func `a name that nobody knows is an error of its attempt`() async throws {
        let error = try await oneRound("host=nowhere.invalid user=postgres sslmode=disable") {
            // Asking a resolver that does not answer takes long; the attempt is given up before.
            $0.deadlines.connect = .milliseconds(200)
        }
        #expect(error?.kind == .connect)
        #expect(error?.message.contains("nowhere.invalid") == true)
    }

    @Test func `the wanted kind of server is found or missed`() async throws {
        let server = try await TestServer.shared()
        #expect(try await connect("\(server.conninfo()) target_session_attrs=primary") == "postgres")
        #expect(try await connect("\(server.conninfo()) target_session_attrs=prefer-standby") == "postgres")
        let error = try await oneRound("\(server.conninfo()) target_session_attrs=standby")
        #expect(error?.kind == .connect)
    }

    @Test func `the password comes from a file`() async throws {
        let server = try await TestServer.shared()
        let directory = TestServer.temporaryDirectory()
        let path = "\(directory)/pgpass"
        defer {
            unlink(path)
            rmdir(directory)
        }
        let line = "127.0.0.1:\(server.running.port):*:postgres:\(TestServer.password)\n"
        let file = open(path, O_CREAT | O_WRONLY, 0o600)
        _ = line.withCString { write(file, $0, strlen($0)) }
        close(file)
        let user = try await connect(
            "host=127.0.0.1 port=\(server.running.port) user=postgres dbname=postgres passfile=\(path)"
        )
        #expect(user == "postgres")
    }

    @Test func `session settings are on every connection`() async throws {
        try await withDatabase { configuration in
            configuration.sessionSettings = ["search_path": "pg_catalog", "test.reader": "kim"]
        } _: { database in
            let sql: SQL = "SELECT current_setting('search_path') || current_setting('test.reader') AS s"
            for lane in [Lane.short, .search] {
                #expect(
                    try await database.query(sql, lane: lane).first?.decode(String.self, "s")
                        == "pg_catalogkim"
                )
            }
            let lent = try await database.transaction { try await $0.query(sql).first }
            #expect(try lent?.decode(String.self, "s") == "pg_catalogkim")
        }
    }

    @Test func `a setting that the server refuses is told at once`() async throws {
        let server = try await TestServer.shared()
        let error = await postgresError {
            try await connect(server.conninfo()) { $0.sessionSettings = ["statement_timeout": "nonsense"] }
        }
        #expect(error?.kind == .connect)
        #expect(error?.retry == .never)
    }

    /// The server makes its own certificates with `openssl`, so that they belong to its user.
    @Test func `a certificate is verified, its name too`() async throws {
        try await TestServer.withOwn(TestServer.Options(listens: true)) { server in
            let make = """
                set -e; umask 077
                openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=ca -keyout ca.key -out ca.crt
                openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=other -keyout o.key -out o.crt
                openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -keyout server.key -out server.csr
                printf subjectAltName=DNS:localhost > server.ext
                openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext -out server.crt
                """
            let commands = make.split(separator: "\n").joined(separator: "; ")
            try await server.sql("COPY (SELECT 1) TO PROGRAM '(\(commands)) 2>/dev/null'")
            try await server.sql("ALTER SYSTEM SET ssl = on")
            try await server.sql("SELECT pg_reload_conf()")
            let data =
                try await server.sql("SHOW data_directory").split(separator: "\n").first.map(String.init)
                ?? ""
            let base =
                "port=\(server.running.port) user=postgres password=\(TestServer.password) dbname=postgres sslmode=verify-full"
            try await eventually("the server speaks TLS") {
                try await server.sql("SHOW ssl").hasPrefix("on")
            }
            let right = "\(base) host=localhost hostaddr=127.0.0.1 sslrootcert=\(data)/ca.crt"
            let client = try PostgresClient(PostgresConfiguration(right), logger: ThrowawayDatabase.quiet)
            let tls: SQL = "SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            let row = try #require(try await client.query(tls).first)
            #expect(try row.decode(Bool.self, "ssl"))
            #expect(try row.decode(String.self, "version").hasPrefix("TLSv1."))
            // COPY and cancelling work through TLS as well.
            let cancelled = await postgresError {
                try await client.transaction {
                    try await $0.query("SELECT pg_sleep(60)", deadline: .milliseconds(50))
                }
            }
            #expect(cancelled?.kind == .timeout)
            await client.close()
            let wrongName = try await oneRound("\(base) host=127.0.0.1 sslrootcert=\(data)/ca.crt")
            #expect(wrongName?.message.contains("does not match host name") == true, "\(wrongName as Any)")
            let other = "\(base) host=localhost hostaddr=127.0.0.1 sslrootcert=\(data)/o.crt"
            let wrongAuthority = try await oneRound(other)
            #expect(
                wrongAuthority?.message.contains("certificate verify failed") == true,
                "\(wrongAuthority as Any)"
            )
        }
    }
}
