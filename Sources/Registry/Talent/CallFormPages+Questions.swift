internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// The questions of a call's form: added, edited in place, moved, removed.
extension CallFormPages {
    func questions(
        _ id: UUID,
        _ typed: Form?,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        let call = try await find(id, member)
        let words = pages.site.words(language)
        let form = typed ?? Form(words, [("kind", "short_text")])
        let list = try await ManageQueries.questions(id, pages.databases.member, as: member.reader)
        let base = address(id, language) + "/questions"
        let view: View = [
            "callAddress": .text(address(id, language)),
            "call": .text(call.texts["titleSv"] ?? ""),
            "errorSummary": form.summary,
            "isEmpty": .flag(list.isEmpty),
            "questions": .list(
                list.enumerated().map { place, item in
                    let own = base + "/" + item.id.uuidString.lowercased()
                    return [
                        "label": .text(item.question.label[language]),
                        "kind": .text(ProgrammePages.limits(item.question, words)),
                        "isOptional": .flag(!item.question.required),
                        "edit": .text(own),
                        "up": .optional(place > 0 ? own + "/up" : nil),
                        "remove": .text(own + "/remove"),
                    ]
                }
            ),
            "action": .text(base),
            "fields": .list(questionFields(form).map { $0.view(form) }),
        ]
        let head = ManagePages.head(
            words("manage.questions"),
            "/manage/calls/\(id.uuidString.lowercased())/questions",
            language,
            words,
            status: form.status
        )
        return try pages.site.answer("talent/manage-questions", view, head)
    }

    func addQuestion(
        _ id: UUID,
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        var form = try await pages.site.form(request, context)
        _ = try await find(id, member)
        guard let question = ManagedQuestion.read(&form, id: UUID.version7()) else {
            return try await questions(id, form, member, language)
        }
        try await Writes.transaction(pages.databases, as: member.reader) {
            try await ManageQueries.add(question, to: id, $0)
        }
        return pages.site.redirect(to: address(id, language) + "/questions", notice: "manage.questionAdded")
    }

    func changeQuestion(
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        _ = try await pages.site.form(request, context)
        let id = try ManagePages.id(context)
        _ = try await find(id, member)
        guard let question = UUID(uuidString: try context.parameters.require("question")) else {
            throw Problem(.notFound)
        }
        let deed = try context.parameters.require("deed")
        switch deed {
        case "up":
            try await Writes.transaction(pages.databases, as: member.reader) {
                try await ManageQueries.moveUp(question, of: id, $0)
            }
        case "remove":
            let isGone = try await Writes.transaction(pages.databases, as: member.reader) {
                try await ManageQueries.remove(question, of: id, $0)
            }
            guard isGone else { throw Problem(.notFound) }
        default: throw Problem(.notFound)
        }
        return pages.site.redirect(to: address(id, language) + "/questions", notice: "manage.saved")
    }

    /// What a question is made of.
    private func questionFields(_ form: Form) -> [FormField] {
        let words = form.words
        let kinds = Question.Kind.allCases.filter { $0 != .file || pages.files != nil }
        return [
            FormField(
                "kind",
                words("manage.kind"),
                .select(kinds.map { FormField.Option($0.rawValue, words("talent.kind.\($0.rawValue)")) })
            ),
            FormField("labelSv", words("manage.labelSv"), limit: 300),
            FormField("labelEn", words("manage.labelEn"), limit: 300),
            FormField("helpSv", words("manage.helpSv"), isOptional: true, limit: 1000),
            FormField("helpEn", words("manage.helpEn"), isOptional: true, limit: 1000),
            FormField("required", words("manage.required"), .tick),
            FormField(
                "longest",
                words("manage.longest"),
                .number,
                hint: words("manage.longestHint"),
                isOptional: true
            ),
            FormField("least", words("manage.least"), .number, isOptional: true),
            FormField("most", words("manage.most"), .number, isOptional: true),
            FormField(
                "choices",
                words("manage.choices"),
                .area(rows: 5),
                hint: words("manage.choicesHint"),
                isOptional: true
            ),
        ]
    }

    // MARK: One in place

    /// A question of a call that the member manages.
    private func stored(_ context: WebContext, _ member: SignedIn) async throws -> (
        call: ManagedCall, id: UUID, version: Int64, question: Question
    ) {
        let call = try await find(try ManagePages.id(context), member)
        let list = try await ManageQueries.questions(call.id, pages.databases.member, as: member.reader)
        guard let id = UUID(uuidString: try context.parameters.require("question")),
            let found = list.first(where: { $0.id == id })
        else { throw Problem(.notFound) }
        return (call, id, found.version, found.question)
    }

    /// The form filled with a question as it is.
    private func filled(_ question: Question, _ version: Int64, _ words: Wording) -> Form {
        func written(_ number: Double?) -> String {
            number.map { $0 == $0.rounded() ? words.number(Int($0)) : words.number($0, decimals: 2) } ?? ""
        }
        let choices = (question.choices ?? []).map { "\($0.name[.sv]) | \($0.name[.en])" }
        return Form(
            words,
            [
                ("version", String(version)), ("kind", question.kind.rawValue),
                ("labelSv", question.label[.sv]), ("labelEn", question.label[.en]),
                ("helpSv", question.help?[.sv] ?? ""), ("helpEn", question.help?[.en] ?? ""),
                ("required", question.required ? "yes" : ""),
                ("longest", question.longest.map { String($0) } ?? ""),
                ("least", written(question.least)), ("most", written(question.most)),
                ("choices", choices.joined(separator: "\n")),
            ]
        )
    }

    func question(_ context: WebContext, _ member: SignedIn, _ language: Language) async throws -> Answer {
        let (call, id, version, question) = try await stored(context, member)
        return try show(filled(question, version, pages.site.words(language)), id, call, language)
    }

    private func show(
        _ form: Form,
        _ id: UUID,
        _ call: ManagedCall,
        _ language: Language,
        clash: FormClash? = nil
    ) throws -> Answer {
        let words = form.words
        let own = "/questions/\(id.uuidString.lowercased())"
        let view: View = [
            "title": .text(words("manage.editQuestion")),
            "crumb": .view([
                "address": .text(address(call.id, language) + "/questions"),
                "label": .text(words("manage.questions")),
            ]),
            "errorSummary": form.summary,
            "clash": .optional(clash?.view(words)),
            "action": .text(address(call.id, language) + own),
            "version": .text(form["version"]),
            "fields": .list(questionFields(form).map { $0.view(form) }),
            "public": .absent,
        ]
        let head = ManagePages.head(
            words("manage.editQuestion"),
            "/manage/calls/\(call.id.uuidString.lowercased())\(own)",
            language,
            words,
            status: clash == nil ? form.status : 412
        )
        return try pages.site.answer("talent/manage-form", view, head)
    }

    func saveQuestion(
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        var form = try await pages.site.form(request, context)
        let (call, id, _, _) = try await stored(context, member)
        guard let question = ManagedQuestion.read(&form, id: id) else {
            return try show(form, id, call, language)
        }
        let version = form.version ?? -1
        let isDone = try await Writes.transaction(pages.databases, as: member.reader) {
            try await ManageQueries.change(question, of: call.id, version: version, $0)
        }
        if isDone {
            return pages.site.redirect(
                to: address(call.id, language) + "/questions",
                notice: "manage.saved"
            )
        }
        let now = try await stored(context, member)
        let there = filled(now.question, now.version, form.words)
        var clash = FormClash()
        for field in questionFields(form) {
            clash.compare(field.name, field.label, form[field.name], there[field.name])
        }
        form.set("version", String(now.version))
        return try show(form, id, call, language, clash: clash)
    }
}
