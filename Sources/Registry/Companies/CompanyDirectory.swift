internal import Foundation
internal import Postgres
internal import Web

/// The one way to companies: searches and records, from projections that hold nothing but what anyone may see.
public struct CompanyDirectory: Sendable {
    private let databases: Databases
    private let catalogue: VocabularyCatalogue
    private let searcher: ListingSearcher

    /// - Parameters:
    ///   - databases: `open` is read.
    ///   - vocabularies: what codes and titles are checked against.
    public init(_ databases: Databases, _ vocabularies: VocabularyCatalogue) {
        self.databases = databases
        catalogue = vocabularies
        searcher = ListingSearcher(databases)
    }

    /// Companies that match, with the total and the counts asked for.
    ///
    /// - Throws: `Problem` 400 naming each unknown code, 409 for the cursor of another search; `PostgresError`.
    func search(_ search: CompanySearch) async throws -> ListingResults {
        let vocabularies = try await catalogue.current()
        let text = try await Self.text(vocabularies).read(search.text, databases.open)
        let plan = try search.plan(text: text?.filters ?? [], vocabularies)
        let facets = CompanyFacet.allCases.filter(search.facets.contains).map { $0.counted(vocabularies) }
        var results = try await searcher.find(plan, facets: facets, limit: search.limit, place: search.place)
        results.understood = text?.understood
        return results
    }

    /// How typed text is understood: titles of categories.
    private static func text(_ vocabularies: Vocabularies) -> ListingText {
        ListingText(
            kind: .company,
            titles: vocabularies.companyTitles,
            titlesOf: { code in vocabularies.companyCategory(code).map { [$0.name.sv, $0.name.en] } ?? [] },
            having: { codes in "p.categories && \(codes)" }
        )
    }

    /// A company in full, by slug or id; nil when there is none of that name whom anyone may see.
    public func record(_ slugOrID: String) async throws -> CompanyRecord? {
        guard let (body, version) = try await recordBody(slugOrID) else { return nil }
        return CompanyRecord(
            body: body,
            version: version,
            listing: try CrewJSON.decode(CompanyListing.self, from: body),
            details: try CrewJSON.decode(CompanyRecord.Details.self, from: body)
        )
    }

    /// The record's JSON text and version alone, untouched.
    func recordBody(_ slugOrID: String) async throws -> (body: [UInt8], version: Int64)? {
        // No slug has the form of an id.
        let rows: Rows
        if slugOrID.utf8.count == 36, let id = UUID(uuidString: slugOrID) {
            rows = try await databases.open.query(
                "SELECT version, body FROM klappa.company_record WHERE id = \(id)"
            )
        } else {
            rows = try await databases.open.query(
                "SELECT version, body FROM klappa.company_record WHERE slug = \(slugOrID)"
            )
        }
        guard let row = rows.first else { return nil }
        return (try row.bytes("body"), try row.decode(Int64.self, "version"))
    }
}
