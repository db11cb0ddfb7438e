internal import Foundation
internal import Postgres
internal import Web

/// What a person's listing says, as its region's office reads it before it is public.
struct ReviewPerson: Decodable, Sendable {
    struct Role: Decodable, Sendable {
        let code: String
        let grade: String
    }

    struct Language: Decodable, Sendable {
        let code: String
        let proficiency: String
    }

    struct Certificate: Decodable, Sendable {
        let code: String
        let expires: Day?
    }

    struct Contact: Decodable, Sendable {
        let kind: String
        let value: String
        let visibility: String
    }

    struct Link: Decodable, Sendable {
        let kind: String
        let url: String
    }

    struct Credit: Decodable, Sendable {
        let title: String
        let year: Int?
        let role: String
    }

    let version: Int64
    let name: String
    let creditedName: String?
    let tradingName: String?
    let municipality: String?
    let homeRegion: String
    let localRegions: [String]
    let travelRadius: Int?
    let headlineSv: String?
    let headlineEn: String?
    let biographySv: String?
    let biographyEn: String?
    let visibility: String
    let consent: Bool
    let invented: Bool
    let roles: [Role]
    let languages: [Language]
    let certificates: [Certificate]
    let contacts: [Contact]
    let links: [Link]
    let credits: [Credit]

    /// Reads it under row security; nil when the reader may not see the whole of it.
    static func find(_ id: UUID, _ transaction: Transaction) async throws -> ReviewPerson? {
        let rows = try await transaction.query(
            """
            SELECT json_build_object('version', p.version, 'name', p.name, 'creditedName', p.credited_name,
                'tradingName', p.trading_name, 'municipality', p.municipality, 'homeRegion', h.code,
                'localRegions', array(
                    SELECT r.code FROM klappa.person_local_region o JOIN klappa.region r ON r.no = o.region
                    WHERE o.person = p.id ORDER BY r.sort_order),
                'travelRadius', p.travel_radius, 'headlineSv', p.headline_sv, 'headlineEn', p.headline_en,
                'biographySv', p.biography_sv, 'biographyEn', p.biography_en,
                'visibility', p.availability_visibility, 'invented', p.invented,
                'consent', EXISTS (
                    SELECT FROM klappa.consent s
                    WHERE s.subject = p.id AND s.purpose = 'publication' AND s.withdrawn_at IS NULL),
                'roles', (
                    SELECT coalesce(json_agg(json_build_object('code', r.code, 'grade', o.grade)
                        ORDER BY o."primary" DESC, r.no), '[]')
                    FROM klappa.person_role o JOIN klappa.role r ON r.no = o.role WHERE o.person = p.id),
                'languages', (
                    SELECT coalesce(json_agg(json_build_object('code', o.language, 'proficiency', o.proficiency)
                        ORDER BY o.language), '[]')
                    FROM klappa.person_language o WHERE o.person = p.id),
                'certificates', (
                    SELECT coalesce(json_agg(json_build_object('code', o.certificate, 'expires', o.expires)
                        ORDER BY o.certificate), '[]')
                    FROM klappa.person_certificate o WHERE o.person = p.id),
                'contacts', (
                    SELECT coalesce(json_agg(json_build_object('kind', o.kind, 'value', o.value,
                        'visibility', o.visibility) ORDER BY o.sort_order, o.kind, o.value), '[]')
                    FROM klappa.contact_field o WHERE o.subject = p.id),
                'links', (
                    SELECT coalesce(json_agg(json_build_object('kind', o.kind, 'url', o.url)
                        ORDER BY o.sort_order, o.url), '[]')
                    FROM klappa.link o WHERE o.subject = p.id),
                'credits', (
                    SELECT coalesce(json_agg(json_build_object('title', n.title, 'year', n.year, 'role', r.code)
                        ORDER BY n.year DESC NULLS LAST, n.title), '[]')
                    FROM klappa.credit o JOIN klappa.production n ON n.id = o.production
                    JOIN klappa.role r ON r.no = o.role
                    WHERE o.person = p.id AND o.struck_at IS NULL))::text AS document
            FROM klappa.person p JOIN klappa.region h ON h.no = p.home_region
            WHERE p.id = \(id) AND p.state <> 'erased'
            """
        )
        guard let row = rows.first else { return nil }
        let document = try row.decode(String.self, "document")
        return try JSONDecoder().decode(ReviewPerson.self, from: Data(document.utf8))
    }

    /// Everything that is said, in words.
    func said(_ text: CrewWords) -> [OfferFields.Said] {
        let words = text.words
        func said(_ field: String, _ value: String?, isInner: Bool = false) -> OfferFields.Said {
            .init(field: field, label: words("review.person.\(field)"), value: value ?? "", isInner: isInner)
        }
        let town = municipality.flatMap { text.municipality($0) }
        var all = [
            said("name", name), said("creditedName", creditedName), said("tradingName", tradingName),
            said("home", [town, text.region(homeRegion)].compactMap { $0 }.joined(separator: ", ")),
            said("localRegions", words.list(localRegions.map(text.region))),
            said("travelRadius", travelRadius.map { "\($0) km" }),
            said(
                "roles",
                words.list(roles.map { "\(text.role($0.code)) (\(words("crew.grade.\($0.grade)")))" })
            ),
            said("headlineSv", headlineSv), said("headlineEn", headlineEn),
            said("biographySv", biographySv), said("biographyEn", biographyEn),
            said(
                "languages",
                words.list(
                    languages.map {
                        "\(text.spoken($0.code)) (\(words("crew.proficiency.\($0.proficiency)")))"
                    }
                )
            ),
            said("certificates", words.list(certificates.map { text.certificate($0.code) })),
            said("credits", credits.map { credit($0, text) }.joined(separator: "\n")),
        ]
        all += links.map { .init(field: "link", label: words("crew.link.\($0.kind)"), value: $0.url) }
        all += contacts.map { contact in
            .init(
                field: "contact",
                label: words("offers.contact.\(contact.kind)"),
                value: "\(contact.value) (\(words("offers.visibility.\(contact.visibility)")))",
                isInner: contact.visibility != "anyone"
            )
        }
        all.append(said("days", words("offers.days.\(visibility)")))
        return all.filter { !$0.value.isEmpty }
    }

    private func credit(_ credit: Credit, _ text: CrewWords) -> String {
        [credit.title, credit.year.map { String($0) }, text.role(credit.role)].compactMap { $0 }.joined(
            separator: ", "
        )
    }
}
