/// One thing that is wrong with a file of crew: where it stands and which rule it breaks.
package struct CrewProblem: Hashable, Sendable {
    /// The rules that a file keeps.
    package enum Rule: Hashable, Sendable {
        case form(CSVError.Reason)
        case empty
        case missingColumn
        case unknownColumn(suggestion: String?)
        case repeatedColumn
        case cellCount(found: Int, expected: Int)
        case required
        case tooLong(limit: Int)
        case controlCharacter
        case unknownRegion(String, suggestion: String?)
        case unknownMunicipality(String, suggestion: String?)
        case municipalityElsewhere(String, region: String)
        case unknownRole(String, suggestion: String?)
        case repeatedRole(String)
        case unknownGrade(String)
        case unknownLanguage(String, suggestion: String?)
        case repeatedLanguage(String)
        case unknownProficiency(String)
        case email
        case phone
        case day(String)
        case interval(String)
        case endBeforeStart(String)
        case knownHalf
        case dayRange(String)
        case visibility(String, allowed: [String])
        case future(String)
    }

    /// The line of the file on which the cell begins, from 1.
    package let line: Int
    /// The column's title, as the file has it; empty for the whole row.
    package let column: String
    /// What is broken.
    package let rule: Rule

    package init(line: Int, column: String, _ rule: Rule) {
        self.line = line
        self.column = column
        self.rule = rule
    }
}

/// The problems of a file: all are counted, the first are kept, so that a million bad cells need no memory.
package struct CrewProblems: Sendable {
    /// The first problems, in the order of the file.
    package private(set) var kept: [CrewProblem] = []
    /// How many there are in all.
    package private(set) var count = 0

    private let limit: Int

    /// - Parameter limit: How many are kept.
    package init(limit: Int = 100) { self.limit = limit }

    /// True while another would be kept; suggestions need not be looked for after that.
    var hasRoom: Bool { kept.count < limit }

    mutating func add(line: Int, column: String, _ rule: @autoclosure () -> CrewProblem.Rule) {
        count += 1
        if hasRoom { kept.append(CrewProblem(line: line, column: column, rule())) }
    }

    mutating func add(_ error: CSVError, column: String? = nil) {
        add(line: error.line, column: column ?? String(error.column), .form(error.reason))
    }
}
