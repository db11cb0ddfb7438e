public import Postgres
internal import Web

/// Every SQL statement on vocabularies. They are facts that anyone may read.
public struct VocabularyQueries: Sendable {
    let database: PostgresClient

    /// - Parameter database: of any role.
    public init(_ database: PostgresClient) {
        self.database = database
    }

    /// A list as JSON text, items in the order of the vocabulary, and the sum of their versions, which grows with
    /// every edit and addition.
    func list(_ list: VocabularyList, filter: [String]) async throws(PostgresError) -> (
        body: [UInt8], version: Int64
    ) {
        let rows = try await database.query(
            """
            SELECT json_build_object(
                    'items', coalesce(json_agg(t.item ORDER BY t.place, t.code), '[]'),
                    'total', count(*),
                    'next', NULL)::text AS body,
                coalesce(sum(t.version), 0)::bigint AS version
            FROM (\(list.items)) AS t
            WHERE cardinality(\(filter)) = 0 OR t.filter = ANY (\(filter))
            """
        )
        guard let row = rows.first else { throw .decoding("the list came without a row") }
        return (try row.bytes("body"), try row.decode(Int64.self, "version"))
    }

    /// Everything that codes and titles are checked against.
    public func load() async throws(PostgresError) -> Vocabularies {
        let departments = try await departments()
        let regions = try await regions()
        return Vocabularies(
            regions: regions,
            municipalities: try await municipalities(),
            departments: departments,
            roles: try await roles(),
            languages: try await terms(
                "SELECT code, name_sv, name_en, retired FROM klappa.language ORDER BY sort_order, code"
            ),
            certificates: try await terms(
                "SELECT code, name_sv, name_en, retired FROM klappa.certificate ORDER BY sort_order, code"
            ),
            locationTypes: try await locationTypes(),
            locationFeatures: try await locationFeatures(),
            companyCategories: try await companyCategories()
        )
    }

    private func regions() async throws(PostgresError) -> [Vocabularies.Region] {
        let rows = try await database.query(
            """
            SELECT r.no, r.code, r.name, r.name_sv, r.name_en, b.name AS contact_name, r.liaison, r.contact_email,
                r.contact_phone, r.contact_url, r.contact_sv, r.contact_en
            FROM klappa.region r
            LEFT JOIN klappa.film_body b ON b.code = r.contact_body
            ORDER BY r.sort_order, r.code
            """
        )
        var regions: [Vocabularies.Region] = []
        for row in rows {
            let texts = (
                try row.decode(String?.self, "contact_sv"), try row.decode(String?.self, "contact_en")
            )
            regions.append(
                Vocabularies.Region(
                    no: try row.decode(Int16.self, "no"),
                    code: try row.decode(String.self, "code"),
                    shortName: try row.decode(String.self, "name"),
                    name: try name(of: row),
                    contact: Vocabularies.Contact(
                        name: try row.decode(String?.self, "contact_name"),
                        liaison: try row.decode(String?.self, "liaison"),
                        email: try row.decode(String?.self, "contact_email"),
                        phone: try row.decode(String?.self, "contact_phone"),
                        url: try row.decode(String?.self, "contact_url"),
                        text: (texts.0 ?? texts.1).map { Localized(sv: texts.0 ?? $0, en: texts.1 ?? $0) }
                    )
                )
            )
        }
        return regions
    }

    private func municipalities() async throws(PostgresError) -> [Vocabularies.Municipality] {
        let rows = try await database.query(
            """
            SELECT m.code, m.no, r.code AS region, m.name, ST_Y(m.seat_point::geometry) AS latitude,
                ST_X(m.seat_point::geometry) AS longitude
            FROM klappa.municipality m
            JOIN klappa.region r ON r.no = m.region
            ORDER BY r.sort_order, m.name
            """
        )
        var municipalities: [Vocabularies.Municipality] = []
        for row in rows {
            municipalities.append(
                Vocabularies.Municipality(
                    code: try row.decode(String.self, "code"),
                    no: try row.decode(Int16.self, "no"),
                    region: try row.decode(String.self, "region"),
                    name: try row.decode(String.self, "name"),
                    seat: .init(
                        latitude: try row.decode(Double.self, "latitude"),
                        longitude: try row.decode(Double.self, "longitude")
                    )
                )
            )
        }
        return municipalities
    }

    private func departments() async throws(PostgresError) -> [Vocabularies.Department] {
        let rows = try await database.query(
            "SELECT no, code, name_sv, name_en FROM klappa.department ORDER BY sort_order, code"
        )
        var departments: [Vocabularies.Department] = []
        for row in rows {
            departments.append(
                Vocabularies.Department(
                    no: try row.decode(Int16.self, "no"),
                    code: try row.decode(String.self, "code"),
                    name: try name(of: row)
                )
            )
        }
        return departments
    }

    private func roles() async throws(PostgresError) -> [Vocabularies.Role] {
        let rows = try await database.query(
            """
            SELECT r.no, r.code, d.code AS department, r.name_sv, r.name_en, r.head_of_department, r.retired,
                ARRAY(SELECT a.alias FROM klappa.role_alias a WHERE a.role = r.no ORDER BY a.alias) AS aliases
            FROM klappa.role r
            JOIN klappa.department d ON d.no = r.department
            ORDER BY d.sort_order, r.sort_order, r.code
            """
        )
        var roles: [Vocabularies.Role] = []
        for row in rows {
            roles.append(
                Vocabularies.Role(
                    no: try row.decode(Int16.self, "no"),
                    code: try row.decode(String.self, "code"),
                    department: try row.decode(String.self, "department"),
                    name: try name(of: row),
                    aliases: try row.decode([String].self, "aliases"),
                    headOfDepartment: try row.decode(Bool.self, "head_of_department"),
                    retired: try row.decode(Bool.self, "retired")
                )
            )
        }
        return roles
    }

    private func terms(_ sql: SQL) async throws(PostgresError) -> [Vocabularies.Term] {
        var terms: [Vocabularies.Term] = []
        for row in try await database.query(sql) {
            terms.append(
                Vocabularies.Term(
                    code: try row.decode(String.self, "code"),
                    name: try name(of: row),
                    retired: try row.decode(Bool.self, "retired")
                )
            )
        }
        return terms
    }

    func name(of row: Row) throws(PostgresError) -> Localized {
        Localized(sv: try row.decode(String.self, "name_sv"), en: try row.decode(String.self, "name_en"))
    }
}
