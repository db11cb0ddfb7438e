internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Postgres
internal import Web

/// An applicant's own applications: where they stand, what was handed in, taking back, and becoming crew.
struct OwnApplicationPages: Sendable {
    let pages: TalentPages

    /// All addresses of these pages.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/applications") { _, _, member in try await list(member, language) }
            table.member("/\(language)/applications/{id}") { _, context, member in
                try await show(try id(context), nil, member, language)
            }
            table.member("/\(language)/applications/{id}/withdraw", .post) { request, context, member in
                _ = try await pages.site.form(request, context)
                return try await withdraw(try id(context), member, language)
            }
            table.member("/\(language)/applications/{id}/discard", .post) { request, context, member in
                _ = try await pages.site.form(request, context)
                let id = try id(context)
                let gone = try await pages.databases.member.transaction(settings: member.reader.settings) {
                    try await ApplicationQueries.discard(id, $0)
                }
                guard gone else { throw Problem(.notFound) }
                return pages.site.redirect(to: "/\(language)/applications", notice: "talent.discarded")
            }
            table.member("/\(language)/applications/{id}/erase", .post) { request, context, member in
                _ = try await pages.site.form(request, context)
                let id = try id(context)
                let gone = try await Writes.transaction(pages.databases, as: member.reader) {
                    try await ApplicationQueries.erase(id, $0)
                }
                guard gone else { throw Problem(.notFound) }
                return pages.site.redirect(to: "/\(language)/applications", notice: "talent.erased")
            }
            table.member("/\(language)/applications/{id}/listing", .post) { request, context, member in
                try await list(request, context, member, language)
            }
            table.member("/\(language)/applications/{id}/files/{question}") { _, context, member in
                try await file(try id(context), try context.parameters.require("question"), member)
            }
        }
    }

    private func id(_ context: WebContext) throws -> UUID {
        guard let id = UUID(uuidString: try context.parameters.require("id")) else {
            throw Problem(.notFound)
        }
        return id
    }

    private func head(_ title: String, _ path: String, _ language: Language, status: Int = 200) -> Site.Head {
        Site.Head(
            language: language,
            title: title,
            description: pages.site.words(language)("talent.description"),
            path: path,
            section: .talent,
            isUnlisted: true,
            status: status
        )
    }

    // MARK: All of them

    private func list(_ member: SignedIn, _ language: Language) async throws -> Answer {
        let text = try await pages.text(language)
        let own = try await ApplicationQueries.own(member.account, pages.databases.member, as: member.reader)
        let view: View = [
            "isEmpty": .flag(own.isEmpty),
            "applications": .list(
                own.map { application in
                    let id = application.id.uuidString.lowercased()
                    let call = application.call.uuidString.lowercased()
                    return [
                        "address": .text(
                            application.status == .draft
                                ? "/\(language)/calls/\(call)/apply" : "/\(language)/applications/\(id)"
                        ),
                        "title": .text(application.callTitle?[language] ?? text.words("talent.callGone")),
                        "programme": .optional(application.programmeName?[language]),
                        "status": .view(status(application, text.words)),
                        "when": .optional(application.submittedAt.map { text.instant($0) }),
                    ]
                }
            ),
        ]
        return try pages.site.answer(
            "talent/applications",
            view,
            head(text.words("talent.mine"), "/applications", language)
        )
    }

    private func status(_ application: OwnApplication, _ words: Wording) -> View {
        let tone =
            switch application.status {
            case .accepted: "free"
            case .draft, .waiting: "held"
            case .submitted, .declined, .withdrawn: "busy"
            }
        return ["text": .text(words("talent.status.\(application.status.rawValue)")), "tone": .text(tone)]
    }

    // MARK: One

    private func show(
        _ id: UUID,
        _ form: Form?,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        guard
            let (application, told) = try await ApplicationQueries.own(
                id,
                member.account,
                pages.databases.member,
                as: member.reader
            )
        else { throw Problem(.notFound) }
        let base = "/\(language)/applications/\(id.uuidString.lowercased())"
        guard application.status != .draft, let snapshot = application.snapshot else {
            return .redirect(to: "/\(language)/calls/\(application.call.uuidString.lowercased())/apply")
        }
        let text = try await pages.text(language)
        let words = text.words
        let title = application.callTitle?[language] ?? words("talent.callGone")
        let isStanding = application.status != .withdrawn
        let mayBecomeCrew = application.participant != nil && application.listing == nil
        let view: View = [
            "title": .text(title),
            "programme": .optional(application.programmeName?[language]),
            "errorSummary": form?.summary ?? .absent,
            "status": .view(status(application, words)),
            "number": .text(words.number(application.arrival ?? 0)),
            "when": .text(application.submittedAt.map { text.instant($0) } ?? ""),
            "isLate": .flag(application.late),
            "invented": .flag(application.invented),
            "told": .list(
                told.reversed().map {
                    [
                        "subject": .text($0.subject), "when": .text(text.instant($0.at)),
                        "paragraphs": TalentWords.paragraphs($0.body),
                    ]
                }
            ),
            "applicant": .list(text.applicant(snapshot.applicant)),
            "answers": .list(text.answers(snapshot, files: base)),
            "withdraw": .optional(isStanding ? base + "/withdraw" : nil),
            "erase": .text(base + "/erase"),
            "giveUp": .flag(application.status == .accepted),
            "listing": .optional(application.listing.map { "/\(language)/crew/\($0)" }),
            "becomeCrew": .optional(mayBecomeCrew ? crewForm(form, snapshot, base, text) : nil),
        ]
        return try pages.site.answer(
            "talent/application",
            view,
            head(title, "/applications/\(id.uuidString.lowercased())", language, status: form?.status ?? 200)
        )
    }

    private func withdraw(_ id: UUID, _ member: SignedIn, _ language: Language) async throws -> Answer {
        guard
            try await ApplicationQueries.own(id, member.account, pages.databases.member, as: member.reader)
                != nil
        else { throw Problem(.notFound) }
        let isDone = try await Writes.transaction(pages.databases, as: member.reader) {
            try await ApplicationQueries.withdraw(id, $0)
        }
        return pages.site.redirect(
            to: "/\(language)/applications/\(id.uuidString.lowercased())",
            notice: isDone ? "talent.withdrawn" : nil
        )
    }

    // MARK: Becoming crew

    private func crewForm(_ form: Form?, _ snapshot: Snapshot, _ base: String, _ text: TalentWords) -> View {
        let form = form ?? Form(text.words, [("region", snapshot.applicant.region ?? "")])
        let roles = text.vocabularies.roles.filter { !$0.retired }
            .map { FormField.Option($0.code, $0.name[text.language]) }
            .sorted { Vocabularies.fold($0.label) < Vocabularies.fold($1.label) }
        return [
            "action": .text(base + "/listing"),
            "fields": .list([
                FormField("role", text.words("talent.crewRole"), .select(roles)).view(form),
                FormField(
                    "region",
                    text.words("talent.homeRegion"),
                    .select(SiteRegion.all.map { FormField.Option($0.code, $0.name) })
                ).view(form),
                FormField(
                    "consent",
                    text.words("talent.crewConsent"),
                    .tick,
                    hint: text.words("talent.crewConsentHint")
                )
                .view(form),
            ]),
        ]
    }

    /// Makes a crew listing of a participant, with their consent: one step.
    private func list(
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        let id = try id(context)
        var form = try await pages.site.form(request, context)
        let vocabularies = try await pages.vocabularies()
        let role = form.choice("role", of: vocabularies.roles.filter { !$0.retired }.map(\.code))
        let region = form.choice("region", of: SiteRegion.all.map(\.code))
        if form["consent"] != "yes" { form.refuse("consent", form.words("talent.crewConsentMissing")) }
        guard form.isValid, let role = role.flatMap({ vocabularies.role($0) }),
            let region = region.flatMap({ vocabularies.region($0) })
        else { return try await show(id, form, member, language) }
        let isListed = try await Writes.transaction(pages.databases, as: member.reader) { transaction in
            try await ParticipantQueries.becomeCrew(
                id,
                member.account,
                role: role.no,
                region: region.no,
                consent: "talent-1 (\(language))",
                transaction
            )
        }
        guard isListed else { throw Problem(.notFound) }
        return pages.site.redirect(
            to: "/\(language)/applications/\(id.uuidString.lowercased())",
            notice: "talent.listed"
        )
    }

    // MARK: Files

    private static let disposition: HTTPField.Name = {
        guard let name = HTTPField.Name("Content-Disposition") else { preconditionFailure("a field name") }
        return name
    }()

    /// A file for applicant and manager: to be saved, never shown in our own pages' name.
    private func file(_ id: UUID, _ question: String, _ member: SignedIn) async throws -> Answer {
        let row = try await ApplicationQueries.file(
            question: question,
            of: id,
            pages.databases.member,
            as: member.reader
        )
        guard let row, let bytes = pages.files?.bytes(sha256: row.sha256) else { throw Problem(.notFound) }
        var answer = Answer(body: ByteBuffer(bytes: bytes), contentType: row.mediaType, caching: .none)
        let plain = String(
            row.name.unicodeScalars.map { $0.isASCII && $0 != "\"" && $0 != "\\" ? Character($0) : "_" }
        )
        let encoded = row.name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "file"
        answer.headers[Self.disposition] = "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(encoded)"
        return answer
    }
}

extension TalentWords {
    /// Who applied, as terms and values.
    func applicant(_ applicant: Snapshot.Applicant) -> [View] {
        let facts: [(String, String?)] = [
            (words("talent.name"), applicant.name), (words("talent.email"), applicant.email),
            (words("talent.phone"), applicant.phone),
            (words("talent.homeRegion"), applicant.region.map { regions([$0]) } ?? words("talent.elsewhere")),
        ]
        return facts.compactMap { term, value in value.map { ["term": .text(term), "value": .text($0)] } }
    }

    private func file(_ file: AnswerFile, _ address: String) -> View {
        ["address": .text(address), "name": .text(file.name), "size": .text(Self.size(file.size, words))]
    }

    /// Questions and answers of a snapshot.
    ///
    /// - Parameter files: the address below which the application's files are.
    func answers(_ snapshot: Snapshot, files base: String) -> [View] {
        snapshot.answers.map { answered in
            let said = answered.words(words)
            return [
                "label": .text(answered.label[language]),
                "none": .flag(said.isEmpty),
                "paragraphs": answered.kind == .longText ? Self.paragraphs(said) : .list([]),
                "line": .optional(
                    answered.kind == .longText || answered.file != nil || answered.kind == .link ? nil : said
                ),
                "link": .optional(answered.kind == .link ? answered.text : nil),
                "file": .optional(answered.file.map { file($0, "\(base)/files/\(answered.code)") }),
            ]
        }
    }
}
