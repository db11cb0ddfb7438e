internal import Postgres

/// The SQL that brings one chunk of turned bits up to date, inside a transaction with one snapshot.
struct CrewBitQueries {
    let transaction: Transaction
    let chunk: Int32

    private var first: Int32 { chunk * Int32(CrewFacetQueries.chunk) }
    private var range: SQL { "c.no >= \(first) AND c.no < \(first + Int32(CrewFacetQueries.chunk))" }

    /// Writes the rows that differ, and takes the marks away that this snapshot sees.
    func refresh() async throws {
        try await write(try await values())
        for audience in [CrewAudience.anyone, .approved(account: "")] {
            try await write(try await days(audience), to: audience.dayBits)
        }
        try await transaction.execute("DELETE FROM klappa.crew_dirty c WHERE \(range)")
    }

    private func values() async throws -> CrewBitRows {
        var bits = CrewBitRows()
        var regions: [(bit: Int32, code: String)] = []
        for row in try await transaction.query("SELECT no, code FROM klappa.region") {
            regions.append((1 << Int32(try row.decode(Int16.self, at: 0)), try row.decode(at: 1)))
        }
        let people = try await transaction.query(
            """
            SELECT c.no - \(first) AS place, 1 << c.home_region AS home, c.regions, c.travel, t.code AS municipality,
                c.languages, c.certificates
            FROM klappa.crew_public c
            LEFT JOIN klappa.municipality t ON t.no = c.municipality
            WHERE \(range)
            """
        )
        for row in people {
            let place = Int(try row.decode(Int32.self, at: 0))
            bits.set(.init(kind: "live"), at: place)
            for (kind, column) in [("region_home", 1), ("region_local", 2), ("region_travel", 3)] {
                let mask = try row.decode(Int32.self, at: column)
                for region in regions where region.bit & mask != 0 {
                    bits.set(.init(kind: kind, value: region.code), at: place)
                }
            }
            if let code = try row.decode(String?.self, at: 4) {
                bits.set(.init(kind: "municipality", value: code), at: place)
            }
            for code in try row.decode([String].self, at: 5) {
                bits.set(.init(kind: "language", value: code), at: place)
            }
            for code in try row.decode([String].self, at: 6) {
                bits.set(.init(kind: "certificate", value: code), at: place)
            }
        }
        let roles = try await transaction.query(
            """
            SELECT c.no - \(first) AS place, r.code, d.code AS department, o.grades
            FROM klappa.crew_public c
            JOIN klappa.crew_post o ON o.id = c.id AND o.home AND o.role <> 0
            JOIN klappa.role r ON r.no = o.role
            JOIN klappa.department d ON d.no = r.department
            WHERE \(range)
            """
        )
        for row in roles {
            bits.set(
                role: try row.decode(at: 1),
                department: try row.decode(at: 2),
                grades: try row.decode(at: 3),
                at: Int(try row.decode(Int32.self, at: 0))
            )
        }
        return bits
    }

    private func write(_ bits: CrewBitRows) async throws {
        var wanted = bits.values
        var gone: [CrewBitRows.Key] = []
        let stored = try await transaction.query(
            "SELECT kind, value, grade, bits FROM klappa.crew_bits WHERE chunk = \(chunk)"
        )
        for row in stored {
            let key = CrewBitRows.Key(
                kind: try row.decode(at: 0),
                value: try row.decode(at: 1),
                grade: try row.decode(at: 2)
            )
            switch wanted[key] {
            case nil: gone.append(key)
            case let bytes? where try row.decode(BitString.self, at: 3).bytes == bytes: wanted[key] = nil
            default: break
            }
        }
        try await transaction.execute(
            """
            DELETE FROM klappa.crew_bits b
            USING unnest(\(gone.map(\.kind)), \(gone.map(\.value)), \(gone.map(\.grade))) AS g (kind, value, grade)
            WHERE b.kind = g.kind AND b.value = g.value AND b.grade = g.grade AND b.chunk = \(chunk)
            """
        )
        let pairs = Array(wanted)
        for start in stride(from: 0, to: pairs.count, by: 200) {
            let batch = pairs[start..<min(start + 200, pairs.count)]
            let keys = batch.map(\.key)
            let rows = batch.map { BitString(count: CrewFacetQueries.chunk, bytes: $0.value) }
            try await transaction.execute(
                """
                INSERT INTO klappa.crew_bits (kind, value, grade, chunk, bits)
                SELECT n.kind, n.value, n.grade, \(chunk), n.bits
                FROM unnest(\(keys.map(\.kind)), \(keys.map(\.value)), \(keys.map(\.grade)), \(rows))
                    AS n (kind, value, grade, bits)
                ON CONFLICT (kind, value, grade, chunk) DO UPDATE SET bits = excluded.bits
                """
            )
        }
    }

    private func days(_ audience: CrewAudience) async throws -> CrewDayRows {
        var turned = CrewDayRows()
        let rows = try await transaction.query(
            """
            SELECT c.no - \(first) AS place, y.free
            FROM klappa.crew_public c JOIN \(audience.days) y ON y.id = c.id
            WHERE \(range)
            """
        )
        for row in rows {
            turned.set(
                try row.decode(BitString.self, at: 1).bytes,
                at: Int(try row.decode(Int32.self, at: 0))
            )
        }
        return turned
    }

    /// In slices of days, so that little is in memory at a time.
    private func write(_ turned: CrewDayRows, to table: SQL) async throws {
        for start in stride(from: 0, to: CrewWindow.length, by: 128) {
            let slice = start..<min(start + 128, CrewWindow.length)
            let stored = try await transaction.query(
                """
                SELECT day, bits FROM \(table)
                WHERE chunk = \(chunk) AND day >= \(Int16(slice.lowerBound)) AND day < \(Int16(slice.upperBound))
                """
            )
            var known: [Int: [UInt8]] = [:]
            for row in stored {
                known[Int(try row.decode(Int16.self, at: 0))] = try row.decode(BitString.self, at: 1).bytes
            }
            let changed = slice.filter { known[$0] != turned.row($0) }
            guard !changed.isEmpty else { continue }
            let rows = changed.map { BitString(count: CrewFacetQueries.chunk, bytes: turned.row($0)) }
            try await transaction.execute(
                """
                INSERT INTO \(table) (day, chunk, bits)
                SELECT n.day, \(chunk), n.bits FROM unnest(\(changed.map { Int16($0) }), \(rows)) AS n (day, bits)
                ON CONFLICT (day, chunk) DO UPDATE SET bits = excluded.bits
                """
            )
        }
    }
}
