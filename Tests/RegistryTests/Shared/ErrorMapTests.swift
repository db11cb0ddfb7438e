import HTTPTypes
import Postgres
import Testing
import Web

@testable import Registry

@Suite struct ErrorMapTests {
    @Test(arguments: [
        ("08006", 503), ("22003", 400), ("22P02", 400), ("23502", 400), ("23503", 409), ("23505", 409),
        ("23514", 400),
        ("23P01", 409), ("25006", 503), ("28P01", 503), ("3D000", 503), ("40001", 503), ("40P01", 503),
        ("42501", 403),
        ("53100", 503), ("53300", 503), ("55P03", 503), ("57014", 504), ("57P01", 503), ("57P03", 503),
    ])
    func `each SQLSTATE has its status`(state: String, status: Int) throws {
        let problem = try #require(ErrorMap.problem(for: SQLState(rawValue: state)))
        #expect(problem.code.status == status)
        if status == 503 { #expect(problem.headers[.retryAfter] != nil) }
    }

    @Test(arguments: ["42P01", "42601", "XX000", "0A000", "P0001"])
    func `what is our own mistake is an unexpected error`(state: String) {
        #expect(ErrorMap.problem(for: SQLState(rawValue: state)) == nil)
    }

    @Test func `every row of the table is reached`() {
        for row in ErrorMap.states {
            let state = row.code.count == 5 ? row.code : row.code + "ZZZ"
            #expect(ErrorMap.problem(for: SQLState(rawValue: state))?.code == row.problem().code)
        }
    }

    @Test func `the client's own troubles are for trying again`() {
        for row in ErrorMap.kinds { #expect(row.problem().code.status == 503) }
        #expect(Set(ErrorMap.kinds.map(\.kind)).isDisjoint(with: [.decoding, .usage, .configuration]))
    }

    @Test func `errors that are not of the database are not its business`() {
        #expect(ErrorMap.problem(for: CancellationError()) == nil)
    }
}
