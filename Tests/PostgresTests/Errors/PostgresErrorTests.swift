import Testing

@testable import Postgres

@Suite struct PostgresErrorTests {
    @Test(arguments: [
        ("invalid input syntax for type date: \"hemligt\"", "invalid input syntax for type date"),
        ("COPY crew, line 3, column born: \"hemligt\"", "COPY crew, line 3, column born"),
        ("nothing is quoted", "nothing is quoted"), ("", ""),
    ])
    func `quoted input is cut`(text: String, expected: String) {
        #expect(Redaction.withoutQuotedInput(text) == expected)
    }

    @Test func `what stands in quotes can be left out`() {
        #expect(
            Redaction.withoutQuotes("value \"99999\" is out of range for type integer")
                == "value … is out of range for type integer"
        )
    }

    @Test func `a refused connection gives its code`() {
        let error = ConnectFailure.error(
            """
            connection to server at "::1", port 5432 failed: FATAL:  28P01: password authentication failed for user "x"
            LOCATION:  auth_failed, auth.c:330
            """
        )
        #expect(error.sqlState == .invalidPassword)
        #expect(error.retry == .never)
        #expect(!error.message.contains("LOCATION"))
        #expect(error.message.hasSuffix("FATAL:  password authentication failed for user \"x\""))
    }

    @Test func `a refusal that will pass may be tried again`() {
        #expect(
            ConnectFailure.error("… FATAL:  57P03: the database system is starting up").retry == .connection
        )
        #expect(ConnectFailure.error("… FATAL:  53300: sorry, too many clients already").retry == .connection)
        #expect(ConnectFailure.error("could not connect: Connection refused").retry == .connection)
        #expect(ConnectFailure.error("could not connect: Connection refused").sqlState == nil)
    }

    @Test func `a permanent mistake wins unless another server may only be busy`() {
        let wrong = ConnectFailure.error("x FATAL:  28P01: wrong")
        let busy = ConnectFailure.error("x FATAL:  57P03: starting")
        let refused = ConnectFailure.error("refused")
        #expect(Connector.summary([("a", wrong)]).retry == .never)
        #expect(Connector.summary([("a", refused), ("b", wrong)]).retry == .never)
        #expect(Connector.summary([("a", wrong), ("b", busy)]).retry == .connection)
        let summary = Connector.summary([("a", refused), ("b port 1", wrong)])
        #expect(summary.message.contains("a: ") && summary.message.contains("b port 1: "))
    }

    @Test(arguments: [
        (SQLState.serializationFailure, PostgresError.Retry.transaction), (.deadlockDetected, .transaction),
        (.uniqueViolation, .never), (.syntaxError, .never), (.tooManyConnections, .connection),
    ])
    func `the code says what may be tried again`(state: SQLState, retry: PostgresError.Retry) {
        #expect(ErrorRules.retry(state) == retry)
    }

    @Test(arguments: ["25006", "57P01", "57P02", "57P03", "08006"])
    func `codes of a server that went away retire the connection`(code: String) {
        #expect(ErrorRules.retires(SQLState(rawValue: code)))
        #expect(!ErrorRules.retires(.uniqueViolation))
    }

    @Test func `one line tells kind, code and constraint`() {
        var server = PostgresError.ServerFields()
        server.constraint = "booking_no_overlap"
        let error = PostgresError(.server, "conflicting key", sqlState: .exclusionViolation, server: server)
        #expect("\(error)" == "server: conflicting key (23P01) [constraint booking_no_overlap]")
        #expect(error.about("SELECT 1").debugDescription.hasSuffix("sql: SELECT 1"))
        #expect(error.about("SELECT 1").about("SELECT 2").sql == "SELECT 1")
    }
}
