internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// A manager's pages for writing a call and its form, question by question.
struct CallFormPages: Sendable {
    let pages: TalentPages

    /// All addresses of these pages.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/manage/programmes/{id}/calls/new") { _, context, member in
                try await edit(nil, in: try ManagePages.id(context), nil, nil, member, language)
            }
            table.member("/\(language)/manage/programmes/{id}/calls/new", .post) { request, context, member in
                try await save(nil, in: try ManagePages.id(context), request, context, member, language)
            }
            table.member("/\(language)/manage/calls/{id}/edit") { _, context, member in
                let call = try await find(try ManagePages.id(context), member)
                return try await edit(call, in: call.programme, nil, nil, member, language)
            }
            table.member("/\(language)/manage/calls/{id}/edit", .post) { request, context, member in
                let call = try await find(try ManagePages.id(context), member)
                return try await save(call, in: call.programme, request, context, member, language)
            }
            table.member("/\(language)/manage/calls/{id}/questions") { _, context, member in
                try await questions(try ManagePages.id(context), nil, member, language)
            }
            table.member("/\(language)/manage/calls/{id}/questions", .post) { request, context, member in
                try await addQuestion(try ManagePages.id(context), request, context, member, language)
            }
            table.member("/\(language)/manage/calls/{id}/questions/{question}") { _, context, member in
                try await question(context, member, language)
            }
            table.member("/\(language)/manage/calls/{id}/questions/{question}", .post) {
                request,
                context,
                member in
                try await saveQuestion(request, context, member, language)
            }
            table.member("/\(language)/manage/calls/{id}/questions/{question}/{deed}", .post) {
                request,
                context,
                member in
                try await changeQuestion(request, context, member, language)
            }
        }
    }

    func find(_ id: UUID, _ member: SignedIn) async throws -> ManagedCall {
        guard let found = try await ManageQueries.call(id, pages.databases.member, as: member.reader) else {
            throw Problem(.notFound)
        }
        return found.call
    }

    func address(_ call: UUID, _ language: Language) -> String {
        "/\(language)/manage/calls/\(call.uuidString.lowercased())"
    }

    // MARK: A call

    private func edit(
        _ stored: ManagedCall?,
        in programme: UUID,
        _ typed: Form?,
        _ clash: FormClash?,
        _ member: SignedIn,
        _ language: Language,
        status: Int? = nil
    ) async throws -> Answer {
        let words = pages.site.words(language)
        guard
            let parent = try await ManageQueries.programme(
                programme,
                pages.databases.member,
                as: member.reader
            )
        else {
            throw Problem(.notFound)
        }
        let form = typed ?? Form(words, stored?.values ?? [("state", "draft"), ("version", "0")])
        func fields(_ all: [(name: String, column: String, limit: Int, rows: Int)], hint: String?)
            -> [FormField]
        {
            all.map { field in
                FormField(
                    field.name,
                    words("manage.\(field.name)"),
                    field.rows == 1 ? .text : .area(rows: field.rows),
                    hint: field.rows == 1 ? nil : hint,
                    isOptional: field.name != "titleSv",
                    limit: field.limit
                )
            }
        }
        let all =
            fields(ManagedCall.fields, hint: words("manage.listHint")) + [
                FormField(
                    "opensAt",
                    words("talent.opensTerm"),
                    .line("datetime-local"),
                    hint: words("manage.instantHint")
                ),
                FormField(
                    "closesAt",
                    words("talent.closesTerm"),
                    .line("datetime-local"),
                    hint: words("manage.closesHint")
                ),
                FormField("places", words("talent.placesTerm"), .number),
                FormField(
                    "state",
                    words("manage.stateTerm"),
                    .radios(ManagedCall.states.map { FormField.Option($0, words("manage.callState.\($0)")) }),
                    hint: words("manage.callStateHint")
                ),
                FormField("unlisted", words("manage.unlisted"), .tick, hint: words("manage.unlistedHint")),
            ] + fields(ManagedCall.letters, hint: words("manage.letterHint"))
        let path =
            stored.map { "/manage/calls/\($0.id.uuidString.lowercased())/edit" }
            ?? "/manage/programmes/\(programme.uuidString.lowercased())/calls/new"
        let view: View = [
            "title": .text(stored?.texts["titleSv"] ?? words("manage.newCall")),
            "errorSummary": form.summary,
            "clash": .optional(clash?.view(words)),
            "crumb": .view([
                "address": .text("/\(language)/manage/programmes/\(programme.uuidString.lowercased())"),
                "label": .text(parent.texts["nameSv"] ?? ""),
            ]),
            "action": .text("/\(language)\(path)"),
            "version": .text(form["version"]),
            "fields": .list(all.map { $0.view(form) }),
            "public": .optional(
                stored.flatMap {
                    $0.state == "draft" ? nil : "/\(language)/calls/\($0.id.uuidString.lowercased())"
                }
            ),
        ]
        let head = ManagePages.head(
            words("manage.call"),
            path,
            language,
            words,
            status: status ?? form.status
        )
        return try pages.site.answer("talent/manage-form", view, head)
    }

    private func save(
        _ stored: ManagedCall?,
        in programme: UUID,
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        var form = try await pages.site.form(request, context, limit: 256 << 10)
        guard let call = ManagedCall.read(&form, id: stored?.id ?? UUID.version7(), programme: programme)
        else {
            return try await edit(stored, in: programme, form, nil, member, language)
        }
        do {
            let isDone = try await Writes.transaction(pages.databases, as: member.reader) { transaction in
                guard stored != nil else {
                    try await ManageQueries.add(call, transaction)
                    return true
                }
                return try await ManageQueries.change(call, transaction)
            }
            if isDone {
                let next = stored == nil ? "/questions" : ""
                return pages.site.redirect(to: address(call.id, language) + next, notice: "manage.saved")
            }
        } catch let error as PostgresError where error.constraint == "call_places_kept" {
            form.refuse("places", form.words("manage.fewerPlaces"))
            return try await edit(stored, in: programme, form, nil, member, language, status: 409)
        }
        let now = try await find(call.id, member)
        var clash = FormClash()
        for field in ManagedCall.fields + ManagedCall.letters {
            clash.compare(
                field.name,
                form.words("manage.\(field.name)"),
                form[field.name],
                now.texts[field.name] ?? ""
            )
        }
        clash.compare("places", form.words("talent.placesTerm"), form["places"], String(now.places))
        clash.compare(
            "opensAt",
            form.words("talent.opensTerm"),
            form["opensAt"],
            now.opensAt.map(TalentWords.typed) ?? ""
        )
        clash.compare(
            "closesAt",
            form.words("talent.closesTerm"),
            form["closesAt"],
            now.closesAt.map(TalentWords.typed) ?? ""
        )
        clash.compare(
            "state",
            form.words("manage.stateTerm"),
            form.words("manage.callState.\(call.state)"),
            form.words("manage.callState.\(now.state)")
        )
        form.set("version", String(now.version))
        return try await edit(now, in: programme, form, clash, member, language, status: 412)
    }
}
