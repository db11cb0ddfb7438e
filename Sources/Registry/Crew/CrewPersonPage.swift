internal import Postgres
internal import Web

/// A person's page as the template prints it: days, roles, credits, what they can and may, and how they are reached.
struct CrewPersonPage {
    let record: CrewRecord
    let calendar: CrewCalendar
    let text: CrewWords
    let today: Day
    /// The days that the reader asks about; empty when none.
    var asked: DayMultirange = .empty
    /// The contact fields that this reader may see, where that is more than anyone; nil for those of the record.
    var sharedContacts: [CrewListing.Contact.Field]?
    /// As typed, when they cannot be read, and why.
    var unreadable: (typed: String, message: String)?

    private var words: Wording { text.words }
    private var listing: CrewListing { record.listing }
    private var details: CrewRecord.Details { record.details }
    private var base: String { "/\(text.language)/crew" }

    var title: String {
        guard let role = listing.roles.first else { return listing.name }
        return "\(listing.name), \(text.role(role.code))"
    }

    var view: View {
        let region = SiteRegion.named(listing.homeRegion)
        let landscape = Landscape(region?.motif ?? .lake, seed: listing.id).drawn(id: "g-home")
        var back = PageQuery()
        back.add("dates", CrewSearchForm.written(asked))
        let credited = details.creditedName.map { words("crew.creditedAs", ["name": $0]) }
        let trading = details.tradingName.map { words("crew.tradingAs", ["name": $0]) }
        let view: View = [
            "backAddress": .text(back.address(base)),
            "backLabel": .text(words("crew.heading")),
            "department": .optional(department),
            "landscape": .markup(landscape),
            "name": .text(listing.name),
            "creditedName": .optional([credited, trading].compactMap { $0 }.joined(separator: ". ")),
            "headline": .text(
                listing.headline[text.language]
                    ?? listing.roles.map { text.role($0.code) }.joined(separator: ", ")
            ),
            "region": .text(listing.homeRegion),
            "regionName": .text(text.region(listing.homeRegion)),
            "whereabouts": .optional(whereabouts),
            "renewed": .text(words("crew.renewedOn", ["day": words.day(listing.renewedOn)])),
            "isInvented": .flag(listing.invented),
            "biography": .optional(biography),
            "roles": .list(roles),
            "credits": .optional(credits),
            "abilities": .optional(abilities),
            "action": .text("\(base)/\(listing.slug)"),
            "dates": .text(unreadable?.typed ?? words.periods(asked).joined(separator: ", ")),
            "datesError": .optional(unreadable?.message),
            "asked": .optional(answer),
        ]
        return view.adding(calendarView).adding(contactView)
    }

    private var department: View? {
        guard let role = listing.roles.first.flatMap({ text.vocabularies.role($0.code) }) else { return nil }
        return [
            "address": .text("\(base)?department=\(role.department)"),
            "label": .text(text.department(role.department)),
        ]
    }

    private var whereabouts: String? {
        guard let town = text.municipality(listing.municipality) else { return nil }
        let others = listing.localRegions.filter { $0 != listing.homeRegion }.map(text.region)
        let place =
            others.isEmpty ? town : words("crew.homeAnd", ["town": town, "regions": words.list(others)])
        guard let radius = details.travelRadius else { return place }
        return words("crew.homeTravels", ["place": place, "count": words.number(radius)])
    }

    private var biography: View? {
        guard let text = details.biography[text.language] else { return nil }
        let paragraphs = text.split(separator: "\n").map(String.init).filter { !$0.isEmpty }
        return paragraphs.isEmpty ? nil : ["paragraphs": .texts(paragraphs)]
    }

    private var roles: [View] {
        listing.roles.map { held in
            [
                "name": .text(text.role(held.code)),
                "isPrimary": .flag(held.primary && listing.roles.count > 1),
                "grade": .text(
                    text.grade(held.grade).prefix(1).uppercased() + text.grade(held.grade).dropFirst()
                ),
                "department": .text(
                    text.vocabularies.role(held.code).map { text.department($0.department) } ?? ""
                ),
            ]
        }
    }

    private var credits: View? {
        guard !details.credits.isEmpty else { return nil }
        return [
            "count": .text(words.count("crew.credits.count", details.credits.count)),
            "rows": .list(
                details.credits.map { credit in
                    [
                        "year": .text(credit.year.map(String.init) ?? ""),
                        "production": .text(credit.title),
                        "role": .text(credit.creditedAs ?? text.role(credit.role)),
                    ]
                }
            ),
        ]
    }

    private var abilities: View? {
        var facts: [View] = []
        if !listing.languages.isEmpty {
            let spoken = listing.languages.map { held in
                "\(text.spoken(held.code)) (\(words("crew.proficiency.\(held.proficiency)")))"
            }
            facts.append(fact(words("crew.languages"), spoken.joined(separator: ", ")))
        }
        if !listing.certificates.isEmpty {
            let held = listing.certificates.map { text.certificate($0.code) }
            let expiring = listing.certificates.compactMap { held in
                held.expires.map {
                    text.certificate(held.code) + ": " + words("crew.expires", ["day": words.day($0)])
                }
            }
            facts.append(
                fact(
                    words("crew.certificates"),
                    held.joined(separator: ", "),
                    note: expiring.joined(separator: "; ")
                )
            )
        }
        return facts.isEmpty ? nil : ["facts": .list(facts)]
    }

    private func fact(_ term: String, _ value: String, note: String? = nil) -> View {
        ["term": .text(term), "value": .text(value), "note": .optional(note)]
    }

    // MARK: The asked days

    private var answer: View? {
        guard !asked.isEmpty else { return nil }
        let availability = CrewAvailability(of: asked, in: calendar)
        return [
            "strip": text.strip(availability, needed: asked).map { .markup($0) } ?? .absent,
            "text": .text(text.sentence(availability, needed: asked)),
        ]
    }

    // MARK: Contact

    private var contactView: View {
        let contact = listing.contact
        let fields = sharedContacts ?? contact.fields
        var commission: View?
        if fields.isEmpty, let via = contact.via {
            let region = ["region": text.region(via.region)]
            var sentence = words("crew.contact.via", region)
            if let liaison = via.liaison {
                sentence += " " + words("crew.contact.liaison", ["name": liaison])
            }
            let address = via.email.map { "mailto:\($0)" } ?? via.url ?? ""
            commission = [
                "text": .text(sentence),
                "body": .text(via.name),
                "address": .text(address),
                "addressLabel": .text(via.email ?? via.url.map(Self.bare) ?? ""),
                "where": .optional(via.address[text.language]),
                "hint": .text(words("crew.contact.hint")),
            ]
        }
        return [
            "contacts": .list(fields.map(field)),
            "commission": .optional(commission),
            "links": .list(
                details.links.filter { $0.url.hasPrefix("https://") || $0.url.hasPrefix("http://") }.map {
                    link in
                    [
                        "kind": .text(words("crew.link.\(link.kind)")),
                        "address": .text(link.url),
                        "value": .text(link.title ?? Self.bare(link.url)),
                    ]
                }
            ),
        ]
    }

    private func field(_ field: CrewListing.Contact.Field) -> View {
        let address: String? =
            switch field.kind {
            case "email": "mailto:\(field.value)"
            case "phone": "tel:" + field.value.filter { $0.isNumber || $0 == "+" }
            default: nil
            }
        return [
            "kind": .text(words("crew.contact.\(field.kind)")),
            "value": .text(field.value),
            "address": .optional(address),
            "isForeign": .flag(false),
        ]
    }

    /// An address as people say it: `filmiskane.se`.
    static func bare(_ url: String) -> String {
        var bare = Substring(url)
        for prefix in ["https://", "http://", "www."] where bare.hasPrefix(prefix) {
            bare = bare.dropFirst(prefix.count)
        }
        while bare.hasSuffix("/") { bare = bare.dropLast() }
        return String(bare)
    }
}
