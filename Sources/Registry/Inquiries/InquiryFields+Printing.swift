internal import Web

extension InquiryFields {
    /// The parts of the form for the partial `inquiries/fields`, with what was typed.
    func view(_ form: Form) -> View {
        let words = form.words
        func options(_ list: InquiryTerms.List) -> [FormField.Option] {
            list.offered.map { FormField.Option($0.code, $0.name[words.language]) }
        }
        let isOptional = isOffice
        var production = [
            FormField("title", words("inquiry.field.title"), hint: words("inquiry.hint.title"), limit: 200),
            FormField(
                "productionType",
                words("inquiry.field.productionType"),
                .select(options(terms.productionTypes)),
                isOptional: isOptional
            ),
        ]
        production.append(
            FormField(
                "company",
                words("inquiry.field.company"),
                isOptional: isOptional || !asksForCompany,
                autocomplete: isOffice ? nil : "organization",
                limit: 200
            )
        )
        production.append(
            FormField(
                "summary",
                words("inquiry.field.summary"),
                .area(rows: 5),
                hint: words("inquiry.hint.summary.\(scale.rawValue)"),
                isOptional: isOptional,
                limit: 10_000
            )
        )
        var days = phases.map { kind in
            FormField(
                kind,
                words("inquiry.phase.\(kind)"),
                .text,
                hint: kind == "shoot" ? words("crew.dates.hint") : nil,
                isOptional: true,
                limit: 500
            )
        }
        if asksForBudget {
            days.append(
                FormField(
                    "budget",
                    words("inquiry.field.budget"),
                    .number,
                    hint: words("inquiry.hint.budget"),
                    isOptional: true
                )
            )
            days.append(
                FormField(
                    "currency",
                    words("inquiry.field.currency"),
                    .select(Self.currencies.map { FormField.Option($0, $0) })
                )
            )
        }
        if asksForBudget, isOffice {
            days.append(
                FormField(
                    "spendPerDay",
                    words("inquiry.field.spendPerDay"),
                    .number,
                    hint: words("inquiry.hint.spendPerDay"),
                    isOptional: true
                )
            )
        }
        let contact = [
            FormField(
                "contactName",
                words("inquiry.field.contactName"),
                isOptional: isOptional,
                autocomplete: isOffice ? nil : "name",
                limit: 200
            ),
            FormField("contactTitle", words("inquiry.field.contactTitle"), isOptional: true, limit: 200),
            FormField(
                "email",
                words("inquiry.field.email"),
                .email,
                isOptional: isOptional,
                autocomplete: isOffice ? nil : "email",
                limit: 254
            ),
            FormField(
                "phone",
                words("inquiry.field.phone"),
                .line("tel"),
                isOptional: true,
                autocomplete: isOffice ? nil : "tel",
                limit: 32
            ),
        ]
        return [
            "production": .list(production.map { $0.view(form) }),
            "days": .list(days.map { $0.view(form) }),
            "crew": asksForCrew ? .view(crew(form)) : .absent,
            "places": .view(places(form)),
            "contact": .list(contact.map { $0.view(form) }),
        ]
    }

    private func rows(_ prefix: String, _ form: Form) -> Int {
        let filled = (1...Self.mostRows).last { !form["\(prefix)-\($0)"].isEmpty } ?? 0
        let more = form.has("more-\(prefix)") ? 4 : 0
        return min(max(filled + 1 + more, prefix == "role" ? 4 : 3), Self.mostRows)
    }

    private func crew(_ form: Form) -> View {
        let words = form.words
        return [
            "rows": .list(
                (1...rows("role", form)).map { number in
                    [
                        "number": .text(String(number)),
                        "label": .text(words("staffing.role", ["number": words.number(number)])),
                        "role": .text(form["role-\(number)"]),
                        "count": .text(form["count-\(number)"]),
                        "error": .optional(form.error("role-\(number)")),
                        "countError": .optional(form.error("count-\(number)")),
                    ]
                }
            ),
            "titles": .list(
                vocabularies.roles.filter { !$0.retired }.map { ["title": .text($0.name[words.language])] }
            ),
            "needs": .view(
                FormField(
                    "crewNeeds",
                    words("inquiry.field.crewNeeds"),
                    .area(rows: 3),
                    isOptional: true,
                    limit: 10_000
                ).view(form)
            ),
        ]
    }

    private func places(_ form: Form) -> View {
        let words = form.words
        return [
            "rows": .list(
                (1...rows("place", form)).map { number in
                    [
                        "number": .text(String(number)),
                        "label": .text(words("inquiry.field.place", ["number": words.number(number)])),
                        "place": .text(form["place-\(number)"]),
                        "error": .optional(form.error("place-\(number)")),
                    ]
                }
            ),
            "titles": .list(terms.locationTypes.offered.map { ["title": .text($0.name[words.language])] }),
            "needs": .view(
                FormField(
                    "locationNeeds",
                    words("inquiry.field.locationNeeds"),
                    .area(rows: 3),
                    hint: words("inquiry.hint.locationNeeds"),
                    isOptional: true,
                    limit: 10_000
                ).view(form)
            ),
        ]
    }
}
