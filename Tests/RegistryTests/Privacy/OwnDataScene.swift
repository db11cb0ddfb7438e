import Foundation
import Postgres
import TestSupport
import Testing

@testable import Registry
@testable import Web

/// Somebody about whom every table of the register says something, in words that are nobody else's.
struct OwnDataScene {
    let caller: Caller
    let account: UUID
    let person: UUID
    let location = UUID.version7()
    let company = UUID.version7()
    /// SHA-256 of a picture, as the tables name it.
    let picture: String

    static let email = "hemlig.adress@example.se"

    /// The tables that are about somebody who is only in the register.
    static let tables = [
        "account", "api_key", "block", "booking", "calendar", "claim", "company", "company_service",
        "consent",
        "contact_field", "credit", "grants", "hold", "idempotency", "link", "listing_proposal", "location",
        "location_kind", "outbox", "person", "person_certificate", "person_language",
        "person_local_region", "person_role", "photo", "renewal_ask", "session", "sign_in_request", "change",
        "change_value", "openid_identity", "searcher_request", "shortlist", "shortlist_item",
    ]

    /// - Parameter picture: bytes of a file that lies in the photo store already, by their hash.
    init(_ portal: Portal, picture: String = String(repeating: "ab", count: 32)) async throws {
        caller = try await portal.member("Hemliga Namnet", .searcher, region: "skane", email: Self.email)
        account = try #require(caller.account)
        self.picture = picture
        person = try await portal.database.person("Hemliga Profilen", account: account)
        try await arrange(portal.database)
    }

    // One table after the other.
    private func arrange(_ database: SchemaDatabase) async throws {
        let (other, title) = (try await database.person("Bo Annan", region: 13), UUID.version7())
        try await database.root.transaction(settings: [("klappa.account", account.uuidString)]) {
            transaction in
            for statement in statements(other: other, title: title) {
                try await transaction.execute(statement)
            }
        }
    }

    private func statements(other: UUID, title: UUID) -> [SQL] {
        [
            """
            UPDATE klappa.person SET slug = 'hemlig-slug', state_reason = 'hemlig anledning', credited_name = 'Hemlig Eftertext',
                trading_name = 'Hemlig Firma', municipality = '1280', exact_point = 'POINT(13.123456 55.654321)', travel_radius = 77,
                headline_sv = 'hemlig rubrik', headline_en = 'hemlig headline', biography_sv = 'hemlig levnad',
                biography_en = 'hemlig biography', published_at = now()
            WHERE id = \(person)
            """,
            "UPDATE klappa.person_role SET grade = 'trainee' WHERE person = \(person)",
            "INSERT INTO klappa.person_local_region (person, region) VALUES (\(person), 6)",
            "INSERT INTO klappa.person_language (person, language, proficiency) VALUES (\(person), 'sv', 'native')",
            """
            INSERT INTO klappa.person_certificate (person, certificate, expires) VALUES (\(person), 'licence_b', '2031-01-17')
            """,
            """
            INSERT INTO klappa.contact_field (subject, kind, value, visibility)
            VALUES (\(person), 'email', 'hemlig.kontakt@example.se', 'anyone')
            """,
            "INSERT INTO klappa.link (subject, kind, url, title) VALUES (\(person), 'site', 'https://hemlig.example/', 'hemlig länk')",
            """
            INSERT INTO klappa.consent (subject, purpose, text_version, given_on, source, withdrawn_at)
            VALUES (\(person), 'mail', 'utgåva-1', '2026-01-01', 'hemlig blankett', now())
            """,
            "INSERT INTO klappa.calendar (subject, known_from, known_to) VALUES (\(person), '2027-01-01', '2027-12-31')",
            """
            INSERT INTO klappa.renewal_ask (subject, renewed_on, round, asked_on, link_hash)
            VALUES (\(person), '2026-01-01', 1, '2026-02-01', sha256('d'))
            """,
            "INSERT INTO klappa.block (subject, days) VALUES (\(person), '{[2027-03-01,2027-03-03)}')",
            """
            INSERT INTO klappa.hold (subject, account, days, expires_at)
            VALUES (\(person), \(account), '{[2027-04-01,2027-04-03)}', '2027-03-01')
            """,
            "INSERT INTO klappa.booking (subject, account, days) VALUES (\(person), \(account), '{[2027-05-01,2027-05-03)}')",
            "INSERT INTO klappa.production (id, title, production_type) VALUES (\(title), 'En film', 'feature_film')",
            """
            INSERT INTO klappa.credit (person, production, role, credited_as, started_on, ended_on)
            VALUES (\(person), \(title), 1, 'hemlig roll', '2025-01-01', '2025-02-01')
            """,
            """
            INSERT INTO klappa.claim (person, account, state, message, reason, decided_at)
            VALUES (\(other), \(account), 'refused', 'hemlig vädjan', 'hemlig vägran', now())
            """,
            """
            INSERT INTO klappa.company (id, account, state, state_reason, slug, name, alias, municipality, headline_sv, headline_en,
                description_sv, description_en, invented)
            VALUES (\(company), \(account), 'draft', 'hemlig k', 'hemligt-bolag', 'Hemliga Bolaget', 'Hemligt alias', '1280', 'hemlig a', 'hemlig b', 'hemlig c',
                'hemlig d', true)
            """,
            """
            INSERT INTO klappa.company_service (company, category, "primary")
            SELECT \(company), code, true FROM klappa.company_category LIMIT 1
            """,
            """
            INSERT INTO klappa.location (id, account, company, state, state_reason, name, alias, municipality, address, exact_point, owner_name,
                headline_sv, headline_en, description_sv, description_en, invented)
            VALUES (\(location), \(account), \(company), 'draft', 'hemlig l', 'Hemliga Ladan', 'Hemlig lada', '1280', 'Hemliga vägen 1', 'POINT(13.2 55.7)',
                'Hemlig Ägare', 'hemlig e', 'hemlig f', 'hemlig g', 'hemlig h', true)
            """,
            "INSERT INTO klappa.location_kind (location, type, \"primary\") SELECT \(location), code, true FROM klappa.location_type LIMIT 1",
            """
            INSERT INTO klappa.photo (subject, hash, width, height, caption_sv, caption_en, alternative_sv, alternative_en)
            VALUES (\(location), \(picture), 10, 10, 'hemlig bild', 'hemlig picture', 'hemlig i', 'hemlig j')
            """,
            """
            INSERT INTO klappa.listing_proposal (subject, state, state_reason, body)
            VALUES (\(location), 'returned', 'hemlig återsändning', '{"name": "Hemligt förslag"}')
            """,
            """
            INSERT INTO klappa.api_key (account, name, "right", hash, expires_at, last_used_at, revoked_at)
            VALUES (\(account), 'hemlig nyckel', 'searcher', sha256('hemlig'), now(), now(), now())
            """,
            """
            UPDATE klappa.session SET device = 'hemlig webbläsare', issuer = 'https://hemlig.example'
            WHERE account = \(account)
            """,
            """
            UPDATE klappa.grants SET given_through = 'https://hemlig.example', expires_at = '2040-01-01'
            WHERE account = \(account)
            """,
            """
            INSERT INTO klappa.openid_identity (account, issuer, subject_hash)
            VALUES (\(account), 'https://hemlig.example', sha256('hemlig'))
            """,
            """
            INSERT INTO klappa.searcher_request (account, name, email, language, company, organisation_number, message, region,
                state, reason, decided_at)
            VALUES (\(account), 'Hemliga Namnet', \(Self.email), 'sv', 'Hemlig Film AB', '9999999999', 'hemlig begäran', 12,
                'refused', 'hemlig orsak', now())
            """,
            """
            WITH list AS (INSERT INTO klappa.shortlist (account, name) VALUES (\(account), 'Hemlig lista') RETURNING id)
            INSERT INTO klappa.shortlist_item (shortlist, account, subject, note)
            SELECT list.id, \(account), \(other), 'hemlig anteckning' FROM list
            """,
            """
            WITH machine AS (INSERT INTO klappa.account (kind, name) VALUES ('machine', 'hemlig maskin') RETURNING id)
            INSERT INTO klappa.api_key (account, name, "right", hash, expires_at, made_by)
            SELECT machine.id, 'hemlig programnyckel', 'searcher', sha256('hemlig2'), now() + interval '1 day', \(account)
            FROM machine
            """,
            """
            INSERT INTO klappa.sign_in_request (email, name, token_hash, browser_hash, then_path, language, used_at)
            VALUES (\(Self.email), 'Hemlig Inloggning', sha256('a'), sha256('b'), '/sv/hemlig', 'sv', now())
            """,
            """
            INSERT INTO klappa.idempotency (account, operation, key, request_hash, status, body)
            VALUES (\(account), 'createThing', 'hemlig', sha256('c'), 201, 'hemlig')
            """,
            """
            INSERT INTO klappa.outbox (kind, payload, due)
            VALUES ('letter', jsonb_build_object('to', \(Self.email)::text, 'template', 'hemligt'), '2040-01-01')
            """,
            """
            INSERT INTO klappa.outbox (kind, subject, payload, due)
            VALUES ('letter', \(person), '{"to": "office@example.se", "values": {"name": "Hemliga Profilen"}}', '2040-01-01')
            """,
        ]
    }

    /// Everything about them, as they would get it.
    func data(_ portal: Portal) async throws -> OwnData {
        try await portal.database.member.transaction(settings: [("klappa.account", account.uuidString)]) {
            try await OwnDataQueries.all($0)
        }
    }
}

/// A program of the PostgreSQL that the tests use.
enum ServerProgram {
    static func run(_ name: String, _ arguments: [String]) async throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = try FileManager.default.contentsOfDirectory(atPath: root).compactMap(Int.init).sorted()
        let child = try ChildProcess("\(root)/\(versions.last ?? 15)/bin/\(name)", arguments)
        let ending = try await child.ending()
        try #require(ending.status == 0, "\(name): \(ending.errors)")
        return ending.output
    }

    /// A dump of a database, as SQL.
    static func dump(_ database: String) async throws -> String {
        let server = try await TestServer.shared()
        return try await run("pg_dump", ["--dbname", server.conninfo(database: database)])
    }
}
