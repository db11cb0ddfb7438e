/// The columns of a file of crew, in the order in which an export writes them.
///
/// A file that is imported has them in any order; ``name``, ``region`` and ``roles`` must be there. What a cell
/// holds, and what an absent or empty one means:
///
/// | Column | Holds | Without it |
/// | --- | --- | --- |
/// | `name` | the person's name, at most 200 characters | an error |
/// | `region` | the home region's code, such as `skane` | an error |
/// | `municipality` | the home municipality's name or code; it lies in the region | not said |
/// | `roles` | codes or titles in either language or other names, `;` between them, the primary one first; each may carry a grade: `gaffer:head_of_department` | an error |
/// | `languages` | codes or names in either language, `;` between them; each may carry a proficiency: `sv:native` | none |
/// | `email`, `phone` | one of each | none |
/// | `headline_sv`, `headline_en` | one line, at most 200 characters | none |
/// | `known_from`, `known_to` | first and last day over which the calendar is known, `2027-03-01` | nothing is known |
/// | `busy` | days or intervals with both ends included, `;` between them: `2027-03-01/2027-03-12;2027-03-20` | not busy |
/// | `availability_visibility` | `anyone`, `approved` or `nobody` | `approved` |
/// | `email_visibility`, `phone_visibility` | `anyone`, `approved`, `request` or `office` | `office` |
/// | `consent_date`, `consent_source` | when the person agreed to be published, and where that can be seen | no consent |
///
/// A role without a grade is held as a professional, a language without a proficiency is a working language; the
/// export leaves these two out. Upper and lower case, accents and spaces around a value make no difference in
/// codes and titles.
package enum CrewColumn: String, CaseIterable, Sendable {
    case name
    case region
    case municipality
    case roles
    case languages
    case email
    case phone
    case headlineSv = "headline_sv"
    case headlineEn = "headline_en"
    case knownFrom = "known_from"
    case knownTo = "known_to"
    case busy
    case availabilityVisibility = "availability_visibility"
    case emailVisibility = "email_visibility"
    case phoneVisibility = "phone_visibility"
    case consentDate = "consent_date"
    case consentSource = "consent_source"

    /// Those without which a file is refused.
    static let required: [CrewColumn] = [.name, .region, .roles]
}

/// Which cell of a row holds which column, as the first row of a file says.
struct CrewHeader: Sendable {
    private(set) var indexes: [CrewColumn: Int] = [:]
    private(set) var cellCount = 0

    /// The columns that the file has, in the order of ``CrewColumn``.
    var columns: [CrewColumn] { CrewColumn.allCases.filter { indexes[$0] != nil } }

    /// Reads the first row; what is wrong with it goes to `problems`.
    init(_ row: CSVRow, problems: inout CrewProblems) {
        cellCount = row.count
        for index in 0..<row.count {
            let line = row.line(at: index)
            let title: String
            do {
                title = try row.text(at: index)
            } catch {
                problems.add(error)
                continue
            }
            let folded = Folding.fold(title)
            guard let column = CrewColumn(rawValue: folded.replacing(" ", with: "_")) else {
                let nearest = Folding.nearest(to: folded, among: CrewColumn.allCases.map(\.rawValue))
                problems.add(line: line, column: title, .unknownColumn(suggestion: nearest))
                continue
            }
            if indexes[column] != nil {
                problems.add(line: line, column: column.rawValue, .repeatedColumn)
            }
            indexes[column] = index
        }
        for column in CrewColumn.required where indexes[column] == nil {
            problems.add(line: row.line, column: column.rawValue, .missingColumn)
        }
    }
}
