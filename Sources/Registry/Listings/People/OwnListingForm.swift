internal import Postgres
internal import Web

/// The form of a listing: how what is stored stands in it, and what is typed reads as a draft. `+Printing` prints it.
///
/// Rows of a kind are numbered (`role-1`, `role-2`, …); an empty row is no row. There are always some empty ones, so that
/// more can be added without scripts.
struct OwnListingForm {
    let text: CrewWords

    private var words: Wording { text.words }

    /// How many rows of each kind there may be.
    static let most = 20

    /// The kinds of rows by the name of their leading field, with the other fields and what these hold in an empty row.
    enum Rows: String, CaseIterable {
        case role, language, certificate, contact, link

        /// The other fields of a row.
        var beside: [(name: String, preset: String)] {
            switch self {
            case .role: [("grade", "professional")]
            case .language: [("proficiency", "fluent")]
            case .certificate: [("expires", "")]
            case .contact: [("contactKind", "email"), ("contactVisibility", "office")]
            case .link: [("linkKind", "reel"), ("linkTitle", "")]
            }
        }

        /// How many rows a form shows: the filled ones and at least two more.
        func count(in form: Form) -> Int {
            let last = (1...OwnListingForm.most).last { !form["\(rawValue)-\($0)"].isEmpty } ?? 0
            return min(last + 2, OwnListingForm.most)
        }
    }

    // MARK: Filling

    /// The form of what is stored.
    func form(_ listing: OwnListing) -> Form {
        var values = Self.values(listing.latest, text)
        values.append(("version", String(listing.version)))
        if listing.consent?.textVersion == OwnListing.consentText { values.append(("consent", "yes")) }
        return Form(words, values)
    }

    /// Every field with what it holds, as the form names them.
    static func values(_ draft: CrewWriting.Draft, _ text: CrewWords) -> [(String, String)] {
        var values: [(String, String)] = [
            ("name", draft.name), ("creditedName", draft.creditedName ?? ""),
            ("tradingName", draft.tradingName ?? ""), ("homeRegion", draft.region),
            ("municipality", draft.municipality ?? ""),
            ("travelRadius", draft.travelRadius.map { String($0) } ?? ""),
            ("headlineSv", draft.headlineSv ?? ""), ("headlineEn", draft.headlineEn ?? ""),
            ("biographySv", draft.biographySv ?? ""), ("biographyEn", draft.biographyEn ?? ""),
            ("availabilityVisibility", draft.availabilityVisibility),
        ]
        values += draft.localRegions.map { ("localRegion", $0) }
        for (place, role) in draft.roles.enumerated() {
            values += [("role-\(place + 1)", text.role(role.code)), ("grade-\(place + 1)", role.grade)]
        }
        for (place, language) in draft.languages.enumerated() {
            values += [
                ("language-\(place + 1)", language.code), ("proficiency-\(place + 1)", language.proficiency),
            ]
        }
        for (place, certificate) in draft.certificates.enumerated() {
            values += [
                ("certificate-\(place + 1)", certificate.code),
                ("expires-\(place + 1)", certificate.expires?.description ?? ""),
            ]
        }
        for (place, contact) in draft.contacts.enumerated() {
            values += [
                ("contact-\(place + 1)", contact.value), ("contactKind-\(place + 1)", contact.kind),
                ("contactVisibility-\(place + 1)", contact.visibility),
            ]
        }
        for (place, link) in draft.links.enumerated() {
            values += [
                ("link-\(place + 1)", link.url), ("linkKind-\(place + 1)", link.kind),
                ("linkTitle-\(place + 1)", link.title ?? ""),
            ]
        }
        return values
    }

    // MARK: Reading

    /// Reads a form.
    ///
    /// - Parameter mustBeWhole: whether what the office needs to see is demanded: a role. A draft may have gaps.
    /// - Returns: a draft, meaningless when the form is not valid.
    func read(_ form: inout Form, mustBeWhole: Bool) -> CrewWriting.Draft {
        let regions = SiteRegion.all.map(\.code)
        let name = form.text("name", upTo: 200)
        let region = form.choice("homeRegion", of: regions) ?? ""
        var draft = CrewWriting.Draft(name: name, region: region)
        draft.creditedName = form.optionalText("creditedName", upTo: 200)
        draft.tradingName = form.optionalText("tradingName", upTo: 200)
        draft.municipality = municipality(&form, in: region)
        draft.localRegions = form.choices("localRegion", of: regions).filter { $0 != region }
        draft.travelRadius = form.number("travelRadius", in: 0...2000, isOptional: true)
        draft.headlineSv = form.optionalText("headlineSv", upTo: 200)
        draft.headlineEn = form.optionalText("headlineEn", upTo: 200)
        draft.biographySv = form.optionalText("biographySv", upTo: 5000)
        draft.biographyEn = form.optionalText("biographyEn", upTo: 5000)
        draft.availabilityVisibility =
            form.choice("availabilityVisibility", of: ["anyone", "approved", "nobody"]) ?? "approved"
        draft.roles = roles(&form)
        draft.languages = languages(&form)
        draft.certificates = certificates(&form)
        draft.contacts = contacts(&form)
        draft.links = links(&form)
        if mustBeWhole, draft.roles.isEmpty { form.refuse("role-1", words("listing.roleNeeded")) }
        return draft
    }

    private func municipality(_ form: inout Form, in region: String) -> String? {
        let all = text.vocabularies.municipalities
        guard let code = form.choice("municipality", of: all.map(\.code), isOptional: true),
            let chosen = text.vocabularies.municipality(code)
        else { return nil }
        if !region.isEmpty, chosen.region != region {
            let values = ["town": chosen.name, "region": text.region(chosen.region)]
            form.refuse("municipality", words("listing.municipalityElsewhere", values))
        }
        return code
    }

    private func roles(_ form: inout Form) -> [CrewWriting.Draft.Role] {
        var roles: [CrewWriting.Draft.Role] = []
        for (row, typed) in rows(.role, form) {
            let grade = form.choice("grade-\(row)", of: CrewSearch.Grade.allCases.map(\.rawValue))
            guard let role = text.vocabularies.role(titled: typed) ?? text.vocabularies.role(typed) else {
                form.refuse("role-\(row)", words("listing.roleUnknown", ["role": typed]))
                continue
            }
            guard !roles.contains(where: { $0.code == role.code }) else {
                form.refuse("role-\(row)", words("listing.twice"))
                continue
            }
            if let grade { roles.append(.init(code: role.code, grade: grade)) }
        }
        return roles
    }

    private func languages(_ form: inout Form) -> [CrewListing.Language] {
        var languages: [CrewListing.Language] = []
        for (row, _) in rows(.language, form) {
            let code = form.choice("language-\(row)", of: text.vocabularies.languages.map(\.code))
            let proficiency = form.choice("proficiency-\(row)", of: Self.proficiencies)
            guard let code, let proficiency else { continue }
            guard !languages.contains(where: { $0.code == code }) else {
                form.refuse("language-\(row)", words("listing.twice"))
                continue
            }
            languages.append(.init(code: code, proficiency: proficiency))
        }
        return languages
    }

    private func certificates(_ form: inout Form) -> [CrewListing.Certificate] {
        var certificates: [CrewListing.Certificate] = []
        for (row, _) in rows(.certificate, form) {
            let code = form.choice("certificate-\(row)", of: text.vocabularies.certificates.map(\.code))
            let expires = form.day("expires-\(row)", isOptional: true)
            guard let code else { continue }
            guard !certificates.contains(where: { $0.code == code }) else {
                form.refuse("certificate-\(row)", words("listing.twice"))
                continue
            }
            certificates.append(.init(code: code, expires: expires))
        }
        return certificates
    }

    private func contacts(_ form: inout Form) -> [ListingContact] {
        var contacts: [ListingContact] = []
        for (row, typed) in rows(.contact, form) {
            let field = "contact-\(row)"
            let kind = form.choice("contactKind-\(row)", of: Self.contactKinds)
            let visibility = form.choice("contactVisibility-\(row)", of: Self.visibilities)
            let value = kind == "email" ? form.email(field) : form.text(field, upTo: 500)
            if kind == "phone", typed.wholeMatch(of: /\+?[0-9][0-9 ()\.\/\-]{3,30}/) == nil {
                form.refuse(field, TalentErrors.phone[words.language])
            }
            guard let kind, let visibility else { continue }
            guard !contacts.contains(where: { $0.kind == kind && $0.value == value }) else {
                form.refuse(field, words("listing.twice"))
                continue
            }
            contacts.append(.init(kind: kind, value: value, visibility: visibility))
        }
        return contacts
    }

    private func links(_ form: inout Form) -> [ListingLink] {
        var links: [ListingLink] = []
        for (row, _) in rows(.link, form) {
            let kind = form.choice("linkKind-\(row)", of: Self.linkKinds)
            let title = form.optionalText("linkTitle-\(row)", upTo: 200)
            guard let kind, let url = form.link("link-\(row)") else { continue }
            if url.contains(where: { "<>\"".contains($0) }) {
                form.refuse("link-\(row)", words("form.link"))
            }
            guard !links.contains(where: { $0.url == url }) else {
                form.refuse("link-\(row)", words("listing.twice"))
                continue
            }
            links.append(.init(kind: kind, url: url, title: title))
        }
        return links
    }

    /// The filled rows of a kind with what their leading field holds.
    private func rows(_ kind: Rows, _ form: Form) -> [(row: Int, typed: String)] {
        (1...Self.most).compactMap { row in
            let typed = form["\(kind.rawValue)-\(row)"]
            return typed.isEmpty ? nil : (row, typed)
        }
    }

    static let proficiencies = ["basic", "working", "fluent", "native"]
    static let contactKinds = ["email", "phone", "address"]
    static let visibilities = ["anyone", "approved", "request", "office"]
    static let linkKinds = ["reel", "site", "profile"]
}
