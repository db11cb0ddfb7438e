/// One kind of error that an answer can report: a stable code, its HTTP status and its title in both languages.
///
/// Features add their own as static members of an extension; the codes are part of the API and listed in the
/// OpenAPI document with an example each.
public struct ProblemCode: Hashable, Sendable {
    /// Lower-case words joined by hyphens: `unknown-parameter`.
    public let code: String
    /// The HTTP status.
    public let status: Int
    /// The kind in words.
    public let title: Localized
    /// What the problem means in general, for the description and its example.
    public let detail: Localized

    /// See the properties of the same names.
    public init(_ code: String, status: Int, title: Localized, detail: Localized) {
        self.code = code
        self.status = status
        self.title = title
        self.detail = detail
    }

    /// The `type` of the problem document: a name, not an address.
    public var type: String { "urn:klappa:problem:" + code }
    /// Codes are the same when they have the same text.
    public static func == (one: Self, other: Self) -> Bool { one.code == other.code }
    /// Consistent with equality.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

extension ProblemCode {
    /// 400: parameters or members of the body that break a rule; `errors` names each.
    public static let invalid = Self(
        "invalid-request",
        status: 400,
        title: Localized(sv: "Ogiltig förfrågan", en: "Invalid request"),
        detail: Localized(
            sv: "Något i förfrågan följer inte reglerna; varje fel står under errors.",
            en: "Something in the request breaks the rules; each error is listed under errors."
        )
    )
    /// 400: the bytes are no HTTP request that may be served.
    public static let malformed = Self(
        "malformed-request",
        status: 400,
        title: Localized(sv: "Trasig förfrågan", en: "Malformed request"),
        detail: Localized(sv: "Förfrågan är inte giltig HTTP.", en: "The request is not valid HTTP.")
    )
    /// 400: the body is not JSON.
    public static let malformedBody = Self(
        "malformed-body",
        status: 400,
        title: Localized(sv: "Trasig JSON", en: "Malformed JSON"),
        detail: Localized(sv: "Innehållet kan inte läsas som JSON.", en: "The body cannot be read as JSON.")
    )
    /// 401: no key, or one that is unknown, expired or revoked.
    public static let unauthorized = Self(
        "unauthorized",
        status: 401,
        title: Localized(sv: "Nyckel saknas eller gäller inte", en: "Key missing or not valid"),
        detail: Localized(
            sv: "Skicka en giltig nyckel i fältet Authorization: Bearer.",
            en: "Send a valid key in the field Authorization: Bearer."
        )
    )
    /// 403: known, but without the right.
    public static let forbidden = Self(
        "forbidden",
        status: 403,
        title: Localized(sv: "Inte tillåtet", en: "Not allowed"),
        detail: Localized(sv: "Rättigheten saknas för detta.", en: "The right to do this is missing.")
    )
    /// 404: nothing at this address, or nothing that this reader may see.
    public static let notFound = Self(
        "not-found",
        status: 404,
        title: Localized(sv: "Finns inte", en: "Not found"),
        detail: Localized(sv: "Det finns inget på den här adressen.", en: "There is nothing at this address.")
    )
    /// 405, with `Allow`.
    public static let methodNotAllowed = Self(
        "method-not-allowed",
        status: 405,
        title: Localized(sv: "Metoden är inte tillåten", en: "Method not allowed"),
        detail: Localized(
            sv: "Adressen finns men inte för den metoden; fältet Allow säger vilka som gäller.",
            en: "The address exists but not for this method; the field Allow says which are."
        )
    )
    /// 406: nothing that the client accepts can be served.
    public static let notAcceptable = Self(
        "not-acceptable",
        status: 406,
        title: Localized(sv: "Inget godtagbart format", en: "No acceptable format"),
        detail: Localized(
            sv: "Inget av formaten i fältet Accept kan levereras.",
            en: "None of the formats in the field Accept can be served."
        )
    )
    /// 408: the request did not arrive in time.
    public static let requestTimeout = Self(
        "request-timeout",
        status: 408,
        title: Localized(sv: "Förfrågan kom inte fram i tid", en: "Request timed out"),
        detail: Localized(
            sv: "Hela förfrågan kom inte fram inom tidsgränsen.",
            en: "The whole request did not arrive within the time limit."
        )
    )
    /// 409: against what is stored.
    public static let conflict = Self(
        "conflict",
        status: 409,
        title: Localized(sv: "Krock med det som finns", en: "Conflict with what is stored"),
        detail: Localized(
            sv: "Förfrågan går inte ihop med det som redan finns.",
            en: "The request contradicts what is already stored."
        )
    )
    /// 411: a body without a declared length.
    public static let lengthRequired = Self(
        "length-required",
        status: 411,
        title: Localized(sv: "Längden saknas", en: "Length required"),
        detail: Localized(sv: "Ange innehållets längd.", en: "State the length of the body.")
    )
    /// 412: somebody else changed it first; `sentVersion`, `currentVersion` and `current` tell both.
    public static let preconditionFailed = Self(
        "stale-version",
        status: 412,
        title: Localized(sv: "Ändrat av någon annan", en: "Changed by somebody else"),
        detail: Localized(
            sv: "Posten har ändrats sedan den lästes. Läs den igen, för ihop och skicka på nytt.",
            en: "The record has changed since it was read. Read it again, merge and send anew."
        )
    )
    /// 422: an idempotency key that was used for something else.
    public static let keyReused = Self(
        "idempotency-key-reused",
        status: 422,
        title: Localized(sv: "Nyckeln är redan använd", en: "Key already used"),
        detail: Localized(
            sv: "Samma Idempotency-Key har använts för en annan förfrågan. Välj en ny nyckel.",
            en: "The same Idempotency-Key was used for another request. Choose a new key."
        )
    )
    /// 428: a change without `If-Match`.
    public static let preconditionRequired = Self(
        "version-required",
        status: 428,
        title: Localized(sv: "Versionen saknas", en: "Version required"),
        detail: Localized(
            sv: "Ange i fältet If-Match den ETag som du läste, så att ingen annans ändring skrivs över.",
            en:
                "Give the ETag that you read in the field If-Match, so that nobody else's change is overwritten."
        )
    )
    /// 403: a form that did not come from our page in this browser.
    public static let foreignForm = Self(
        "foreign-form",
        status: 403,
        title: Localized(sv: "Formuläret kunde inte tas emot", en: "The form could not be accepted"),
        detail: Localized(
            sv:
                "Formuläret är för gammalt eller kom från en annan sida. Gå tillbaka, ladda om sidan och skicka igen.",
            en: "The form is too old or came from another page. Go back, reload the page and send it again."
        )
    )
    /// 413.
    public static let contentTooLarge = Self(
        "content-too-large",
        status: 413,
        title: Localized(sv: "Innehållet är för stort", en: "Content too large"),
        detail: Localized(sv: "Innehållet är större än gränsen.", en: "The body is larger than the limit.")
    )
    /// 414.
    public static let uriTooLong = Self(
        "uri-too-long",
        status: 414,
        title: Localized(sv: "Adressen är för lång", en: "Address too long"),
        detail: Localized(sv: "Adressen är längre än gränsen.", en: "The address is longer than the limit.")
    )
    /// 415.
    public static let unsupportedMediaType = Self(
        "unsupported-media-type",
        status: 415,
        title: Localized(sv: "Formatet stöds inte", en: "Unsupported format"),
        detail: Localized(
            sv: "Innehållet måste vara application/json.",
            en: "The body must be application/json."
        )
    )
    /// 417: an expectation other than `100-continue`.
    public static let expectationFailed = Self(
        "expectation-failed",
        status: 417,
        title: Localized(sv: "Förväntan kan inte uppfyllas", en: "Expectation failed"),
        detail: Localized(sv: "Bara 100-continue förstås.", en: "Only 100-continue is understood.")
    )
    /// 421: the Host is not one of this service's.
    public static let misdirected = Self(
        "misdirected-request",
        status: 421,
        title: Localized(sv: "Fel värdnamn", en: "Wrong host"),
        detail: Localized(
            sv: "Tjänsten svarar inte för värdnamnet i fältet Host.",
            en: "The service does not answer for the name in the field Host."
        )
    )
    /// 431.
    public static let headersTooLarge = Self(
        "headers-too-large",
        status: 431,
        title: Localized(sv: "För stora fält", en: "Header fields too large"),
        detail: Localized(
            sv: "Fälten i förfrågans huvud är för många eller för långa.",
            en: "The header fields of the request are too many or too long."
        )
    )
    /// 500: our fault; the log has the reason under the same request id.
    public static let unexpected = Self(
        "unexpected",
        status: 500,
        title: Localized(sv: "Oväntat fel", en: "Unexpected error"),
        detail: Localized(
            sv: "Något gick fel hos oss. Uppge numret i instance om felet består.",
            en: "Something went wrong on our side. State the number in instance if it persists."
        )
    )
    /// 501: a method that the service knows nothing of.
    public static let notImplemented = Self(
        "not-implemented",
        status: 501,
        title: Localized(sv: "Okänd metod", en: "Unknown method"),
        detail: Localized(sv: "Metoden är okänd för tjänsten.", en: "The method is unknown to the service.")
    )
    /// 503, with `Retry-After`: too busy, or without its database.
    public static let unavailable = Self(
        "unavailable",
        status: 503,
        title: Localized(sv: "Inte tillgänglig just nu", en: "Not available right now"),
        detail: Localized(
            sv: "Tjänsten kan inte svara just nu. Försök igen om en stund.",
            en: "The service cannot answer right now. Try again in a moment."
        )
    )
    /// 504: the answer took longer than allowed.
    public static let deadlineExceeded = Self(
        "deadline-exceeded",
        status: 504,
        title: Localized(sv: "Det tog för lång tid", en: "It took too long"),
        detail: Localized(
            sv: "Frågan tog längre tid än tillåtet och avbröts.",
            en: "The question took longer than allowed and was stopped."
        )
    )
    /// 505.
    public static let versionNotSupported = Self(
        "version-not-supported",
        status: 505,
        title: Localized(sv: "HTTP-versionen stöds inte", en: "HTTP version not supported"),
        detail: Localized(sv: "Använd HTTP/1.1.", en: "Use HTTP/1.1.")
    )
}
