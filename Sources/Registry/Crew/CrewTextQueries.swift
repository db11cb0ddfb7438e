internal import Postgres

/// The SQL that understands typed words: what they are when folded, whether anybody has them, what they may mean.
enum CrewTextQueries {
    /// A typed word as the database reads it.
    struct Word: Hashable, Sendable {
        /// Folded; letters and digits only, possibly empty.
        let folded: String
        /// Whether somebody has a name that begins with it, or says it in a headline.
        let isFound: Bool
    }

    /// Reads words, in order.
    static func read(_ words: [String], _ database: PostgresClient) async throws(PostgresError) -> [Word] {
        let rows = try await database.query(
            """
            SELECT f.word, f.word <> '' AND (
                EXISTS (SELECT FROM klappa.crew_public c WHERE c.names @@ (f.word || ':*')::tsquery)
                OR EXISTS (
                    SELECT FROM klappa.crew_public c
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
        for row in rows {
            read.append(Word(folded: try row.decode(at: 0), isFound: try row.decode(at: 1)))
        }
        return read
    }

    /// Words of names that are one typing error away from a folded word, sorted.
    static func mended(_ word: String, _ database: PostgresClient) async throws(PostgresError) -> [String] {
        let candidates = Typo.candidates(for: word)
        let rows = try await database.query(
            """
            SELECT DISTINCT w.word
            FROM klappa.crew_word w
            WHERE w.word = ANY (\(candidates.words)) OR w.word LIKE ANY (\(candidates.patterns))
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
