internal import HTTPTypes
public import Postgres
public import Web

/// What every write of the API keeps: no change is lost to another, and nothing is created twice.
///
/// A change declares ``ifMatch`` and goes through ``change(_:_:as:attempt:current:)``; what creates declares
/// ``idempotencyKey`` and goes through ``create(_:_:_:as:_:)``. See the article <doc:FormsAndWrites>.
public enum Writes {
    /// The version on which a change is based, from `If-Match`.
    public struct IfMatch: Sendable, Hashable {
        let version: Int64?

        /// The version; 428 when the request names none.
        public func required() throws(Problem) -> Int64 {
            guard let version else { throw Problem(.preconditionRequired) }
            return version
        }
    }

    /// The parameter of an operation that changes a record. Absent it is a 428, stale a 412.
    public static let ifMatch = Parameter<IfMatch>(
        ParameterDeclaration(
            "If-Match",
            in: .header,
            "The `ETag` of the record as it was read; the version in it counts. Without it the change is refused (428).",
            schema: .string(length: 2...200, pattern: .entityTag, example: "\"3-9f86d081884c7d65\""),
            required: true
        ),
        absent: IfMatch(version: nil)
    ) { text throws(Fault) in
        guard JSONSchema.Pattern.entityTag.accepts(text) else {
            throw Fault(
                "malformed",
                Localized(
                    sv: "Måste vara en ETag inom citattecken, som den lästes.",
                    en: "Must be an ETag within quotation marks, as it was read."
                )
            )
        }
        // A tag that was never ours is the tag of no version.
        return IfMatch(version: version(inIfMatch: text) ?? -1)
    }

    /// The parameter of an operation that creates something.
    public static let idempotencyKey = Parameter<String?>(
        ParameterDeclaration(
            "Idempotency-Key",
            in: .header,
            "A text of your own choice, best a random UUID, that makes repeating safe: for 24 hours the same request under "
                + "the same key gets the same answer, and nothing is created twice.",
            schema: .string(
                length: 1...255,
                pattern: .visible,
                example: "0190b5a6-5b1c-7d55-a2f4-3f6f1e6f7c11"
            )
        ),
        absent: .some(nil)
    ) { text throws(Fault) in
        guard (1...255).contains(text.utf8.count), JSONSchema.Pattern.visible.accepts(text) else {
            throw Fault(
                "malformed",
                Localized(
                    sv: "Måste vara 1 till 255 synliga ASCII-tecken utan mellanrum.",
                    en: "Must be 1 to 255 visible ASCII characters without spaces."
                )
            )
        }
        return text
    }

    /// What a record is now, for the answer to a stale change.
    public typealias Current = (version: Int64, record: JSON?)

    /// Changes a record in one transaction, unless somebody else changed it first.
    ///
    /// - Parameters:
    ///   - attempt: changes the row `WHERE version = …` and gives nil when it met none.
    ///   - current: reads the row as it is now; nil when the reader cannot see it.
    /// - Throws: `Problem`: 428 without a version, 412 with both versions and the record as it is, 403 when the row is
    ///   seen but may not be changed, 404 when it is not seen.
    public static func change<Value>(
        _ ifMatch: IfMatch,
        _ databases: Databases,
        as reader: Reader,
        attempt: (Transaction, _ version: Int64) async throws -> Value?,
        current: (Transaction) async throws -> Current?
    ) async throws -> Value {
        let version = try ifMatch.required()
        return try await transaction(databases, as: reader) { transaction in
            if let value = try await attempt(transaction, version) { return value }
            guard let now = try await current(transaction) else { throw Problem(.notFound) }
            throw now.version == version
                ? Problem(.forbidden) : Problem.stale(sent: version, current: now.version, now.record)
        }
    }

    /// Creates something in one transaction, once for each `Idempotency-Key`.
    ///
    /// The key is claimed in the transaction that creates, so a crash leaves neither; a twin that comes meanwhile waits for
    /// the first. What was answered is kept sealed, and only the key opens it: see ``AnswerSeal``. What throws is not remembered: nothing was created.
    ///
    /// - Parameters:
    ///   - operation: its id, one word for all requests among which keys are told apart.
    ///   - body: writes, and gives the answer to the first request.
    /// - Returns: that answer; to a repeat the same again, with `Idempotency-Replayed: true`.
    /// - Throws: `Problem`: 422 when the key came with another request before.
    public static func create(
        _ input: Input,
        _ operation: String,
        _ databases: Databases,
        as reader: Reader,
        _ body: (Transaction) async throws -> Answer
    ) async throws -> Answer {
        try await once(input[idempotencyKey], input.fingerprint, operation, databases, as: reader, body)
    }

    /// The same for what is no operation of the API: a form that carries a key of its own.
    ///
    /// - Parameters:
    ///   - key: nil creates whatever came before.
    ///   - fingerprint: SHA-256 of what is asked for.
    public static func once(
        _ key: String?,
        _ fingerprint: [UInt8],
        _ operation: String,
        _ databases: Databases,
        as reader: Reader,
        _ body: (Transaction) async throws -> Answer
    ) async throws -> Answer {
        try await transaction(databases, as: reader) { transaction in
            guard let key else { return try await body(transaction) }
            let seal = AnswerSeal(key: key, operation: operation, fingerprint: fingerprint)
            let rows = try await transaction.query(
                """
                SELECT c.claimed, c.same, c.status, c.body
                FROM klappa.claim_key(\(operation), \(seal.name), \(fingerprint)) AS c
                """
            )
            guard let row = rows.first else { throw Problem(.unexpected) }
            guard let claimed = try row.decode(Int64?.self, "claimed") else {
                guard try row.decode(Bool.self, "same") else { throw Problem(.keyReused) }
                var answer = try seal.open(try row.decode([UInt8]?.self, "body") ?? [])
                answer.headers[.idempotencyReplayed] = "true"
                return answer
            }
            let answer = try await body(transaction)
            try await transaction.execute(
                """
                UPDATE klappa.idempotency
                SET status = \(Int16(answer.status.code)), body = \(try seal.close(answer))
                WHERE id = \(claimed)
                """
            )
            return answer
        }
    }

    /// A transaction of the reader as `klappa_member`, run again when the database says that another was in its way.
    @discardableResult
    public static func transaction<Value>(
        _ databases: Databases,
        as reader: Reader,
        _ body: (Transaction) async throws -> Value
    ) async throws -> Value {
        var attempts = 0
        while true {
            do {
                return try await databases.member.transaction(settings: reader.settings, body)
            } catch let error as PostgresError where error.retry == .transaction && attempts < 3 {
                attempts += 1
            }
        }
    }
}

extension Problem {
    /// 412 with the version that was sent, the one that is, and the record as it is now.
    static func stale(sent: Int64, current: Int64, _ record: JSON?) -> Problem {
        var extras = JSON.Members([("sentVersion", .integer(sent)), ("currentVersion", .integer(current))])
        if let record { extras["current"] = record }
        return Problem(.preconditionFailed, extras: extras)
    }
}

extension HTTPField.Name {
    /// Says that an answer was given before.
    static let idempotencyReplayed: HTTPField.Name = {
        guard let name = HTTPField.Name("Idempotency-Replayed") else { preconditionFailure("a field name") }
        return name
    }()
}
