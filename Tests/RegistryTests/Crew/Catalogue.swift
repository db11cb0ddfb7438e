import FoundationEssentials
import Postgres

@testable import Registry

/// A random catalogue of crew in memory, as the rules see it: the source of what is written to the database, and of
/// what searches must answer.
struct Catalogue: Sendable {
    /// Everything about a person that a search can depend on.
    struct Person: Sendable {
        var id: UUID
        var name: String
        var state: String
        var homeRegion: Int16
        var localRegions: Set<Int16>
        var municipality: String?
        var roles: [Int16: CrewSearch.Grade]
        var languages: Set<String>
        var certificates: Set<String>
        var visibility: String
        var renewedOn: Day
        var travelRadius: Int16?
        var known: DayRange?
        var blocks: [DayMultirange]
        var holds: [(days: DayMultirange, isActive: Bool)]
        var bookings: [(days: DayMultirange, isConfirmed: Bool)]
        /// Read back from PostGIS, which alone knows: metres to each region and to the point of the tests.
        var metresToRegion: [Int16: Double] = [:]
        var metresToPoint: Double?
        /// Read back from PostgreSQL, which alone knows: the place of the name among all, as Swedish sorts.
        var nameRank = 0
    }

    /// From where distances are measured.
    static let point = (latitude: 56.2, longitude: 14.1)

    var people: [Person]
    let firstDay: Day
    let vocabularies: Vocabularies
    /// The roles, languages and certificates that people may have.
    let roles: [Int16]
    static let languages = ["sv", "en", "de"]
    static let certificates = ["licence_b", "licence_c"]

    init(
        count: Int,
        firstDay: Day,
        _ vocabularies: Vocabularies,
        using random: inout some RandomNumberGenerator
    ) {
        self.firstDay = firstDay
        self.vocabularies = vocabularies
        // Two of one department, and some of others.
        let roles = [0, 1, 40, 41, 90, 150].map { vocabularies.roles[$0].no }
        self.roles = roles
        people = []
        for _ in 0..<count {
            people.append(
                Self.person(roles: roles, firstDay: firstDay, vocabularies, using: &random)
            )
        }
    }

    /// Somebody, with clusters of equal names and days of renewal so that ties are common.
    static func person(
        roles: [Int16],
        firstDay: Day,
        _ vocabularies: Vocabularies,
        using random: inout some RandomNumberGenerator
    ) -> Person {
        func chance(_ share: Double, _ random: inout some RandomNumberGenerator) -> Bool {
            Double.random(in: 0..<1, using: &random) < share
        }
        func pick<Value>(_ values: [Value], _ random: inout some RandomNumberGenerator) -> Value {
            values[Int.random(in: 0..<values.count, using: &random)]
        }
        func days(_ random: inout some RandomNumberGenerator) -> DayMultirange {
            DayMultirange(
                (0..<Int.random(in: 1...2, using: &random)).map { _ in
                    let first = firstDay + Int.random(in: -20...1110, using: &random)
                    return DayRange(first: first, last: first + Int.random(in: 0...25, using: &random))
                }
            )
        }
        let region = pick(vocabularies.regions, &random)
        let municipalities = vocabularies.municipalities.filter { $0.region == region.code }.prefix(2)
        let held = roles.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random))
        var bookings: [(days: DayMultirange, isConfirmed: Bool)] = []
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let isConfirmed = chance(0.7, &random)
            let wanted = days(&random)
            if isConfirmed, bookings.contains(where: { $0.isConfirmed && $0.days.overlaps(wanted) }) {
                continue
            }
            bookings.append((wanted, isConfirmed))
        }
        let from = firstDay + Int.random(in: -30...60, using: &random)
        return Person(
            id: UUID.version7(),
            name: pick(names, &random),
            state: chance(0.85, &random)
                ? "published" : pick(["draft", "in_review", "hidden", "lapsed"], &random),
            homeRegion: region.no,
            localRegions: Set(vocabularies.regions.map(\.no).filter { _ in chance(0.15, &random) }),
            municipality: chance(0.9, &random) ? pick(Array(municipalities), &random).code : nil,
            roles: Dictionary(
                uniqueKeysWithValues: held.map { ($0, pick(CrewSearch.Grade.allCases, &random)) }
            ),
            languages: Set(languages.filter { _ in chance(0.6, &random) }),
            certificates: Set(certificates.filter { _ in chance(0.5, &random) }),
            visibility: pick(["anyone", "anyone", "approved", "approved", "nobody"], &random),
            renewedOn: firstDay + Int.random(in: 0...3, using: &random),
            travelRadius: chance(0.5, &random) ? Int16.random(in: 0...250, using: &random) : nil,
            known: chance(0.85, &random)
                ? DayRange(first: from, last: from + Int.random(in: 0...1200, using: &random)) : nil,
            blocks: (0..<Int.random(in: 0...8, using: &random)).map { _ in days(&random) },
            holds: (0..<Int.random(in: 0...4, using: &random)).map { _ in
                (days(&random), chance(0.7, &random))
            },
            bookings: bookings
        )
    }

    static let names = [
        "Åke Ek", "Ake Ek", "Ärla Öst", "Östen Ål", "Anna Zorn", "Anna Ek", "Bo Wall", "Bo Vall", "Örjan Ek",
    ]
}

extension Catalogue {
    /// Writes everybody to the base tables, by statements for many at once.
    func write(_ worker: PostgresClient) async throws {
        try await worker.transaction { transaction in
            for person in people { try await Self.write(person, transaction) }
        }
    }

    /// Writes one person in the transaction.
    static func write(_ person: Person, _ transaction: Transaction) async throws {
        let roles = person.roles.sorted { $0.key < $1.key }
        try await transaction.execute(
            """
            INSERT INTO klappa.person (id, name, state, home_region, municipality, availability_visibility, renewed_on,
                travel_radius, invented)
            VALUES (\(person.id), \(person.name), 'draft', \(person.homeRegion), \(person.municipality),
                \(person.visibility), \(person.renewedOn), \(person.travelRadius), true)
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.person_role (person, role, grade, "primary")
            SELECT \(person.id), r.role, r.grade, r.place = 1
            FROM unnest(\(roles.map(\.key)), \(roles.map(\.value.rawValue)))
                WITH ORDINALITY AS r (role, grade, place)
            """
        )
        try await transaction.execute(
            "UPDATE klappa.person SET state = \(person.state) WHERE id = \(person.id)"
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.person_local_region (person, region)
            SELECT \(person.id), r FROM unnest(\(Array(person.localRegions))) AS r
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.person_language (person, language, proficiency)
            SELECT \(person.id), l, 'fluent' FROM unnest(\(Array(person.languages))) AS l
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.person_certificate (person, certificate)
            SELECT \(person.id), c FROM unnest(\(Array(person.certificates))) AS c
            """
        )
        try await writeDays(of: person, transaction)
    }

    /// Writes a person's calendar, which must be empty before.
    static func writeDays(of person: Person, _ transaction: Transaction) async throws {
        if let known = person.known {
            try await transaction.execute(
                """
                INSERT INTO klappa.calendar (subject, known_from, known_to)
                VALUES (\(person.id), \(known.firstDay), \(known.lastDay))
                """
            )
        }
        for block in person.blocks {
            try await transaction.execute(
                "INSERT INTO klappa.block (subject, days) VALUES (\(person.id), \(block))"
            )
        }
        for hold in person.holds {
            try await transaction.execute(
                """
                INSERT INTO klappa.hold (subject, state, days)
                VALUES (\(person.id), \(hold.isActive ? "offered" : "released"), \(hold.days))
                """
            )
        }
        for booking in person.bookings {
            try await transaction.execute(
                """
                INSERT INTO klappa.booking (subject, state, days)
                VALUES (\(person.id), \(booking.isConfirmed ? "confirmed" : "cancelled"), \(booking.days))
                """
            )
        }
    }

    /// Reads back what only the database knows: distances, and the Swedish order of names.
    mutating func measure(_ worker: PostgresClient) async throws {
        var measured: [UUID: (rank: Int, point: Double?, regions: [Int16: Double])] = [:]
        let rows = try await worker.query(
            """
            SELECT p.id, dense_rank() OVER (ORDER BY p.name COLLATE "sv-x-icu") AS rank,
                ST_Distance(p.public_point, ST_MakePoint(\(Self.point.longitude), \(Self.point.latitude))::geography)
                    AS metres
            FROM klappa.person p
            """
        )
        for row in rows {
            measured[try row.decode(UUID.self, "id")] = (
                try row.decode(Int.self, "rank"), try row.decode(Double?.self, "metres"), [:]
            )
        }
        let distances = try await worker.query(
            """
            SELECT p.id, r.no, ST_Distance(p.public_point, coalesce(r.outline, r.box::geography)) AS metres
            FROM klappa.person p CROSS JOIN klappa.region r WHERE p.public_point IS NOT NULL
            """
        )
        for row in distances {
            let id = try row.decode(UUID.self, "id")
            measured[id]?.regions[try row.decode(Int16.self, "no")] = try row.decode(Double.self, "metres")
        }
        for index in people.indices {
            guard let found = measured[people[index].id] else { continue }
            people[index].nameRank = found.rank
            people[index].metresToPoint = found.point
            people[index].metresToRegion = found.regions
        }
    }
}
