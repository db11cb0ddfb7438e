internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// "This is me": asking for a public listing that nobody owns, and what became of it.
struct ClaimPages: Sendable {
    let pages: PeoplePages

    /// All addresses of these pages.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            let base = "/\(language)\(PeoplePages.home)/claims"
            table.member(base, .post) { request, context, member in
                try await claim(request, context, member, language)
            }
            table.member(base + "/{id}/withdraw", .post) { request, context, member in
                try await withdraw(request, context, member, language)
            }
        }
    }

    private func claim(
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        var form = try await pages.site.form(request, context, limit: 16 << 10)
        let message = form.optionalText("message", upTo: 2000)
        guard form.isValid, let person = UUID(uuidString: form["person"]) else {
            return pages.done("listing.claimTooLong", language, "/begin")
        }
        let made: UUID?
        do {
            made = try await Writes.transaction(pages.databases, as: member.reader) {
                try await ClaimQueries.claim(person, message: message, $0)
            }
        } catch let problem as Problem where problem.code.status == 409 {
            return pages.done("listing.refused.\(problem.code.code)", language, "/begin")
        }
        guard made != nil else { throw Problem(.notFound) }
        return pages.done("listing.claimed", language)
    }

    private func withdraw(
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        _ = try await pages.site.form(request, context, limit: 8 << 10)
        guard let id = UUID(uuidString: try context.parameters.require("id")) else {
            throw Problem(.notFound)
        }
        let done = try await Writes.transaction(pages.databases, as: member.reader) {
            try await ClaimQueries.withdraw(id, $0)
        }
        guard done else { throw Problem(.notFound) }
        return pages.done("listing.claimWithdrawn", language)
    }

    // MARK: Printing

    /// The member's claims that wait or were refused; absent without any.
    func view(of member: SignedIn, _ text: CrewWords) async throws -> View.Value {
        let claims = try await pages.databases.member.transaction(settings: member.reader.settings) {
            try await ClaimQueries.own(member.account, $0)
        }
        guard !claims.isEmpty else { return .absent }
        let words = text.words
        return .view([
            "rows": .list(
                claims.map { claim in
                    [
                        "name": .text(claim.listing?.name ?? words("listing.claimGone")),
                        "address": .optional(claim.listing.map { "/\(text.language)/crew/\($0.slug)" }),
                        "when": .text(words.day(claim.madeAt.inStockholm)),
                        "word": .text(words("listing.claim.\(claim.state.rawValue)")),
                        "reason": .optional(claim.reason),
                        "withdraw": claim.state == .pending
                            ? .text(
                                "/\(text.language)\(PeoplePages.home)/claims/\(claim.id.uuidString.lowercased())/withdraw"
                            ) : .absent,
                    ]
                }
            )
        ])
    }

    /// People of the same name, to be told apart or claimed.
    static func alike(_ people: [CrewListing], _ text: CrewWords) -> View {
        [
            "action": .text("/\(text.language)\(PeoplePages.home)/claims"),
            "people": .list(
                people.map { person in
                    let roles = person.roles.prefix(3).map { text.role($0.code) }
                    let place = text.municipality(person.municipality) ?? text.region(person.homeRegion)
                    return [
                        "id": .text(person.id),
                        "name": .text(person.name),
                        "address": .text("/\(text.language)/crew/\(person.slug)"),
                        "line": .text((roles + [place]).joined(separator: ", ")),
                        "label": .text(text.words("listing.claimLabel", ["name": person.name])),
                    ]
                }
            ),
        ]
    }
}
