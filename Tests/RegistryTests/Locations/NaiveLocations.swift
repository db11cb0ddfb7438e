import FoundationEssentials
import Postgres

@testable import Registry

/// A random catalogue of locations in memory, and the rules of searches read aloud over it.
struct NaiveLocations: Sendable {
    struct Place: Sendable {
        var id: UUID
        var name: String
        var state: String
        var municipality: String
        var types: [String]
        var looks: [String]
        var yes: [String: Bool]
        var numbers: [String: Double]
        var choices: [String: [String]]
        var visibility: String
        var renewedOn: Day
        var point: (latitude: Double, longitude: Double)
        var isReleased: Bool
        var known: DayRange?
        var busy: DayMultirange
        var held: DayMultirange
        /// Read back: the public point, metres to the point of the tests, the rank of the name.
        var spot = (latitude: 0.0, longitude: 0.0)
        var metres = 0.0
        var rank = 0
    }

    static let point = (latitude: 56.2, longitude: 14.1)
    static let types = ["barn", "farm", "castle", "church", "rural", "villa"]
    static let looks = ["1950s", "medieval", "contemporary"]
    static let flags = ["wifi", "step_free"]
    static let outlets = ["cee16", "cee63", "schuko"]
    static let names = ["Åladan", "Aladan", "Östergården", "Öja lada", "Ängen", "Borgen", "Zon"]

    var places: [Place] = []
    let vocabularies: Vocabularies

    init(count: Int, firstDay: Day, _ vocabularies: Vocabularies, using random: inout SeededNumbers) {
        self.vocabularies = vocabularies
        func some<Value>(_ values: [Value], _ share: Double, _ random: inout SeededNumbers) -> [Value] {
            values.filter { _ in Double.random(in: 0..<1, using: &random) < share }
        }
        func days(_ random: inout SeededNumbers) -> DayMultirange {
            let first = firstDay + Int.random(in: -5...60, using: &random)
            return DayMultirange([
                DayRange(first: first, last: first + Int.random(in: 0...20, using: &random))
            ])
        }
        let towns = ["0780", "1280", "1281", "0880", "1080"]
        for _ in 0..<count {
            let types = some(Self.types, 0.3, &random)
            places.append(
                Place(
                    id: UUID.version7(),
                    name: Self.names.randomElement(using: &random) ?? "",
                    state: Int.random(in: 0..<8, using: &random) == 0 ? "hidden" : "published",
                    municipality: towns.randomElement(using: &random) ?? "",
                    types: types.isEmpty ? ["barn"] : types,
                    looks: some(Self.looks, 0.4, &random),
                    yes: Dictionary(
                        uniqueKeysWithValues: some(Self.flags, 0.7, &random).map {
                            ($0, Bool.random(using: &random))
                        }
                    ),
                    numbers: Bool.random(using: &random)
                        ? ["floor_area_m2": Double(Int.random(in: 0...5, using: &random) * 100)] : [:],
                    choices: ["power_outlet": some(Self.outlets, 0.5, &random)],
                    visibility: ["anyone", "anyone", "approved", "nobody"].randomElement(using: &random)
                        ?? "",
                    renewedOn: firstDay + Int.random(in: 0...2, using: &random),
                    point: (
                        Double.random(in: 55.4...57, using: &random),
                        Double.random(in: 13...16, using: &random)
                    ),
                    isReleased: Bool.random(using: &random),
                    known: Int.random(in: 0..<5, using: &random) == 0
                        ? nil
                        : DayRange(first: firstDay, last: firstDay + Int.random(in: 5...80, using: &random)),
                    busy: Bool.random(using: &random) ? days(&random) : .empty,
                    held: Bool.random(using: &random) ? days(&random) : .empty
                )
            )
        }
    }

    func write(_ worker: PostgresClient) async throws {
        try await worker.transaction { transaction in
            for place in places { try await Self.write(place, transaction) }
        }
    }

    private static func write(_ place: Place, _ transaction: Transaction) async throws {
        let id = place.id
        try await transaction.execute(
            """
            INSERT INTO klappa.location (id, name, state, municipality, exact_point, place_released,
                availability_visibility, renewed_on, invented)
            VALUES (\(id), \(place.name), \(place.state), \(place.municipality),
                ST_MakePoint(\(place.point.longitude), \(place.point.latitude))::geography, \(place.isReleased),
                \(place.visibility), \(place.renewedOn), true)
            """
        )
        try await writeFacts(place, transaction)
        try await writeDays(place, held: true, transaction)
    }

    private static func writeFacts(_ place: Place, _ transaction: Transaction) async throws {
        let id = place.id
        try await transaction.execute(
            "INSERT INTO klappa.location_kind (location, type) SELECT \(id), t FROM unnest(\(place.types)) AS t"
        )
        let chosen = place.choices.mapValues { $0 }.merging(["period_look": place.looks]) { one, _ in one }
        for (feature, values) in chosen {
            try await transaction.execute(
                """
                INSERT INTO klappa.location_fact (location, feature, choice)
                SELECT \(id), \(feature), v FROM unnest(\(values)) AS v
                """
            )
        }
        for (feature, yes) in place.yes {
            try await transaction.execute(
                "INSERT INTO klappa.location_fact (location, feature, yes) VALUES (\(id), \(feature), \(yes))"
            )
        }
        for (feature, number) in place.numbers {
            try await transaction.execute(
                """
                INSERT INTO klappa.location_fact (location, feature, number)
                VALUES (\(id), \(feature), \(number)::float8::numeric)
                """
            )
        }
    }

    private static func writeDays(_ place: Place, held: Bool, _ transaction: Transaction) async throws {
        let id = place.id
        if let known = place.known {
            try await transaction.execute(
                """
                INSERT INTO klappa.calendar (subject, known_from, known_to)
                VALUES (\(id), \(known.firstDay), \(known.lastDay))
                """
            )
        }
        if !place.busy.isEmpty {
            try await transaction.execute(
                "INSERT INTO klappa.block (subject, days) VALUES (\(id), \(place.busy))"
            )
        }
        if held, !place.held.isEmpty {
            try await transaction.execute(
                "INSERT INTO klappa.hold (subject, days) VALUES (\(id), \(place.held))"
            )
        }
    }

    /// Changes a few: one state, one calendar, one set of facts and kinds, one gone, one more.
    mutating func change(
        _ worker: PostgresClient,
        firstDay: Day,
        using random: inout SeededNumbers
    ) async throws {
        let fresh = NaiveLocations(count: 4, firstDay: firstDay, vocabularies, using: &random).places
        places.shuffle(using: &random)
        let gone = places.removeLast()
        places[0].state = places[0].state == "published" ? "hidden" : "published"
        places[1].visibility = fresh[1].visibility
        (places[1].known, places[1].busy) = (fresh[1].known, fresh[1].busy)
        (places[2].types, places[2].looks, places[2].yes) = (fresh[2].types, fresh[2].looks, fresh[2].yes)
        (places[2].numbers, places[2].choices) = (fresh[2].numbers, fresh[2].choices)
        places.append(fresh[3])
        let changed = places
        try await worker.transaction { transaction in
            try await transaction.execute("SELECT klappa.erase_listing(\(gone.id))")
            try await transaction.execute(
                "UPDATE klappa.location SET state = \(changed[0].state) WHERE id = \(changed[0].id)"
            )
            try await transaction.execute(
                """
                UPDATE klappa.location SET availability_visibility = \(changed[1].visibility)
                WHERE id = \(changed[1].id)
                """
            )
            for table in ["calendar", "block"] {
                try await transaction.execute(
                    "DELETE FROM klappa.\(identifier: table) WHERE subject = \(changed[1].id)"
                )
            }
            try await Self.writeDays(changed[1], held: false, transaction)
            for table in ["location_kind", "location_fact"] {
                try await transaction.execute(
                    "DELETE FROM klappa.\(identifier: table) WHERE location = \(changed[2].id)"
                )
            }
            try await Self.writeFacts(changed[2], transaction)
            try await Self.write(fresh[3], transaction)
        }
    }

    /// Reads back what only the database knows: points, distances, the Swedish order of names.
    mutating func measure(_ worker: PostgresClient) async throws {
        let rows = try await worker.query(
            """
            SELECT id, dense_rank() OVER (ORDER BY name COLLATE "sv-x-icu") AS rank,
                ST_Y(public_point::geometry) AS lat, ST_X(public_point::geometry) AS lon,
                ST_Distance(public_point, ST_MakePoint(\(Self.point.longitude), \(Self.point.latitude))::geography)
                    AS metres
            FROM klappa.location
            """
        )
        for row in rows {
            let id = try row.decode(UUID.self, "id")
            guard let index = places.firstIndex(where: { $0.id == id }) else { continue }
            places[index].rank = try row.decode(Int.self, "rank")
            places[index].metres = try row.decode(Double.self, "metres")
            places[index].spot = (try row.decode(Double.self, "lat"), try row.decode(Double.self, "lon"))
        }
    }

    // MARK: The rules

    /// Every fact as the word by which it is searched.
    static func tags(_ place: Place) -> Set<String> {
        var tags = Set(place.yes.map { $1 ? $0 : "\($0)-no" })
        tags.formUnion(place.numbers.keys)
        for (feature, values) in place.choices where !values.isEmpty {
            tags.insert(feature)
            tags.formUnion(values.map { "\(feature)-\($0)" })
        }
        return tags
    }

    /// Kinds, and the groups above them.
    func types(_ place: Place) -> Set<String> {
        Set(place.types + place.types.compactMap { vocabularies.locationType($0)?.parent })
    }

    func region(_ place: Place) -> String {
        vocabularies.municipality(place.municipality)?.region ?? ""
    }

    /// What matches, in order.
    func find(_ search: LocationSearch, approved: Bool) -> [(place: Place, availability: CrewAvailability?)] {
        places.filter { matches($0, search) }
            .map { ($0, availability(of: $0, search.dates, approved: approved)) }
            .filter { _, availability in
                guard let availability else { return true }
                switch search.coverage {
                case .full: return availability.state == .full
                case .partial: return availability.state == .full || availability.state == .partial
                case .any: return true
                }
            }
            .sorted { one, other in
                let (left, right) = (key(one, search), key(other, search))
                if left != right { return left.lexicographicallyPrecedes(right) }
                return one.0.id.uuidString < other.0.id.uuidString
            }
    }

    private func matches(_ place: Place, _ search: LocationSearch) -> Bool {
        guard place.state == "published" else { return false }
        if !search.types.isEmpty, types(place).isDisjoint(with: search.types) { return false }
        if !search.looks.isEmpty, Set(place.looks).isDisjoint(with: search.looks) { return false }
        if !Self.tags(place).isSuperset(of: search.features) { return false }
        if !search.regions.isEmpty, !search.regions.contains(region(place)) { return false }
        if !search.municipalities.isEmpty, !search.municipalities.contains(place.municipality) {
            return false
        }
        for range in search.ranges {
            guard let number = place.numbers[range.feature] else { return false }
            if let from = range.from, number < from { return false }
            if let to = range.to, number > to { return false }
        }
        if let box = search.box {
            guard (box.west...box.east).contains(place.spot.longitude),
                (box.south...box.north).contains(place.spot.latitude)
            else { return false }
        }
        if let radius = search.near?.radius, place.metres > radius * 1000 { return false }
        return true
    }

    func availability(of place: Place, _ dates: DayMultirange, approved: Bool) -> CrewAvailability? {
        guard !dates.isEmpty else { return nil }
        guard place.visibility == "anyone" || approved && place.visibility == "approved" else {
            return .hidden(dates.count ?? 0)
        }
        let known = DayMultirange(place.known.map { [$0] } ?? [])
        let held = place.held.subtracting(place.busy)
        return CrewAvailability(
            needed: dates,
            free: known.subtracting(place.busy).subtracting(place.held),
            held: held,
            busy: place.busy
        )
    }

    /// Smaller is earlier.
    private func key(_ found: (place: Place, availability: CrewAvailability?), _ search: LocationSearch)
        -> [Int]
    {
        let renewed = -Int(found.place.renewedOn.number)
        let name = found.place.rank
        switch ListingPlan.order(search.sort, hasDates: !search.dates.isEmpty, hasPlace: search.near != nil) {
        case .renewed: return [renewed, name]
        case .name: return [name, renewed]
        case .distance: return [Int(found.place.metres.rounded()), renewed, name]
        case .availability:
            let rank =
                switch found.availability?.state {
                case .full, .partial: -(found.availability?.free ?? 0)
                case .unknown: 1
                case .none?: 2
                case .hidden: 3
                case nil: 0
                }
            return [rank, renewed, name]
        }
    }
}
