internal import NIOCore
internal import Postgres
internal import Web

/// A row that is written from a JSON body: which member goes into which column.
///
/// Operations of the API and forms write through the same statements; what is not named in the body becomes NULL, for a
/// change replaces the row. Row security and grants decide who may.
struct EditedRow: Sendable {
    /// One column.
    struct Field: Sendable {
        let column: String
        /// Of the body, which is `x.b`.
        let value: SQL
        var isInserted = true
        var isChanged = true

        /// Text of a member.
        static func text(_ column: String, _ member: String? = nil) -> Field {
            Field(column: column, value: "x.b ->> '\(SQL(unsafe: member ?? column))'")
        }

        /// A member of another type.
        static func value(_ column: String, _ member: String, _ type: String) -> Field {
            Field(column: column, value: "(x.b ->> '\(SQL(unsafe: member))')::\(SQL(unsafe: type))")
        }

        /// An end of the days `from` and `to`, which are the same whichever comes first.
        enum End: String { case first = "least", last = "greatest" }

        /// The first or last day.
        static func day(_ column: String, _ end: End) -> Field {
            let end = SQL(unsafe: end.rawValue)
            return Field(column: column, value: "\(end)((x.b ->> 'from')::date, (x.b ->> 'to')::date)")
        }

        /// A text in both languages, in two columns.
        static func both(_ column: String, _ member: String? = nil) -> [Field] {
            ["sv", "en"].map { language in
                Field(
                    column: "\(column)_\(language)",
                    value: "x.b -> '\(SQL(unsafe: member ?? column))' ->> '\(SQL(unsafe: language))'"
                )
            }
        }

        /// Set when the row is made and then kept.
        var fixed: Field {
            var field = self
            field.isChanged = false
            return field
        }

        /// Not for the writer of a new row to say.
        var laterOnly: Field {
            var field = self
            field.isInserted = false
            return field
        }
    }

    let table: String
    let fields: [Field]

    /// Adds a row.
    ///
    /// - Parameter keys: columns that are not in the body, with their values.
    func insert(_ body: JSON, keys: [(column: String, value: SQL)]) -> SQL {
        let inserted = fields.filter(\.isInserted)
        let columns = keys.map { $0.column } + inserted.map(\.column)
        return """
            INSERT INTO klappa.\(identifier: table) (\(Self.list(columns)))
            SELECT \(SQL.joined(keys.map { $0.value } + inserted.map(\.value), separator: ", "))
            FROM (SELECT \(Self.json(body))::jsonb AS b) AS x
            """
    }

    /// Replaces a row, which is `t` in the condition; gives its new version.
    func update(_ body: JSON, where condition: SQL) -> SQL {
        let settings = fields.filter(\.isChanged).map { field -> SQL in
            "\(identifier: field.column) = \(field.value)"
        }
        return """
            UPDATE klappa.\(identifier: table) AS t
            SET \(SQL.joined(settings, separator: ", "))
            FROM (SELECT \(Self.json(body))::jsonb AS b) AS x
            WHERE \(condition)
            RETURNING t.version
            """
    }

    private static func list(_ columns: [String]) -> SQL {
        SQL(unsafe: columns.map(SQL.quoted(identifier:)).joined(separator: ", "))
    }

    private static func json(_ body: JSON) -> JSONText { JSONText(String(buffer: body.bytes)) }
}
