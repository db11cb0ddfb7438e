internal import FoundationEssentials
internal import Hummingbird
internal import Postgres
internal import Web

/// Outside reviewers: a manager gives them single applications, or all of a call, and takes them back; they read and say.
struct ReviewerPages: Sendable {
    let pages: TalentPages

    private var site: Site { pages.site }
    private var databases: Databases { pages.databases }

    /// All addresses of these pages.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/reviews") { _, _, member in try await list(member, language) }
            table.member("/\(language)/reviews/{id}") { _, context, member in
                try await show(try await find(context, member), nil, member, language)
            }
            table.member("/\(language)/reviews/{id}", .post) { request, context, member in
                try await say(request, context, member, language)
            }
            table.member("/\(language)/manage/applications/{id}/reviewers", .post) {
                request,
                context,
                member in
                try await give(request, context, member, language)
            }
            table.member("/\(language)/manage/applications/{id}/reviewers/{review}", .post) {
                request,
                context,
                member in
                try await take(request, context, member, language)
            }
        }
    }

    private func id(_ context: WebContext, _ name: String = "id") throws -> UUID {
        guard let id = UUID(uuidString: try context.parameters.require(name)) else {
            throw Problem(.notFound)
        }
        return id
    }

    // MARK: The reviewer

    private func head(_ title: String, _ path: String, _ language: Language, status: Int = 200) -> Site.Head {
        Site.Head(
            language: language,
            title: title,
            description: site.words(language)("reviewers.description"),
            path: path,
            isUnlisted: true,
            status: status
        )
    }

    private func list(_ member: SignedIn, _ language: Language) async throws -> Answer {
        let words = site.words(language)
        let given = try await ReviewerQueries.given(to: member.reader, databases.member)
        let rows = given.map { application -> View in
            [
                "address": .text("/\(language)/reviews/\(application.id.uuidString.lowercased())"),
                "name": .text(application.snapshot.applicant.name),
                "call": .text("\(application.programme[language]), \(application.call[language])"),
                "state": .text(
                    application.grade.map { words("reviewers.gave", ["grade": words.number($0)]) }
                        ?? words("reviewers.waits")
                ),
            ]
        }
        let view: View = [
            "rows": .list(rows), "hasRows": .flag(!rows.isEmpty),
            "lead": .text(words.count("reviewers.left", given.count { $0.grade == nil })),
        ]
        return try site.answer("talent/reviews", view, head(words("reviewers.title"), "/reviews", language))
    }

    private func find(_ context: WebContext, _ member: SignedIn) async throws -> GivenApplication {
        let id = try id(context)
        let given = try await ReviewerQueries.given(to: member.reader, databases.member)
        guard let application = given.first(where: { $0.id == id }) else { throw Problem(.notFound) }
        return application
    }

    private func show(
        _ application: GivenApplication,
        _ form: Form?,
        _ member: SignedIn,
        _ language: Language,
        status: Int? = nil
    ) async throws -> Answer {
        let text = try await pages.text(language)
        let words = text.words
        let typed = [("grade", application.grade.map { String($0) } ?? ""), ("note", application.note ?? "")]
        let form = form ?? Form(words, typed)
        let path = "/reviews/\(application.id.uuidString.lowercased())"
        let grades = (1...5).map { FormField.Option(String($0), words("reviewers.grade.\($0)")) }
        let files = "/\(language)/applications/\(application.id.uuidString.lowercased())"
        let view: View = [
            "errorSummary": form.summary,
            "stale": .flag(status == 412),
            "name": .text(application.snapshot.applicant.name),
            "programme": .text("\(application.programme[language]), \(application.call[language])"),
            "number": .text(words.number(application.arrival)),
            "when": .text(text.instant(application.submittedAt)),
            "applicant": .list(text.applicant(application.snapshot.applicant)),
            "answers": .list(text.answers(application.snapshot, files: files)),
            "action": .text("/\(language)\(path)"),
            "version": .text(String(application.version)),
            "fields": .list([
                FormField("grade", words("reviewers.grade"), .radios(grades)).view(form),
                FormField(
                    "note",
                    words("reviewers.note"),
                    .area(rows: 8),
                    hint: words("reviewers.noteHint"),
                    isOptional: true,
                    limit: 10_000
                ).view(form),
            ]),
        ]
        let head = head(application.snapshot.applicant.name, path, language, status: status ?? form.status)
        return try site.answer("talent/review", view, head)
    }

    private func say(_ request: Request, _ context: WebContext, _ member: SignedIn, _ language: Language)
        async throws
        -> Answer
    {
        let application = try await find(context, member)
        var form = try await site.form(request, context)
        let grade = form.choice("grade", of: (1...5).map { String($0) }).flatMap { Int($0) }
        let note = form.optionalText("note", upTo: 10_000)
        guard let version = form.version else { throw Problem(.malformed) }
        guard form.isValid, let grade else { return try await show(application, form, member, language) }
        let isDone = try await ReviewerQueries.say(
            application.id,
            grade: grade,
            note: note,
            version: version,
            as: member.reader,
            databases.member
        )
        guard isDone else {
            return try await show(try await find(context, member), nil, member, language, status: 412)
        }
        return site.redirect(to: "/\(language)/reviews", notice: "reviewers.said")
    }

    // MARK: The manager

    /// The section of a manager's page on an application.
    static func view(_ reviews: [OutsideReview], _ base: String, _ form: Form) -> View {
        let words = form.words
        return [
            "action": .text("\(base)/reviewers"),
            "hasReviews": .flag(!reviews.isEmpty),
            "reviews": .list(
                reviews.map { review in
                    [
                        "name": .text(review.name),
                        "grade": .text(
                            review.grade.map { words("reviewers.grade.\($0)") } ?? words("reviewers.notYet")
                        ),
                        "when": .optional(review.saidAt.map { words.moment($0) }),
                        "note": .optional(review.note),
                        "take": .text("\(base)/reviewers/\(review.id.uuidString.lowercased())"),
                        "label": .text(words("reviewers.takeFrom", ["name": review.name])),
                    ]
                }
            ),
            "fields": .list([
                FormField("reviewer", words("reviewers.email"), .email, limit: 254).view(form),
                FormField("reviewerName", words("reviewers.name"), isOptional: true, limit: 200).view(form),
                FormField(
                    "which",
                    words("reviewers.which"),
                    .radios([
                        FormField.Option("this", words("reviewers.this")),
                        FormField.Option("all", words("reviewers.all")),
                    ])
                ).view(form),
            ]),
        ]
    }

    private func give(_ request: Request, _ context: WebContext, _ member: SignedIn, _ language: Language)
        async throws
        -> Answer
    {
        let id = try id(context)
        guard let application = try await AssessmentQueries.find(id, databases.member, as: member.reader)
        else {
            throw Problem(.notFound)
        }
        var form = try await site.form(request, context)
        let email = form.email("reviewer")
        let name = form.optionalText("reviewerName", upTo: 200)
        let which = form.choice("which", of: ["this", "all"])
        guard form.isValid, let which else {
            return try await AssessmentPages(pages: pages).show(
                id,
                nil,
                nil,
                member,
                language,
                reviewer: form
            )
        }
        var ids = [id]
        if which == "all" {
            let all = try await AssessmentQueries.list(application.call, databases.member, as: member.reader)
            ids = all.filter { $0.eligibility != "withdrawn" }.map(\.id)
        }
        let origin = site.origin(for: request)
        let wanted = ids
        let given = try await Writes.transaction(databases, as: member.reader) { transaction -> Int? in
            let outcome = try await ReviewerQueries.give(wanted, to: email, name: name, language, transaction)
            guard let outcome else { return nil }
            if outcome.given > 0 {
                var query = PageQuery()
                query.add("email", email)
                query.add("then", "/\(outcome.letters)/reviews")
                let link = origin + query.address("/\(outcome.letters)/sign-in")
                let values = ["from": member.name, "link": link]
                try await site.letters.write(
                    Letter("reviewer-given", to: email, in: outcome.letters, values),
                    in: transaction
                )
            }
            return outcome.given
        }
        guard let given else {
            form.refuse("reviewer", form.words("reviewers.refused"))
            return try await AssessmentPages(pages: pages).show(
                id,
                nil,
                nil,
                member,
                language,
                reviewer: form
            )
        }
        return site.redirect(
            to: "/\(language)/manage/applications/\(id.uuidString.lowercased())",
            notice: given == 0 ? "reviewers.hadAlready" : "reviewers.given",
            ["count": form.words.number(given)]
        )
    }

    private func take(_ request: Request, _ context: WebContext, _ member: SignedIn, _ language: Language)
        async throws
        -> Answer
    {
        _ = try await site.form(request, context)
        let application = try id(context)
        guard
            try await ReviewerQueries.take(
                try id(context, "review"),
                of: application,
                as: member.reader,
                databases.member
            )
        else { throw Problem(.notFound) }
        return site.redirect(
            to: "/\(language)/manage/applications/\(application.uuidString.lowercased())",
            notice: "reviewers.taken"
        )
    }
}
