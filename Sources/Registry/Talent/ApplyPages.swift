internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// Applying: a stranger says who they are and gets a link by mail; then the form, saved as often as wanted and handed in.
struct ApplyPages: Sendable {
    let pages: TalentPages

    /// All addresses of these pages.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.page("/\(language)/calls/{id}/apply") { request, context in
                let (call, programme) = try await call(context)
                guard call.takesApplications else { return closed(call, language) }
                guard let member = context.visit.member else {
                    return try begin(Form(pages.site.words(language)), call, programme, language)
                }
                return try await show(call, programme, member, language)
            }
            table.page("/\(language)/calls/{id}/apply", .post) { request, context in
                let (call, programme) = try await call(context)
                guard let member = context.visit.member else {
                    return try await ask(request, context, call, programme, language)
                }
                return try await take(request, context, call, programme, member, language)
            }
        }
    }

    private func call(_ context: WebContext) async throws -> (Call, Programme) {
        guard let id = UUID(uuidString: try context.parameters.require("id")),
            let found = try await pages.queries.call(id)
        else { throw Problem(.notFound) }
        return found
    }

    private func closed(_ call: Call, _ language: Language) -> Answer {
        pages.site.redirect(
            to: "/\(language)/calls/\(call.id.uuidString.lowercased())",
            notice: "talent.notOpen"
        )
    }

    private func path(_ call: Call) -> String { "/calls/\(call.id.uuidString.lowercased())/apply" }

    private func head(_ call: Call, _ language: Language, status: Int) -> Site.Head {
        let words = pages.site.words(language)
        return Site.Head(
            language: language,
            title: words("talent.applyTo", ["call": call.title[language]]),
            description: words("talent.description"),
            path: path(call),
            section: .talent,
            isDemonstration: call.invented,
            isUnlisted: true,
            status: status
        )
    }

    // MARK: A stranger begins

    private func begin(_ form: Form, _ call: Call, _ programme: Programme, _ language: Language) throws
        -> Answer
    {
        let words = form.words
        let view: View = [
            "errorSummary": form.summary,
            "title": .text(call.title[language]),
            "programme": .text(programme.name[language]),
            "back": .text("/\(language)/calls/\(call.id.uuidString.lowercased())"),
            "action": .text("/\(language)\(path(call))"),
            "fields": .list([
                FormField("name", words("talent.name"), autocomplete: "name", limit: 200).view(form),
                FormField(
                    "email",
                    words("talent.email"),
                    .email,
                    hint: words("talent.emailHint"),
                    autocomplete: "email",
                    limit: 254
                ).view(form),
            ]),
        ]
        return try pages.site.answer("talent/begin", view, head(call, language, status: form.status))
    }

    private func ask(
        _ request: Request,
        _ context: WebContext,
        _ call: Call,
        _ programme: Programme,
        _ language: Language
    ) async throws -> Answer {
        var form = try await pages.site.form(request, context, limit: 8 << 10)
        let name = form.text("name", upTo: 200)
        let email = form.email("email")
        guard form.isValid else { return try begin(form, call, programme, language) }
        let wanted = SessionQueries.Request(
            email: email,
            name: name,
            language: language,
            then: "/\(language)\(path(call))"
        )
        return try await SignInPages(site: pages.site, pages.databases).send(wanted, request, context)
    }

    // MARK: The form

    private func show(
        _ call: Call,
        _ programme: Programme,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        let databases = pages.databases
        let found: Started = try await databases.member.transaction(settings: member.reader.settings) {
            transaction in
            try await started(call, member, transaction)
        }
        switch found {
        case .submitted(let id):
            return .redirect(to: "/\(language)/applications/\(id.uuidString.lowercased())")
        case .draft(let draft, let source):
            let text = try await pages.text(language)
            let page = ApplyForm(
                call: call,
                programme: programme,
                draft: draft,
                email: member.email,
                text: text
            )
            return try answer(page.view(page.form, reused: source), call, language, status: 200)
        }
    }

    private enum Started {
        case submitted(UUID)
        /// With the title of the call that it was filled in from.
        case draft(ApplicationDraft, source: Localized?)
    }

    /// What the member has begun, or a draft that is not stored yet, with what they said in their last application.
    private func started(_ call: Call, _ member: SignedIn, _ transaction: Transaction) async throws -> Started
    {
        if let living = try await ApplicationQueries.living(call.id, member.account, transaction) {
            guard living.isDraft, let draft = try await ApplicationQueries.draft(living.id, transaction)
            else {
                return .submitted(living.id)
            }
            return .draft(draft, source: nil)
        }
        var draft = ApplicationDraft(
            id: UUID.version7(),
            call: call.id,
            name: member.name,
            answers: [:],
            version: 0,
            files: [:]
        )
        let last = try await ApplicationQueries.lastSnapshot(of: member.account, except: call.id, transaction)
        guard let last else { return .draft(draft, source: nil) }
        draft.reuse(last.snapshot, for: call.questions)
        return .draft(draft, source: last.call)
    }

    private func answer(_ view: View, _ call: Call, _ language: Language, status: Int) throws -> Answer {
        try pages.site.answer("talent/apply", view, head(call, language, status: status))
    }

    // MARK: Saving and handing in

    private enum Taken {
        case submitted(UUID)
        case saved(ApplicationDraft)
        /// Changed in another window meanwhile.
        case clash(ApplicationDraft)
        case handedInBefore(UUID)
    }

    private func take(
        _ request: Request,
        _ context: WebContext,
        _ call: Call,
        _ programme: Programme,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        let body = try await MultipartBody.read(request, limit: AnswerFiles.limit + (1 << 20))
        try context.visit.check(body.pairs.first { $0.name == "csrf" }?.value, request)
        var form = Form(
            pages.site.words(language),
            body.pairs.filter { $0.name != "csrf" }.map { ($0.name, $0.value) }
        )
        let text = try await pages.text(language)
        let uploads = try uploads(body, call, &form)
        let isSubmitting = form.has("submit")
        let reading = ApplyForm.read(&form, call, text, mustBeWhole: isSubmitting)
        let files = pages.files
        let letters = pages.letters
        let origin = pages.site.origin(for: request)
        let mayBeWhole = form.isValid
        let taken: Taken = try await TalentErrors.explaining {
            try await Writes.transaction(pages.databases, as: member.reader) { transaction in
                let started = try await started(call, member, transaction)
                guard case .draft(var draft, _) = started else {
                    if case .submitted(let id) = started { return .handedInBefore(id) }
                    throw Problem(.unexpected)
                }
                let version = form.version ?? 0
                guard draft.version == version else { return .clash(draft) }
                draft.name = reading.name
                draft.phone = reading.phone
                draft.region = reading.region
                draft.answers = reading.typed
                if version == 0 {
                    try await ApplicationQueries.begin(
                        draft,
                        account: member.account,
                        email: member.email,
                        language: language,
                        transaction
                    )
                } else if try await ApplicationQueries.save(
                    draft,
                    email: member.email,
                    version: version,
                    transaction
                ) == nil {
                    throw Problem(.conflict)
                }
                for (question, upload) in uploads {
                    guard let files else { continue }
                    let hash = try files.keep(upload.bytes)
                    try await ApplicationQueries.put(
                        upload.file,
                        hash: hash,
                        question: question,
                        of: draft.id,
                        transaction
                    )
                }
                for question in reading.removedFiles where uploads[question] == nil {
                    try await ApplicationQueries.remove(question: question, of: draft.id, transaction)
                }
                guard let saved = try await ApplicationQueries.draft(draft.id, transaction) else {
                    throw Problem(.unexpected)
                }
                guard isSubmitting, mayBeWhole, ApplyForm.missingFiles(saved, call).isEmpty else {
                    return .saved(saved)
                }
                guard let email = member.email,
                    let receipt = try await ApplicationQueries.submit(
                        saved,
                        answers: reading.answers,
                        language: language,
                        transaction
                    )
                else { throw Problem(.conflict) }
                try await letters.receipt(
                    receipt,
                    to: email,
                    name: reading.name ?? member.name,
                    language: language,
                    call,
                    programme,
                    at: origin,
                    transaction
                )
                return .submitted(saved.id)
            }
        }
        switch taken {
        case .submitted(let id):
            return pages.site.redirect(
                to: "/\(language)/applications/\(id.uuidString.lowercased())",
                notice: "talent.handedIn"
            )
        case .handedInBefore(let id):
            return pages.site.redirect(
                to: "/\(language)/applications/\(id.uuidString.lowercased())",
                notice: "talent.handedInBefore"
            )
        case .clash(let stored):
            let page = ApplyForm(
                call: call,
                programme: programme,
                draft: stored,
                email: member.email,
                text: text
            )
            form.set("version", String(stored.version))
            return try answer(page.view(form, clash: page.clash(form)), call, language, status: 412)
        case .saved(let draft):
            if isSubmitting {
                for question in ApplyForm.missingFiles(draft, call) {
                    form.refuse(ApplyForm.field(question), AnswerFault.required.message[language])
                }
            }
            guard !form.isValid else {
                return pages.site.redirect(to: "/\(language)\(path(call))", notice: "talent.draftSaved")
            }
            let page = ApplyForm(
                call: call,
                programme: programme,
                draft: draft,
                email: member.email,
                text: text
            )
            form.set("version", String(draft.version))
            return try answer(page.view(form), call, language, status: 400)
        }
    }

    /// The files that were chosen, by question code; what is wrong with one is told at its field.
    private func uploads(
        _ body: MultipartBody,
        _ call: Call,
        _ form: inout Form
    ) throws -> [String: (file: AnswerFile, bytes: [UInt8])] {
        var uploads: [String: (file: AnswerFile, bytes: [UInt8])] = [:]
        for question in call.questions where question.kind == .file {
            let field = ApplyForm.field(question.code)
            guard let file = body.files.first(where: { $0.field == field && !$0.name.isEmpty }) else {
                continue
            }
            guard !file.bytes.isEmpty, file.bytes.count <= AnswerFiles.limit else {
                form.refuse(field, form.words("talent.fileSize"))
                continue
            }
            guard let type = AnswerFiles.mediaType(of: file.bytes) else {
                form.refuse(field, form.words("talent.fileType"))
                continue
            }
            let answer = AnswerFile(
                name: AnswerFiles.name(file.name),
                mediaType: type,
                size: file.bytes.count,
                sha256: ""
            )
            uploads[question.code] = (file: answer, bytes: file.bytes)
        }
        return uploads
    }
}
