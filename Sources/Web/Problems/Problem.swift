public import HTTPTypes

/// The one form of every error answer: a problem document (RFC 9457) with a stable `code` and the list of what
/// exactly is wrong.
///
/// ```swift
/// throw Problem(.notFound)
/// throw Problem.invalid([.field("role", "unknown-value", Localized(sv: "…", en: "…"))])
/// ```
/// Thrown from any handler; the error boundary writes it in the reader's language, as JSON or as a page. Nothing
/// internal (SQL, stack, path) may stand in it.
public struct Problem: Error, Sendable {
    /// Which kind it is.
    public var code: ProblemCode
    /// A sentence about this occurrence; the general one of the code unless given.
    public var detail: Localized
    /// What exactly is wrong, in the order of the request.
    public var errors: [FieldError]
    /// Fields that the answer needs besides: `Allow`, `Retry-After`, `WWW-Authenticate`.
    public var headers: HTTPFields
    /// Members besides the standard ones (`currentVersion`); never shadowing them.
    public var extras: JSON.Members

    /// See the properties of the same names.
    public init(
        _ code: ProblemCode,
        detail: Localized? = nil,
        errors: [FieldError] = [],
        headers: HTTPFields = [:],
        extras: JSON.Members = .init()
    ) {
        self.code = code
        self.detail = detail ?? code.detail
        self.errors = errors
        self.headers = headers
        self.extras = extras
    }

    /// 400 with the list of what is wrong.
    public static func invalid(_ errors: [FieldError]) -> Problem { Problem(.invalid, errors: errors) }

    /// 503 with `Retry-After` in seconds.
    public static func unavailable(retryAfter seconds: Int = 2, detail: Localized? = nil) -> Problem {
        Problem(.unavailable, detail: detail, headers: [.retryAfter: String(seconds)])
    }

    /// The document: `type`, `title`, `status`, `detail`, `instance`, `code`, `errors` and the extras.
    ///
    /// - Parameter request: named as `urn:uuid:…` in `instance`, so that a report and the log can be matched.
    public func document(language: Language, request: RequestID) -> JSON {
        var members = JSON.Members([
            ("type", .string(code.type)),
            ("title", .string(code.title[language])),
            ("status", .integer(Int64(code.status))),
            ("detail", .string(detail[language])),
            ("instance", .string("urn:uuid:" + request.description)),
            ("code", .string(code.code)),
        ])
        if !errors.isEmpty { members["errors"] = .array(errors.map { $0.document(language: language) }) }
        for pair in extras.pairs where members[pair.name] == nil { members[pair.name] = pair.value }
        return .object(members)
    }
}

/// One thing that is wrong with a request: where, which rule, and a sentence.
public struct FieldError: Error, Hashable, Sendable {
    /// Where it is: a parameter by its name or a member of the body by its JSON pointer (RFC 6901).
    public enum Place: Hashable, Sendable {
        case field(String)
        case pointer(String)
    }

    /// Where it is.
    public var place: Place
    /// The rule, stable: `unknown`, `repeated`, `required`, `too-long`, …
    public var code: String
    /// A sentence for the reader.
    public var message: Localized

    /// A query, path or header parameter.
    public static func field(_ name: String, _ code: String, _ message: Localized) -> FieldError {
        FieldError(place: .field(name), code: code, message: message)
    }

    /// A member of the body; the empty pointer is the whole body.
    public static func pointer(_ pointer: String, _ code: String, _ message: Localized) -> FieldError {
        FieldError(place: .pointer(pointer), code: code, message: message)
    }

    func document(language: Language) -> JSON {
        var members = JSON.Members()
        switch place {
        case .field(let name): members["field"] = .string(name)
        case .pointer(let pointer): members["pointer"] = .string(pointer)
        }
        members["code"] = .string(code)
        members["message"] = .string(message[language])
        return .object(members)
    }
}
