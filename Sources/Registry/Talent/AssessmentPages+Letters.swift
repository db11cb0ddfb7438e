internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// The letters that tell decisions, and the applications of a call as a file for spreadsheets.
extension AssessmentPages {
    private func compose(
        _ application: AssessedApplication,
        _ found: (call: ManagedCall, programme: Localized, organisation: String),
        _ origin: String
    ) -> (outcome: TalentLetters.Outcome, letter: TalentLetters.Letter)? {
        guard let outcome = TalentLetters.Outcome(assessed: application.outcome) else { return nil }
        let suffix = application.language == .sv ? "Sv" : "En"
        let texts = found.call.texts
        let title = texts["titleSv"] ?? ""
        let letter = pages.letters.decision(
            outcome,
            application.id,
            name: application.name,
            language: application.language,
            call: Localized(sv: title, en: texts["titleEn"] ?? title),
            programme: found.programme,
            organisation: found.organisation,
            added: texts[outcome.rawValue + suffix],
            at: origin
        )
        return (outcome, letter)
    }

    func letters(_ id: UUID, _ request: Request, _ member: SignedIn, _ language: Language)
        async throws -> Answer
    {
        let found = try await call(id, member)
        let text = try await pages.text(language)
        let words = text.words
        let untold = try await AssessmentQueries.list(id, pages.databases.member, as: member.reader).filter(
            \.isUntold
        )
        let origin = pages.site.origin(for: request)
        var samples: [View] = []
        for outcome in TalentLetters.Outcome.allCases {
            let those = untold.filter { TalentLetters.Outcome(assessed: $0.outcome) == outcome }
            guard let first = those.first, let sample = compose(first, found, origin) else { continue }
            samples.append([
                "title": .text(words("manage.told.\(outcome.rawValue)")),
                "names": .text(words.list(those.map(\.name))),
                "subject": .text(sample.letter.subject),
                "paragraphs": TalentWords.paragraphs(sample.letter.body),
            ])
        }
        let view: View = [
            "callAddress": .text(address(id, language)),
            "call": .text(found.call.title(language)),
            "action": .text(address(id, language) + "/letters"),
            "edit": .text(address(id, language) + "/edit"),
            "count": .optional(untold.isEmpty ? nil : words.count("manage.sendCount", untold.count)),
            "samples": .list(samples),
        ]
        let head = ManagePages.head(
            words("manage.letters"),
            "/manage/calls/\(id.uuidString.lowercased())/letters",
            language,
            words
        )
        return try pages.site.answer("talent/manage-letters", view, head)
    }

    func send(_ id: UUID, _ request: Request, _ member: SignedIn, _ language: Language) async throws
        -> Answer
    {
        let found = try await call(id, member)
        let origin = pages.site.origin(for: request)
        let sent = try await TalentErrors.explaining {
            try await Writes.transaction(pages.databases, as: member.reader) { transaction in
                let untold = try await AssessmentQueries.untold(id, transaction)
                for application in untold {
                    guard let (outcome, letter) = compose(application, found, origin) else { continue }
                    try await AssessmentQueries.tell(
                        application.id,
                        of: id,
                        outcome,
                        letter,
                        by: member.account,
                        transaction
                    )
                    try await pages.letters.send(
                        letter,
                        to: application.email,
                        about: application.id,
                        application.language,
                        transaction
                    )
                }
                return untold.count
            }
        }
        return pages.site.redirect(
            to: address(id, language),
            notice: "manage.sent",
            ["count": pages.site.words(language).number(sent)]
        )
    }

    // MARK: For spreadsheets

    func csv(_ id: UUID, _ member: SignedIn, _ language: Language) async throws -> Answer {
        _ = try await call(id, member)
        let text = try await pages.text(language)
        let words = text.words
        let applications = try await AssessmentQueries.list(id, pages.databases.member, as: member.reader)
        var questions: [(code: String, label: String)] = []
        for answered in applications.flatMap(\.snapshot.answers)
        where !questions.contains(where: { $0.code == answered.code }) {
            questions.append((answered.code, answered.label[language]))
        }
        var writer = CSVWriter()
        writer.append(
            [
                words("talent.numberTerm"), words("talent.name"), words("talent.email"),
                words("talent.phone"),
                words("talent.homeRegion"), words("manage.when"), words("talent.late"),
                words("manage.eligibility"),
                words("manage.outcome"), words("manage.toldTerm"),
            ] + questions.map(\.label)
        )
        for application in applications {
            let answers = Dictionary(application.snapshot.answers.map { ($0.code, $0) }) { first, _ in first }
            writer.append(
                [
                    String(application.arrival), application.name, application.email,
                    application.snapshot.applicant.phone ?? "", application.region ?? "",
                    application.submittedAt.description, application.late ? words("manage.yes") : "",
                    words("manage.eligibility.\(application.eligibility)"),
                    words("manage.outcome.\(application.outcome)"),
                    application.told.map { words("manage.told.\($0)") } ?? "",
                ] + questions.map { answers[$0.code]?.words(words) ?? "" }
            )
        }
        return ManagePages.csv(&writer, name: "applications-\(id.uuidString.lowercased().prefix(8))")
    }
}
