internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Postgres
public import Web

/// The pages on which a region's office keeps its plan: what there is, the level, evidence with its approval, goals,
/// actions, and the history of it all.
///
/// Commissioners read; region administrators and administrators write. What a page shows follows the grants, what is
/// written the database decides. `PlanForm` has the fields, `PlanWriter` writes.
public struct PlanPages: Sendable {
    let site: Site
    let databases: Databases
    private let writer: PlanWriter

    init(site: Site, _ databases: Databases) {
        self.site = site
        self.databases = databases
        writer = PlanWriter(databases: databases)
    }

    /// All addresses of these pages.
    public func add(to table: inout RouteTable) {
        for language in Language.allCases {
            let base = "/\(language)/strategy/{region}"
            table.member("\(base)/edit") { _, context, member in
                try await overview(try desk(context, member, language))
            }
            table.member("\(base)/history") { _, context, member in
                try await history(try desk(context, member, language))
            }
            table.member("\(base)/edit/level") { _, context, member in
                try await level(try desk(context, member, language))
            }
            table.member("\(base)/edit/level", .post) { request, context, member in
                let desk = try desk(context, member, language)
                return try await takeLevel(try await site.form(request, context), desk)
            }
            table.member("\(base)/edit/contact") { _, context, member in
                try await contact(try desk(context, member, language))
            }
            table.member("\(base)/edit/contact", .post) { request, context, member in
                let desk = try desk(context, member, language)
                return try await takeContact(try await site.form(request, context), desk)
            }
            table.member("\(base)/edit/{kind}/{id}") { request, context, member in
                let desk = try desk(context, member, language)
                let query = PageQuery(request.uri.query ?? "")
                return try await row(try place(context), query, desk)
            }
            table.member("\(base)/edit/{kind}/{id}", .post) { request, context, member in
                let desk = try desk(context, member, language)
                return try await takeRow(try await site.form(request, context), try place(context), desk)
            }
        }
    }

    // MARK: Who and where

    /// Somebody of a region's office at work on its plan.
    struct Desk {
        let region: SiteRegion
        let member: SignedIn
        let text: StrategyWords
        var language: Language { text.language }
        var base: String { "/\(language)/strategy/\(region.code)" }
        var mayWrite: Bool { member.reader.has(.regionAdministrator, .administrator, in: region.code) }
    }

    /// A row of the plan, or a new one.
    struct Place {
        let item: PlanItem
        /// Nil for a new row.
        let id: UUID?
    }

    private func desk(_ context: WebContext, _ member: SignedIn, _ language: Language) throws -> Desk {
        let code = try context.parameters.require("region")
        guard let region = SiteRegion.named(code) else { throw Problem(.notFound) }
        guard member.reader.worksInOffice(of: code) else { throw Problem(.forbidden) }
        return Desk(region: region, member: member, text: StrategyWords(words: site.words(language)))
    }

    private func place(_ context: WebContext) throws -> Place {
        guard let item = PlanItem(rawValue: try context.parameters.require("kind")) else {
            throw Problem(.notFound)
        }
        let text = try context.parameters.require("id")
        if text == "new" { return Place(item: item, id: nil) }
        guard let id = UUID(uuidString: text) else { throw Problem(.notFound) }
        return Place(item: item, id: id)
    }

    private func read(_ desk: Desk) async throws -> PlanForm {
        let settings = desk.member.reader.settings
        guard
            let plan = try await StrategyQueries.plan(desk.region.code, databases.member, settings: settings)
        else { throw Problem(.notFound) }
        return PlanForm(
            strategy: try await PublicStrategy(databases).strategy(),
            plan: try PublicStrategy.read(RegionPlan.self, plan.body),
            text: desk.text
        )
    }

    func head(_ desk: Desk, _ title: String, _ path: String, status: Int = 200) -> Site.Head {
        Site.Head(
            language: desk.language,
            title: "\(title), \(desk.region.name)",
            description: desk.text.words("strategy.edit.description"),
            path: "/strategy/\(desk.region.code)\(path)",
            section: .strategy,
            isUnlisted: true,
            status: status
        )
    }

    // MARK: Overview and history

    private func overview(_ desk: Desk) async throws -> Answer {
        let page = PlanEditPage(desk: desk, form: try await read(desk))
        return try site.answer(
            "strategy/edit",
            page.view,
            head(desk, desk.text.words("strategy.edit.title"), "/edit")
        )
    }

    private func history(_ desk: Desk) async throws -> Answer {
        let strategy = try await PublicStrategy(databases).strategy()
        let changes = try await PlanHistory.read(
            desk.region.code,
            databases.member,
            settings: desk.member.reader.settings
        )
        let view: View = [
            "base": .text(desk.base),
            "name": .text(desk.region.name),
            "hasChanges": .flag(!changes.isEmpty),
            "changes": .list(changes.map { $0.view(desk.text, strategy) }),
        ]
        return try site.answer(
            "strategy/history",
            view,
            head(desk, desk.text.words("strategy.history.title"), "/history")
        )
    }

    // MARK: The level

    private func level(_ desk: Desk) async throws -> Answer {
        let known = try await read(desk)
        let chosen = known.plan.chosen
        let form = Form(
            desk.text.words,
            [
                ("version", String(known.plan.version)),
                ("level", chosen.map { String($0.level) } ?? ""),
                ("from", chosen?.from.description ?? ""),
                ("to", chosen?.to.description ?? "\(known.strategy.lastYear)-12-31"),
                ("decision", chosen?.decision ?? ""),
                ("decidedOn", chosen?.decidedOn?.description ?? ""),
                ("noteSv", chosen?.note?.sv ?? ""), ("noteEn", chosen?.note?.en ?? ""),
            ]
        )
        return try levelPage(form, known, desk)
    }

    private func levelPage(_ form: Form, _ known: PlanForm, _ desk: Desk, clash: FormClash? = nil) throws
        -> Answer
    {
        let words = desk.text.words
        let page = PlanFormPage(
            desk: desk,
            title: words("strategy.edit.level"),
            lead: words("strategy.edit.levelLead"),
            action: "\(desk.base)/edit/level",
            form: form,
            fields: known.levelFields(form),
            buttons: [.save],
            clash: clash
        )
        let status = clash == nil ? form.status : 412
        return try site.answer(
            "strategy/form",
            page.view,
            head(desk, page.title, "/edit/level", status: status)
        )
    }

    private func takeLevel(_ sent: Form, _ desk: Desk) async throws -> Answer {
        var form = sent
        let known = try await read(desk)
        let body = known.levelBody(&form)
        guard form.isValid else { return try levelPage(form, known, desk) }
        do {
            _ = try await writer.setLevel(
                body,
                of: desk.region.code,
                Writes.IfMatch(version: form.version),
                as: desk.member.reader
            )
        } catch let problem as Problem where problem.code == .preconditionFailed {
            // Anything in the plan may have changed; the level is compared with what is chosen now.
            var clash = FormClash()
            clash.compare(
                "level",
                desk.text.words("strategy.field.level"),
                form["level"],
                known.plan.chosen.map { String($0.level) } ?? ""
            )
            form.set("version", String(known.plan.version))
            return try levelPage(form, known, desk, clash: clash)
        } catch let problem as Problem where Self.isTold(problem) {
            form.refuse(problem, or: "level")
            return try levelPage(form, known, desk)
        }
        return site.redirect(to: "\(desk.base)/edit", notice: "strategy.saved.level")
    }

    // MARK: Rows

    private func row(_ place: Place, _ query: PageQuery, _ desk: Desk) async throws -> Answer {
        let known = try await read(desk)
        guard let id = place.id else {
            let given = ["commitment", "priority"].compactMap { name in
                query.items.first { $0.name == name }.map { (name, $0.value) }
            }
            let form = Form(
                desk.text.words,
                given + [("public", "yes"), ("state", "planned"), ("key", UUID().uuidString)]
            )
            return try rowPage(form, place, known, desk)
        }
        let record = try await record(place.item, id, desk)
        return try rowPage(Form(desk.text.words, PlanForm.values(record)), place, known, desk, record)
    }

    /// The row as the office sees it.
    private func record(_ item: PlanItem, _ id: UUID, _ desk: Desk) async throws -> JSON {
        let record = try await databases.member.transaction(settings: desk.member.reader.settings) {
            transaction -> JSON? in
            guard let place = try await PlanQueries.place(desk.region.code, transaction) else { return nil }
            return try await PlanQueries.find(item, id, place.region, transaction)
        }
        guard let record else { throw Problem(.notFound) }
        return record
    }

    private func rowPage(
        _ form: Form,
        _ place: Place,
        _ known: PlanForm,
        _ desk: Desk,
        _ record: JSON? = nil,
        clash: FormClash? = nil
    ) throws -> Answer {
        let words = desk.text.words
        var commitment: Strategy.Commitment?
        var state: String?
        if place.item == .evidence, let record {
            if case .string(let code)? = record["commitment"] { commitment = known.strategy.commitment(code) }
            if case .string(let known)? = record["state"] { state = known }
        }
        let page = PlanFormPage(
            desk: desk,
            title: words("strategy.edit.\(place.item).\(place.id == nil ? "new" : "one")"),
            lead: commitment.map { words("strategy.edit.commitment", ["name": $0.name[desk.language]]) },
            action: "\(desk.base)/edit/\(place.item)/\(place.id?.uuidString.lowercased() ?? "new")",
            form: form,
            fields: known.fields(place.item, form, commitment: commitment),
            buttons: PlanFormPage.Button.of(place.item, isNew: place.id == nil, state: state),
            clash: clash,
            state: state.map { words("strategy.evidence.state.\($0)") }
        )
        let status = clash == nil ? form.status : 412
        return try site.answer(
            "strategy/form",
            page.view,
            head(desk, page.title, "/edit/\(place.item)", status: status)
        )
    }

    private func takeRow(_ sent: Form, _ place: Place, _ desk: Desk) async throws -> Answer {
        var form = sent
        let known = try await read(desk)
        guard let id = place.id else { return try await addRow(&form, place, known, desk) }
        let record = try await record(place.item, id, desk)
        let button = PlanFormPage.Button(rawValue: form["do"]) ?? .save
        let ifMatch = Writes.IfMatch(version: form.version)
        do {
            if button == .remove {
                try await writer.remove(place.item, id, of: desk.region.code, ifMatch, as: desk.member.reader)
            } else {
                var state: String?
                if place.item == .evidence, case .string(let now)? = record["state"] {
                    state = button.state(from: now)
                }
                let body = known.body(place.item, &form, state: state)
                guard form.isValid else { return try rowPage(form, place, known, desk, record) }
                _ = try await writer.change(
                    place.item,
                    id,
                    body,
                    of: desk.region.code,
                    ifMatch,
                    as: desk.member.reader
                )
            }
        } catch let problem as Problem where problem.code == .preconditionFailed {
            let now = problem.extras["current"] ?? record
            let clash = known.clash(place.item, form, with: now)
            if case .integer(let version)? = now["version"] { form.set("version", String(version)) }
            return try rowPage(form, place, known, desk, now, clash: clash)
        } catch let problem as Problem where Self.isTold(problem) {
            form.refuse(problem, or: "do")
            return try rowPage(form, place, known, desk, record)
        }
        return site.redirect(to: "\(desk.base)/edit", notice: "strategy.saved.\(button)")
    }

    private func addRow(_ form: inout Form, _ place: Place, _ known: PlanForm, _ desk: Desk) async throws
        -> Answer
    {
        let body = known.body(place.item, &form)
        guard form.isValid else { return try rowPage(form, place, known, desk) }
        let key = form["key"]
        do {
            // A form that is sent twice adds once.
            _ = try await writer.told {
                try await Writes.once(
                    key.isEmpty ? nil : key,
                    PlanFormPage.fingerprint(body),
                    "form \(place.item) \(desk.region.code)",
                    databases,
                    as: desk.member.reader
                ) { transaction in
                    .json(try await writer.add(place.item, body, to: desk.region.code, transaction).record)
                }
            }
        } catch let problem as Problem where Self.isTold(problem) {
            form.refuse(problem, or: "do")
            return try rowPage(form, place, known, desk)
        }
        return site.redirect(to: "\(desk.base)/edit", notice: "strategy.saved.save")
    }

    /// Whether the form itself can say what is wrong.
    private static func isTold(_ problem: Problem) -> Bool {
        [.levelNotCarried, .evidenceCarriesLevel, .conflict].contains(problem.code)
    }
}

extension Form {
    /// Says at the fields what the database refused, or at one field when it names none.
    fileprivate mutating func refuse(_ problem: Problem, or field: String) {
        for error in problem.errors {
            guard case .pointer(let pointer) = error.place else { continue }
            refuse(String(pointer.dropFirst()), error.message[words.language])
        }
        if problem.errors.isEmpty { refuse(field, problem.detail[words.language]) }
    }
}
