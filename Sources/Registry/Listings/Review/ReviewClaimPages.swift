internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// Claims of listings that nobody owns, as the region's office decides them.
struct ReviewClaimPages: Sendable {
    let pages: ReviewPages

    /// `/sv/review/claims/{id}`.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/review/claims/{id}") { _, context, member in
                try await show(try await claim(context, member), Form(pages.site.words(language)), language)
            }
            table.member("/\(language)/review/claims/{id}", .post) { request, context, member in
                try await decide(request, context, try await claim(context, member), member, language)
            }
        }
    }

    /// - Throws: 404 unless it waits for an office of the reader's.
    private func claim(_ context: WebContext, _ member: SignedIn) async throws -> WaitingClaim {
        guard let id = UUID(uuidString: try context.parameters.require("id")) else {
            throw Problem(.notFound)
        }
        let waiting = try await pages.databases.member.transaction(settings: member.reader.settings) {
            transaction in
            try await ClaimQueries.waiting(transaction)
        }
        guard let claim = waiting.first(where: { $0.id == id }) else { throw Problem(.notFound) }
        return claim
    }

    private func show(_ claim: WaitingClaim, _ form: Form, _ language: Language, status: Int? = nil)
        async throws -> Answer
    {
        let text = try await pages.text(language)
        let words = text.words
        let path = "/review/claims/\(claim.id.uuidString.lowercased())"
        let view: View = [
            "desk": pages.desk.links(words, at: .review),
            "errorSummary": form.summary,
            "stale": .flag(status == 412),
            "title": .text(words("review.claimTitle", ["name": claim.name])),
            "listing": .text("/\(language)/crew/\(claim.slug)"), "name": .text(claim.name),
            "code": .text(claim.region), "region": .text(text.region(claim.region)),
            "since": .text(words("review.since", ["when": words.moment(claim.madeAt)])),
            "claimant": .text(claim.claimant), "email": .optional(claim.email),
            "message": .optional(claim.message),
            "action": .text("/\(language)\(path)"), "version": .text(String(claim.version)),
            "reason": .view(
                FormField(
                    "reason",
                    words("review.claimReason"),
                    .area(rows: 4),
                    hint: words("review.reasonHint"),
                    isOptional: true,
                    limit: 2000
                ).view(form)
            ),
        ]
        let head = pages.head(
            words("review.claimTitle", ["name": claim.name]),
            path,
            language,
            status: status ?? form.status
        )
        return try pages.site.answer("review/claim", view, head)
    }

    private func decide(
        _ request: Request,
        _ context: WebContext,
        _ claim: WaitingClaim,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        var form = try await pages.site.form(request, context)
        let reason = form.optionalText("reason", upTo: 2000)
        let isAccepted = form["verdict"] == "accepted"
        if !isAccepted, reason == nil, form.isValid {
            form.refuse("reason", form.words("review.reasonNeeded"))
        }
        guard form.isValid else { return try await show(claim, form, language) }
        guard form.version == claim.version else { return try await show(claim, form, language, status: 412) }
        let letters = pages.site.letters
        let link = "\(pages.site.origin(for: request))/\(claim.language)/me/listing"
        let done = try await Writes.transaction(pages.databases, as: member.reader) { transaction in
            if isAccepted {
                return try await ClaimQueries.accept(claim, letters: letters, link: link, transaction)
            }
            return try await ClaimQueries.refuse(claim, reason: reason ?? "", letters: letters, transaction)
        }
        guard done else { return try await show(claim, form, language, status: 412) }
        return pages.site.redirect(
            to: "/\(language)/review",
            notice: isAccepted ? "review.done.claimAccepted" : "review.done.claimRefused"
        )
    }
}
