internal import Foundation
internal import Postgres
internal import Web

/// A programme as its managers write it.
struct ManagedProgramme: Sendable {
    static let states = ["draft", "published", "archived"]

    var id: UUID
    var organisation: UUID
    var type: String
    var priority: String
    var state: String
    var regions: [String]
    /// By the names of columns and fields: `nameSv`, `summaryEn`, …; nil for what is not written yet.
    var texts: [String: String]
    var url: String?
    var startsOn: Day?
    var endsOn: Day?
    var slug: String
    var version: Int64

    /// Texts with their columns and lengths, in the order of the form.
    static let fields: [(name: String, column: String, limit: Int, rows: Int)] = [
        ("nameSv", "name_sv", 200, 1), ("nameEn", "name_en", 200, 1),
        ("summarySv", "summary_sv", 300, 3), ("summaryEn", "summary_en", 300, 3),
        ("descriptionSv", "description_sv", 8000, 10), ("descriptionEn", "description_en", 8000, 10),
    ]

    /// The values as a form holds them.
    var values: [(String, String)] {
        var values = [
            ("organisation", organisation.uuidString.lowercased()), ("type", type), ("priority", priority),
            ("state", state), ("url", url ?? ""), ("startsOn", startsOn?.description ?? ""),
            ("endsOn", endsOn?.description ?? ""), ("version", String(version)),
        ]
        values += regions.map { ("regions", $0) }
        values += Self.fields.map { ($0.name, texts[$0.name] ?? "") }
        return values
    }

    /// Reads a form; what is beyond a draft needs both languages and a region.
    ///
    /// - Returns: nil when something was refused.
    static func read(
        _ form: inout Form,
        id: UUID,
        organisations: [String],
        types: [String],
        priorities: [String]
    ) -> ManagedProgramme? {
        let organisation = form.choice("organisation", of: organisations).flatMap(UUID.init(uuidString:))
        let type = form.choice("type", of: types)
        let priority = form.choice("priority", of: priorities)
        let state = form.choice("state", of: states)
        let regions = form.choices("regions", of: SiteRegion.all.map(\.code))
        let mustBeWhole = state != "draft"
        var texts: [String: String] = [:]
        for field in fields {
            if mustBeWhole || field.name == "nameSv" {
                texts[field.name] = form.text(field.name, upTo: field.limit)
            } else {
                texts[field.name] = form.optionalText(field.name, upTo: field.limit)
            }
        }
        if mustBeWhole, regions.isEmpty { form.refuse("regions", form.words("manage.needsRegion")) }
        let url = form.link("url")
        let starts = form.day("startsOn", isOptional: true)
        let ends = form.day("endsOn", isOptional: true)
        if let starts, let ends, ends < starts { form.refuse("endsOn", form.words("manage.endsFirst")) }
        guard form.isValid, let organisation, let type, let priority, let state else { return nil }
        return ManagedProgramme(
            id: id,
            organisation: organisation,
            type: type,
            priority: priority,
            state: state,
            regions: regions,
            texts: texts,
            url: url,
            startsOn: starts,
            endsOn: ends,
            slug: "",
            version: form.version ?? 0
        )
    }
}

/// A call as its managers write it.
struct ManagedCall: Sendable {
    static let states = ["draft", "published", "closed"]

    var id: UUID
    var programme: UUID
    var state: String
    var unlisted: Bool
    /// By the names of fields.
    var texts: [String: String]
    var opensAt: Instant?
    var closesAt: Instant?
    var places: Int
    var version: Int64

    /// Texts with their columns and lengths, in the order of the form.
    static let fields: [(name: String, column: String, limit: Int, rows: Int)] = [
        ("titleSv", "title_sv", 200, 1), ("titleEn", "title_en", 200, 1),
        ("guidelinesSv", "guidelines_sv", 20_000, 12), ("guidelinesEn", "guidelines_en", 20_000, 12),
    ]
    /// What the organisation adds to letters.
    static let letters: [(name: String, column: String, limit: Int, rows: Int)] = [
        ("acceptedSv", "accepted_sv", 4000, 4), ("acceptedEn", "accepted_en", 4000, 4),
        ("waitingSv", "waiting_sv", 4000, 4), ("waitingEn", "waiting_en", 4000, 4),
        ("declinedSv", "declined_sv", 4000, 4), ("declinedEn", "declined_en", 4000, 4),
    ]

    /// In a language, or in Swedish while there is no other.
    func title(_ language: Language) -> String {
        (language == .en ? texts["titleEn"] : nil) ?? texts["titleSv"] ?? ""
    }

    /// The values as a form holds them.
    var values: [(String, String)] {
        [
            ("state", state), ("unlisted", unlisted ? "yes" : ""), ("places", String(places)),
            ("opensAt", opensAt.map(TalentWords.typed) ?? ""),
            ("closesAt", closesAt.map(TalentWords.typed) ?? ""),
            ("version", String(version)),
        ] + (Self.fields + Self.letters).map { ($0.name, texts[$0.name] ?? "") }
    }

    /// Reads a form; what is beyond a draft needs both languages and both instants.
    ///
    /// - Returns: nil when something was refused.
    static func read(_ form: inout Form, id: UUID, programme: UUID) -> ManagedCall? {
        let state = form.choice("state", of: states)
        let mustBeWhole = state != "draft"
        var texts: [String: String] = [:]
        for field in fields {
            if mustBeWhole || field.name == "titleSv" {
                texts[field.name] = form.text(field.name, upTo: field.limit)
            } else {
                texts[field.name] = form.optionalText(field.name, upTo: field.limit)
            }
        }
        for field in letters { texts[field.name] = form.optionalText(field.name, upTo: field.limit) }
        let opens = instant("opensAt", &form, mustBeWhole)
        let closes = instant("closesAt", &form, mustBeWhole)
        if let opens, let closes, closes <= opens {
            form.refuse("closesAt", form.words("manage.closesFirst"))
        }
        let places = form.number("places", in: 1...10_000)
        guard form.isValid, let state, let places else { return nil }
        return ManagedCall(
            id: id,
            programme: programme,
            state: state,
            unlisted: form["unlisted"] == "yes",
            texts: texts,
            opensAt: opens,
            closesAt: closes,
            places: places,
            version: form.version ?? 0
        )
    }

    private static func instant(_ name: String, _ form: inout Form, _ isRequired: Bool) -> Instant? {
        let typed = form[name]
        if typed.isEmpty {
            if isRequired { form.refuse(name, form.words("form.required")) }
            return nil
        }
        guard let instant = TalentWords.instant(typed: typed) else {
            form.refuse(name, form.words("manage.instant"))
            return nil
        }
        return instant
    }
}

/// A question as its managers write it.
struct ManagedQuestion: Sendable {
    var id: UUID
    var kind: Question.Kind
    var labelSv: String
    var labelEn: String
    var helpSv: String?
    var helpEn: String?
    var required: Bool
    var longest: Int?
    var least: Double?
    var most: Double?
    /// JSON of the choices; nil for other kinds.
    var choices: JSON?

    /// A word for addresses and answers made from a title: lower case letters, digits and hyphens.
    static func slug(_ text: String) -> String {
        let parts = Vocabularies.fold(text).split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        return String(parts.joined(separator: "-").prefix(40)).trimmingCharacters(in: ["-"])
    }

    /// Reads a form.
    ///
    /// - Returns: nil when something was refused.
    static func read(_ form: inout Form, id: UUID) -> ManagedQuestion? {
        let kind = form.choice("kind", of: Question.Kind.allCases.map(\.rawValue)).flatMap(
            Question.Kind.init(rawValue:)
        )
        let (labelSv, labelEn) = (form.text("labelSv", upTo: 300), form.text("labelEn", upTo: 300))
        let (helpSv, helpEn) = (
            form.optionalText("helpSv", upTo: 1000), form.optionalText("helpEn", upTo: 1000)
        )
        var question = ManagedQuestion(
            id: id,
            kind: kind ?? .shortText,
            labelSv: labelSv,
            labelEn: labelEn,
            helpSv: helpSv,
            helpEn: helpEn,
            required: form["required"] == "yes"
        )
        switch kind {
        case .shortText: question.longest = form.number("longest", in: 1...500, isOptional: true) ?? 200
        case .longText: question.longest = form.number("longest", in: 1...20_000, isOptional: true) ?? 3000
        case .number:
            question.least = form.decimal("least", in: -1e12...1e12, isOptional: true)
            question.most = form.decimal("most", in: -1e12...1e12, isOptional: true)
            if let least = question.least, let most = question.most, most < least {
                form.refuse("most", form.words("manage.mostLess"))
            }
        case .choice: question.choices = choices(&form)
        case .file, .link, nil: break
        }
        return form.isValid && kind != nil ? question : nil
    }

    /// One choice on each line, `svenska | English`.
    private static func choices(_ form: inout Form) -> JSON? {
        let lines = form["choices"].split(separator: "\n")
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        var used: Set<String> = []
        var choices: [JSON] = []
        for line in lines {
            let sides = line.split(separator: "|", maxSplits: 1).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard let sv = sides.first, !sv.isEmpty, sv.count <= 200, (sides.last ?? "").count <= 200 else {
                form.refuse("choices", form.words("manage.choicesForm"))
                return nil
            }
            var code = slug(sv)
            if code.isEmpty || !used.insert(code).inserted {
                code = "choice-\(choices.count + 1)"
                used.insert(code)
            }
            let en = sides.count == 2 && !sides[1].isEmpty ? sides[1] : sv
            choices.append(["code": .string(code), "sv": .string(sv), "en": .string(en)])
        }
        guard (2...50).contains(choices.count) else {
            form.refuse("choices", form.words("manage.choicesForm"))
            return nil
        }
        return .array(choices)
    }
}
