internal import Web

/// A company's page as the template prints it.
struct CompanyPage {
    let record: CompanyRecord
    let text: CrewWords

    private var words: Wording { text.words }
    private var language: Language { text.language }
    private var listing: CompanyListing { record.listing }

    /// What it offers, by title.
    var categories: [String] { listing.categories.map(text.category) }
    var town: String { text.municipality(listing.municipality) ?? listing.municipality }

    var view: View {
        let about = record.details.description[language]?.split(separator: "\n").map(String.init) ?? []
        let view: View = [
            "preview": .absent,
            "backAddress": .text("/\(language)/companies"),
            "backLabel": .text(words("companies.heading")),
            "landscape": .markup(
                Landscape(SiteRegion.named(listing.region)?.motif ?? .lake, seed: listing.id).drawn(
                    id: "g-home"
                )
            ),
            "name": .text(listing.name),
            "alias": .optional(listing.alias.map { words("locations.alias", ["name": $0]) }),
            "lead": .text(listing.headline[language] ?? words.list(categories)),
            "region": .text(listing.region),
            "regionName": .text(text.region(listing.region)),
            "where": .text(town),
            "renewed": .text(words("crew.renewedOn", ["day": words.day(listing.renewedOn)])),
            "isInvented": .flag(listing.invented),
            "about": about.isEmpty ? .absent : .view(["paragraphs": .texts(about)]),
            "photos": .list(photos),
            "categories": .list(
                listing.categories.map { code in
                    [
                        "address": .text("/\(language)/companies?category=\(code)"),
                        "label": .text(text.category(code)),
                    ]
                }
            ),
        ]
        let contact = ContactView(
            contact: listing.contact,
            links: record.details.links,
            text: text,
            hint: words("companies.contactHint")
        )
        return view.adding(contact.view)
    }

    private var photos: [View] {
        record.details.photos.map { photo in
            [
                "address": .text("/photos/\(photo.hash).jpg"),
                "width": .text(String(photo.width)),
                "height": .text(String(photo.height)),
                "alternative": .text(photo.alternative[language] ?? ""),
                "caption": .optional(photo.caption[language]),
            ]
        }
    }
}
