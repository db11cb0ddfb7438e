internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Postgres
public import Web

/// The pages on which administrators change the common strategy: everything there is, and a form for each row.
public struct StrategyEditPages: Sendable {
    private let site: Site
    private let databases: Databases

    init(site: Site, _ databases: Databases) {
        self.site = site
        self.databases = databases
    }

    /// All addresses of these pages.
    public func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/strategy/edit") { _, _, member in
                try await overview(language, try allowed(member))
            }
            table.member("/\(language)/strategy/edit/{part}/{code}") { _, context, member in
                _ = try allowed(member)
                let (part, code) = try place(context)
                return try await form(part, code, language)
            }
            table.member("/\(language)/strategy/edit/{part}/{code}", .post) { request, context, member in
                let member = try allowed(member)
                let (part, code) = try place(context)
                return try await take(try await site.form(request, context), part, code, language, member)
            }
        }
    }

    private func allowed(_ member: SignedIn) throws -> SignedIn {
        guard member.reader.has(.administrator) else { throw Problem(.forbidden) }
        return member
    }

    /// A part and the code of a row, nil for a new one.
    private func place(_ context: WebContext) throws -> (StrategyPart, String?) {
        guard let part = StrategyPart(rawValue: try context.parameters.require("part")) else {
            throw Problem(.notFound)
        }
        let code = try context.parameters.require("code")
        guard code == "new" else { return (part, code) }
        guard part.canGrow else { throw Problem(.notFound) }
        return (part, nil)
    }

    private func rows(_ part: StrategyPart) async throws -> [JSON] {
        JSON(ByteBuffer(bytes: try await part.list(databases.open).body))?["items"]?.array ?? []
    }

    // MARK: Overview

    private func overview(_ language: Language, _ member: SignedIn) async throws -> Answer {
        let words = site.words(language)
        var parts: [View] = []
        for part in StrategyPart.allCases {
            parts.append([
                "part": .text(part.rawValue),
                "title": .text(words("strategy.part.\(part)")),
                "add": .optional(part.canGrow ? "/\(language)/strategy/edit/\(part)/new" : nil),
                "rows": .list(try await rows(part).map { row($0, part, words) }),
            ])
        }
        return try site.answer(
            "strategy/common",
            ["parts": .list(parts)],
            head(language, words("strategy.common.title"), "")
        )
    }

    private func row(_ record: JSON, _ part: StrategyPart, _ words: Wording) -> View {
        let name = ["name", "title", "text"].lazy.compactMap { record[$0] }.first
        let code = record["code"]?.string ?? ""
        var notes: [String] = []
        if record["retired"] == .bool(true) { notes.append(words("strategy.common.retired")) }
        if record["example"] == .bool(true) { notes.append(words("strategy.commitments.example")) }
        if record["edited"] == .bool(true) { notes.append(words("strategy.common.edited")) }
        return [
            "address": .text("/\(words.language)/strategy/edit/\(part)/\(code)"),
            "name": .text(name?[words.language.rawValue]?.string ?? code),
            "level": .optional(part == .commitments ? record["level"].flatMap(Self.text) : nil),
            "notes": .texts(notes),
        ]
    }

    private static func text(_ value: JSON) -> String? {
        switch value {
        case .string(let text): text
        case .integer(let number): String(number)
        default: nil
        }
    }

    private func head(_ language: Language, _ title: String, _ path: String, status: Int = 200) -> Site.Head {
        Site.Head(
            language: language,
            title: title,
            description: site.words(language)("strategy.common.description"),
            path: "/strategy/edit\(path)",
            section: .strategy,
            isUnlisted: true,
            status: status
        )
    }

    // MARK: A row

    private func form(_ part: StrategyPart, _ code: String?, _ language: Language) async throws -> Answer {
        let words = site.words(language)
        guard let code else { return try await page(Form(words), part, nil, language) }
        guard let record = try await rows(part).first(where: { $0["code"]?.string == code }) else {
            throw Problem(.notFound)
        }
        return try await page(Form(words, PlanForm.values(record)), part, code, language)
    }

    private func page(
        _ form: Form,
        _ part: StrategyPart,
        _ code: String?,
        _ language: Language,
        clash: FormClash? = nil
    ) async throws -> Answer {
        let words = form.words
        var fields: [View] = []
        if code == nil {
            let hint = words("strategy.field.code.hint")
            fields.append(FormField("code", words("strategy.field.code"), hint: hint, limit: 80).view(form))
        }
        for field in part.fields where code == nil || !field.isFixed {
            fields += try await controls(field, words).map { $0.view(form) }
        }
        let title = words("strategy.part.\(part).one")
        let view: View = [
            "title": .text(title),
            "code": .optional(code),
            "errorSummary": form.summary,
            "clash": .optional(clash?.view(words)),
            "action": .text("/\(language)/strategy/edit/\(part)/\(code ?? "new")"),
            "version": .optional(form["version"]),
            "fields": .list(fields),
        ]
        let status = clash == nil ? form.status : 412
        let address = "/\(part)/\(code ?? "new")"
        return try site.answer("strategy/part", view, head(language, title, address, status: status))
    }

    private func controls(_ field: StrategyPart.Field, _ words: Wording) async throws -> [FormField] {
        func one(_ name: String, _ kind: FormField.Kind, limit: Int? = nil) -> FormField {
            FormField(name, words("strategy.field.\(name)"), kind, isOptional: field.isOptional, limit: limit)
        }
        switch field.kind {
        case .both(let limit):
            let kind: FormField.Kind = limit > 200 ? .area(rows: 3) : .text
            return ["Sv", "En"].map { one(field.member + $0, kind, limit: limit) }
        case .line(let limit): return [one(field.member, .text, limit: limit)]
        case .integer: return [one(field.member, .number)]
        case .flag: return [one(field.member, .tick)]
        case .day: return [one(field.member, .date)]
        case .choice(let choices):
            let options = choices.map { FormField.Option($0, words("strategy.\(field.member).\($0)")) }
            return [one(field.member, .select(options))]
        case .code(let part):
            let options = try await rows(part).compactMap { row -> FormField.Option? in
                guard let code = row["code"]?.string else { return nil }
                return .init(code, row["name"]?[words.language.rawValue]?.string ?? code)
            }
            return [one(field.member, .select(options))]
        }
    }

    private func body(_ part: StrategyPart, isNew: Bool, _ form: inout Form) async throws -> JSON {
        var members: [(String, JSON)] = []
        for field in part.fields where isNew || !field.isFixed {
            let value: JSON
            switch field.kind {
            case .both(let limit):
                let sv = form.text(field.member + "Sv", upTo: limit)
                value = ["sv": .string(sv), "en": .string(form.text(field.member + "En", upTo: limit))]
            case .line(let limit): value = .string(form.text(field.member, upTo: limit))
            case .integer(let range):
                value =
                    form.number(field.member, in: range, isOptional: field.isOptional).map {
                        .integer(Int64($0))
                    } ?? .null
            case .flag: value = .bool(!form[field.member].isEmpty)
            case .day: value = form.day(field.member).map { JSON.string($0.description) } ?? .null
            case .choice(let words):
                value =
                    form.choice(field.member, of: words, isOptional: field.isOptional).map { JSON.string($0) }
                    ?? .null
            case .code(let other):
                let codes = try await rows(other).compactMap { $0["code"]?.string }
                value =
                    form.choice(field.member, of: codes, isOptional: field.isOptional).map { JSON.string($0) }
                    ?? .null
            }
            members.append((field.member, value))
        }
        return .object(JSON.Members(members))
    }

    private func take(
        _ sent: Form,
        _ part: StrategyPart,
        _ code: String?,
        _ language: Language,
        _ member: SignedIn
    ) async throws -> Answer {
        var form = sent
        let new = code == nil ? form.text("code", upTo: 80) : nil
        if let new, !new.isEmpty, new.wholeMatch(of: /[a-z][a-z0-9_]*/) == nil {
            form.refuse("code", form.words("strategy.field.code.hint"))
        }
        let body = try await body(part, isNew: code == nil, &form)
        guard form.isValid else { return try await page(form, part, code, language) }
        do {
            if let code {
                _ = try await Writes.change(
                    Writes.IfMatch(version: form.version),
                    databases,
                    as: member.reader
                ) { transaction, version in
                    try await part.change(code, body, version: version, transaction)
                } current: { transaction in
                    guard let record = try await part.find(code, transaction),
                        let version = StrategyEditRoutes.version(of: record)
                    else { return nil }
                    return (version, record)
                }
            } else if let new {
                _ = try await Writes.transaction(databases, as: member.reader) { transaction in
                    try await part.add(new, body, transaction)
                }
            }
        } catch let problem as Problem where problem.code == .preconditionFailed {
            return try await clash(problem.extras["current"] ?? .null, &form, part, code, language)
        } catch let error as PostgresError where error.sqlState == .uniqueViolation {
            form.refuse("code", form.words("strategy.field.code.taken"))
            return try await page(form, part, code, language)
        } catch let error as PostgresError where error.sqlState == .checkViolation {
            form.refuse(
                error.constraint?.contains("year") == true ? "year" : "save",
                form.words("strategy.common.refused")
            )
            return try await page(form, part, code, language)
        }
        return site.redirect(to: "/\(language)/strategy/edit", notice: "strategy.saved.save")
    }

    private func clash(
        _ record: JSON,
        _ form: inout Form,
        _ part: StrategyPart,
        _ code: String?,
        _ language: Language
    ) async throws -> Answer {
        var clash = FormClash()
        let stored = Dictionary(PlanForm.values(record)) { first, _ in first }
        for name in form.names where name != "version" {
            clash.compare(name, form.words("strategy.field.\(name)"), form[name], stored[name] ?? "")
        }
        form.set("version", StrategyEditRoutes.version(of: record).map { String($0) })
        return try await page(form, part, code, language, clash: clash)
    }
}
