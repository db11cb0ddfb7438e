import Postgres

/// Makes invented people: the same seed, number and day give the same person, whatever else is made.
struct DemoPeople: Sendable {
    let seed: UInt64
    /// The day from which calendars, careers and certificates count.
    let day: Day
    let productions: [DemoProduction]
    let keys: DemoKeys

    private let vocabulary: DemoVocabulary
    private let homes: [(DemoVocabulary.Home, Int)]
    private let departments: [(Int, Int)]

    /// - Parameter count: How many people there will be; productions are a twelfth of them.
    init(count: Int, seed: UInt64, from day: Day, _ vocabulary: DemoVocabulary) {
        self.seed = seed
        self.day = day
        self.vocabulary = vocabulary
        keys = DemoKeys(seed: seed, base: UInt64(max(0, Int(day.number) + 10_957)) * 86_400_000)
        homes = vocabulary.homes.map { ($0, DemoHomes.weights[$0.municipality] ?? DemoHomes.other) }
        departments = vocabulary.departments.indices.map {
            ($0, (DemoTrade.all[vocabulary.departments[$0].code] ?? .general).weight)
        }
        let keys = keys
        productions = (0..<max(20, count / 12)).map { DemoProduction($0, seed: seed, from: day, keys: keys) }
    }

    /// The person with a number, from 0.
    func person(_ index: Int) -> DemoPerson {
        var random = DemoRandom(seed: seed, topic: 1, index: index)
        var person = DemoPerson()
        person.key = keys.key(.person, index)
        let family = random.pick(DemoNames.family)
        person.name = "\(random.pick(DemoNames.given)) \(family)"
        if random.chance(6) { person.name += "-\(random.pick(DemoNames.family))" }
        person.slug = "\(DemoPerson.slug(person.name))-demo-\(index + 1)"
        person.state = random.weighted([
            ("published", 940), ("in_review", 30), ("draft", 10), ("hidden", 10), ("lapsed", 10),
        ])
        person.renewedOn = day - random.low(0...330)
        person.availabilityVisibility = random.weighted([("anyone", 40), ("approved", 45), ("nobody", 15)])

        let home = random.weighted(homes)
        person.region = vocabulary.regions[home.region] ?? 0
        person.municipality = home.municipality
        person.latitude = home.latitude + Double(random.number(-60...60)) / 1_000
        person.longitude = home.longitude + Double(random.number(-90...90)) / 1_000
        if !random.chance(20) {
            person.travelRadius = random.pick([20, 30, 50, 50, 80, 100, 100, 150, 200, 300, 500])
        }
        for code in DemoHomes.neighbours[home.region] ?? [] where random.chance(16) {
            if let region = vocabulary.regions[code] { person.localRegions.append(region) }
        }

        let years = random.low(0...36)
        let department = vocabulary.departments[random.weighted(departments)]
        let trade = DemoTrade.all[department.code] ?? .general
        let role = addRoles(&person, department.roles, years, &random)
        if random.chance(22) {
            person.tradingName = "\(family) \(random.pick(["Film", "Media", "Produktion", "Studio"]))"
        }
        addLanguages(&person, home.region, &random)
        addCertificates(&person, trade, &random)
        addContacts(&person, index, &random)
        addCredits(&person, years, &random)
        person.headline = DemoTexts.headline(
            role: (role.sv, role.en),
            home: home.name,
            trait: random.pick(trade.traits)
        )
        person.biography = DemoTexts.biography(
            work: trade.work,
            since: day.components.year - years,
            production: person.credits.first.map { productions[$0.production].title },
            home: home.name,
            &random
        )
        person.calendar = DemoCalendar(from: day, &random)
        return person
    }

    /// One to four roles of a department, the primary one first; years in the trade make the grade.
    private func addRoles(
        _ person: inout DemoPerson,
        _ roles: [DemoVocabulary.Role],
        _ years: Int,
        _ random: inout DemoRandom
    ) -> DemoVocabulary.Role {
        var left = roles
        // A department has one head and many hands.
        let primary = random.weighted(roles.map { ($0, $0.isHead ? (years > 9 ? 5 : 1) : 3) })
        var chosen = [primary]
        left.removeAll { $0.no == primary.no }
        for _ in 0..<random.weighted([(0, 40), (1, 35), (2, 18), (3, 7)]) where !left.isEmpty {
            let role = random.pick(left)
            left.removeAll { $0.no == role.no }
            chosen.append(role)
        }
        for (place, role) in chosen.enumerated() {
            let lead = role.isHead ? years > 7 : years > 18 && random.chance(25)
            let grade: CrewSearch.Grade =
                years < 2
                ? .trainee : years < 5 ? .assistant : lead && place == 0 ? .headOfDepartment : .professional
            person.roles.append(DemoPerson.Role(no: role.no, grade: grade))
        }
        return primary
    }

    private func addLanguages(_ person: inout DemoPerson, _ region: String, _ random: inout DemoRandom) {
        let swedish = !random.chance(12)
        var languages = [("sv", swedish ? "native" : random.pick(["working", "fluent"]))]
        if !random.chance(4) { languages.append(("en", random.pick(["working", "fluent", "fluent"]))) }
        if random.chance(region == "skane" ? 30 : 6) {
            languages.append(("da", random.pick(["basic", "working"])))
        }
        if !swedish {
            let mother = random.pick([
                "ar", "bs", "fa", "so", "pl", "fi", "da", "de", "uk", "es", "vi", "tr", "hr",
            ])
            languages.removeAll { $0.0 == mother }
            languages.append((mother, "native"))
        }
        for code in ["de", "fr", "es", "nb", "swl"] where random.chance(code == "swl" ? 2 : 9) {
            if !languages.contains(where: { $0.0 == code }) {
                languages.append((code, random.pick(["basic", "working", "fluent"])))
            }
        }
        person.languages = languages.filter { vocabulary.languages.contains($0.0) }
    }

    private func addCertificates(_ person: inout DemoPerson, _ trade: DemoTrade, _ random: inout DemoRandom) {
        var codes: [String] = []
        if random.chance(76) { codes.append("licence_b") }
        for code in trade.certificates where random.chance(34) { codes.append(code) }
        if random.chance(7), !codes.contains("first_aid_cpr") { codes.append("first_aid_cpr") }
        for code in codes {
            guard let expires = vocabulary.certificates[code] else { continue }
            person.certificates.append((code, expires ? day + random.number(-60...1_800) : nil))
        }
    }

    /// Addresses under names reserved for examples (RFC 2606), numbers that the Swedish regulator keeps for fiction.
    private func addContacts(_ person: inout DemoPerson, _ index: Int, _ random: inout DemoRandom) {
        if !random.chance(6) {
            let local = DemoPerson.slug(person.name).replacing("-", with: ".")
            person.contacts.append(
                DemoPerson.Contact(
                    kind: "email",
                    value:
                        "\(local).\(index + 1)@\(random.pick(["example.com", "example.org", "example.net"]))",
                    visibility: random.weighted([
                        ("anyone", 35), ("approved", 30), ("request", 15), ("office", 20),
                    ])
                )
            )
        }
        if !random.chance(12) {
            let number = random.number(605...699)
            let phone =
                random.chance(85)
                ? "070-174 \(Self.pairs(number))" : "040-628 \(Self.pairs(400 + random.number(0...99)))"
            person.contacts.append(
                DemoPerson.Contact(
                    kind: "phone",
                    value: phone,
                    visibility: random.weighted([
                        ("anyone", 18), ("approved", 34), ("request", 20), ("office", 28),
                    ])
                )
            )
        }
        if random.chance(35) { person.links.append(("reel", "https://example.com/reel/\(person.slug)")) }
        if random.chance(18) { person.links.append(("site", "https://example.org/\(person.slug)")) }
    }

    /// 605 as "06 05".
    private static func pairs(_ number: Int) -> String {
        let last = number % 100
        return "0\(number / 100) \(last < 10 ? "0" : "")\(last)"
    }

    /// Work on invented productions of the person's years in the trade, latest first.
    private func addCredits(_ person: inout DemoPerson, _ years: Int, _ random: inout DemoRandom) {
        var known: Set<Int> = []
        for _ in 0..<min(9, random.number(0...(1 + years / 2))) {
            let number = random.number(0...(productions.count - 1))
            let production = productions[number]
            guard production.year >= day.components.year - years, production.last < day,
                known.insert(number).inserted
            else { continue }
            let length = production.last - production.first
            let start = production.first + random.number(0...max(0, length / 3))
            person.credits.append(
                DemoPerson.Credit(
                    production: number,
                    role: person.roles[random.low(0...(person.roles.count - 1))].no,
                    first: start,
                    last: max(start, production.last - random.number(0...max(0, length / 3)))
                )
            )
        }
        person.credits.sort { ($0.last, $0.production) > ($1.last, $1.production) }
    }
}
