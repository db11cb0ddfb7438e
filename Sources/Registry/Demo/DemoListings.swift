internal import Foundation
package import Postgres

/// Invented locations and companies, for a registry that holds invented people.
///
/// The same seed and day give the same, keys included. ``DemoKind`` says what places are like, ``DemoPicture`` draws
/// their photographs.
package struct DemoListings: Sendable {
    /// How many locations.
    package var locations: Int
    /// How many companies.
    package var companies: Int
    /// What they depend on.
    package var seed: UInt64
    /// The day from which calendars count; nil for today.
    package var day: Day?

    package init(locations: Int = 200, companies: Int = 60, seed: UInt64 = 1, from day: Day? = nil) {
        self.locations = locations
        self.companies = companies
        self.seed = seed
        self.day = day
    }

    /// Makes them where there are none yet, neither invented nor real.
    ///
    /// - Parameter database: a client with the rights of `klappa_worker`.
    /// - Returns: whether any were made.
    package func load(into database: PostgresClient) async throws -> Bool {
        let rows = try await database.query(
            """
            SELECT klappa.today() AS today, EXISTS (SELECT FROM klappa.location)
                OR EXISTS (SELECT FROM klappa.company) AS present
            """
        )
        guard let row = rows.first, try !row.decode(Bool.self, "present") else { return false }
        let first = try day ?? row.decode(Day.self, "today")
        let vocabulary = try await DemoVocabulary.read(database)
        let firms = (0..<companies).map { company($0, first, vocabulary) }
        let places = (0..<locations).map { location($0, first, vocabulary, firms) }
        let encoder = JSONEncoder()
        // The statements name columns.
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let (firmText, placeText) = (
            String(decoding: try encoder.encode(firms), as: UTF8.self),
            String(decoding: try encoder.encode(places), as: UTF8.self)
        )
        try await database.transaction(settings: [("statement_timeout", "0")], deadline: .seconds(600)) {
            transaction in
            try await Self.write(firmText, placeText, transaction)
            for place in places { try await Self.write(place.calendar, of: place.id, transaction) }
        }
        return true
    }

    struct Firm: Codable, Sendable {
        var id: String
        var slug: String
        var name: String
        var municipality: String
        var headlineSv: String
        var headlineEn: String
        var descriptionSv: String
        var descriptionEn: String
        var renewedOn: String
        var categories: [String]
        var contacts: [Contact]
    }

    struct Contact: Codable, Sendable {
        var kind: String
        var value: String
        var visibility: String
    }

    struct Fact: Codable, Sendable {
        var feature: String
        var yes: Bool?
        var number: Double?
        var choice: String?
    }

    struct Place: Codable, Sendable {
        var id: String
        var name: String
        var alias: String?
        var state: String
        var municipality: String
        var company: String?
        var lat: Double
        var lon: Double
        var released: Bool
        var address: String
        var owner: String
        var headlineSv: String
        var headlineEn: String
        var descriptionSv: String
        var descriptionEn: String
        var visibility: String
        var renewedOn: String
        var types: [String]
        var facts: [Fact]
        var contacts: [Contact]
        var productions: Int
        var calendar = DemoCalendar()

        enum CodingKeys: String, CodingKey {
            case id, name, alias, state, municipality, company, lat, lon, released, address, owner,
                headlineSv,
                headlineEn, descriptionSv, descriptionEn, visibility, renewedOn, types, facts, contacts,
                productions
        }
    }

    private func keys(_ first: Day) -> DemoKeys {
        DemoKeys(seed: seed, base: UInt64(max(0, Int(first.number) + 10_957)) * 86_400_000 &- 86_400_000)
    }

    private static let trades: [(category: String, sv: String, en: String)] = [
        ("camera_rental", "Kamera", "Camera"), ("lighting_rental", "Ljus", "Light"),
        ("grip_rental", "Grip", "Grip"),
        ("sound_studio", "Ljudverk", "Sound"), ("post_production", "Efterarbete", "Post"),
        ("visual_effects", "Bildverk", "Effects"), ("set_construction", "Dekor", "Sets"),
        ("props_rental", "Rekvisita", "Props"), ("costume_rental", "Kostym", "Costume"),
        ("catering", "Kök", "Kitchen"), ("vehicle_rental", "Fordon", "Vehicles"),
        ("extras_agency", "Statist", "Extras"),
        ("casting", "Rollbesättning", "Casting"), ("actors_agency", "Skådespel", "Actors"),
        ("production_company", "Film", "Film"), ("production_service", "Produktion", "Production"),
        ("drone_service", "Luftbild", "Aerial"), ("special_effects", "Specialeffekter", "Effects"),
        ("location_service", "Platser", "Locations"), ("film_studio", "Studio", "Studio"),
    ]

    private func company(_ index: Int, _ first: Day, _ vocabulary: DemoVocabulary) -> Firm {
        var random = DemoRandom(seed: seed, topic: 41, index: index)
        let trade = Self.trades[index % Self.trades.count]
        let home = random.weighted(homes(vocabulary))
        let stem = random.pick(DemoKind.places).split(separator: " ").first.map(String.init) ?? "Askebo"
        let name = "\(stem) \(trade.sv) \(random.pick(["AB", "HB", "ek. för."]))"
        let slug = "\(DemoPerson.slug(name))-demo-\(index + 1)"
        var categories = [trade.category]
        if random.chance(45) {
            let other = random.pick(Self.trades).category
            if other != trade.category { categories.append(other) }
        }
        return Firm(
            id: keys(first).key(.company, index),
            slug: slug,
            name: name,
            municipality: home.municipality,
            headlineSv: "\(trade.sv) för långfilm, serier och reklam, med bas i \(home.name)",
            headlineEn: "\(trade.en) for features, series and commercials, based in \(home.name)",
            descriptionSv: "Vi arbetar i hela södra Sverige och svarar samma dag.",
            descriptionEn: "We work all over Southern Sweden and answer the same day.",
            renewedOn: (first - random.low(0...300)).description,
            categories: categories,
            contacts: [
                Contact(
                    kind: "email",
                    value: "info.\(index + 1)@example.com",
                    visibility: random.weighted([("anyone", 70), ("approved", 30)])
                ),
                Contact(
                    kind: "phone",
                    value: "040-628 0\(random.number(4...5)) \(random.number(10...99))",
                    visibility: "approved"
                ),
            ]
        )
    }

    private func homes(_ vocabulary: DemoVocabulary) -> [(DemoVocabulary.Home, Int)] {
        vocabulary.homes.map { ($0, 12 + (DemoHomes.weights[$0.municipality] ?? DemoHomes.other) / 8) }
    }

    private func location(_ index: Int, _ first: Day, _ vocabulary: DemoVocabulary, _ firms: [Firm]) -> Place
    {
        var random = DemoRandom(seed: seed, topic: 42, index: index)
        let kind = DemoKind.all[index % DemoKind.all.count]
        let home = random.weighted(homes(vocabulary))
        let place = random.pick(DemoKind.places)
        let name = random.pick(kind.names).replacing("{place}", with: place)
        var types = [kind.type]
        for other in kind.also where random.chance(40) { types.append(other) }
        let released = random.chance(kind.isIndoors ? 25 : 60)
        return Place(
            id: keys(first).key(.location, index),
            name: name,
            alias: random.chance(18)
                ? random.pick(["Nybygget", "Storgården", "Borgen", "Gläntan", "Backen"]) : nil,
            state: random.weighted([("published", 94), ("in_review", 3), ("hidden", 2), ("draft", 1)]),
            municipality: home.municipality,
            company: random.chance(12) ? firms.isEmpty ? nil : random.pick(firms).id : nil,
            lat: home.latitude + Double(random.number(-70...70)) / 1_000,
            lon: home.longitude + Double(random.number(-90...90)) / 1_000,
            released: released,
            address: "\(place.split(separator: " ").first ?? "By")vägen \(random.number(1...60))",
            owner: "\(random.pick(DemoNames.given)) \(random.pick(DemoNames.family))",
            headlineSv: kind.sv,
            headlineEn: kind.en,
            descriptionSv:
                "\(kind.sv). Ligger nära \(home.name). Vi är vana vid inspelning och hjälper gärna till på plats.",
            descriptionEn:
                "\(kind.en). Close to \(home.name). We are used to shoots and glad to help on site.",
            visibility: random.weighted([("anyone", 60), ("approved", 30), ("nobody", 10)]),
            renewedOn: (first - random.low(0...330)).description,
            types: types,
            facts: facts(kind, &random),
            contacts: [
                Contact(
                    kind: "email",
                    value: "plats.\(index + 1)@example.org",
                    visibility: random.weighted([
                        ("anyone", 25), ("approved", 25), ("request", 20), ("office", 30),
                    ])
                )
            ],
            productions: random.weighted([(0, 70), (1, 22), (2, 8)]),
            calendar: DemoCalendar(from: first, &random)
        )
    }

    /// What such a place tends to state.
    private func facts(_ kind: DemoKind, _ random: inout DemoRandom) -> [Fact] {
        var facts: [Fact] = []
        func choose(_ feature: String, _ values: [String]) {
            for value in values { facts.append(Fact(feature: feature, choice: value)) }
        }
        func number(_ feature: String, _ value: Int) {
            facts.append(Fact(feature: feature, number: Double(value)))
        }
        func say(_ feature: String, _ percent: Int) {
            if random.chance(85) { facts.append(Fact(feature: feature, yes: random.chance(percent))) }
        }
        number("floor_area_m2", random.low(kind.area) / 10 * 10)
        let ampere = random.chance(65) ? kind.ampere : random.pick([10, 16, 32, 63])
        number("power_max_ampere", ampere)
        choose("power_phases", [ampere > 10 && random.chance(75) ? "3" : "1"])
        choose(
            "power_outlet",
            ampere >= 63 ? ["cee32", "cee63"] : ampere >= 32 ? ["schuko", "cee32"] : ["schuko"]
        )
        number("parking_cars", random.low(2...60))
        number("parking_trucks", random.low(0...8))
        choose("road_access", [random.weighted([("truck", 60), ("van", 25), ("car", 12), ("foot", 3)])])
        choose("noise_level", [random.weighted([("quiet", 60), ("moderate", 40)])])
        say("generator_allowed", 80)
        say("wifi", kind.isIndoors ? 60 : 10)
        say("water", kind.isIndoors ? 85 : 20)
        say("step_free", 40)
        if kind.isIndoors {
            facts.append(Fact(feature: "ceiling_height_m", number: Double(random.number(22...90)) / 10))
            number("toilets", random.low(1...12))
            say("heating", 75)
            say("kitchen", 55)
            say("green_room", 50)
            say("make_up_room", 30)
        }
        say("animals_allowed", 60)
        say("children_allowed", 90)
        say("insurance_required", 65)
        for look in kind.looks where random.chance(75) {
            facts.append(Fact(feature: "period_look", choice: look))
        }
        return facts
    }
}
