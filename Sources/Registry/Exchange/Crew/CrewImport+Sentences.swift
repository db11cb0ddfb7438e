package import Web

extension CrewImport.Report {
    /// What a person at a terminal reads of an import: problems line by line, or what was done.
    ///
    /// - Parameters:
    ///   - file: The file's name, before each problem: `crew.csv:3: roles: … [unknown_role]`.
    ///   - isDryRun: Whether the import only compared.
    package func lines(of file: String, isDryRun: Bool, in language: Language) -> [String] {
        guard problems.count == 0 else { return problemLines(of: file, in: language) }
        var lines = changes.map { change in
            let columns = change.columns.joined(separator: ", ")
            return Localized(
                sv: "\(file):\(change.line): ändrar \(columns)",
                en: "\(file):\(change.line): changes \(columns)"
            )
        }
        if changed > changes.count {
            lines.append(
                Localized(
                    sv: "… och \(changed - changes.count) till",
                    en: "… and \(changed - changes.count) more"
                )
            )
        }
        if twins > 0 {
            lines.append(
                Localized(
                    sv: "\(twins) rader liknar en person på en tidigare rad; var och en är en egen person.",
                    en: "\(twins) rows look like a person on an earlier row; each is a person of its own."
                )
            )
        }
        if halfConsents > 0 {
            lines.append(
                Localized(
                    sv:
                        "\(halfConsents) rader har bara en av consent_date och consent_source och räknas som utan samtycke.",
                    en:
                        "\(halfConsents) rows have only one of consent_date and consent_source and count as without consent."
                )
            )
        }
        lines.append(
            isDryRun
                ? Localized(
                    sv:
                        "Provkörning, inget har ändrats. Av \(rows) rader skulle \(new) bli nya, \(changed) ändras och \(unchanged) vara oförändrade; \(published) skulle publiceras.",
                    en:
                        "Dry run, nothing was changed. Of \(rows) rows \(new) would be new, \(changed) changed and \(unchanged) unchanged; \(published) would be published."
                )
                : Localized(
                    sv:
                        "\(rows) rader: \(new) nya, \(changed) ändrade, \(unchanged) oförändrade; \(published) publicerade.",
                    en:
                        "\(rows) rows: \(new) new, \(changed) changed, \(unchanged) unchanged; \(published) published."
                )
        )
        return lines.map { $0[language] }
    }

    private func problemLines(of file: String, in language: Language) -> [String] {
        var lines = problems.kept.map { problem in
            let place = problem.column.isEmpty ? "" : " \(CrewProblem.printable(problem.column)):"
            return "\(file):\(problem.line):\(place) \(problem.sentence[language]) [\(problem.code)]"
        }
        if problems.count > problems.kept.count {
            let rest = problems.count - problems.kept.count
            lines.append(Localized(sv: "… och \(rest) fel till", en: "… and \(rest) more")[language])
        }
        lines.append(
            Localized(
                sv: "\(problems.count) fel; inget har ändrats.",
                en: problems.count == 1
                    ? "1 error; nothing was changed." : "\(problems.count) errors; nothing was changed."
            )[language]
        )
        return lines
    }
}
