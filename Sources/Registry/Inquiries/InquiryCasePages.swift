internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// The page of one case and what can be done on it: log, answer, take steps, hand over, close.
///
/// `InquiryCasePage` is what the template prints; `InquiryLogPages` has the forms that fill a page of their own.
struct InquiryCasePages: Sendable {
    let desk: InquiryDesk

    private typealias Deed =
        @Sendable (inout Form, _ number: String, SignedIn, Request, WebContext) async throws -> Answer?

    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            let base = "/\(language)/inquiries/{number}"
            table.member(base) { _, context, member in
                let number = try number(context)
                return try await page(
                    number,
                    Form(desk.site.words(language), [("kind", "answer")]),
                    member,
                    language
                )
            }
            post(base + "/entries", language, to: &table) { form, number, member, request, _ in
                try await enter(&form, number, member, desk.letters(request), language)
            }
            post(base + "/work", language, to: &table) { form, number, member, _, _ in
                try await work(&form, number, member, language)
            }
            post(base + "/outcome", language, to: &table) { form, number, member, _, _ in
                try await close(&form, number, member, language)
            }
            post(base + "/handover", language, to: &table) { form, number, member, request, _ in
                try await offer(&form, number, member, desk.letters(request), language)
            }
            post(base + "/handover/{handover}", language, to: &table) {
                form,
                number,
                member,
                request,
                context in
                let handover = context.parameters.get("handover")
                return try await settle(&form, number, handover, member, desk.letters(request), language)
            }
            post(base + "/link", language, to: &table) { _, number, member, request, _ in
                try await renewLink(number, member, desk.letters(request), language)
            }
        }
    }

    /// A form of the page: what it refuses is shown on the page again, with all that was typed.
    private func post(
        _ path: String,
        _ language: Language,
        to table: inout RouteTable,
        _ deed: @escaping Deed
    ) {
        table.member(path, .post) { request, context, member in
            var form = try await desk.site.form(request, context)
            let number = try number(context)
            _ = try desk.offices(of: member)
            if let answer = try await deed(&form, number, member, request, context) { return answer }
            return try await page(number, form, member, language)
        }
    }

    private func number(_ context: WebContext) throws -> String {
        let number = (context.parameters.get("number") ?? "").uppercased()
        guard InquirySchemas.number.accepts(number) else { throw Problem(.notFound) }
        return number
    }

    private func done(
        _ number: String,
        _ language: Language,
        _ notice: String,
        _ values: [String: String] = [:]
    ) -> Answer {
        desk.site.redirect(to: InquiryAddresses.record(number, language), notice: notice, values)
    }

    private func page(
        _ number: String,
        _ form: Form,
        _ member: SignedIn,
        _ language: Language,
        clash: FormClash? = nil
    ) async throws -> Answer {
        _ = try desk.offices(of: member)
        guard let found = try await desk.queries.find(number, as: member.reader) else {
            throw Problem(.notFound)
        }
        let text = try await desk.text(language)
        let region = found.record["region"]?.string ?? ""
        let page = InquiryCasePage(
            record: found.record,
            text: text,
            form: form,
            clash: clash,
            officers: try await desk.queries.officers(of: region, as: member.reader),
            isLed: member.reader.worksInOffice(of: region),
            mayAnswerOffer: { member.reader.worksInOffice(of: $0) },
            desk: desk.links(text.words),
            now: Date(),
            today: desk.today()
        )
        return try desk.site.answer(
            "inquiries/case",
            page.view,
            desk.head(
                "\(found.record["title"]?.string ?? ""), \(number)",
                "/inquiries/\(number)",
                language,
                isInvented: found.record["invented"] == true,
                status: clash == nil ? form.status : 412
            )
        )
    }

    // MARK: Deeds

    private func enter(
        _ form: inout Form,
        _ number: String,
        _ member: SignedIn,
        _ letters: InquiryLetters,
        _ language: Language
    ) async throws -> Answer? {
        let kind = form.choice("kind", of: ["answer", "note", "call", "letter"]) ?? "note"
        let body = form.text("body", upTo: 20_000)
        let contact = form.optionalText("contact", upTo: 200)
        guard form.isValid else { return nil }
        if kind == "answer" { return try await answer(body, number, member, letters, language) }
        let entry = InquiryWrites.Entry(
            kind: kind,
            body: body,
            contact: ["call", "letter"].contains(kind) ? contact : nil,
            isAnswer: !form["isAnswer"].isEmpty
        )
        let isSeen = try await InquiryErrors.translated {
            try await Writes.transaction(desk.databases, as: member.reader) { transaction in
                try await InquiryWrites.enter(entry, number, transaction) != nil
            }
        }
        guard isSeen else { throw Problem(.notFound) }
        return done(number, language, "inquiry.done.entered")
    }

    private func answer(
        _ body: String,
        _ number: String,
        _ member: SignedIn,
        _ letters: InquiryLetters,
        _ language: Language
    ) async throws -> Answer {
        let answered = try await InquiryErrors.translated {
            try await Writes.transaction(desk.databases, as: member.reader) { transaction in
                try await letters.answer(number, body, transaction)
            }
        }
        guard let answered else { throw Problem(.notFound) }
        guard let email = answered.sentTo else { return done(number, language, "inquiry.done.answered") }
        return done(number, language, "inquiry.done.answerSent", ["email": email])
    }

    private func work(_ form: inout Form, _ number: String, _ member: SignedIn, _ language: Language)
        async throws
        -> Answer?
    {
        let terms = try await desk.terms.current()
        let status = form.choice("status", of: terms.statuses.terms.map(\.code), isOptional: true)
        let action = form.optionalText("nextAction", upTo: 500)
        let day = form.day("nextActionOn", isOptional: true)
        if day != nil, action == nil { form.refuse("nextAction", form.words("inquiry.error.action")) }
        let officer = form["officer"].isEmpty ? nil : UUID(uuidString: form["officer"])
        guard form.isValid else { return nil }
        var members = JSON.Members([
            ("nextAction", .text(action)), ("nextActionOn", .text(day.map { "\($0)" })),
            ("officer", .text(officer?.uuidString.lowercased())),
        ])
        if let status { members["status"] = .string(status) }
        let typed = form
        return try await change(.object(members), nil, &form, number, member, language, "inquiry.done.saved")
        { clash, now in
            let words = typed.words
            clash.compare(
                "nextAction",
                words("inquiry.field.nextAction"),
                typed["nextAction"],
                now["nextAction"]?.string ?? ""
            )
            clash.compare(
                "nextActionOn",
                words("inquiry.field.nextActionOn"),
                typed["nextActionOn"],
                now["nextActionOn"]?.string ?? ""
            )
            clash.compare(
                "status",
                words("inquiry.col.status"),
                terms.title(
                    \.statuses,
                    typed["status"].isEmpty ? now["status"]?.string : typed["status"],
                    language
                ) ?? "",
                terms.title(\.statuses, now["status"]?.string, language) ?? ""
            )
        }
    }

    private func close(_ form: inout Form, _ number: String, _ member: SignedIn, _ language: Language)
        async throws
        -> Answer?
    {
        let terms = try await desk.terms.current()
        let codes = terms.statuses.terms.filter { $0.outcome != "open" }.map(\.code)
        let status = form.choice("outcome", of: codes)
        let note = form.optionalText("closingNote", upTo: 10_000)
        var members = JSON.Members([("status", .text(status))])
        if status == "lost" {
            members["lostReason"] = .text(form.choice("lostReason", of: terms.lostReasons.terms.map(\.code)))
            let winner = form.choice("winner", of: ["place", "none", "unknown"])
            members["winner"] = .text(winner)
            members["winningPlace"] =
                winner == "place" ? .string(form.text("winningPlace", upTo: 200)) : .null
            let forgone = form.number("spendForgone", in: 0...999_999_999_999, isOptional: true)
            members["spendForgone"] = forgone.map { JSON.integer(Int64($0)) } ?? .null
            members["knowableOn"] = .text(form.day("knowableOn", isOptional: true).map { "\($0)" })
        }
        guard form.isValid else { return nil }
        let typed = form
        return try await change(
            .object(members),
            note,
            &form,
            number,
            member,
            language,
            "inquiry.done.closed"
        ) { clash, now in
            clash.compare(
                "outcome",
                typed.words("inquiry.col.status"),
                terms.title(\.statuses, typed["outcome"], language) ?? "",
                terms.title(\.statuses, now["status"]?.string, language) ?? ""
            )
        }
    }

    /// Changes the case if it is of the form's version; shows both texts when somebody else was first.
    private func change(
        _ document: JSON,
        _ note: String?,
        _ form: inout Form,
        _ number: String,
        _ member: SignedIn,
        _ language: Language,
        _ notice: String,
        _ compare: (inout FormClash, JSON) -> Void
    ) async throws -> Answer? {
        let version = form.version ?? -1
        do {
            let isChanged = try await InquiryErrors.translated {
                try await Writes.transaction(desk.databases, as: member.reader) { transaction in
                    guard try await InquiryWrites.change(number, version: version, document, transaction)
                    else {
                        return false
                    }
                    if let note {
                        _ = try await InquiryWrites.enter(
                            .init(kind: "note", body: note),
                            number,
                            transaction
                        )
                    }
                    return true
                }
            }
            if isChanged { return done(number, language, notice) }
        } catch let problem as Problem where problem.code == .stepRefused {
            form.refuse(form.has("outcome") ? "outcome" : "status", form.words("inquiry.error.step"))
            return nil
        } catch let problem as Problem where problem.code == .invalid {
            for error in problem.errors {
                if case .pointer(let pointer) = error.place {
                    form.refuse(String(pointer.dropFirst()), error.message[language])
                }
            }
            return nil
        }
        guard let now = try await desk.queries.find(number, as: member.reader) else {
            throw Problem(.notFound)
        }
        guard now.version != version else { throw Problem(.forbidden) }
        var clash = FormClash()
        compare(&clash, now.record)
        form.set("version", String(now.version))
        return try await page(number, form, member, language, clash: clash)
    }

    private func offer(
        _ form: inout Form,
        _ number: String,
        _ member: SignedIn,
        _ letters: InquiryLetters,
        _ language: Language
    ) async throws -> Answer? {
        let region = form.choice("toRegion", of: SiteRegion.all.map(\.code))
        let message = form.optionalText("message", upTo: 2000)
        guard form.isValid, let region else { return nil }
        do {
            let offered = try await InquiryErrors.translated {
                try await Writes.transaction(desk.databases, as: member.reader) { transaction in
                    try await letters.offer(number, to: region, message: message, transaction)
                }
            }
            guard offered != nil else { throw Problem(.notFound) }
        } catch let problem as Problem where problem.code == .offerPending || problem.code == .invalid {
            form.refuse("toRegion", problem.errors.first?.message[language] ?? problem.detail[language])
            return nil
        }
        return done(number, language, "inquiry.done.offered")
    }

    private func settle(
        _ form: inout Form,
        _ number: String,
        _ handover: String?,
        _ member: SignedIn,
        _ letters: InquiryLetters,
        _ language: Language
    ) async throws -> Answer? {
        guard let handover = UUID(uuidString: handover ?? "") else {
            throw Problem(.notFound)
        }
        let answer = form.choice("answer", of: InquiryWrites.Answer.allCases.map(\.rawValue))
            .flatMap { InquiryWrites.Answer(rawValue: $0) }
        let reason =
            answer == .declined ? form.text("reason", upTo: 2000) : form.optionalText("reason", upTo: 2000)
        guard form.isValid, let answer else { return nil }
        let isSettled = try await InquiryErrors.translated {
            try await Writes.transaction(desk.databases, as: member.reader) { transaction in
                try await letters.settle(number, handover, answer, reason: reason, transaction)
            }
        }
        guard isSettled else { throw Problem(.offerGone) }
        if answer == .declined {
            return desk.site.redirect(to: InquiryAddresses.inbox(language), notice: "inquiry.done.declined")
        }
        return done(number, language, "inquiry.done.\(answer.rawValue)")
    }

    private func renewLink(
        _ number: String,
        _ member: SignedIn,
        _ letters: InquiryLetters,
        _ language: Language
    ) async throws -> Answer {
        let address = try await Writes.transaction(desk.databases, as: member.reader) { transaction in
            try await letters.renewLink(number, transaction)
        }
        guard let address else { throw Problem(.forbidden) }
        return done(number, language, "inquiry.done.link", ["address": address])
    }
}
