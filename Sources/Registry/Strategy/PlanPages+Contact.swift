internal import Postgres
internal import Web

/// The form in which a region says how it is reached.
extension PlanPages {
    func contact(_ desk: Desk) async throws -> Answer {
        let known = try await databases.member.transaction(settings: desk.member.reader.settings) {
            transaction in
            try await RegionContact.find(desk.region.code, transaction)
        }
        guard let record = known?.record else { throw Problem(.notFound) }
        return try contactPage(Form(desk.text.words, PlanForm.values(record)), desk)
    }

    private func contactPage(_ form: Form, _ desk: Desk, clash: FormClash? = nil) throws -> Answer {
        let words = desk.text.words
        func field(_ name: String, _ kind: FormField.Kind = .text, _ limit: Int) -> FormField {
            FormField(name, words("strategy.field.\(name)"), kind, isOptional: true, limit: limit)
        }
        let fields = [
            field("liaison", .text, 200), field("email", .email, 254), field("phone", .line("tel"), 50),
            field("url", .line("url"), 500), field("textSv", .text, 500), field("textEn", .text, 500),
        ]
        let page = PlanFormPage(
            desk: desk,
            title: words("strategy.edit.contact"),
            lead: words("strategy.edit.contactLead"),
            action: "\(desk.base)/edit/contact",
            form: form,
            fields: fields.map { $0.view(form) },
            buttons: [.save],
            clash: clash
        )
        let status = clash == nil ? form.status : 412
        return try site.answer(
            "strategy/form",
            page.view,
            head(desk, page.title, "/edit/contact", status: status)
        )
    }

    func takeContact(_ sent: Form, _ desk: Desk) async throws -> Answer {
        var form = sent
        let email = form["email"].isEmpty ? nil : form.email("email")
        var members: [(String, JSON)] = []
        func put(_ name: String, _ text: String?) {
            if let text { members.append((name, .string(text))) }
        }
        put("liaison", form.optionalText("liaison", upTo: 200))
        put("email", email)
        put("phone", form.optionalText("phone", upTo: 50))
        put("url", form.link("url"))
        let (sv, en) = (form.optionalText("textSv", upTo: 500), form.optionalText("textEn", upTo: 500))
        if let one = sv ?? en {
            members.append(("text", ["sv": .string(sv ?? one), "en": .string(en ?? one)]))
        }
        guard form.isValid else { return try contactPage(form, desk) }
        do {
            _ = try await RegionContact.change(
                desk.region.code,
                .object(JSON.Members(members)),
                Writes.IfMatch(version: form.version),
                databases,
                as: desk.member.reader
            )
        } catch let problem as Problem where problem.code == .preconditionFailed {
            let stored = Dictionary(PlanForm.values(problem.extras["current"] ?? .null)) { first, _ in first }
            var clash = FormClash()
            for name in form.names where name != "version" && name != "do" {
                clash.compare(name, form.words("strategy.field.\(name)"), form[name], stored[name] ?? "")
            }
            form.set("version", stored["version"])
            return try contactPage(form, desk, clash: clash)
        }
        return site.redirect(to: "\(desk.base)/edit", notice: "strategy.saved.save")
    }
}
