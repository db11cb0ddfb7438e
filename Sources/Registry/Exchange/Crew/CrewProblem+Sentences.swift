package import Web

extension CrewProblem {
    /// The rule's name, the same in every language: for scripts that read the report.
    package var code: String {
        switch rule {
        case .form(let reason): Self.code(of: reason)
        case .empty: "empty_file"
        case .missingColumn: "missing_column"
        case .unknownColumn: "unknown_column"
        case .repeatedColumn: "repeated_column"
        case .cellCount: "cell_count"
        case .required: "required"
        case .tooLong: "too_long"
        case .controlCharacter: "control_character"
        case .unknownRegion: "unknown_region"
        case .unknownMunicipality: "unknown_municipality"
        case .municipalityElsewhere: "municipality_elsewhere"
        case .unknownRole: "unknown_role"
        case .repeatedRole: "repeated_role"
        case .unknownGrade: "unknown_grade"
        case .unknownLanguage: "unknown_language"
        case .repeatedLanguage: "repeated_language"
        case .unknownProficiency: "unknown_proficiency"
        case .email: "email"
        case .phone: "phone"
        case .day: "day"
        case .interval: "interval"
        case .endBeforeStart: "end_before_start"
        case .knownHalf: "known_half"
        case .dayRange: "day_range"
        case .visibility: "visibility"
        case .future: "future"
        }
    }

    private static func code(of reason: CSVError.Reason) -> String {
        switch reason {
        case .notUTF8: "not_utf8"
        case .utf16: "utf16"
        case .quoteInsideCell: "quote_inside_cell"
        case .textAfterQuote: "text_after_quote"
        case .openQuote: "open_quote"
        case .cellTooLong: "cell_too_long"
        case .rowTooLong: "row_too_long"
        case .tooManyCells: "too_many_cells"
        }
    }

    /// What is wrong, in a sentence that says how to mend it. Values of cells are cut and made printable.
    package var sentence: Localized {
        switch rule {
        case .form(let reason): return Self.sentence(of: reason)
        case .empty:
            return Localized(
                sv: "filen är tom; första raden ska vara rubriker",
                en: "the file is empty; its first row must be the column titles"
            )
        case .missingColumn:
            return Localized(sv: "kolumnen saknas", en: "the column is missing")
        case .unknownColumn(let suggestion):
            return Localized(sv: "okänd kolumn", en: "unknown column").hinting(suggestion)
        case .repeatedColumn:
            return Localized(sv: "kolumnen finns två gånger", en: "the column is there twice")
        case .cellCount(let found, let expected):
            return Localized(
                sv: "raden har \(found) celler men rubrikraden \(expected)",
                en: "the row has \(found) cells but the first row \(expected)"
            )
        case .required:
            return Localized(sv: "får inte vara tom", en: "must not be empty")
        case .tooLong(let limit):
            return Localized(sv: "längre än \(limit) tecken", en: "longer than \(limit) characters")
        case .controlCharacter:
            return Localized(
                sv: "innehåller radbrytning eller annat styrtecken",
                en: "holds a line break or another control character"
            )
        case .email:
            return Localized(sv: "ingen e-postadress", en: "not an e-mail address")
        case .phone:
            return Localized(
                sv: "inget telefonnummer: 4–31 siffror, mellanslag eller ()./-, gärna med + först",
                en: "not a phone number: 4 to 31 digits, spaces or ()./-, + may come first"
            )
        case .knownHalf:
            return Localized(
                sv: "known_from och known_to hör ihop: ange båda eller ingen",
                en: "known_from and known_to belong together: give both or neither"
            )
        default: return vocabularySentence
        }
    }

    private var vocabularySentence: Localized {
        switch rule {
        case .unknownRegion(let value, let suggestion):
            return Self.unknown(value, sv: "ingen region", en: "not a region").hinting(suggestion)
        case .unknownMunicipality(let value, let suggestion):
            return Self.unknown(
                value,
                sv: "ingen kommun i de sex regionerna",
                en: "not a municipality of the six regions"
            )
            .hinting(suggestion)
        case .municipalityElsewhere(let value, let region):
            return Self.unknown(
                value,
                sv: "ligger i \(region), inte i radens region",
                en: "lies in \(region), not in the row's region"
            )
        case .unknownRole(let value, let suggestion):
            return Self.unknown(value, sv: "ingen yrkesroll", en: "not a crew role").hinting(suggestion)
        case .repeatedRole(let value), .repeatedLanguage(let value):
            return Self.unknown(value, sv: "står två gånger", en: "is there twice")
        case .unknownGrade(let value):
            return Self.unknown(value, sv: "ingen nivå", en: "not a grade").choosing(
                CrewSearch.Grade.allCases.map(\.rawValue)
            )
        case .unknownLanguage(let value, let suggestion):
            return Self.unknown(value, sv: "inget språk på listan", en: "not a language of the list").hinting(
                suggestion
            )
        case .unknownProficiency(let value):
            return Self.unknown(value, sv: "ingen språknivå", en: "not a proficiency")
                .choosing(CrewProficiency.allCases.map(\.rawValue))
        case .day(let value):
            return Self.unknown(value, sv: "ingen dag; skriv 2027-03-01", en: "not a day; write 2027-03-01")
        case .interval(let value):
            return Self.unknown(
                value,
                sv: "varken dag eller intervall; skriv 2027-03-01 eller 2027-03-01/2027-03-12",
                en: "neither a day nor an interval; write 2027-03-01 or 2027-03-01/2027-03-12"
            )
        case .endBeforeStart(let value):
            return Self.unknown(value, sv: "slutar innan det börjar", en: "ends before it begins")
        case .dayRange(let value):
            return Self.unknown(
                value,
                sv: "ligger inte mellan 2000 och 2199",
                en: "is not between 2000 and 2199"
            )
        case .visibility(let value, let allowed):
            return Self.unknown(value, sv: "ingen synlighet", en: "not a visibility").choosing(allowed)
        case .future(let value):
            return Self.unknown(value, sv: "ligger i framtiden", en: "is in the future")
        default:
            return Localized(code)
        }
    }

    private static func sentence(of reason: CSVError.Reason) -> Localized {
        switch reason {
        case .notUTF8:
            Localized(
                sv: "inte UTF-8; spara filen som ”CSV UTF-8”",
                en: "not UTF-8; save the file as “CSV UTF-8”"
            )
        case .utf16:
            Localized(
                sv: "filen är UTF-16; spara den som ”CSV UTF-8”",
                en: "the file is UTF-16; save it as “CSV UTF-8”"
            )
        case .quoteInsideCell:
            Localized(
                sv:
                    "citattecken mitt i en cell; en cell med citattecken ska börja och sluta med ett, och dubblera dem inuti",
                en:
                    "a quote inside a cell; a cell with quotes must begin and end with one, and double those inside"
            )
        case .textAfterQuote:
            Localized(
                sv: "text efter cellens avslutande citattecken",
                en: "text after the quote that ends the cell"
            )
        case .openQuote:
            Localized(sv: "citattecknet stängs aldrig", en: "the quote is never closed")
        case .cellTooLong(let limit):
            Localized(sv: "cellen är längre än \(limit) byte", en: "the cell is longer than \(limit) bytes")
        case .rowTooLong(let limit):
            Localized(sv: "raden är längre än \(limit) byte", en: "the row is longer than \(limit) bytes")
        case .tooManyCells(let limit):
            Localized(sv: "raden har fler än \(limit) celler", en: "the row has more than \(limit) cells")
        }
    }

    private static func unknown(_ value: String, sv: String, en: String) -> Localized {
        let shown = printable(value)
        return Localized(sv: "”\(shown)”: \(sv)", en: "“\(shown)”: \(en)")
    }

    /// At most 60 characters, control characters made dots: a report must not drive the terminal.
    static func printable(_ value: String) -> String {
        var shown = ""
        for scalar in value.unicodeScalars.prefix(60) {
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .lineSeparator, .paragraphSeparator: shown += "·"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return value.unicodeScalars.count > 60 ? shown + "…" : shown
    }
}

extension Localized {
    fileprivate func hinting(_ suggestion: String?) -> Localized {
        guard let suggestion else { return self }
        return Localized(sv: "\(sv); menades ”\(suggestion)”?", en: "\(en); did you mean “\(suggestion)”?")
    }

    fileprivate func choosing(_ values: [String]) -> Localized {
        let list = values.joined(separator: ", ")
        return Localized(sv: "\(sv); välj \(list)", en: "\(en); choose \(list)")
    }
}
