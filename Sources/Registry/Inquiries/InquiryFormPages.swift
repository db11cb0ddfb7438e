internal import Crypto
internal import Foundation
internal import Hummingbird
internal import NIOCore
internal import Postgres
internal import Web

/// The public form, and the private page on which a producer follows a case and answers.
struct InquiryFormPages: Sendable {
    let site: Site
    let databases: Databases
    let terms: InquiryTermCatalogue
    let vocabularies: @Sendable () async throws -> Vocabularies
    let today: @Sendable () -> Day

    private var queries: InquiryQueries { InquiryQueries(database: databases.member) }

    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.page(InquiryAddresses.form(language)) { request, _ in
                let query = PageQuery(request.uri.query ?? "")
                let scale = query.first("scale").flatMap { InquiryFields.Scale(rawValue: $0) } ?? .medium
                let typed = ["region", "title", "shoot", "productionType", "summary"].map {
                    ($0, String((query.first($0) ?? "").prefix(4000)))
                }
                return try await page(Form(site.words(language), typed), scale, language)
            }
            table.page(InquiryAddresses.form(language), .post) { request, context in
                try await file(try await site.form(request, context), letters(request), language)
            }
            table.page("/\(language)/inquiries/follow/{link}") { _, context in
                try await follow(context, Form(site.words(language)), language)
            }
            table.page("/\(language)/inquiries/follow/{link}", .post) { request, context in
                try await answer(context, try await site.form(request, context), letters(request), language)
            }
        }
    }

    private func letters(_ request: Request) -> InquiryLetters {
        InquiryLetters(texts: site.letters, origin: site.origin(for: request))
    }

    // MARK: Filing

    private func fields(_ scale: InquiryFields.Scale) async throws -> InquiryFields {
        InquiryFields(
            scale: scale,
            isOffice: false,
            terms: try await terms.current(),
            vocabularies: try await vocabularies(),
            today: today()
        )
    }

    private func file(_ sent: Form, _ letters: InquiryLetters, _ language: Language) async throws -> Answer {
        var form = sent
        let asked = InquiryFields.Scale(rawValue: form["as"]) ?? .medium
        let scale = InquiryFields.Scale(rawValue: form["scale"]) ?? asked
        // Every other button only shows the form anew, with all that was typed.
        guard form.has("send") else { return try await page(form, scale, language) }
        let fields = try await fields(scale)
        guard case .object(var document) = fields.read(&form) else { throw Problem(.unexpected) }
        document["language"] = .string(language.rawValue)
        document["region"] = form.choice("region", of: SiteRegion.all.map(\.code), isOptional: true).map {
            .string($0)
        }
        // People do not see this field; programs fill it in.
        if !form["website"].isEmpty { form.refuse("title", form.words("inquiry.error.trap")) }
        guard form.isValid else { return try await page(form, scale, language) }
        let body = JSON.object(document)
        let digest = Array(SHA256.hash(data: Data(String(buffer: body.bytes).utf8)))
        let once = UUID(uuidString: form["once"]).map { $0.uuidString.lowercased() }
        do {
            return try await InquiryErrors.translated {
                try await Writes.once(once, digest, "fileInquiry page", databases, as: .anyone) {
                    transaction in
                    let link = Secret.random()
                    let filed = try await InquiryWrites.file(body, link: link, transaction)
                    try await letters.received(filed, body, link: link, language, transaction)
                    return .redirect(to: InquiryAddresses.follow(link, language) + "?received")
                }
            }
        } catch let problem as Problem where problem.code == .keyReused {
            // The form went out before, and was changed since: that is another inquiry.
            form.set("once", nil)
            return try await page(form, scale, language)
        } catch let problem as Problem where problem.code == .invalid {
            for error in problem.errors { form.refuse("title", error.message[language]) }
            return try await page(form, scale, language)
        }
    }

    private func page(_ form: Form, _ scale: InquiryFields.Scale, _ language: Language) async throws -> Answer
    {
        let words = form.words
        let fields = try await fields(scale)
        let regions = SiteRegion.all.map { FormField.Option($0.code, $0.name) }
        let view: View = [
            "errorSummary": form.summary,
            "action": .text(InquiryAddresses.form(language)),
            "scale": .text(scale.rawValue),
            "once": .text(form["once"].isEmpty ? UUID().uuidString.lowercased() : form["once"]),
            "scales": .list(
                InquiryFields.Scale.allCases.map { each in
                    [
                        "code": .text(each.rawValue), "label": .text(words("inquiry.scale.\(each.rawValue)")),
                        "pressed": .text(each == scale ? "true" : "false"),
                    ]
                }
            ),
            "fields": .view(fields.view(form)),
            "region": .view(
                FormField(
                    "region",
                    words("inquiry.field.region"),
                    .select(regions),
                    hint: words("inquiry.hint.region"),
                    isOptional: true
                ).view(form)
            ),
        ]
        let head = Site.Head(
            language: language,
            title: words("inquiry.new.title"),
            description: words("inquiry.new.description"),
            path: "/inquiries/new",
            section: .inquire,
            status: form.status
        )
        return try site.answer("inquiries/new", view, head)
    }

    // MARK: Following

    private func link(_ context: WebContext) throws -> Secret {
        guard let link = Secret(context.parameters.get("link") ?? "") else { throw Problem(.notFound) }
        return link
    }

    private func answer(
        _ context: WebContext,
        _ sent: Form,
        _ letters: InquiryLetters,
        _ language: Language
    ) async throws -> Answer {
        var form = sent
        let link = try link(context)
        let withdraws = form.has("withdraw")
        let body = withdraws ? form.optionalText("body", upTo: 20_000) : form.text("body", upTo: 20_000)
        guard form.isValid else { return try await follow(context, form, language) }
        do {
            let isKnown = try await InquiryErrors.translated {
                try await Writes.transaction(databases, as: .anyone) { transaction in
                    try await letters.message(link, body, withdraws: withdraws, transaction)
                }
            }
            guard isKnown else { throw Problem(.notFound) }
        } catch let problem as Problem where problem.code == .stepRefused {
            form.refuse("body", form.words("inquiry.error.withdraw"))
            return try await follow(context, form, language)
        }
        return site.redirect(
            to: InquiryAddresses.follow(link, language),
            notice: withdraws ? "inquiry.follow.withdrawn" : "inquiry.follow.sent"
        )
    }

    private func follow(_ context: WebContext, _ form: Form, _ language: Language) async throws -> Answer {
        let link = try link(context)
        guard let followed = try await queries.followed(link) else { throw Problem(.notFound) }
        let words = form.words
        let text = InquiryText(
            words: words,
            terms: try await terms.current(),
            vocabularies: try await vocabularies()
        )
        let origin = site.settings.origin ?? ""
        let contact = followed["region"]?.string.flatMap { text.vocabularies.region($0)?.contact }
        let isOpen = followed["outcome"] == "open"
        let field = FormField(
            "body",
            words("inquiry.follow.body"),
            .area(rows: 5),
            hint: words("inquiry.follow.hint"),
            limit: 20_000
        )
        let entries: [JSON] = followed["entries"]?.array ?? []
        var view: View = [
            "errorSummary": form.summary,
            "address": .text(InquiryAddresses.follow(link, language, origin: origin)),
            "action": .text(InquiryAddresses.follow(link, language)),
            "contact": .optional(contact?.email ?? contact?.phone ?? contact?.url),
            "deadline": .absent,
            "facts": .list(text.facts(followed, isOffice: false)),
            "entries": .list(entries.reversed().map { text.entry($0, isOffice: false) }),
            "body": .view(field.view(form)),
            "mayWithdraw": .flag(followed["mayWithdraw"] == true),
            "change": followed["mayChange"] == true
                ? .text(InquiryAddresses.change(link, language)) : .absent,
        ]
        view["title"] = .text(followed["title"]?.string ?? "")
        view["number"] = .text(followed["number"]?.string ?? "")
        view["status"] = .text(text.status(followed["status"]) ?? "")
        view["office"] = .text(text.region(followed["region"]) ?? "")
        if isOpen, followed["answeredAt"] == .null, let due = text.moment(followed["answerDue"]) {
            view["deadline"] = .text(words("inquiry.follow.due", ["at": due]))
        }
        let head = Site.Head(
            language: language,
            title: "\(followed["title"]?.string ?? ""), \(followed["number"]?.string ?? "")",
            description: words("inquiry.follow.description"),
            path: "/inquiries/follow/\(link.text)",
            isDemonstration: followed["invented"] == true,
            isUnlisted: true,
            status: form.status
        )
        return try site.answer("inquiries/follow", view, head)
    }
}
