internal import Postgres
internal import Web

/// What the forms of locations and companies share: how fields are read, shown and said in words.
struct OfferFields {
    let text: CrewWords

    private var words: Wording { text.words }

    /// A field as it is said: in the form, in the queue, beside what somebody else saved.
    struct Said: Hashable {
        /// The field's name on the form.
        let field: String
        let label: String
        let value: String
        /// For the office alone: never public.
        var isInner = false
    }

    /// Contact fields that the form has, in their order: field, kind.
    static let contacts = [("email", "email"), ("phone", "phone"), ("postal", "address")]
    static let visibilities = ["office", "request", "approved", "anyone"]

    // MARK: Reading

    /// What was typed.
    ///
    /// - Parameter present: keeps what the form has no field for.
    func read(_ form: inout Form, _ kind: Offer.Kind, present: OfferDraft?) -> OfferDraft {
        switch kind {
        case .location: .location(LocationFields(fields: self).read(&form, present: present))
        case .company: .company(CompanyFields(fields: self).read(&form, present: present))
        }
    }

    func municipality(_ form: inout Form) -> String {
        form.choice("municipality", of: text.vocabularies.municipalities.map(\.code)) ?? ""
    }

    /// Contact fields: the first of each kind stands on the form, further ones stay as they are.
    func contacts(_ form: inout Form, present: [ListingContact]) -> [ListingContact] {
        var contacts: [ListingContact] = []
        for (field, kind) in Self.contacts {
            let visibility = form.choice(field + "Visibility", of: Self.visibilities, isOptional: true)
            if let value = form.optionalText(field, upTo: 500) {
                if kind == "email", value.wholeMatch(of: /[^@\s]+@[^@\s]+/) == nil {
                    form.refuse(field, words("form.email"))
                } else if kind == "phone", value.wholeMatch(of: /\+?[0-9][0-9 ()\.\/\-]{3,30}/) == nil {
                    form.refuse(field, words("offers.error.phone"))
                }
                contacts.append(.init(kind: kind, value: value, visibility: visibility ?? "office"))
            }
            contacts += present.filter { $0.kind == kind }.dropFirst()
        }
        return contacts
    }

    // MARK: Filling

    /// The form filled with what is stored.
    func values(_ draft: OfferDraft) -> [(String, String)] {
        switch draft {
        case .location(let draft): LocationFields(fields: self).values(draft)
        case .company(let draft): CompanyFields(fields: self).values(draft)
        }
    }

    func values(_ contacts: [ListingContact]) -> [(String, String)] {
        Self.contacts.flatMap { field, kind -> [(String, String)] in
            guard let contact = contacts.first(where: { $0.kind == kind }) else { return [] }
            return [(field, contact.value), (field + "Visibility", contact.visibility)]
        }
    }

    // MARK: Printing

    /// The sections of the form, for the template `offers/edit`.
    func sections(_ form: Form, _ kind: Offer.Kind) -> [View] {
        switch kind {
        case .location: LocationFields(fields: self).sections(form)
        case .company: CompanyFields(fields: self).sections(form)
        }
    }

    /// A section that stands open, or that opens when it is wanted.
    func section(_ name: String, _ fields: [View], isFolded: Bool = false, note: String? = nil) -> View {
        [
            "id": .text("part-\(name)"), "title": .text(words("offers.part.\(name)")),
            "note": .optional(note), "fields": .list(fields), "isFolded": .flag(isFolded),
            "isOpen": .flag(!isFolded), "place": .absent,
        ]
    }

    var municipalities: [FormField.Option] {
        text.vocabularies.municipalities.map {
            FormField.Option($0.code, "\($0.name) (\(text.region($0.region)))")
        }
    }

    func texts(_ form: Form) -> View {
        let fields = [
            FormField("headlineSv", words("offers.headlineSv"), isOptional: true, limit: 200),
            FormField("headlineEn", words("offers.headlineEn"), isOptional: true, limit: 200),
            FormField(
                "descriptionSv",
                words("offers.descriptionSv"),
                .area(rows: 7),
                isOptional: true,
                limit: 5000
            ),
            FormField(
                "descriptionEn",
                words("offers.descriptionEn"),
                .area(rows: 7),
                isOptional: true,
                limit: 5000
            ),
        ]
        return section("texts", fields.map { $0.view(form) }, note: words("offers.textsNote"))
    }

    func contactSection(_ form: Form, first: [View] = []) -> View {
        let options = Self.visibilities.map { FormField.Option($0, words("offers.visibility.\($0)")) }
        var fields = first
        for (field, kind) in Self.contacts {
            let type: FormField.Kind = kind == "email" ? .email : kind == "phone" ? .line("tel") : .text
            fields.append(
                FormField(field, words("offers.contact.\(kind)"), type, isOptional: true, limit: 500).view(
                    form
                )
            )
            var shown = form
            if form[field + "Visibility"].isEmpty { shown.set(field + "Visibility", "office") }
            fields.append(
                FormField(field + "Visibility", words("offers.visibleTo.\(kind)"), .select(options)).view(
                    shown
                )
            )
        }
        return section("contact", fields, note: words("offers.contactNote"))
    }

    // MARK: Saying

    /// Everything that a draft says, in the order of the form; what says nothing is left out.
    func said(_ draft: OfferDraft) -> [Said] {
        let said =
            switch draft {
            case .location(let draft): LocationFields(fields: self).said(draft)
            case .company(let draft): CompanyFields(fields: self).said(draft)
            }
        return said.filter { !$0.value.isEmpty }
    }

    func said(_ contacts: [ListingContact]) -> [Said] {
        contacts.map { contact in
            Said(
                field: Self.contacts.first { $0.1 == contact.kind }?.0 ?? "email",
                label: words("offers.contact.\(contact.kind)"),
                value: "\(contact.value) (\(words("offers.visibility.\(contact.visibility)")))",
                isInner: contact.visibility != "anyone"
            )
        }
    }

    func said(_ field: String, _ value: String?) -> Said {
        Said(field: field, label: words("offers.\(field)"), value: value ?? "")
    }

    /// `Växjö (Kronoberg)`.
    func town(_ code: String) -> String {
        guard let town = text.vocabularies.municipality(code) else { return code }
        return "\(town.name) (\(text.region(town.region)))"
    }

    /// What is said in two ways, field by field: before, after. What is the same is left out.
    func differences(_ before: OfferDraft, _ after: OfferDraft) -> [Difference] {
        Self.differences(said(before), said(after))
    }

    /// A field before and after.
    typealias Difference = (label: String, before: String, after: String)

    /// The same of what is said already.
    static func differences(_ before: [Said], _ after: [Said]) -> [Difference] {
        var seen: Set<String> = []
        let keys = (after + before).filter { seen.insert($0.field + "\u{0}" + $0.label).inserted }
        return keys.compactMap { key in
            let (was, will) = (values(before, of: key), values(after, of: key))
            return was == will ? nil : (key.label, was, will)
        }
    }

    private static func values(_ all: [Said], of key: Said) -> String {
        all.filter { $0.field == key.field && $0.label == key.label }.map(\.value).joined(separator: "\n")
    }

    /// What was typed beside what stands.
    func clash(_ typed: OfferDraft, _ stored: OfferDraft, by who: String? = nil) -> FormClash {
        var clash = FormClash(by: who)
        let (mine, theirs) = (said(typed), said(stored))
        var seen: Set<String> = []
        for key in (mine + theirs) where seen.insert(key.field + "\u{0}" + key.label).inserted {
            clash.compare(key.field, key.label, Self.values(mine, of: key), Self.values(theirs, of: key))
        }
        return clash
    }
}
