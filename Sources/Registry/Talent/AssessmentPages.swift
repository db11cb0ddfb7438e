internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Postgres
internal import Web

/// A manager's pages on one call: its applications, judging each, letters, the waiting list, and files for spreadsheets.
struct AssessmentPages: Sendable {
    let pages: TalentPages

    /// All addresses of these pages.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/manage/calls/{id}") { _, context, member in
                try await list(try id(context), member, language)
            }
            table.member("/\(language)/manage/calls/{id}/applications.csv") { _, context, member in
                try await csv(try id(context), member, language)
            }
            table.member("/\(language)/manage/calls/{id}/letters") { request, context, member in
                try await letters(try id(context), request, member, language)
            }
            table.member("/\(language)/manage/calls/{id}/letters", .post) { request, context, member in
                _ = try await pages.site.form(request, context)
                return try await send(try id(context), request, member, language)
            }
            table.member("/\(language)/manage/applications/{id}") { _, context, member in
                try await show(try id(context), nil, nil, member, language)
            }
            table.member("/\(language)/manage/applications/{id}", .post) { request, context, member in
                try await assess(try id(context), request, context, member, language)
            }
            table.member("/\(language)/manage/applications/{id}/up", .post) { request, context, member in
                _ = try await pages.site.form(request, context)
                let application = try await find(try id(context), member)
                try await Writes.transaction(pages.databases, as: member.reader) {
                    try await AssessmentQueries.moveUp(application.id, of: application.call, $0)
                }
                return pages.site.redirect(to: address(application.call, language), notice: "manage.moved")
            }
            table.member("/\(language)/manage/applications/{id}/withdraw", .post) {
                request,
                context,
                member in
                _ = try await pages.site.form(request, context)
                let application = try await find(try id(context), member)
                let isDone = try await Writes.transaction(pages.databases, as: member.reader) {
                    try await ApplicationQueries.withdraw(application.id, $0)
                }
                return pages.site.redirect(
                    to: address(application.call, language),
                    notice: isDone ? "talent.withdrawn" : nil
                )
            }
        }
    }

    private func id(_ context: WebContext) throws -> UUID {
        guard let id = UUID(uuidString: try context.parameters.require("id")) else {
            throw Problem(.notFound)
        }
        return id
    }

    func address(_ call: UUID, _ language: Language) -> String {
        "/\(language)/manage/calls/\(call.uuidString.lowercased())"
    }

    /// An application of a call that the reader manages. Their own applications are not judged here.
    private func find(_ id: UUID, _ member: SignedIn) async throws -> AssessedApplication {
        guard let found = try await AssessmentQueries.find(id, pages.databases.member, as: member.reader)
        else {
            throw Problem(.notFound)
        }
        return found
    }

    func call(
        _ id: UUID,
        _ member: SignedIn
    ) async throws -> (call: ManagedCall, programme: Localized, organisation: String) {
        guard let found = try await ManageQueries.call(id, pages.databases.member, as: member.reader) else {
            throw Problem(.notFound)
        }
        return found
    }

    // MARK: The list

    private func list(_ id: UUID, _ member: SignedIn, _ language: Language) async throws -> Answer {
        let (call, programme, _) = try await call(id, member)
        let text = try await pages.text(language)
        let words = text.words
        let applications = try await AssessmentQueries.list(id, pages.databases.member, as: member.reader)
        let places = try await AssessmentQueries.places(id, pages.databases.member, as: member.reader)
        let waiting = applications.filter { $0.outcome == "waiting" }
            .sorted { ($0.waitingRank ?? 0) < ($1.waitingRank ?? 0) }
        let base = address(id, language)
        let untold = applications.filter(\.isUntold).count
        let view: View = [
            "title": .text(call.title(language)),
            "programme": .text(programme[language]),
            "programmeAddress": .text(
                "/\(language)/manage/programmes/\(call.programme.uuidString.lowercased())"
            ),
            "state": .text(words("manage.callState.\(call.state)")),
            "taken": .text(
                words(
                    "manage.taken",
                    ["taken": words.number(places.taken), "places": words.number(places.places)]
                )
            ),
            "times": .optional(
                call.opensAt.flatMap { opens in
                    call.closesAt.map { "\(text.instant(opens)) – \(text.instant($0))" }
                }
            ),
            "edit": .text(base + "/edit"),
            "questions": .text(base + "/questions"),
            "public": .optional(
                call.state == "draft" ? nil : "/\(language)/calls/\(id.uuidString.lowercased())"
            ),
            "csv": .text(base + "/applications.csv"),
            "letters": .text(base + "/letters"),
            "untold": .optional(untold > 0 ? words.count("manage.untold", untold) : nil),
            "isEmpty": .flag(applications.isEmpty),
            "applications": .list(applications.map { line($0, text) }),
            "hasWaiting": .flag(!waiting.isEmpty),
            "waiting": .list(
                waiting.enumerated().map { place, application in
                    [
                        "place": .text(words.number(place + 1)),
                        "name": .text(application.name),
                        "address": .text(own(application, language)),
                        "up": .optional(place > 0 ? own(application, language) + "/up" : nil),
                    ]
                }
            ),
        ]
        let head = ManagePages.head(
            words("manage.applications"),
            "/manage/calls/\(id.uuidString.lowercased())",
            language,
            words,
            isWide: true
        )
        return try pages.site.answer("talent/manage-call", view, head)
    }

    private func own(_ application: AssessedApplication, _ language: Language) -> String {
        "/\(language)/manage/applications/\(application.id.uuidString.lowercased())"
    }

    private func line(_ application: AssessedApplication, _ text: TalentWords) -> View {
        let words = text.words
        return [
            "number": .text(words.number(application.arrival)),
            "name": .text(application.name),
            "address": .text(own(application, text.language)),
            "region": .text(application.region.map { text.regions([$0]) } ?? words("talent.elsewhere")),
            "when": .text(text.instant(application.submittedAt, year: false)),
            "late": .flag(application.late),
            "eligibility": .text(words("manage.eligibility.\(application.eligibility)")),
            "outcome": .text(words("manage.outcome.\(application.outcome)")),
            "tone": .text(
                ["selected": "free", "waiting": "held", "not_selected": "busy"][application.outcome]
                    ?? "unknown"
            ),
            "told": .text(
                application.told.map { words("manage.told.\($0)") } ?? words("manage.told.nothing")
            ),
        ]
    }

    // MARK: One application

    func show(
        _ id: UUID,
        _ form: Form?,
        _ clash: FormClash?,
        _ member: SignedIn,
        _ language: Language,
        reviewer: Form? = nil,
        status: Int? = nil
    ) async throws -> Answer {
        let application = try await find(id, member)
        let reviews = try await ReviewerQueries.reviews(of: id, as: member.reader, pages.databases.member)
        let (call, programme, _) = try await call(application.call, member)
        let text = try await pages.text(language)
        let words = text.words
        let form = form ?? Form(words, values(application))
        func options(_ codes: [String], _ group: String) -> [FormField.Option] {
            codes.map { FormField.Option($0, words("manage.\(group).\($0)")) }
        }
        let isWithdrawn = application.eligibility == "withdrawn"
        let base = own(application, language)
        let view: View = [
            "errorSummary": reviewer?.summary ?? form.summary,
            "reviewers": isWithdrawn
                ? .absent
                : .view(ReviewerPages.view(reviews, base, reviewer ?? Form(words, [("which", "this")]))),
            "clash": .optional(clash?.view(words)),
            "name": .text(application.name),
            "call": .text(call.title(language)),
            "callAddress": .text(address(application.call, language)),
            "programme": .text(programme[language]),
            "number": .text(words.number(application.arrival)),
            "when": .text(text.instant(application.submittedAt)),
            "isLate": .flag(application.late),
            "invented": .flag(application.invented),
            "told": .text(
                application.told.map { words("manage.told.\($0)") } ?? words("manage.told.nothing")
            ),
            "isWithdrawn": .flag(isWithdrawn),
            "action": .text(base),
            "version": .text(form["version"]),
            "fields": .list([
                FormField(
                    "eligibility",
                    words("manage.eligibility"),
                    .radios(options(AssessedApplication.eligibilities, "eligibility"))
                ).view(form),
                FormField(
                    "outcome",
                    words("manage.outcome"),
                    .radios(options(AssessedApplication.outcomes, "outcome")),
                    hint: words("manage.outcomeHint")
                ).view(form),
                FormField(
                    "note",
                    words("manage.note"),
                    .area(rows: 4),
                    hint: words("manage.noteHint"),
                    isOptional: true,
                    limit: 10_000
                ).view(form),
            ]),
            "withdraw": .text(base + "/withdraw"),
            "applicant": .list(text.applicant(application.snapshot.applicant)),
            "answers": .list(
                text.answers(
                    application.snapshot,
                    files: "/\(language)/applications/\(application.id.uuidString.lowercased())"
                )
            ),
        ]
        let head = ManagePages.head(
            application.name,
            "/manage/applications/\(id.uuidString.lowercased())",
            language,
            words,
            status: status ?? reviewer?.status ?? form.status
        )
        return try pages.site.answer("talent/manage-application", view, head)
    }

    private func values(_ application: AssessedApplication) -> [(String, String)] {
        [
            ("eligibility", application.eligibility), ("outcome", application.outcome),
            ("note", application.note ?? ""), ("version", String(application.version)),
        ]
    }

    private func assess(
        _ id: UUID,
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        var form = try await pages.site.form(request, context)
        let application = try await find(id, member)
        let eligibility = form.choice("eligibility", of: AssessedApplication.eligibilities)
        let outcome = form.choice("outcome", of: AssessedApplication.outcomes)
        let note = form.optionalText("note", upTo: 10_000)
        if let eligibility, let outcome, eligibility != "in_consideration",
            ["selected", "waiting"].contains(outcome)
        {
            form.refuse("outcome", form.words("manage.onlyEligible"))
        }
        guard form.isValid, let eligibility, let outcome else {
            return try await show(id, form, nil, member, language)
        }
        let version = form.version ?? 0
        do {
            let isDone = try await Writes.transaction(pages.databases, as: member.reader) { transaction in
                try await AssessmentQueries.assess(
                    id,
                    of: application.call,
                    eligibility: eligibility,
                    outcome: outcome,
                    note: note,
                    version: version,
                    transaction
                )
            }
            if isDone {
                return pages.site.redirect(to: address(application.call, language), notice: "manage.saved")
            }
        } catch {
            guard let problem = TalentErrors.problem(for: error) else { throw error }
            form.refuse("outcome", problem.detail[language])
            return try await show(id, form, nil, member, language, status: problem.code.status)
        }
        let now = try await find(id, member)
        var clash = FormClash()
        for (name, stored) in values(now) where name != "version" {
            let word = { (value: String) in
                name == "note" || value.isEmpty ? value : form.words("manage.\(name).\(value)")
            }
            clash.compare(name, form.words("manage.\(name)"), word(form[name]), word(stored))
        }
        form.set("version", String(now.version))
        return try await show(id, form, clash, member, language, status: 412)
    }
}
