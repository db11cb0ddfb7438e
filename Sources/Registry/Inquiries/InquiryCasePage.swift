internal import Foundation
internal import Postgres
internal import Web

/// What the page of a case prints.
struct InquiryCasePage {
    let record: JSON
    let text: InquiryText
    let form: Form
    let clash: FormClash?
    let officers: [(id: UUID, name: String)]
    /// Whether the reader's office leads the case; others only read.
    let isLed: Bool
    let mayAnswerOffer: (_ region: String) -> Bool
    let desk: View.Value
    let now: Date
    let today: Day

    private var words: Wording { text.words }
    private var number: String { record["number"]?.string ?? "" }
    private var base: String { InquiryAddresses.record(number, text.language) }

    var view: View {
        let due = text.due(record["due"], now: now)
        let offer = (record["handovers"]?.array ?? []).first { $0["state"] == "offered" }
        let meta = [
            text.productionType(record["productionType"]), record["company"]?.string,
            text.source(record["source"]),
        ]
        let region: String = text.region(record["region"]) ?? ""
        let officer: String = record["officer"]?["name"]?.string ?? words("inquiry.nobody")
        let entries: [JSON] = record["entries"]?.array ?? []
        let matches = text.matches(record, today: today)
        var view: View = [
            "desk": desk,
            "errorSummary": form.summary,
            "clash": .optional(clash?.view(words)),
            "number": .text(number),
            "inbox": .text(InquiryAddresses.inbox(text.language)),
            "meta": .texts(meta.compactMap { $0 }),
            "region": .text(region),
            "officer": .text(officer),
            "track": .list(track),
            "facts": .list(text.facts(record, isOffice: true)),
            "matches": .list(matches),
            "hasMatches": .flag(!matches.isEmpty),
            "times": .list(times),
            "loss": loss,
            "entries": .list(entries.reversed().map { text.entry($0, isOffice: true) }),
            "late": .absent, "due": .absent, "readOnly": .absent,
            "offer": .optional(offer.map { self.offer($0) }),
            "led": .absent,
        ]
        view["title"] = .text(record["title"]?.string ?? "")
        view["code"] = .text(record["region"]?.string ?? "")
        if let due {
            let key = due.isLate ? "late" : "due"
            view[key] = .text(words(due.isLate ? "inquiry.case.late" : "inquiry.case.due", ["due": due.text]))
        }
        if isLed {
            view["led"] = .view(led(offer))
        } else {
            view["readOnly"] = .text(words("inquiry.case.readOnly", ["office": region]))
        }
        return view
    }

    /// The statuses that the case has been in, and where it stands.
    private var track: [View] {
        let steps = (record["entries"]?.array ?? []).filter { $0["kind"] == "status" }
        return steps.enumerated().map { index, step in
            [
                "label": .text(text.status(step["toStatus"]) ?? ""),
                "at": .text(text.shortMoment(step["at"]) ?? ""),
                "isCurrent": .flag(index == steps.count - 1),
            ]
        }
    }

    private var times: [View] {
        let rows: [(String, String?)] = [
            ("inquiry.time.received", text.moment(record["receivedAt"])),
            ("inquiry.time.answerDue", text.moment(record["answerDue"])),
            ("inquiry.time.answered", text.moment(record["answeredAt"])),
            ("inquiry.time.waiting", text.moment(record["waitingSince"])),
            ("inquiry.time.closed", text.moment(record["closedAt"])),
        ]
        return rows.compactMap { label, value in
            value.map { ["label": .text(words(label)), "value": .text($0)] as View }
        }
    }

    private var loss: View.Value {
        guard let loss = record["loss"], loss != .null else { return .absent }
        let winner = loss["winner"]?.string ?? "unknown"
        let unknown = words("inquiry.unknown")
        let rows: [(String, String?)] = [
            ("inquiry.field.lostReason", text.reason(loss["reason"])),
            ("inquiry.field.winner", loss["winningPlace"]?.string ?? words("inquiry.winner.\(winner)")),
            ("inquiry.field.spendForgone", text.money(loss["spendForgone"], record["currency"]) ?? unknown),
            (
                "inquiry.field.knowableOn",
                loss["knowableOn"]?.string.flatMap { Day($0) }.map { words.day($0) } ?? unknown
            ),
        ]
        return .list(
            rows.map { label, value in ["label": .text(words(label)), "value": .text(value ?? "")] }
        )
    }

    private func offer(_ offer: JSON) -> View {
        let to = offer["to"]?.string ?? ""
        let isMine = mayAnswerOffer(to)
        return [
            "title": .text(
                words(
                    "inquiry.offer.title",
                    ["from": text.region(offer["from"]) ?? "", "to": text.region(offer["to"]) ?? ""]
                )
            ),
            "message": .optional(offer["message"]?.string),
            "by": .text(
                words(
                    "inquiry.offer.by",
                    [
                        "name": offer["offeredBy"]?.string ?? words("inquiry.nobody"),
                        "at": text.moment(offer["offeredAt"]) ?? "",
                    ]
                )
            ),
            "action": .text("\(base)/handover/\(offer["id"]?.string ?? "")"),
            "mayAnswer": isMine
                ? .view([
                    "reason": .view(
                        FormField(
                            "reason",
                            words("inquiry.offer.reason"),
                            hint: words("inquiry.offer.reasonHint"),
                            isOptional: true,
                            limit: 2000
                        )
                        .view(form)
                    )
                ]) : .absent,
            "mayWithdraw": .flag(isLed),
        ]
    }

    // MARK: What the leading office can do

    private func led(_ offer: JSON?) -> View {
        let next = (record["nextStatuses"]?.array ?? []).compactMap(\.string)
        func isWork(_ code: String) -> Bool {
            ["open", "landed"].contains(text.terms.statuses[code]?.outcome ?? "")
        }
        let steps = next.filter(isWork)
        let outcomes = next.filter { text.terms.statuses[$0]?.outcome != "open" }
        return [
            "version": .text(
                form["version"].isEmpty ? String(record["version"]?.integer ?? 0) : form["version"]
            ),
            "edit": .text("\(base)/edit"),
            "entries": .text("\(base)/entries"),
            "entryFields": .list(entryFields.map { $0.view(form) }),
            "work": .text("\(base)/work"),
            "workFields": .list(workFields(steps).map { $0.view(workForm) }),
            "outcome": .text("\(base)/outcome"),
            "closing": outcomes.isEmpty
                ? .absent : .view(["fields": .list(closingFields(outcomes).map { $0.view(form) })]),
            "isClosing": .flag(form.has("outcome")),
            "handover": .text("\(base)/handover"),
            "offering": offer == nil ? .view(["fields": .list(offerFields.map { $0.view(form) })]) : .absent,
            "isOffering": .flag(form.has("toRegion")),
            "link": .text("\(base)/link"),
        ]
    }

    private var entryFields: [FormField] {
        let kinds = ["answer", "call", "letter", "note"].map {
            FormField.Option($0, words("inquiry.kind.\($0)"))
        }
        return [
            FormField("kind", words("inquiry.field.kind"), .radios(kinds)),
            FormField(
                "body",
                words("inquiry.field.body"),
                .area(rows: 4),
                hint: words("inquiry.hint.body"),
                limit: 20_000
            ),
            FormField("contact", words("inquiry.field.contact"), isOptional: true, limit: 200),
            FormField("isAnswer", words("inquiry.field.isAnswer"), .tick),
        ]
    }

    /// What is stored, unless this form was just sent.
    private var workForm: Form {
        if form.has("nextAction") { return form }
        return Form(
            words,
            [
                ("nextAction", record["nextAction"]?.string ?? ""),
                ("nextActionOn", record["nextActionOn"]?.string ?? ""),
                ("officer", record["officer"]?["id"]?.string ?? ""),
            ]
        )
    }

    private func workFields(_ steps: [String]) -> [FormField] {
        let statuses = steps.map { FormField.Option($0, text.status(.string($0)) ?? $0) }
        var people = officers.map { FormField.Option($0.id.uuidString.lowercased(), $0.name) }
        if let officer = record["officer"], let id = officer["id"]?.string,
            !people.contains(where: { $0.value == id })
        {
            people.append(FormField.Option(id, officer["name"]?.string ?? id))
        }
        return [
            FormField(
                "status",
                words("inquiry.field.step", ["status": text.status(record["status"]) ?? ""]),
                .select(statuses),
                isOptional: true
            ),
            FormField("nextAction", words("inquiry.field.nextAction"), isOptional: true, limit: 500),
            FormField("nextActionOn", words("inquiry.field.nextActionOn"), .date, isOptional: true),
            FormField("officer", words("inquiry.field.officer"), .select(people), isOptional: true),
        ]
    }

    private func closingFields(_ outcomes: [String]) -> [FormField] {
        let statuses = outcomes.map { FormField.Option($0, text.status(.string($0)) ?? $0) }
        let reasons = text.terms.lostReasons.offered.map { FormField.Option($0.code, $0.name[text.language]) }
        let winners = ["place", "none", "unknown"].map { FormField.Option($0, words("inquiry.winner.\($0)")) }
        return [
            FormField("outcome", words("inquiry.field.outcome"), .select(statuses)),
            FormField(
                "lostReason",
                words("inquiry.field.lostReason"),
                .select(reasons),
                hint: words("inquiry.hint.lost")
            ),
            FormField("winner", words("inquiry.field.winner"), .radios(winners)),
            FormField("winningPlace", words("inquiry.field.winningPlace"), isOptional: true, limit: 200),
            FormField(
                "spendForgone",
                words("inquiry.field.spendForgone"),
                .number,
                hint: words("inquiry.hint.unknown"),
                isOptional: true
            ),
            FormField(
                "knowableOn",
                words("inquiry.field.knowableOn"),
                .date,
                hint: words("inquiry.hint.unknown"),
                isOptional: true
            ),
            FormField(
                "closingNote",
                words("inquiry.field.closingNote"),
                .area(rows: 3),
                isOptional: true,
                limit: 10_000
            ),
        ]
    }

    private var offerFields: [FormField] {
        let regions = SiteRegion.all.filter { $0.code != record["region"]?.string }
            .map { FormField.Option($0.code, $0.name) }
        return [
            FormField("toRegion", words("inquiry.field.toRegion"), .select(regions)),
            FormField(
                "message",
                words("inquiry.field.message"),
                .area(rows: 3),
                isOptional: true,
                limit: 2000
            ),
        ]
    }
}
