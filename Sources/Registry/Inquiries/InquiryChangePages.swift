internal import Hummingbird
internal import Postgres
internal import Web

/// The form by which a producer changes what was asked for, through the private link.
///
/// Only what differs is written, and the office reads in the timeline, and in a letter, what that was.
struct InquiryChangePages: Sendable {
    let site: Site
    let databases: Databases
    let terms: InquiryTermCatalogue
    let vocabularies: @Sendable () async throws -> Vocabularies
    let today: @Sendable () -> Day

    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            let path = "/\(language)/inquiries/follow/{link}/edit"
            table.page(path) { _, context in
                let link = try link(context)
                let (record, fields) = try await open(link)
                return try page(fields.form(record, site.words(language)), fields, record, link)
            }
            table.page(path, .post) { request, context in
                let form = try await site.form(request, context)
                let letters = InquiryLetters(texts: site.letters, origin: site.origin(for: request))
                return try await take(form, try link(context), letters, language)
            }
        }
    }

    private func link(_ context: WebContext) throws -> Secret {
        guard let link = Secret(context.parameters.get("link") ?? "") else { throw Problem(.notFound) }
        return link
    }

    /// The case as it is, and the fields that suit its scale.
    /// - Throws: 404 without such a link, 403 when the case is closed.
    private func open(_ link: Secret) async throws -> (record: JSON, fields: InquiryFields) {
        let queries = InquiryQueries(database: databases.member)
        guard let record = try await queries.followed(link) else { throw Problem(.notFound) }
        guard record["mayChange"] == true else { throw Problem(.forbidden) }
        let fields = InquiryFields(
            scale: record["scale"]?.string.flatMap { InquiryFields.Scale(rawValue: $0) } ?? .medium,
            isOffice: false,
            terms: try await terms.current(),
            vocabularies: try await vocabularies(),
            today: today()
        )
        return (record, fields)
    }

    private func page(
        _ form: Form,
        _ fields: InquiryFields,
        _ record: JSON,
        _ link: Secret,
        clash: FormClash? = nil
    ) throws -> Answer {
        let words = form.words
        let number = record["number"]?.string ?? ""
        let view: View = [
            "errorSummary": form.summary,
            "clash": clash.map { .view($0.view(words)) } ?? .absent,
            "number": .text(number),
            "record": .text(InquiryAddresses.follow(link, words.language)),
            "action": .text(InquiryAddresses.change(link, words.language)),
            "version": .text(form["version"]),
            "fields": .view(fields.view(form)),
        ]
        let head = Site.Head(
            language: words.language,
            title: words("inquiry.change.title", ["number": number]),
            description: words("inquiry.follow.description"),
            path: "/inquiries/follow/\(link.text)/edit",
            isDemonstration: record["invented"] == true,
            isUnlisted: true,
            status: clash == nil ? form.status : 412
        )
        return try site.answer("inquiries/change", view, head)
    }

    private func take(_ sent: Form, _ link: Secret, _ letters: InquiryLetters, _ language: Language)
        async throws -> Answer
    {
        var form = sent
        let (record, fields) = try await open(link)
        // Every other button only shows the form anew, with all that was typed.
        guard form.has("send") else { return try page(form, fields, record, link) }
        let document = fields.read(&form)
        guard form.isValid else { return try page(form, fields, record, link) }
        let version = form.version ?? -1
        let stored = fields.form(record, form.words)
        var before = stored
        var changed = Self.differences(document, fields.read(&before))
        if let phases = changed["phases"]?.array {
            changed["phases"] = .array(phases + Self.others(record, than: fields.phases))
        }
        let back = InquiryAddresses.follow(link, language)
        if version == record["version"]?.integer.map({ Int64($0) }) {
            guard !changed.pairs.isEmpty else {
                return site.redirect(to: back, notice: "inquiry.change.none")
            }
            let said = Self.said(form, stored)
            let change = try await InquiryErrors.translated {
                try await Writes.transaction(databases, as: .anyone) { transaction in
                    let change = try await InquiryWrites.change(
                        link,
                        version: version,
                        .object(changed),
                        transaction
                    )
                    if case .done = change {
                        _ = try await letters.message(link, said, withdraws: false, transaction)
                    }
                    return change
                }
            }
            switch change {
            case .done: return site.redirect(to: back, notice: "inquiry.change.done")
            case .noLink: throw Problem(.notFound)
            case .stale: break
            }
        }
        return try await clash(form, link)
    }

    /// Somebody was first: both texts, and the form that can be sent again.
    private func clash(_ typed: Form, _ link: Secret) async throws -> Answer {
        var form = typed
        let (record, fields) = try await open(link)
        let stored = fields.form(record, form.words)
        var clash = FormClash()
        for name in Self.names(form, stored) {
            clash.compare(name, form.words(InquiryFields.label(name)), form[name], stored[name])
        }
        form.set("version", String(record["version"]?.integer ?? 0))
        return try page(form, fields, record, link, clash: clash)
    }

    /// The fields that say what is asked for, in the order of the form.
    private static func names(_ form: Form, _ stored: Form) -> [String] {
        let others: Set = ["version", "csrf", "send", "source", "as"]
        var names = form.names
        for name in stored.names where !names.contains(name) { names.append(name) }
        return names.filter { !others.contains($0) && !$0.hasPrefix("more-") }
    }

    /// The phases of a case that the form does not ask for: they stay as they are.
    private static func others(_ record: JSON, than asked: [String]) -> [JSON] {
        (record["phases"]?.array ?? []).filter { !asked.contains($0["kind"]?.string ?? "") }.map { phase in
            var members = JSON.Members([
                ("kind", phase["kind"] ?? .null), ("days", phase["days"] ?? .null),
            ])
            // A count by hand stays one.
            if let count = phase["dayCount"]?.amount, count != Double(phase.days.count ?? 0) {
                members["dayCount"] = .number(count)
            }
            return .object(members)
        }
    }

    /// The members of one document that another has differently.
    private static func differences(_ new: JSON, _ old: JSON) -> JSON.Members {
        guard case .object(let members) = new else { return JSON.Members() }
        return JSON.Members(members.pairs.filter { $0.value != old[$0.name] }.map { ($0.name, $0.value) })
    }

    /// What the timeline says: each field that differs, before and after.
    private static func said(_ form: Form, _ stored: Form) -> String {
        let words = form.words
        var lines = [words("inquiry.change.said")]
        for name in names(form, stored) where form[name] != stored[name] {
            func short(_ text: String) -> String {
                if text.isEmpty { return "–" }
                return text.count <= 300 ? text : text.prefix(300) + "…"
            }
            let label = words(InquiryFields.label(name))
            lines.append("\(label): \(short(stored[name])) → \(short(form[name]))")
        }
        return lines.joined(separator: "\n")
    }
}
