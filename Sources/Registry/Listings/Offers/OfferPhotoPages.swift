internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// The pictures of a location or company: several at once, each with words in both languages, in the owner's order.
struct OfferPhotoPages: Sendable {
    let pages: OfferPages

    /// Pictures of one listing.
    static let most = 40
    /// Bytes of one form.
    static let largest = 96 << 20

    /// `/sv/offers/{id}/photos`.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/offers/{id}/photos") { _, context, member in
                try answer(try await pages.offer(context, member), Form(pages.site.words(language)), language)
            }
            table.member("/\(language)/offers/{id}/photos", .post) { request, context, member in
                try await take(request, context, try await pages.offer(context, member), member, language)
            }
            table.member("/\(language)/offers/{id}/photos/{photo}", .post) { request, context, member in
                try await change(request, context, try await pages.offer(context, member), member, language)
            }
        }
    }

    // MARK: Showing

    static let words = ["alternativeSv", "alternativeEn", "captionSv", "captionEn"]

    private func answer(_ offer: Offer, _ form: Form, _ language: Language) throws -> Answer {
        let words = form.words
        let own = "/\(language)\(offer.path)"
        let title = words("offers.photosOf", ["name": offer.draft.name])
        let view: View = [
            "errorSummary": form.summary,
            "title": .text(title),
            "backAddress": .text(own),
            "backLabel": .text(offer.draft.name),
            "action": .text("\(own)/photos"),
            "isTaken": .flag(pages.store != nil && offer.photos.count < Self.most),
            "isPublic": .flag(offer.isApproved && offer.isOwn),
            "error": .optional(form.error("files")),
            "photos": .list(offer.photos.enumerated().map { photo($1, $0, offer, words) }),
        ]
        return try pages.site.answer(
            "offers/photos",
            view,
            pages.head(title, "\(offer.path)/photos", offer.kind, language, status: form.status)
        )
    }

    private func photo(_ photo: Offer.Photo, _ index: Int, _ offer: Offer, _ words: Wording) -> View {
        let stored = [photo.alternativeSv, photo.alternativeEn, photo.captionSv, photo.captionEn]
        let number = String(index + 1)
        let fields = zip(Self.words, stored).map { name, value -> View in
            // Ids stay apart on a page with several pictures.
            let id = "\(name)-\(number)"
            return FormField(id, words("offers.photo.\(name)"), isOptional: true, limit: 500)
                .view(Form(words, [(id, value ?? "")]))
        }
        return [
            "address": .text("/photos/\(photo.hash)-small.jpg"),
            "alternative": .text((words.language == .sv ? photo.alternativeSv : photo.alternativeEn) ?? ""),
            "heading": .text(words("offers.photo.number", ["number": number])),
            "number": .text(number),
            "waits": .optional(
                photo.waits
                    ? words("offers.photo.waits") : photo.returned ? words("offers.photo.returned") : nil
            ),
            "action": .text("/\(words.language)\(offer.path)/photos/\(photo.id.uuidString.lowercased())"),
            "fields": .list(fields),
            "canMove": .flag(index > 0),
        ]
    }

    // MARK: Taking in

    private func take(
        _ request: Request,
        _ context: WebContext,
        _ offer: Offer,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        let body = try await MultipartBody.read(request, limit: Self.largest)
        try context.visit.check(body.pairs.first { $0.name == "csrf" }?.value, request)
        var form = Form(pages.site.words(language))
        let files = body.files.filter { $0.field == "files" && !$0.bytes.isEmpty }
        guard let store = pages.store, !files.isEmpty else {
            form.refuse("files", form.words("offers.error.noFiles"))
            return try answer(offer, form, language)
        }
        guard offer.photos.count + files.count <= Self.most else {
            form.refuse("files", form.words("offers.error.tooMany", ["most": form.words.number(Self.most)]))
            return try answer(offer, form, language)
        }
        let queries = PhotoQueries(pages.databases, store)
        var refused: [String] = []
        for file in files {
            do {
                try await queries.add(file.bytes, to: offer.id, for: member.reader)
            } catch let error as PhotoError {
                if error == .noProgram { throw Problem(.picturesUnavailable) }
                refused.append(String(file.name.prefix(80)))
            }
        }
        guard refused.isEmpty else {
            // What could be read is there: the page shows it beside what could not.
            form.refuse("files", form.words("offers.error.files", ["names": form.words.list(refused)]))
            return try answer(try await pages.offer(context, member), form, language)
        }
        return pages.site.redirect(
            to: "/\(language)\(offer.path)/photos",
            notice: offer.isApproved && offer.isOwn ? "offers.photosSent" : "offers.photosAdded"
        )
    }

    // MARK: One picture

    private func change(
        _ request: Request,
        _ context: WebContext,
        _ offer: Offer,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        let form = try await pages.site.form(request, context)
        guard let id = UUID(uuidString: try context.parameters.require("photo")),
            offer.photos.contains(where: { $0.id == id })
        else { throw Problem(.notFound) }
        let number = form["number"]
        func typed(_ name: String) -> String? {
            let value = String(form["\(name)-\(number)"].prefix(500))
            return value.isEmpty ? nil : value
        }
        var words = PhotoQueries.Words()
        words.alternativeSv = typed("alternativeSv")
        words.alternativeEn = typed("alternativeEn")
        words.captionSv = typed("captionSv")
        words.captionEn = typed("captionEn")
        let kept = words
        let order = form.has("first") ? ([id] + offer.photos.map(\.id).filter { $0 != id }) : nil
        let isDropped = form.has("remove")
        try await Writes.transaction(pages.databases, as: member.reader) { transaction in
            if isDropped {
                try await PhotoQueries.remove(id, of: offer.id, transaction)
            } else {
                try await PhotoQueries.write(kept, to: id, of: offer.id, transaction)
                if let order { try await PhotoQueries.arrange(order, of: offer.id, transaction) }
            }
        }
        return pages.site.redirect(
            to: "/\(language)\(offer.path)/photos",
            notice: isDropped ? "offers.photoRemoved" : "offers.photoSaved"
        )
    }
}
