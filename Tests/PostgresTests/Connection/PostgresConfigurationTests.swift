import Testing

@testable import Postgres

@Suite struct PostgresConfigurationTests {
    @Test func `a conninfo string and a URI say the same`() throws {
        let plain = try PostgresConfiguration("host=db1,db2 port=5433 user=klara dbname=crew password='a b'")
        let uri = try PostgresConfiguration("postgresql://klara:a%20b@db1:5433,db2:5433/crew")
        #expect(plain.user == "klara")
        #expect(uri.user == "klara")
        #expect(plain.password == uri.password)
        #expect(plain.database == uri.database)
        #expect(try plain.targets() == uri.targets())
        #expect(try plain.targets().map(\.host) == ["db1", "db2"])
        #expect(try plain.targets().map(\.port) == ["5433", "5433"])
    }

    @Test func `several hosts have several ports or one`() throws {
        #expect(try PostgresConfiguration("host=a,b,c port=1,2,3").targets().map(\.port) == ["1", "2", "3"])
        #expect(throws: PostgresError.self) { try PostgresConfiguration("host=a,b,c port=1,2").targets() }
        #expect(throws: PostgresError.self) { try PostgresConfiguration("host=a hostaddr=::1,::2").targets() }
    }

    @Test(arguments: [
        "password=hemligt host", "host=x password=hemligt foo=bar", "postgresql://u:hemligt@[::1/db",
        "postgresql://u:hemligt@host/db?sslmode", "password='hemligt", "host=x hemligt",
        "postgresql://u:hemligt%zz@host/db",
    ])
    func `a string that cannot be read is not quoted`(text: String) {
        do {
            _ = try PostgresConfiguration(text)
            Issue.record("it was read")
        } catch {
            #expect(error.kind == .configuration)
            #expect(!error.debugDescription.contains("hemligt"))
        }
    }

    @Test func `a description has no password`() throws {
        let configuration = try PostgresConfiguration("postgresql://klara:hemligt@db/crew")
        #expect(!"\(configuration)".contains("hemligt"))
        #expect("\(configuration)" == "db database crew user klara")
    }

    @Test(arguments: [
        ("host=db.example.org", "verify-full"), ("hostaddr=192.0.2.1", "verify-full"),
        ("host=db.example.org sslmode=require", "require"), ("host=/run/postgresql", nil),
        ("host=localhost", nil),
        ("host=127.0.0.1", nil), ("hostaddr=::1", nil),
    ])
    func `the certificate of another machine is verified unless told otherwise`(text: String, mode: String?)
        throws
    {
        let configuration = try PostgresConfiguration(text)
        let target = try #require(try configuration.targets().first)
        let parameters = configuration.parameters(for: target, sessionAttributes: nil)
        #expect(parameters.first { $0.0 == "sslmode" }?.1 == mode)
        #expect(parameters.contains { $0 == ("client_encoding", "UTF8") })
        #expect(parameters.contains { $0 == ("gssencmode", "disable") })
    }

    @Test func `only names are looked up`() throws {
        for text in ["host=/tmp", "hostaddr=10.0.0.1", "host=x hostaddr=10.0.0.1", "host=@abstract"] {
            #expect(try PostgresConfiguration(text).targets().allSatisfy { !$0.needsLookup })
        }
        #expect(try PostgresConfiguration("host=db").targets().allSatisfy(\.needsLookup))
    }

    @Test func `milliseconds are whole and never zero`() {
        #expect(Connector.milliseconds(.microseconds(1)) == "1")
        #expect(Connector.milliseconds(.seconds(2)) == "2000")
        #expect(Connector.milliseconds(.milliseconds(1500)) == "1500")
        #expect(Connector.milliseconds(.seconds(Int64(1) << 40)) == "2147483647")
    }

    @Test func `begin says only what was asked for`() {
        #expect(TransactionOptions().begin == "BEGIN")
        #expect(TransactionOptions(isolation: .serializable).begin == "BEGIN ISOLATION LEVEL SERIALIZABLE")
        let all = TransactionOptions(isolation: .repeatableRead, access: .readOnly, deferrable: true)
        #expect(all.begin == "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY, DEFERRABLE")
    }
}
