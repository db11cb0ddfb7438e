public import HTTPTypes
public import NIOCore

/// What a handler gives back: a status, bytes with their type, and what is needed to answer conditionally.
///
/// The layers around it add the `ETag`, answer 304, compress, set `Vary` and drop the body of a HEAD; a handler
/// never does.
///
/// ```swift
/// return .json(bytes, version: row.version)
/// return .html(page, language: context.language)
/// ```
public struct Answer: Sendable {
    /// The HTTP status.
    public var status: HTTPResponse.Status
    /// The bytes, uncompressed.
    public var body: ByteBuffer
    /// `application/json`, `text/html; charset=utf-8`, …; nil without a body.
    public var contentType: String?
    /// The version of what the body shows: the first part of the `ETag`. 0 for what has none of its own.
    public var version: Int64
    /// How long others may keep it.
    public var caching: Caching
    /// Language of the text, when it is in one.
    public var language: Language?
    /// Further fields: `Location`, `Link`, …
    public var headers: HTTPFields

    /// How long others may keep the answer without asking. An answer to a request with credentials is always
    /// `private, no-store`, whatever is said here.
    public enum Caching: Hashable, Sendable {
        /// Anyone may keep it but must ask whether it has changed (`no-cache`).
        case revalidate
        /// Anyone may keep it that many seconds.
        case fresh(seconds: Int)
        /// The address names its content by hash: a year.
        case immutable
        /// Nobody keeps it.
        case none
    }

    /// See the properties of the same names.
    public init(
        status: HTTPResponse.Status = .ok,
        body: ByteBuffer = ByteBuffer(),
        contentType: String?,
        version: Int64 = 0,
        caching: Caching = .revalidate,
        language: Language? = nil,
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.body = body
        self.contentType = contentType
        self.version = version
        self.caching = caching
        self.language = language
        self.headers = headers
    }

    /// JSON text that is already written, such as PostgreSQL makes it.
    public static func json(
        _ text: ByteBuffer,
        status: HTTPResponse.Status = .ok,
        version: Int64 = 0,
        caching: Caching = .revalidate
    ) -> Answer {
        Answer(
            status: status,
            body: text,
            contentType: "application/json",
            version: version,
            caching: caching
        )
    }

    /// JSON text that is already written, such as PostgreSQL makes it.
    public static func json(
        _ text: [UInt8],
        status: HTTPResponse.Status = .ok,
        version: Int64 = 0,
        caching: Caching = .revalidate
    ) -> Answer {
        .json(ByteBuffer(bytes: text), status: status, version: version, caching: caching)
    }

    /// A JSON value, written in the order of its members.
    public static func json(
        _ value: JSON,
        status: HTTPResponse.Status = .ok,
        version: Int64 = 0,
        caching: Caching = .revalidate
    ) -> Answer {
        .json(value.bytes, status: status, version: version, caching: caching)
    }

    /// A page in one language.
    public static func html(
        _ text: String,
        language: Language,
        status: HTTPResponse.Status = .ok,
        caching: Caching = .revalidate
    ) -> Answer {
        Answer(
            status: status,
            body: ByteBuffer(string: text),
            contentType: "text/html; charset=utf-8",
            caching: caching,
            language: language
        )
    }

    /// Another address, 303 unless said otherwise.
    public static func redirect(to location: String, status: HTTPResponse.Status = .seeOther) -> Answer {
        Answer(status: status, contentType: nil, caching: .none, headers: [.location: location])
    }
}
