internal import FoundationEssentials
internal import NIOCore
internal import Postgres
internal import Web

/// Everything that is stored about whoever asks, as the inventory of columns says (`sql/reference/column_uses.csv`).
///
/// The files beside this one: `OwnDataArchive` makes one file of it, `OwnDataPages` shows it and erases it, `ErasureUpkeep`
/// finishes erasures, `ErasureLedger` remembers them outside the database.
struct OwnData: Sendable {
    /// The rows of one table that are the reader's.
    struct Table: Sendable {
        /// Its name; for what the reader did to records of others that and the column, `decision_told_by`.
        let name: String
        /// A JSON array, as PostgreSQL writes it.
        let text: String
        let rows: [JSON]
    }

    /// A column that is not exported, and why.
    struct Withheld: Sendable {
        let table: String
        let column: String
        let why: String
    }

    /// Something under archive rules that names the reader and stays when all else is erased.
    struct Case: Sendable {
        /// What it is: the reader asked, wrote, applied or took part.
        enum Kind: String, CaseIterable { case inquiry, written, application, participant }

        let kind: Kind
        /// A case number, or the number of arrival.
        let number: String
        let title: Localized
    }

    /// Every table, also those without rows.
    let tables: [Table]

    /// The parts in which the page tells it, each with its tables and where its data are corrected.
    static let parts: [(name: String, tables: Set<String>, path: String?)] = [
        ("account", ["account"], "/account"),
        (
            "listing",
            [
                "subject", "person", "person_role", "person_local_region", "person_language",
                "person_certificate",
                "contact_field", "link", "credit", "renewal_ask",
            ],
            "/me/listing"
        ),
        ("calendar", ["calendar", "block", "hold", "booking"], "/me/listing/calendar"),
        (
            "offers",
            [
                "company", "company_service", "location", "location_kind", "location_fact",
                "location_production",
                "photo", "listing_proposal",
            ],
            "/offers"
        ),
        ("consents", ["consent"], "/me/listing"),
        (
            "applications",
            [
                "application", "answer_file", "application_review", "assessment", "decision", "participant",
            ],
            "/applications"
        ),
        ("inquiries", ["inquiry", "inquiry_contact", "inquiry_link"], nil),
        ("rights", ["grants", "api_key", "claim"], "/account"),
        ("searching", ["searcher_request", "shortlist", "shortlist_item"], "/lists"),
        ("sessions", ["session", "sign_in_request", "openid_identity", "idempotency"], "/account"),
        ("letters", ["outbox"], nil),
        ("history", ["change", "change_value", "change_transaction"], nil),
    ]

    /// The part of what somebody did to records of others.
    static let deeds = "deeds"

    /// How many rows each part has, those without left out.
    var counts: [(part: String, path: String?, count: Int)] {
        var left = Dictionary(uniqueKeysWithValues: tables.map { ($0.name, $0.rows.count) })
        var counts: [(part: String, path: String?, count: Int)] = Self.parts.map { part in
            (part.name, part.path, part.tables.reduce(0) { $0 + (left.removeValue(forKey: $1) ?? 0) })
        }
        counts.append((Self.deeds, nil, left.values.reduce(0, +)))
        return counts.filter { $0.count > 0 }
    }
}

/// The SQL of a person's own data.
enum OwnDataQueries {
    /// Everything about the reader.
    static func all(_ transaction: Transaction) async throws -> OwnData {
        let rows = try await transaction.query(
            "SELECT d.\"table\" AS name, d.rows::text AS text FROM klappa.own_data() AS d"
        )
        return OwnData(
            tables: try rows.map { row in
                let text = try row.decode(String.self, "text")
                return OwnData.Table(
                    name: try row.decode(String.self, "name"),
                    text: text,
                    rows: JSON(text: text)?.array ?? []
                )
            }
        )
    }

    /// What is not exported.
    static func withheld(_ transaction: Transaction) async throws(PostgresError) -> [OwnData.Withheld] {
        let rows = try await transaction.query(
            """
            SELECT u."table" AS name, u."column" AS col, u.why
            FROM klappa.column_use u
            WHERE u.kind <> 'none' AND NOT u.exported AND u.finds IS DISTINCT FROM 'actor'
            ORDER BY u."table", u."column"
            """
        )
        var withheld: [OwnData.Withheld] = []
        for row in rows {
            withheld.append(
                OwnData.Withheld(
                    table: try row.decode(String.self, "name"),
                    column: try row.decode(String.self, "col"),
                    why: try row.decode(String.self, "why")
                )
            )
        }
        return withheld
    }

    /// What stays, locked, when all else is erased.
    static func archived(_ transaction: Transaction) async throws(PostgresError) -> [OwnData.Case] {
        let rows = try await transaction.query(
            "SELECT c.kind, c.number, c.title_sv, c.title_en FROM klappa.archived_cases() AS c"
        )
        var cases: [OwnData.Case] = []
        for row in rows {
            guard let kind = OwnData.Case.Kind(rawValue: try row.decode(String.self, "kind")) else {
                continue
            }
            cases.append(
                OwnData.Case(
                    kind: kind,
                    number: try row.decode(String?.self, "number") ?? "",
                    title: Localized(
                        sv: try row.decode(String.self, "title_sv"),
                        en: try row.decode(String.self, "title_en")
                    )
                )
            )
        }
        return cases
    }

    /// Erases the reader whole; false when they are gone already.
    static func erase(_ transaction: Transaction) async throws(PostgresError) -> Bool {
        let rows = try await transaction.query("SELECT klappa.erase_own_account() AS done")
        return try rows.first?.decode(Bool.self, "done") ?? false
    }
}
