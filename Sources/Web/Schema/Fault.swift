/// What is wrong with one value, before it is known where it stood: a stable code and a sentence.
public struct Fault: Error, Hashable, Sendable {
    /// The broken rule: `out-of-range`, `unknown-value`, …
    public var code: String
    /// A sentence for the reader.
    public var message: Localized

    /// A fault of a rule that a feature knows.
    public init(_ code: String, _ message: Localized) {
        self.code = code
        self.message = message
    }

    /// The fault with its place.
    public func error(at place: FieldError.Place) -> FieldError {
        FieldError(place: place, code: code, message: message)
    }
}

extension Fault {
    static let missing = Fault("required", Localized(sv: "Måste anges.", en: "Must be given."))
    static let unknownMember = Fault("unknown", Localized(sv: "Okänt namn.", en: "Unknown member."))
    static let unknownParameter = Fault(
        "unknown",
        Localized(sv: "Okänd parameter.", en: "Unknown parameter.")
    )
    static let repeated = Fault("repeated", Localized(sv: "Får anges en gång.", en: "May be given once."))
    static let repeatedItem = Fault(
        "repeated",
        Localized(sv: "Samma värde står flera gånger.", en: "The same value stands more than once.")
    )
    static let encoding = Fault(
        "encoding",
        Localized(
            sv: "Texten är inte giltig UTF-8 utan styrtecken.",
            en: "The text is not valid UTF-8 without control characters."
        )
    )
    static let empty = Fault("empty", Localized(sv: "Får inte vara tom.", en: "Must not be empty."))
    static let pattern = Fault(
        "malformed",
        Localized(sv: "Fel form på värdet.", en: "The value has the wrong form.")
    )
    static let notAnInteger = Fault(
        "not-an-integer",
        Localized(sv: "Måste vara ett heltal.", en: "Must be an integer.")
    )
    static let notANumber = Fault(
        "not-a-number",
        Localized(sv: "Måste vara ett tal.", en: "Must be a number.")
    )
    static let notAFlag = Fault(
        "not-a-flag",
        Localized(sv: "Måste vara true eller false.", en: "Must be true or false.")
    )

    static func outOfRange<Number>(_ low: Number, _ high: Number) -> Fault {
        Fault(
            "out-of-range",
            Localized(
                sv: "Måste ligga mellan \(low) och \(high).",
                en: "Must lie between \(low) and \(high)."
            )
        )
    }

    static func length(_ range: ClosedRange<Int>) -> Fault {
        Fault(
            "length",
            Localized(
                sv: "Måste ha \(range.lowerBound) till \(range.upperBound) tecken.",
                en: "Must have \(range.lowerBound) to \(range.upperBound) characters."
            )
        )
    }

    static func count(_ range: ClosedRange<Int>) -> Fault {
        Fault(
            "count",
            Localized(
                sv: "Måste ha \(range.lowerBound) till \(range.upperBound) värden.",
                en: "Must have \(range.lowerBound) to \(range.upperBound) values."
            )
        )
    }

    /// A code that no vocabulary knows; of long ones the beginning is shown.
    static func unknownCode(_ code: String) -> Fault {
        let shown = code.prefix(60)
        return Fault(
            "unknown-value",
            Localized(sv: "Värdet \(shown) finns inte.", en: "There is no value \(shown).")
        )
    }

    /// Names the choices when they are few.
    static func notAChoice(_ values: [String]) -> Fault {
        let list = values.count <= 12 ? " (" + values.joined(separator: ", ") + ")" : ""
        return Fault("unknown-value", Localized(sv: "Okänt värde\(list).", en: "Unknown value\(list)."))
    }
}
