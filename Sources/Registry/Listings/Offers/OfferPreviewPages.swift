internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// What others see of a location or company, or would see: the public page, made from the record as it would be written.
struct OfferPreviewPages: Sendable {
    let pages: OfferPages

    /// `/sv/offers/{id}/preview`.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/offers/{id}/preview") { _, context, member in
                try await show(try await pages.offer(context, member), member, language)
            }
        }
    }

    private func show(_ offer: Offer, _ member: SignedIn, _ language: Language) async throws -> Answer {
        let body = try await OfferQueries.preview(offer.id, pages.databases.member, member.reader)
        guard let body else { throw Problem(.notFound) }
        let text = try await pages.text(language)
        let back: View = [
            "address": .text("/\(language)\(offer.path)"), "name": .text(offer.draft.name),
            "text": .text(
                text.words(offer.state == .published ? "offers.previewPublic" : "offers.previewNot")
            ),
        ]
        var view: View
        if offer.kind == .location {
            view = try await location(body, offer, member, text)
        } else {
            view = try CompanyPage(record: try CompanyRecord(body: body), text: text).view
        }
        view["preview"] = .view(back)
        return try pages.site.answer(
            "\(offer.kind.plural)/show",
            view,
            pages.head(
                text.words("offers.preview", ["name": offer.draft.name]),
                "\(offer.path)/preview",
                offer.kind,
                language
            )
        )
    }

    private func location(_ body: [UInt8], _ offer: Offer, _ member: SignedIn, _ text: CrewWords) async throws
        -> View
    {
        let listing = try CrewJSON.decode(LocationListing.self, from: body)
        let days = try await pages.databases.member.transaction(settings: member.reader.settings) {
            transaction in
            try await OwnCalendarQueries.find(offer.id, transaction)
        }
        var isShown = false
        if case .location(let draft) = offer.draft { isShown = draft.availabilityVisibility == "anyone" }
        let calendar = days.seen(from: pages.today(), count: 400)
        let page = LocationPage(
            record: LocationRecord(
                body: body,
                version: offer.version,
                listing: listing,
                details: try CrewJSON.decode(LocationRecord.Details.self, from: body)
            ),
            // Strangers see no days that are shared with approved searchers only.
            calendar: isShown ? calendar : CrewCalendar(span: calendar.span, days: nil),
            text: text,
            map: try await pages.outlines.map(),
            today: pages.today()
        )
        return page.view
    }
}

extension CompanyRecord {
    /// Reads a record's JSON text.
    init(body: [UInt8]) throws {
        let listing = try CrewJSON.decode(CompanyListing.self, from: body)
        self.init(
            body: body,
            version: listing.version,
            listing: listing,
            details: try CrewJSON.decode(CompanyRecord.Details.self, from: body)
        )
    }
}
