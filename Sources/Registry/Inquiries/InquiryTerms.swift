internal import Postgres
internal import Web

/// The vocabularies that inquiries speak of, with their titles, and the steps between statuses, all read at one moment.
struct InquiryTerms: Sendable {
    /// A code with its titles.
    struct Term: Hashable, Sendable {
        let code: String
        let name: Localized
        let retired: Bool
        /// Of a kind of place: the group it belongs to, nil for a group.
        var parent: String?
        /// Of a status: what it means, and whether nothing more is expected.
        var outcome = "open"
        var isFinal = false
    }

    /// One list, in the order of the vocabulary.
    struct List: Sendable {
        let terms: [Term]
        private let places: [String: Int]

        init(_ terms: [Term]) {
            self.terms = terms
            places = Dictionary(terms.enumerated().map { ($1.code, $0) }) { first, _ in first }
        }

        /// The term with a code, also a retired one.
        subscript(code: String) -> Term? { places[code].map { terms[$0] } }

        /// What may be chosen.
        var offered: [Term] { terms.filter { !$0.retired } }

        /// The term whose title in either language is this, case and accents left aside.
        func titled(_ title: String) -> Term? {
            let folded = Vocabularies.fold(title)
            return terms.first {
                Vocabularies.fold($0.name.sv) == folded || Vocabularies.fold($0.name.en) == folded
            }
        }
    }

    let sources: List
    let statuses: List
    let lostReasons: List
    let productionTypes: List
    let locationTypes: List
    /// From a status to the statuses that may follow, in their order.
    let steps: [String: [String]]

    /// The codes of each vocabulary, by the names that schemas use.
    var codes: [String: [String]] {
        [
            "leadSource": sources.terms.map(\.code), "inquiryStatus": statuses.terms.map(\.code),
            "inquiryOutcome": statuses.terms.filter { $0.outcome != "open" }.map(\.code),
            "lostReason": lostReasons.terms.map(\.code), "productionType": productionTypes.terms.map(\.code),
            "locationType": locationTypes.terms.map(\.code),
        ]
    }

    /// The title of a code; the code itself when there is none.
    func title(_ list: KeyPath<InquiryTerms, List>, _ code: String?, _ language: Language) -> String? {
        code.map { self[keyPath: list][$0]?.name[language] ?? $0 }
    }

    /// Reads everything.
    static func load(_ database: PostgresClient) async throws -> InquiryTerms {
        InquiryTerms(
            sources: try await list("lead_source", database),
            statuses: try await list("inquiry_status", outcome: "s.outcome, s.final", database),
            lostReasons: try await list("lost_reason", database),
            productionTypes: try await list("production_type", database),
            locationTypes: try await list("location_type", parent: "s.parent", database),
            steps: try await steps(database)
        )
    }

    private static func list(
        _ table: String,
        parent: String = "NULL::text",
        outcome: String = "'open' AS outcome, false AS final",
        _ database: PostgresClient
    ) async throws -> List {
        let columns: SQL = SQL(unsafe: "\(parent) AS parent, \(outcome)")
        let rows = try await database.query(
            """
            SELECT s.code, s.name_sv, s.name_en, s.retired, \(columns)
            FROM klappa.\(identifier: table) s
            ORDER BY s.sort_order, s.code
            """
        )
        return List(
            try rows.map { row in
                Term(
                    code: try row.decode(String.self, "code"),
                    name: Localized(
                        sv: try row.decode(String.self, "name_sv"),
                        en: try row.decode(String.self, "name_en")
                    ),
                    retired: try row.decode(Bool.self, "retired"),
                    parent: try row.decode(String?.self, "parent"),
                    outcome: try row.decode(String.self, "outcome"),
                    isFinal: try row.decode(Bool.self, "final")
                )
            }
        )
    }

    private static func steps(_ database: PostgresClient) async throws -> [String: [String]] {
        let rows = try await database.query(
            """
            SELECT t.from_status, array_agg(t.to_status ORDER BY s.sort_order) AS next
            FROM klappa.inquiry_transition t
            JOIN klappa.inquiry_status s ON s.code = t.to_status
            GROUP BY t.from_status
            """
        )
        var steps: [String: [String]] = [:]
        for row in rows {
            steps[try row.decode(String.self, "from_status")] = try row.decode([String].self, "next")
        }
        return steps
    }
}

/// The present reading of ``InquiryTerms``, at most half a minute old; an old one serves when the database is away.
actor InquiryTermCatalogue {
    private let database: PostgresClient
    private var held: (terms: InquiryTerms, until: ContinuousClock.Instant)?

    /// - Parameter database: of any role; vocabularies are for everyone.
    init(_ database: PostgresClient) { self.database = database }

    /// - Throws: what reading threw, when there is no earlier reading.
    func current() async throws -> InquiryTerms {
        if let held, .now < held.until { return held.terms }
        do {
            let terms = try await InquiryTerms.load(database)
            held = (terms, .now + .seconds(30))
            return terms
        } catch {
            guard let held else { throw error }
            return held.terms
        }
    }
}
