internal import Hummingbird
internal import Postgres
internal import Web

/// What an office thinks a day of shooting leaves in its region, by kind of production: the sums that new cases get.
struct InquiryDefaultsPage: Sendable {
    let desk: InquiryDesk

    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member(InquiryAddresses.defaults(language)) { request, _, member in
                let query = PageQuery(request.uri.query ?? "")
                let region = try region(query.first("region"), member)
                let stored = try await stored(region, member)
                return try await page(filled(stored, language), region, member)
            }
            table.member(InquiryAddresses.defaults(language), .post) { request, context, member in
                try await take(try await desk.site.form(request, context), member, language)
            }
        }
    }

    /// The office whose sums are shown: the one asked for, else the first of the member's.
    /// - Throws: 403 when the member does not work there, or in none.
    private func region(_ code: String?, _ member: SignedIn) throws(Problem) -> String {
        let offices = try desk.offices(of: member)
        guard let code, !code.isEmpty else { return offices[0] }
        guard offices.contains(code) else { throw Problem(.forbidden) }
        return code
    }

    private struct Stored {
        /// By kind of production, in whole kronor.
        var amounts: [String: Int] = [:]
        /// Grows with every change.
        var version: Int64 = 0
    }

    private func stored(_ region: String, _ member: SignedIn) async throws -> Stored {
        let rows = try await desk.databases.member.query(
            """
            SELECT d.production_type, d.amount::float8 AS amount, d.version
            FROM klappa.spend_default d
            JOIN klappa.region r ON r.no = d.region
            WHERE r.code = \(region)
            """,
            settings: member.reader.settings
        )
        var stored = Stored()
        for row in rows {
            stored.version += try row.decode(Int64.self, "version")
            if let amount = try row.decode(Double?.self, "amount") {
                stored.amounts[try row.decode(String.self, "production_type")] = Int(amount.rounded())
            }
        }
        return stored
    }

    private static func field(_ code: String) -> String { "amount-\(code)" }

    private func filled(_ stored: Stored, _ language: Language) -> Form {
        let words = desk.site.words(language)
        var values = [("version", String(stored.version))]
        for (code, amount) in stored.amounts { values.append((Self.field(code), words.number(amount))) }
        return Form(words, values)
    }

    private func page(_ form: Form, _ region: String, _ member: SignedIn, clash: FormClash? = nil)
        async throws
        -> Answer
    {
        let words = form.words
        let offices = try desk.offices(of: member)
        let types = try await desk.terms.current().productionTypes.offered
        let view: View = [
            "desk": desk.links(words, at: .defaults),
            "errorSummary": form.summary,
            "clash": clash.map { .view($0.view(words)) } ?? .absent,
            "action": .text(InquiryAddresses.defaults(words.language)),
            "version": .text(form["version"]),
            "region": .text(region),
            "office": .text(SiteRegion.named(region)?.name ?? region),
            "hasOffices": .flag(offices.count > 1),
            "offices": .list(
                SiteRegion.all.filter { offices.contains($0.code) }.map { each in
                    [
                        "code": .text(each.code), "name": .text(each.name),
                        "isChosen": .flag(each.code == region),
                    ]
                }
            ),
            "fields": .list(
                types.map { type in
                    FormField(
                        Self.field(type.code),
                        type.name[words.language],
                        .number,
                        isOptional: true
                    ).view(form)
                }
            ),
        ]
        return try desk.site.answer(
            "inquiries/defaults",
            view,
            desk.head(
                words("inquiry.defaults.title"),
                "/inquiries/defaults",
                words.language,
                status: clash == nil ? form.status : 412
            )
        )
    }

    private func take(_ sent: Form, _ member: SignedIn, _ language: Language) async throws -> Answer {
        var form = sent
        let region = try region(form["region"], member)
        let types = try await desk.terms.current().productionTypes.offered
        var amounts = JSON.Members()
        for type in types {
            let amount = form.number(Self.field(type.code), in: 1...999_999_999, isOptional: true)
            amounts[type.code] = amount.map { JSON.integer(Int64($0)) } ?? .null
        }
        guard form.isValid else { return try await page(form, region, member) }
        let version = form.version ?? -1
        let document = JSON.object(amounts)
        let isDone = try await Writes.transaction(desk.databases, as: member.reader) { transaction in
            try await transaction.query(
                """
                SELECT klappa.set_spend_defaults(r.no, \(JSONText(document)), \(version)) AS done
                FROM klappa.region r
                WHERE r.code = \(region)
                """
            ).first?.decode(Bool.self, "done") ?? false
        }
        if isDone {
            return desk.site.redirect(
                to: InquiryAddresses.defaults(language) + "?region=\(region)",
                notice: "inquiry.done.saved"
            )
        }
        let there = filled(try await stored(region, member), language)
        var clash = FormClash()
        for type in types {
            let name = Self.field(type.code)
            clash.compare(name, type.name[language], form[name], there[name])
        }
        form.set("version", there["version"])
        return try await page(form, region, member, clash: clash)
    }
}
