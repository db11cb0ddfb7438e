internal import Postgres
internal import Web

/// The body of a request that replaces a listing, read as a draft; the shape has been judged, here it is the sense.
struct ListingBody {
    let body: JSON
    let vocabularies: Vocabularies

    /// What a listing beyond draft lacks without a role.
    static let roleMissing = Problem.invalid([
        .pointer(
            "/roles",
            "missing",
            Localized(sv: "Ange minst ett yrke.", en: "State at least one role.")
        )
    ])

    /// - Throws: `Problem` 400 with every fault: unknown codes, a municipality elsewhere, something twice, an address or
    ///   number that is none.
    func draft() throws(Problem) -> CrewWriting.Draft {
        var errors: [FieldError] = []
        let region = body["homeRegion"]?.string ?? ""
        var draft = CrewWriting.Draft(name: trimmed("name") ?? "", region: region)
        if draft.name.isEmpty {
            errors.append(Self.fault("/name", "missing", sv: "Ange ett namn.", en: "State a name."))
        }
        if vocabularies.region(region) == nil { errors.append(Self.unknown("/homeRegion", region)) }
        draft.creditedName = trimmed("creditedName")
        draft.tradingName = trimmed("tradingName")
        draft.municipality = municipality(in: region, &errors)
        draft.localRegions = localRegions(&errors).filter { $0 != region }
        draft.travelRadius = body["travelRadius"]?.integer
        (draft.headlineSv, draft.headlineEn) = texts("headline")
        (draft.biographySv, draft.biographyEn) = texts("biography")
        draft.availabilityVisibility = body["availabilityVisibility"]?.string ?? "approved"
        draft.roles = roles(&errors)
        draft.languages = languages(&errors)
        draft.certificates = certificates(&errors)
        draft.links = links(&errors)
        draft.contacts = contacts(&errors)
        guard errors.isEmpty else { throw .invalid(errors) }
        return draft
    }

    private func trimmed(_ name: String) -> String? {
        let text = body[name]?.string?.trimmingPrefix { $0 == " " }
        return text.flatMap { $0.isEmpty ? nil : String($0) }
    }

    private func texts(_ name: String) -> (String?, String?) {
        (body[name]?["sv"]?.string, body[name]?["en"]?.string)
    }

    private func municipality(in region: String, _ errors: inout [FieldError]) -> String? {
        guard let code = body["municipality"]?.string else { return nil }
        guard let found = vocabularies.municipality(code) else {
            errors.append(Self.unknown("/municipality", code))
            return nil
        }
        if found.region != region {
            errors.append(
                Self.fault(
                    "/municipality",
                    "elsewhere",
                    sv: "\(found.name) ligger inte i hemregionen.",
                    en: "\(found.name) does not lie in the home region."
                )
            )
        }
        return code
    }

    private func localRegions(_ errors: inout [FieldError]) -> [String] {
        let codes = (body["localRegions"]?.array ?? []).compactMap(\.string)
        for (place, code) in codes.enumerated() where vocabularies.region(code) == nil {
            errors.append(Self.unknown("/localRegions/\(place)", code))
        }
        return codes
    }

    private func roles(_ errors: inout [FieldError]) -> [CrewWriting.Draft.Role] {
        var roles: [CrewWriting.Draft.Role] = []
        for (place, item) in (body["roles"]?.array ?? []).enumerated() {
            let code = item["code"]?.string ?? ""
            if vocabularies.role(code) == nil { errors.append(Self.unknown("/roles/\(place)/code", code)) }
            if roles.contains(where: { $0.code == code }) { errors.append(Self.twice("/roles/\(place)")) }
            roles.append(.init(code: code, grade: item["grade"]?.string ?? "professional"))
        }
        return roles
    }

    private func languages(_ errors: inout [FieldError]) -> [CrewListing.Language] {
        var languages: [CrewListing.Language] = []
        for (place, item) in (body["languages"]?.array ?? []).enumerated() {
            let code = item["code"]?.string ?? ""
            if vocabularies.language(code) == nil {
                errors.append(Self.unknown("/languages/\(place)/code", code))
            }
            if languages.contains(where: { $0.code == code }) {
                errors.append(Self.twice("/languages/\(place)"))
            }
            languages.append(.init(code: code, proficiency: item["proficiency"]?.string ?? "working"))
        }
        return languages
    }

    private func certificates(_ errors: inout [FieldError]) -> [CrewListing.Certificate] {
        var certificates: [CrewListing.Certificate] = []
        for (place, item) in (body["certificates"]?.array ?? []).enumerated() {
            let code = item["code"]?.string ?? ""
            let expires = item["expires"]?.string.flatMap { Day($0) }
            if vocabularies.certificate(code) == nil {
                errors.append(Self.unknown("/certificates/\(place)/code", code))
            }
            if certificates.contains(where: { $0.code == code }) {
                errors.append(Self.twice("/certificates/\(place)"))
            }
            if let expires, !(1950..<2200).contains(expires.components.year) {
                errors.append(
                    Self.fault(
                        "/certificates/\(place)/expires",
                        "out-of-range",
                        sv: "Ange en dag mellan 1950 och 2199.",
                        en: "State a day between 1950 and 2199."
                    )
                )
            }
            certificates.append(.init(code: code, expires: expires))
        }
        return certificates
    }

    private func links(_ errors: inout [FieldError]) -> [ListingLink] {
        var links: [ListingLink] = []
        for (place, item) in (body["links"]?.array ?? []).enumerated() {
            let url = item["url"]?.string ?? ""
            if url.wholeMatch(of: /https?:\/\/[^\s<>"\/]+\.[^\s<>"\/]+(\/[^\s<>"]*)?/) == nil {
                errors.append(
                    Self.fault(
                        "/links/\(place)/url",
                        "malformed",
                        sv: "Skriv hela adressen, till exempel https://exempel.se/film.",
                        en: "Write the whole address, such as https://example.se/film."
                    )
                )
            }
            if links.contains(where: { $0.url == url }) { errors.append(Self.twice("/links/\(place)")) }
            links.append(.init(kind: item["kind"]?.string ?? "site", url: url, title: item["title"]?.string))
        }
        return links
    }

    private func contacts(_ errors: inout [FieldError]) -> [ListingContact] {
        var contacts: [ListingContact] = []
        for (place, item) in (body["contactFields"]?.array ?? []).enumerated() {
            let (kind, value) = (item["kind"]?.string ?? "", item["value"]?.string ?? "")
            let pointer = "/contactFields/\(place)/value"
            if kind == "phone", value.wholeMatch(of: /\+?[0-9][0-9 ()\.\/\-]{3,30}/) == nil {
                errors.append(.pointer(pointer, "malformed", TalentErrors.phone))
            }
            if kind == "email",
                value.utf8.count > 254
                    || value.wholeMatch(of: /[^@\s,;<>"]+@[^@\s,;<>"]+\.[^@\s,;<>".]+/) == nil
            {
                errors.append(.pointer(pointer, "malformed", TalentErrors.email))
            }
            if contacts.contains(where: { $0.kind == kind && $0.value == value }) {
                errors.append(Self.twice("/contactFields/\(place)"))
            }
            contacts.append(
                .init(kind: kind, value: value, visibility: item["visibility"]?.string ?? "office")
            )
        }
        return contacts
    }

    // MARK: Faults

    private static func fault(_ pointer: String, _ code: String, sv: String, en: String) -> FieldError {
        .pointer(pointer, code, Localized(sv: sv, en: en))
    }

    private static func unknown(_ pointer: String, _ code: String) -> FieldError {
        fault(pointer, "unknown-value", sv: "Okänt värde: \(code).", en: "Unknown value: \(code).")
    }

    private static func twice(_ pointer: String) -> FieldError {
        fault(pointer, "duplicate", sv: "Står redan tidigare i listan.", en: "Stands in the list already.")
    }
}
