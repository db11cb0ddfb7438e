internal import Foundation
internal import Postgres
internal import Web

/// The page for a whole crew: the form with its posts, and what each region can fill.
struct StaffingPage {
    var form: StaffingForm
    var result: StaffingResult?
    let text: CrewWords

    private var words: Wording { text.words }
    private var base: String { "/\(text.language)/crew" }

    var view: View {
        let errors = form.errors
        let roles = text.vocabularies.roles.filter { !$0.retired }
        return [
            "action": .text("\(base)/staffing"),
            "errorSummary": .optional(CrewFilterView.summary(errors, words)),
            "dates": .text(form.unreadableDates ?? words.periods(form.dates).joined(separator: ", ")),
            "datesError": .optional(errors.first { $0.field == "dates" }?.message),
            "titles": .list(roles.map { ["title": .text($0.name[text.language])] }),
            "regions": .list(
                SiteRegion.all.map { region in
                    [
                        "code": .text(region.code),
                        "name": .text(region.name),
                        "isChecked": .flag(form.regions.contains(region.code)),
                    ]
                }
            ),
            "posts": .list(form.rows.enumerated().map(post)),
            "moreRows": .text(String(min(form.rows.count + 4, StaffingForm.mostPosts))),
            "result": .optional(result.map(outcome)),
        ]
    }

    private func post(_ index: Int, _ row: StaffingForm.Row) -> View {
        let number = index + 1
        return [
            "number": .text(String(number)),
            "roleLabel": .text(words("staffing.role", ["number": words.number(number)])),
            "role": .text(row.role.map(text.role) ?? row.typed),
            "count": .text(row.typedCount),
            "error": .optional(form.errors.first { $0.field == "role-\(number)" }?.message),
            "countError": .optional(form.errors.first { $0.field == "count-\(number)" }?.message),
        ]
    }

    private func outcome(_ result: StaffingResult) -> View {
        let count = result.posts.reduce(0) { $0 + $1.count }
        let filled = result.posts.reduce(0) { $0 + $1.filled }
        let values = [
            "count": words.number(count), "filled": words.number(filled), "gap": words.number(count - filled),
        ]
        let regions = SiteRegion.all.compactMap { region in result.regions.first { $0.region == region.code }
        }
        return [
            "title": .text(words("staffing.result")),
            "note": .text(
                words.count("crew.dayCount", form.dates.count ?? 0) + ": "
                    + words.list(words.periods(form.dates))
            ),
            "verdict": .text(
                words(filled == count ? "staffing.verdict.all" : "staffing.verdict.gap", values)
            ),
            "columns": .list(
                regions.map { ["code": .text($0.region), "name": .text(text.region($0.region))] }
            ),
            "rows": .list(
                result.posts.enumerated().map { index, post in
                    row(post, regions.compactMap { $0.posts.indices.contains(index) ? $0.posts[index] : nil })
                }
            ),
        ]
    }

    private func row(_ post: StaffingResult.Post, _ regions: [StaffingResult.Post]) -> View {
        var query = PageQuery()
        query.add("dates", CrewSearchForm.written(form.dates))
        query.add("role", post.role)
        query.add("region", form.regions.joined(separator: ","))
        return [
            "address": .text(query.address(base)),
            "role": .text(text.role(post.role)),
            "count": .text(words.number(post.count)),
            "cells": .list(([post] + regions).enumerated().map { cell($1, isTogether: $0 == 0) }),
            "togetherText": .text(filled(post)),
            "hasPeople": .flag(!post.people.isEmpty),
            "people": .list(
                post.people.map { person in
                    var query = PageQuery()
                    query.add("dates", CrewSearchForm.written(form.dates))
                    return [
                        "address": .text(query.address("\(base)/\(person.slug)")),
                        "name": .text(person.name),
                        "where": .text(text.region(person.homeRegion)),
                    ]
                }
            ),
        ]
    }

    private func cell(_ post: StaffingResult.Post, isTogether: Bool) -> View {
        [
            "class": .text(isTogether ? "together" : "alone"),
            "state": .text(post.gap == 0 ? "free" : "bad"),
            "filled": .text(filled(post)),
            "gap": .optional(post.gap == 0 ? nil : words.count("staffing.missing", post.gap)),
        ]
    }

    private func filled(_ post: StaffingResult.Post) -> String {
        words("staffing.filled", ["filled": words.number(post.filled), "count": words.number(post.count)])
    }
}

/// The form for a whole crew as an address carries it: days, regions, and rows of a role and a number.
struct StaffingForm {
    /// One row of the form.
    struct Row {
        /// The code, when it is known.
        var role: String?
        var typed = ""
        var typedCount = "1"
        var count = 1
    }

    var dates: DayMultirange = .empty
    var unreadableDates: String?
    var regions: [String] = []
    var rows: [Row] = []
    var errors: [(field: String, message: String)] = []
    /// Whether anything was sent.
    var isSent = false

    static let mostPosts = 40
    static let mostPeople = 50

    init(_ query: PageQuery, _ vocabularies: Vocabularies, _ words: Wording, today: Day) {
        isSent = query.items.contains { ["dates", "role"].contains($0.name) } && query.first("rows") == nil
        regions = query.list("region").filter { vocabularies.region($0) != nil }
        readRows(query, vocabularies, words)
        let typed = query.first("dates").map { String($0.prefix(500)) }
        do {
            let read = try TypedDays.read(typed ?? "", today: today)
            if let wrong = CrewSearchForm.limits(read, words, today: today) {
                unreadableDates = typed
                errors.append(("dates", wrong))
            } else {
                dates = read
            }
        } catch {
            unreadableDates = typed
            errors.append(("dates", words("crew.error.dates", ["words": error.words])))
        }
        guard isSent else {
            if query.first("rows") != nil { errors = [] }
            return
        }
        if dates.isEmpty, unreadableDates == nil {
            errors.append(("dates", words("crew.error.datesMissing")))
        }
        if posts.isEmpty, !errors.contains(where: { $0.field.hasPrefix("role") }) {
            errors.append(("role-1", words("staffing.error.posts")))
        }
        errors.sort { $0.field < $1.field }
    }

    /// The rows that ask for somebody.
    var posts: [StaffingRequest.Post] {
        rows.compactMap { row in row.role.map { StaffingRequest.Post(role: $0, count: row.count) } }
    }

    /// The address of this form, without its path.
    var canonical: PageQuery {
        var query = PageQuery()
        query.add("dates", unreadableDates ?? CrewSearchForm.written(dates))
        query.add("region", regions.joined(separator: ","))
        for row in rows where row.role != nil || !row.typed.isEmpty {
            query.add("role", row.role ?? row.typed)
            query.add("count", row.typedCount)
        }
        return query
    }

    private mutating func readRows(_ query: PageQuery, _ vocabularies: Vocabularies, _ words: Wording) {
        let roles = query.items.filter { $0.name == "role" }.map(\.value)
        let counts = query.items.filter { $0.name == "count" }.map(\.value)
        for (index, typed) in roles.prefix(Self.mostPosts).enumerated() {
            let typed = String(typed.trimmingCharacters(in: .whitespacesAndNewlines).prefix(100))
            let typedCount = index < counts.count ? String(counts[index].prefix(4)) : "1"
            guard !typed.isEmpty else { continue }
            var row = Row(typed: typed, typedCount: typedCount)
            row.role = (vocabularies.role(typed) ?? vocabularies.role(titled: typed))?.code
            row.count = Int(typedCount) ?? 0
            if row.role == nil {
                errors.append(("role-\(rows.count + 1)", words("staffing.error.role", ["words": typed])))
            }
            if !(1...Self.mostPeople).contains(row.count) {
                let most = ["most": words.number(Self.mostPeople)]
                errors.append(("count-\(rows.count + 1)", words("staffing.error.count", most)))
            }
            rows.append(row)
        }
        let wanted = query.first("rows").flatMap { Int($0) } ?? 0
        let least = min(max(wanted, rows.count + 1, 4), Self.mostPosts)
        while rows.count < least { rows.append(Row()) }
    }
}
