internal import HTTPTypes

/// Whether the service can do its work now, part by part.
public struct Readiness: Sendable {
    /// One thing that must work.
    public struct Check: Sendable {
        /// A word: `database`, `migrations`.
        public var name: String
        /// Whether it works.
        public var works: Bool
        /// What is wrong, without addresses or secrets; empty when it works.
        public var reason: String

        /// See the properties of the same names.
        public init(_ name: String, works: Bool, reason: String = "") {
            self.name = name
            self.works = works
            self.reason = reason
        }
    }

    /// In a fixed order.
    public var checks: [Check]

    /// Ready when all of them work.
    public init(_ checks: [Check]) { self.checks = checks }

    var isReady: Bool { checks.allSatisfy(\.works) }
}

extension RouteTable {
    /// Adds `/health/live` (the process answers) and `/health/ready` (it can do its work: 200 or 503).
    mutating func addHealth(_ ready: @escaping @Sendable () async -> Readiness) {
        page("/health/live") { _, _ in .json(["status": "live"], caching: .none) }
        page("/health/ready") { _, _ in
            let readiness = await ready()
            let checks = readiness.checks.map { check in
                JSON.object(
                    .init([
                        ("name", .string(check.name)), ("works", .bool(check.works)),
                        ("reason", .string(check.reason)),
                    ])
                )
            }
            var answer = Answer.json(
                ["status": .string(readiness.isReady ? "ready" : "not ready"), "checks": .array(checks)],
                status: readiness.isReady ? .ok : .serviceUnavailable,
                caching: .none
            )
            if !readiness.isReady { answer.headers[.retryAfter] = "2" }
            return answer
        }
    }
}
