internal import Postgres
internal import Web

/// Typed text on its way to being understood, for companies and locations: titles of kinds and categories first, in
/// either language, then words that somebody has, then what is one typing error away.
///
/// A kind's title also finds what has the word in its name: *slott* finds castles, and a manor called Teleborgs slott.
/// Because all titles of the kind are looked for, both languages find the same.
struct ListingText: Sendable {
    let kind: ListingPlan.Kind
    let titles: CrewTitles
    /// The titles of a code, in both languages.
    let titlesOf: @Sendable (String) -> [String]
    /// A condition for having one of the codes, over a listing `p`.
    let having: @Sendable ([String]) -> SQL

    /// What typed text was taken for.
    struct Understood: Hashable, Sendable {
        /// Codes that a title in it named, exactly or within one typing error.
        var codes: [String]
        /// The words that were looked for, mended where nothing but a typing error away was found; nil without any.
        var text: String?
    }

    /// The conditions that the text stands for, all of which must be met; nil when there is no word in it.
    func read(
        _ typed: String?,
        _ database: PostgresClient
    ) async throws -> (understood: Understood, filters: [ListingPlan.Filter])? {
        let text = CrewText(typed ?? "")
        guard !text.words.isEmpty else { return nil }
        var (codes, rest) = text.rolesNamed(in: titles)
        let telling = rest.filter { !CrewText.stopWords.contains(Vocabularies.fold(text.words[$0])) }
        if !telling.isEmpty || !codes.isEmpty { rest = telling }
        var filters: [ListingPlan.Filter] = []
        var shown: [String] = []
        if !rest.isEmpty {
            let read = try await find(rest.map { text.words[$0] }, database)
            let words = Dictionary(uniqueKeysWithValues: zip(rest, read))
            let mistyped = text.rolesMistyped(
                in: titles,
                among: rest,
                unknown: Set(rest.filter { words[$0]?.isFound == false })
            )
            for code in mistyped.roles where !codes.contains(code) { codes.append(code) }
            for word in mistyped.rest.compactMap({ words[$0] }) where !word.folded.isEmpty {
                let mended =
                    word.isFound || word.folded.count < 4 ? [] : try await mended(word.folded, database)
                shown.append(mended.isEmpty ? word.folded : mended.joined(separator: "|"))
                filters.append(
                    Self.filter(
                        names: mended.isEmpty ? word.folded + ":*" : mended.joined(separator: "|"),
                        about: word.folded
                    )
                )
            }
        }
        if !codes.isEmpty { filters.append(named(codes)) }
        return (Understood(codes: codes, text: shown.isEmpty ? nil : shown.joined(separator: " ")), filters)
    }

    private static func filter(names: String, about: String) -> ListingPlan.Filter {
        ListingPlan.Filter(
            facet: nil,
            condition: """
                (p.names @@ \(names)::text::tsquery
                    OR p.about @@ (plainto_tsquery('swedish', \(about)) || plainto_tsquery('english', \(about))))
                """,
            key: ["word", names, about]
        )
    }

    private func named(_ codes: [String]) -> ListingPlan.Filter {
        let titles = Set(codes.flatMap(titlesOf)).sorted().compactMap { title -> String? in
            let words = title.split { !$0.isLetter && !$0.isNumber }.map { Vocabularies.fold(String($0)) }
            return words.isEmpty ? nil : "(" + words.joined(separator: " & ") + ")"
        }
        let query = titles.joined(separator: " | ")
        return ListingPlan.Filter(
            facet: nil,
            condition: "(\(having(codes)) OR p.names @@ \(query)::text::tsquery)",
            key: ["named"] + codes.sorted()
        )
    }
}

extension ListingText {
    private struct Word {
        let folded: String
        let isFound: Bool
    }

    /// Words as the database reads them, in order.
    private func find(_ words: [String], _ database: PostgresClient) async throws(PostgresError) -> [Word] {
        let rows = try await database.query(
            """
            SELECT f.word, f.word <> '' AND (
                EXISTS (SELECT FROM \(kind.table) c WHERE c.names @@ (f.word || ':*')::tsquery)
                OR EXISTS (
                    SELECT FROM \(kind.table) c
                    WHERE c.about @@ (plainto_tsquery('swedish', f.word) || plainto_tsquery('english', f.word)))
            ) AS found
            FROM unnest(\(words)) WITH ORDINALITY AS t (typed, place)
            CROSS JOIN LATERAL (
                SELECT regexp_replace(klappa.fold(t.typed), '[^[:alnum:]]+', '', 'g') AS word) AS f
            ORDER BY t.place
            """,
            lane: .search
        )
        var read: [Word] = []
        for row in rows { read.append(Word(folded: try row.decode(at: 0), isFound: try row.decode(at: 1))) }
        return read
    }

    /// Words of names that are one typing error away from a folded word, sorted.
    private func mended(_ word: String, _ database: PostgresClient) async throws(PostgresError) -> [String] {
        let candidates = Typo.candidates(for: word)
        let rows = try await database.query(
            """
            SELECT w.word FROM klappa.listing_word w
            WHERE w.kind = \(kind.rawValue)
                AND (w.word = ANY (\(candidates.words)) OR w.word LIKE ANY (\(candidates.patterns)))
            ORDER BY w.word
            LIMIT 20
            """,
            lane: .search
        )
        var words: [String] = []
        for row in rows { words.append(try row.decode(at: 0)) }
        return words
    }
}
