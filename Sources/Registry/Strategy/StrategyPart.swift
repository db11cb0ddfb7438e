internal import NIOCore
internal import Postgres
internal import Web

/// A table of the common strategy that administrators change: from one list of its fields follow the statements, the
/// shapes of the API and the forms.
enum StrategyPart: String, CaseIterable, Sendable {
    case frame, statements, priorities, levels, indicators, commitments

    /// One field of a row.
    struct Field: Sendable {
        enum Kind: Sendable {
            /// A text in both languages, of so many characters at most.
            case both(Int)
            /// One line.
            case line(Int)
            case integer(ClosedRange<Int>)
            case flag
            case day
            /// One of fixed words.
            case choice([String])
            /// The code of a row of another part.
            case code(of: StrategyPart)
        }

        let member: String
        let column: String
        let kind: Kind
        /// Said when the row is made and then kept.
        var isFixed = false
        var isOptional = false

        init(
            _ member: String,
            _ kind: Kind,
            column: String? = nil,
            isFixed: Bool = false,
            isOptional: Bool = false
        ) {
            self.member = member
            self.column = column ?? member
            self.kind = kind
            self.isFixed = isFixed
            self.isOptional = isOptional
        }
    }

    var table: String {
        switch self {
        case .frame: "strategy"
        case .statements: "strategy_statement"
        case .priorities: "strategy_priority"
        case .levels: "strategy_level"
        case .indicators: "strategy_indicator"
        case .commitments: "strategy_commitment"
        }
    }

    /// In ids and names of the API.
    var name: String {
        switch self {
        case .frame: "Frame"
        case .statements: "Statement"
        case .priorities: "Priority"
        case .levels: "Level"
        case .indicators: "Indicator"
        case .commitments: "Commitment"
        }
    }

    /// The key as text: levels have a number.
    var key: SQL { self == .levels ? "t.no::text" : "t.code" }
    /// Whether rows can be added; the frame, the four priorities and the three levels are what they are.
    var canGrow: Bool { self == .statements || self == .indicators || self == .commitments }

    private var order: SQL {
        switch self {
        case .frame, .indicators: "t.code"
        case .statements: "t.sort_order, t.code"
        case .priorities, .levels: "t.no"
        case .commitments:
            "(SELECT p.no FROM klappa.strategy_priority p WHERE p.code = t.priority), t.level, t.sort_order, t.code"
        }
    }

    /// All fields but the key, in the order of forms.
    var fields: [Field] {
        switch self {
        case .frame:
            [
                Field("title", .both(200)), Field("owner", .line(200)),
                Field("adoptedOn", .day, column: "adopted_on"),
                Field("adoptedBy", .both(200), column: "adopted_by"),
                Field("firstYear", .integer(2000...2200), column: "first_year"),
                Field("lastYear", .integer(2000...2200), column: "last_year"),
            ]
        case .statements:
            [
                Field("kind", .choice(["vision", "level", "financing", "background"]), isFixed: true),
                Field("text", .both(500)), Field("year", .integer(1900...2200), isOptional: true),
                Field("paraphrase", .flag), Field("retired", .flag),
            ]
        case .priorities, .levels: [Field("name", .both(200))]
        case .indicators:
            [
                Field(
                    "unit",
                    .choice(["boolean", "hours", "count", "days", "fte", "percent", "date", "sek"]),
                    isFixed: true
                ), Field("name", .both(200)),
            ]
        case .commitments:
            [
                Field("priority", .code(of: .priorities), isFixed: true), Field("level", .integer(1...3)),
                Field("name", .both(200)), Field("indicator", .code(of: .indicators), isOptional: true),
                Field("example", .flag), Field("retired", .flag),
            ]
        }
    }

    // MARK: Statements

    private var row: EditedRow {
        EditedRow(
            table: table,
            fields: fields.flatMap { field -> [EditedRow.Field] in
                let columns: [EditedRow.Field] =
                    switch field.kind {
                    case .both: EditedRow.Field.both(field.column, field.member)
                    case .line, .choice, .code: [.text(field.column, field.member)]
                    case .integer: [.value(field.column, field.member, "smallint")]
                    case .day: [.value(field.column, field.member, "date")]
                    case .flag:
                        [
                            .init(
                                column: field.column,
                                value: "coalesce((x.b ->> '\(SQL(unsafe: field.member))')::boolean, false)"
                            )
                        ]
                    }
                return field.isFixed ? columns.map(\.fixed) : columns
            }
        )
    }

    /// A row as JSON.
    private var record: SQL {
        var pairs: [SQL] = ["'code', \(key)"]
        for field in fields {
            let column = SQL(unsafe: "t." + field.column)
            let value: SQL =
                if case .both = field.kind {
                    "json_build_object('sv', \(column)_sv, 'en', \(column)_en)"
                } else {
                    column
                }
            pairs.append("'\(SQL(unsafe: field.member))', \(value)")
        }
        pairs += ["'edited', t.edited", "'version', t.version"]
        return "json_build_object(\(SQL.joined(pairs, separator: ", ")))"
    }

    /// Every row, retired ones too, in order.
    func list(_ database: PostgresClient) async throws -> (body: [UInt8], version: Int64) {
        let rows = try await database.query(
            """
            SELECT json_build_object('items', coalesce(json_agg(\(record) ORDER BY \(order)), '[]'), 'total', count(*),
                    'next', NULL)::text AS body,
                coalesce(sum(t.version), 0)::bigint AS version
            FROM klappa.\(identifier: table) AS t
            """
        )
        guard let row = rows.first else { throw Problem(.unexpected) }
        return (try row.bytes("body"), try row.decode(Int64.self, "version"))
    }

    /// A row by its key; nil when there is none.
    func find(_ code: String, _ transaction: Transaction) async throws -> JSON? {
        let rows = try await transaction.query(
            "SELECT \(record)::text AS body FROM klappa.\(identifier: table) AS t WHERE \(key) = \(code)"
        )
        guard let row = rows.first else { return nil }
        return JSON(ByteBuffer(bytes: try row.bytes("body")))
    }

    /// Replaces a row if it still has the version; gives it, nil when it met none.
    func change(_ code: String, _ body: JSON, version: Int64, _ transaction: Transaction) async throws
        -> JSON?
    {
        let rows = try await transaction.query(
            row.update(body, where: "\(key) = \(code) AND t.version = \(version)")
        )
        return rows.isEmpty ? nil : try await find(code, transaction)
    }

    /// Adds a row at the end of its part; gives it.
    func add(_ code: String, _ body: JSON, _ transaction: Transaction) async throws -> JSON {
        var keys: [(column: String, value: SQL)] = [("code", "\(code)::text")]
        if self != .indicators {
            keys.append(
                (
                    "sort_order",
                    "(SELECT coalesce(max(s.sort_order), 0) + 10 FROM klappa.\(identifier: table) s)"
                )
            )
        }
        try await transaction.execute(row.insert(body, keys: keys))
        guard let record = try await find(code, transaction) else { throw Problem(.unexpected) }
        return record
    }
}
