internal import Postgres
internal import Web

/// The form of a company: name, municipality and one category are needed.
struct CompanyFields {
    let fields: OfferFields

    private var text: CrewWords { fields.text }
    private var words: Wording { fields.text.words }
    private var categories: [Vocabularies.CompanyCategory] { text.vocabularies.companyCategories }

    // MARK: Reading

    func read(_ form: inout Form, present: OfferDraft?) -> CompanyWriting.Draft {
        var now: CompanyWriting.Draft?
        if case .company(let draft)? = present { now = draft }
        let codes = categories.map(\.code)
        var seen: Set<String> = []
        let chosen = [form.choice("category", of: codes) ?? ""] + form.choices("also", of: codes)
        var draft = CompanyWriting.Draft(
            name: form.text("name", upTo: 200),
            municipality: fields.municipality(&form),
            categories: chosen.filter { !$0.isEmpty && seen.insert($0).inserted }
        )
        draft.alias = form.optionalText("alias", upTo: 200)
        draft.headlineSv = form.optionalText("headlineSv", upTo: 200)
        draft.headlineEn = form.optionalText("headlineEn", upTo: 200)
        draft.descriptionSv = form.optionalText("descriptionSv", upTo: 5000)
        draft.descriptionEn = form.optionalText("descriptionEn", upTo: 5000)
        draft.contacts = fields.contacts(&form, present: now?.contacts ?? [])
        draft.links = ["site", "reel"].compactMap { kind in
            form.link(kind).map { .init(kind: kind, url: $0, title: title(kind, $0, now)) }
        }
        // Further ones, which the form has no field for.
        for kind in ["site", "reel", "profile"] {
            draft.links += now?.links.filter { $0.kind == kind }.dropFirst(kind == "profile" ? 0 : 1) ?? []
        }
        return draft
    }

    private func title(_ kind: String, _ url: String, _ now: CompanyWriting.Draft?) -> String? {
        now?.links.first { $0.kind == kind && $0.url == url }?.title
    }

    // MARK: Filling

    func values(_ draft: CompanyWriting.Draft) -> [(String, String)] {
        var values = [("name", draft.name), ("municipality", draft.municipality)]
        if let first = draft.categories.first { values.append(("category", first)) }
        values += draft.categories.dropFirst().map { ("also", $0) }
        let texts = [
            ("alias", draft.alias), ("headlineSv", draft.headlineSv), ("headlineEn", draft.headlineEn),
            ("descriptionSv", draft.descriptionSv), ("descriptionEn", draft.descriptionEn),
            ("site", draft.links.first { $0.kind == "site" }?.url),
            ("reel", draft.links.first { $0.kind == "reel" }?.url),
        ]
        for (name, value) in texts { if let value { values.append((name, value)) } }
        return values + fields.values(draft.contacts)
    }

    // MARK: Printing

    func sections(_ form: Form) -> [View] {
        let options = categories.map { FormField.Option($0.code, $0.name[text.language]) }
        let what = [
            FormField("name", words("offers.companyName"), autocomplete: "organization", limit: 200),
            FormField("alias", words("offers.alias"), isOptional: true, limit: 200),
            FormField("category", words("offers.category"), .select(options)),
            FormField("also", words("offers.also"), .ticks(options), isOptional: true),
            FormField("municipality", words("offers.municipality"), .select(fields.municipalities)),
        ]
        let links = [
            FormField("site", words("offers.site"), .line("url"), isOptional: true, limit: 500).view(form),
            FormField("reel", words("offers.reel"), .line("url"), isOptional: true, limit: 500).view(form),
        ]
        return [
            fields.section("what", what.map { $0.view(form) }), fields.texts(form),
            fields.contactSection(form, first: links),
        ]
    }

    // MARK: Saying

    func said(_ draft: CompanyWriting.Draft) -> [OfferFields.Said] {
        [
            .init(field: "name", label: words("offers.companyName"), value: draft.name),
            fields.said("alias", draft.alias),
            fields.said("category", words.list(draft.categories.map(text.category))),
            fields.said("municipality", fields.town(draft.municipality)),
            fields.said("headlineSv", draft.headlineSv), fields.said("headlineEn", draft.headlineEn),
            fields.said("descriptionSv", draft.descriptionSv),
            fields.said("descriptionEn", draft.descriptionEn),
        ]
            + draft.links.map { link in
                .init(
                    field: link.kind == "reel" ? "reel" : "site",
                    label: words("crew.link.\(link.kind)"),
                    value: link.url
                )
            } + fields.said(draft.contacts)
    }
}
