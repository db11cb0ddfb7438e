import Postgres

/// Writes invented people and productions into the base tables, a table at a time.
struct DemoWriter {
    let source: DemoPeople
    let transaction: Transaction

    func writeProductions() async throws {
        try await insert(
            into: "klappa.production",
            [
                "id": .uuid, "slug": .text, "title": .text, "production_type": .text, "company": .text,
                "year": .smallint, "public": .boolean, "invented": .boolean,
            ]
        ) { rows in
            for production in source.productions {
                rows.append(production.key)
                rows.append(production.slug)
                rows.append(production.title)
                rows.append(production.type)
                rows.append(production.company)
                rows.append(plain: production.year)
                rows.append("t")
                rows.append("t")
                rows.endRow()
            }
        }
    }

    /// - Parameter start: The number of the first of the people.
    func write(_ people: [DemoPerson], from start: Int) async throws {
        try await writePersons(people)
        try await writeSkills(people)
        try await writeContacts(people, from: start)
        try await writeCalendars(people, from: start)
        try await writeCredits(people, from: start)
    }

    private func writePersons(_ people: [DemoPerson]) async throws {
        try await insert(
            into: "klappa.person",
            [
                "id": .uuid, "slug": .text, "state": .text, "name": .text, "trading_name": .text,
                "home_region": .smallint, "municipality": .text, "exact_point": .geography,
                "travel_radius": .smallint, "headline_sv": .text, "headline_en": .text, "biography_sv": .text,
                "biography_en": .text, "availability_visibility": .text, "renewed_on": .date,
                "invented": .boolean,
            ]
        ) { rows in
            for person in people {
                rows.append(person.key)
                rows.append(person.slug)
                rows.append(person.state)
                rows.append(person.name)
                rows.append(person.tradingName)
                rows.append(plain: person.region)
                rows.append(person.municipality)
                rows.append("SRID=4326;POINT(\(person.longitude) \(person.latitude))")
                rows.append(plain: person.travelRadius)
                rows.append(person.headline.sv)
                rows.append(person.headline.en)
                rows.append(person.biography.sv)
                rows.append(person.biography.en)
                rows.append(person.availabilityVisibility)
                rows.append(plain: person.renewedOn)
                rows.append("t")
                rows.endRow()
            }
        }
    }

    private func writeSkills(_ people: [DemoPerson]) async throws {
        try await insert(
            into: "klappa.person_role",
            ["person": .uuid, "role": .smallint, "grade": .text, "primary": .boolean]
        ) { rows in
            for person in people {
                for (place, role) in person.roles.enumerated() {
                    rows.append(person.key)
                    rows.append(plain: role.no)
                    rows.append(role.grade.rawValue)
                    rows.append(place == 0 ? "t" : "f")
                    rows.endRow()
                }
            }
        }
        try await insert(into: "klappa.person_local_region", ["person": .uuid, "region": .smallint]) { rows in
            for person in people {
                for region in person.localRegions {
                    rows.append(person.key)
                    rows.append(plain: region)
                    rows.endRow()
                }
            }
        }
        try await insert(
            into: "klappa.person_language",
            ["person": .uuid, "language": .text, "proficiency": .text]
        ) { rows in
            for person in people {
                for language in person.languages {
                    rows.append(person.key)
                    rows.append(language.code)
                    rows.append(language.proficiency)
                    rows.endRow()
                }
            }
        }
        try await insert(
            into: "klappa.person_certificate",
            ["person": .uuid, "certificate": .text, "expires": .date]
        ) { rows in
            for person in people {
                for certificate in person.certificates {
                    rows.append(person.key)
                    rows.append(certificate.code)
                    rows.append(plain: certificate.expires)
                    rows.endRow()
                }
            }
        }
    }

    private func writeContacts(_ people: [DemoPerson], from start: Int) async throws {
        try await insert(
            into: "klappa.contact_field",
            [
                "id": .uuid, "subject": .uuid, "kind": .text, "value": .text, "visibility": .text,
                "sort_order": .integer,
            ]
        ) { rows in
            for (index, person) in people.enumerated() {
                for (place, contact) in person.contacts.enumerated() {
                    rows.append(source.keys.key(.contact, start + index, place))
                    rows.append(person.key)
                    rows.append(contact.kind)
                    rows.append(contact.value)
                    rows.append(contact.visibility)
                    rows.append(plain: place)
                    rows.endRow()
                }
            }
        }
        try await insert(
            into: "klappa.link",
            ["id": .uuid, "subject": .uuid, "kind": .text, "url": .text, "sort_order": .integer]
        ) { rows in
            for (index, person) in people.enumerated() {
                for (place, link) in person.links.enumerated() {
                    rows.append(source.keys.key(.link, start + index, place))
                    rows.append(person.key)
                    rows.append(link.kind)
                    rows.append(link.url)
                    rows.append(plain: place)
                    rows.endRow()
                }
            }
        }
    }

    private func writeCalendars(_ people: [DemoPerson], from start: Int) async throws {
        try await insert(into: "klappa.calendar", ["subject": .uuid, "known_from": .date, "known_to": .date])
        { rows in
            for person in people {
                guard let known = person.calendar.known else { continue }
                rows.append(person.key)
                rows.append(plain: known.first)
                rows.append(plain: known.last)
                rows.endRow()
            }
        }
        try await insert(into: "klappa.block", ["id": .uuid, "subject": .uuid, "days": .days]) { rows in
            for (index, person) in people.enumerated() {
                for (place, days) in person.calendar.blocks.enumerated() {
                    rows.append(source.keys.key(.block, start + index, place))
                    rows.append(person.key)
                    rows.append(plain: days)
                    rows.endRow()
                }
            }
        }
        try await insert(into: "klappa.hold", ["id": .uuid, "subject": .uuid, "state": .text, "days": .days])
        { rows in
            for (index, person) in people.enumerated() {
                for (place, hold) in person.calendar.holds.enumerated() {
                    rows.append(source.keys.key(.hold, start + index, place))
                    rows.append(person.key)
                    rows.append(hold.state)
                    rows.append(plain: hold.days)
                    rows.endRow()
                }
            }
        }
        try await insert(into: "klappa.booking", ["id": .uuid, "subject": .uuid, "days": .days]) { rows in
            for (index, person) in people.enumerated() {
                for (place, days) in person.calendar.bookings.enumerated() {
                    rows.append(source.keys.key(.booking, start + index, place))
                    rows.append(person.key)
                    rows.append(plain: days)
                    rows.endRow()
                }
            }
        }
    }

    private func writeCredits(_ people: [DemoPerson], from start: Int) async throws {
        try await insert(
            into: "klappa.credit",
            [
                "id": .uuid, "person": .uuid, "production": .uuid, "role": .smallint, "started_on": .date,
                "ended_on": .date,
            ]
        ) { rows in
            for (index, person) in people.enumerated() {
                for (place, credit) in person.credits.enumerated() {
                    rows.append(source.keys.key(.credit, start + index, place))
                    rows.append(person.key)
                    rows.append(source.productions[credit.production].key)
                    rows.append(plain: credit.role)
                    rows.append(plain: credit.first)
                    rows.append(plain: credit.last)
                    rows.endRow()
                }
            }
        }
    }

    private func insert(
        into table: String,
        _ columns: KeyValuePairs<String, DemoRows.Kind>,
        _ fill: (inout DemoRows) -> Void
    ) async throws {
        var rows = DemoRows(table: table, columns: columns.map { ($0.key, $0.value) })
        fill(&rows)
        if let statement = rows.statement { try await transaction.execute(statement) }
    }
}

/// Rows of a table as one text array for each column: COPY is refused where row security is on.
struct DemoRows {
    /// The types of columns.
    enum Kind: String {
        case text, uuid, smallint, integer, boolean, date
        case days = "datemultirange"
        case geography = "public.geography"
    }

    private let table: String
    private let columns: [(name: String, kind: Kind)]
    private var values: [[String?]]
    private var place = 0

    init(table: String, columns: [(name: String, kind: Kind)]) {
        self.table = table
        self.columns = columns
        values = Array(repeating: [], count: columns.count)
    }

    /// Adds the value of the next column.
    mutating func append(_ text: String?) {
        values[place].append(text)
        place += 1
    }

    /// Adds the value of the next column as its type describes it.
    mutating func append(plain value: (some CustomStringConvertible)?) { append(value?.description) }

    /// Ends the row, which has a value for every column.
    mutating func endRow() { place = 0 }

    /// Inserts them all; nil without rows.
    var statement: SQL? {
        guard let first = values.first, !first.isEmpty else { return nil }
        let names = columns.map { SQL.quoted(identifier: $0.name) }
        let casts = columns.map { "x.\(SQL.quoted(identifier: $0.name))::\($0.kind.rawValue)" }
        let arrays = SQL.joined(values.map { "\($0)::text[]" as SQL }, separator: ", ")
        return """
            INSERT INTO \(SQL(unsafe: table)) (\(SQL(unsafe: names.joined(separator: ", "))))
            SELECT \(SQL(unsafe: casts.joined(separator: ", ")))
            FROM unnest(\(arrays)) AS x (\(SQL(unsafe: names.joined(separator: ", "))))
            """
    }
}
