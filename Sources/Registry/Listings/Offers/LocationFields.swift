internal import Postgres
internal import Web

/// The form of a location: three facts are needed, everything else helps it to be found.
struct LocationFields {
    let fields: OfferFields

    private var text: CrewWords { fields.text }
    private var words: Wording { fields.text.words }

    /// Facts that stand among the first: what productions ask for before all else.
    private static let first = Vocabularies.lookFeature
    /// Stated by the consent, not as a fact.
    private static let unasked = "contact_consent"

    private var kinds: [Vocabularies.LocationType] {
        text.vocabularies.locationTypes.filter { $0.parent != nil }
    }

    private var features: [Vocabularies.LocationFeature] {
        text.vocabularies.locationFeatures.filter { $0.code != Self.unasked }
    }

    static func field(_ feature: String) -> String { "fact-" + feature }

    // MARK: Reading

    func read(_ form: inout Form, present: OfferDraft?) -> LocationWriting.Draft {
        var now: LocationWriting.Draft?
        if case .location(let draft)? = present { now = draft }
        let codes = kinds.map(\.code)
        var types = [form.choice("type", of: codes) ?? ""]
        for name in ["type2", "type3"] {
            if let type = form.choice(name, of: codes, isOptional: true) { types.append(type) }
        }
        types += now?.types.dropFirst(3) ?? []
        var seen: Set<String> = []
        var draft = LocationWriting.Draft(
            name: form.text("name", upTo: 200),
            municipality: fields.municipality(&form),
            types: types.filter { !$0.isEmpty && seen.insert($0).inserted }
        )
        draft.alias = form.optionalText("alias", upTo: 200)
        draft.address = form.optionalText("address", upTo: 500)
        draft.point = point(&form)
        draft.isPlaceReleased = form.has("placeReleased")
        draft.ownerName = form.optionalText("ownerName", upTo: 200)
        draft.headlineSv = form.optionalText("headlineSv", upTo: 200)
        draft.headlineEn = form.optionalText("headlineEn", upTo: 200)
        draft.descriptionSv = form.optionalText("descriptionSv", upTo: 5000)
        draft.descriptionEn = form.optionalText("descriptionEn", upTo: 5000)
        draft.availabilityVisibility =
            form.choice("daysVisibility", of: ["anyone", "approved", "nobody"], isOptional: true)
            ?? "approved"
        draft.facts =
            features.flatMap { facts(of: $0, &form) }
            + (now?.facts.filter { $0.feature == Self.unasked } ?? [])
        draft.contacts = fields.contacts(&form, present: now?.contacts ?? [])
        return draft
    }

    /// `56.87, 14.81`: latitude and longitude in degrees, within the six regions and their surroundings.
    private func point(_ form: inout Form) -> LocationWriting.Point? {
        guard let typed = form.optionalText("point", upTo: 60) else { return nil }
        guard let point = Self.point(typed) else {
            form.refuse("point", words("offers.error.point"))
            return nil
        }
        return point
    }

    static func point(_ typed: String) -> LocationWriting.Point? {
        let numbers = typed.split(whereSeparator: { $0 == "," || $0 == ";" || $0 == " " }).map(String.init)
        guard numbers.count == 2, let latitude = Double(numbers[0]), let longitude = Double(numbers[1]),
            (54...60).contains(latitude), (10...20).contains(longitude)
        else { return nil }
        return .init(latitude: latitude, longitude: longitude)
    }

    private func facts(of feature: Vocabularies.LocationFeature, _ form: inout Form) -> [LocationWriting.Fact]
    {
        let name = Self.field(feature.code)
        switch feature.dataType {
        case .boolean:
            return form.choice(name, of: ["yes", "no"], isOptional: true).map {
                [.init(feature.code, .yes($0 == "yes"))]
            } ?? []
        case .integer:
            return form.number(name, in: -1000...10_000_000, isOptional: true).map {
                [.init(feature.code, .number(Double($0)))]
            } ?? []
        case .decimal:
            return form.decimal(name, in: -1000...10_000_000, isOptional: true).map {
                [.init(feature.code, .number($0))]
            } ?? []
        case .choice:
            return form.choices(name, of: feature.values.map(\.code)).map { .init(feature.code, .choice($0)) }
        }
    }

    // MARK: Filling

    func values(_ draft: LocationWriting.Draft) -> [(String, String)] {
        var values = [("name", draft.name), ("municipality", draft.municipality)]
        for (name, type) in zip(["type", "type2", "type3"], draft.types) { values.append((name, type)) }
        let texts = [
            ("alias", draft.alias), ("address", draft.address), ("ownerName", draft.ownerName),
            ("headlineSv", draft.headlineSv), ("headlineEn", draft.headlineEn),
            ("descriptionSv", draft.descriptionSv), ("descriptionEn", draft.descriptionEn),
            ("point", draft.point.map(Self.written)), ("daysVisibility", draft.availabilityVisibility),
            ("placeReleased", draft.isPlaceReleased ? "yes" : nil),
        ]
        for (name, value) in texts { if let value { values.append((name, value)) } }
        for fact in draft.facts {
            let value =
                switch fact.value {
                case .yes(let yes): yes ? "yes" : "no"
                case .number(let number): Self.written(number)
                case .choice(let choice): choice
                }
            values.append((Self.field(fact.feature), value))
        }
        return values + fields.values(draft.contacts)
    }

    /// A point as people write it: degrees with at most six decimals, a tenth of a metre.
    static func written(_ point: LocationWriting.Point) -> String {
        [point.latitude, point.longitude].map { "\(($0 * 1e6).rounded() / 1e6)" }.joined(separator: ", ")
    }

    private static func written(_ number: Double) -> String {
        Int(exactly: number).map { String($0) } ?? String(number)
    }

    // MARK: Printing

    func sections(_ form: Form) -> [View] {
        let kinds = kinds.map { kind in
            FormField.Option(
                kind.code,
                "\(text.kind(kind.parent ?? "")): \(kind.name[text.language].lowercased())"
            )
        }
        let days = ["anyone", "approved", "nobody"].map { FormField.Option($0, words("offers.days.\($0)")) }
        var shown = form
        if form["daysVisibility"].isEmpty { shown.set("daysVisibility", "approved") }
        let what = [
            FormField("name", words("offers.name"), hint: words("offers.nameHint"), limit: 200),
            FormField("alias", words("offers.alias"), isOptional: true, limit: 200),
            FormField("type", words("offers.type"), .select(kinds)),
            FormField("type2", words("offers.type2"), .select(kinds), isOptional: true),
            FormField("type3", words("offers.type3"), .select(kinds), isOptional: true),
        ]
        let place = [
            FormField(
                "point",
                words("offers.point"),
                hint: words("offers.pointHint"),
                isOptional: true,
                limit: 60
            ),
            FormField("municipality", words("offers.municipality"), .select(fields.municipalities)),
            FormField(
                "address",
                words("offers.address"),
                hint: words("offers.addressHint"),
                isOptional: true,
                limit: 500
            ),
            FormField(
                "placeReleased",
                words("offers.placeReleased"),
                .tick,
                hint: words("offers.placeReleasedHint")
            ),
        ]
        var placeSection = fields.section("place", place.map { $0.view(form) })
        placeSection["place"] = .view(["locate": .text(words("offers.locate"))])
        let looks = features.filter { $0.code == Self.first }.map { view($0, form) }
        let owner = FormField(
            "ownerName",
            words("offers.ownerName"),
            hint: words("offers.ownerNameHint"),
            isOptional: true,
            limit: 200
        ).view(form)
        let visibility = FormField(
            "daysVisibility",
            words("offers.daysVisibility"),
            .radios(days),
            hint: words("offers.daysVisibilityHint")
        ).view(shown)
        return [fields.section("what", what.map { $0.view(form) }), placeSection, fields.texts(form)]
            + [fields.section("looks", looks, isFolded: true)] + groups(form)
            + [fields.contactSection(form, first: [owner]), fields.section("days", [visibility])]
    }

    /// Facts by group, folded until they are wanted or one of them is wrong.
    private func groups(_ form: Form) -> [View] {
        var names: [String] = []
        for feature in features where feature.code != Self.first && !names.contains(feature.group) {
            names.append(feature.group)
        }
        return names.map { name in
            let members = features.filter { $0.group == name && $0.code != Self.first }
            let isNeeded = members.contains { form.error(Self.field($0.code)) != nil }
            var section = fields.section(name, members.map { view($0, form) }, isFolded: true)
            section["title"] = .text(words("locations.group.\(name)"))
            section["isOpen"] = .flag(isNeeded)
            return section
        }
    }

    private func view(_ feature: Vocabularies.LocationFeature, _ form: Form) -> View {
        let units = ["m2": "m²", "kg/m2": "kg/m²"]
        var label = feature.name[text.language]
        if let unit = feature.unit, !["st", "personer", "dagar"].contains(unit) {
            label += " (\(units[unit] ?? unit))"
        }
        let kind: FormField.Kind =
            switch feature.dataType {
            case .boolean:
                .select([.init("yes", words("locations.yes")), .init("no", words("locations.no"))])
            case .integer, .decimal: .number
            case .choice: .ticks(feature.values.map { .init($0.code, $0.name[text.language]) })
            }
        return FormField(Self.field(feature.code), label, kind, isOptional: true, limit: 12).view(form)
    }

    // MARK: Saying

    func said(_ draft: LocationWriting.Draft) -> [OfferFields.Said] {
        var said = [
            fields.said("name", draft.name), fields.said("alias", draft.alias),
            fields.said("type", words.list(draft.types.map(text.kind))),
            fields.said("municipality", fields.town(draft.municipality)),
            .init(
                field: "point",
                label: words("offers.pointSaid"),
                value: draft.point.map(Self.written) ?? "",
                isInner: !draft.isPlaceReleased
            ),
            .init(
                field: "address",
                label: words("offers.address"),
                value: draft.address ?? "",
                isInner: !draft.isPlaceReleased
            ),
            fields.said("placeReleased", draft.isPlaceReleased ? words("locations.yes") : nil),
            fields.said("headlineSv", draft.headlineSv), fields.said("headlineEn", draft.headlineEn),
            fields.said("descriptionSv", draft.descriptionSv),
            fields.said("descriptionEn", draft.descriptionEn),
        ]
        for feature in features {
            let stated = draft.facts.filter { $0.feature == feature.code }
            guard !stated.isEmpty else { continue }
            said.append(
                .init(
                    field: Self.field(feature.code),
                    label: feature.name[text.language],
                    value: value(stated, feature)
                )
            )
        }
        said.append(
            .init(
                field: "ownerName",
                label: words("offers.ownerName"),
                value: draft.ownerName ?? "",
                isInner: true
            )
        )
        said += fields.said(draft.contacts)
        said.append(fields.said("daysVisibility", words("offers.days.\(draft.availabilityVisibility)")))
        return said
    }

    private func value(_ facts: [LocationWriting.Fact], _ feature: Vocabularies.LocationFeature) -> String {
        words.list(
            facts.map { fact in
                switch fact.value {
                case .yes(let yes): words(yes ? "locations.yes" : "locations.no")
                case .number(let number): text.measure(number, feature.unit)
                case .choice(let code):
                    feature.values.first { $0.code == code }?.name[text.language] ?? code
                }
            }
        )
    }
}
