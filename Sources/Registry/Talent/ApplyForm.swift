internal import Foundation
internal import Postgres
internal import Web

/// The form of an application as the template prints it, and how it is read.
struct ApplyForm: Sendable {
    let call: Call
    let programme: Programme
    let draft: ApplicationDraft
    let email: String?
    let text: TalentWords

    /// The name of a question's field.
    static func field(_ code: String) -> String { "q-" + code }

    // MARK: Reading

    /// What was typed, as it is kept, and the answers that it stands for.
    struct Reading: Sendable {
        var name: String?
        var phone: String?
        var region: String?
        var typed: [String: String] = [:]
        var answers: JSON = [:]
        var removedFiles: [String] = []
    }

    /// Reads a form.
    ///
    /// - Parameter mustBeWhole: whether missing answers are refused too; a draft may have gaps, and answers that do not
    ///   fit are kept and told.
    static func read(_ form: inout Form, _ call: Call, _ text: TalentWords, mustBeWhole: Bool) -> Reading {
        var reading = Reading()
        let name = mustBeWhole ? form.text("name", upTo: 200) : form.optionalText("name", upTo: 200) ?? ""
        reading.name = name.isEmpty ? nil : name
        if let phone = form.optionalText("phone", upTo: 32) {
            if phone.wholeMatch(of: /\+?[0-9][0-9 ()\.\/\-]{3,30}/) != nil {
                reading.phone = phone
            } else {
                form.refuse("phone", TalentErrors.phone[text.language])
            }
        }
        reading.region = form.choice("region", of: SiteRegion.all.map(\.code), isOptional: true)
        var answers = JSON.Members()
        for question in call.questions {
            let field = field(question.code)
            if question.kind == .file {
                if form.has("remove-" + question.code) { reading.removedFiles.append(question.code) }
                continue
            }
            // More than any question takes is cut: what is kept must be told as too long, not lost.
            let typed = String(form[field].prefix(30_000))
            if !typed.isEmpty { reading.typed[question.code] = typed }
            do throws(AnswerFault) {
                if let answer = try question.answer(typed: typed) { answers[question.code] = answer }
            } catch {
                if mustBeWhole || error != .required { form.refuse(field, error.message[text.language]) }
            }
        }
        reading.answers = .object(answers)
        return reading
    }

    /// Codes of the required files that a draft lacks.
    static func missingFiles(_ draft: ApplicationDraft, _ call: Call) -> [String] {
        call.questions.filter { $0.kind == .file && $0.required && draft.files[$0.code] == nil }.map(\.code)
    }

    // MARK: Printing

    /// The form filled with the draft.
    var form: Form {
        var values = [("version", String(draft.version))]
        if let name = draft.name { values.append(("name", name)) }
        if let phone = draft.phone { values.append(("phone", phone)) }
        if let region = draft.region { values.append(("region", region)) }
        for (code, answer) in draft.answers { values.append((Self.field(code), answer)) }
        return Form(text.words, values)
    }

    /// What stands in another window, beside what was typed here.
    func clash(_ form: Form) -> FormClash {
        var clash = FormClash()
        clash.compare("name", text.words("talent.name"), form["name"], draft.name ?? "")
        clash.compare("phone", text.words("talent.phone"), form["phone"], draft.phone ?? "")
        for question in call.questions where question.kind != .file {
            let field = Self.field(question.code)
            clash.compare(
                field,
                question.label[text.language],
                form[field],
                draft.answers[question.code] ?? ""
            )
        }
        return clash
    }

    /// The whole page.
    ///
    /// - Parameter source: the call of the application from which it was filled in.
    func view(_ form: Form, reused source: Localized? = nil, clash: FormClash? = nil) -> View {
        let words = text.words
        let language = text.language
        let regions = SiteRegion.all.map { FormField.Option($0.code, $0.name) }
        return [
            "errorSummary": form.summary,
            "clash": .optional(clash?.view(words)),
            "title": .text(call.title[language]),
            "programme": .text(programme.name[language]),
            "back": .text("/\(language)/calls/\(call.id.uuidString.lowercased())"),
            "action": .text("/\(language)/calls/\(call.id.uuidString.lowercased())/apply"),
            "version": .text(form["version"]),
            "status": .view(text.status(call)),
            "isLate": .flag(call.status == .late),
            "isSaved": .flag(draft.version > 0),
            "reused": .optional(
                source.map { words("talent.reusedFrom", ["call": $0[language]]) }
            ),
            "email": .text(email ?? ""),
            "you": .list([
                FormField("name", words("talent.name"), autocomplete: "name", limit: 200).view(form),
                FormField(
                    "phone",
                    words("talent.phone"),
                    .line("tel"),
                    isOptional: true,
                    autocomplete: "tel",
                    limit: 32
                )
                .view(form),
                FormField(
                    "region",
                    words("talent.homeRegion"),
                    .select(regions),
                    hint: words("talent.homeRegionHint"),
                    isOptional: true
                ).view(form),
            ]),
            "questions": .list(call.questions.map { question($0, form) }),
            "discard": .optional(
                draft.version > 0
                    ? "/\(language)/applications/\(draft.id.uuidString.lowercased())/discard" : nil
            ),
        ]
    }

    private func question(_ question: Question, _ form: Form) -> View {
        let name = Self.field(question.code)
        let language = text.language
        var hints = [question.help?[language] ?? ""]
        switch question.kind {
        case .shortText, .longText:
            hints.append(text.words.count("talent.atMost", question.longest ?? 0))
        case .file: hints.append(text.words("talent.fileHint"))
        default: break
        }
        let hint = hints.filter { !$0.isEmpty }.joined(separator: " ")
        let kind: FormField.Kind =
            switch question.kind {
            case .longText: .area(rows: (question.longest ?? 0) > 1000 ? 10 : 5)
            case .choice:
                .radios((question.choices ?? []).map { FormField.Option($0.code, $0.name[language]) })
            case .number: .number
            case .link: .line("url")
            case .shortText, .file: .text
            }
        var view = FormField(
            name,
            question.label[language],
            kind,
            hint: hint.isEmpty ? nil : hint,
            isOptional: !question.required,
            limit: question.longest
        ).view(form)
        view["file"] = .absent
        if question.kind == .file {
            view["line"] = .absent
            view["file"] = .view([
                "present": .optional(draft.files[question.code].map { present($0, question) })
            ])
        }
        return view
    }
}

extension ApplyForm {
    private func present(_ file: AnswerFile, _ question: Question) -> View {
        let own = "/\(text.language)/applications/\(draft.id.uuidString.lowercased())"
        return [
            "name": .text(file.name),
            "size": .text(TalentWords.size(file.size, text.words)),
            "remove": .text("remove-" + question.code),
            "address": .text("\(own)/files/\(question.code)"),
        ]
    }
}

extension ApplicationDraft {
    /// Takes over what was said in another call: who one is, and answers to questions of the same kind and words.
    mutating func reuse(_ last: Snapshot, for questions: [Question]) {
        name = last.applicant.name
        phone = last.applicant.phone
        region = last.applicant.region
        for question in questions where question.kind != .file {
            let same = last.answers.first {
                $0.kind == question.kind
                    && Vocabularies.fold($0.label.sv) == Vocabularies.fold(question.label.sv)
            }
            guard let same else { continue }
            if let number = same.number {
                answers[question.code] = Int(exactly: number).map { String($0) } ?? String(number)
            } else if let text = same.text, question.fault(in: .string(text)) == nil {
                answers[question.code] = text
            }
        }
    }
}

extension TalentWords {
    /// `340 kB`, `1,2 MB`.
    static func size(_ bytes: Int, _ words: Wording) -> String {
        bytes < 1_000_000
            ? "\(words.number(max(1, bytes / 1000)))\u{a0}kB"
            : "\(words.number(Double(bytes) / 1_000_000, decimals: 1))\u{a0}MB"
    }
}
