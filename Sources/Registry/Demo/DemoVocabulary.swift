import Postgres

/// What invented people are made of: the vocabularies as the database has them.
struct DemoVocabulary: Sendable {
    struct Role: Sendable {
        let no: Int
        let code: String
        let sv: String
        let en: String
        let isHead: Bool
    }

    struct Home: Sendable {
        let municipality: String
        let name: String
        let region: String
        let latitude: Double
        let longitude: Double
    }

    /// Departments with their roles, in the order of the vocabulary.
    let departments: [(code: String, roles: [Role])]
    /// Municipalities by code.
    let homes: [Home]
    /// Numbers of regions by code.
    let regions: [String: Int]
    /// Whether a certificate has a last day, by code.
    let certificates: [String: Bool]
    /// Codes of languages.
    let languages: Set<String>

    static func read(_ database: PostgresClient) async throws -> DemoVocabulary {
        var departments: [(code: String, roles: [Role])] = []
        let roles = try await database.query(
            """
            SELECT d.code AS department, r.no, r.code, r.name_sv, r.name_en, r.head_of_department
            FROM klappa.role r JOIN klappa.department d ON d.no = r.department
            WHERE NOT r.retired ORDER BY d.sort_order, d.no, r.sort_order, r.no
            """
        )
        for row in roles {
            let department = try row.decode(String.self, "department")
            if departments.last?.code != department { departments.append((department, [])) }
            departments[departments.count - 1].roles.append(
                Role(
                    no: Int(try row.decode(Int16.self, "no")),
                    code: try row.decode(String.self, "code"),
                    sv: try row.decode(String.self, "name_sv"),
                    en: try row.decode(String.self, "name_en"),
                    isHead: try row.decode(Bool.self, "head_of_department")
                )
            )
        }
        var homes: [Home] = []
        let municipalities = try await database.query(
            """
            SELECT m.code, m.name, r.code AS region, ST_Y(m.seat_point::geometry) AS latitude,
                ST_X(m.seat_point::geometry) AS longitude
            FROM klappa.municipality m JOIN klappa.region r ON r.no = m.region ORDER BY m.code
            """
        )
        for row in municipalities {
            homes.append(
                Home(
                    municipality: try row.decode(String.self, "code"),
                    name: try row.decode(String.self, "name"),
                    region: try row.decode(String.self, "region"),
                    latitude: try row.decode(Double.self, "latitude"),
                    longitude: try row.decode(Double.self, "longitude")
                )
            )
        }
        var regions: [String: Int] = [:]
        for row in try await database.query("SELECT no, code FROM klappa.region ORDER BY no") {
            regions[try row.decode(String.self, "code")] = Int(try row.decode(Int16.self, "no"))
        }
        var certificates: [String: Bool] = [:]
        for row in try await database.query("SELECT code, expires FROM klappa.certificate ORDER BY code") {
            certificates[try row.decode(String.self, "code")] = try row.decode(Bool.self, "expires")
        }
        var languages: Set<String> = []
        for row in try await database.query("SELECT code FROM klappa.language ORDER BY code") {
            languages.insert(try row.decode(String.self, "code"))
        }
        return DemoVocabulary(
            departments: departments,
            homes: homes,
            regions: regions,
            certificates: certificates,
            languages: languages
        )
    }
}
