internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// The forms of an office that fill a page of their own: a call or a letter logged as a new case, and the record edited.
struct InquiryLogPages: Sendable {
    let desk: InquiryDesk

    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member(InquiryAddresses.log(language)) { _, _, member in
                let offices = try desk.offices(of: member)
                let form = Form(
                    desk.site.words(language),
                    [("kind", "call"), ("source", "phone"), ("region", offices[0]), ("isAnswer", "yes")]
                )
                return try await log(form, offices, language)
            }
            table.member(InquiryAddresses.log(language), .post) { request, context, member in
                try await take(try await desk.site.form(request, context), member, language)
            }
            table.member("/\(language)/inquiries/{number}/edit") { _, context, member in
                let number = try number(context)
                let found = try await led(number, member)
                let fields = try await fields(.large)
                return try edit(
                    number,
                    fields.form(found.record, desk.site.words(language)),
                    fields,
                    found.record
                )
            }
            table.member("/\(language)/inquiries/{number}/edit", .post) { request, context, member in
                let number = try number(context)
                return try await save(number, try await desk.site.form(request, context), member, language)
            }
        }
    }

    private func number(_ context: WebContext) throws -> String {
        let number = (context.parameters.get("number") ?? "").uppercased()
        guard InquirySchemas.number.accepts(number) else { throw Problem(.notFound) }
        return number
    }

    private func fields(_ scale: InquiryFields.Scale) async throws -> InquiryFields {
        InquiryFields(
            scale: scale,
            isOffice: true,
            terms: try await desk.terms.current(),
            vocabularies: try await desk.vocabularies(),
            today: desk.today()
        )
    }

    // MARK: Logging

    /// What is asked when somebody is on the telephone: as little as makes a case.
    private func logFields(_ form: Form, _ offices: [String], _ terms: InquiryTerms) -> [FormField] {
        let words = form.words
        let language = words.language
        let kinds = ["call", "letter"].map { FormField.Option($0, words("inquiry.kind.\($0)")) }
        let sources = terms.sources.offered.map { FormField.Option($0.code, $0.name[language]) }
        let types = terms.productionTypes.offered.map { FormField.Option($0.code, $0.name[language]) }
        let regions = SiteRegion.all.filter { offices.contains($0.code) }.map {
            FormField.Option($0.code, $0.name)
        }
        return [
            FormField("title", words("inquiry.field.title"), limit: 200),
            FormField("body", words("inquiry.field.said"), .area(rows: 4), limit: 20_000),
            FormField("contactName", words("inquiry.field.contactName"), isOptional: true, limit: 200),
            FormField("phone", words("inquiry.field.phone"), .line("tel"), isOptional: true, limit: 32),
            FormField("email", words("inquiry.field.email"), .email, isOptional: true, limit: 254),
            FormField("company", words("inquiry.field.company"), isOptional: true, limit: 200),
            FormField(
                "productionType",
                words("inquiry.field.productionType"),
                .select(types),
                isOptional: true
            ),
            FormField("shoot", words("inquiry.phase.shoot"), isOptional: true, limit: 500),
            FormField("kind", words("inquiry.field.kind"), .radios(kinds)),
            FormField("source", words("inquiry.field.source"), .select(sources)),
            FormField("region", words("inquiry.col.region"), .select(regions)),
            FormField("isAnswer", words("inquiry.field.isAnswer"), .tick),
            FormField("nextAction", words("inquiry.field.nextAction"), isOptional: true, limit: 500),
            FormField("nextActionOn", words("inquiry.field.nextActionOn"), .date, isOptional: true),
        ]
    }

    private func log(_ form: Form, _ offices: [String], _ language: Language) async throws -> Answer {
        let fields = logFields(form, offices, try await desk.terms.current())
        let view: View = [
            "desk": desk.links(form.words, at: .log),
            "errorSummary": form.summary,
            "action": .text(InquiryAddresses.log(language)),
            "basics": .list(fields.prefix(5).map { $0.view(form) }),
            "more": .list(fields.dropFirst(5).map { $0.view(form) }),
        ]
        return try desk.site.answer(
            "inquiries/log",
            view,
            desk.head(form.words("inquiry.log.title"), "/inquiries/log", language, status: form.status)
        )
    }

    private func take(_ sent: Form, _ member: SignedIn, _ language: Language) async throws -> Answer {
        var form = sent
        let offices = try desk.offices(of: member)
        let fields = try await fields(.small)
        guard case .object(var document) = fields.read(&form) else { throw Problem(.unexpected) }
        let kind = form.choice("kind", of: ["call", "letter"]) ?? "call"
        let body = form.text("body", upTo: 20_000)
        document["source"] = .text(form.choice("source", of: fields.terms.sources.terms.map(\.code)))
        document["region"] = .text(form.choice("region", of: offices))
        document["language"] = .string(language.rawValue)
        document["scale"] = .null
        document["status"] = "acknowledged"
        document["officer"] = .string(member.account.uuidString.lowercased())
        document["nextAction"] = .text(form.optionalText("nextAction", upTo: 500))
        let day = form.day("nextActionOn", isOptional: true)
        document["nextActionOn"] = .text(day.map { "\($0)" })
        if day != nil, form["nextAction"].isEmpty {
            form.refuse("nextAction", form.words("inquiry.error.action"))
        }
        guard form.isValid else { return try await log(form, offices, language) }
        let entry = InquiryWrites.Entry(
            kind: kind,
            body: body,
            contact: form["contactName"].isEmpty ? nil : form["contactName"],
            isAnswer: !form["isAnswer"].isEmpty
        )
        let asked = JSON.object(document)
        let number = try await InquiryErrors.translated {
            try await Writes.transaction(desk.databases, as: member.reader) { transaction in
                try await InquiryWrites.log(asked, entry, transaction)
            }
        }
        return desk.site.redirect(
            to: InquiryAddresses.record(number, language),
            notice: "inquiry.done.logged",
            ["number": number]
        )
    }

    // MARK: Editing

    /// A case that the member's office leads.
    private func led(_ number: String, _ member: SignedIn) async throws -> (version: Int64, record: JSON) {
        _ = try desk.offices(of: member)
        guard let found = try await desk.queries.find(number, as: member.reader) else {
            throw Problem(.notFound)
        }
        guard member.reader.worksInOffice(of: found.record["region"]?.string ?? "") else {
            throw Problem(.forbidden)
        }
        return found
    }

    private func edit(
        _ number: String,
        _ form: Form,
        _ fields: InquiryFields,
        _ record: JSON,
        clash: FormClash? = nil
    ) throws -> Answer {
        let words = form.words
        let sources = fields.terms.sources.offered.map { FormField.Option($0.code, $0.name[words.language]) }
        let address = InquiryAddresses.record(number, words.language)
        let view: View = [
            "desk": desk.links(words),
            "errorSummary": form.summary,
            "clash": clash.map { .view($0.view(words)) } ?? .absent,
            "number": .text(number),
            "record": .text(address),
            "action": .text(address + "/edit"),
            "version": .text(form["version"]),
            "fields": .view(fields.view(form)),
            "source": .view(FormField("source", words("inquiry.field.source"), .select(sources)).view(form)),
        ]
        return try desk.site.answer(
            "inquiries/edit",
            view,
            desk.head(
                words("inquiry.edit.title", ["number": number]),
                "/inquiries/\(number)/edit",
                words.language,
                isInvented: record["invented"] == true,
                status: clash == nil ? form.status : 412
            )
        )
    }

    private func save(_ number: String, _ sent: Form, _ member: SignedIn, _ language: Language) async throws
        -> Answer
    {
        var form = sent
        let fields = try await fields(.large)
        let before = try await led(number, member)
        guard form.has("send") else { return try edit(number, form, fields, before.record) }
        guard case .object(var document) = fields.read(&form) else { throw Problem(.unexpected) }
        document["source"] = .text(form.choice("source", of: fields.terms.sources.terms.map(\.code)))
        document["scale"] = nil
        // The other contacts stay as they are: the form has the main one.
        let others = (before.record["contacts"]?.array ?? []).dropFirst()
        var contacts = document["contacts"]?.array ?? []
        if case .object(var main)? = contacts.first,
            before.record["contacts"]?.array?.first?["locked"] == true
        {
            main["locked"] = true
            contacts[0] = .object(main)
        }
        document["contacts"] = .array(contacts + others)
        guard form.isValid else { return try edit(number, form, fields, before.record) }
        let version = form.version ?? -1
        let body = JSON.object(document)
        let isChanged = try await InquiryErrors.translated {
            try await Writes.transaction(desk.databases, as: member.reader) { transaction in
                try await InquiryWrites.change(number, version: version, body, transaction)
            }
        }
        if isChanged {
            return desk.site.redirect(
                to: InquiryAddresses.record(number, language),
                notice: "inquiry.done.saved"
            )
        }
        let now = try await led(number, member)
        let stored = fields.form(now.record, form.words)
        var clash = FormClash()
        for name in stored.names where name != "version" {
            clash.compare(name, form.words(InquiryFields.label(name)), form[name], stored[name])
        }
        form.set("version", String(now.version))
        return try edit(number, form, fields, now.record, clash: clash)
    }
}
