internal import Postgres
internal import Web

extension OwnListingForm {
    private var words: Wording { text.words }

    /// The fields in their sections, for the template `people/edit`.
    func view(_ form: Form) -> View {
        [
            "errorSummary": form.summary,
            "version": .text(form["version"]),
            "names": .list([
                OwnListingForm.name(words).view(form),
                FormField(
                    "creditedName",
                    words("listing.creditedName"),
                    hint: words("listing.creditedNameHint"),
                    isOptional: true,
                    limit: 200
                ).view(form),
                FormField(
                    "tradingName",
                    words("listing.tradingName"),
                    hint: words("listing.tradingNameHint"),
                    isOptional: true,
                    autocomplete: "organization",
                    limit: 200
                ).view(form),
            ]),
            "home": .list(home(form)),
            "texts": .list(texts(form)),
            "days": .list([
                FormField(
                    "availabilityVisibility",
                    words("listing.availability"),
                    .radios(options(["anyone", "approved", "nobody"], "listing.availability.")),
                    hint: words("listing.availabilityHint")
                ).view(form)
            ]),
            "roleRows": .list(rows(.role, form, roleFields)),
            "languageRows": .list(rows(.language, form, languageFields)),
            "certificateRows": .list(rows(.certificate, form, certificateFields)),
            "contactRows": .list(rows(.contact, form, contactFields)),
            "linkRows": .list(rows(.link, form, linkFields)),
            "titles": .texts(
                text.vocabularies.roles.filter { !$0.retired }.map { $0.name[words.language] }
            ),
        ]
    }

    /// The field for the name by which somebody is found.
    static func name(_ words: Wording) -> FormField {
        FormField(
            "name",
            words("listing.name"),
            hint: words("listing.nameHint"),
            autocomplete: "name",
            limit: 200
        )
    }

    /// The tick of the consent, with the wording that is asked for.
    func consentField(_ form: Form) -> View {
        FormField(
            "consent",
            words("listing.consentTick"),
            .tick,
            hint: words("listing.consentHint")
        ).view(form)
    }

    private func home(_ form: Form) -> [View] {
        let regions = SiteRegion.all.map { FormField.Option($0.code, $0.name) }
        let towns = text.vocabularies.municipalities.map {
            FormField.Option($0.code, "\($0.name), \(text.region($0.region))")
        }
        return [
            FormField(
                "homeRegion",
                words("listing.homeRegion"),
                .select(regions),
                hint: words("listing.homeRegionHint")
            ).view(form),
            FormField(
                "municipality",
                words("listing.municipality"),
                .select(towns),
                hint: words("listing.municipalityHint"),
                isOptional: true
            ).view(form),
            FormField(
                "localRegion",
                words("listing.localRegions"),
                .ticks(regions),
                hint: words("listing.localRegionsHint"),
                isOptional: true
            ).view(form),
            FormField("travelRadius", words("listing.travelRadius"), .number, isOptional: true, limit: 5)
                .view(form),
        ]
    }

    private func texts(_ form: Form) -> [View] {
        let fields = [
            ("Sv", words("listing.headlineSv"), words("listing.biographySv")),
            ("En", words("listing.headlineEn"), words("listing.biographyEn")),
        ]
        return fields.flatMap { language, headline, biography in
            [
                FormField(
                    "headline\(language)",
                    headline,
                    hint: words("listing.headlineHint"),
                    isOptional: true,
                    limit: 200
                ).view(form),
                FormField(
                    "biography\(language)",
                    biography,
                    .area(rows: 6),
                    isOptional: true,
                    limit: 5000
                ).view(form),
            ]
        }
    }

    // MARK: Rows

    private func rows(_ kind: Rows, _ form: Form, _ fields: (Int, Form) -> [FormField]) -> [View] {
        var form = form
        return (1...kind.count(in: form)).map { row in
            for (name, preset) in kind.beside where !form.has("\(name)-\(row)") {
                form.set("\(name)-\(row)", preset)
            }
            return ["fields": .list(fields(row, form).map { $0.view(form) })]
        }
    }

    private func roleFields(_ row: Int, _ form: Form) -> [FormField] {
        let grades = CrewSearch.Grade.allCases.map { FormField.Option($0.rawValue, text.grade($0)) }
        let label =
            row == 1
            ? words("listing.mainRole") : words("listing.role", ["number": words.number(row)])
        return [
            FormField("role-\(row)", label, limit: 100, suggestions: "roles"),
            FormField(
                "grade-\(row)",
                words("listing.grade", ["number": words.number(row)]),
                .select(grades)
            ),
        ]
    }

    private func languageFields(_ row: Int, _ form: Form) -> [FormField] {
        let all = text.vocabularies.languages.filter { !$0.retired }.map {
            FormField.Option($0.code, $0.name[words.language])
        }
        return [
            FormField(
                "language-\(row)",
                numbered("listing.language", row),
                .select(orNone(all, form["language-\(row)"]))
            ),
            FormField(
                "proficiency-\(row)",
                numbered("listing.proficiency", row),
                .select(options(Self.proficiencies, "crew.proficiency."))
            ),
        ]
    }

    private func certificateFields(_ row: Int, _ form: Form) -> [FormField] {
        let all = text.vocabularies.certificates.filter { !$0.retired }.map {
            FormField.Option($0.code, $0.name[words.language])
        }
        return [
            FormField(
                "certificate-\(row)",
                numbered("listing.certificate", row),
                .select(orNone(all, form["certificate-\(row)"]))
            ),
            FormField("expires-\(row)", numbered("listing.expires", row), .date, isOptional: true),
        ]
    }

    private func contactFields(_ row: Int, _ form: Form) -> [FormField] {
        [
            FormField(
                "contactKind-\(row)",
                numbered("listing.contactKind", row),
                .select(options(Self.contactKinds, "crew.contact."))
            ),
            FormField("contact-\(row)", numbered("listing.contact", row), limit: 500),
            FormField(
                "contactVisibility-\(row)",
                numbered("listing.contactVisibility", row),
                .select(options(Self.visibilities, "listing.visibility."))
            ),
        ]
    }

    private func linkFields(_ row: Int, _ form: Form) -> [FormField] {
        [
            FormField(
                "linkKind-\(row)",
                numbered("listing.linkKind", row),
                .select(options(Self.linkKinds, "crew.link."))
            ),
            FormField("link-\(row)", numbered("listing.link", row), .line("url"), limit: 500),
            FormField("linkTitle-\(row)", numbered("listing.linkTitle", row), isOptional: true, limit: 200),
        ]
    }

    /// With an empty entry, by which a row is taken away; a field that is empty gets one anyway.
    private func orNone(_ all: [FormField.Option], _ chosen: String) -> [FormField.Option] {
        chosen.isEmpty ? all : [.init("", "")] + all
    }

    private func numbered(_ key: String, _ row: Int) -> String { words(key, ["number": words.number(row)]) }

    private func options(_ codes: [String], _ stem: String) -> [FormField.Option] {
        codes.map { FormField.Option($0, words(stem + $0)) }
    }

    // MARK: A clash

    /// What is stored now beside what was typed, field by field.
    func clash(_ form: Form, with stored: OwnListing) -> FormClash {
        var clash = FormClash()
        let now = Form(words, Self.values(stored.latest, text))
        for (name, label) in Self.lines { clash.compare(name, words(label), form[name], now[name]) }
        clash.compare(
            "homeRegion",
            words("listing.homeRegion"),
            text.region(form["homeRegion"]),
            text.region(now["homeRegion"])
        )
        clash.compare(
            "municipality",
            words("listing.municipality"),
            text.municipality(form["municipality"]) ?? "",
            text.municipality(now["municipality"]) ?? ""
        )
        clash.compare(
            "localRegion",
            words("listing.localRegions"),
            form.all("localRegion").map(text.region).joined(separator: ", "),
            now.all("localRegion").map(text.region).joined(separator: ", ")
        )
        clash.compare(
            "availabilityVisibility",
            words("listing.availability"),
            words("listing.availability." + form["availabilityVisibility"]),
            words("listing.availability." + now["availabilityVisibility"])
        )
        for kind in Rows.allCases {
            clash.compare(
                "\(kind.rawValue)-1",
                words("listing.section.\(kind.rawValue)"),
                summary(kind, form),
                summary(kind, now)
            )
        }
        return clash
    }

    private static let lines = [
        ("name", "listing.name"), ("creditedName", "listing.creditedName"),
        ("tradingName", "listing.tradingName"), ("travelRadius", "listing.travelRadius"),
        ("headlineSv", "listing.headlineSv"), ("biographySv", "listing.biographySv"),
        ("headlineEn", "listing.headlineEn"), ("biographyEn", "listing.biographyEn"),
    ]

    /// The rows of a kind in one line, as people read them.
    private func summary(_ kind: Rows, _ form: Form) -> String {
        (1...Self.most).compactMap { row -> String? in
            let lead = form["\(kind.rawValue)-\(row)"]
            guard !lead.isEmpty else { return nil }
            func beside(_ name: String) -> String { form["\(name)-\(row)"] }
            switch kind {
            case .role:
                let grade = CrewSearch.Grade(rawValue: beside("grade")).map(text.grade) ?? ""
                return "\(lead) (\(grade))"
            case .language:
                return "\(text.spoken(lead)) (\(words("crew.proficiency." + beside("proficiency"))))"
            case .certificate:
                let expires = beside("expires")
                return text.certificate(lead) + (expires.isEmpty ? "" : " (\(expires))")
            case .contact:
                return "\(lead) (\(words("listing.visibility." + beside("contactVisibility"))))"
            case .link: return lead
            }
        }
        .joined(separator: ", ")
    }
}
