internal import Foundation
internal import Postgres
internal import Web

/// What a person's listing says, in words: for the office before it is public, and for its owner beside what stands.
enum ReviewPerson {
    /// Work on a production.
    struct Credit: Sendable {
        let title: String
        let year: Int?
        /// Code.
        let role: String
    }

    /// The credits of a person that are not struck, latest first; none for who may not see them.
    static func credits(of id: UUID, _ transaction: Transaction) async throws(PostgresError) -> [Credit] {
        let rows = try await transaction.query(
            """
            SELECT n.title, n.year::integer AS year, r.code
            FROM klappa.credit o
            JOIN klappa.production n ON n.id = o.production
            JOIN klappa.role r ON r.no = o.role
            WHERE o.person = \(id) AND o.struck_at IS NULL
            ORDER BY n.year DESC NULLS LAST, n.title
            """
        )
        var credits: [Credit] = []
        for row in rows {
            credits.append(
                Credit(
                    title: try row.value("title"),
                    year: (try row.decode(Int32?.self, "year")).map(Int.init),
                    role: try row.value("code")
                )
            )
        }
        return credits
    }

    /// Everything that is said.
    static func said(_ draft: CrewWriting.Draft, credits: [Credit] = [], _ text: CrewWords)
        -> [OfferFields.Said]
    {
        let words = text.words
        func said(_ field: String, _ value: String?) -> OfferFields.Said {
            .init(field: field, label: words("review.person.\(field)"), value: value ?? "")
        }
        let home = [draft.municipality.flatMap { text.municipality($0) }, text.region(draft.region)]
        let roles = draft.roles.map { "\(text.role($0.code)) (\(words("crew.grade.\($0.grade)")))" }
        let languages = draft.languages.map {
            "\(text.spoken($0.code)) (\(words("crew.proficiency.\($0.proficiency)")))"
        }
        var all = [
            said("name", draft.name), said("creditedName", draft.creditedName),
            said("tradingName", draft.tradingName),
            said("home", home.compactMap { $0 }.joined(separator: ", ")),
            said("localRegions", words.list(draft.localRegions.map(text.region))),
            said("travelRadius", draft.travelRadius.map { "\($0) km" }),
            said("roles", words.list(roles)),
            said("headlineSv", draft.headlineSv), said("headlineEn", draft.headlineEn),
            said("biographySv", draft.biographySv), said("biographyEn", draft.biographyEn),
            said("languages", words.list(languages)),
            said("certificates", words.list(draft.certificates.map { certificate($0, text) })),
            said("credits", credits.map { credit($0, text) }.joined(separator: "\n")),
        ]
        all += draft.links.map { link in
            let value = link.title.map { "\($0): \(link.url)" } ?? link.url
            return .init(field: "link", label: words("crew.link.\(link.kind)"), value: value)
        }
        all += draft.contacts.map { contact in
            .init(
                field: "contact",
                label: words("offers.contact.\(contact.kind)"),
                value: "\(contact.value) (\(words("offers.visibility.\(contact.visibility)")))",
                isInner: contact.visibility != "anyone"
            )
        }
        all.append(said("days", words("offers.days.\(draft.availabilityVisibility)")))
        return all.filter { !$0.value.isEmpty }
    }

    private static func certificate(_ held: CrewListing.Certificate, _ text: CrewWords) -> String {
        let name = text.certificate(held.code)
        return held.expires.map { "\(name) (\(text.words.day($0)))" } ?? name
    }

    private static func credit(_ credit: Credit, _ text: CrewWords) -> String {
        [credit.title, credit.year.map { String($0) }, text.role(credit.role)].compactMap { $0 }.joined(
            separator: ", "
        )
    }
}
