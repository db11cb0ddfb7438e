internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Postgres
internal import Web

/// A manager's pages on programmes: the overview, writing a programme, its participants.
struct ManagePages: Sendable {
    let pages: TalentPages

    /// All addresses of these pages.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/manage") { _, _, member in try await overview(member, language) }
            table.member("/\(language)/manage/programmes/new") { _, _, member in
                try await edit(nil, nil, nil, member, language)
            }
            table.member("/\(language)/manage/programmes/new", .post) { request, context, member in
                try await save(nil, request, context, member, language)
            }
            table.member("/\(language)/manage/programmes/{id}") { _, context, member in
                try await edit(try Self.id(context), nil, nil, member, language)
            }
            table.member("/\(language)/manage/programmes/{id}", .post) { request, context, member in
                try await save(try Self.id(context), request, context, member, language)
            }
            table.member("/\(language)/manage/programmes/{id}/participants") { _, context, member in
                try await participants(try Self.id(context), member, language)
            }
            table.member("/\(language)/manage/programmes/{id}/participants.csv") { _, context, member in
                try await participantsFile(try Self.id(context), member, language)
            }
        }
    }

    static func id(_ context: WebContext) throws -> UUID {
        guard let id = UUID(uuidString: try context.parameters.require("id")) else {
            throw Problem(.notFound)
        }
        return id
    }

    /// The head of a manager's page, which no catalogue lists.
    static func head(
        _ title: String,
        _ path: String,
        _ language: Language,
        _ words: Wording,
        isWide: Bool = false,
        status: Int = 200
    ) -> Site.Head {
        Site.Head(
            language: language,
            title: title,
            description: words("manage.description"),
            path: path,
            section: .talent,
            isWide: isWide,
            isUnlisted: true,
            status: status
        )
    }

    /// A file for spreadsheets, with the mark by which they know UTF-8.
    static func csv(_ writer: inout CSVWriter, name: String) -> Answer {
        var answer = Answer(
            body: ByteBuffer(bytes: [0xEF, 0xBB, 0xBF] + writer.take()),
            contentType: "text/csv; charset=utf-8",
            caching: .none
        )
        if let field = HTTPField.Name("Content-Disposition") {
            answer.headers[field] = "attachment; filename=\"\(name).csv\""
        }
        return answer
    }

    // MARK: Overview

    private func overview(_ member: SignedIn, _ language: Language) async throws -> Answer {
        let words = pages.site.words(language)
        guard member.reader.has(.programmeManager) else { throw Problem(.forbidden) }
        let lines = try await ManageQueries.overview(pages.databases.member, as: member.reader)
        let view: View = [
            "new": .text("/\(language)/manage/programmes/new"),
            "isEmpty": .flag(lines.isEmpty),
            "programmes": .list(
                lines.map { line in
                    let base = "/\(language)/manage/programmes/\(line.programme.uuidString.lowercased())"
                    return [
                        "name": .text(line.name[language]),
                        "organisation": .text(line.organisation),
                        "state": .text(words("manage.state.\(line.state)")),
                        "address": .text(base),
                        "newCall": .text(base + "/calls/new"),
                        "participantsAddress": .text(base + "/participants"),
                        "participants": .text(words.count("manage.participantCount", line.participants)),
                        "calls": .list(line.calls.map { call($0, words) }),
                    ]
                }
            ),
        ]
        return try pages.site.answer(
            "talent/manage",
            view,
            Self.head(words("manage.title"), "/manage", language, words, isWide: true)
        )
    }

    private func call(_ call: ManageQueries.CallLine, _ words: Wording) -> View {
        [
            "address": .text("/\(words.language)/manage/calls/\(call.id.uuidString.lowercased())"),
            "title": .text(call.title),
            "state": .text(words("manage.callState.\(call.state)")),
            "applications": .text(words.count("manage.applicationCount", call.applications)),
            "undecided": .optional(
                call.undecided > 0 ? words.count("manage.undecidedCount", call.undecided) : nil
            ),
            "taken": .text(
                words(
                    "manage.taken",
                    ["taken": words.number(call.taken), "places": words.number(call.places)]
                )
            ),
        ]
    }

    // MARK: A programme

    private func edit(
        _ id: UUID?,
        _ typed: Form?,
        _ clash: FormClash?,
        _ member: SignedIn,
        _ language: Language,
        status: Int? = nil
    ) async throws -> Answer {
        let words = pages.site.words(language)
        guard member.reader.has(.programmeManager) else { throw Problem(.forbidden) }
        var stored: ManagedProgramme?
        if let id {
            stored = try await ManageQueries.programme(id, pages.databases.member, as: member.reader)
            guard stored != nil else { throw Problem(.notFound) }
        }
        let organisations = try await ManageQueries.organisations(pages.databases.member, as: member.reader)
        let terms = try await pages.queries.terms()
        let form = typed ?? Form(words, stored?.values ?? [("state", "draft"), ("version", "0")])
        func options(_ terms: [(String, Localized)]) -> [FormField.Option] {
            terms.map { FormField.Option($0.0, $0.1[language]) }
        }
        var fields = [
            FormField(
                "organisation",
                words("talent.organisation"),
                .select(organisations.map { FormField.Option($0.0.uuidString.lowercased(), $0.1) })
            ),
            FormField("type", words("talent.type"), .select(options(terms.types))),
            FormField("priority", words("talent.priority"), .radios(options(terms.priorities))),
            FormField(
                "regions",
                words("talent.regions"),
                .ticks(SiteRegion.all.map { FormField.Option($0.code, $0.name) })
            ),
        ]
        fields += ManagedProgramme.fields.map { field in
            FormField(
                field.name,
                words("manage.\(field.name)"),
                field.rows == 1 ? .text : .area(rows: field.rows),
                hint: field.rows == 10 ? words("manage.listHint") : nil,
                isOptional: field.name != "nameSv",
                limit: field.limit
            )
        }
        fields += [
            FormField("url", words("talent.site"), .line("url"), isOptional: true, limit: 500),
            FormField("startsOn", words("talent.starts"), .date, isOptional: true),
            FormField("endsOn", words("talent.ends"), .date, isOptional: true),
            FormField(
                "state",
                words("manage.stateTerm"),
                .radios(ManagedProgramme.states.map { FormField.Option($0, words("manage.state.\($0)")) }),
                hint: words("manage.stateHint")
            ),
        ]
        let path = "/manage/programmes/\(id?.uuidString.lowercased() ?? "new")"
        let view: View = [
            "title": .text(stored?.texts["nameSv"] ?? words("manage.newProgramme")),
            "errorSummary": form.summary,
            "clash": .optional(clash?.view(words)),
            "crumb": .absent,
            "action": .text("/\(language)\(path)"),
            "version": .text(form["version"]),
            "fields": .list(fields.map { $0.view(form) }),
            "public": .optional(
                stored.flatMap { $0.state == "published" ? "/\(language)/programmes/\($0.slug)" : nil }
            ),
        ]
        let head = Self.head(words("manage.programme"), path, language, words, status: status ?? form.status)
        return try pages.site.answer("talent/manage-form", view, head)
    }

    private func save(
        _ id: UUID?,
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        var form = try await pages.site.form(request, context, limit: 256 << 10)
        let organisations = try await ManageQueries.organisations(pages.databases.member, as: member.reader)
        let terms = try await pages.queries.terms()
        let programme = ManagedProgramme.read(
            &form,
            id: id ?? UUID.version7(),
            organisations: organisations.map { $0.0.uuidString.lowercased() },
            types: terms.types.map(\.0),
            priorities: terms.priorities.map(\.0)
        )
        guard let programme else { return try await edit(id, form, nil, member, language) }
        let isDone = try await Writes.transaction(pages.databases, as: member.reader) { transaction in
            guard id != nil else {
                try await ManageQueries.add(programme, transaction)
                return true
            }
            return try await ManageQueries.change(programme, transaction)
        }
        if isDone { return pages.site.redirect(to: "/\(language)/manage", notice: "manage.saved") }
        guard
            let now = try await ManageQueries.programme(
                programme.id,
                pages.databases.member,
                as: member.reader
            )
        else {
            throw Problem(.notFound)
        }
        var clash = FormClash()
        for field in ManagedProgramme.fields {
            clash.compare(
                field.name,
                form.words("manage.\(field.name)"),
                form[field.name],
                now.texts[field.name] ?? ""
            )
        }
        clash.compare(
            "state",
            form.words("manage.stateTerm"),
            form.words("manage.state.\(programme.state)"),
            form.words("manage.state.\(now.state)")
        )
        form.set("version", String(now.version))
        return try await edit(id, form, clash, member, language, status: 412)
    }

    // MARK: Participants

    private func participants(_ id: UUID, _ member: SignedIn, _ language: Language) async throws -> Answer {
        let text = try await pages.text(language)
        let words = text.words
        guard let programme = try await ManageQueries.programme(id, pages.databases.member, as: member.reader)
        else {
            throw Problem(.notFound)
        }
        let list = try await ParticipantQueries.list(id, pages.databases.member, as: member.reader)
        let path = "/manage/programmes/\(id.uuidString.lowercased())/participants"
        let view: View = [
            "programme": .text(programme.texts["nameSv"] ?? ""),
            "programmeAddress": .text("/\(language)/manage/programmes/\(id.uuidString.lowercased())"),
            "csv": .text("/\(language)\(path).csv"),
            "isEmpty": .flag(list.isEmpty),
            "participants": .list(
                list.map { participant in
                    [
                        "name": .text(participant.name),
                        "address": .text(
                            "/\(language)/manage/applications/\(participant.application.uuidString.lowercased())"
                        ),
                        "email": .text(participant.email),
                        "phone": .text(participant.phone ?? ""),
                        "region": .text(
                            participant.region.map { text.regions([$0]) } ?? words("talent.elsewhere")
                        ),
                        "call": .text(participant.call),
                        "joined": .text(words.day(participant.joinedOn)),
                        "hasLeft": .flag(participant.state == "left"),
                        "isCrew": .flag(participant.isCrew),
                    ]
                }
            ),
        ]
        return try pages.site.answer(
            "talent/manage-participants",
            view,
            Self.head(words("manage.participants"), path, language, words, isWide: true)
        )
    }

    private func participantsFile(_ id: UUID, _ member: SignedIn, _ language: Language) async throws -> Answer
    {
        let words = pages.site.words(language)
        guard let programme = try await ManageQueries.programme(id, pages.databases.member, as: member.reader)
        else {
            throw Problem(.notFound)
        }
        var writer = CSVWriter()
        writer.append([
            words("talent.name"), words("talent.email"), words("talent.phone"), words("talent.homeRegion"),
            words("manage.call"), words("manage.joined"), words("manage.left"), words("manage.crew"),
        ])
        for participant in try await ParticipantQueries.list(id, pages.databases.member, as: member.reader) {
            writer.append([
                participant.name, participant.email, participant.phone ?? "", participant.region ?? "",
                participant.call, participant.joinedOn.description,
                participant.state == "left" ? words("manage.yes") : "",
                participant.isCrew ? words("manage.yes") : "",
            ])
        }
        return Self.csv(&writer, name: "participants-\(programme.slug)")
    }
}
