internal import Postgres
internal import Web

/// A location's page as the template prints it: pictures or a drawn map, facts, days, productions, contact.
struct LocationPage {
    let record: LocationRecord
    let calendar: CrewCalendar
    let text: CrewWords
    let map: OutlineMap
    let today: Day
    /// The days that the reader asks about; empty when none.
    var asked: DayMultirange = .empty
    /// As typed, when they cannot be read, and why.
    var unreadable: (typed: String, message: String)?

    private var words: Wording { text.words }
    private var listing: LocationListing { record.listing }
    private var base: String { "/\(text.language)/locations" }
    private var town: String { text.municipality(listing.municipality) ?? listing.municipality }

    var title: String {
        guard let kind = listing.types.first else { return listing.name }
        return "\(listing.name), \(text.kind(kind))"
    }

    var view: View {
        var back = PageQuery()
        back.add("dates", CrewSearchForm.written(asked))
        let kinds = listing.types.map(text.kind)
        let view: View = [
            "preview": .absent,
            "symbol": .markup(map.symbol()),
            "backAddress": .text(back.address(base)),
            "backLabel": .text(words("locations.heading")),
            "regionAddress": .text("\(base)?region=\(listing.region)"),
            "region": .text(listing.region),
            "regionName": .text(text.region(listing.region)),
            "name": .text(listing.name),
            "alias": .optional(listing.alias.map { words("locations.alias", ["name": $0]) }),
            "lead": .text(listing.headline[text.language] ?? words.list(kinds)),
            "where": .text(town),
            "number": .text(words("locations.number", ["number": String(listing.number)])),
            "renewed": .text(words("crew.renewedOn", ["day": words.day(listing.renewedOn)])),
            "isInvented": .flag(listing.invented),
            "photos": .list(photos),
            "drawing": listing.photo == nil
                ? .markup(
                    map.detail(
                        latitude: listing.point.lat,
                        longitude: listing.point.lon,
                        isExact: listing.point.exact,
                        label: words("locations.drawnLabel", ["town": town])
                    )
                ) : .absent,
            "small": .markup(
                map.detail(
                    latitude: listing.point.lat,
                    longitude: listing.point.lon,
                    isExact: listing.point.exact
                )
            ),
            "about": .optional(about),
            "looks": .texts(listing.looks.map(text.look)),
            "hasLooks": .flag(!listing.looks.isEmpty),
            "kinds": .texts(kinds),
            "groups": .list(groups),
            "productions": .optional(productions),
            "company": .optional(
                record.details.company.map { company in
                    [
                        "address": .text("/\(text.language)/companies/\(company.slug)"),
                        "name": .text(company.name),
                    ] as View
                }
            ),
            "place": .text(
                record.details.address
                    ?? words(listing.point.exact ? "locations.place.exact" : "locations.place.rounded")
            ),
            "action": .text("\(base)/\(listing.number)"),
            "dates": .text(unreadable?.typed ?? words.periods(asked).joined(separator: ", ")),
            "datesError": .optional(unreadable?.message),
            "asked": .optional(answer),
        ]
        let calendarView = CalendarView(calendar: calendar, text: text, today: today, asked: asked).view
        let contact = ContactView(
            contact: listing.contact,
            links: record.details.links,
            text: text,
            hint: words("locations.contactHint", ["number": String(listing.number)])
        )
        return view.adding(calendarView).adding(contact.view)
    }

    private var photos: [View] {
        record.details.photos.map { photo in
            [
                "address": .text("/photos/\(photo.hash).jpg"),
                "width": .text(String(photo.width)),
                "height": .text(String(photo.height)),
                "alternative": .text(photo.alternative[text.language] ?? ""),
                "caption": .optional(photo.caption[text.language]),
            ]
        }
    }

    private var about: View? {
        guard let text = record.details.description[text.language] else { return nil }
        let paragraphs = text.split(separator: "\n").map(String.init).filter { !$0.isEmpty }
        return paragraphs.isEmpty ? nil : ["paragraphs": .texts(paragraphs)]
    }

    /// Facts by group, in the order of the vocabulary.
    private var groups: [View] {
        var groups: [(name: String, facts: [View])] = []
        for fact in listing.features {
            guard let feature = text.vocabularies.locationFeature(fact.code), let said = text.fact(fact)
            else {
                continue
            }
            if groups.last?.name != feature.group {
                if let place = groups.firstIndex(where: { $0.name == feature.group }) {
                    groups[place].facts.append(["term": .text(said.name), "value": .text(said.value)])
                    continue
                }
                groups.append((feature.group, []))
            }
            groups[groups.count - 1].facts.append(["term": .text(said.name), "value": .text(said.value)])
        }
        return groups.map { group in
            ["title": .text(words("locations.group.\(group.name)")), "facts": .list(group.facts)]
        }
    }

    private var productions: View? {
        guard !record.details.productions.isEmpty else { return nil }
        return [
            "rows": .list(
                record.details.productions.map { production in
                    [
                        "year": .text(production.year.map(String.init) ?? ""),
                        "title": .text(production.title),
                        "days": .text(
                            production.from.map { from in words.days(from, production.to ?? from) } ?? ""
                        ),
                    ]
                }
            )
        ]
    }

    private var answer: View? {
        guard !asked.isEmpty else { return nil }
        let availability = CrewAvailability(of: asked, in: calendar)
        return [
            "strip": text.strip(availability, needed: asked).map { .markup($0) } ?? .absent,
            "text": .text(text.sentence(availability, needed: asked)),
        ]
    }
}

/// How a company or location is reached, as the template prints it.
struct ContactView {
    let contact: CrewListing.Contact
    let links: [CrewRecord.Link]
    let text: CrewWords
    /// What to say to the film commission.
    let hint: String

    var view: View {
        let words = text.words
        var commission: View?
        if let via = contact.via {
            var sentence = words("crew.contact.via", ["region": text.region(via.region)])
            if let liaison = via.liaison {
                sentence += " " + words("crew.contact.liaison", ["name": liaison])
            }
            commission = [
                "text": .text(sentence),
                "body": .text(via.name),
                "address": .text(via.email.map { "mailto:\($0)" } ?? via.url ?? ""),
                "addressLabel": .text(via.email ?? via.url.map(CrewPersonPage.bare) ?? ""),
                "where": .optional(via.address[text.language]),
                "hint": .text(hint),
            ]
        }
        return [
            "contacts": .list(
                contact.fields.map { field in
                    let address: String? =
                        switch field.kind {
                        case "email": "mailto:\(field.value)"
                        case "phone": "tel:" + field.value.filter { $0.isNumber || $0 == "+" }
                        default: nil
                        }
                    return [
                        "kind": .text(words("crew.contact.\(field.kind)")), "value": .text(field.value),
                        "address": .optional(address),
                    ]
                }
            ),
            "commission": .optional(commission),
            "links": .list(
                links.filter { $0.url.hasPrefix("https://") || $0.url.hasPrefix("http://") }.map { link in
                    [
                        "kind": .text(words("crew.link.\(link.kind)")), "address": .text(link.url),
                        "value": .text(link.title ?? CrewPersonPage.bare(link.url)),
                    ]
                }
            ),
        ]
    }
}
